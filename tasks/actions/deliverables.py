"""Acts on deliverables: who plans says what is due, who works on the task hands it over."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import RuleBroken, require
from core.files import discard, store
from core.swap import erase, swap
from tasks.actions.checking import check_open
from tasks.actions.parts import next_position, said
from tasks.models import Deliverable
from tasks.permissions import can_schedule, can_work_on


def _name(name):
    return said("name", name, _("Name what is handed over."))


@transaction.atomic
def add_deliverable(actor, *, task, name, criteria=""):
    """Say what a milestone or a task hands over, and when it counts as accepted."""
    require(can_schedule(actor, task))
    check_open(task)
    deliverable = Deliverable.objects.create(
        workspace=task.workspace,
        campaign=task.campaign,
        task=task,
        name=_name(name),
        criteria=criteria.strip(),
        position=next_position(task.deliverables.all()),
    )
    record(actor, "tasks.deliverable_added", deliverable)
    return deliverable


@transaction.atomic
def update_deliverable(actor, *, deliverable, seen=None, **changes):
    """Change name, criteria or place of a deliverable."""
    require(can_schedule(actor, deliverable))
    check_open(deliverable.task)
    if "name" in changes:
        changes["name"] = _name(changes["name"])
    diff = swap(deliverable, seen=seen, **changes)
    if diff:
        record(actor, "tasks.deliverable_changed", deliverable, changes=diff)
    return deliverable


@transaction.atomic
def deliver(actor, *, deliverable, upload=None, seen=None):
    """Hand it over, with its file where there is one; a later delivery replaces the file."""
    require(can_work_on(actor, deliverable.task))
    check_open(deliverable.task)
    changes = {"delivered_at": deliverable.delivered_at or timezone.now()}
    before = deliverable.file
    if upload is not None:
        changes["file"] = store(
            upload, workspace_id=deliverable.workspace_id, kind="document", uploader_id=actor.user_id
        )
    diff = swap(deliverable, seen=seen, **changes)
    if diff:
        record(actor, "tasks.deliverable_delivered", deliverable, changes=diff)
    if before is not None and upload is not None:
        discard(before)
    return deliverable


@transaction.atomic
def take_back_deliverable(actor, *, deliverable, seen=None):
    """It was not delivered after all; its file stays with it."""
    require(can_work_on(actor, deliverable.task))
    check_open(deliverable.task)
    if deliverable.delivered_at is None:
        raise RuleBroken(_("This has not been delivered."), code="not_delivered")
    diff = swap(deliverable, seen=seen, delivered_at=None)
    record(actor, "tasks.deliverable_taken_back", deliverable, changes=diff)
    return deliverable


@transaction.atomic
def remove_deliverable(actor, *, deliverable, seen=None):
    """Nothing of this kind is to be handed over; its file goes too."""
    require(can_schedule(actor, deliverable))
    file = deliverable.file
    erase(deliverable, seen=seen)
    record(actor, "tasks.deliverable_removed", deliverable)
    if file is not None:
        discard(file)
