"""What an incident notes in its timeline by itself: kept as code and values, put into words for whoever reads."""

from django.utils.translation import get_language, gettext_lazy, ngettext

from risks.choices import IncidentState, Level

_SENTENCES = {
    "started": gettext_lazy("Started: %(playbook)s"),
    "step_done": gettext_lazy("Done: %(step)s"),
    "step_skipped": gettext_lazy("Left out: %(step)s"),
    "step_open": gettext_lazy("Taken back: %(step)s"),
    "handed_over": gettext_lazy("%(person)s does: %(step)s"),
    "pause": gettext_lazy("Pause"),
    "drill": gettext_lazy("Drill: these would be paused."),
    "nothing_live": gettext_lazy("Nothing live is on the list."),
    "resume": gettext_lazy("Resume"),
    "nothing_paused": gettext_lazy("Nothing is paused by this incident."),
}


def said(code, **values):
    """What a line of the timeline keeps."""
    return {"said": code, "values": values}


def sentence(data):
    """The words of what was kept; "" of a line that somebody wrote."""
    code, values = data.get("said"), data.get("values", {})
    if code in _SENTENCES:
        return str(_SENTENCES[code]) % values
    return _OTHERS[code](**values) if code in _OTHERS else ""


def refusal(result):
    """Why a placement was not moved, in the reader's language as far as it was kept in it."""
    reasons = result.get("refused", {})
    return reasons.get(get_language() or "") or reasons.get("en", "")


def _escalated(count, step):
    words = ngettext("Overdue, %(count)d person told: %(step)s", "Overdue, %(count)d people told: %(step)s", count)
    return words % {"count": count, "step": step}


def _level(before, after):
    return " → ".join(str(Level(each).label) if each else "–" for each in (before, after))


def _state(state):
    return str(IncidentState(state).label)


_OTHERS = {"escalated": _escalated, "level": _level, "state": _state}
