"""Links for guests: how long they live, and how their secret is kept. Pure: on plain values."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.utils.translation import gettext as _

from core.errors import Invalid

LONGEST = timedelta(days=90)
SHORTEST_PASSWORD = 6
MOST_TRIES, WITHIN = 5, timedelta(minutes=15)  # wrong passwords for one link from one address


def new_token() -> str:
    """A secret of 32 random bytes, to stand in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of it."""
    return sha256(token.encode()).hexdigest()


def check_link(*, name, expires_at, password, now):
    """A link says whom it is for, ends within 90 days, and has no password that is guessed at once."""
    errors = {}
    if not name.strip():
        errors["name"] = _("Say whom the link is for.")
    if not now < expires_at <= now + LONGEST:
        errors["expires_at"] = _("Choose a time within the next %(days)d days.") % {"days": LONGEST.days}
    if password and len(password) < SHORTEST_PASSWORD:
        errors["password"] = _("Use at least %(least)d characters.") % {"least": SHORTEST_PASSWORD}
    if errors:
        raise Invalid(next(iter(errors.values())), code="link", errors=errors)


def state(*, expires_at, revoked_at, now) -> str:
    """open, expired or revoked."""
    if revoked_at is not None:
        return "revoked"
    return "open" if now < expires_at else "expired"


def said(state):
    """The state of a link in a word."""
    return {"open": _("open"), "expired": _("expired"), "revoked": _("revoked")}[state]


def check_name(name):
    """Guests say who they are before they say anything else. Returns it without space around."""
    name = " ".join(name.split())[:80]
    if not name:
        raise Invalid(_("Say who you are."), code="guest_name", errors={"guest_name": _("Say who you are.")})
    return name
