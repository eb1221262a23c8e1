"""The acts behind the form of a task: everything it says is done, or nothing of it."""

from django.db import transaction

from tasks.actions.links import set_predecessors
from tasks.actions.tags import tags_named
from tasks.actions.tasks import create_task, place_task, update_task


@transaction.atomic
def plan_task(actor, *, campaign, predecessors="", tags=(), **values):
    """Add a task with predecessors as typed and tags by name; the Task."""
    task = create_task(actor, campaign=campaign, tags=tags_named(campaign, tags), **values).task
    if predecessors.strip():
        set_predecessors(actor, task=task, text=predecessors)
        task.refresh_from_db()
    return task


@transaction.atomic
def save_task(actor, *, task, seen=None, **values):
    """Change a task, its place in the tree and its predecessors; the Task."""
    moves = {"parent": values.pop("parent")} if "parent" in values else {}
    before = values.pop("predecessors", None)
    if "tags" in values:
        values["tags"] = tags_named(task.campaign, values["tags"])
    if values or not moves:
        update_task(actor, task=task, seen=seen, **values)
        seen = None
    if moves:
        place_task(actor, task=task, seen=seen, **moves)
    if before is not None:
        set_predecessors(actor, task=task, text=before)
    task.refresh_from_db()
    return task
