"""Working days: the days off of a week, exceptions, and counting by working-day numbers."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.errors import RuleBroken

FIRST_YEAR, LAST_YEAR = 1900, 2200  # a plan beyond them is a slip of the pen
BASE_YEAR = 2024  # numbers count from its first working day


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """The weekdays that are off, Monday is 0. At least one day must be worked (RuleBroken `no_working_days`)."""

    days_off: frozenset = frozenset({5, 6})

    def __post_init__(self):
        object.__setattr__(self, "days_off", frozenset(self.days_off))
        if self.days_off >= set(range(7)):
            raise RuleBroken(_("A week needs at least one working day."), code="no_working_days")

    @classmethod
    def of(cls, digits):
        """The week of a text of digits, as a calendar keeps it: "56" is Saturday and Sunday off, "" none."""
        return cls(frozenset(int(digit) for digit in digits))


@dataclass(frozen=True, slots=True)
class YearDays:
    """What is known of one year: `exceptions` {day: is it worked}, and whether that year is published at all."""

    exceptions: Mapping = field(default_factory=dict)
    is_published: bool = True


NOTHING_SPECIAL = YearDays()


def nothing_special(_year):
    """A year without public holidays."""
    return NOTHING_SPECIAL


@dataclass(frozen=True, slots=True)
class Table:
    """The working days of some years in a row, as ordinals and as dates; `zero` is the place of number 0."""

    first_year: int
    last_year: int
    days: list
    dates: list
    zero: int


class Calendar:
    """Which days are worked, and fast counting of them.

    Every working day has a number; consecutive working days have consecutive numbers. Only differences mean something,
    and numbers of two calendars are not comparable. Years are worked out when asked for. A calendar does not change,
    so that threads may share one.

    `years(year)` gives the YearDays of a country (tasks.schedule.calendars); `exceptions` {day: is it worked} are its
    owner's and win over the country's.
    """

    def __init__(self, week=None, exceptions=None, *, years: Callable = nothing_special, name=""):
        self.week = week or WorkWeek()
        self.exceptions = dict(exceptions or {})
        self.years = years
        self.name = name
        # Replaced as a whole when more years are needed: two threads may do the same work twice, never mix it.
        self._table = None

    def with_exceptions(self, exceptions, name=""):
        """The same calendar with more exceptions on top: absences, days of an organisation."""
        return Calendar(self.week, self.exceptions | dict(exceptions), years=self.years, name=name or self.name)

    def is_working(self, day):
        """Whether the day is worked."""
        own = self.exceptions.get(day)
        if own is not None:
            return own
        official = self.years(day.year).exceptions.get(day)
        return official if official is not None else day.weekday() not in self.week.days_off

    def number(self, day):
        """The number of a working day; of a day off, that of the next working day."""
        return self.number_of(day.toordinal())

    def day(self, number):
        """The working day of a number."""
        table = self._table_with(number)
        return table.dates[number + table.zero]

    def add(self, day, days):
        """The working day `days` (may be negative) after the first working day on or after `day`."""
        return self.day(self.number(day) + days)

    def between(self, first, last):
        """Working days from first to last, both included; 0 when last comes before first."""
        return max(self.number(last + timedelta(days=1)) - self.number(first), 0)

    def unpublished(self, first, last):
        """Years between two days whose public holidays and swapped days are not known yet, ascending."""
        return [year for year in range(first.year, last.year + 1) if not self.years(year).is_published]

    def number_of(self, ordinal):
        """As `number`, for date.toordinal()."""
        table = self._table
        if table is None or not table.days[0] < ordinal <= table.days[-1]:
            table = self._table_around(ordinal)
        return bisect_left(table.days, ordinal) - table.zero

    def ordinal(self, number):
        """date.toordinal() of the working day of a number."""
        table = self._table_with(number)
        return table.days[number + table.zero]

    def dates(self, first, last):
        """Dates of the numbers first … last, both included, as a list: for many look-ups in a row."""
        table = self._table_with(last)
        while first + table.zero < 0:
            table = self._grown(table, table.first_year - 1)
        return table.dates[first + table.zero : last + table.zero + 1]

    def _table_with(self, number):
        """The table, grown until it holds a number."""
        table = self._table or self._grown(None, BASE_YEAR)
        while number + table.zero >= len(table.days):
            table = self._grown(table, table.last_year + 1)
        while number + table.zero < 0:
            table = self._grown(table, table.first_year - 1)
        return table

    def _table_around(self, ordinal):
        """The table, grown until it holds a working day before an ordinal, and one on or after it."""
        table = self._table or self._grown(None, BASE_YEAR)
        while not table.days or table.days[-1] < ordinal:
            table = self._grown(table, table.last_year + 1)
        while table.days[0] >= ordinal:
            table = self._grown(table, table.first_year - 1)
        return table

    def _grown(self, table, year):
        """A table with one more year at either end, kept as the calendar's."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise RuleBroken(
                _("The plan reaches beyond the years %(first)s to %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
                code="too_far",
            )
        dates = self._working(year)
        days = [day.toordinal() for day in dates]
        if table is None:
            table = Table(year, year, days, dates, 0)
        elif year > table.last_year:
            table = Table(table.first_year, year, table.days + days, table.dates + dates, table.zero)
        else:
            table = Table(year, table.last_year, days + table.days, dates + table.dates, table.zero + len(days))
        self._table = table
        return table

    def _working(self, year):
        """The working days of a year, in order."""
        own = {day: works for day, works in self.exceptions.items() if day.year == year}
        off, exceptions = self.week.days_off, {**self.years(year).exceptions, **own}
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days = map(date.fromordinal, range(first, last + 1))
        # ordinal 1 was a Monday
        return [day for n, day in enumerate(days, first - 1) if exceptions.get(day, n % 7 not in off)]
