"""Rules about people, keys and working days."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from urllib.parse import parse_qsl, urlencode

import holidays
from django.utils.translation import gettext as _

from accounts.choices import (
    LANGUAGES,
    MEMBER_AREAS,
    PARTNER_AREAS,
    READ_ONLY_AREAS,
    SCOPE_AREAS,
    OrganizationKind,
    Role,
)
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


def check_limit(*, role: str, is_limited: bool) -> None:
    """Whoever looks after the workspace sees all of it."""
    if is_limited and role in (Role.OWNER, Role.MANAGER):
        raise invalid("is_limited", _("Owners and managers see every campaign. Choose another role to limit somebody."))


def check_party(organization, membership) -> None:
    """A grant is either an organisation's, which is a partner's, or a member's who sees only what is granted."""
    if (organization is None) == (membership is None):
        raise invalid("organization", _("Name either an organisation or a member."))
    if organization is not None and organization.kind == OrganizationKind.IN_HOUSE:
        raise invalid("organization", _("Your own people are members: their access is their role."))
    if membership is not None and not membership.is_limited:
        raise invalid("membership", _("This member sees every campaign. Limit them to what is granted first."))


def checked_areas(areas, *, is_partner: bool) -> dict[str, str]:
    """The sections of a grant in their usual order, as {section: "read" | "write"}; at least one."""
    known = PARTNER_AREAS if is_partner else MEMBER_AREAS
    if not isinstance(areas, dict) or not areas or not set(areas) <= set(known):
        raise invalid("areas", _("Choose at least one section from: %(known)s.") % {"known": ", ".join(known)})
    if not set(areas.values()) <= {"read", "write"}:
        raise invalid("areas", _('Each section is either "read" or "write".'))
    return {area: "read" if area in READ_ONLY_AREAS else areas[area] for area in known if area in areas}


def checked_days(start_date, finish_date) -> dict:
    """The days of a grant; None is open."""
    if start_date and finish_date and finish_date < start_date:
        raise invalid("finish_date", _("The last day lies before the first."), "period")
    return {"start_date": start_date, "finish_date": finish_date}


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


# --- phone and devices ----------------------------------------------------------------------------------------------

LONGEST_SESSION = timedelta(days=30)  # from sign-in, however much the browser is used
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
CHINESE_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def phone_number(text: str) -> str:
    """A phone number as E.164; a Chinese mobile number needs no country code. Raise Invalid when it is none."""
    digits = re.sub(r"[\s().\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text or ""))
    digits = re.sub(r"^00", "+", digits)
    if CHINESE_MOBILE.fullmatch(digits.removeprefix("+").removeprefix("86")) and not digits.startswith("+1"):
        return f"+86{digits.removeprefix('+').removeprefix('86')}"
    if not E164.fullmatch(digits) or digits.startswith("+86"):
        raise invalid("phone", _("Enter a mobile number with its country code, such as +86 138 0013 8000."))
    return digits


def check_codes_can_be_sent(can: bool):
    """Some installations have no sender of short messages."""
    if not can:
        raise invalid("phone", _("This installation sends no codes to phones. Invite by e-mail."), "no_codes")


def hidden_phone(number: str | None) -> str:
    """A number of which only the end is told."""
    return f"{number[:3]} ••• {number[-4:]}" if number else ""


def code_digits(pepper: str, code_id) -> str:
    """The six digits of a code: made of its id and the pepper, so that they are stored nowhere."""
    found = hmac.new(pepper.encode(), f"phone-code:{code_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8], 'big') % 1_000_000:06d}"


def same_digits(typed: str, digits: str) -> bool:
    """Compare without telling by the time it takes; blanks and full-width digits are forgiven."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed or ""))
    return hmac.compare_digest(plain.encode(), digits.encode())


def check_own_second_step(*, has_one: bool):
    """Whoever asks a second step of others takes it themselves."""
    if not has_one:
        raise RuleBroken(_("Set up two-step verification for yourself first."), code="second_step_first")


def check_way_in(ways):
    """Whoever takes a way of signing in away keeps another one."""
    if not any(ways):
        sentence = _("This is your only way to sign in. Set a password, or add a passkey or a phone first.")
        raise RuleBroken(sentence, code="last_way_in")


BROWSERS = (  # the first that is found names the browser
    ("wxwork", "WeCom"), ("MicroMessenger", "WeChat"), ("Lark", "Feishu"), ("Feishu", "Feishu"),
    ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR/", "Opera"), ("QQBrowser", "QQ Browser"), ("UCBrowser", "UC"),
    ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """A browser's user agent in words."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def is_phone(agent: str) -> bool:
    """Whether a user agent is that of a phone."""
    return any(mark in agent for mark in ("iPhone", "Android", "HarmonyOS", "Mobile"))


# --- working days ---------------------------------------------------------------------------------------------------

ZONES = {  # the country whose public holidays a new workspace begins with
    "Asia/Shanghai": "CN", "Asia/Urumqi": "CN", "Asia/Chongqing": "CN", "Asia/Harbin": "CN", "PRC": "CN",
    "Asia/Hong_Kong": "HK", "Asia/Macau": "MO", "Asia/Taipei": "TW", "Asia/Singapore": "SG", "Asia/Tokyo": "JP",
    "Asia/Seoul": "KR", "Asia/Bangkok": "TH", "Asia/Jakarta": "ID", "Asia/Kuala_Lumpur": "MY", "Asia/Manila": "PH",
    "Asia/Kolkata": "IN", "Asia/Dubai": "AE", "Asia/Ho_Chi_Minh": "VN", "Australia/Sydney": "AU",
    "Europe/London": "GB", "Europe/Berlin": "DE", "Europe/Paris": "FR", "Europe/Madrid": "ES", "Europe/Rome": "IT",
    "Europe/Amsterdam": "NL", "Europe/Zurich": "CH", "Europe/Vienna": "AT", "America/New_York": "US",
    "America/Chicago": "US", "America/Denver": "US", "America/Los_Angeles": "US", "America/Toronto": "CA",
    "America/Sao_Paulo": "BR", "America/Mexico_City": "MX",
}  # fmt: skip
DECREED = {"CN"}  # days off and swapped work days are decreed year by year
HOLIDAY_WORDS = {"zh-hans": "zh_CN", "en": "en_US"}


def country_of_zone(time_zone: str) -> str:
    """The country a time zone lies in; "" (no public holidays) where we do not know."""
    return ZONES.get(time_zone, "")


@cache
def countries() -> frozenset[str]:
    """ISO codes of the countries whose public holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def check_country(code: str) -> str:
    """The code of a country whose holidays are known, or "" for none."""
    code = (code or "").upper()
    if code and code not in countries():
        raise invalid("country", _("The public holidays of %(code)s are not known.") % {"code": code})
    return code


def check_days_off(digits: str) -> str:
    """The days off of a week as digits, Monday is 0, in order; at least one day is worked."""
    if not set(digits) <= set("0123456"):
        raise invalid("days_off", _("Name the days off by digits, Monday is 0."))
    if len(set(digits)) == 7:
        raise invalid("days_off", _("A week needs at least one working day."))
    return "".join(sorted(set(digits)))


def days_of(first: date, last: date, *, most: int) -> list[date]:
    """All days from first to last, both included."""
    for field, day in (("date", first), ("until", last)):
        if not 2000 <= day.year <= 2100:
            raise invalid(field, _("Use a day between 2000 and 2100."), "range")
    if last < first:
        raise invalid("finish_date", _("The last day lies before the first."), "period")
    if (last - first).days >= most:
        raise invalid("finish_date", _("At most %(most)s days at once.") % {"most": most}, "too_long")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(maxsize=256)
def public_days(country: str, year: int, language: str) -> tuple[tuple[date, bool, str], ...] | None:
    """((day, is it worked, name) …) of a year: public holidays, and weekend days that are worked instead (调休).

    None when the country has not published that year yet.
    """
    if country not in countries():
        return ()
    made = getattr(holidays, country)
    words = HOLIDAY_WORDS.get(language, "en_US")
    known = words if words in (made.supported_languages or ()) else None
    found = holidays.country_holidays(country, years=year, language=known)
    if country in DECREED and year > max(found.special_public_holidays):
        return None
    worked = {day for day in found.weekend_workdays if day.year == year}
    days = [(day, False, found[day]) for day in found if day.year == year and day not in worked]
    return tuple(sorted([*days, *((day, True, "") for day in worked)]))
