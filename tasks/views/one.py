"""One task: all about it, as a page and as the panel beside a list."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.views import form_page
from core.models import Activity
from tasks import actions
from tasks.actions import today_of
from tasks.actions.sheet import plan_task, save_task
from tasks.forms import TaskForm
from tasks.models import Dependency, Problem, Task
from tasks.permissions import can_raise_problem, can_schedule, can_solve_problem
from tasks.rules import logbook, states
from tasks.rules.checks import first_day
from tasks.views import campaign_of, day_of, frame, task_of
from tasks.views.parts import parts_of

LATEST = 12


def detail(request, slug, code, pk):
    task = task_of(request, code, pk)
    name = "tasks/_panel.html" if request.htmx else "tasks/detail.html"
    return render(request, name, about(request, task))


def about(request, task):
    """Everything a task's page shows."""
    today = today_of(task.campaign)
    problems = problems_of(request, task)
    below = Task.objects.visible_to(request.actor).active().filter(parent=task)
    return {
        **parts_of(request, task),
        "campaign": task.campaign,
        "today": today,
        "trail": trail(task),
        "is_late": is_late(task, today),
        "assignees": list(task.assignees.order_by("name")),
        "tags": list(task.tags.all()),
        "kpis": list(task.kpis.all()),
        "children": list(below) if task.is_summary else [],
        "problems": problems,
        "moves": moves_of(task, problems),
        "may_restore": can_schedule(request.actor, task),
        "may_raise": task.archived_at is None and can_raise_problem(request.actor, task),
        "activities": history(request, task),
        **links_of(request, task),
    }


def moves_of(task, problems):
    """[(state, label)] that the task may take next; a summary takes its state from its sub-tasks."""
    if task.archived_at is not None or task.is_summary:
        return []
    waiting = sum(1 for problem in problems if problem.state == "open")
    return [(state.value, state.label) for state in states.moves(task.state, problems=waiting) if state != "blocked"]


def is_late(task, today):
    """Open, and planned to be finished before today."""
    return task.is_open and task.finish_date is not None and task.finish_date < today


def trail(task):
    """The tasks above, the topmost first."""
    found, above = [], task.parent
    while above is not None and len(found) < 8:
        found.insert(0, above)
        above = above.parent
    return found


def links_of(request, task):
    """The links that lead to a task and away from it, each with the other task."""
    rows = Dependency.objects.visible_to(request.actor).visible()
    rows = rows.filter(Q(successor=task) | Q(predecessor=task)).select_related("predecessor", "successor")
    before, after = [], []
    for link in rows:
        is_before = link.successor_id == task.pk
        other = link.predecessor if is_before else link.successor
        (before if is_before else after).append({"link": link, "task": _placed(other, task)})
    return {"before": before, "after": after}


def _placed(other, task):
    """A task of the same campaign, told so without asking for it."""
    other.campaign, other.workspace = task.campaign, task.workspace
    return other


def problems_of(request, task):
    """Its problems, open ones first, with what the actor may do."""
    rows = Problem.objects.visible_to(request.actor).about(task).select_related("solver", "campaign")
    rows = rows.order_by("state", "due_date")
    found = list(rows)
    for row in found:
        row.may_solve = can_solve_problem(request.actor, row)
    return found


def history(request, task):
    """The latest acts on this task, in words."""
    rows = Activity.objects.visible_to(request.actor).about(task.pk)
    return logbook.told(rows[:LATEST], task)


def create(request, slug, code):
    """A new task; the address may suggest its phase, its parent and its day."""
    campaign = campaign_of(request, code)
    initial = {name: request.GET[name] for name in ("phase", "parent") if len(request.GET.get(name, "")) == 36}
    if day := day_of(request.GET.get("day")) or first_day(campaign.start_date, today_of(campaign)):
        initial["start_date"] = day
    form = TaskForm(request.POST or None, actor=request.actor, campaign=campaign, initial=initial)
    if form.carries_out(lambda **typed: plan_task(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("%(name)s is in the plan.") % {"name": form.result})
        return redirect(form.result)
    return form_page(request, "tasks/form.html", form, **frame(request, campaign, "list"))


def edit(request, slug, code, pk):
    task = task_of(request, code, pk)
    before = actions.predecessors_text(task)
    form = TaskForm(request.POST or None, actor=request.actor, campaign=task.campaign, row=task, before=before)
    if form.carries_out(lambda **typed: save_task(request.actor, task=task, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": task})
        return redirect(task)
    return form_page(request, "tasks/form.html", form, task=task, **frame(request, task.campaign, "list"))
