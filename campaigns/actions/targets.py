"""Acts on the parts of a KPI's target: by phase and by day."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.models import KpiTarget
from campaigns.permissions import can_plan
from campaigns.rules import targets
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import swap


@transaction.atomic
def set_day_targets(actor, *, kpi, values, seen=None):
    """Replace the KPI's plan by day with {date: Decimal}; days lie in its period. An empty dict removes it."""
    require(can_plan(actor, kpi))
    days = set(kpi.days())
    if outside := sorted(day for day in values if day not in days):
        raise RuleBroken(
            _("%(day)s lies outside the period.") % {"day": outside[0].isoformat()}, code="day_outside_period"
        )
    return _replace(actor, kpi, "date", values, seen)


@transaction.atomic
def set_phase_targets(actor, *, kpi, values, seen=None):
    """Replace the KPI's targets by phase with {Phase: Decimal}."""
    require(can_plan(actor, kpi))
    for phase in values:
        check_campaign(kpi.campaign, phase=phase)
    return _replace(actor, kpi, "phase", values, seen)


@transaction.atomic
def spread_target(actor, *, kpi, kind=targets.EVEN, weights=None, seen=None):
    """Spread the KPI's target over the days of its period, evenly or by seven weights (Monday first)."""
    return set_day_targets(actor, kpi=kpi, values=spread_values(kpi, kind, weights=weights), seen=seen)


@transaction.atomic
def paste_day_targets(actor, *, kpi, text, seen=None):
    """Replace the plan by day with a pasted column of figures, or of dates and figures."""
    return set_day_targets(actor, kpi=kpi, values=pasted_values(kpi, text), seen=seen)


def spread_values(kpi, kind, *, weights=None):
    """{day: amount} as `spread_target` would write it; RuleBroken when target or period are missing."""
    if kpi.target_value is None:
        raise RuleBroken(_("Give the target."), code="target_missing")
    return targets.spread(kpi.target_value, kpi.days(), kind, weights=weights, places=kpi.places)


def pasted_values(kpi, text):
    """{day: amount} as `paste_day_targets` would write it."""
    rows = targets.parse_pasted_column(text, start=kpi.start_date)
    return targets.spread(Decimal(0), kpi.days(), targets.PASTE, pasted=rows)


def _replace(actor, kpi, kind, values, seen):
    old = KpiTarget.objects.filter(kpi=kpi, **{f"{kind}__isnull": False})
    before = sum((target.value for target in old), Decimal(0))
    swap(kpi, seen=seen, targets_at=timezone.now())
    old.delete()
    KpiTarget.objects.bulk_create(
        KpiTarget(workspace_id=kpi.workspace_id, campaign_id=kpi.campaign_id, kpi=kpi, value=value, **{kind: key})
        for key, value in values.items()
    )
    after = sum(values.values(), Decimal(0))
    record(actor, "campaigns.kpi_targets_set", kpi, changes={f"targets_by_{kind}": [before, after]})
    return kpi
