"""Figures in words of the reader's language: 万 and 亿 in Chinese, K and M in English, money with its sign, per cent.

Numbers only; days and times are written by Django. A figure that is missing is a dash, never a zero.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

from core.money import minor_digits, symbol

MISSING = "–"
MINUS = "-"
_STEPS = {
    "en": ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(1000), "K")),
    "zh": ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
}
_WIDE = Context(prec=60)


def plain(value, decimals=0):
    """A figure in full with thousands separated: 1,234,567.50."""
    if value is None:
        return MISSING
    text = f"{rounded(value, decimals):,f}"
    return text[1:] if text[0] == "-" and is_zero(text) else text


def trimmed(value, decimals):
    """A figure in full without needless zeros at its end: 1,234.5."""
    text = plain(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def compact(value, language="en", decimals=1):
    """A figure in few characters: 1.2K and 3.4M, in Chinese 1.2万 and 3.4亿; small ones in full."""
    if value is None:
        return MISSING
    value = Decimal(value)
    steps = _STEPS["zh" if is_chinese(language) else "en"]
    smallest = steps[-1][0]
    if abs(rounded(value, decimals)) < smallest:
        return trimmed(value, decimals)
    size, sign = _step(abs(value), steps, decimals)
    return trimmed(value / size, decimals) + sign


def money(amount, currency, language="en", *, short=False, decimals=None):
    """An amount with its currency's sign: ¥1,234.50, in short ¥1.2万; without minor unit for yen and the like."""
    if amount is None:
        return MISSING
    places = minor_digits(currency) if decimals is None else decimals
    amount = Decimal(amount)
    text = _short_amount(abs(amount), places, language) if short else plain(abs(amount), places)
    return (MINUS if amount < 0 and not is_zero(text) else "") + symbol(currency, language) + text


def _short_amount(amount, places, language):
    """Large ones compact, whole ones without minor unit, small ones exact: ¥1.2万, ¥50, ¥0.83."""
    is_small = amount < 1000 and amount != amount.to_integral_value()
    return plain(amount, places) if is_small else compact(amount, language)


def listed(things, language="en"):
    """Things one after the other, apart as the language has it: a comma, in Chinese 、."""
    return comma(language).join(map(str, things))


def comma(language="en"):
    """What stands between two things of a list."""
    return "、" if is_chinese(language) else ", "


def labelled(label, value, language="en"):
    """A value behind its label: Price: 5, in Chinese 价格：5."""
    return f"{label}{'：' if is_chinese(language) else ': '}{value}"


def percent(ratio, decimals=1):
    """A share of one as per cent: 0.0412 is 4.1%."""
    return MISSING if ratio is None else plain(Decimal(ratio) * 100, decimals) + "%"


def seconds(value):
    """A span as minutes and seconds: 83 is 1:23, 3,700 is 1:01:40."""
    if value is None:
        return MISSING
    whole = int(rounded(abs(Decimal(value)), 0))
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60}:{rest % 60:02d}" if not hours else f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return MINUS + clock if value < 0 and whole else clock


def figure(value, unit="count", language="en", *, currency=None, short=True, decimals=None):
    """A metric's figure by its unit: count, money, ratio or seconds.

    `decimals` is how exactly the metric is kept (a click-through rate of four is shown as 4.12%). A ratio that means
    times rather than a share (return on ad spend) is kept with two: 3.25.
    """
    if unit == "money":
        return money(value, currency, language, short=short, decimals=decimals if not short else None)
    if unit == "seconds":
        return seconds(value)
    if unit == "ratio":
        return _ratio(value, 4 if decimals is None else decimals)
    return compact(value, language) if short else trimmed(value, decimals or 0)


def rounded(value, decimals):
    """A figure rounded half up, as people do it by hand."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, context=_WIDE)


def is_chinese(language):
    """Whether figures are written the Chinese way."""
    return (language or "").lower().startswith("zh")


def is_zero(text):
    """Whether a written figure says nothing but zero."""
    return not any(digit in text for digit in "123456789")


def _step(value, steps, decimals):
    """The step a figure is written in; one larger where rounding fills it (999.95K is 1M)."""
    number = next((number for number, (size, _sign) in enumerate(steps) if value >= size), len(steps) - 1)
    size = steps[number][0]
    is_full = number > 0 and rounded(value / size, decimals) * size >= steps[number - 1][0]
    return steps[number - 1] if is_full else steps[number]


def _ratio(value, decimals):
    return percent(value, decimals - 2) if decimals > 2 else plain(value, decimals)


def whole(text, most=999_999_999):
    """A whole number written in digits, up to `most`; else None. Endless digits are not even read."""
    text = text or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
    return number if number is not None and number <= most else None
