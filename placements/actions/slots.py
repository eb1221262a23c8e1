"""Acts on slots: the places of a placement that assets run in, reserved from the first day."""

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from assets.actions import set_flight_dates
from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import once
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import erase, swap
from placements.actions.checking import check_open
from placements.choices import PlacementState
from placements.models import Slot
from placements.rules.release import check_take_out

MOST = 100
RELEASED = ("version", "released_by", "released_at")


def _once():
    return once("name", _("This placement has a slot of that name already."))


def _check(placement, name, standard, asset):
    """A name, and an asset of the campaign that is of the kind the standard asks for."""
    check_campaign(placement.campaign, asset=asset)
    if not name.strip():
        sentence = _("Give the slot a name.")
        raise Invalid(sentence, code="name", errors={"name": sentence})
    if asset is not None and asset.archived_at is not None:
        raise RuleBroken(_("This asset is archived. Restore it first."), code="archived")
    if asset is not None and standard is not None and asset.kind != standard.kind:
        words = {"kind": asset.get_kind_display(), "wanted": standard.get_kind_display()}
        sentence = _("The slot takes “%(wanted)s”, this asset is “%(kind)s”.") % words
        raise Invalid(sentence, code="wrong_kind", errors={"asset": sentence})


@transaction.atomic
def create_slot(actor, *, placement, name, standard=None, asset=None):
    """Reserve a slot in a placement, empty or for an asset."""
    require(can_plan(actor, placement))
    check_open(placement)
    _check(placement, name, standard, asset)
    there = Slot.objects.filter(placement=placement)
    if there.count() >= MOST:
        raise RuleBroken(_("A placement holds at most %(most)d slots.") % {"most": MOST}, code="too_many")
    last = there.aggregate(last=Max("position"))["last"]
    with _once():
        slot = Slot.objects.create(
            workspace_id=placement.workspace_id,
            campaign_id=placement.campaign_id,
            placement=placement,
            name=name.strip(),
            standard=standard,
            asset=asset,
            position=0 if last is None else last + 1,
        )
    record(actor, "placements.slot_reserved", slot)
    follow_flights([slot.asset_id])
    return slot


@transaction.atomic
def update_slot(actor, *, slot, seen=None, **changes):
    """Rename a slot, say what it takes, or plan another asset for it: what was released there before is taken out."""
    require(can_plan(actor, slot))
    check_open(slot.placement)
    now = {name: changes.get(name, getattr(slot, name)) for name in ("name", "standard", "asset")}
    _check(slot.placement, **now)
    before = slot.asset_id
    if now["asset"] != slot.asset:
        check_take_out(is_running=slot.version_id is not None and slot.placement.state == PlacementState.LIVE)
        changes |= dict.fromkeys(RELEASED)
    with _once():
        diff = swap(slot, seen=seen, **changes)
    if diff:
        record(actor, "placements.slot_changed", slot, changes=diff)
        follow_flights([before, slot.asset_id])
    return slot


@transaction.atomic
def delete_slot(actor, *, slot, seen=None):
    """Give a slot up; what runs in it is taken out first."""
    require(can_plan(actor, slot))
    if slot.version_id is not None:
        raise RuleBroken(_("A version is released in this slot. Take it out first."), code="released")
    before = slot.asset_id
    record(actor, "placements.slot_given_up", slot)
    erase(slot, seen=seen)
    follow_flights([before])


def follow_flights(assets):
    """Tell assets (ids) on which day the earliest flight of the placements they are planned for begins."""
    days = dict.fromkeys(filter(None, assets))
    rows = Slot.objects.filter(asset__in=list(days), placement__archived_at=None)
    rows = rows.exclude(placement__state="cancelled").order_by().values_list("asset")
    days.update(rows.annotate(day=Min("placement__flights__start_date")))
    if days:
        set_flight_dates(days)


def flights_moved(placement):
    """Its flights, its state or its place in the schedule changed: assets that are planned for it follow."""
    follow_flights(Slot.objects.filter(placement=placement).values_list("asset_id", flat=True))
