"""The logbook of a task or a problem in words: what was done, and which fields moved."""

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.text import listed

MOST_LINES = 4
HIDDEN = {"archived_at", "position", "delivered_at", "done_at", "escalated_at", "search_text", "lock_version"}


def did(verb):
    """What somebody did, as the end of a sentence that begins with their name."""
    return {
        "tasks.task_created": _("added this task"),
        "tasks.task_changed": _("changed this task"),
        "tasks.task_moved": _("moved this task to another state"),
        "tasks.task_rescheduled": _("moved the dates of this task"),
        "tasks.progress_reported": _("reported progress"),
        "tasks.tasks_linked": _("changed its predecessors"),
        "tasks.tasks_unlinked": _("took a link away"),
        "tasks.task_placed": _("put this task elsewhere"),
        "tasks.task_copied": _("copied this task"),
        "tasks.task_archived": _("archived this task"),
        "tasks.task_restored": _("restored this task"),
        "tasks.problem_raised": _("raised this problem"),
        "tasks.problem_changed": _("changed this problem"),
        "tasks.problem_solved": _("solved this problem"),
        "tasks.problem_reopened": _("opened this problem again"),
        "tasks.problem_escalated": _("escalated this problem: it is overdue"),
    }.get(verb, _("changed this"))


def told(activities, row):
    """The lines of the logbook, each with its words and what changed; `row` knows the names of its fields."""
    labels = {field.name: _(capfirst(field.verbose_name)) for field in row._meta.fields}
    labels["organization"] = _("Organisation")
    choices = {field.name: dict(field.flatchoices) for field in row._meta.fields if field.choices}
    found = list(activities)
    for one in found:
        one.words, one.lines = did(one.verb), lines(one.changes, labels, choices)
    return found


def lines(changes, labels, choices=None):
    """Up to four "field: before → after" lines of an Activity's changes."""
    known = choices or {}
    pairs = [(field, change) for field, change in changes.items() if field not in HIDDEN and _is_pair(change)]
    found = [
        _("%(field)s: %(before)s → %(after)s")
        % {
            "field": labels.get(field, field),
            "before": _said(before, known.get(field)),
            "after": _said(after, known.get(field)),
        }
        for field, (before, after) in pairs
    ]
    rest = len(found) - MOST_LINES
    return [*found[:MOST_LINES], *([_("and %(count)d more") % {"count": rest}] if rest > 0 else [])]


def _is_pair(change):
    return isinstance(change, list) and len(change) == 2


def _said(value, choices=None):
    if isinstance(value, list):
        return listed(value, get_language()) or "–"
    if choices and value in choices:
        return str(choices[value])
    return "–" if value in (None, "") else str(value)[:80]
