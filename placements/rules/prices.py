"""From list price to what is paid: discount, net, rebate, tax. Decimal, rounded half-even to the minor unit."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Invalid
from core.money import Money, minor_digits

HUNDRED = Decimal(100)
LARGEST = Decimal(10) ** 14


@dataclass(frozen=True)
class Price:
    """What a placement costs: `net` after discount, `rebate` given back later, `tax` on top of net."""

    net: Money
    rebate: Money
    tax: Money

    @property
    def after_rebate(self):
        return self.net - self.rebate

    @property
    def gross(self):
        return self.net + self.tax


def net_of(list_price, discount, currency):
    """The list price less a discount in percent, rounded to the currency's minor unit."""
    return Money(list_price * (HUNDRED - discount) / HUNDRED, currency).rounded().amount


def discount_of(list_price, net_price):
    """The discount in percent (three places) that leads from list to net price."""
    return ((list_price - net_price) * HUNDRED / list_price).quantize(Decimal("0.001"))


def settle(list_price, discount, net_price, currency):
    """(discount, net price) with the one that is missing worked out; None stays where nothing can be known.

    Raises Invalid when all three are given and do not agree within the rounding of the discount.
    """
    if list_price is None:
        return discount, net_price
    if net_price is None:
        return discount, net_of(list_price, discount or Decimal(0), currency)
    if discount is None:
        return (discount_of(list_price, net_price) if 0 < list_price >= net_price else None), net_price
    expected = net_of(list_price, discount, currency)
    leeway = list_price * Decimal("0.000005") + Decimal(1).scaleb(-minor_digits(currency))
    if abs(expected - net_price) > leeway:
        sentence = _("List price less discount gives %(net)s.") % {"net": Money(expected, currency)}
        raise Invalid(sentence, code="price_mismatch", errors={"net_price": sentence})
    return discount, net_price


def price_of(net_price, rebate, tax_rate, currency):
    """The Price of a net price with rebate and tax in percent; None without a net price."""
    if net_price is None:
        return None
    net = Money(net_price, currency)
    return Price(net, _share(net, rebate), _share(net, tax_rate))


def _share(money, percent):
    return Money(money.amount * (percent or Decimal(0)) / HUNDRED, money.currency).rounded()


def check_amounts(amounts, currency):
    """Amounts {field: Decimal or None} are at least zero and no finer than the minor unit; Invalid names the fields."""
    places = minor_digits(currency)
    errors = {name: wrong for name, amount in amounts.items() if (wrong := amount_fault(amount, places))}
    if errors:
        raise Invalid(next(iter(errors.values())), code="amount", errors=errors)


def amount_fault(amount, places):
    """The sentence on what is wrong with an amount, or an empty string."""
    if amount is None:
        return ""
    if amount < 0:
        return _("This may not be below zero.")
    if amount >= LARGEST:
        return _("This number is too large.")
    if amount != amount.quantize(Decimal(1).scaleb(-places)):
        return _("At most %(places)d decimal places.") % {"places": places}
    return ""


def check_percents(percents):
    """Percentages {field: Decimal or None} lie between 0 and 100."""
    sentence = _("Use a percentage between 0 and 100.")
    errors = {name: sentence for name, value in percents.items() if value is not None and not 0 <= value <= 100}
    if errors:
        raise Invalid(sentence, code="percent", errors=errors)
