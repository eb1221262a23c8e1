"""Acts on single flights."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import once
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import require
from core.swap import swap
from placements.actions.checking import check_flights, touch
from placements.actions.placements import tell
from placements.models import Flight


def _twice():
    return once("start_date", _("Another flight of this placement starts on this day."))


@transaction.atomic
def create_flight(actor, *, placement, start_date, finish_date):
    """Add a flight to a placement."""
    require(can_plan(actor, placement))
    check_flights([(start_date, finish_date)])
    with _twice():
        flight = Flight.objects.create(
            workspace_id=placement.workspace_id,
            campaign_id=placement.campaign_id,
            placement=placement,
            start_date=start_date,
            finish_date=finish_date,
        )
    touch(placement)
    record(actor, "placements.flight_created", flight)
    tell(actor, placement, {"flights"})
    return flight


@transaction.atomic
def update_flight(actor, *, flight, seen=None, **changes):
    """Move a flight's first or last day."""
    require(can_plan(actor, flight))
    check_flights([(changes.get("start_date", flight.start_date), changes.get("finish_date", flight.finish_date))])
    with _twice():
        diff = swap(flight, seen=seen, **changes)
    if diff:
        touch(flight.placement)
        record(actor, "placements.flight_changed", flight, changes=diff)
        tell(actor, flight.placement, {"flights"})
    return flight


@transaction.atomic
def delete_flight(actor, *, flight, seen=None):
    """Take a flight away; its planned days stay and show up as a finding."""
    require(can_plan(actor, flight))
    placement = flight.placement
    swap(flight, seen=seen)
    touch(placement)
    record(actor, "placements.flight_deleted", flight)
    flight.delete()
    tell(actor, placement, {"flights"})
