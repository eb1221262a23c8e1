"""Acts on the files of a task."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, require
from core.files import discard, store
from core.swap import erase
from tasks.actions.checking import check_open
from tasks.actions.parts import MOST_PARTS
from tasks.models import TaskFile
from tasks.permissions import can_work_on


@transaction.atomic
def attach_file(actor, *, task, upload):
    """Attach a file to a task; the same bytes twice are one file."""
    require(can_work_on(actor, task))
    check_open(task)
    if task.files.count() >= MOST_PARTS:
        raise Invalid(_("A task holds at most %(most)d of these.") % {"most": MOST_PARTS}, code="too_many")
    stored = store(upload, workspace_id=task.workspace_id, kind="document", uploader_id=actor.user_id)
    same = task.files.filter(file__sha256=stored.sha256, file__size=stored.size).select_related("file").first()
    if same is not None:
        discard(stored)
        return same
    attached = TaskFile.objects.create(workspace=task.workspace, campaign=task.campaign, task=task, file=stored)
    record(actor, "tasks.file_attached", attached)
    return attached


@transaction.atomic
def remove_file(actor, *, attached, seen=None):
    """Take a file off a task, and its bytes out of the store."""
    require(can_work_on(actor, attached.task))
    stored = attached.file
    erase(attached, seen=seen)
    record(actor, "tasks.file_removed", attached)
    discard(stored)
