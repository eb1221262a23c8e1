"""Rules about people and keys."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from accounts.choices import SCOPE_AREAS
from core.errors import Invalid, RuleBroken

KEY_PREFIX = "pharos_live_"
LONGEST_KEY_LIFE = timedelta(days=366)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
RESERVED_SLUGS = {"api", "static", "admin", "www"}


def new_key() -> str:
    """A fresh API key: prefix and 32 random bytes."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """SHA-256 in hex; enough for a key of full entropy."""
    return hashlib.sha256(key.encode()).hexdigest()


def check_scopes(scopes):
    """Raise Invalid unless every scope is `*`, `*:read`, `*:write` or `<area>:read|write`."""
    known = {"*", "*:read", "*:write"} | {f"{area}:{verb}" for area in SCOPE_AREAS for verb in ("read", "write")}
    unknown = [scope for scope in scopes if scope not in known]
    if unknown or not scopes:
        raise Invalid(
            _("Choose scopes from: %(known)s.") % {"known": ", ".join(sorted(known))},
            code="scopes",
            errors={"scopes": "?"},
        )


def check_expiry(expires_at: datetime, *, now: datetime):
    """A key lives at most a year and not in the past."""
    if not now < expires_at <= now + LONGEST_KEY_LIFE:
        raise Invalid(_("A key expires within one year from now."), code="expiry")


def check_slug(slug: str):
    """A workspace's address: lower-case letters, digits and hyphens."""
    if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise Invalid(_("Use lower-case letters, digits and hyphens for the address."), code="slug")


def check_time_zone(name: str):
    """An IANA zone name."""
    if name not in available_timezones():
        raise Invalid(_("%(name)s is not a time zone.") % {"name": name}, code="time_zone")


def check_last_owner(*, role_before: str, role_after: str, owners: int):
    """A workspace never loses its last owner."""
    if role_before == "owner" and role_after != "owner" and owners <= 1:
        raise RuleBroken(_("A workspace needs at least one owner. Make somebody else owner first."), code="last_owner")
