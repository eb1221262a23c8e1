"""What of the readiness of campaigns waits for a person: lines to sign, accesses to bring on."""

from campaigns.actions.writing import today_of, zone_of
from campaigns.choices import AccessState
from campaigns.models import AccessItem, ReadinessLine

OVER = ("closed", "cancelled")


def lines_to_sign(actor, *, today):
    """Lines that name the person and that nobody signed, or whose signature ended; campaigns that start soon first."""
    rows = ReadinessLine.objects.visible_to(actor).to_sign(today=today).filter(owner=actor.user_id)
    return _going_on(rows).order_by("campaign__start_date", "pk")


def accesses_of(actor):
    """Accesses the person owns that are not proven or expire soon, each with how far it is in words."""
    rows = AccessItem.objects.visible_to(actor).active().filter(owner=actor.user_id)
    return [row for row in map(_shown, _going_on(rows).order_by("campaign__start_date", "name")) if row.wants]


def _going_on(rows):
    rows = rows.filter(campaign__archived_at=None).exclude(campaign__state__in=OVER)
    return rows.select_related("campaign", "workspace")


def _shown(row):
    row.stands = row.standing(today_of(row.campaign), zone_of(row.campaign))
    row.wants = row.stands.is_expiring or not row.stands.is_proven
    row.state_label = AccessState(row.stands.state).label
    return row
