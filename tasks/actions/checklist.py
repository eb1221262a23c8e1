"""Acts on the checklist of a task: whoever works on it keeps it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import require
from core.swap import erase, swap
from tasks.actions.checking import check_open
from tasks.actions.parts import next_position, said
from tasks.models import ChecklistItem
from tasks.permissions import can_work_on

TICKS = {True: "tasks.checklist_item_ticked", False: "tasks.checklist_item_unticked"}


def _text(text):
    return said("text", text, _("Say what is to be ticked off."))


@transaction.atomic
def add_checklist_item(actor, *, task, text):
    """Add a line at the end of a task's checklist."""
    require(can_work_on(actor, task))
    check_open(task)
    item = ChecklistItem.objects.create(
        workspace=task.workspace,
        campaign=task.campaign,
        task=task,
        text=_text(text),
        position=next_position(task.checklist.all()),
    )
    record(actor, "tasks.checklist_item_added", item)
    return item


@transaction.atomic
def update_checklist_item(actor, *, item, seen=None, text=None, is_done=None, position=None):
    """Reword, tick or untick, or put a line elsewhere; what is not given stays."""
    require(can_work_on(actor, item.task))
    check_open(item.task)
    changes = {} if text is None else {"text": _text(text)}
    if position is not None:
        changes["position"] = position
    if is_done is not None and is_done != (item.done_at is not None):
        changes |= {"done_at": timezone.now(), "done_by": actor.user} if is_done else {"done_at": None, "done_by": None}
    diff = swap(item, seen=seen, **changes)
    if diff:
        verb = TICKS[is_done] if "done_at" in diff else "tasks.checklist_item_changed"
        diff.pop("done_by", None)
        record(actor, verb, item, changes=diff)
    return item


@transaction.atomic
def remove_checklist_item(actor, *, item, seen=None):
    """Take a line off the list."""
    require(can_work_on(actor, item.task))
    erase(item, seen=seen)
    record(actor, "tasks.checklist_item_removed", item)
