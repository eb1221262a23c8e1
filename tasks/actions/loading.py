"""The work plan of a campaign as the schedule engine takes it, read in a few queries however many tasks there are."""

import json
from collections import namedtuple
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateField, UUIDField, Value
from django.utils import timezone

from accounts.models import Absence, Membership, WorkCalendar
from core.columns import Made, columns_of
from tasks.choices import TaskState
from tasks.models import Dependency, Task
from tasks.rules.plan import Item, Link, Plan
from tasks.schedule.calendars import country_calendar, without

COLUMNS = (
    *("id", "lock_version", "title", "parent_id", "kind", "state", "duration_days", "progress", "calendar_id"),
    *("organization_id", "constraint", "constraint_date", "deadline", "is_pinned", "is_fixed"),
    *("start_date", "finish_date", "actual_start", "actual_finish", "projected_start", "projected_finish"),
    *("total_float", "free_float", "is_critical", "is_summary"),
)
KEYS = ("id", "parent_id", "calendar_id", "organization_id")
DAYS = ("constraint_date", "deadline", "start_date", "finish_date", "actual_start", "actual_finish")
DAYS += ("projected_start", "projected_finish")
TRUTHS = ("is_pinned", "is_fixed", "is_critical", "is_summary")
Row = namedtuple("Row", COLUMNS)
LinkRow = namedtuple("LinkRow", ("id", "lock_version", "predecessor_id", "successor_id", "kind", "lag_days", "is_late"))
CalendarRow = namedtuple("CalendarRow", ("pk", "country", "days_off", "name", "organization_id", "user_id"))
FALLBACK = ("CN", "56")


def today_of(campaign):
    """Today where the campaign is."""
    return timezone.localdate(timezone=ZoneInfo(campaign.time_zone))


class Loaded:
    """Everything the engine needs of a plan: `rows` {id: Row} of the tasks that count, `links`, and `plan` of it."""

    def __init__(self, work_plan):
        self.work_plan = work_plan
        every, links = _written(work_plan.campaign_id)
        keys = Made(UUID)
        every = _tasks(every, keys)
        self.cancelled = [row for row in every if row.state == TaskState.CANCELLED]
        self.rows = {row.id: row for row in every if row.state != TaskState.CANCELLED}
        self.links = self._links(links, keys)
        self.children = {}
        for row in self.rows.values():
            if row.parent_id in self.rows:
                self.children.setdefault(row.parent_id, []).append(row)
        self.plan = self._plan()

    def _links(self, written, keys):
        """The links between tasks that count; their own ids stay texts, for few are asked for."""
        read = {"predecessor_id": keys.get, "successor_id": keys.get, "is_late": bool}
        rows = self.rows
        links = map(LinkRow._make, _read(written, LinkRow._fields, read))
        return [link for link in links if link.predecessor_id in rows and link.successor_id in rows]

    def calendar_of(self, row):
        """The calendar a task counts in."""
        return self.plan.calendars[self.calendars.key_of(row)]

    def _plan(self):
        work_plan = self.work_plan
        self.calendars = calendars = Calendars(work_plan)
        return Plan(
            items=[_item(row, self.rows, calendars.key_of(row)) for row in self.rows.values()],
            links=[Link(link.predecessor_id, link.successor_id, link.kind, link.lag_days) for link in self.links],
            calendars=calendars.used(),
            start=work_plan.start_date,
            finish=work_plan.launch_date,
            direction=work_plan.direction,
            titles={row.id: row.title for row in self.rows.values()},
        )


def _written(campaign_id):
    """What the database writes of the tasks that are not archived, and of the links: both in one question."""
    tasks = Task.objects.filter(campaign_id=campaign_id, archived_at=None).order_by("position", "id")
    links = Dependency.objects.filter(campaign_id=campaign_id).order_by("id")
    return columns_of((tasks, COLUMNS), (links, LinkRow._fields))


def _tasks(written, keys):
    """[Row]; `keys` {id as text: id} learns the ids."""
    read = dict.fromkeys(KEYS, keys.__getitem__) | dict.fromkeys(DAYS, Made(date.fromisoformat).__getitem__)
    read |= dict.fromkeys(TRUTHS, bool)
    return list(map(Row._make, _read(written, COLUMNS, read)))


def _read(written, names, read):
    """Tuples of the named columns; `read` {name: what makes a value of what the database writes}."""
    pairs = zip(names, map(json.loads, written), strict=True)
    return zip(*(map(read[name], values) if name in read else values for name, values in pairs), strict=True)


def _item(row, rows, calendar):
    is_held = (row.is_pinned or row.is_fixed) and row.start_date is not None
    return Item(
        key=row.id,
        duration=row.duration_days,
        parent=row.parent_id if row.parent_id in rows else None,
        calendar=calendar,
        constraint=row.constraint,
        constraint_date=row.constraint_date,
        deadline=row.deadline,
        pinned_start=row.start_date if is_held else None,
        is_fixed=row.is_fixed and is_held,
        actual_start=row.actual_start,
        actual_finish=row.actual_finish,
        progress=row.progress,
    )


class Calendars:
    """Which calendar a task counts in: its own, its one assignee's, its organisation's, else that of the plan."""

    def __init__(self, work_plan):
        workspace_id = work_plan.workspace_id
        calendars, self.days = _calendars(workspace_id)
        self.by_id = {each.pk: each for each in calendars}
        self.of_organization = {each.organization_id: each.pk for each in calendars if each.organization_id}
        self.of_person = {each.user_id: each.pk for each in calendars if each.user_id}
        own = [each.pk for each in calendars if not each.organization_id and not each.user_id]
        self.default = work_plan.calendar_id or (own[0] if own else None)
        self.assignee, self.absences = _single_assignees(work_plan)
        self._made = {}

    def key_of(self, row):
        """The key of a task's calendar in the engine's plan; None is the default."""
        if row.calendar_id:
            return self._key(row.calendar_id)
        user_id = self.assignee.get(row.id)
        base = self.of_person.get(user_id) or self.of_organization.get(row.organization_id)
        if user_id in self.absences:
            return self._key(base, user_id)
        return self._key(base) if base else None

    def _key(self, calendar_id, user_id=None):
        base = calendar_id or self.default
        if user_id is None and base == self.default:
            return None
        key = (base, user_id)
        if key not in self._made:
            calendar = self._calendar(base)
            self._made[key] = without(calendar, self.absences[user_id]) if user_id else calendar
        return key

    def _calendar(self, calendar_id):
        row = self.by_id.get(calendar_id)
        if row is None:
            return country_calendar(*FALLBACK)
        return country_calendar(row.country, row.days_off, self.days.get(row.pk), row.name)

    def used(self):
        """{key: Calendar} with the default under None."""
        return {None: self._calendar(self.default), **self._made}


def _calendars(workspace_id):
    """([CalendarRow], {calendar id: {day: is it worked}}) of a workspace, in one query."""
    rows = WorkCalendar.objects.filter(workspace_id=workspace_id).order_by("pk")
    found, days = {}, {}
    for *values, day, is_working in rows.values_list(*CalendarRow._fields, "days__date", "days__is_working"):
        found[values[0]] = CalendarRow(*values)
        if day is not None:
            days.setdefault(values[0], {})[day] = is_working
    return list(found.values()), days


def _single_assignees(work_plan):
    """({task id: user id} of the tasks that exactly one person does, absences of the assignees), in one query."""
    at_work = {"task__campaign_id": work_plan.campaign_id, "task__archived_at": None}
    through = Task.assignees.through.objects.filter(**at_work).order_by()
    away = Absence.objects.filter(workspace_id=work_plan.workspace_id, user_id__in=through.values("user_id"))
    no_day, no_task = Value(None, DateField()), Value(None, UUIDField())
    rows = through.values_list("task_id", "user_id", no_day, no_day)
    rows = rows.union(away.order_by().values_list(no_task, "user_id", "start_date", "finish_date"), all=True)
    found, several, absences = {}, set(), {}
    for task_id, user_id, start, finish in rows:
        if task_id is None:
            absences.setdefault(user_id, []).append((start, finish))
            continue
        if task_id in found:
            several.add(task_id)
        found[task_id] = user_id
    return {task_id: user_id for task_id, user_id in found.items() if task_id not in several}, absences


def _absences(workspace_id, people):
    found = {}
    rows = Absence.objects.filter(workspace_id=workspace_id, user_id__in=people)
    for user_id, start, finish in rows.values_list("user_id", "start_date", "finish_date"):
        found.setdefault(user_id, []).append((start, finish))
    return found


class PeopleCalendars:
    """The working days of people: their own calendar, their organisation's, else the workspace's, less their absences.

    Three queries, however many people."""

    def __init__(self, workspace_id, people):
        calendars, self.days = _calendars(workspace_id)
        self.by_id = {each.pk: each for each in calendars}
        self.of_person = {each.user_id: each.pk for each in calendars if each.user_id}
        of_organization = {each.organization_id: each.pk for each in calendars if each.organization_id}
        members = Membership.objects.filter(workspace_id=workspace_id, user_id__in=people)
        for user_id, organization_id in members.values_list("user_id", "organization_id"):
            if organization_id in of_organization:
                self.of_person.setdefault(user_id, of_organization[organization_id])
        own = [each.pk for each in calendars if not each.organization_id and not each.user_id]
        self.default = own[0] if own else None
        self.absences = _absences(workspace_id, people)

    def of(self, user_id):
        """The Calendar of a person."""
        row = self.by_id.get(self.of_person.get(user_id, self.default))
        known = row and country_calendar(row.country, row.days_off, self.days.get(row.pk), row.name)
        calendar = known or country_calendar(*FALLBACK)
        return without(calendar, self.absences[user_id]) if user_id in self.absences else calendar
