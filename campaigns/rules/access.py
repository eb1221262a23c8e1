"""Access to tools and accounts: how far it is, and what the readiness board says of it. Plain values in and out."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaigns.choices import AccessKind, AccessState, LineState
from core import text as writing
from core.errors import Invalid

FRESH_DAYS = 7  # a proof counts that long
WARNING_DAYS = 14  # before the expiry
MOST_NAMED = 4


@dataclass(frozen=True)
class Subject:
    """An ad account or data source that an access item may be about; `is_used` when the campaign's placements do."""

    type: str
    id: object
    label: str
    kind: str = AccessKind.AD_ACCOUNT
    is_used: bool = False

    @property
    def key(self):
        return subject_key(self.type, self.id)


@dataclass(frozen=True)
class Standing:
    """How far an access is on a day."""

    name: str
    kind: str
    state: str
    is_expiring: bool = False

    @property
    def is_proven(self):
        return self.state == AccessState.PROVEN


def subject_key(kind, key):
    return f"{kind}:{key}" if kind and key else ""


def standing(*, name, kind, requested, granted, expires, proven, today):
    """The Standing from the days of an item (None where there is none)."""
    return Standing(name, kind, state(requested, granted, expires, proven, today), is_expiring(expires, today))


def state(requested, granted, expires, proven, today):
    """Expired beats proven; a proof beats what the days say; a proof is old after FRESH_DAYS."""
    if expires and expires < today:
        return AccessState.EXPIRED
    if proven:
        return AccessState.PROVEN if proven >= today - timedelta(FRESH_DAYS) else AccessState.STALE
    if granted:
        return AccessState.GRANTED
    return AccessState.REQUESTED if requested else AccessState.TO_REQUEST


def is_expiring(expires, today):
    return expires is not None and today <= expires <= today + timedelta(WARNING_DAYS)


def check_days(requested, granted, expires):
    """The days come in their order."""
    if requested and granted and granted < requested:
        _refuse("granted_date", _("Access is not granted before it is requested."))
    if granted and expires and expires < granted:
        _refuse("expires_date", _("Access does not expire before it is granted."))


def _refuse(field, sentence):
    raise Invalid(sentence, code="days", errors={field: sentence})


def check_past(at, now):
    """What was seen is over."""
    if at is not None and at > now:
        _refuse("at", _("This time is not over yet."))


def listed(uncovered):
    """(state, sentence, count): ad accounts that placements use have an access item; names of those without."""
    if not uncovered:
        return LineState.OK, _("Every ad account of a placement is listed."), None
    text = _("No access item for: %(names)s.") % {"names": some(uncovered)}
    return LineState.BLOCK, text, len(uncovered)


def proven(items):
    """(state, sentence, count) of accounts, tools and pages: proven within the last days."""
    if not items:
        return LineState.WARN, _("No account or tool is listed yet."), None
    return _unproven(items) or _expiring(items) or (LineState.OK, _all_proven(items), None)


def tracked(items):
    """(state, sentence, count) of the tracking: there is one, and a test event or a pull came through."""
    if not items:
        return LineState.BLOCK, _("No tracking is listed yet."), None
    return _unproven(items) or _expiring(items) or (LineState.OK, _all_proven(items), None)


def _unproven(items):
    open_ones = [item for item in items if not item.is_proven]
    if not open_ones:
        return None
    names = [
        _("%(name)s (%(state)s)") % {"name": item.name, "state": AccessState(item.state).label} for item in open_ones
    ]
    text = _("Not proven within %(days)s days: %(names)s.") % {"days": FRESH_DAYS, "names": some(names)}
    return LineState.BLOCK, text, len(open_ones)


def _expiring(items):
    soon = [item.name for item in items if item.is_expiring]
    if not soon:
        return None
    return LineState.WARN, _("Expires soon: %(names)s.") % {"names": some(soon)}, len(soon)


def _all_proven(items):
    text = ngettext("Proven within %(days)s days.", "All %(count)s proven within %(days)s days.", len(items))
    return text % {"count": len(items), "days": FRESH_DAYS}


def some(names):
    """The first names and how many more there are."""
    more = len(names) - MOST_NAMED
    text = writing.listed(names[:MOST_NAMED], get_language())
    return _("%(names)s and %(count)s more") % {"names": text, "count": more} if more > 0 else text
