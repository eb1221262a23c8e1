"""Acts on seats: their role and end, freeze and remove; sitting down, proving, leaving; PIN, devices, drafts."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from accounts.actions.doors import Stranger, hold
from accounts.actions.tries import admit, forget, give_back
from accounts.choices import SeatProof, UserKind
from accounts.models import Draft, Invitation, Seat, SeatDevice, SeatSession
from accounts.permissions import can_keep_door, can_keep_seats, can_sit
from accounts.rules import doors as rules
from accounts.rules import invalid
from core.actor import Actor
from core.audit import record
from core.errors import RuleBroken, require
from core.jobs import enqueue
from core.locks import locked
from core.swap import swap

# --- looking after seats --------------------------------------------------------------------------------------------


@transaction.atomic
def change_seat(actor, *, seat, seen=None, **changes):
    """Change a seat's role or when it ends. What its role reaches is granted by the client alone."""
    require(can_keep_seats(actor, seat.organization))
    _check_other(actor, seat)
    if "expires_at" in changes:
        is_manager = can_keep_door(actor, seat.organization)
        stands = {"stands": seat.expires_at, "is_manager": is_manager, "now": timezone.now()}
        rules.check_seat_end(changes["expires_at"], **stands)
    hold(seat.organization_id)
    diff = swap(seat, seen=seen, **changes)
    if diff:
        record(actor, "accounts.seat_changed", seat, changes=diff)
    return seat


@transaction.atomic
def freeze_seat(actor, *, seat):
    """Shut a person out at once, for the time being."""
    require(can_keep_seats(actor, seat.organization))
    _check_other(actor, seat)
    seat = _held(seat)
    if seat.frozen_at is None:
        diff = swap(seat, frozen_at=timezone.now(), frozen_by=actor.user)
        end_everything_of(seat)
        record(actor, "accounts.seat_frozen", seat, changes={"frozen_at": diff["frozen_at"]})
    return seat


@transaction.atomic
def unfreeze_seat(actor, *, seat):
    """Let a person in again. What the client froze only the client unfreezes."""
    require(can_keep_seats(actor, seat.organization))
    seat = _held(seat)
    by_client = seat.frozen_by is not None and seat.frozen_by.kind != UserKind.SEAT
    if by_client and not can_keep_door(actor, seat.organization):
        raise RuleBroken(_("Your client froze this seat; only they unfreeze it."), code="frozen_by_client")
    diff = swap(seat, frozen_at=None, frozen_by=None)
    if diff:
        record(actor, "accounts.seat_unfrozen", seat, changes={"frozen_at": diff["frozen_at"]})
    return seat


@transaction.atomic
def remove_seat(actor, *, seat, seen=None):
    """Take a seat away for good: sessions, devices, passkeys and drafts end at once; the name stays in history."""
    require(can_keep_seats(actor, seat.organization))
    _check_other(actor, seat)
    held = _held(seat)
    diff = swap(held, seen=seen, removed_at=timezone.now(), pin_hash="")
    end_everything_of(held)
    held.devices.all().delete()
    held.passkeys.all().delete()
    Draft.objects.filter(user=held.user).delete()
    record(actor, "accounts.seat_removed", held, changes={"removed_at": diff["removed_at"]})
    return held


def _held(seat):
    """The seat as it is now, locked with all seats of its organisation."""
    _door, seats = hold(seat.organization_id)
    for row in seats:
        if row.pk == seat.pk:
            row.user, row.organization = seat.user, seat.organization
            return row
    raise RuleBroken(_("This seat was removed."), code="seat_removed")


def _check_other(actor, seat):
    if can_sit(actor, seat):
        raise RuleBroken(_("This is your own seat; somebody else changes it."), code="own_seat")


def end_everything_of(seat):
    """Sessions of a seat, and the invitations it made that nobody has used."""
    now = timezone.now()
    swap(seat.user, auth_epoch=seat.user.auth_epoch + 1)
    seat.sessions.filter(ended_at=None).update(ended_at=now)
    Invitation.objects.filter(made_by=seat.user).open(now=now).update(revoked_at=now)


# --- proof ----------------------------------------------------------------------------------------------------------


def check_pin_of(seat, *, pin, place):
    """Is this the seat's PIN? Counted before it is looked at: five for the seat, ten for the `place` (a device).

    Raises RuleBroken when there were too many, Invalid when it is wrong.
    """
    of_seat, of_place = f"pin:{seat.pk}", f"pin-at:{place[:64]}"
    found = admit(of_seat, pace=rules.pin_pace, fades=rules.PIN_REST)
    rules.check_wait(found.wait, "pin_rests")
    here = admit(of_place, pace=rules.device_pace, fades=rules.DEVICE_REST)
    if here.wait:
        give_back(of_seat)
        rules.check_wait(here.wait, "device_rests")
    if seat.pin_hash and check_password(_material(seat, rules.six_digits(pin)), seat.pin_hash):
        forget(of_seat)
        give_back(of_place)
        return
    _note_wrong_pin(seat, found.count)
    raise invalid("pin", _("This is not your PIN."), "wrong_pin")


def _material(seat, pin):
    return rules.pin_material(pin, user_id=seat.user_id, pepper=settings.PIN_PEPPER)


def hash_pin(seat, pin):
    """What is kept of a PIN."""
    return make_password(_material(seat, pin))


@transaction.atomic
def _note_wrong_pin(seat, count):
    """A line of the logbook; at the fifth a mail to whoever sits there, at the fiftieth of a day to the managers."""
    door = seat.organization.door
    record(Actor(user=Stranger(door), workspace=seat.workspace, door=door), "accounts.pin_refused", seat)
    if count == rules.PIN_TRIES:
        tell(seat, "pin_frozen")
    day = f"pin-day:{seat.organization_id}:{timezone.now():%Y%m%d}"
    if admit(day, pace=lambda _count: rules.NONE, fades=rules.INVITATION_LASTS).count == rules.ALARM_AT:
        named = {"organization_id": seat.organization_id}
        enqueue("accounts.tell_pin_alarm", workspace_id=seat.workspace_id, **named)


def tell(seat, what, **words):
    """Have a mail sent to the seat's own address."""
    if seat.email:
        enqueue("accounts.tell_seat", workspace_id=seat.workspace_id, seat_id=seat.pk, what=what, **words)


# --- coming and going -----------------------------------------------------------------------------------------------


@transaction.atomic
def sit_down(seat, *, device_hash, label, ip, leaves=None, method=SeatProof.PIN):
    """A seat that has proved itself takes the keyboard of a browser; whoever sat there leaves, and so does `leaves`."""
    now = timezone.now()
    door = seat.organization.door
    if not seat.is_open(now):
        raise PermissionDenied
    _clear_keyboard(device_hash, leaves, now)
    device, is_new = SeatDevice.objects.get_or_create(
        seat=seat, key_hash=device_hash, defaults=_of(seat) | {"label": label, "seen_at": now}
    )
    if is_new:
        tell(seat, "new_device", label=label)
    else:
        SeatDevice.objects.filter(pk=device.pk).update(seen_at=now, label=label)
    epochs = {"user_epoch": seat.user.auth_epoch, "door_epoch": door.epoch}
    where = {"device": device, "label": label, "ip": ip, "method": method, "seen_at": now, "proved_at": now}
    row = SeatSession.objects.create(**_of(seat), seat=seat, door=door, **where, **epochs)
    record(Actor(user=seat.user, workspace=seat.workspace, door=door, seat=seat), "accounts.seat_taken", seat)
    return row


def _clear_keyboard(device_hash, leaves, now):
    """One seat at a keyboard, also of two that sit down in two tabs at once: the later one finds the other's session,
    for the browser's rows are locked. Else both would go on, and a cookie that comes late could hand a form to the
    wrong one."""
    with scopes_disabled():
        rows = locked(SeatDevice.objects.filter(key_hash=device_hash).order_by("pk"), no_key=True)
        here = Q(device__in=[row.pk for row in rows]) | Q(pk=leaves)
        SeatSession.objects.filter(here).running().update(ended_at=now)


def _of(seat):
    return {"workspace_id": seat.workspace_id}


@transaction.atomic
def end_seat_session(actor, *, session):
    """End a session: one's own, or another's by whoever looks after the seats."""
    require(can_sit(actor, session.seat) or can_keep_seats(actor, session.seat.organization))
    if session.ended_at is None:
        record(actor, "accounts.seat_left", session.seat)
        SeatSession.objects.filter(pk=session.pk).running().update(ended_at=timezone.now())
    session.refresh_from_db(fields=["ended_at"])
    return session


# --- one's own ------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_pin(actor, *, pin, again, keeps=None):
    """Choose a new PIN; other sessions of the seat end. `keeps` is the session at hand."""
    require(actor.seat is not None and actor.is_proved)
    pin, again = rules.six_digits(pin), rules.six_digits(again)
    rules.check_same(pin, again)
    rules.check_pin(pin)
    seat = Seat.objects.select_related("user").get(pk=actor.seat.pk)
    record(actor, "accounts.pin_changed", seat)
    swap(seat, pin_hash=hash_pin(seat, pin), pin_at=timezone.now())
    seat.sessions.filter(ended_at=None).exclude(pk=keeps).update(ended_at=timezone.now())
    tell(seat, "pin_changed")
    return seat


@transaction.atomic
def forget_device(actor, *, device):
    """A browser is known no more: sessions there end, and coming back needs a code by mail."""
    require(can_sit(actor, device.seat))
    record(actor, "accounts.device_forgotten", device.seat, changes={"device": [device.label, None]})
    device.sessions.filter(ended_at=None).update(ended_at=timezone.now())
    device.delete()


SECRET_FIELDS = ("csrfmiddlewaretoken", "seat_pin", "seat_passkey", "credential", "pin", "again", "password")
SECRET_FIELDS += ("lock_version",)


def keep_draft(actor, *, page, fields):
    """Keep what somebody has typed into the forms of a page; nothing typed takes the draft away."""
    if actor.guard:
        actor.guard()
    kept = {name[:100]: text for name, text in fields.items() if name not in SECRET_FIELDS and text}
    if not page.startswith(f"/w/{actor.workspace.slug}/") or len(page) > 500:
        raise invalid("page", _("This is no page of the workspace."))
    if len(kept) > 200 or sum(map(len, kept.values())) > 200_000:
        raise invalid("fields", _("This is too much to keep as a draft."), "too_long")
    if not kept:
        return drop_draft(actor, page=page)
    of = {"workspace_id": actor.workspace_id, "user_id": actor.user_id, "page": page}
    draft, _made = Draft.objects.update_or_create(**of, defaults={"fields": kept, "updated_at": timezone.now()})
    return draft


def drop_draft(actor, *, page):
    """What was typed there is done with."""
    Draft.objects.filter(user=actor.user_id, page=page).delete()


def tidy_drafts():
    """Throw old drafts away."""
    with scopes_disabled():
        Draft.objects.filter(updated_at__lt=timezone.now() - rules.DRAFT_LASTS).delete()


# --- the code for a new device --------------------------------------------------------------------------------------


def ask_code(seat, *, email, seed, place):
    """Have the six digits mailed to a seat that is not known in a browser; each further mail waits longer.

    Nobody's address (no seat) counts the same.
    """
    rules.check_wait(admit(f"mail-at:{place[:64]}", pace=rules.door_pace, fades=rules.DEVICE_REST).wait)
    address = rules.token_hash(email.lower())
    rules.check_wait(admit(f"mail:{address}", pace=rules.mail_pace, fades=rules.DEVICE_REST).wait)
    if seat is not None:
        tell(seat, "code", seed=seed)


def check_code(code, *, seat_id, seed):
    """Are these the digits that were mailed? Counted like a PIN."""
    rules.check_wait(admit(f"code:{seat_id or seed}", pace=rules.pin_pace, fades=rules.PIN_REST).wait, "code_rests")
    digits = rules.mail_code(seed, seat_id=seat_id, pepper=settings.PIN_PEPPER)
    if not (rules.same_digits(code, digits) and seat_id):
        raise invalid("code", _("This is not the code."), "wrong_code")
    forget(f"code:{seat_id}")
