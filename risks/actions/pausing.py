"""Acts that pause what a playbook lists, and resume it: placement by placement, each with what came of it."""

from django.db import transaction
from django.utils import translation

from accounts.choices import LANGUAGES
from core.audit import record
from core.errors import PharosError, require
from core.swap import swap
from placements.actions import move_placement
from placements.choices import PlacementState
from placements.models import Placement
from risks.actions.entries import note
from risks.choices import EntryKind
from risks.permissions import can_respond
from risks.rules import incidents as rules
from risks.rules import timeline
from risks.rules.playbooks import is_paused


def listed(incident):
    """The live placements of the campaign that the playbook pauses."""
    rows = Placement.objects.filter(campaign=incident.campaign, archived_at=None, state=PlacementState.LIVE)
    rows = rows.select_related("channel", "campaign", "workspace")
    return [one for one in rows if is_paused(incident, one.channel.code, one.platform)]


def paused_by(incident):
    """The placements this incident paused and has not resumed."""
    rows = Placement.objects.filter(campaign=incident.campaign, pk__in=incident.paused)
    return list(rows.select_related("channel", "campaign", "workspace"))


@transaction.atomic
def pause_placements(actor, *, incident, seen=None):
    """Pause every live placement the playbook lists; in a drill say which it would be.

    Answers the line of the timeline, whose `data` says what came of each.
    """
    require(can_respond(actor, incident))
    rules.check_open(incident.state)
    results = [_result(actor, incident, one, PlacementState.PAUSED) for one in listed(incident)]
    done = [] if incident.is_drill else [one["id"] for one in results if one["ok"]]
    swap(incident, seen=seen, paused=[*incident.paused, *(key for key in done if key not in incident.paused)])
    code = "drill" if incident.is_drill else "pause"
    return _noted(actor, incident, results, code if results else "nothing_live")


@transaction.atomic
def resume_placements(actor, *, incident, seen=None):
    """Bring back what this incident paused; what others moved meanwhile stays as it is."""
    require(can_respond(actor, incident))
    still = [one for one in paused_by(incident) if one.state == PlacementState.PAUSED]
    results = [_result(actor, incident, one, PlacementState.LIVE) for one in still]
    left = [one["id"] for one in results if not one["ok"]]
    swap(incident, seen=seen, paused=[key for key in incident.paused if key in left])
    return _noted(actor, incident, results, "resume" if results else "nothing_paused")


def _result(actor, incident, placement, state):
    """What came of moving one placement: {"id", "name", "ok"} with its new "state", or why not in each language."""
    found = {"id": str(placement.pk), "name": placement.name, "ok": True}
    if incident.is_drill:
        return found
    if not _refusal(actor, incident, placement, state):
        return found | {"state": str(PlacementState(state))}
    reasons = {}
    for language in LANGUAGES:  # a refusal leaves nothing behind, so that it can be heard once more
        with translation.override(language):
            reasons[language] = _refusal(actor, incident, placement, state)
    return found | {"ok": False, "refused": reasons}


def _refusal(actor, incident, placement, state):
    """Move a placement; why that was refused, "" when it was done."""
    try:
        with transaction.atomic():
            move_placement(actor, placement=placement, state=state, reason=incident.title)
    except PharosError as error:
        return str(error)
    return ""


def _noted(actor, incident, results, code):
    entry = note(actor, incident, EntryKind.PAUSE, data=timeline.said(code) | {"placements": results})
    record(actor, "risks.placements_moved", incident)
    return entry
