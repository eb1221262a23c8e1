"""The board: tasks by state."""

from collections import defaultdict

from django.shortcuts import render
from django.utils.text import capfirst

from tasks.actions import today_of
from tasks.choices import TaskState
from tasks.models import Task
from tasks.querysets import OPEN
from tasks.rules import states
from tasks.views import campaign_of, frame
from tasks.views.lists import FILTERS, blocked_of, filtered, filters

SHOWN = {"done": 10, "cancelled": 10}
MOST = 25  # of the other lanes: the list has the rest


def board(request, slug, code):
    campaign = campaign_of(request, code)
    rows = filtered(request, campaign).filter(is_summary=False)
    by_state = defaultdict(list)
    for key, state in rows.order_by("finish_date", "position", "pk").values_list("pk", "state"):
        by_state[state].append(key)
    tasks = tasks_of(request, campaign, [key for state in by_state for key in by_state[state][: most(state)]])
    lanes = [lane(state, label, by_state[state], tasks) for state, label in TaskState.choices]
    lanes = [one for one in lanes if one["count"] or one["state"] != TaskState.CANCELLED]
    context = {"lanes": lanes, "filters": filters(request, campaign), "has_rows": any(by_state.values())}
    context["is_filtered"] = any(request.GET.get(name) for name in ("q", *FILTERS))
    return render(request, "tasks/board.html", frame(request, campaign, "board", **context))


def most(state):
    return SHOWN.get(state, MOST)


def lane(state, label, keys, tasks):
    return {
        "state": state,
        "label": capfirst(label),
        "count": len(keys),
        "rows": [tasks[key] for key in keys[: most(state)] if key in tasks],
        "more": max(0, len(keys) - most(state)),
    }


def tasks_of(request, campaign, keys):
    """{id: task} with what a card shows."""
    rows = Task.objects.visible_to(request.actor).filter(pk__in=keys).select_related("phase", "channel")
    blocked, today = blocked_of(request.actor, campaign), today_of(campaign)
    found = {}
    for task in rows.prefetch_related("assignees"):
        waiting = task.pk in blocked
        task.people = sorted(task.assignees.all(), key=str)
        task.has_problem = waiting
        task.is_late = task.state in OPEN and task.finish_date is not None and task.finish_date < today
        task.moves = [each for each in states.moves(task.state, problems=int(waiting)) if each != TaskState.BLOCKED]
        found[task.pk] = task
    return found
