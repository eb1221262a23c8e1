"""Acts on KPIs."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import archive, refuse_if_attached, restore, visible_changes
from campaigns.models import Kpi
from campaigns.permissions import can_plan
from campaigns.rules.plan import check_not_negative, check_period
from core.audit import record
from core.errors import RuleBroken, require
from core.search import segmented
from core.swap import swap


def _search_text(name, metric):
    return segmented(name, *(metric.labels.values() if metric else ()))


@transaction.atomic
def create_kpi(actor, *, goal, name, position=None, **values):
    """Add a KPI to a goal. What it lacks to be measurable is no hindrance: the lint says it.

    `values`: metric, channel, direction, baseline_value, baseline_source, baseline_date, target_value, start_date,
    finish_date, owner, weight.
    """
    require(can_plan(actor, goal))
    _check(values, goal)
    kpi = Kpi.objects.create(
        workspace_id=goal.workspace_id,
        campaign=goal.campaign,
        goal=goal,
        name=name,
        position=goal.kpis.active().count() if position is None else position,
        search_text=_search_text(name, values.get("metric")),
        **values,
    )
    record(actor, "campaigns.kpi_created", kpi)
    return kpi


def _check(values, goal):
    check_period(values.get("start_date"), values.get("finish_date"))
    check_not_negative(values.get("weight"), "weight")
    if goal.archived_at:
        raise RuleBroken(_("The goal is archived."), code="archived")


@transaction.atomic
def update_kpi(actor, *, kpi, seen=None, **changes):
    """Change a KPI (any values of `create_kpi`, also its goal)."""
    require(can_plan(actor, kpi))
    check_campaign(kpi.campaign, goal=changes.get("goal"))
    now = {field: getattr(kpi, field) for field in ("start_date", "finish_date", "weight")}
    _check(now | changes, changes.get("goal") or kpi.goal)
    text = _search_text(changes.get("name", kpi.name), changes.get("metric", kpi.metric))
    diff = swap(kpi, seen=seen, search_text=text, **changes)
    record(actor, "campaigns.kpi_changed", kpi, changes=visible_changes(diff))
    return kpi


@transaction.atomic
def archive_kpi(actor, *, kpi, seen=None):
    """Archive a KPI; refused with the list of what still serves it (placements)."""
    require(can_plan(actor, kpi))
    refuse_if_attached(kpi)
    return archive(actor, kpi, "kpi_archived", seen=seen)


@transaction.atomic
def restore_kpi(actor, *, kpi, seen=None):
    """Take a KPI out of the archive; its goal must be there."""
    require(can_plan(actor, kpi))
    if kpi.goal.archived_at:
        raise RuleBroken(_("Restore the goal “%(goal)s” first.") % {"goal": kpi.goal}, code="archived")
    return restore(actor, kpi, "kpi_restored", seen=seen)
