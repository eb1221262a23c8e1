"""The whole plan read in a few queries, for the Gantt, its table and its files."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, F, Func, IntegerField, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import CalendarDay, Organization, WorkCalendar
from campaigns.models import Channel, Phase
from core.columns import Digits, Packed, Placed, Prepared, bare, digits, listed, packed, side_by_side, unsorted
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
    output_field = IntegerField(null=True)

    def as_sqlite(self, compiler, connection, **extra):
        template = f"CAST(julianday(%(expressions)s) - julianday('{feed.EPOCH}') AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)


def marked(*marks, number=0):
    """The sum of the weights of those marks (name, weight) that a row has, as text: nothing is left to add."""
    if not marks:
        return Value(str(number))
    (name, weight), *rest = marks
    with_it = When(**{name: True}, then=marked(*rest, number=number + weight))
    return Case(with_it, default=marked(*rest, number=number), output_field=CharField())


FLAGS = marked(
    ("is_critical", feed.CRITICAL), ("is_summary", feed.SUMMARY), ("is_pinned", feed.PINNED), ("is_fixed", feed.FIXED)
)
PROJECTED = Case(
    When(projected_finish=F("finish_date"), then=Value(0)),
    default=DayNumber("projected_finish"),
    output_field=IntegerField(null=True),
)
TASK_COLUMNS = (
    *("id", "parent_id", Placed("phase_id", "phases"), "kind", "title"),
    *("state", DayNumber("start_date"), DayNumber("finish_date"), "duration_days", "progress"),
    *("total_float", "free_float", FLAGS, PROJECTED, Placed("organization_id", "organizations")),
    *(Placed("channel_id", "channels"), "lock_version", "effort_hours", DayNumber("deadline")),
)
IN_ORDER = "task_in_order"  # the index
LINK_COLUMNS = ("predecessor_id", "successor_id", "kind", "lag_days", marked(("is_late", 1)))
# What stands beside them, by columns: of the campaign, then of its workspace.
WARNINGS, LABELS = Cast("warnings", TextField()), Cast("labels", TextField())
PLAN = (Digits("pk"), "direction", "start_date", "launch_date", WARNINGS, "lock_version", Digits("calendar_id"))
PHASE = (Digits("pk"), "name", "start_date", "finish_date", "is_promotion")
PROBLEM = (Digits("subject_id"),)
CHANNEL = (Digits("pk"), "code", LABELS)
ORGANIZATION = (Digits("pk"), "name")
CALENDAR = (Digits("pk"), "organization_id", "user_id", "country", "days_off", "name")
DAY = (Digits("calendar_id"), "date", "is_working")
BESIDE = (PLAN, PHASE, PROBLEM, CHANNEL, ORGANIZATION, CALENDAR, DAY)
TOLD = {"template": "COUNT(*) || '.' || SUM(%(expressions)s)", "arg_joiner": ") || '.' || MAX("}


@Prepared
def _everything(campaign):
    """Tasks, and links in any order; those of archived tasks find no place in the feed. The workspace, said a second
    time, would make SQLite read all rows of the workspace."""
    tasks = Task._base_manager.filter(campaign=campaign, archived_at=None).order_by("position", "id")
    links = Dependency._base_manager.filter(campaign=campaign).order_by()
    written = bare(tasks, *TASK_COLUMNS, typed=["title"], along=IN_ORDER), bare(links, *LINK_COLUMNS)
    return unsorted(side_by_side(*written))


@Prepared
def _work(campaign):
    """(person, name, tasks), of archived tasks too: so they are read off the indexes alone."""
    name = get_user_model()._base_manager.filter(pk=OuterRef("user_id")).values("name")
    rows = Task.assignees.through._base_manager.filter(task__campaign=campaign).values("user_id")
    rows = rows.annotate(tasks=Packed("task_id")).annotate(name=Subquery(name)).order_by("name", "user_id")
    return rows.values_list("user_id", "name", "tasks").query.sql_with_params()


@Prepared
def _beside(campaign, workspace):
    """The rows of BESIDE, and of the people of the workspace how many there are, how often they were changed, and when
    last: where one went and another came the time alone differs."""
    plan, phases, problems = (model._base_manager.filter(campaign=campaign) for model in (WorkPlan, Phase, Problem))
    words = (Channel, Organization, WorkCalendar, CalendarDay)
    channels, *others = (model._base_manager.filter(workspace=workspace) for model in words)
    phases, channels = phases.order_by("start_date", "position", "id"), channels.order_by("position", "code")
    problems, *others = (rows.order_by("id") for rows in (problems.filter(state=ProblemState.OPEN), *others))
    tables = zip((plan, phases, problems, channels, *others), BESIDE, strict=True)
    people = get_user_model()._base_manager.filter(memberships__workspace=workspace).order_by()
    told = people.annotate(told=Func("lock_version", "updated_at", **TOLD, output_field=CharField()))
    return side_by_side(
        *(listed(rows, *values) for rows, values in tables), told.values_list("told").query.sql_with_params()
    )


@dataclass
class PlanReader:
    """The plan of a campaign: whoever may see it sees all of its plan."""

    campaign: object

    @property
    def today(self):
        return timezone.now().astimezone(ZoneInfo(self.campaign.time_zone)).date()

    @cached_property
    def beside(self):
        """What `_beside` asks, as the database writes it."""
        return _beside.rows(self.campaign.pk, self.campaign.workspace_id)[0]

    @cached_property
    def tables(self):
        """The rows of each table of BESIDE."""
        texts = iter(self.beside)
        found = ([json.loads(text or "[]") for text in islice(texts, len(values))] for values in BESIDE)
        return [list(zip(*columns, strict=True)) for columns in found]

    def version(self, baseline=None):
        """Changes with everything the feed shows: every act on tasks and links counts the plan up."""
        asked = (baseline and baseline.pk, self.today, get_language())
        return sha256(repr((*self.beside, *map(str, asked))).encode()).hexdigest()[:32]

    def baseline(self, key):
        """A baseline of the campaign by its id; None where none is asked for or there is none."""
        return Baseline._base_manager.filter(campaign=self.campaign, pk=key).first() if key else None

    def source(self, baseline=None):
        """The rows of the feed, as the database writes them."""
        _plan, phases, problems, channels, organizations, _calendars, _days = self.tables
        lists = {"phases": phases, "channels": channels, "organizations": organizations}
        keys = {name: [row[0] for row in rows] for name, rows in lists.items()}
        written = _everything.rows(self.campaign.pk, **keys)[0]
        return feed.Source(
            written=_read(written[: len(TASK_COLUMNS)], keys=2),
            written_links=_read(written[len(TASK_COLUMNS) :], keys=2),
            work=[(digits(person), name, packed(tasks)) for person, name, tasks in _work.rows(self.campaign.pk)],
            problems={key for (key,) in problems},
            phases=[(key, name, *map(date.fromisoformat, days), wave) for key, name, *days, wave in phases],
            channels=[(key, Channel(code=code, labels=json.loads(labels)).label) for key, code, labels in channels],
            organizations=organizations,
            baseline=baseline and self._baseline(baseline),
        )

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
        names = ("id", "direction", "start_date", "launch_date", "warnings", "lock_version")
        for key, direction, *days, warnings, version, _calendar in self.tables[0]:
            return dict(zip(names, (UUID(key), direction, *days, json.loads(warnings), version), strict=True))
        return None

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
        plan, *_words, calendars, days = self.tables
        own = {row[-1] for row in plan}
        whole = (row for row in calendars if row[1] is None and row[2] is None)
        row = next((row for row in calendars if row[0] in own), None) or next(whole, None)
        if row is None:
            return country_calendar("CN")
        exceptions = {date.fromisoformat(day): bool(worked) for calendar, day, worked in days if calendar == row[0]}
        return country_calendar(row[3], row[4], exceptions, row[5])

    def _baseline(self, baseline):
        rows = BaselineTask.objects.filter(baseline=baseline, task__isnull=False)
        kept = rows.values_list(Digits("task_id"), DayNumber("start_date"), DayNumber("finish_date"))
        return {"id": baseline.pk.hex, "name": baseline.name, "tasks": list(kept)}


def _read(written, keys):
    """Columns of which the first `keys` are ids; without rows they are empty."""
    return [*map(packed, written[:keys]), *(text or "" for text in written[keys:])]
