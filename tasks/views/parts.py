"""What hangs on a task: checklist, deliverables, files. Each act answers htmx with the fresh part."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.views import undone
from core.errors import PharosError
from core.files import served
from tasks.actions import checklist, deliverables, files
from tasks.forms import DeliverableForm, DeliveryForm, ItemChangeForm, ItemForm, UploadForm
from tasks.models import ChecklistItem, Deliverable, TaskFile
from tasks.permissions import can_schedule, can_work_on
from tasks.views import read, task_of


def parts_of(request, task):
    """The parts of a task and what the actor may do with them, for the page and for each fragment."""
    lives = task.archived_at is None
    items = list(task.checklist.all())
    return {
        "task": task,
        "slug": task.workspace.slug,
        "code": task.campaign.code,
        "items": items,
        "done": sum(1 for item in items if item.done_at),
        "deliverables": list(task.deliverables.select_related("file")),
        "files": list(task.files.select_related("file")),
        "may_work": lives and can_work_on(request.actor, task),
        "may_schedule": lives and can_schedule(request.actor, task),
    }


def acted(request, task, part, act, done=""):
    """Carry out an act on a part: the fresh fragment for htmx, else back to the task."""
    error = ""
    try:
        act()
    except PharosError as refused:
        error = str(refused)
    if request.htmx:
        context = parts_of(request, task) | {"error": error}
        return render(request, f"tasks/_{part}.html", context, status=422 if error else 200)
    if error or done:
        messages.add_message(request, messages.ERROR if error else messages.SUCCESS, error or done)
    return redirect(f"{task.get_absolute_url()}#{part}")


def part_of(request, model, code, pk):
    """A part of a task of this campaign, or 404."""
    rows = model.objects.visible_to(request.actor).filter(campaign__code=code)
    related = ["task", "task__workspace", "task__campaign", "workspace", "campaign"]
    row = get_object_or_404(rows.select_related(*related), pk=pk)
    return row, row.task


@require_POST
def item_add(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        checklist.add_checklist_item(request.actor, task=task, **read(ItemForm(request.POST)))

    return acted(request, task, "checklist", act)


@require_POST
def item(request, slug, code, pk):
    """Reword, tick or untick a line."""
    row, task = part_of(request, ChecklistItem, code, pk)

    def act():
        typed = read(ItemChangeForm(request.POST))
        typed["text"] = typed["text"] or None
        checklist.update_checklist_item(request.actor, item=row, **typed)

    return acted(request, task, "checklist", act)


@require_POST
def item_remove(request, slug, code, pk):
    row, task = part_of(request, ChecklistItem, code, pk)
    return acted(request, task, "checklist", lambda: checklist.remove_checklist_item(request.actor, item=row))


@require_POST
def deliverable_add(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        deliverables.add_deliverable(request.actor, task=task, **read(DeliverableForm(request.POST)))

    return acted(request, task, "deliverables", act)


@require_POST
def deliverable(request, slug, code, pk):
    """Change name and criteria."""
    row, task = part_of(request, Deliverable, code, pk)

    def act():
        deliverables.update_deliverable(request.actor, deliverable=row, **read(DeliverableForm(request.POST)))

    return acted(request, task, "deliverables", act)


@require_POST
def deliver(request, slug, code, pk):
    row, task = part_of(request, Deliverable, code, pk)

    def act():
        upload = read(DeliveryForm(request.POST, request.FILES))["file"]
        deliverables.deliver(request.actor, deliverable=row, upload=upload)
        if not request.htmx:
            sentence = _("%(name)s is delivered.") % {"name": row}
            undo = reverse("tasks:deliverable-take-back", args=[slug, code, row.pk])
            messages.success(request, sentence, extra_tags=undo)

    return acted(request, task, "deliverables", act)


@require_POST
def take_back(request, slug, code, pk):
    row, task = part_of(request, Deliverable, code, pk)
    if "application/json" in request.headers.get("Accept", ""):
        deliverables.take_back_deliverable(request.actor, deliverable=row)
        return undone(request, _("%(name)s is not delivered.") % {"name": row}, task.get_absolute_url())
    return acted(
        request, task, "deliverables", lambda: deliverables.take_back_deliverable(request.actor, deliverable=row)
    )


@require_POST
def deliverable_remove(request, slug, code, pk):
    row, task = part_of(request, Deliverable, code, pk)
    return acted(request, task, "deliverables", lambda: deliverables.remove_deliverable(request.actor, deliverable=row))


def deliverable_file(request, slug, code, pk):
    """The bytes of what was delivered."""
    row, _task = part_of(request, Deliverable, code, pk)
    return served(get_object_or_404(Deliverable.objects.filter(file__isnull=False), pk=row.pk).file)


@require_POST
def file_add(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        files.attach_file(request.actor, task=task, upload=read(UploadForm(request.POST, request.FILES))["file"])

    return acted(request, task, "files", act)


def file(request, slug, code, pk):
    """The bytes of a file."""
    row, _task = part_of(request, TaskFile, code, pk)
    return served(row.file)


@require_POST
def file_remove(request, slug, code, pk):
    row, task = part_of(request, TaskFile, code, pk)
    return acted(request, task, "files", lambda: files.remove_file(request.actor, attached=row))
