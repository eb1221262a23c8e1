"""The acts of the chart for whoever works without it: give tasks other days, order them, undo and redo."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.views import where
from core.errors import Invalid, PharosError, Stale
from tasks import actions
from tasks.forms import MovedDaysForm, MoveForm
from tasks.models import Task
from tasks.rules.outline import arranged
from tasks.views import campaign_of, frame
from tasks.views.acts import answered, said

MOST = 50  # moved on one page
IN_ORDER = 200  # ordered on one page; those behind follow as they stand


# --- other days -----------------------------------------------------------------------------------------------------


def reschedule(request, slug, code):
    """Other days for one or several tasks: what follows from them is looked at first, then saved."""
    campaign = campaign_of(request, code)
    asked = (request.POST or request.GET).getlist("task")[:MOST]
    rows = Task.objects.visible_to(request.actor).of(campaign).active().select_related("campaign", "workspace")
    tasks = list(where(rows, "pk__in", asked)) if asked else []
    data = request.POST.copy() if request.method == "POST" else None
    form = MoveForm(data)
    lines = [(task, MovedDaysForm(data, row=task, prefix=task.pk.hex)) for task in tasks]
    outcome = None
    if data is not None and all([form.is_valid(), *(line.is_valid() for _task, line in lines)]):
        try:
            outcome = _moved(request.actor, campaign, lines, **form.cleaned_data)
        except PharosError as refused:
            _refused(form, lines, refused)
        else:
            if not form.cleaned_data["dry_run"]:
                return _saved(request, campaign, tasks, outcome)
    context = {"form": form, "lines": lines, "tasks": tasks, "outcome": outcome, "shown": _cascade(outcome, tasks)}
    is_wrong = data is not None and outcome is None
    return render(
        request, "tasks/move.html", frame(request, campaign, "table", **context), status=422 if is_wrong else 200
    )


def _moved(actor, campaign, lines, **how):
    """The act: one task by its own, several together."""
    moves = [(task, line.days()) for task, line in lines if line.days()]
    if not moves:
        raise Invalid(_("Give a start, a finish or a duration."), code="nothing_asked")
    if any(line.cleaned_data["lock_version"] != task.lock_version for task, line in lines):
        raise Stale()
    if len(moves) == 1:
        task, days = moves[0]
        return actions.move_task(actor, task=task, seen=task.lock_version, **how, **days)
    return actions.move_tasks(actor, campaign=campaign, moves=moves, **how)


def _refused(form, lines, refused):
    """The sentence stands above the form; after a refusal as stale the days shown are those of now, to be judged."""
    form.add_error(None, str(refused))
    if not isinstance(refused, Stale):
        return
    for task, line in lines:
        task.refresh_from_db()
        line.data[line.add_prefix("lock_version")] = task.lock_version


def _cascade(outcome, tasks):
    """[(title, days before and after, whether it was asked for)] of what moves, those asked for first."""
    own = {task.pk for task in tasks}
    changes = sorted(outcome.changes if outcome else [], key=lambda change: change["id"] not in own)
    return [change | {"is_own": change["id"] in own} for change in changes]


def _saved(request, campaign, tasks, outcome):
    n = len(tasks)
    sentence = _("%(name)s is moved.") % {"name": tasks[0]}
    if n > 1:
        sentence = ngettext("%(count)d task moved.", "%(count)d tasks moved.", n) % {"count": n}
    place = [campaign.workspace.slug, campaign.code]
    undo = reverse("tasks:undo", args=[*place, outcome.activity]) if outcome.activity else ""
    messages.success(request, said(outcome, sentence, {task.pk for task in tasks}), extra_tags=undo)
    return redirect(tasks[0] if n == 1 else reverse("tasks:table", args=place))


# --- order ----------------------------------------------------------------------------------------------------------


def order(request, slug, code):
    """Tasks below one parent, or at the top, numbered as they stand; other numbers give another order."""
    campaign = campaign_of(request, code)
    rows = Task.objects.visible_to(request.actor).of(campaign).active()
    key = request.POST.get("parent") or request.GET.get("parent", "")
    parent = where(rows.select_related("campaign", "workspace"), "pk", key).first() if key else None
    siblings = rows.filter(parent=parent).order_by("position", "pk").select_related("campaign", "workspace")
    if request.method == "POST":
        back = reverse("tasks:order", args=[slug, code]) + (f"?parent={parent.pk}" if parent else "")
        return answered(request, campaign, lambda: _ordered(request, campaign, parent, siblings), _("Saved."), back)
    context = {"parent": parent, "tasks": list(siblings[:IN_ORDER]), "more": siblings[IN_ORDER:].count()}
    return render(request, "tasks/order.html", frame(request, campaign, "table", **context))


def _ordered(request, campaign, parent, siblings):
    keys, numbers = request.POST.getlist("task"), request.POST.getlist("number")
    found = {str(task.pk): task for task in where(siblings, "pk__in", keys[:IN_ORDER])} if keys else {}
    if not keys or len(keys) != len(numbers) or found.keys() != set(keys):
        raise Stale()  # others came or went since the page was opened
    if not all(number.isascii() and number.isdigit() and len(number) < 6 for number in numbers):
        raise Invalid(_("Number the tasks by whole numbers."), code="invalid")
    tasks = [found[key] for key in arranged(keys, [int(number) for number in numbers])]
    return actions.reorder_tasks(request.actor, campaign=campaign, tasks=tasks, parent=parent)


# --- undo and redo --------------------------------------------------------------------------------------------------


@require_POST
def undo_last(request, slug, code):
    """Take back one's own newest act on the plan."""
    return _back_and_forth(request, campaign_of(request, code), actions.undo_change, _("Undone."))


@require_POST
def redo(request, slug, code):
    """Do again what one took back last."""
    return _back_and_forth(request, campaign_of(request, code), actions.redo_change, _("Done again."))


def _back_and_forth(request, campaign, act, sentence):
    table = reverse("tasks:table", args=[campaign.workspace.slug, campaign.code])
    try:
        act(request.actor, campaign=campaign)
    except PharosError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect(table)
