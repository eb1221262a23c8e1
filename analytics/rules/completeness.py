"""Completeness: which days of a source are whole, partly there, missing or not due yet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

COMPLETE, PARTIAL, MISSING, PENDING = "complete", "partial", "missing", "pending"
WORST_FIRST = (MISSING, PARTIAL, PENDING, COMPLETE)


@dataclass(frozen=True)
class Schedule:
    """When a source owes a day: in its account's zone, `settle` after the day's end the figures stand, and `grace`
    later a day without delivery is missing. `weekdays` (Monday 0) are those it delivers for."""

    zone: ZoneInfo
    settle: timedelta = timedelta(hours=8)
    grace: timedelta = timedelta(hours=2)
    weekdays: Collection[int] = frozenset(range(7))

    def settled_at(self, day):
        """The UTC instant from which a delivery of that day is final."""
        midnight = datetime.combine(day + timedelta(days=1), time.min, self.zone)
        return midnight.astimezone(UTC) + self.settle

    def due_at(self, day):
        """The UTC instant from which a day without delivery is missing."""
        return self.settled_at(day) + self.grace

    def expects(self, day):
        """Whether the source delivers for such a day."""
        return day.weekday() in self.weekdays


class Delivery(NamedTuple):
    """A pull or import that brought the days `first` … `last` at an aware instant; `whole` False: it broke off midway,
    True: the operator says it is final, None: the clock decides."""

    first: date
    last: date
    at: datetime
    whole: bool | None = None


class Run(NamedTuple):
    """Neighbouring days in one state."""

    first: date
    last: date
    state: str


def day_states(days, deliveries, schedule, now):
    """`{day: state}` of the days the source owes, in order; days it does not deliver for are left out."""
    deliveries = list(deliveries)
    owed = (day for day in days if schedule.expects(day))
    return {day: day_state(day, deliveries, schedule, now) for day in owed}


def day_state(day, deliveries, schedule, now):
    """The state of one day: the best delivery counts, for a broken-off later pull takes nothing away."""
    states = [_delivered(delivery, day, schedule) for delivery in deliveries if delivery.first <= day <= delivery.last]
    if COMPLETE in states:
        return COMPLETE
    if states:
        return PARTIAL
    return PENDING if now < schedule.due_at(day) else MISSING


def combine(states):
    """The state of one day over several sources: complete when all are; None when no source owes the day."""
    kinds = set(states)
    if len(kinds) <= 1:
        return next(iter(kinds), None)
    return PENDING if kinds == {COMPLETE, PENDING} else PARTIAL


def combine_days(by_source):
    """`{day: state}` over several sources' `{day: state}`; a source that does not owe a day has no say in it."""
    days = sorted({day for states in by_source for day in states})
    return {day: combine(states[day] for states in by_source if day in states) for day in days}


def count(states):
    """How many days are in which state; all four are listed."""
    counts = Counter(states.values())
    return {state: counts[state] for state in WORST_FIRST}


def worst(states):
    """The worst state among days, None where there are none."""
    return next((state for state in WORST_FIRST if state in states.values()), None)


def days_to_fetch(states):
    """Days to ask the source for again: missing and partial ones."""
    return [day for day, state in states.items() if state in (MISSING, PARTIAL)]


def runs(states):
    """Neighbouring days of one state joined, in order: what a strip or a sentence shows."""
    found = []
    for day in sorted(states):
        last = found[-1] if found else None
        if last and last.state == states[day] and last.last + timedelta(days=1) == day:
            found[-1] = last._replace(last=day)
        else:
            found.append(Run(day, day, states[day]))
    return found


def weeks(states):
    """A calendar: rows of seven `(day, state | None)` from Monday to Sunday; None: not owed or not asked."""
    if not states:
        return []
    first = min(states) - timedelta(days=min(states).weekday())
    count_of_weeks = (max(states) - first).days // 7 + 1
    grid = [[first + timedelta(days=7 * week + step) for step in range(7)] for week in range(count_of_weeks)]
    return [[(day, states.get(day)) for day in row] for row in grid]


def _delivered(delivery, day, schedule):
    if delivery.whole is not None:
        return COMPLETE if delivery.whole else PARTIAL
    return COMPLETE if delivery.at >= schedule.settled_at(day) else PARTIAL
