"""The whole plan read in a few queries, for the Gantt, its table and its files."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, F, Func, IntegerField, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import CalendarDay, Organization, WorkCalendar
from campaigns.models import Campaign, Channel, Phase
from core.columns import Digits, Packed, bare_columns, packed
from tasks.choices import ProblemState
from tasks.gantt import feed
from tasks.models.baseline import Baseline, BaselineTask
from tasks.models.plan import Dependency, WorkPlan
from tasks.models.problem import Problem
from tasks.models.task import Task
from tasks.schedule.calendars import country_calendar

MARGIN = timedelta(days=92)  # days off are told this far around the plan


class DayNumber(Func):
    """A day as the feed numbers it."""

    template = f"(%(expressions)s - DATE '{feed.EPOCH}')"
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **extra):
        template = f"CAST(julianday(%(expressions)s) - julianday('{feed.EPOCH}') AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)


def flag(name, weight):
    return Cast(F(name), IntegerField()) * weight


FLAGS = (
    flag("is_critical", feed.CRITICAL)
    + flag("is_summary", feed.SUMMARY)
    + flag("is_pinned", feed.PINNED)
    + flag("is_fixed", feed.FIXED)
)
PROJECTED = Case(When(projected_finish=F("finish_date"), then=Value(0)), default=DayNumber("projected_finish"))
TASK_COLUMNS = (
    *("id", "parent_id", "phase_id", "kind", "title", "state", DayNumber("start_date"), DayNumber("finish_date")),
    *("duration_days", "progress", "total_float", "free_float", FLAGS, PROJECTED, "organization_id", "channel_id"),
    *("lock_version", "effort_hours", DayNumber("deadline")),
)
IN_ORDER = "task_in_order"  # the index
LINK_COLUMNS = ("predecessor_id", "successor_id", "kind", "lag_days", flag("is_late", 1))


TOLD = {"template": "COUNT(*) || '.' || SUM(%(expressions)s)", "arg_joiner": ") || '.' || MAX("}


def _told(rows):
    """How many rows there are, how often they were changed, and when last: where one went and another came the time
    alone differs. NULL without any."""
    told = Func("lock_version", "updated_at", **TOLD, output_field=CharField())
    return Subquery(rows.order_by().annotate(told=told).values("told"))


@dataclass
class PlanReader:
    """What an actor sees of a campaign's plan."""

    actor: object
    campaign: object

    def rows(self, model):
        """Rows of the campaign: whoever may see it sees its whole plan. The workspace, said a second time, would make
        SQLite read all rows of the workspace."""
        return model._base_manager.filter(campaign=self.campaign)

    @property
    def today(self):
        return timezone.now().astimezone(ZoneInfo(self.campaign.time_zone)).date()

    def version(self, baseline=None):
        """Changes with everything the feed shows. Every act on tasks and links counts the plan up; of the few rows
        beside them each counts its own changes."""
        told = [_told(rows) for rows in self._beside()]
        found = Campaign.objects.filter(pk=self.campaign.pk).values_list("work_plan__lock_version", *told).get()
        asked = (baseline and baseline.pk, self.today, get_language())
        return sha256(repr((*found, *map(str, asked))).encode()).hexdigest()[:32]

    def _beside(self):
        """What the feed shows beside tasks and links: of the campaign, then words, days and names of the workspace."""
        yield from map(self.rows, (Phase, Problem))
        for model in (Channel, Organization, WorkCalendar, CalendarDay):
            yield model._base_manager.filter(workspace=self.campaign.workspace_id)
        yield get_user_model()._base_manager.filter(memberships__workspace=self.campaign.workspace_id)

    @cached_property
    def plan(self):
        return self.rows(WorkPlan).select_related("calendar").first()

    def baseline(self, key):
        """A baseline of the campaign by its id; None where none is asked for or there is none."""
        return self.rows(Baseline).filter(pk=key).first() if key else None

    def source(self, baseline=None):
        """The rows of the feed, as the database writes them."""
        source = feed.Source(
            written=bare_columns(self._tasks(), *TASK_COLUMNS, typed=["title"], along=IN_ORDER),
            written_links=bare_columns(self._links(), *LINK_COLUMNS),
            work=[(person.hex, packed(tasks)) for person, tasks in self._work()],
            problems=self._problems(),
            phases=list(self._phases()),
            channels=self._channels(),
            organizations=list(Organization.objects.visible_to(self.actor).values_list(Digits("pk"), "name")),
            baseline=baseline and self._baseline(baseline),
        )
        source.people = self._people(source.at_work)
        return source

    def feed(self, baseline=None):
        """The feed as REST gives it; see `feed.dumped`."""
        built, span = feed.build(self.source(baseline))
        first, last = span or (self.campaign.start_date, self.campaign.finish_date)
        return {
            "plan": self._plan(),
            "today": self.today,
            "calendar": self._days_off(first - MARGIN, last + MARGIN),
            **built,
        }

    def _plan(self):
        plan = self.plan
        names = ("id", "direction", "start_date", "launch_date", "warnings", "lock_version")
        return plan and {name: getattr(plan, name) for name in names}

    def _days_off(self, first, last):
        calendar = self.work_calendar()
        return {
            "days_off": feed.ranges(lambda day: not calendar.is_working(day), first, last),
            "unpublished": sorted(calendar.unpublished(first + MARGIN, last - MARGIN)),
        }

    def is_off(self):
        """day -> whether it is no working day of the plan's calendar."""
        calendar = self.work_calendar()
        return lambda day: not calendar.is_working(day)

    def work_calendar(self):
        """The calendar of the plan: its own, else the workspace's, else China's."""
        plan = self.plan
        row = (plan and plan.calendar) or WorkCalendar.objects.visible_to(self.actor).of_workspace().first()
        if row is None:
            return country_calendar("CN")
        own = {day.date: day.is_working for day in row.days.all()}
        return country_calendar(row.country, row.days_off, own, row.name)

    def _tasks(self):
        return self.rows(Task).filter(archived_at=None).order_by("position", "id")

    def _links(self):
        return self.rows(Dependency).order_by()  # in any order; those of archived tasks find no place in the feed

    def _work(self):
        """(person, tasks), of archived tasks too: so they are read off the indexes alone."""
        rows = Task.assignees.through._base_manager.filter(task__campaign=self.campaign)
        return rows.order_by().values_list("user_id").annotate(tasks=Packed("task_id"))

    def _problems(self):
        rows = self.rows(Problem).filter(state=ProblemState.OPEN).order_by()
        return set(rows.values_list(Digits("subject_id"), flat=True))

    def _phases(self):
        rows = self.rows(Phase).order_by("start_date", "position", "id")
        return rows.values_list(Digits("pk"), "name", "start_date", "finish_date", "is_promotion")

    def _channels(self):
        return [(row.pk.hex, row.label) for row in Channel.objects.visible_to(self.actor)]

    def _people(self, keys):
        rows = get_user_model()._base_manager.filter(pk__in=keys).order_by("name", "id")
        return list(rows.values_list(Digits("pk"), "name"))

    def _baseline(self, baseline):
        rows = BaselineTask.objects.filter(baseline=baseline, task__isnull=False)
        kept = rows.values_list(Digits("task_id"), DayNumber("start_date"), DayNumber("finish_date"))
        return {"id": baseline.pk.hex, "name": baseline.name, "tasks": list(kept)}
