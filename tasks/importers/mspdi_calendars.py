"""Calendars of MS Project XML: days of a week and exceptions, one calendar based on another. Hours are not kept."""

from datetime import date, timedelta

from core.errors import RuleBroken
from tasks.importers.mspdi_values import day_of, is_yes, number_of, text_of
from tasks.rules.workdays import Calendar, WorkWeek

LONGEST_EXCEPTION = 3660  # days
STANDARD = {day: day < 5 for day in range(7)}


class Calendars:
    """The calendars of a project, by UID; those nobody counts in are not built."""

    def __init__(self, project):
        found = project.find("Calendars")
        self.elements = {text_of(one, "UID"): one for one in (found if found is not None else ())}
        self.dropped = []  # names of calendars with recurring exceptions
        self.useless = []  # names of calendars without a working day

    def build(self, uid):
        """The Calendar of a UID, with what it takes from its base calendar; None when there is none."""
        if uid not in self.elements:
            return None
        week, exceptions, name = dict(STANDARD), {}, text_of(self.elements[uid], "Name")
        for element in reversed(self._chain(uid)):
            self._add(element, week, exceptions, name)
        try:
            return Calendar(WorkWeek(frozenset(day for day in week if not week[day])), exceptions, name=name)
        except RuleBroken:
            self.useless.append(name)
            return None

    def _chain(self, uid):
        """The calendar's element, then that of its base and so on."""
        chain, seen = [], set()
        while uid in self.elements and uid not in seen:
            seen.add(uid)
            chain.append(self.elements[uid])
            uid = text_of(self.elements[uid], "BaseCalendarUID")
        return chain

    def _add(self, element, week, exceptions, name):
        for day in element.findall("WeekDays/WeekDay"):
            kind, works = number_of(day, "DayType"), is_yes(day, "DayWorking")
            if kind and 1 <= kind <= 7:
                week[(kind - 2) % 7] = works  # 1 is Sunday
            elif kind == 0:
                exceptions.update(dict.fromkeys(_days(day), works))
        for one in element.findall("Exceptions/Exception"):
            if number_of(one, "Type") in (None, 1) and number_of(one, "Period") in (None, 0, 1):
                exceptions.update(dict.fromkeys(_days(one), is_yes(one, "DayWorking")))
            elif name not in self.dropped:
                self.dropped.append(name)


def _days(element):
    """The days of a TimePeriod."""
    period = element.find("TimePeriod")
    first, last = (day_of(period, name) if period is not None else None for name in ("FromDate", "ToDate"))
    if not first or not last or (last - first) > timedelta(LONGEST_EXCEPTION):
        return []
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
