"""Rules of seats' passkeys: what a challenge is good for and how long, how many there may be. Pure."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.rules import invalid
from core.errors import RuleBroken

CHALLENGES = "seat_passkeys"  # in the browser's session: {purpose: what was asked}
ADD, SIT, PROVE = "add", "sit", "prove"
CHALLENGE_LASTS = timedelta(minutes=10)
MOST, LONGEST_NAME = 10, 80


class Answer(NamedTuple):
    """What a browser answered (`credential`, as WebAuthn says it in JSON) to what was `asked` under the name `host`."""

    asked: dict
    credential: object
    host: str


def asked(purpose: str, state: dict, *, now: datetime, seat_id="", epoch=0) -> dict:
    """What the browser's session keeps of a challenge."""
    return {"for": purpose, "state": state, "seat": str(seat_id), "epoch": epoch, "at": int(now.timestamp())}


def with_question(open_ones: dict, challenge: dict) -> dict:
    """The open questions of a browser and this one; the last of a purpose counts."""
    return {**open_ones, challenge["for"]: challenge}


def answer_to(open_ones: dict, purpose: str, credential, address: str) -> tuple[Answer, dict]:
    """The answer to what was asked last, and the questions that stay open. `credential` may be JSON as in a form."""
    rest = {name: question for name, question in open_ones.items() if name != purpose}
    return Answer(open_ones.get(purpose, {}), _read(credential), host_of(address)), rest


def _read(credential):
    if not isinstance(credential, str):
        return credential
    try:
        return json.loads(credential)
    except (ValueError, RecursionError):
        return None


def host_of(address: str) -> str:
    """The name that passkeys belong to: the host without its port, an address of IPv6 without its brackets."""
    return urlsplit(f"//{address}").hostname or ""


def check_asked(question: dict, purpose: str, *, now: datetime, seat_id="", epoch=0):
    """The question was put for this purpose, to this seat as it is now, and not long ago."""
    is_fresh = question.get("at", 0) > (now - CHALLENGE_LASTS).timestamp()
    expected = {"for": purpose, "seat": str(seat_id), "epoch": epoch}
    if not is_fresh or any(question.get(name) != value for name, value in expected.items()):
        raise refusal()


def refusal():
    """One sentence for whatever is wrong with a passkey: whose it is and why is nobody's business."""
    return invalid("credential", _("This passkey was not taken. Try once more, or use your PIN."), "passkey_refused")


def not_kept():
    return invalid("credential", _("The browser made no passkey that can be used here. Try once more."), "no_passkey")


def check_room(count: int):
    if count >= MOST:
        raise RuleBroken(_("You have %(most)s passkeys. Remove one first.") % {"most": MOST}, code="too_many")


def name_of(text: str) -> str:
    """What its owner calls it."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise invalid("name", _("Use %(least)s to %(most)s characters.") % {"least": 1, "most": LONGEST_NAME})
    return name


def credential_hash(credential_id: bytes) -> str:
    """By what a passkey is found again."""
    return hashlib.sha256(credential_id).hexdigest()
