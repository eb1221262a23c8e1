"""The board: tasks by state."""

from collections import defaultdict
from uuid import UUID

from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.text import listed
from tasks.actions import today_of
from tasks.choices import TaskState
from tasks.models import Task
from tasks.querysets import OPEN
from tasks.rules import states
from tasks.views import campaign_of, frame
from tasks.views.lists import FILTERS, blocked_of, filtered, filters

SHOWN = {"done": 10, "cancelled": 10}
MOST = 25  # of the other lanes: the list has the rest
FACES = 3  # people shown by their initials
ON_CARD = ("state", "kind", "title", "finish_date", "phase__name", "channel__code", "channel__labels")
PAGES = {"url": ("detail",), "move_url": ("move",), "problem_url": ("problem-raise", "tasks.task")}
_NO_TASK = UUID(int=0)


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
    """{id: task} with what a card shows, ready to be written: a template's turn for each word is the cost of it."""
    rows = Task.objects.visible_to(request.actor).filter(pk__in=keys).select_related("phase", "channel")
    blocked, today, moves = blocked_of(request.actor, campaign), today_of(campaign), Moves()
    pages, move_words = pages_of(campaign), _("Move %(name)s")
    found = {}
    for task in rows.only(*ON_CARD).prefetch_related("assignees"):
        people = sorted(task.assignees.all(), key=str)
        task.names = listed([person.name for person in people], get_language())
        task.faces = [person.initials for person in people[:FACES]]
        task.has_problem = task.pk in blocked
        task.is_late = task.state in OPEN and task.finish_date is not None and task.finish_date < today
        task.due = f"{task.finish_date:%m-%d}" if task.finish_date else ""
        where = (task.phase and task.phase.name, task.channel and task.channel.label)
        task.where = " · ".join(filter(None, where))
        task.moves = moves[task.state, task.has_problem]
        task.move_words = move_words % {"name": task.title}
        for name, (before, after) in pages.items():
            setattr(task, name, f"{before}{task.pk}{after}")
        found[task.pk] = task
    return found


class Moves(dict):
    """{(state, has a problem): what a card may be moved to: `to` the states, `buttons` them and their labels}."""

    def __missing__(self, key):
        state, has_problem = key
        moves = states.moves(state, problems=int(has_problem))
        buttons = [(str(each), str(capfirst(each.label))) for each in moves if each != TaskState.BLOCKED]
        self[key] = found = {"to": "".join([f"{state} " for state, _label in buttons]), "buttons": buttons}
        return found


def pages_of(campaign):
    """{name: (before a task's id, after it)}: an address is looked up once for all cards."""
    place = [campaign.workspace.slug, campaign.code]
    found = {name: reverse(f"tasks:{route}", args=[*place, *more, _NO_TASK]) for name, (route, *more) in PAGES.items()}
    return {name: tuple(address.split(str(_NO_TASK))) for name, address in found.items()}
