"""Acts on the state and the progress of a task."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleBroken, require
from tasks.actions.checking import check_open, check_own
from tasks.actions.loading import today_of
from tasks.actions.plan import Outcome, finish_act, work_plan_of
from tasks.actions.tracing import Trace
from tasks.choices import TaskState
from tasks.models import Problem
from tasks.permissions import can_bring, can_work_on
from tasks.rules import checks, states


def open_problems(task):
    """How many problems stand in the way of a task."""
    return Problem.objects.filter(campaign_id=task.campaign_id, subject_id=task.pk).open().count()


def state_changes(task, target):
    """What is written when a task takes a state; RuleBroken when it may not."""
    states.check_move(task.state, target, problems=open_problems(task))
    return {"state": target, **_effects(task, target)}


def _effects(task, target):
    return states.effects(
        target,
        today=today_of(task.campaign),
        start_date=task.start_date,
        actual_start=task.actual_start,
        progress=task.progress,
    )


def reported(task, *, progress=None, actual_start=None, actual_finish=None):
    """What is written when somebody says how far a task is; what is not given stays or follows."""
    if task.state == TaskState.CANCELLED:
        raise RuleBroken(_("This task is cancelled. Reopen it first."), code="wrong_state")
    if progress is None:
        progress = 100 if actual_finish else task.progress
    given = {"actual_start": actual_start, "actual_finish": actual_finish}
    checks.check_days(given)
    states.check_report(progress=progress, today=today_of(task.campaign), **given)
    target = states.state_after_report(task.state, progress)
    if target == task.state == TaskState.TODO and actual_start:
        target = TaskState.IN_PROGRESS
    values = {} if target == task.state else state_changes(task, target)
    values |= {name: day for name, day in given.items() if day is not None}
    began, ended = values.get("actual_start", task.actual_start), values.get("actual_finish", task.actual_finish)
    if ended and began and began > ended:
        values["actual_start"] = ended
    return values | {"progress": progress}


@transaction.atomic
def change_task_state(actor, *, task, state, seen=None):
    """Bring a task into another state if the move exists; its actual days and its progress follow."""
    require(can_bring(actor, task, state))
    return set_task_state(actor, task=task, state=state, seen=seen)


@transaction.atomic
def set_task_state(actor, *, task, state, seen=None, can_undo=True):
    """As `change_task_state`, for acts that asked for the permission of their own: raising and solving problems."""
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    check_own(task, {"state"})
    if state == task.state:
        return Outcome(task=task)
    return _written(actor, plan, task, state_changes(task, state), "tasks.task_moved", seen, can_undo)


@transaction.atomic
def report_progress(actor, *, task, progress=None, actual_start=None, actual_finish=None, seen=None):
    """Say how far a task is, and on which days it began and ended. All of it done is done; some of it is begun."""
    require(can_work_on(actor, task))
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    check_own(task, {"progress"})
    values = reported(task, progress=progress, actual_start=actual_start, actual_finish=actual_finish)
    return _written(actor, plan, task, values, "tasks.progress_reported", seen)


def _written(actor, plan, task, values, verb, seen, can_undo=True):
    trace = Trace()
    diff = trace.swap(task, seen=seen, **values)
    if not diff:
        return Outcome(task=task)
    outcome = finish_act(actor, plan, trace, verb, task, changes=diff, can_undo=can_undo)
    task.refresh_from_db()
    outcome.task = task
    return outcome
