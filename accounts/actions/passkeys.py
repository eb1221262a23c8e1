"""Acts on seats' passkeys: add, name, remove; the proof by one, or by a PIN.

They stand in a table of their own: the sign-in of persons never looks there, so that no seat comes in without its door.
"""

import base64
import struct

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.actions.doors import Stranger
from accounts.actions.seats import check_pin_of, tell
from accounts.actions.tries import admit, forget
from accounts.models import SeatPasskey, SeatSession
from accounts.permissions import can_sit
from accounts.rules import doors as pace
from accounts.rules import invalid
from accounts.rules import passkeys as rules
from core.actor import Actor
from core.audit import record
from core.errors import PharosError, require
from core.swap import swap

VERIFIED = UserVerificationRequirement.REQUIRED  # a passkey stands for the PIN: the device asks who is there
FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    AssertionError,
    NotImplementedError,
    struct.error,
)


def _server(host):
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Pharos"))


def _credential(passkey):
    return AttestedCredentialData(base64.b64decode(passkey.credential))


def _known(seat):
    return [_credential(row) for row in SeatPasskey._base_manager.filter(seat=seat)]


# --- what the browser is asked --------------------------------------------------------------------------------------


def keep_question(session, challenge):
    """The browser's session keeps what it is asked."""
    session[rules.CHALLENGES] = rules.with_question(session.get(rules.CHALLENGES, {}), challenge)


def take_answer(session, purpose, credential, address):
    """What the browser at this address answered to it; it is asked no more."""
    answer, session[rules.CHALLENGES] = rules.answer_to(session.get(rules.CHALLENGES, {}), purpose, credential, address)
    return answer


def ask_new_passkey(seat, *, host):
    """(options for the browser, the challenge to keep) of a new passkey."""
    name = f"{seat.user.name} · {seat.workspace.name} ({seat.organization.name})"
    user = PublicKeyCredentialUserEntity(id=seat.user_id.bytes, name=name, display_name=name)
    preferred = ResidentKeyRequirement.PREFERRED
    more = {"resident_key_requirement": preferred, "user_verification": VERIFIED}
    options, state = _server(host).register_begin(user, credentials=_known(seat), **more)
    return dict(options), _asked(rules.ADD, state, seat)


def ask_passkey(seat, *, host, purpose):
    """The same of a proof by one of the seat's passkeys; without a seat by any that the browser has for us."""
    known = _known(seat) if seat else None
    options, state = _server(host).authenticate_begin(credentials=known, user_verification=VERIFIED)
    return dict(options), _asked(purpose, state, seat)


def _asked(purpose, state, seat):
    whose = {"seat_id": seat.pk, "epoch": seat.user.auth_epoch} if seat else {}
    return rules.asked(purpose, state, now=timezone.now(), **whose)


# --- proof ----------------------------------------------------------------------------------------------------------


def check_passkey_of(seat, answer, *, place, purpose):
    """The passkey by which this seat has proved itself; Invalid when it has not. Counted by the `place` (a device)."""
    return _checked(answer, [seat], place=place, purpose=purpose, seat=seat)


def seat_of_passkey(answer, *, seats, place):
    """Which of the `seats` has proved itself by a passkey, where none had been named."""
    return _checked(answer, seats, place=place, purpose=rules.SIT).seat


def _checked(answer, seats, *, place, purpose, seat=None):
    of_place = f"passkey-at:{place[:64]}"
    pace.check_wait(admit(of_place, pace=pace.device_pace, fades=pace.DEVICE_REST).wait, "device_rests")
    passkey = _passkey_of(answer, seats)
    try:
        whose = {"seat_id": seat.pk, "epoch": seat.user.auth_epoch} if seat else {}
        rules.check_asked(answer.asked, purpose, now=timezone.now(), **whose)
        _verify(answer, passkey)
    except PharosError:
        _note_refused(seat or (passkey.seat if passkey else None))
        raise
    forget(of_place)
    SeatPasskey._base_manager.filter(pk=passkey.pk).update(used_at=timezone.now())
    return passkey


def _passkey_of(answer, seats):
    """The passkey that answers, if it is one of these seats'."""
    try:
        key = rules.credential_hash(AuthenticationResponse.from_dict(answer.credential).raw_id)
    except FAULTS:
        return None
    with scopes_disabled():
        rows = SeatPasskey.objects.filter(key_hash=key, seat__in=seats)
        return rows.select_related("seat__user", "seat__workspace", "seat__organization__door").first()


def _verify(answer, passkey):
    """Is it signed by the passkey's other half, here and for this question, which is asked only once?"""
    state = answer.asked["state"]
    is_first = cache.add(f"seat-passkey:{state['challenge']}", 1, timeout=rules.CHALLENGE_LASTS.total_seconds())
    if passkey is None or not is_first:
        raise rules.refusal()
    try:
        _server(answer.host).authenticate_complete(state, [_credential(passkey)], answer.credential)
    except FAULTS as error:
        raise rules.refusal() from error


@transaction.atomic
def _note_refused(seat):
    if seat is not None:
        door = seat.organization.door
        record(Actor(user=Stranger(door), workspace=seat.workspace, door=door), "accounts.passkey_refused", seat)


def prove_seat(actor, *, session_id, place, pin="", answer=None):
    """Show once more who is at the keyboard, by PIN or by passkey (`answer`); good for five minutes."""
    require(actor.seat is not None)
    if answer is None:
        check_pin_of(actor.seat, pin=pin, place=place)
    else:
        check_passkey_of(actor.seat, answer, place=place, purpose=rules.PROVE)
    with transaction.atomic():
        record(actor, "accounts.seat_proved", actor.seat)
        SeatSession.objects.filter(pk=session_id, seat=actor.seat).running().update(proved_at=timezone.now())


# --- one's own ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_passkey(actor, *, answer, name=""):
    """Let one's seat prove itself by the passkey that the browser has just made."""
    seat = actor.seat
    require(seat is not None and actor.is_proved)
    rules.check_room(SeatPasskey.objects.filter(seat=seat).count())
    made = _made(answer, seat)
    values = {"key_hash": rules.credential_hash(made.credential_id), "name": rules.name_of(name or _("Passkey"))}
    try:
        with transaction.atomic():
            credential = base64.b64encode(bytes(made)).decode()
            row = SeatPasskey.objects.create(workspace_id=seat.workspace_id, seat=seat, credential=credential, **values)
    except IntegrityError as error:
        raise invalid("credential", _("This passkey is in use already."), "passkey_taken") from error
    record(actor, "accounts.passkey_added", seat, changes={"passkey": [None, row.name]})
    tell(seat, "passkey_added", passkey=row.name)
    return row


def _made(answer, seat):
    try:
        rules.check_asked(answer.asked, rules.ADD, now=timezone.now(), seat_id=seat.pk, epoch=seat.user.auth_epoch)
        return _server(answer.host).register_complete(answer.asked["state"], answer.credential).credential_data
    except (PharosError, *FAULTS) as error:
        raise rules.not_kept() from error


@transaction.atomic
def name_passkey(actor, *, passkey, name, seen=None):
    """Call one's passkey something else."""
    require(can_sit(actor, passkey.seat))
    diff = swap(passkey, seen=seen, name=rules.name_of(name))
    if diff:
        record(actor, "accounts.seat_passkey_renamed", passkey.seat, changes={"passkey": diff["name"]})
    return passkey


@transaction.atomic
def remove_passkey(actor, *, passkey):
    """A passkey proves nothing any more."""
    require(can_sit(actor, passkey.seat) and actor.is_proved)
    record(actor, "accounts.passkey_removed", passkey.seat, changes={"passkey": [passkey.name, None]})
    tell(passkey.seat, "passkey_removed", passkey=passkey.name)
    passkey.delete()
