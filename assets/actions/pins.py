"""Acts on remarks: make, reword, resolve, open again, take away, reply."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import Pin, PinReply
from assets.permissions import can_remark, can_resolve, can_rewrite_remark
from assets.rules import pins as rules
from core.audit import record
from core.errors import RuleBroken, require
from core.locks import locked
from core.swap import swap


@transaction.atomic
def add_pin(actor, *, version, shape, text, step=None, is_blocking=True, guest=None, guest_name="", **place):
    """Put a remark on a place of a version; `place` as `rules.pins.place_of` takes it. A guest acts by their link."""
    require(can_remark(actor, version, guest))
    place = rules.place_of(
        shape,
        place,
        text=version.text,
        pages=version.measures.get("pages"),
        length=version.measures.get("seconds"),
    )
    quote = version.text[place["start"] : place["end"]][:500] if place["start"] is not None else ""
    locked(type(version).objects.filter(pk=version.pk)).get()  # numbers of one version are given one after the other
    last = Pin.objects.filter(version=version).aggregate(last=Max("number"))["last"] or 0
    pin = Pin(
        workspace_id=version.workspace_id,
        campaign_id=version.campaign_id,
        version=version,
        step=step,
        number=last + 1,
        shape=shape,
        quote=quote,
        text=rules.check_remark(text),
        is_blocking=is_blocking,
        **_author(actor, guest, guest_name),
        **place,
    )
    try:
        with transaction.atomic():
            pin.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(_("Somebody added a remark at the same moment. Try again."), code="same_moment") from error
    record(actor, "assets.pin_added", version.asset, changes={"remark": [None, pin.text]})
    return pin


def _author(actor, guest, guest_name):
    return {"guest": guest, "guest_name": guest_name.strip()[:80]} if guest else {"author": actor.user}


@transaction.atomic
def change_pin(actor, *, pin, seen=None, text=None, is_blocking=None):
    """Reword one's own remark, or say whether it must be settled."""
    require(can_rewrite_remark(actor, pin))
    changes = {} if text is None else {"text": rules.check_remark(text)}
    changes |= {} if is_blocking is None else {"is_blocking": is_blocking}
    diff = swap(pin, seen=seen, **changes)
    if diff:
        record(actor, "assets.pin_changed", pin.version.asset, changes=diff)
    return pin


@transaction.atomic
def resolve_pin(actor, *, pin, seen=None):
    """Say that a remark is settled; twice is once."""
    require(can_resolve(actor, pin))
    if pin.resolved_at is None:
        swap(pin, seen=seen, resolved_at=timezone.now(), resolved_by=actor.user)
        record(actor, "assets.pin_resolved", pin.version.asset, changes={"remark": [pin.text, None]})
    return pin


@transaction.atomic
def reopen_pin(actor, *, pin, seen=None):
    """It was not settled after all."""
    require(can_resolve(actor, pin))
    if pin.resolved_at is not None:
        swap(pin, seen=seen, resolved_at=None, resolved_by=None)
        record(actor, "assets.pin_reopened", pin.version.asset, changes={"remark": [None, pin.text]})
    return pin


@transaction.atomic
def remove_pin(actor, *, pin, seen=None):
    """Take one's own remark away."""
    require(can_rewrite_remark(actor, pin))
    if pin.archived_at is None:
        diff = swap(pin, seen=seen, archived_at=timezone.now())
        record(actor, "assets.pin_removed", pin.version.asset, changes=diff)
    return pin


@transaction.atomic
def reply(actor, *, pin, text, guest=None, guest_name=""):
    """Answer in the thread of a remark."""
    require(can_remark(actor, pin.version, guest))
    if pin.archived_at is not None:
        raise RuleBroken(_("This remark was taken away."), code="archived")
    row = PinReply.objects.create(
        workspace_id=pin.workspace_id,
        campaign_id=pin.campaign_id,
        pin=pin,
        text=rules.check_remark(text),
        **_author(actor, guest, guest_name),
    )
    record(actor, "assets.pin_answered", pin.version.asset, changes={"reply": [None, row.text]})
    return row
