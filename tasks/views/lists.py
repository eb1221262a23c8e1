"""The list of tasks: filters, groups, order, pages, export."""

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.models import Channel, Phase
from campaigns.views import menu, where
from core.export import table_response
from core.text import MISSING
from tasks.actions import today_of
from tasks.choices import TaskKind, TaskState
from tasks.forms import people_of
from tasks.models import Dependency, Problem, Tag, Task
from tasks.querysets import OPEN
from tasks.rules import checks
from tasks.rules.outline import outline
from tasks.rules.predecessors import TypedLink, format_predecessors
from tasks.views import campaign_of, day_of, frame, url_of

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
SHOWN = ("lock_version", "title", "kind", "state", "phase_id", "start_date", "finish_date", "duration_days", "progress")
SHOWN += ("is_summary", "is_critical", "archived_at", "effort_hours", "deadline", "total_float", "channel")
PLAIN = ("pk", "parent_id", "phase_id", "channel_id", "state")
COLUMNS = {"phase": "phase_id", "channel": "channel_id", "state": "state"}
GROUPS = ("phase", "owner", "channel", "state", "none")


@dataclass(frozen=True)
class Row:
    """A task as the list shows it."""

    task: object
    number: int
    depth: int
    children: int
    people: list  # (id, name)
    tags: list
    before: str
    is_late: bool
    has_problem: bool


def listing(request, slug, code):
    campaign = campaign_of(request, code)
    if request.GET.get("export") in ("csv", "xlsx"):
        return export_list(request, campaign, request.GET["export"])
    words = Words(request.actor, campaign)
    context = {**table_of(request, campaign, words), "filters": filters(request, campaign, words)}
    context |= {"groupings": groupings(request), "base": url_of("list", slug, code), "icons": static("img/icons.svg")}
    context["is_filtered"] = any(request.GET.get(name) for name in ("q", *FILTERS))
    context["people"] = words.people.items()
    context["states"] = [choice for choice in TaskState.choices if choice[0] != TaskState.BLOCKED]
    name = "tasks/_table.html" if request.htmx else "tasks/list.html"
    return render(request, name, frame(request, campaign, "list", **context))


class Words:
    """The names that a list groups and filters by, each kind read once."""

    def __init__(self, actor, campaign):
        self.actor, self.campaign = actor, campaign

    @cached_property
    def phases(self):
        rows = Phase.objects.visible_to(self.actor).of(self.campaign)
        return dict(rows.values_list("pk", "name"))

    @cached_property
    def people(self):
        return dict(people_of(self.actor).values_list("pk", "name"))

    @cached_property
    def channels(self):
        return list(Channel.objects.visible_to(self.actor).active())

    @cached_property
    def tagged(self):
        """[(tag id, its name, task id or None)] of the campaign."""
        return list(Tag.objects.visible_to(self.actor).of(self.campaign).values_list("pk", "name", "tasks"))

    @cached_property
    def plan(self):
        """[(id, parent, phase, channel, state)] of all living tasks, in plan order."""
        rows = Task.objects.visible_to(self.actor).of(self.campaign).active().order_by("position", "pk")
        return list(rows.values_list(*PLAIN))

    @property
    def tags(self):
        return {key: name for key, name, _task in self.tagged}

    def of_group(self, group):
        """{group: its heading}; what belongs to none has one too."""
        if group == "state":
            return {value: capfirst(label) for value, label in TaskState.choices}
        if group == "phase":
            return self.phases | {None: _("Without a phase")}
        if group == "channel":
            return {row.pk: row.label for row in self.channels} | {None: _("Without a channel")}
        return self.people | {None: _("Nobody yet")} if group == "owner" else {}


def table_of(request, campaign, words):
    """The lines of one page, the tasks among them with everything they show."""
    order = ORDERS.get(request.GET.get("o", "").removeprefix("-"))
    group, names = grouping(request), {}
    if order:
        lines = flat(filtered(request, campaign), request.GET["o"], order)
    else:
        names = words.of_group(group)
        lines = grouped(request, campaign, words, group, list(names))
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    found = rows_of(request, campaign, [line for line in page if line.key is not None], words)
    base = url_of("list", request.actor.workspace.slug, campaign.code)
    labels = labels_of()
    shown = [
        written(found[line.key], base, labels)
        if line.key is not None
        else {"title": names.get(line.group), "line": line}
        for line in page
        if line.key is None or line.key in found
    ]
    return {"page": page, "lines": shown, "group": group, "is_flat": bool(order)}


def written(row, base, labels):
    """What the table shows of a row, ready to be written: a template's turn for each word is the cost of the page."""
    task = row.task
    return {
        "key": str(task.pk),
        "url": f"{base}{task.pk}/",
        "lock": str(task.lock_version),
        "title": task.title,
        "number": localize(row.number) if row.number else "",
        "depth": str(row.depth),
        "children": row.children,
        "state": task.state,
        "state_word": task.get_state_display(),
        "finish": iso(task.finish_date),
        "channel": task.channel.label if task.channel else "",
        "tags": row.tags,
        "is_work": not task.is_summary,
        "is_milestone": task.kind == TaskKind.MILESTONE,
        "ends": task.kind == TaskKind.TASK,
        "is_late": row.is_late,
        "is_archived": task.archived_at is not None,
        "has_problem": row.has_problem,
        "is_critical": task.is_critical,
        "front": front_of(row, labels),
        "back": back_of(row, labels),
    }


def labels_of():
    """What a narrow screen writes before a cell."""
    return {
        "people": _("Assignees"),
        "start": _("Start"),
        "days": pgettext("column", "Days"),
        "progress": _("Progress"),
    } | {"before": _("Predecessors")}


def front_of(row, labels):
    """Who and from when: the cells before that of the finish, as `edit_cells` takes them."""
    keys, names = "".join([f"{key} " for key, _name in row.people]), ", ".join([name for _key, name in row.people])
    start = iso(row.task.start_date)
    return [
        ("" if names else "muted", "people", "assignees", keys, labels["people"], names or MISSING),
        ("nowrap", "start", "start_date", start, labels["start"], start or MISSING),
    ]


def back_of(row, labels):
    """How long, how far and after what: the cells behind that of the finish."""
    task = row.task
    is_work, days, progress = not task.is_summary, str(task.duration_days), str(task.progress)
    lasts = is_work and task.kind == TaskKind.TASK
    return [
        ("num", "days", "duration_days" if lasts else "", days, labels["days"], days if is_work else ""),
        ("num", "progress", "progress" if is_work else "", progress, labels["progress"], f"{progress}%"),
        ("", "before", "predecessors", row.before, labels["before"], row.before),
    ]


def iso(day):
    return day.isoformat() if day else ""


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


def grouped(request, campaign, words, group, order):
    """The lines in plan order, by group."""
    rows = words.plan
    if any(request.GET.get(name) for name in ("q", *FILTERS)):
        rows = list(filtered(request, campaign).order_by("position", "pk").values_list(*PLAIN))
    firsts = firsts_of(campaign) if group == "owner" else {}
    column = PLAIN.index(COLUMNS[group]) if group in COLUMNS else None
    place = {"owner": lambda row: firsts.get(row[0]), "none": lambda row: ""}.get(group, lambda row: row[column])
    return outline([(row[0], row[1], place(row)) for row in rows], groups=order, headings=group != "none")


def flat(rows, asked, order):
    """The lines in the order of a column, without their tree."""
    column = F(order).desc(nulls_last=True) if asked.startswith("-") else F(order).asc(nulls_last=True)
    plain = rows.order_by(column, "position", "pk").values_list("pk", flat=True)
    return outline([(pk, None, "") for pk in plain])


def firsts_of(campaign):
    """{task: its first assignee by name}."""
    pairs = Task.assignees.through._base_manager.filter(task__campaign=campaign).order_by("-user__name")
    return dict(pairs.values_list("task_id", "user_id"))


def rows_of(request, campaign, lines, words):
    """{task id: Row} of the lines of a page, with a handful of queries however many there are."""
    keys = [line.key for line in lines]
    waiting = Problem.objects.visible_to(request.actor).open().filter(subject_id=OuterRef("pk"))
    tasks = Task.objects.visible_to(request.actor).filter(pk__in=keys).select_related("channel")
    tasks = {task.pk: task for task in tasks.annotate(has_problem=Exists(waiting)).only(*SHOWN)}
    people = people_at(keys)
    tags = defaultdict(list)
    for _key, name, task in words.tagged:
        tags[task].append(name)
    order = checks.outline([row[:2] for row in words.plan])
    numbers = {key: number for number, key in enumerate(order, start=1)}
    before, today = before_of(request.actor, campaign, keys, numbers), today_of(campaign)
    found = {}
    for line in lines:
        task = tasks.get(line.key)
        if task is not None:
            late = task.state in OPEN and task.finish_date is not None and task.finish_date < today
            more = (people[task.pk], tags[task.pk], before.get(task.pk, ""), late, task.has_problem)
            found[task.pk] = Row(task, numbers.get(task.pk), line.depth, line.children, *more)
    return found


def people_at(keys):
    """{task id: [(id, name)] of who does it, by their names}."""
    pairs = Task.assignees.through._base_manager.filter(task__in=keys)
    found = defaultdict(list)
    for task, person, name in pairs.order_by("user__name").values_list("task_id", "user_id", "user__name"):
        found[task].append((person, name))
    return found


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


def filters(request, campaign, words=None):
    """The filter menus of the toolbar."""
    words = words or Words(request.actor, campaign)
    states = [("open", _("open")), *TaskState.choices]
    people = [("me", _("Me")), *((str(pk), name) for pk, name in words.people.items())]
    return [
        menu(request, "phase", _("Phase"), [(str(pk), name) for pk, name in words.phases.items()]),
        menu(request, "state", _("State"), states),
        menu(request, "assignee", _("Assignee"), people),
        menu(request, "channel", _("Channel"), [(channel.code, channel.label) for channel in words.channels]),
        menu(request, "tag", _("Tag"), [(str(pk), name) for pk, name in words.tags.items()]),
        menu(request, "late", _("Time"), [("1", _("overdue"))], _("All")),
        menu(request, "archived", _("Archive"), [("1", _("Archived only"))], _("Without archived")),
    ]


def groupings(request):
    """The menu that chooses by what the list is grouped."""
    choices = [("owner", _("Assignee")), ("channel", _("Channel")), ("state", _("State")), ("none", _("Not grouped"))]
    return menu(request, "group", _("Group by"), choices, _("Phase"))


def export_list(request, campaign, kind):
    """The filtered list as a file, in plan order."""
    words = Words(request.actor, campaign)
    lines = grouped(request, campaign, words, "none", [])[:EXPORTED]
    found = rows_of(request, campaign, lines, words)
    header = [_("No."), _("Level"), _("Title"), _("Kind"), _("State"), _("Assignees"), _("Start"), _("Finish")]
    header += [_("Days"), _("Progress (%)"), _("Predecessors"), _("Phase"), _("Channel"), _("Effort (hours)")]
    header += [_("Deadline"), _("Float"), _("Tags")]
    cells = (_cells(found[line.key], words.phases) for line in lines if line.key in found)
    return table_response(kind, f"{campaign.code} {_('tasks')}", header, cells)


def _cells(row, phases):
    task = row.task
    return [
        *(row.number, row.depth + 1, task.title, task.get_kind_display(), task.get_state_display()),
        *(
            ", ".join([name for _key, name in row.people]),
            task.start_date,
            task.finish_date,
            task.duration_days,
            task.progress,
        ),
        *(row.before, phases.get(task.phase_id), task.channel and task.channel.label, task.effort_hours),
        *(task.deadline, task.total_float, ", ".join(row.tags)),
    ]
