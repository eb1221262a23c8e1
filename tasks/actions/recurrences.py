"""Acts on recurring tasks: the pattern, and the tasks it makes ahead of time, one per occurrence."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import visible_changes
from core.audit import record
from core.errors import Invalid, require
from core.swap import swap
from tasks.actions.checking import check_open, check_people, search_text
from tasks.actions.loading import Loaded, today_of
from tasks.actions.plan import finish_act, work_plan_of
from tasks.actions.tasks import fresh, last_position
from tasks.actions.tracing import Trace
from tasks.choices import Constraint, Direction, Shift
from tasks.models import Recurrence, Task
from tasks.permissions import can_schedule
from tasks.rules import checks, recurrences

LATE_DAYS = 7  # how far back a date is made up for when no worker ran


@transaction.atomic
def create_recurrence(actor, *, campaign, title, rule, start_date, assignees=(), **values):
    """Let a task come again by an RRULE; what is due within its `ahead_days` is made at once."""
    require(can_schedule(actor, campaign))
    _check(campaign, {"title": title, "rule": rule, "start_date": start_date, **values}, assignees)
    row = Recurrence(workspace=campaign.workspace, campaign=campaign, title=title.strip(), rule=rule, **values)
    row.start_date = start_date
    row.save(force_insert=True)
    row.assignees.set(assignees)
    record(actor, "tasks.recurrence_created", row)
    make_recurring(actor, recurrence=row)
    return row


@transaction.atomic
def update_recurrence(actor, *, recurrence, seen=None, assignees=None, **changes):
    """Change a pattern; tasks that are made already stay as they are."""
    require(can_schedule(actor, recurrence))
    check_open(recurrence)
    now = {
        name: changes.get(name, getattr(recurrence, name)) for name in ("title", "rule", "start_date", "finish_date")
    }
    _check(recurrence.campaign, now | changes, assignees or ())
    diff = swap(recurrence, seen=seen, **changes)
    if assignees is not None:
        before, after = set(recurrence.assignees.all()), set(assignees)
        if before != after:
            recurrence.assignees.set(assignees)
            diff |= {"assignees": [sorted(map(str, before)), sorted(map(str, after))]}
    if diff:
        record(actor, "tasks.recurrence_changed", recurrence, changes=visible_changes(diff))
        make_recurring(actor, recurrence=recurrence)
    return recurrence


def _check(campaign, values, assignees):
    checks.check_title(values["title"])
    checks.check_days({name: values[name] for name in ("start_date", "finish_date") if values.get(name)})
    recurrences.parsed(values["rule"])
    if values.get("finish_date") and values["finish_date"] < values["start_date"]:
        recurrences.refuse_period()
    if values.get("shift", Shift.NEXT) not in Shift.values:
        raise Invalid("shift", code="shift")
    check_campaign(campaign, phase=values.get("phase"))
    check_people(campaign.workspace_id, assignees)


@transaction.atomic
def archive_recurrence(actor, *, recurrence, seen=None):
    """No further tasks are made; those that are there stay. Twice is once."""
    require(can_schedule(actor, recurrence))
    if recurrence.archived_at is None:
        diff = swap(recurrence, seen=seen, archived_at=timezone.now())
        record(actor, "tasks.recurrence_archived", recurrence, changes=diff)
    return recurrence


@transaction.atomic
def restore_recurrence(actor, *, recurrence, seen=None):
    """Tasks are made again, from now on. Twice is once."""
    require(can_schedule(actor, recurrence))
    if recurrence.archived_at is not None:
        diff = swap(recurrence, seen=seen, archived_at=None)
        record(actor, "tasks.recurrence_restored", recurrence, changes=diff)
        make_recurring(actor, recurrence=recurrence)
    return recurrence


@transaction.atomic
def make_recurring(actor, *, recurrence):
    """Make the tasks due within `ahead_days` that are not there yet; one a date, however often it runs."""
    require(can_schedule(actor, recurrence))
    if recurrence.archived_at is not None:
        return []
    plan = work_plan_of(actor, recurrence.campaign)  # locked: of two at once the second sees what the first made
    today = today_of(recurrence.campaign)
    is_working = Loaded(plan).plan.calendars[None].is_working
    named = recurrences.occurrences(
        recurrence.rule,
        start=recurrence.start_date,
        finish=recurrence.finish_date,
        since=max(recurrence.created_at.date() - timedelta(1), today - timedelta(LATE_DAYS)),
        until=today + timedelta(recurrence.ahead_days),
        shift=recurrence.shift,
        is_working=is_working,
    )
    known = set(Task.objects.filter(recurrence=recurrence).values_list("occurrence_date", flat=True))
    dates = [(date, day) for date, day in named if date not in known]
    return _make(actor, plan, recurrence, dates) if dates else []


def _make(actor, plan, recurrence, dates):
    """The tasks of these occurrences [(date, day the work starts)], planned in together."""
    first = last_position(recurrence.campaign, None)
    tasks = [_task(plan, recurrence, first + number, *each) for number, each in enumerate(dates)]
    Task.objects.bulk_create(tasks)
    people = Membership.objects.filter(workspace_id=recurrence.workspace_id, user__in=recurrence.assignees.all())
    people, through = people.values_list("user_id", flat=True), Task.assignees.through
    through.objects.bulk_create(through(task=task, user_id=key) for key in people for task in tasks)
    trace = Trace()
    for task in tasks:
        trace.born(task)
    made = {"tasks": [None, len(tasks)]}
    finish_act(actor, plan, trace, "tasks.recurring_made", recurrence, changes=made)
    return [fresh(task) for task in tasks]


def _task(plan, recurrence, position, date, day):
    """A task that starts on its day at the earliest; in a plan made backwards, on its day."""
    names = ("workspace_id", "title", "description", "phase", "duration_days", "effort_hours")
    values = {name: getattr(recurrence, name) for name in names}
    if plan.direction == Direction.BACKWARD:
        values |= {"is_pinned": True, "start_date": day, "finish_date": day}
    else:
        values |= {"constraint": Constraint.SNET, "constraint_date": day}
    words = search_text(recurrence.title, recurrence.description, ())
    own = {"campaign": recurrence.campaign, "recurrence": recurrence, "occurrence_date": date}
    return Task(position=position, search_text=words, **own, **values)
