"""Acts on many tasks at once: all of them or none, one line in the logbook, one undo."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from core.errors import Invalid, PharosError, RuleBroken, require
from tasks.actions.checking import check_open, check_own, check_people, checked
from tasks.actions.loading import Loaded
from tasks.actions.moves import moved
from tasks.actions.plan import Outcome, finish_act, previewed, work_plan_of
from tasks.actions.states import state_changes
from tasks.actions.tasks import write_task
from tasks.actions.tracing import Trace
from tasks.choices import Buffer
from tasks.models import Task
from tasks.permissions import can_schedule
from tasks.rules import checks

TOGETHER = frozenset(("phase", "channel", "organization", "kind", "deadline"))
MOST_SHIFT = 500


@transaction.atomic
def edit_tasks(
    actor,
    *,
    campaign,
    tasks,
    state="",
    assignees=None,
    add_tags=(),
    remove_tags=(),
    add_kpis=(),
    remove_kpis=(),
    shift_days=0,
    archive=False,
    dry_run=False,
    **changes,
):
    """Give many tasks of a campaign the same state, people, tags, KPIs, phase, channel or organisation, shift them by
    working days, or archive them with their sub-tasks.

    When one of them refuses, nothing is written and RuleBroken lists every refusal as {task id: sentence}.
    """
    require(can_schedule(actor, campaign))
    if unknown := set(changes) - TOGETHER:
        raise TypeError(f"Not to be set for many: {', '.join(sorted(unknown))}.")
    plan = work_plan_of(actor, campaign)
    check_people(campaign.workspace_id, assignees or ())
    rows = {"tags": (add_tags, remove_tags), "kpis": (add_kpis, remove_kpis)}
    for name, both in rows.items():
        for row in (*both[0], *both[1]):
            check_campaign(campaign, **{name: row})
    trace, refusals = Trace(), {}
    for task in tasks:
        check_campaign(campaign, tasks=task)
        try:
            with transaction.atomic():
                _edit(task, state, assignees, rows, changes, trace)
        except PharosError as error:
            refusals[str(task.pk)] = f"{task}: {error}"
    if refusals:
        raise _refused(refusals)
    outcome = _shifted(plan, tasks, shift_days, trace) if shift_days else None
    if archive:
        _archive(campaign, tasks, trace)
        outcome = None
    if not trace:
        return Outcome()
    told = {"tasks": [None, len(tasks)], **({"shift_days": [0, shift_days]} if shift_days else {})}
    done = finish_act(actor, plan, trace, "tasks.tasks_edited", campaign, changes=told, outcome=outcome)
    return previewed(done, dry_run)


def _refused(refusals):
    listed = " ".join(list(refusals.values())[:5])
    sentence = _("Nothing was changed. %(refusals)s") % {"refusals": listed}
    return RuleBroken(sentence, code="some_refused", errors=refusals)


def _edit(task, state, assignees, rows, changes, trace):
    check_open(task)
    values = checked(task.campaign, task, changes) if changes else {}
    if state and state != task.state:
        check_own(task, {"state"})
        values |= state_changes(task, state)
    relations = {} if assignees is None else {"assignees": list(assignees)}
    for name, (more, less) in rows.items():
        if more or less:
            kept = {row.pk: row for row in (*getattr(task, name).all(), *more)}
            relations[name] = [row for key, row in kept.items() if key not in {each.pk for each in less}]
    write_task(task, values, relations, trace)


def _shifted(plan, tasks, days, trace):
    """Every task so many working days later (or earlier), counted in its own calendar; summaries with all below."""
    if abs(days) > MOST_SHIFT:
        raise Invalid(
            _("Shift by at most %(most)s working days.") % {"most": MOST_SHIFT},
            code="shift_days",
            errors={"shift_days": _("That is too far.")},
        )
    loaded = Loaded(plan)
    chosen = {task.pk for task in tasks if task.pk in loaded.rows}
    moves = {}
    for key in chosen:
        row = loaded.rows[key]
        if not _has_chosen_parent(row, loaded.rows, chosen) and row.start_date:
            moves[key] = {"start_date": loaded.calendar_of(row).add(row.start_date, days)}
    ordered = sorted(moves, key=lambda key: moves[key]["start_date"], reverse=days > 0)
    return moved(plan, trace, {key: moves[key] for key in ordered}, buffer=Buffer.USE, loaded=loaded)


def _has_chosen_parent(row, rows, chosen):
    while row.parent_id in rows:
        if row.parent_id in chosen:
            return True
        row = rows[row.parent_id]
    return False


def _archive(campaign, tasks, trace):
    """All of them and everything below them, in one moment."""
    living = Task.objects.filter(campaign_id=campaign.pk, archived_at=None)
    keys = checks.below(dict(living.values_list("pk", "parent_id")), [task.pk for task in tasks])
    now = timezone.now()
    for task in living.filter(pk__in=keys):
        trace.swap(task, archived_at=now)
