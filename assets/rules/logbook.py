"""The logbook of one asset in words: what was done, and which fields moved."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assets.choices import Decision, Stage
from core.text import listed

MOST_LINES = 4
HIDDEN = {"archived_at", "position", "sha256", "version", "level", "state"}


def did(verb):
    """What somebody did, as the end of a sentence that begins with their name."""
    return {
        "assets.asset_created": _("opened this asset"),
        "assets.asset_changed": _("changed this asset"),
        "assets.asset_moved": _("moved this asset"),
        "assets.asset_archived": _("archived this asset"),
        "assets.asset_restored": _("restored this asset"),
        "assets.version_added": _("handed in a version"),
        "assets.version_checked": _("checked the version"),
        "assets.review_submitted": _("submitted it for review"),
        "assets.review_withdrawn": _("withdrew the review"),
        "assets.review_ended": _("ended the review"),
        "assets.asset_approved": _("brought it to approval"),
        "assets.verdict_given": _("gave a verdict"),
        "assets.review_delegated": _("handed on the review"),
        "assets.reviewer_added": _("asked one more person to review it"),
        "assets.review_sent_back": _("sent it back to an earlier level"),
        "assets.review_nudged": _("reminded the reviewers"),
        "assets.pin_added": _("made a remark"),
        "assets.pin_changed": _("reworded a remark"),
        "assets.pin_resolved": _("settled a remark"),
        "assets.pin_reopened": _("opened a remark again"),
        "assets.pin_removed": _("took a remark away"),
        "assets.pin_answered": _("answered a remark"),
        "assets.guest_link_made": _("invited a guest"),
        "assets.guest_link_revoked": _("closed a guest's link"),
        "assets.download_opened": _("asked for a link to the original"),
        "assets.file_downloaded": _("took the original along"),
        "assets.guest_came": _("opened their guest link for the first time"),
        "assets.guest_refused": _("gave a wrong password at a guest link"),
    }.get(verb, verb)


def lines(changes, labels):
    """Up to four "field: before → after" lines of an Activity's changes; `labels` is {field: label}."""
    shown = [(field, change) for field, change in changes.items() if field not in HIDDEN and len(change) == 2]
    shown = [(field, change) for field, change in shown if change[0] != change[1]]
    found = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": labels.get(field, field), "before": _said(field, old), "after": _said(field, new)}
        for field, (old, new) in shown
    ]
    rest = len(found) - MOST_LINES
    return [*found[:MOST_LINES], *([_("and %(count)d more") % {"count": rest}] if rest > 0 else [])]


def _said(field, value):
    if field == "decision" and value in Decision.values:
        return str(Decision(value).label)
    if field == "stage" and value in Stage.values:
        return str(Stage(value).label)
    if isinstance(value, list):
        return listed(value, get_language()) or "–"
    return "–" if value in (None, "") else str(value)[:80]
