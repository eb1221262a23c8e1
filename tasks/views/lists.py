"""The list of tasks: filters, groups, order, pages, export."""

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter

from django.core.paginator import Paginator
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Membership
from campaigns.models import Channel, Phase
from core.export import table_response
from tasks.actions import today_of
from tasks.choices import TaskState
from tasks.forms import BulkForm, people_of
from tasks.models import Dependency, Problem, Tag, Task
from tasks.permissions import can_schedule
from tasks.querysets import OPEN
from tasks.rules import checks
from tasks.rules.outline import outline
from tasks.rules.predecessors import TypedLink, format_predecessors
from tasks.views import campaign_of, day_of, frame, menu, url_of, where

PAGE, EXPORTED = 100, 20_000
FILTERS = ("phase", "state", "assignee", "channel", "tag", "kind", "late", "archived", "first", "last")
ORDERS = {
    "title": "title",
    "state": "state",
    "start": "start_date",
    "finish": "finish_date",
    "days": "duration_days",
    "progress": "progress",
    "channel": "channel__position",
    "float": "total_float",
}
GROUPS = ("phase", "owner", "channel", "state", "none")


@dataclass(frozen=True)
class Row:
    """A task as the list shows it."""

    task: object
    number: int
    depth: int
    children: int
    people: list
    tags: list
    before: str
    is_late: bool
    has_problem: bool


def listing(request, slug, code):
    campaign = campaign_of(request, code)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export_list(request, campaign, request.GET["export"])
    context = {**table_of(request, campaign), "filters": filters(request, campaign), "groupings": groupings(request)}
    context |= {"base": url_of("list", slug, code), "icons": static("img/icons.svg")}
    context["is_filtered"] = any(request.GET.get(name) for name in ("q", *FILTERS))
    context["may_plan"] = can_schedule(request.actor, campaign)
    if not request.htmx and context["may_plan"]:
        context["bulk"] = BulkForm(actor=request.actor, campaign=campaign, auto_id="bulk_%s")
        context["people"] = list(people_of(request.actor).values_list("pk", "name"))
        context["states"] = [choice for choice in TaskState.choices if choice[0] != TaskState.BLOCKED]
    name = "tasks/_table.html" if request.htmx else "tasks/list.html"
    return render(request, name, frame(request, campaign, "list", **context))


def table_of(request, campaign):
    """The lines of one page, the tasks among them with everything they show."""
    rows = filtered(request, campaign)
    order = ORDERS.get(request.GET.get("o", "").removeprefix("-"))
    group = grouping(request)
    lines = flat(rows, request.GET["o"], order) if order else grouped(request, campaign, rows, group)
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    names = names_of(request, campaign, group) if not order else {}
    found = rows_of(request, campaign, [line for line in page if line.key is not None])
    shown = [
        {"row": found[line.key]} if line.key is not None else {"title": names.get(line.group), "line": line}
        for line in page
        if line.key is None or line.key in found
    ]
    return {"page": page, "lines": shown, "group": group, "is_flat": bool(order)}


def grouping(request):
    asked = request.GET.get("group", "")
    return asked if asked in GROUPS else "phase"


def filtered(request, campaign):
    """The campaign's tasks as the query string filters them, in plan order."""
    asked = request.GET
    rows = Task.objects.visible_to(request.actor).of(campaign).found_by(asked.get("q", "")[:200])
    rows = rows.filter(archived_at__isnull=asked.get("archived") != "1")
    if asked.get("state") == "open":
        rows = rows.filter(state__in=OPEN)
    else:
        rows = where(rows, "state", asked.get("state", ""))
    person = asked.get("assignee", "")
    rows = where(rows, "assignees", str(request.actor.user_id) if person == "me" else person)
    for name, lookup in (("phase", "phase"), ("channel", "channel__code"), ("tag", "tags"), ("kind", "kind")):
        rows = where(rows, lookup, asked.get(name, ""))
    first, last = day_of(asked.get("first")), day_of(asked.get("last"))
    rows = rows.filter(finish_date__gte=first) if first else rows
    rows = rows.filter(start_date__lte=last) if last else rows
    return rows.overdue(today=today_of(campaign)) if asked.get("late") == "1" else rows


def grouped(request, campaign, rows, group):
    """The lines in plan order, by group."""
    field = {"phase": "phase_id", "channel": "channel_id", "state": "state"}.get(group)
    plain = list(rows.order_by("position", "pk").values_list("pk", "parent_id", *([field] if field else [])))
    if group == "owner":
        firsts = firsts_of(campaign)
        plain = [(pk, parent, firsts.get(pk)) for pk, parent in plain]
    elif not field:
        plain = [(pk, parent, "") for pk, parent in plain]
    return outline(plain, groups=order_of(request, campaign, group), headings=group != "none")


def flat(rows, asked, order):
    """The lines in the order of a column, without their tree."""
    field = f"-{order}" if asked.startswith("-") else order
    plain = rows.order_by(field, "position", "pk").values_list("pk", flat=True)
    return outline([(pk, None, "") for pk in plain])


def firsts_of(campaign):
    """{task: its first assignee by name}."""
    pairs = Task.assignees.through._base_manager.filter(task__campaign=campaign).order_by("-user__name")
    return dict(pairs.values_list("task_id", "user_id"))


def order_of(request, campaign, group):
    """The groups in the order in which they follow each other."""
    if group == "state":
        return TaskState.values
    if group == "phase":
        return [*Phase.objects.visible_to(request.actor).of(campaign).values_list("pk", flat=True)]
    return list(names_of(request, campaign, group))


def names_of(request, campaign, group):
    """{group: its heading}; what belongs to none has one too."""
    actor = request.actor
    if group == "state":
        return {value: capfirst(label) for value, label in TaskState.choices}
    if group == "phase":
        found = {phase.pk: phase.name for phase in Phase.objects.visible_to(actor).of(campaign)}
        return found | {None: _("Without a phase")}
    if group == "channel":
        rows = Channel.objects.visible_to(actor)
        return {row.pk: row.label for row in rows} | {None: _("Without a channel")}
    members = Membership.objects.visible_to(actor).of_people().order_by("user__name")
    return dict(members.values_list("user_id", "user__name")) | {None: _("Nobody yet")}


def rows_of(request, campaign, lines):
    """{task id: Row} of the lines of a page, with a handful of queries however many there are."""
    keys = [line.key for line in lines]
    tasks = Task.objects.visible_to(request.actor).filter(pk__in=keys).select_related("channel")
    tasks = {task.pk: task for task in tasks.read_ahead("tags").prefetch_related("assignees")}
    numbers = numbers_of(request.actor, campaign)
    before, blocked = before_of(request.actor, campaign, keys, numbers), blocked_of(request.actor, campaign)
    today = today_of(campaign)
    found = {}
    for line in lines:
        task = tasks.get(line.key)
        if task is not None:
            late = task.state in OPEN and task.finish_date is not None and task.finish_date < today
            people, tags = sorted(task.assignees.all(), key=str), [tag.name for tag in task.tags.all()]
            more = (before.get(task.pk, ""), late, task.pk in blocked)
            found[task.pk] = Row(task, numbers.get(task.pk), line.depth, line.children, people, tags, *more)
    return found


def numbers_of(actor, campaign):
    """{task id: number in the plan}."""
    rows = Task.objects.visible_to(actor).of(campaign).active().order_by("position", "pk")
    return {key: number for number, key in enumerate(checks.outline(list(rows.values_list("pk", "parent_id"))), 1)}


def before_of(actor, campaign, keys, numbers):
    """{task id: its predecessors as text, "3FS+2d, 5"}."""
    links = Dependency.objects.visible_to(actor).of(campaign).visible().filter(successor__in=keys)
    found = defaultdict(list)
    for successor, predecessor, kind, lag in links.values_list("successor", "predecessor", "kind", "lag_days"):
        if predecessor in numbers:
            found[successor].append(TypedLink(numbers[predecessor], kind, lag))
    return {key: format_predecessors(sorted(links, key=attrgetter("predecessor"))) for key, links in found.items()}


def blocked_of(actor, campaign):
    """Ids of things with an open problem."""
    return set(Problem.objects.visible_to(actor).of(campaign).open().values_list("subject_id", flat=True))


def filters(request, campaign):
    """The filter menus of the toolbar, each with the choices this campaign has."""
    rows = Task.objects.visible_to(request.actor).of(campaign)
    pairs = Task.assignees.through._base_manager.filter(task__campaign=campaign)
    people = pairs.order_by("user__name").values_list("user_id", "user__name").distinct()
    channels = Channel.objects.visible_to(request.actor).filter(pk__in=rows.values("channel"))
    phases = Phase.objects.visible_to(request.actor).of(campaign)
    tags = Tag.objects.visible_to(request.actor).of(campaign)
    states = [("open", _("open")), *TaskState.choices]
    return [
        menu(request, "phase", _("Phase"), [(str(phase.pk), phase.name) for phase in phases]),
        menu(request, "state", _("State"), states),
        menu(request, "assignee", _("Assignee"), [("me", _("Me")), *((str(pk), name) for pk, name in people)]),
        menu(request, "channel", _("Channel"), [(channel.code, channel.label) for channel in channels]),
        menu(request, "tag", _("Tag"), [(str(tag.pk), tag.name) for tag in tags]),
        menu(request, "late", _("Time"), [("1", _("overdue"))], _("All")),
        menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
    ]


def groupings(request):
    """The menu that chooses by what the list is grouped."""
    choices = [("owner", _("Assignee")), ("channel", _("Channel")), ("state", _("State")), ("none", _("Not grouped"))]
    return menu(request, "group", _("Group by"), choices, _("Phase"))


def export_list(request, campaign, kind):
    """The filtered list as a file, in plan order."""
    lines = grouped(request, campaign, filtered(request, campaign), "none")[:EXPORTED]
    found = rows_of(request, campaign, lines)
    header = [_("No."), _("Level"), _("Title"), _("Kind"), _("State"), _("Assignees"), _("Start"), _("Finish")]
    header += [_("Days"), _("Progress (%)"), _("Predecessors"), _("Phase"), _("Channel"), _("Effort (hours)")]
    header += [_("Deadline"), _("Float"), _("Tags")]
    phases = dict(Phase.objects.visible_to(request.actor).of(campaign).values_list("pk", "name"))
    cells = (_cells(found[line.key], phases) for line in lines if line.key in found)
    return table_response(kind, f"{campaign.code} {_('tasks')}", header, cells)


def _cells(row, phases):
    task = row.task
    return [
        *(row.number, row.depth + 1, task.title, task.get_kind_display(), task.get_state_display()),
        *(", ".join(map(str, row.people)), task.start_date, task.finish_date, task.duration_days, task.progress),
        *(row.before, phases.get(task.phase_id), task.channel and task.channel.label, task.effort_hours),
        *(task.deadline, task.total_float, ", ".join(row.tags)),
    ]
