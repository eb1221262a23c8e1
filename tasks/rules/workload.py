"""Hours of work per person and week: effort spread over the working days of who does it, against what they have."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tasks.rules.weeks import monday_of

HOURS_A_DAY = Decimal(8)
FULL, NEARLY = Decimal(1), Decimal("0.8")


@dataclass(frozen=True)
class Work:
    """A task as the workload sees it; `people` share its effort evenly. Effort None: nobody said how much."""

    key: object
    start: date
    finish: date
    effort: Decimal | None
    people: tuple


@dataclass
class Load:
    """What a person has to do in a week."""

    hours: Decimal = Decimal(0)
    capacity: Decimal = Decimal(0)
    tasks: set = field(default_factory=set)
    unknown: int = 0  # tasks without effort

    @property
    def state(self):
        """over, full, some or free."""
        if self.hours > self.capacity:
            return "over"
        if not self.hours:
            return "free"
        return "full" if self.hours >= self.capacity * NEARLY else "some"

    @property
    def percent(self):
        """Of the capacity, at most 100; 100 where work lies in a week without any."""
        if not self.capacity:
            return 100 if self.hours else 0
        return min(100, int(100 * self.hours / self.capacity))


def loads(works, people, mondays, is_working):
    """{(person, monday): Load}. `is_working(person, day)` knows calendars and absences.

    A task whose person works on none of its days lies on its first day all the same: it has to be done.
    """
    found = {(person, monday): Load() for person in people for monday in mondays}
    for (person, monday), load in found.items():
        days = sum(1 for n in range(7) if is_working(person, monday + timedelta(n)))
        load.capacity = days * HOURS_A_DAY
    for work in works:
        for person in work.people:
            _add(found, work, person, is_working)
    return found


def _add(found, work, person, is_working):
    span = [work.start + timedelta(n) for n in range((work.finish - work.start).days + 1)]
    days = [day for day in span if is_working(person, day)] or span[:1]
    in_week = defaultdict(int)
    for day in days:
        in_week[monday_of(day)] += 1
    for monday, count in in_week.items():
        load = found.get((person, monday))
        if load is None:
            continue
        load.tasks.add(work.key)
        if work.effort is None:
            load.unknown += 1
        else:
            load.hours += work.effort / len(work.people) * count / len(days)
