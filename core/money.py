"""Money: an exact amount and its currency. Sums are per currency; conversion is explicit."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import get_language

MILLIONTHS = "SUM(CAST(ROUND({} * 1000000) AS INTEGER))"  # SQLite's exact sum of a column

ZERO_DIGITS = {
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
}
THREE_DIGITS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND "
    "BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF "
    "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW "
    "KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES "
    "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
)
CODES = frozenset(ISO_4217.split())
SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CNY": "¥",
    "EGP": "E£",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "IDR": "Rp ",
    "INR": "₹",
    "JPY": "JP¥",
    "KRW": "₩",
    "MYR": "RM ",
    "PHP": "₱",
    "SGD": "S$",
    "THB": "฿",
    "TWD": "NT$",
    "USD": "$",
    "VND": "₫",
}
CHINESE_SYMBOLS = {"USD": "US$"}  # whoever reads Chinese expects a bare $ from nobody


def is_currency(code) -> bool:
    """Whether `code` is an ISO 4217 code in use."""
    return isinstance(code, str) and code in CODES


def minor_digits(currency: str) -> int:
    """Digits behind the point in the currency's minor unit (ISO 4217)."""
    return 0 if currency in ZERO_DIGITS else 3 if currency in THREE_DIGITS else 2


def symbol(currency: str, language: str | None = "en") -> str:
    """The sign written before an amount; the code and a space where a currency has none of its own."""
    own = CHINESE_SYMBOLS.get(currency) if (language or "").lower().startswith("zh") else None
    return own or SYMBOLS.get(currency) or (f"{currency} " if currency else "")


@dataclass(frozen=True, order=False)
class Money:
    """An amount in one currency. Adding two currencies is an error, not a guess."""

    amount: Decimal
    currency: str

    def __post_init__(self):
        if not isinstance(self.amount, Decimal):
            raise TypeError("Money takes a Decimal amount.")

    def __add__(self, other):
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other):
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self):
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int):
        return Money(self.amount * factor, self.currency)

    def __bool__(self):
        return bool(self.amount)

    def _same(self, other):
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return other.amount

    def rounded(self):
        """Half-even to the currency's minor unit."""
        return Money(
            self.amount.quantize(Decimal(1).scaleb(-minor_digits(self.currency)), ROUND_HALF_EVEN), self.currency
        )

    def converted(self, rate: Decimal, currency: str):
        """In another currency at `rate` (units of `currency` for one of ours), not yet rounded."""
        return Money(self.amount * rate, currency)

    def as_dict(self):
        """As the API shows it."""
        return {"amount": decimal_text(self.amount, minor_digits(self.currency)), "currency": self.currency}

    def __str__(self):
        return f"{symbol(self.currency, get_language())}{self.rounded().amount:,}"


def decimal_text(value: Decimal, at_least: int = 0) -> str:
    """Plain digits without exponent, trailing zeros cut to `at_least` places."""
    text = f"{value:f}"
    whole, _, part = text.partition(".")
    part = part.rstrip("0").ljust(at_least, "0")
    return f"{whole}.{part}" if part else whole


def sums(amounts: Iterable[Money]) -> list[Money]:
    """One sum per currency, largest amount first."""
    totals: dict[str, Decimal] = {}
    for money in amounts:
        totals[money.currency] = totals.get(money.currency, Decimal(0)) + money.amount
    return sorted((Money(amount, currency) for currency, amount in totals.items()), key=lambda m: -m.amount)
