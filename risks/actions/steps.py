"""Acts on the steps of an incident: done, left out, taken back, handed over, escalated."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, require
from core.swap import swap
from risks.actions.entries import note
from risks.actions.telling import tell
from risks.choices import EntryKind, StepState
from risks.permissions import can_respond
from risks.rules import incidents as rules
from risks.rules import timeline

VERBS = {
    StepState.DONE: "risks.step_done",
    StepState.SKIPPED: "risks.step_skipped",
    StepState.OPEN: "risks.step_open",
}


def _turn(actor, step, state, seen, **stamps):
    incident = step.incident
    require(can_respond(actor, incident))
    rules.check_open(incident.state)
    rules.check_step(step.state, state)
    diff = swap(step, seen=seen, state=state, **stamps)
    record(actor, VERBS[state], step, changes={"state": diff["state"]})
    note(actor, incident, EntryKind.STEP, data=timeline.said(f"step_{state}", step=step.title), step=step)
    return step


@transaction.atomic
def finish_step(actor, *, step, seen=None):
    """A step is done; of two who say so at once one is told that it was done already."""
    stamps = {"done_at": timezone.now(), "done_by": actor.user}
    return _turn(actor, step, StepState.DONE, seen, **stamps)


@transaction.atomic
def skip_step(actor, *, step, seen=None):
    """A step is left out: it does not apply this time."""
    stamps = {"done_at": timezone.now(), "done_by": actor.user}
    return _turn(actor, step, StepState.SKIPPED, seen, **stamps)


@transaction.atomic
def reopen_step(actor, *, step, seen=None):
    """It was not done after all."""
    return _turn(actor, step, StepState.OPEN, seen, done_at=None, done_by=None, escalated_at=None)


@transaction.atomic
def hand_over_step(actor, *, step, owner, seen=None):
    """Somebody else does a step; they are told."""
    require(can_respond(actor, step.incident))
    rules.check_open(step.incident.state)
    if owner is None:
        sentence = _("Say who does it.")
        raise Invalid(sentence, code="owner", errors={"owner": sentence})
    before = step.owner
    diff = swap(step, seen=seen, owner=owner, deputy=before if before != owner else step.deputy)
    if "owner" in diff:
        record(actor, "risks.step_handed_over", step, changes={"owner": diff["owner"]})
        data = timeline.said("handed_over", person=str(owner), step=step.title)
        note(actor, step.incident, EntryKind.STEP, data=data, step=step)
        tell(actor, step.incident, "step", [owner.pk], step)
    return step


@transaction.atomic
def escalate_step(actor, *, step, now):
    """An overdue step goes to its deputy, to who leads the incident and to the campaign's owner; once."""
    incident = step.incident
    if step.escalated_at is not None or not rules.is_late(step.state, step.due_at, now):
        return step
    swap(step, escalated_at=now)
    record(actor, "risks.step_escalated", step, changes={"due_at": [None, step.due_at]})
    people = [step.owner_id, step.deputy_id, incident.owner_id, incident.campaign.owner_id]
    told = tell(actor, incident, "escalated", people, step)
    note(actor, incident, EntryKind.ESCALATION, data=timeline.said("escalated", count=told, step=step.title), step=step)
    return step
