"""How the plan differs from a baseline: days, duration, effort and cost, per task and in total."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Side:
    """A task as one side has it: the baseline, or the plan of today."""

    title: str
    start_date: date | None
    finish_date: date | None
    duration_days: int
    effort_hours: Decimal | None
    cost_amount: Decimal | None


@dataclass(frozen=True)
class Line:
    """One task on both sides; None on the side that does not have it. `start_days` and `finish_days` count working
    days, later is positive; the others are now minus then."""

    key: object
    then: Side | None
    now: Side | None
    start_days: int | None
    finish_days: int | None
    duration_days: int | None
    effort_hours: Decimal | None
    cost_amount: Decimal | None

    @property
    def title(self):
        return (self.now or self.then).title

    @property
    def kind(self):
        """added, removed, changed or same."""
        if self.then is None or self.now is None:
            return "added" if self.then is None else "removed"
        moved = (self.start_days, self.finish_days, self.duration_days, self.effort_hours, self.cost_amount)
        return "changed" if any(moved) else "same"


@dataclass(frozen=True)
class Total:
    """All tasks together."""

    finish_days: int | None
    effort_then: Decimal
    effort_now: Decimal
    cost_then: Decimal
    cost_now: Decimal
    added: int
    removed: int
    later: int
    earlier: int

    @property
    def effort_hours(self):
        return self.effort_now - self.effort_then

    @property
    def cost_amount(self):
        return self.cost_now - self.cost_then


def lines(then, now, calendar):
    """Lines of all tasks of either side, those of today first, in their order. `then`, `now`: {key: Side}."""
    keys = [*now, *(key for key in then if key not in now)]
    return [line(key, then.get(key), now.get(key), calendar) for key in keys]


def line(key, then, now, calendar):
    """One task on both sides."""
    if then is None or now is None:
        return Line(key, then, now, None, None, None, None, None)
    return Line(
        key,
        then,
        now,
        start_days=days_between(then.start_date, now.start_date, calendar),
        finish_days=days_between(then.finish_date, now.finish_date, calendar),
        duration_days=now.duration_days - then.duration_days,
        effort_hours=_difference(then.effort_hours, now.effort_hours),
        cost_amount=_difference(then.cost_amount, now.cost_amount),
    )


def days_between(then, now, calendar):
    """Working days from one day to another; None where one is missing."""
    return None if then is None or now is None else calendar.number(now) - calendar.number(then)


def _difference(then, now):
    return None if then is None and now is None else (now or Decimal(0)) - (then or Decimal(0))


def total(found, then, now, calendar):
    """The Total of lines; the end of the work is the latest finish of each side."""
    last = [max((s.finish_date for s in side.values() if s.finish_date), default=None) for side in (then, now)]
    return Total(
        finish_days=days_between(*last, calendar),
        effort_then=_sum(then, "effort_hours"),
        effort_now=_sum(now, "effort_hours"),
        cost_then=_sum(then, "cost_amount"),
        cost_now=_sum(now, "cost_amount"),
        added=sum(1 for each in found if each.then is None),
        removed=sum(1 for each in found if each.now is None),
        later=sum(1 for each in found if (each.finish_days or 0) > 0),
        earlier=sum(1 for each in found if (each.finish_days or 0) < 0),
    )


def _sum(side, name):
    return sum((getattr(each, name) or Decimal(0) for each in side.values()), Decimal(0))
