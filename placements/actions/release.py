"""Acts that let an approved version run in a slot, and take it out again."""

from django.db import transaction
from django.utils import timezone

from assets.actions.stages import today_of
from assets.models import AssetVersion, Right
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import require
from core.swap import swap
from placements.actions.checking import check_open
from placements.choices import PlacementState
from placements.models import Slot
from placements.rules import release as rules


def lapses(asset, placement):
    """Names of the asset's rights that do not hold on every day of the placement's flights."""
    rows = Right.objects.filter(asset=asset)
    rights = [(str(right), right.start_date, right.finish_date) for right in rows]
    spans = [(flight.start_date, flight.finish_date) for flight in placement.flights.all()]
    return rules.lapsing(rights, spans, today=today_of(placement.campaign))


def is_approved(version):
    return AssetVersion.objects.approved().filter(pk=version.pk).exists()


@transaction.atomic
def release_version(actor, *, slot, version, seen=None):
    """Let a version run in a slot. Its review passed with exactly its bytes, and its rights hold over the flights."""
    require(can_plan(actor, slot))
    check_open(slot.placement)
    rules.check_release(
        is_of_slot=slot.asset_id is not None and version.asset_id == slot.asset_id,
        is_approved=is_approved(version),
        lapses=lapses(slot.asset, slot.placement) if slot.asset else [],
    )
    if slot.version_id == version.pk:
        return slot
    swap(slot, seen=seen, version=version, released_by=actor.user, released_at=timezone.now())
    said = {"version": [None, version.number], "sha256": [None, version.sha256]}
    record(actor, "placements.version_released", slot, changes=said)
    return slot


@transaction.atomic
def take_out_version(actor, *, slot, seen=None):
    """Nothing runs in the slot any longer; twice is once. What is live is paused first."""
    require(can_plan(actor, slot))
    check_open(slot.placement)
    if slot.version_id is not None:
        rules.check_take_out(is_running=slot.placement.state == PlacementState.LIVE)
        before = slot.version.number
        swap(slot, seen=seen, version=None, released_by=None, released_at=None)
        record(actor, "placements.version_taken_out", slot, changes={"version": [before, None]})
    return slot


def unreleased(placement):
    """Names of the slots in which nothing runs that may: empty, not approved, or a right that lapses in the flights."""
    slots = list(Slot.objects.filter(placement=placement).select_related("asset"))
    approved = AssetVersion.objects.approved().filter(pk__in=[slot.version_id for slot in slots if slot.version_id])
    sound = set(approved.values_list("pk", flat=True))
    return [slot.name for slot in slots if slot.version_id not in sound or lapses(slot.asset, placement)]
