"""The logbook of one placement in words: what was done, and which fields moved."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.text import listed

MOST_LINES = 4
HIDDEN = {"archived_at", "rank"}


def did(verb):
    """What somebody did, as the end of a sentence that begins with their name."""
    return {
        "placements.placement_created": _("added this placement"),
        "placements.placement_changed": _("changed this placement"),
        "placements.placement_moved": _("moved this placement"),
        "placements.placement_archived": _("archived this placement"),
        "placements.placement_restored": _("restored this placement"),
        "placements.days_set": _("planned days"),
    }.get(verb, verb)


def lines(changes, labels, choices):
    """Up to four "field: before → after" lines of an Activity's changes; `labels` is {field: label}, `choices` has the
    words of a field's codes."""
    shown = [(field, change) for field, change in changes.items() if field not in HIDDEN and len(change) == 2]
    found = [
        _("%(field)s: %(before)s → %(after)s")
        % {
            "field": _label(field, labels),
            "before": _said(before, choices.get(field, {})),
            "after": _said(after, choices.get(field, {})),
        }
        for field, (before, after) in shown
    ]
    rest = len(found) - MOST_LINES
    return [*found[:MOST_LINES], *([_("and %(count)d more") % {"count": rest}] if rest > 0 else [])]


def _label(field, labels):
    """The label of a field, or of a planned figure ("2026-11-01 amount") with its measure in words."""
    return labels.get(field) or " ".join(labels.get(word, word) for word in field.split())


def _said(value, choices):
    if isinstance(value, list):
        return listed(value, get_language()) or "–"
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    return "–" if value in (None, "") else str(value)[:80]
