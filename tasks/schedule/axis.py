"""Positions and days: one numbering for all items of a plan."""

from datetime import date
from operator import attrgetter

from django.utils.translation import gettext as _

from core.errors import RuleBroken


class Axis:
    """Turns days into positions and back.

    With one calendar a position is a working-day number of it, and finishing is adding. As soon as an item has another
    calendar, positions are ordinals of days and each item counts in its own calendar.
    """

    def __init__(self, plan):
        self.plan = plan
        self.calendar = plan.calendar
        self.is_mixed = bool(set(map(attrgetter("calendar"), plan.items)) - {None})

    def calendars_of(self, items):
        """Per item the calendar it must ask; None where plain numbers do."""
        if not self.is_mixed:
            return [None] * len(items)
        return [self.calendar_of(item) for item in items]

    def calendar_of(self, item):
        """The calendar an item counts in."""
        if item.calendar is None:
            return self.calendar
        try:
            return self.plan.calendars[item.calendar]
        except KeyError:
            raise RuleBroken(
                _("The plan has no calendar %(key)s.") % {"key": item.calendar}, code="unknown_key"
            ) from None

    def position(self, day):
        """The morning of a day (of the next working day, with one calendar)."""
        return day.toordinal() if self.is_mixed else self.calendar.number(day)

    def after(self, day):
        """The moment a day is over."""
        return self.position(date.fromordinal(day.toordinal() + 1))

    def offset(self, position):
        """Working days of the default calendar before a position; only differences mean something."""
        return self.calendar.number_of(position) if self.is_mixed else position

    def shifted(self, position, days):
        """The position `days` working days of the default calendar later."""
        if not self.is_mixed:
            return position + days
        return self.calendar.ordinal(self.calendar.number_of(position) + days)

    def day(self, position):
        """The day that begins at a position."""
        return date.fromordinal(position) if self.is_mixed else self.calendar.day(position)

    def days(self, first, last):
        """The days of all positions first … last, as a list."""
        if self.is_mixed:
            return list(map(date.fromordinal, range(first, last + 1)))
        return self.calendar.dates(first, last)


# --- an item in a calendar of its own: positions are ordinals, a finish is the morning after the last day worked ---


def earliest(calendar, start, days):
    """(start, finish) of `days` working days that begin on or after a moment. No days: the moment itself."""
    if days > 0:
        first = calendar.number_of(start)
        return calendar.ordinal(first), calendar.ordinal(first + days - 1) + 1
    return start, start if not days else calendar.ordinal(calendar.number_of(start) + days)


def earliest_start(calendar, finish, days):
    """The earliest start with which the finish is not before a moment."""
    return calendar.ordinal(calendar.number_of(finish - 1) - days + 1) if days > 0 else finish


def latest(calendar, finish, days):
    """(start, finish) of `days` working days that end on or before a moment; less than none is a lead."""
    if days > 0:
        last = calendar.number_of(finish) - 1
        return calendar.ordinal(last - days + 1), calendar.ordinal(last) + 1
    if not days:
        return finish, finish
    return calendar.ordinal(calendar.number_of(finish + 1) - 1 - days), finish


def latest_finish(calendar, start, days):
    """The latest finish of which the start is not after a moment."""
    if days <= 0:
        return start
    return calendar.ordinal(calendar.number_of(start + 1) - 1 + days - 1) + 1
