"""Rules of doors, seats and invitations: passwords and PINs, how tries are slowed down, who may be what. Pure."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.rules import SLUG, invalid
from core.errors import Invalid, RuleBroken

DOORS = "doors"  # in the browser's session: {id of a door: [when it was opened, its epoch]}
SEAT_SESSION = "seat_session"  # in the browser's session: the id of the SeatSession
OTHER_SEATS = "other_seats"  # in the browser's session: [[id of a seat of the same person, where it is] …]
DOOR_CODE = "door_code"  # in the browser's session: [seat, what its code is made of, when, was the code right]
DOOR_LASTS = timedelta(hours=12)
CODE_LASTS = timedelta(minutes=10)
INVITATION_LASTS = timedelta(days=7)
DEVICE_LASTS = timedelta(days=400)
DRAFT_LASTS = timedelta(days=30)

# --- door passwords -------------------------------------------------------------------------------------------------

SHORTEST_PASSWORD, LONGEST_PASSWORD = 15, 128
CONSONANTS, VOWELS, DIGITS = "bdfghjklmnprstvz", "aeiou", "23456789"


def new_door_password() -> str:
    """A password that can be read out on the phone: `kado-mitu-reba-soni-4829`; more than 60 bits."""
    groups = ["".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2)) for _ in range(4)]
    return "-".join([*groups, "".join(secrets.choice(DIGITS) for _ in range(4))])


def check_door_password(password: str, *, name: str):
    """Long enough, not one sign over and over, and not the door's own name."""
    text = password.strip()
    if not len(text) >= SHORTEST_PASSWORD or len(password) > LONGEST_PASSWORD:
        sentence = _("Use %(least)s to %(most)s characters.")
        raise invalid("password", sentence % {"least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD})
    rest = text.lower().replace(name.lower(), "")
    if len(set(text.lower())) < 6 or len(rest) < 8:
        raise invalid("password", _("This password is too easy to guess. Take the one that is offered."))


def check_door(*, name=None, seat_cap=None, idle_minutes=None, seats=0):
    """The name one types at the door, how many seats there are at most, and when a screen locks."""
    if name is not None and not SLUG.fullmatch(name):
        raise invalid("name", _("Use lower-case letters, digits and hyphens for the sign-in name."))
    if seat_cap is not None and not 1 <= seat_cap <= 200:
        raise invalid("seat_cap", _("Between 1 and 200 seats."))
    if seat_cap is not None and seat_cap < seats:
        sentence = _("%(seats)s seats are taken or invited already. Remove some first.")
        raise invalid("seat_cap", sentence % {"seats": seats})
    if idle_minutes is not None and not 5 <= idle_minutes <= 480:
        raise invalid("idle_minutes", _("Between 5 and 480 minutes."))


# --- PINs -----------------------------------------------------------------------------------------------------------

SIX_DIGITS = re.compile(r"[0-9]{6}")


def six_digits(text: str) -> str:
    """What was typed as a PIN or a code: blanks and full-width digits are forgiven."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or ""))


def check_pin(pin: str):
    """Six digits that are not the first ones everybody tries: a run, a pattern, a day or a month."""
    if not SIX_DIGITS.fullmatch(pin):
        raise invalid("pin", _("A PIN has six digits."))
    if is_plain_pin(pin):
        raise invalid("pin", _("This PIN is easy to guess: no runs, no patterns, no dates."), "plain_pin")


def is_plain_pin(pin: str) -> bool:
    """000000, 123456, 121212, 123123, 112233, 880612, 120688, 198806 and their like."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_pattern = pin[:2] * 3 == pin or pin[:3] * 2 == pin or pin[::2] == pin[1::2] or pin == pin[::-1]
    return steps <= {0} or steps == {1} or steps == {9} or is_pattern or _is_date(pin)


def _is_date(pin):
    """A day as YYMMDD, DDMMYY or MMDDYY, or a month as YYYYMM."""
    a, b, c = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    if re.match(r"(19[3-9]|20[0-2])[0-9](0[1-9]|1[0-2])$", pin):
        return True
    return any(_is_day(*day) for day in ((a, b, c), (c, b, a), (c, a, b)))


def _is_day(year, month, day):
    try:
        return bool(date(2000 + year, month, day))
    except ValueError:
        return False


def pin_material(pin: str, *, user_id, pepper: str) -> str:
    """What is hashed of a PIN: six digits alone could be searched by whoever has the database."""
    return hmac.new(pepper.encode(), f"seat-pin:{user_id}:{pin}".encode(), hashlib.sha256).hexdigest()


def mail_code(seed: str, *, seat_id, pepper: str) -> str:
    """The six digits that were mailed to a seat: made of a seed and the pepper, and kept nowhere."""
    found = hmac.new(pepper.encode(), f"door-code:{seat_id}:{seed}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8], 'big') % 1_000_000:06d}"


def same_digits(typed: str, digits: str) -> bool:
    """Compare without telling by the time it takes."""
    return hmac.compare_digest(six_digits(typed).encode(), digits.encode())


def device_hash(key: str) -> str:
    """What is kept of the cookie by which a browser is known; "" for a browser without one."""
    return token_hash(key) if len(key) >= 32 else ""


def place_of(key: str, address: str | None) -> str:
    """Where PINs are tried: a known browser by its cookie, else by its address."""
    return device_hash(key) or f"ip:{address}"


# --- tries ----------------------------------------------------------------------------------------------------------

PIN_TRIES, PIN_REST = 5, timedelta(minutes=15)
DEVICE_TRIES, DEVICE_REST = 10, timedelta(hours=1)
ALARM_AT = 50
NONE = timedelta(0)


def pin_pace(tries: int) -> timedelta:
    """The fifth wrong PIN in a quarter of an hour: a quarter of an hour of rest, for this seat alone."""
    return PIN_REST if tries >= PIN_TRIES else NONE


def device_pace(tries: int) -> timedelta:
    """Ten wrong PINs in an hour from one device: an hour of rest for the device."""
    return DEVICE_REST if tries >= DEVICE_TRIES else NONE


def door_pace(tries: int) -> timedelta:
    """Wrong passwords for a door from one place: after the third each waits twice as long, five minutes at most."""
    return NONE if tries < 3 else timedelta(seconds=min(2 ** (tries - 2), 300))


def crowd_pace(tries: int) -> timedelta:
    """Wrong passwords for a door from all unknown places together: the door gets slower and never shuts."""
    return NONE if tries < 20 else timedelta(seconds=min(2 ** ((tries - 20) // 20), 8))


def mail_pace(tries: int) -> timedelta:
    """Codes mailed to one seat: each waits longer, so that nobody's mailbox is flooded."""
    return timedelta(seconds=min(20 * 2 ** (tries - 1), 900))


def check_wait(seconds: int, code="too_often"):
    """Raise what tells somebody how long to wait."""
    if seconds > 0:
        raise RuleBroken(wait_words(seconds), code=code, wait=seconds)


def wait_words(seconds: int) -> str:
    """How long to wait, in a sentence."""
    if seconds < 90:
        return _("That was very often. Wait %(n)s seconds and try again.") % {"n": seconds}
    return _("That was very often. Wait %(n)s minutes and try again.") % {"n": -(-seconds // 60)}


# --- seats and invitations ------------------------------------------------------------------------------------------


def invitation_token(invitation_id, *, secret: str) -> str:
    """The secret of an invitation's link: made of its id and a key that is not in the database, and kept nowhere."""
    made = hmac.new(secret.encode(), f"invitation:{invitation_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def is_refused_for_good(answers: list[int]) -> bool:
    """Whether a mail server's answers about recipients say that it will never take mail for them."""
    return bool(answers) and all(500 <= code < 600 for code in answers)


def token_hash(token: str) -> str:
    """SHA-256 in hex: enough for a secret of full entropy."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_seat_room(*, seats: int, cap: int):
    """There is a seat left at the door; open invitations take one each."""
    if seats >= cap:
        sentence = _("All %(cap)s seats of this door are taken or invited. Ask your client for more, or remove one.")
        raise RuleBroken(sentence % {"cap": cap}, code="no_seat_left")


def check_address(*, email: str, phone: str):
    """An invitation is bound to somebody."""
    if not email and not phone:
        raise invalid("email", _("Enter an e-mail address or a phone number."))


def check_seat_end(expires_at: datetime | None, *, now: datetime, stands: datetime | None, is_manager: bool):
    """A seat ends in the future; its lead may bring the end that the client set nearer, not farther."""
    if expires_at is not None and expires_at <= now:
        raise invalid("expires_at", _("Choose a time that is still to come."))
    if not is_manager and stands and (expires_at is None or expires_at > stands):
        raise invalid("expires_at", _("Only your client makes this seat last longer."))


def check_one_address(*, email: str, phone: str):
    """An invitation of a member is bound to one thing that can be proved."""
    check_address(email=email, phone=phone)
    if email and phone:
        raise invalid("phone", _("Enter either an e-mail address or a phone number, not both."))


def check_invitation(state: str, *, is_seat: bool = True):
    """Only an open invitation lets somebody in."""
    by_door = _("This invitation was used already. If it was you, come in by the door.")
    words = {
        "used": by_door if is_seat else _("This invitation was used already. If it was you, sign in."),
        "revoked": _("This invitation was taken back. Ask whoever invited you for a new one."),
        "expired": _("This invitation has expired. Ask whoever invited you for a new one."),
    }
    if state in words:
        raise RuleBroken(words[state], code=f"invitation_{state}")


def check_inviter(may_give: bool):
    """Nobody gets more than whoever invited them may give when the invitation is accepted."""
    if not may_give:
        sentence = _("Whoever invited you may not give this access any more. Ask for a new invitation.")
        raise RuleBroken(sentence, code="inviter_gone")


def check_same(first: str, again: str):
    """What was typed twice is the same."""
    if first != again:
        raise Invalid(_("The two PINs differ."), code="differs", errors={"again": _("The two PINs differ.")})
