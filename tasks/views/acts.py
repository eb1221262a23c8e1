"""Acts on tasks from the list, the board, the calendar and the panel; answers for scripts and for plain forms."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.views import where
from core.errors import PharosError, Stale
from core.models import Activity
from core.policy import is_own
from tasks import actions
from tasks.actions.tags import tags_named
from tasks.forms import BulkForm, CellForm, QuickForm, StateForm
from tasks.models import Task
from tasks.rules.checks import first_day
from tasks.views import campaign_of, read, task_of

MOST = 500


def wants_json(request):
    return "application/json" in request.headers.get("Accept", "")


def said(outcome, sentence, own=()):
    """The sentence, and how many tasks moved besides those acted on (`own`: their ids), or links cannot be kept."""
    own = own or ({outcome.task.pk} if outcome.task else ())
    others = [change for change in outcome.changes if change["id"] not in own]
    if others:
        n = len(others)
        sentence += " " + ngettext("%(n)d other task moved.", "%(n)d other tasks moved.", n) % {"n": n}
    if outcome.late_links:
        n = len(outcome.late_links)
        sentence += " " + ngettext("%(n)d link cannot be kept.", "%(n)d links cannot be kept.", n) % {"n": n}
    return sentence


def answered(request, campaign, act, sentence, back):
    """Carry out an act that answers with an Outcome; JSON with the way to undo it for scripts, else a toast."""
    try:
        outcome = act()
    except PharosError as refused:
        return refusal(request, refused, back)
    text = said(outcome, sentence(outcome) if callable(sentence) else sentence)
    undo = ""
    if outcome.activity:
        undo = reverse("tasks:undo", args=[campaign.workspace.slug, campaign.code, outcome.activity])
    if wants_json(request):
        lock = outcome.task.lock_version if outcome.task else None
        task = str(outcome.task.pk) if outcome.task else None
        return JsonResponse({"text": text, "undo": undo, "lock_version": lock, "task": task})
    messages.success(request, text, extra_tags=undo)
    return redirect(back)


def refusal(request, refused, back):
    """Why an act was refused, for a script or on the page the person came from."""
    if wants_json(request):
        status = 412 if isinstance(refused, Stale) else 403 if refused.status == 403 else 422
        return JsonResponse({"detail": str(refused), "code": refused.code, "errors": refused.errors}, status=status)
    messages.error(request, str(refused))
    return redirect(back)


def back_of(request, campaign, view="list"):
    """The view the person came from, with its filters."""
    asked = request.POST.get("from", view)
    view = asked if asked in ("list", "board", "calendar", "workload") else view
    query = request.POST.get("query", "")[:2000]
    url = reverse(f"tasks:{view}", args=[campaign.workspace.slug, campaign.code])
    return f"{url}?{query}" if query else url


def asked_next(request, task):
    """The page of ours that the form names, else the task's."""
    asked = request.POST.get("next", "")
    return asked if is_own(request, asked) else task.get_absolute_url()


@require_POST
def quick(request, slug, code):
    """Add a task by its title."""
    campaign = campaign_of(request, code)

    def act():
        typed = read(QuickForm(request.POST, actor=request.actor, campaign=campaign))
        day = first_day(campaign.start_date, actions.today_of(campaign))
        return actions.create_task(request.actor, campaign=campaign, start_date=day, **typed)

    def done(outcome):
        return _("%(name)s is in the plan.") % {"name": outcome.task}

    return answered(request, campaign, act, done, back_of(request, campaign))


@require_POST
def cell(request, slug, code, pk):
    """Change one field of one task."""
    task = task_of(request, code, pk)

    def act():
        typed = read(CellForm(request.POST, actor=request.actor))
        return change_cell(request.actor, task, typed["field"], typed["value"], typed["lock_version"])

    done = _("%(name)s is saved.") % {"name": task}
    return answered(request, task.campaign, act, done, task.get_absolute_url())


def change_cell(actor, task, field, value, seen):
    """The act behind a field of the list."""
    if field == "predecessors":
        return actions.set_predecessors(actor, task=task, text=value, seen=seen)
    if field == "state":
        return actions.change_task_state(actor, task=task, state=value, seen=seen)
    if field == "progress":
        return actions.report_progress(actor, task=task, progress=value, seen=seen)
    return actions.update_task(actor, task=task, seen=seen, **{field: value})


@require_POST
def move(request, slug, code, pk):
    """Bring a task into another state: a menu of the board, a button of its page."""
    task = task_of(request, code, pk)

    def act():
        typed = read(StateForm(request.POST))
        return actions.change_task_state(request.actor, task=task, state=typed["state"], seen=typed["lock_version"])

    def done(outcome):
        return _("%(name)s is “%(state)s” now.") % {"name": task, "state": outcome.task.get_state_display()}

    back = back_of(request, task.campaign) if request.POST.get("from") else asked_next(request, task)
    return answered(request, task.campaign, act, done, back)


def bulk(request, slug, code):
    """What the chosen tasks may get; changing them together, all or none."""
    campaign = campaign_of(request, code)
    if request.method != "POST":
        form = BulkForm(actor=request.actor, campaign=campaign, auto_id="bulk_%s")
        return render(request, "tasks/_bulk.html", {"bulk": form})

    def act():
        keys = request.POST.getlist("task")
        if len(keys) > MOST:
            raise PharosError(_("Choose at most %(most)d tasks at once.") % {"most": MOST}, code="too_many")
        rows = Task.objects.visible_to(request.actor).of(campaign).listed()
        tasks = list(where(rows, "pk__in", keys)) if keys else []
        form = BulkForm(request.POST, actor=request.actor, campaign=campaign)
        read(form)
        changes = form.changes()
        if not tasks or not changes:
            raise actions_missing()
        if "add_tags" in changes:
            changes["add_tags"] = tags_named(campaign, changes["add_tags"].replace("，", ",").split(","))
        chosen.append(len(tasks))
        return actions.edit_tasks(request.actor, campaign=campaign, tasks=tasks, **changes)

    chosen = []

    def done(_outcome):
        n = chosen[0]
        return ngettext("%(count)d task changed.", "%(count)d tasks changed.", n) % {"count": n}

    return answered(request, campaign, act, done, back_of(request, campaign))


def actions_missing():
    """Nothing was chosen, or nothing to give it."""
    return PharosError(_("Choose tasks and what they get."), code="nothing_chosen")


@require_POST
def step(request, slug, code, pk):
    """One step in the tree: indent, outdent, up, down."""
    task = task_of(request, code, pk)

    def act():
        return actions.step_task(request.actor, task=task, step=request.POST.get("step", ""))

    return answered(
        request, task.campaign, act, _("%(name)s is moved.") % {"name": task}, back_of(request, task.campaign)
    )


@require_POST
def duplicate(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        return actions.duplicate_task(request.actor, task=task)

    return answered(
        request, task.campaign, act, _("%(name)s is copied.") % {"name": task}, back_of(request, task.campaign)
    )


@require_POST
def archive(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        return actions.archive_task(request.actor, task=task)

    done = _("%(name)s is archived.") % {"name": task}
    return answered(request, task.campaign, act, done, back_of(request, task.campaign))


@require_POST
def restore(request, slug, code, pk):
    task = task_of(request, code, pk)

    def act():
        return actions.restore_task(request.actor, task=task)

    return answered(
        request, task.campaign, act, _("%(name)s is back in the plan.") % {"name": task}, task.get_absolute_url()
    )


@require_POST
def undo(request, slug, code, pk):
    """Take back the act of a logbook line."""
    campaign = campaign_of(request, code)
    lines = Activity.objects.filter(workspace_id=request.actor.workspace_id, campaign_id=campaign.pk)
    get_object_or_404(lines, pk=pk)
    try:
        actions.undo_change(request.actor, campaign=campaign, activity=pk)
    except PharosError as refused:
        return refusal(request, refused, back_of(request, campaign))
    if wants_json(request):
        return JsonResponse({"text": _("Undone.")})
    messages.success(request, _("Undone."))
    return redirect(back_of(request, campaign))
