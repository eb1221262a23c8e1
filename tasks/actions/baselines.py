"""Acts on baselines: the plan kept as it is today, under a name."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import erase, swap
from tasks.actions.loading import Calendars
from tasks.models import Baseline, BaselineTask, Task, WorkPlan
from tasks.permissions import can_schedule
from tasks.rules import checks, variance

MOST_BASELINES = 30
KEPT = ("title", "start_date", "finish_date", "duration_days", "effort_hours", "cost_amount")


def _name_once():
    return once("name", _("The campaign has a baseline of this name already."))


def _clean(name):
    if not name.strip():
        raise checks.invalid("name", _("Enter a name."))
    return name.strip()


@transaction.atomic
def take_baseline(actor, *, campaign, name):
    """Keep all living tasks of the plan as they are."""
    require(can_schedule(actor, campaign))
    if Baseline.objects.filter(campaign=campaign).count() >= MOST_BASELINES:
        raise RuleBroken(_("A campaign keeps at most %(most)s baselines.") % {"most": MOST_BASELINES}, code="too_many")
    rows = _living(campaign).values_list("pk", *KEPT)
    if not rows:
        raise RuleBroken(_("There are no tasks to keep yet."), code="no_tasks")
    own = {"workspace_id": campaign.workspace_id, "campaign_id": campaign.pk}
    with _name_once():
        baseline = Baseline.objects.create(name=_clean(name), made_by=actor.user, **own)
    lines = [
        BaselineTask(baseline=baseline, task_id=key, **own, **dict(zip(KEPT, values, strict=True)))
        for key, *values in rows
    ]
    BaselineTask.objects.bulk_create(lines, batch_size=2000)
    record(actor, "tasks.baseline_taken", baseline)
    return baseline


@transaction.atomic
def rename_baseline(actor, *, baseline, name, seen=None):
    """Give a baseline another name; what it keeps never changes."""
    require(can_schedule(actor, baseline))
    with _name_once():
        diff = swap(baseline, seen=seen, name=_clean(name))
    if diff:
        record(actor, "tasks.baseline_renamed", baseline, changes=diff)
    return baseline


@transaction.atomic
def delete_baseline(actor, *, baseline, seen=None):
    """Forget a baseline for good."""
    require(can_schedule(actor, baseline))
    record(actor, "tasks.baseline_deleted", baseline)
    erase(baseline, seen=seen)


def _living(campaign):
    return Task.objects.filter(campaign=campaign, archived_at=None).exclude(state="cancelled")


def variance_of(baseline):
    """(lines, total) of the plan of today against a baseline, in the order of the outline."""
    campaign = baseline.campaign
    kept = BaselineTask.objects.filter(baseline=baseline).values_list("task_id", "pk", *KEPT)
    then = {task_id or pk: variance.Side(*values) for task_id, pk, *values in kept}
    rows = list(_living(campaign).order_by("position", "pk").values_list("pk", "parent_id", "is_summary", *KEPT))
    order = checks.outline([row[:2] for row in rows])
    sides = {row[0]: variance.Side(*row[3:]) for row in rows}
    now = {key: sides[key] for key in order}
    plan = WorkPlan.objects.filter(campaign=campaign).first()
    calendar = Calendars(plan or WorkPlan(workspace_id=campaign.workspace_id, campaign=campaign)).used()[None]
    found = variance.lines(then, now, calendar)
    return found, variance.total(found, then, now, calendar)
