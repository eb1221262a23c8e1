"""Acts on the links between tasks."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import once
from core.errors import RuleBroken, require
from tasks.actions.checking import check_open
from tasks.actions.plan import finish_act, previewed, work_plan_of
from tasks.actions.tracing import Trace
from tasks.choices import LinkKind
from tasks.models import Dependency, Task
from tasks.permissions import can_schedule
from tasks.rules import checks
from tasks.rules.plan import Link
from tasks.rules.predecessors import format_predecessors, parse_predecessors


def _made(campaign, predecessor, successor, kind, lag_days):
    check_campaign(campaign, predecessor=predecessor, successor=successor)
    check_open(predecessor)
    check_open(successor)
    checks.check_lag(lag_days)
    if predecessor.pk == successor.pk:
        raise RuleBroken(_("A task cannot wait for itself."), code="cycle")
    twice = _("“%(successor)s” waits for “%(predecessor)s” already.")
    with once("predecessor", twice % {"successor": successor, "predecessor": predecessor}):
        return Dependency.objects.create(
            workspace_id=campaign.workspace_id,
            campaign_id=campaign.pk,
            predecessor=predecessor,
            successor=successor,
            kind=kind,
            lag_days=lag_days,
        )


def _ended(actor, plan, trace, verb, task, link, changes=None, dry_run=False):
    outcome = finish_act(actor, plan, trace, verb, task, changes=changes)
    task.refresh_from_db()
    outcome.task, outcome.link = task, None if dry_run else link
    return previewed(outcome, dry_run)


@transaction.atomic
def link_tasks(actor, *, predecessor, successor, kind=LinkKind.FS, lag_days=0, dry_run=False):
    """Let a task wait for another one, `lag_days` working days apart. A circle is refused with its path named."""
    require(can_schedule(actor, successor))
    plan = work_plan_of(actor, successor.campaign)
    link = _made(successor.campaign, predecessor, successor, kind, lag_days)
    trace = Trace()
    trace.born(link)
    changes = {"predecessor": [None, predecessor.title]}
    return _ended(actor, plan, trace, "tasks.tasks_linked", successor, link, changes, dry_run)


@transaction.atomic
def update_link(actor, *, link, seen=None, dry_run=False, **changes):
    """Change the kind or the lag of a link."""
    require(can_schedule(actor, link))
    plan = work_plan_of(actor, link.campaign)
    if unknown := set(changes) - {"kind", "lag_days"}:
        raise TypeError(f"A link has no {', '.join(sorted(unknown))}.")
    checks.check_lag(changes.get("lag_days", link.lag_days))
    trace = Trace()
    diff = trace.swap(link, seen=seen, **changes)
    outcome = _ended(actor, plan, trace, "tasks.link_changed", link.successor, link, diff, dry_run)
    if not dry_run:
        link.refresh_from_db()
    return outcome


@transaction.atomic
def unlink(actor, *, link, seen=None, dry_run=False):
    """Take a link away."""
    require(can_schedule(actor, link))
    plan = work_plan_of(actor, link.campaign)
    trace = Trace()
    trace.count_up(link, seen)
    trace.rows.clear()  # the row itself is remembered
    trace.dead(link)
    changes = {"predecessor": [link.predecessor.title, None]}
    link.delete()
    return _ended(actor, plan, trace, "tasks.tasks_unlinked", link.successor, None, changes, dry_run)


# --- typed links ----------------------------------------------------------------------------------------------------


def numbers_of(campaign):
    """{number in the outline as text: task id} of the living tasks, as a table numbers its rows."""
    rows = Task.objects.filter(campaign_id=campaign.pk, archived_at=None).order_by("position", "pk")
    order = checks.outline(list(rows.values_list("pk", "parent_id")))
    return {str(number): key for number, key in enumerate(order, 1)}


def predecessors_text(task, numbers=None):
    """The links into a task as one types them: "3FS+2d; 5SS"."""
    names = {key: number for number, key in (numbers or numbers_of(task.campaign)).items()}
    links = Dependency.objects.filter(successor=task).visible().order_by("pk")
    shown = [Link(link.predecessor_id, task.pk, link.kind, link.lag_days) for link in links]
    return format_predecessors(shown, names)


@transaction.atomic
def set_predecessors(actor, *, task, text, seen=None, dry_run=False):
    """Make the links into a task those of a typed text: "3FS+2d; 5SS", numbers as in the outline.

    The task counts as changed with its links, so that a text typed beside another one's is refused as stale.
    """
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    wanted = {each.predecessor: each for each in parse_predecessors(text, numbers_of(task.campaign))}
    links = {link.predecessor_id: link for link in Dependency.objects.filter(successor=task).visible()}
    before, trace = predecessors_text(task), Trace()
    for key, link in links.items():
        if key not in wanted:
            trace.dead(link)
            link.delete()
        else:
            trace.swap(link, kind=wanted[key].kind, lag_days=_checked_lag(wanted[key].lag))
    others = Task.objects.in_bulk([key for key in wanted if key not in links])
    for key, other in others.items():
        trace.born(_made(task.campaign, other, task, wanted[key].kind, wanted[key].lag))
    changes = {"predecessors": [before, predecessors_text(task)]} if trace else {}
    if trace:
        trace.count_up(task, seen)
    return _ended(actor, plan, trace, "tasks.tasks_linked", task, None, changes, dry_run)


def _checked_lag(days):
    checks.check_lag(days)
    return days
