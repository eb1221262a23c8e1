"""One task: all about it, as a page and as the panel beside a list."""

from django.db.models import Q
from django.shortcuts import render

from core.models import Activity
from tasks.actions import today_of
from tasks.models import Dependency, Problem, Task
from tasks.permissions import can_raise_problem, can_solve_problem
from tasks.rules import logbook
from tasks.views import task_of
from tasks.views.parts import parts_of

LATEST = 12


def detail(request, slug, code, pk):
    task = task_of(request, code, pk)
    name = "tasks/_panel.html" if request.htmx else "tasks/detail.html"
    return render(request, name, about(request, task))


def about(request, task):
    """Everything a task's page shows."""
    today = today_of(task.campaign)
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
        "problems": problems_of(request, task),
        "may_raise": task.archived_at is None and can_raise_problem(request.actor, task),
        "activities": history(request, task),
        **links_of(request, task),
    }


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
    rows = Problem.objects.visible_to(request.actor).about(task).select_related("solver").order_by("state", "due_date")
    found = list(rows)
    for row in found:
        row.may_solve = can_solve_problem(request.actor, row)
    return found


def history(request, task):
    """The latest acts on this task, in words."""
    rows = Activity.objects.filter(workspace_id=request.actor.workspace_id, subject_id=str(task.pk)).order_by("-at")
    return logbook.told(rows[:LATEST], task)
