"""Acts that move tasks in time: the engine works the cascade out; it can be looked at before, and undone as one."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from core.batch import write
from core.errors import Invalid, Stale, require
from tasks.actions.checking import check_open
from tasks.actions.loading import Loaded
from tasks.actions.plan import Outcome, finish_act, previewed, settle, work_plan_of
from tasks.actions.tracing import Trace
from tasks.choices import Buffer, Constraint
from tasks.models import Task
from tasks.permissions import can_schedule
from tasks.rules import checks
from tasks.schedule import move, solve

COLUMNS = ("duration_days", "constraint", "constraint_date", "is_pinned", "start_date", "finish_date")


def moved(plan, trace, moves, *, buffer, loaded=None):
    """Give tasks other days and settle the plan; the Outcome. `moves` {task id: days as `move_task` takes them}."""
    loaded = loaded or Loaded(plan)
    if not loaded.rows.keys() >= moves.keys():
        raise Stale()  # archived or cancelled in the same moment
    engine_plan, schedule, edits, conflicts = loaded.plan, solve(loaded.plan), {}, []
    for key, days in moves.items():
        change = move(engine_plan, schedule, key, buffer=buffer, **_asked(loaded, key, schedule, **days))
        engine_plan, schedule = change.plan, change.schedule
        edits |= change.items
        conflicts += change.conflicts
    _write_edits(loaded, edits, trace)
    outcome = settle(loaded, engine_plan, schedule, trace)
    outcome.conflicts = [{"code": each.code, "id": each.key, "text": each.text} for each in conflicts]
    return outcome


def _asked(loaded, key, schedule, start_date=None, finish_date=None, duration_days=None):
    """The start and the duration that the engine is asked for."""
    row, (first, last) = loaded.rows[key], schedule.days(key)
    start = start_date or first
    if row.kind == "milestone":
        return {"start": start_date or finish_date}
    if finish_date is not None and key not in loaded.children:
        checks.check_period(start, finish_date)
        calendar = loaded.calendar_of(row)
        duration_days = max(1, calendar.between(start, finish_date))
    elif finish_date is not None and start_date is None:  # a summary moves as a whole
        gap = loaded.calendar_of(row).between(first, last) - 1
        return {"start": loaded.calendar_of(row).add(finish_date, -max(0, gap))}
    asked = {"start": start_date, "duration": duration_days}
    return {name: value for name, value in asked.items() if value is not None}


def _edits_of(row):
    return tuple(getattr(row, name) for name in COLUMNS)


def _edited(row, item):
    """COLUMNS of a row as the engine's item wants them."""
    start = item.pinned_start or row.start_date
    return (
        row.duration_days if row.kind == "milestone" else item.duration,
        item.constraint or Constraint.ASAP,
        item.constraint_date,
        row.is_pinned or (item.pinned_start is not None and not row.is_fixed),
        start,
        row.finish_date if start is None else max(start, row.finish_date or start),
    )


def _write_edits(loaded, edits, trace):
    """Write what makes the new days last: constraints, pins, durations; in memory the rows are as in the database."""
    found = [(loaded.rows[key], _edited(loaded.rows[key], item)) for key, item in edits.items()]
    written = [(row, old, values) for row, values in found if values != (old := _edits_of(row))]
    rows = ((row.id, row.lock_version, *values) for row, _old, values in written)
    if write(Task, COLUMNS, rows) < len(written):
        raise Stale()
    for row, old, values in written:
        pairs = {name: pair for name, *pair in zip(COLUMNS, old, values, strict=True) if pair[0] != pair[1]}
        trace.note("tasks.task", row.id, row.lock_version, row.lock_version + 1, pairs)
        changes = dict(zip(COLUMNS, values, strict=True))
        loaded.rows[row.id] = row._replace(lock_version=row.lock_version + 1, **changes)


@transaction.atomic
def move_tasks(actor, *, campaign, moves, buffer=Buffer.KEEP, dry_run=False):
    """Give several tasks other days at once. `moves`: [(task, {"start_date", "finish_date", "duration_days"})]."""
    require(can_schedule(actor, campaign))
    plan = work_plan_of(actor, campaign)
    asked = {}
    for task, days in moves:
        check_campaign(campaign, tasks=task)
        check_movable(task, days)
        asked[task.pk] = days
    trace, loaded = Trace(), Loaded(plan)
    if not dry_run:
        check_unchanged(loaded, [task for task, _days in moves])
    outcome = moved(plan, trace, asked, buffer=buffer, loaded=loaded)
    if not trace:
        return outcome
    subject = moves[0][0] if len(moves) == 1 else campaign
    verb = "tasks.task_rescheduled" if len(moves) == 1 else "tasks.tasks_rescheduled"
    changes = _told(outcome, subject)
    return previewed(finish_act(actor, plan, trace, verb, subject, changes=changes, outcome=outcome), dry_run)


def _told(outcome, subject):
    """What the logbook says: the days of the task, and how many others moved with it."""
    others = sum(1 for change in outcome.changes if change["id"] != subject.pk)
    return own_days(outcome, subject) | ({"other_tasks": [0, others]} if others else {})


def own_days(outcome, task):
    """{field: [before, after]} of the days of one task in an outcome."""
    own = next((change for change in outcome.changes if change["id"] == task.pk), {})
    return {name: own[name] for name in ("start_date", "finish_date") if own and own[name][0] != own[name][1]}


def check_movable(task, days):
    """A task that is there, counts, and is given a day or a duration."""
    check_open(task)
    if task.state == "cancelled":
        raise Invalid(_("“%(task)s” is cancelled.") % {"task": task}, code="cancelled")
    if not any(days.get(name) is not None for name in ("start_date", "finish_date", "duration_days")):
        raise Invalid(_("Give a start, a finish or a duration."), code="nothing_asked")
    checks.check_days(days)
    checks.check_numbers(duration_days=days.get("duration_days"))


@transaction.atomic
def move_task(actor, *, task, buffer=Buffer.KEEP, dry_run=False, seen=None, **days):
    """Give a task another start, finish or duration. What waits for it keeps its gap, uses it up, or is left alone.

    With `dry_run` the cascade is only told.
    """
    if seen is not None and seen != task.lock_version:
        raise Stale()
    outcome = move_tasks(actor, campaign=task.campaign, moves=[(task, days)], buffer=buffer, dry_run=dry_run)
    task.refresh_from_db()
    outcome.task = task
    return outcome


def check_unchanged(loaded, tasks):
    """The tasks are still as they were read. Only under the plan's lock does that hold until they are written."""
    for task in tasks:
        row = loaded.rows.get(task.pk)
        if row is None or row.lock_version != task.lock_version:
            raise Stale()


def propose_move(actor, *, task, buffer=Buffer.KEEP, **days):
    """What a move would do, told and not done."""
    return move_task(actor, task=task, buffer=buffer, dry_run=True, **days)


__all__ = ["Outcome", "move_task", "move_tasks", "moved", "propose_move"]
