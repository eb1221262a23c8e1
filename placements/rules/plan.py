"""What a placement's plan per day lacks or breaks: findings that block a release, and advice."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import Money

LONGEST_FLIGHT = 731  # days


@dataclass(frozen=True)
class Finding:
    """One finding: a stable code, the sentence for people, whether it blocks, and the days it is about."""

    code: str
    sentence: str
    is_block: bool
    days: tuple = ()

    @property
    def tone(self):
        return "bad" if self.is_block else "warn"


@dataclass(frozen=True)
class Plan:
    """A placement as the checks see it. `flights` and `period` are (first, last) days; `amounts` is {day: Decimal}."""

    flights: tuple
    period: tuple
    currency: str
    budget: Decimal | None = None
    daily_cap: Decimal | None = None
    amounts: dict | None = None
    days: tuple = ()  # every planned day, also those with a quantity only


def findings(plan):
    """Every Finding of a Plan, blocks first."""
    found = [*_of_flights(plan), *_of_days(plan), *_of_budget(plan)]
    return sorted(found, key=lambda one: not one.is_block)


def blocks(found):
    """The Findings that stand in the way of a release."""
    return [one for one in found if one.is_block]


def is_flown(day, flights):
    """Whether a day lies within one of the flights."""
    return any(start <= day <= finish for start, finish in flights)


def overlapping(flights):
    """The pairs of neighbouring flights that share a day."""
    ordered = sorted(flights)
    return [(a, b) for a, b in pairwise(ordered) if b[0] <= a[1]]


def _of_flights(plan):
    if not plan.flights:
        yield Finding("no_flights", _("No flight yet: nobody knows when this runs."), False)
    for first, second in overlapping(plan.flights):
        yield Finding(
            "flights_overlap",
            _("The flights from %(first)s and from %(second)s overlap.") % {"first": first[0], "second": second[0]},
            True,
        )
    start, finish = plan.period
    for flight in plan.flights:
        if flight[0] < start or flight[1] > finish:
            yield Finding(
                "flight_outside_campaign",
                _("The flight %(first)s – %(last)s leaves the campaign (%(start)s – %(finish)s).")
                % {"first": flight[0], "last": flight[1], "start": start, "finish": finish},
                False,
            )


def _of_days(plan):
    outside = tuple(sorted(day for day in plan.days if not is_flown(day, plan.flights)))
    if outside:
        sentence = ngettext(
            "%(count)d day is planned outside the flights: %(day)s.",
            "%(count)d days are planned outside the flights, the first is %(day)s.",
            len(outside),
        ) % {"count": len(outside), "day": outside[0]}
        yield Finding("days_outside_flights", sentence, True, outside)
    cap = plan.daily_cap
    above = tuple(sorted(day for day, amount in (plan.amounts or {}).items() if cap is not None and amount > cap))
    if above:
        sentence = ngettext(
            "%(count)d day exceeds the daily cap of %(cap)s: %(day)s.",
            "%(count)d days exceed the daily cap of %(cap)s, the first is %(day)s.",
            len(above),
        ) % {"count": len(above), "cap": Money(cap, plan.currency), "day": above[0]}
        yield Finding("cap_exceeded", sentence, True, above)


def _of_budget(plan):
    total = sum((plan.amounts or {}).values(), Decimal(0))
    if plan.budget is None:
        if total:
            yield Finding("no_budget", _("Days are planned, but there is no budget to hold them against."), False)
        return
    rest = Money(abs(plan.budget - total), plan.currency)
    if total > plan.budget:
        yield Finding("over_budget", _("The days add up to %(rest)s more than the budget.") % {"rest": rest}, True)
    elif plan.amounts and total < plan.budget:
        yield Finding("under_budget", _("%(rest)s of the budget are not planned per day.") % {"rest": rest}, False)
    elif plan.budget and not plan.amounts:
        yield Finding("no_days", _("The budget is not spread over days yet."), False)
