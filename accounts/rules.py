"""Rules about people and keys."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from accounts.choices import LANGUAGES, SCOPE_AREAS, OrganizationKind, Role
from core.errors import Invalid, RuleBroken
from core.money import is_currency
from core.time import time_zones

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


def known_scopes() -> list[str]:
    """Every scope an API key may have: the wide ones first, then read and write of each area."""
    return ["*", "*:read", "*:write", *(f"{area}:{verb}" for area in SCOPE_AREAS for verb in ("read", "write"))]


def invalid(field: str, sentence: str, code: str = "") -> Invalid:
    """The refusal of one field."""
    return Invalid(sentence, code=code or field, errors={field: sentence})


def check_scopes(scopes):
    """Raise Invalid unless there is a scope and every one is known."""
    if not scopes or not set(scopes) <= set(known_scopes()):
        raise invalid("scopes", _("Choose scopes from: %(known)s.") % {"known": ", ".join(known_scopes())})


def check_expiry(expires_at: datetime, *, now: datetime):
    """A key lives at most a year and not in the past."""
    if not now < expires_at <= now + LONGEST_KEY_LIFE:
        raise invalid("expires_at", _("A key expires within one year from now."), "expiry")


def check_slug(slug: str):
    """A workspace's address: lower-case letters, digits and hyphens."""
    if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        raise invalid("slug", _("Use lower-case letters, digits and hyphens for the address."))


def check_time_zone(name: str):
    """An IANA zone name."""
    if name not in time_zones():
        raise invalid("time_zone", _("%(name)s is not a time zone.") % {"name": name})


def check_language(code: str):
    """A language the app speaks."""
    if code not in LANGUAGES:
        raise invalid("language", _("Choose English or Simplified Chinese."))


def check_currency(code: str):
    """An ISO 4217 code."""
    if not is_currency(code):
        raise invalid("currency", _("Use a three-letter ISO 4217 currency code."))


def check_name(name: str):
    """Something to call it by."""
    if not name.strip():
        raise invalid("name", _("Enter a name."))


def check_last_owner(*, role_before: str, role_after: str, owners: int):
    """A workspace never loses its last owner."""
    if role_before == Role.OWNER and role_after != Role.OWNER and owners <= 1:
        raise RuleBroken(_("A workspace needs at least one owner. Make somebody else owner first."), code="last_owner")


def check_archivable(*, kind: str, in_house: int):
    """A workspace keeps one in-house organisation: its own."""
    if kind == OrganizationKind.IN_HOUSE and in_house <= 1:
        raise RuleBroken(_("This is your own organisation; a workspace keeps it."), code="own_organization")


PASSING = {"page", "cursor", "export", "csrfmiddlewaretoken"}
"""What belongs to one visit of a table and not to a saved view of it."""


def view_query(query: str) -> str:
    """A table's query string as a saved view keeps it: filters and order, no page number."""
    pairs = [(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in PASSING]
    kept = urlencode(pairs)
    if len(kept) > 2000:
        raise invalid("query", _("These filters are too long to save."))
    return kept
