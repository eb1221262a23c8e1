"""Which days are worked: by the plan of a campaign, and by each person with their absences."""

from functools import cache

from accounts.models import Absence, CalendarDay, WorkCalendar
from tasks.models import WorkPlan
from tasks.schedule.calendars import country_calendar, without

FALLBACK = ("CN", "56")


class Workdays:
    """The calendars of a workspace, read in a few queries; `plan` is that of the campaign."""

    def __init__(self, actor, campaign):
        self.actor = actor
        self.rows = list(WorkCalendar.objects.visible_to(actor))
        self.days = {}
        for key, day, is_working in CalendarDay.objects.visible_to(actor).values_list("calendar", "date", "is_working"):
            self.days.setdefault(key, {})[day] = is_working
        plan = WorkPlan.objects.visible_to(actor).of(campaign).first()
        own = next((row.pk for row in self.rows if not row.organization_id and not row.user_id), None)
        self.plan = self._calendar((plan and plan.calendar_id) or own)

    def _calendar(self, key):
        row = next((row for row in self.rows if row.pk == key), None)
        if row is None:
            return country_calendar(*FALLBACK)
        return country_calendar(row.country, row.days_off, self.days.get(row.pk), row.name)

    def of_people(self, people, first, last):
        """`is_working(person, day)` for people by their id, absences between two days taken off."""
        absences = {}
        rows = Absence.objects.visible_to(self.actor).between(first, last).filter(user__in=people)
        for user, start, finish in rows.values_list("user", "start_date", "finish_date"):
            absences.setdefault(user, []).append((max(start, first), min(finish, last)))
        own = {row.user_id: row.pk for row in self.rows if row.user_id}

        shared = cache(self.plan.is_working)  # most people have the days of the plan

        @cache
        def works(person):
            if person not in own and person not in absences:
                return shared
            base = self._calendar(own[person]) if person in own else self.plan
            return cache((without(base, absences[person]) if person in absences else base).is_working)

        return lambda person, day: works(person)(day)
