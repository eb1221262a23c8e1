"""Runs of days: windows, months, weekends."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

LONGEST_WINDOW = 186
USUAL_WINDOW = 62
WHOLE_UP_TO = 100  # days that are shown at once without being asked for


@dataclass(frozen=True)
class Window:
    """The days a view shows (both included), within the whole stretch that has plans."""

    first: date
    last: date
    whole_first: date
    whole_last: date

    @property
    def days(self):
        return days_between(self.first, self.last)

    @property
    def is_whole(self):
        return self.first <= self.whole_first and self.last >= self.whole_last

    def shifted(self, steps):
        """(first, last) one window earlier (-1) or later (1); None beyond the whole stretch."""
        length = timedelta(days=(self.last - self.first).days + 1)
        first, last = self.first + steps * length, self.last + steps * length
        return (first, last) if last >= self.whole_first and first <= self.whole_last else None


def days_between(first, last):
    """Every day from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def window(first, last, *, today, asked_first=None, asked_last=None):
    """The Window of a stretch: what was asked for, else all of it if it is short, else two months around today."""
    if asked_first or asked_last:
        start = asked_first or asked_last - timedelta(days=USUAL_WINDOW - 1)
        end = asked_last or start + timedelta(days=USUAL_WINDOW - 1)
        start, end = min(start, end), max(start, end)
    elif (last - first).days < WHOLE_UP_TO:
        start, end = first, last
    else:
        start = min(max(first, today - timedelta(days=today.weekday() + 7)), last - timedelta(days=USUAL_WINDOW - 1))
        end = start + timedelta(days=USUAL_WINDOW - 1)
    return Window(start, min(end, start + timedelta(days=LONGEST_WINDOW - 1)), first, last)


def months(days):
    """[(first shown day of the month, number of days)] of a run of days."""
    return [
        (group[0], len(group)) for _month, run in groupby(days, key=lambda d: (d.year, d.month)) if (group := list(run))
    ]


def is_weekend(day):
    return day.weekday() >= 5
