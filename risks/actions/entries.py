"""The timeline of an incident: what people write into it, and what the incident itself notes."""

from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.errors import require
from risks.models import IncidentEntry
from risks.permissions import can_respond
from risks.rules import incidents as rules


def note(actor, incident, kind, text="", **values):
    """A line of the timeline, without a line of the logbook: the act that writes it has its own."""
    return IncidentEntry.objects.create(
        workspace_id=incident.workspace_id,
        campaign_id=incident.campaign_id,
        incident=incident,
        kind=kind,
        text=text,
        author=actor.user,
        at=timezone.now(),
        **values,
    )


@transaction.atomic
def log_entry(actor, *, incident, kind, text="", figure_name="", value=None):
    """Write into the timeline: a note, a message that was sent, or a figure with its value (mentions, refunds …)."""
    require(can_respond(actor, incident))
    rules.check_open(incident.state)
    said = rules.entry_said(kind, text=text, figure_name=figure_name, value=value)
    entry = note(actor, incident, kind, **said)
    record(actor, "risks.entry_added", entry)
    return entry
