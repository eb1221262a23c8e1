"""Acts on phases."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once, refuse_if_attached
from campaigns.models import KpiTarget, Phase
from campaigns.permissions import can_plan
from campaigns.rules.plan import check_period
from core.audit import record
from core.errors import require
from core.swap import erase, swap


def _taken():
    return once("name", _("The campaign has a phase of this name already."))


@transaction.atomic
def create_phase(actor, *, campaign, name, start_date, finish_date, is_promotion=False, position=0):
    """Add a phase (or a promotion wave) to a campaign; both days are included."""
    require(can_plan(actor, campaign))
    check_period(start_date, finish_date)
    with _taken():
        phase = Phase.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            name=name,
            start_date=start_date,
            finish_date=finish_date,
            is_promotion=is_promotion,
            position=position,
        )
    record(actor, "campaigns.phase_created", phase)
    return phase


@transaction.atomic
def update_phase(actor, *, phase, seen=None, **changes):
    """Change a phase."""
    require(can_plan(actor, phase))
    check_period(changes.get("start_date", phase.start_date), changes.get("finish_date", phase.finish_date))
    with _taken():
        diff = swap(phase, seen=seen, **changes)
    record(actor, "campaigns.phase_changed", phase, changes=diff)
    return phase


@transaction.atomic
def delete_phase(actor, *, phase, seen=None):
    """Delete a phase; refused with the list of KPIs that have a target for it."""
    require(can_plan(actor, phase))
    targets = KpiTarget.objects.filter(phase=phase, kpi__archived_at=None).select_related("kpi")
    refuse_if_attached(phase, [target.kpi.name for target in targets])
    refuse_if_attached(phase)
    record(actor, "campaigns.phase_deleted", phase)
    erase(phase, seen=seen)
