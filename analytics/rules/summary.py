"""Sums of figures: money apart by currency, ratios reckoned from the sums, undefined ones None. Nothing is averaged."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from analytics.rules.metrics import known
from core.money import minor_digits

DAY, CHANNEL, PLACEMENT, CAMPAIGN, ACCOUNT = "day", "channel", "placement", "campaign", "account"
GROUPS = (DAY, CHANNEL, PLACEMENT, CAMPAIGN, ACCOUNT)
_ZERO = Decimal(0)


@dataclass
class Sums:
    """What some rows add up to: `counts` {metric: Decimal}, `money` {currency: {metric: Decimal}}.

    `unconverted` holds (day, currency) that lack a rate; `is_complete` is False when a row was still arriving.
    """

    counts: dict = field(default_factory=lambda: defaultdict(Decimal))
    money: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(Decimal)))
    unconverted: set = field(default_factory=set)
    is_complete: bool = True

    def add(self, metric, currency, value, *, is_complete=True):
        """Count one row in."""
        place = self.money[currency] if currency else self.counts
        place[metric] += value
        self.is_complete = self.is_complete and is_complete

    def lacks_rate(self, day, currency):
        """Money of that day and currency could not be converted: no sum of money is stated."""
        self.unconverted.add((day, currency))

    @property
    def currency(self):
        """The one currency of its money; None where there are several or none."""
        return next(iter(self.money)) if len(self.money) == 1 else None

    def __add__(self, other):
        both = Sums(is_complete=self.is_complete and other.is_complete)
        both.unconverted = self.unconverted | other.unconverted
        for part in (self, other):
            for metric, value in part.counts.items():
                both.counts[metric] += value
            for currency, values in part.money.items():
                for metric, value in values.items():
                    both.money[currency][metric] += value
        return both

    def values(self, codes, metrics):
        """`{code: Decimal | None}` of the asked metrics; money of several currencies is None (see `by_currency`)."""
        stored = dict(self.counts)
        if len(self.money) == 1 and not self.unconverted:
            stored |= next(iter(self.money.values()))
        return {code: metrics.value(code, stored) for code in codes}

    def by_currency(self, codes, metrics):
        """`{currency: {code: Decimal | None}}` of the metrics that are reckoned from money alone."""
        asked = [code for code in codes if is_money_only(code, metrics)]
        return {
            currency: {code: metrics.value(code, dict(values)) for code in asked}
            for currency, values in sorted(self.money.items())
        }


def is_money_only(code, metrics):
    """Whether a metric is reckoned from money alone, so that it stands within one currency."""
    return all(metrics[leaf].unit == "money" for leaf in metrics.leaves(code))


def leaves_of(codes, metrics):
    """The stored additive metrics that the asked ones are reckoned from, each once."""
    found = dict.fromkeys(leaf for code in codes for leaf in metrics.leaves(code))
    return [leaf for leaf in found if known(leaf, metrics).is_additive]


def settled(values, metrics, currency):
    """Converted money rounded half-even to the minor unit, once, at the end; other figures as they are."""
    unit = Decimal(1).scaleb(-minor_digits(currency))
    return {
        code: value.quantize(unit, ROUND_HALF_EVEN)
        if value is not None and metrics[code].unit == "money" and metrics.is_additive(code)
        else value
        for code, value in values.items()
    }


class Rates:
    """Exchange rates of single days into one currency; a pair stated the other way round is turned over."""

    def __init__(self, quote, rows):
        """`rows`: (day, base, quote, rate)."""
        self.quote = quote
        self._rates, self._latest = {}, {}
        for day, base, other, rate in rows:
            if base == quote:
                self._rates.setdefault((day, other), 1 / rate)
        for day, base, other, rate in rows:
            if other == quote:
                self._rates[day, base] = rate

    def __call__(self, day, currency):
        """Units of the wanted currency for one of `currency` on that day; None where no rate is stated."""
        return Decimal(1) if currency == self.quote else self._rates.get((day, currency))

    def planned(self, day, currency):
        """As a call, for a plan's day: a day to come has no rate yet, so the latest one stated before it counts."""
        if (day, currency) not in self._latest:
            before = [stated for stated, other in self._rates if other == currency and stated <= day]
            self._latest[day, currency] = self(max(before), currency) if before else self(day, currency)
        return self._latest[day, currency]


def add_row(sums, row, rates=None):
    """Count a row (`metric`, `currency`, `value`, `date`, `incomplete`) in, converted where rates are given."""
    metric, currency, value = row["metric"], row["currency"], row["sum"]
    is_complete = not row["incomplete"]
    if not currency or rates is None:
        sums.add(metric, currency, value, is_complete=is_complete)
        return
    rate = rates(row["date"], currency)
    if rate is None:
        sums.lacks_rate(row["date"], currency)
    else:
        sums.add(metric, rates.quote, value * rate, is_complete=is_complete)


def change(now, before):
    """`{code: relative change | None}` of two sets of values."""
    return {code: _change(value, before.get(code)) for code, value in now.items()}


def _change(now, before):
    if now is None or not before:
        return None
    return (now - before) / abs(before)


def missing_days(days, with_figures, today):
    """Days that are over and have no figure at all, where the period has any."""
    return [day for day in days if day < today and day not in with_figures] if with_figures else []
