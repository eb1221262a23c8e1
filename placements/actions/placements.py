"""Acts on one placement: make, change, move, copy, archive."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.writing import once, visible_changes
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import swap
from placements.actions.checking import FIELDS, check_open, checked, forget, touch, write_flights, write_kpis
from placements.actions.release import unreleased
from placements.choices import PlacementState
from placements.models import Placement
from placements.permissions import can_place
from placements.rules import names, states
from placements.rules.plan import blocks
from placements.signals import placement_changed

NOT_COPIED = {"code", "name", "platform_id", "account_status", "creative_status", "status_reason", "utm_content"}


def tell(actor, placement, fields):
    """Let the floors above hear which fields moved."""
    if fields:
        placement_changed.send(sender=Placement, actor=actor, placement=placement, fields=set(fields))
    return placement


def _place_of(campaign, name, channel, code):
    """(code, rank) of a new placement at the end: a free code where none is given."""
    there = Placement.objects.filter(campaign=campaign).order_by()
    if code:
        last = there.aggregate(last=Max("rank"))["last"]
        return code, 0 if last is None else last + 1
    ranks = dict(there.values_list("code", "rank"))
    return names.suggest_code(name, channel.code, taken=ranks), max(ranks.values(), default=-1) + 1


def _code_once():
    return once("code", _("Another placement of this campaign has this code."))


def check_name(values):
    """A placement has a name to be found by."""
    if "name" in values and not values["name"].strip():
        sentence = _("Give the placement a name.")
        raise Invalid(sentence, code="name", errors={"name": sentence})


@transaction.atomic
def create_placement(actor, *, campaign, name, channel, code="", flights=(), kpis=(), **values):
    """Add a line to the media schedule, at the end; without a code one is suggested.

    `flights` are (first day, last day), both included; `values` are the fields of `checking.FIELDS`. Currency and UTM
    campaign come from the campaign unless given.
    """
    require(can_place(actor, campaign))
    code, rank = _place_of(campaign, name, channel, code)
    values["currency"] = values.get("currency") or campaign.currency
    values["utm_campaign"] = values.get("utm_campaign") or campaign.code.lower()
    values["utm_content"] = values.get("utm_content") or code.lower()
    row = Placement(workspace_id=campaign.workspace_id, campaign=campaign, currency=values["currency"], rank=rank)
    values = checked(campaign, row, {**values, "name": name, "code": code, "channel": channel})
    check_name(values)
    for field, value in values.items():
        setattr(row, field, value)
    with _code_once():
        row.save(force_insert=True)
    write_flights(row, list(flights), before=())
    write_kpis(row, kpis, before=())
    record(actor, "placements.placement_created", row)
    return tell(actor, row, {"created"})


@transaction.atomic
def update_placement(actor, *, placement, seen=None, flights=None, kpis=None, **changes):
    """Change fields, flights and KPIs of a placement; what is not given stays."""
    require(can_plan(actor, placement))
    check_name(changes)
    values = checked(placement.campaign, placement, changes)
    with _code_once():
        diff = swap(placement, seen=seen, **values)
    diff |= write_flights(placement, flights) if flights is not None else {}
    diff |= write_kpis(placement, kpis) if kpis is not None else {}
    if diff and not set(diff) & {"search_text", *FIELDS}:
        touch(placement)
    if diff:
        record(actor, "placements.placement_changed", placement, changes=visible_changes(diff))
    return tell(actor, placement, diff)


@transaction.atomic
def move_placement(actor, *, placement, state, reason="", seen=None):
    """Bring a placement into another state if the move exists and its guards hold."""
    require(can_plan(actor, placement))
    check_open(placement)
    states.check_move(placement.state, state, met=_met(placement, reason, state))
    diff = swap(placement, seen=seen, state=state)
    words = {"reason": [None, reason.strip()]} if reason.strip() else {}
    record(actor, "placements.placement_moved", placement, changes=diff | words)
    return tell(actor, placement, diff)


def _met(placement, reason, state):
    return states.guards_met(
        flights=len(placement.flights.all()),
        money=placement.budget_amount is not None or placement.net_price is not None,
        blocks=len(blocks(placement.findings())),
        statuses={placement.account_status, placement.creative_status},
        reason=reason,
        unreleased=unreleased(placement) if state == PlacementState.LIVE else (),
    )


@transaction.atomic
def duplicate_placement(actor, *, placement, name=""):
    """A planned copy with flights and KPIs, under a new code; nothing the platform said is copied."""
    values = {field: getattr(placement, field) for field in FIELDS - NOT_COPIED}
    return create_placement(
        actor,
        campaign=placement.campaign,
        name=name or names.copy_name(placement.name),
        flights=[(one.start_date, one.finish_date) for one in placement.flights.all()],
        kpis=list(placement.kpis.all()),
        **values,
    )


@transaction.atomic
def archive_placement(actor, *, placement, seen=None):
    """Take a placement out of the schedule; what is live must end first. Twice is once."""
    require(can_plan(actor, placement))
    if placement.state == "live":
        raise RuleBroken(_("A live placement is paused or ended before it is archived."), code="still_live")
    if placement.archived_at is None:
        diff = swap(placement, seen=seen, archived_at=timezone.now())
        record(actor, "placements.placement_archived", placement, changes=diff, inverse={"archived_at": None})
        tell(actor, placement, diff)
    return placement


@transaction.atomic
def restore_placement(actor, *, placement, seen=None):
    """Bring an archived placement back; twice is once."""
    require(can_plan(actor, placement))
    if placement.archived_at is not None:
        diff = swap(placement, seen=seen, archived_at=None)
        record(actor, "placements.placement_restored", placement, changes=diff)
        forget(placement)
        tell(actor, placement, diff)
    return placement
