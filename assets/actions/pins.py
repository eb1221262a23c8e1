"""Acts on remarks: make, reword, resolve, open again, take away, answer."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.actions.assets import check_living
from assets.actions.notices import tell_of
from assets.models import AssetVersion, Pin, PinReply, ReviewStep
from assets.permissions import can_answer_remark, can_remark, can_remove_remark, can_resolve, can_rewrite_remark
from assets.rules import guests
from assets.rules import pins as rules
from core.audit import record
from core.errors import RuleBroken, require
from core.locks import locked
from core.swap import swap


@transaction.atomic
def add_pin(actor, *, version, shape, text, is_blocking=True, guest=None, guest_name="", **place):
    """Put a remark on a place of a version; `place` as `rules.pins.place_of` takes it. A guest acts by their link.

    What a reviewer says while their level runs belongs to that level, and is as private as it. A partner's remark holds
    no approval up: what must be settled is for its client to say.
    """
    require(can_remark(actor, version, guest))
    check_living(version.asset)
    text = rules.check_remark(text)
    measures = version.measures
    known = {"text": version.text, "pages": measures.get("pages"), "length": measures.get("seconds")}
    place = rules.place_of(shape, place, **known)
    pin = Pin(
        workspace_id=version.workspace_id,
        campaign_id=version.campaign_id,
        version=version,
        step=None if guest else _step_of(actor, version),
        number=_next_number(version),
        shape=shape,
        quote=version.text[place["start"] : place["end"]][:500] if place["start"] is not None else "",
        text=text,
        is_blocking=is_blocking and actor.seat is None,
        **_author(actor, guest, guest_name),
        **place,
    )
    pin.save(force_insert=True)
    _note(actor, "assets.pin_added", pin, remark=[None, pin.text])
    tell_of(actor, pin)
    return pin


def _next_number(version):
    """Numbers of one version are given one after the other: its row is held until the act is over."""
    locked(AssetVersion.objects.filter(pk=version.pk)).only("pk").get()
    return (Pin.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0) + 1


def _step_of(actor, version):
    """The open level at which the actor is asked about this version."""
    if actor.user_id is None:
        return None
    return ReviewStep.objects.open_for(actor.user).filter(review__version=version).first()


def _author(actor, guest, guest_name):
    return {"guest": guest, "guest_name": guests.check_name(guest_name)} if guest else {"author": actor.user}


def _note(actor, verb, pin, **changes):
    """The line of the logbook, which everybody reads: of a private level nothing but that it was so."""
    is_private = pin.step is not None and pin.step.is_private
    record(actor, verb, pin.version.asset, changes={} if is_private else changes)


@transaction.atomic
def change_pin(actor, *, pin, seen=None, text=None, is_blocking=None):
    """Reword one's own remark, or say whether it must be settled; a partner's never must."""
    require(can_rewrite_remark(actor, pin))
    _check_there(pin)
    changes = {} if text is None else {"text": rules.check_remark(text)}
    changes |= {} if is_blocking is None or actor.seat is not None else {"is_blocking": is_blocking}
    diff = swap(pin, seen=seen, **changes)
    if diff:
        _note(actor, "assets.pin_changed", pin, **diff)
    return pin


def _check_there(pin):
    if pin.archived_at is not None:
        raise RuleBroken(_("This remark was taken away."), code="archived")


@transaction.atomic
def resolve_pin(actor, *, pin, seen=None):
    """Say that a remark is settled; twice is once."""
    require(can_resolve(actor, pin))
    _check_there(pin)
    if pin.resolved_at is None:
        swap(pin, seen=seen, resolved_at=timezone.now(), resolved_by=actor.user)
        _note(actor, "assets.pin_resolved", pin, remark=[pin.text, None])
        tell_of(actor, pin)
    return pin


@transaction.atomic
def reopen_pin(actor, *, pin, seen=None):
    """It was not settled after all."""
    require(can_resolve(actor, pin))
    _check_there(pin)
    if pin.resolved_at is not None:
        swap(pin, seen=seen, resolved_at=None, resolved_by=None)
        _note(actor, "assets.pin_reopened", pin, remark=[None, pin.text])
        tell_of(actor, pin)
    return pin


@transaction.atomic
def remove_pin(actor, *, pin, seen=None):
    """Take one's own remark away."""
    require(can_remove_remark(actor, pin))
    if pin.archived_at is None:
        swap(pin, seen=seen, archived_at=timezone.now())
        _note(actor, "assets.pin_removed", pin, remark=[pin.text, None])
    return pin


@transaction.atomic
def answer_pin(actor, *, pin, text, guest=None, guest_name=""):
    """Answer in the thread of a remark."""
    require(can_answer_remark(actor, pin, guest))
    _check_there(pin)
    row = PinReply.objects.create(
        workspace_id=pin.workspace_id,
        campaign_id=pin.campaign_id,
        pin=pin,
        text=rules.check_remark(text),
        **_author(actor, guest, guest_name),
    )
    _note(actor, "assets.pin_answered", pin, reply=[None, row.text])
    tell_of(actor, pin)
    return row
