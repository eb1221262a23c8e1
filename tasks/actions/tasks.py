"""Acts on one task: make, change, put in its place, copy, archive."""

from django.db import transaction
from django.db.models import Max, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from core.batch import write
from core.errors import RuleBroken, Stale, require
from tasks.actions.checking import (
    FIELDS,
    MOVING,
    RELATIONS,
    check_open,
    check_own,
    check_people,
    checked,
    search_text,
)
from tasks.actions.loading import Loaded
from tasks.actions.moves import check_movable, check_unchanged, moved, own_days
from tasks.actions.plan import Outcome, finish_act, previewed, work_plan_of
from tasks.actions.states import reported, state_changes
from tasks.actions.tracing import Trace
from tasks.choices import Buffer, Constraint, TaskKind
from tasks.models import Dependency, Task
from tasks.permissions import can_schedule
from tasks.rules import checks

REPORT = ("progress", "actual_start", "actual_finish")
DAYS = ("start_date", "finish_date")
NOT_COPIED = ("is_pinned", "is_fixed")
KEEP = object()
"""“As it is”, where None would mean “at the top”."""


def check_mother(parent):
    """Sub-tasks stand below a task that is there and takes time."""
    if parent is None:
        return
    if parent.archived_at is not None:
        raise RuleBroken(_("“%(task)s” is archived. Restore it first.") % {"task": parent}, code="archived")
    if parent.kind == TaskKind.MILESTONE:
        raise RuleBroken(_("A milestone has no sub-tasks."), code="milestone_parent")


def parents_of(campaign_id):
    """{task id: parent id} of the living tasks of a campaign."""
    return dict(Task.objects.filter(campaign_id=campaign_id, archived_at=None).values_list("pk", "parent_id"))


@transaction.atomic
def create_task(actor, *, campaign, title, parent=None, position=None, dry_run=False, **values):
    """Add a task or milestone at the end of its siblings (or at `position`) and plan it in.

    `values`: the fields of `checking.FIELDS`, `assignees`, `kpis`, `tags`, and `start_date` / `finish_date`: a task
    that is neither pinned nor fixed starts on its day at the earliest.
    """
    require(can_schedule(actor, campaign))
    plan = work_plan_of(actor, campaign)
    check_campaign(campaign, parent=parent)
    check_mother(parent)
    if parent:
        checks.check_parent(parents_of(campaign.pk), None, parent.pk)
    relations = {name: list(values.pop(name, None) or ()) for name in RELATIONS}
    days = {name: day for name in DAYS if (day := values.pop(name, None)) is not None}
    task = _new_task(campaign, parent, {**values, "title": title}, days)
    _check_relations(campaign, relations)
    task.position = behind_siblings(campaign, parent)
    task.search_text = search_text(task.title, task.description, relations["tags"])
    task.save(force_insert=True)
    trace = Trace()
    trace.born(task)
    for name, rows in relations.items():
        if rows:
            getattr(task, name).add(*rows)
    if position is not None:
        _order(campaign, parent, [task.pk], position, trace)
    outcome = moved(plan, trace, {task.pk: days}, buffer=Buffer.USE) if days else None
    outcome = finish_act(actor, plan, trace, "tasks.task_created", task, outcome=outcome)
    outcome.task = None if dry_run else fresh(task)
    return previewed(outcome, dry_run)


def _new_task(campaign, parent, values, days):
    """The row of a task that is not there yet, its values checked."""
    task = Task(workspace_id=campaign.workspace_id, campaign=campaign, parent=parent)
    for name, value in checked(campaign, task, values).items():
        setattr(task, name, value)
    checks.check_days(days)
    day = days.get("start_date") or days.get("finish_date")
    checks.check_held(task.is_fixed, day)
    if task.is_fixed or task.is_pinned:
        task.start_date = task.finish_date = day
    return task


def fresh(task):
    """The task with what the schedule wrote."""
    task.refresh_from_db()
    return task


def last_position(campaign, parent):
    siblings = Task.objects.filter(campaign=campaign, parent=parent, archived_at=None)
    last = siblings.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def behind_siblings(campaign, parent):
    """The last position below a parent, worked out by the statement that writes it."""
    siblings = Task.objects.filter(campaign=campaign, parent=parent, archived_at=None).order_by()
    last = siblings.values("campaign").annotate(next=Max("position") + 1).values("next")
    return Coalesce(Subquery(last), 0)


def _check_relations(campaign, relations):
    check_people(campaign.workspace_id, relations.get("assignees") or ())
    for name in ("kpis", "tags"):
        for row in relations.get(name) or ():
            check_campaign(campaign, **{name: row})


@transaction.atomic
def update_task(actor, *, task, seen=None, dry_run=False, **changes):
    """Change any fields of a task; what is not given stays.

    Besides the fields of `create_task`: `state`, `progress`, `actual_start`, `actual_finish`, with what follows from
    them. A new start or finish moves the task; what waits for it follows.
    """
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    check_own(task, changes)
    relations = {name: list(changes.pop(name) or ()) for name in RELATIONS if name in changes}
    values = _values(task, changes)
    _check_relations(task.campaign, relations)
    trace = Trace()
    diff = write_task(task, values, relations, trace, seen)
    outcome = _moved(plan, task, changes, trace)
    if not trace:
        return Outcome(task=task)
    diff |= {} if outcome is None else own_days(outcome, task)
    moves_dates = bool(MOVING & set(diff))
    outcome = finish_act(
        actor, plan, trace, "tasks.task_changed", task, changes=diff, moves_dates=moves_dates, outcome=outcome
    )
    outcome.task = fresh(task)
    return previewed(outcome, dry_run)


def _moved(plan, task, changes, trace):
    """The task moved to the days it was given; None when it was given none, or is fixed and hence put there."""
    days = {name: changes[name] for name in DAYS if changes.get(name) not in (None, getattr(task, name))}
    if not days or task.is_fixed:
        return None
    if "duration_days" in changes and "finish_date" not in days:
        days["duration_days"] = task.duration_days
    check_movable(task, days)
    loaded = Loaded(plan)
    check_unchanged(loaded, [task])
    return moved(plan, trace, {task.pk: days}, buffer=Buffer.USE, loaded=loaded)


def _put(task, changes):
    """What a new day means that is no move: a fixed task is on its day, one without a day is free again."""
    values = {}
    day = changes.get("start_date") or changes.get("finish_date")
    if day and changes.get("is_fixed", task.is_fixed):
        values = {"start_date": day, "finish_date": max(day, task.finish_date or day)}
    elif "start_date" in changes and changes["start_date"] is None:
        values = {"is_pinned": False, "is_fixed": False, "constraint": Constraint.ASAP, "constraint_date": None}
    checks.check_days(changes)
    checks.check_held(changes.get("is_fixed", False), day or task.start_date)
    return values


def _values(task, changes):
    """What is to be written for the changes somebody asked for."""
    fields = {name: value for name, value in changes.items() if name in FIELDS}
    report = {name: changes[name] for name in REPORT if name in changes}
    unknown = set(changes) - FIELDS - {"state", *REPORT, *DAYS}
    if unknown:
        raise TypeError(f"A task has no {', '.join(sorted(unknown))}.")
    values = checked(task.campaign, task, fields) if fields else {}
    values |= _put(task, changes)
    if report:
        values |= reported(task, **report)
    if changes.get("state", task.state) != values.get("state", task.state):
        values |= state_changes(task, changes["state"])
    return values


def write_task(task, values, relations, trace, seen=None):
    """Write values and relations of one task; {field: [before, after]}. Its counter grows with either."""
    diff = {}
    for name, rows in relations.items():
        diff |= trace.related(task, name, rows)
    if {"title", "description"} & set(values) or "tags" in diff:
        words = (values.get("title", task.title), values.get("description", task.description))
        values = {**values, "search_text": search_text(*words, task.tags.all())}
    diff |= trace.swap(task, seen=seen, **values)
    if diff and not trace.before(task._meta.label_lower, task.pk):
        trace.count_up(task, seen)
    return diff


# --- place ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def place_task(actor, *, task, parent=KEEP, position=None, seen=None, dry_run=False):
    """Put a task below another one (None: to the top) and at a place among its siblings (None: the end)."""
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    trace = Trace()
    diff = _place(task, parent, position, trace, seen)
    if not trace:
        return Outcome(task=task)
    outcome = finish_act(actor, plan, trace, "tasks.task_placed", task, changes=diff, moves_dates="parent" in diff)
    outcome.task = fresh(task)
    return previewed(outcome, dry_run)


def _place(task, parent, position, trace, seen=None):
    parent = task.parent if parent is KEEP else parent
    check_campaign(task.campaign, parent=parent)
    check_mother(parent)
    checks.check_parent(parents_of(task.campaign_id), task.pk, parent.pk if parent else None)
    diff = trace.swap(task, seen=seen, parent=parent)
    _order(task.campaign, parent, [task.pk], position, trace)
    return diff


def _order(campaign, parent, moved, position, trace):
    """Write the places of the siblings that changed theirs, in one statement."""
    siblings = Task.objects.filter(campaign=campaign, parent=parent, archived_at=None).order_by("position", "pk")
    rows = {row[0]: row for row in siblings.values_list("pk", "lock_version", "position")}
    if not rows.keys() >= set(moved):
        raise Stale()  # archived in the same moment
    order = checks.between([key for key in rows if key not in set(moved)], moved, position)
    changed = [(*rows[key], place) for place, key in enumerate(order) if rows[key][2] != place]
    if write(Task, ("position",), ((key, version, place) for key, version, _old, place in changed)) < len(changed):
        raise Stale()
    for key, version, old, place in changed:
        trace.note("tasks.task", key, version, version + 1, {"position": (old, place)})


STEPS = ("indent", "outdent", "up", "down")


def step_task(actor, *, task, step, seen=None):
    """One step in the tree: `indent` below the task above, `outdent` behind its parent, `up`, `down`."""
    check_open(task)
    siblings = Task.objects.filter(campaign_id=task.campaign_id, parent_id=task.parent_id, archived_at=None)
    order = list(siblings.order_by("position", "pk"))
    place = _place_of(task, [each.pk for each in order])
    if step == "indent":
        _refuse_step(place == 0, _("There is no task above it to stand below."))
        return place_task(actor, task=task, parent=order[place - 1], seen=seen)
    if step == "outdent":
        _refuse_step(task.parent is None, _("It stands at the top already."))
        return place_task(actor, task=task, parent=task.parent.parent, position=_behind(task.parent), seen=seen)
    _refuse_step(step not in STEPS, _("Use indent, outdent, up or down."))
    return place_task(actor, task=task, position=max(0, place + (1 if step == "down" else -1)), seen=seen)


def _place_of(task, siblings):
    """Where it stands among its siblings; Stale when somebody has just taken it away."""
    if task.pk not in siblings:
        raise Stale()
    return siblings.index(task.pk)


def _refuse_step(is_impossible, sentence):
    if is_impossible:
        raise RuleBroken(sentence, code="no_step")


def _behind(parent):
    siblings = Task.objects.filter(campaign_id=parent.campaign_id, parent_id=parent.parent_id, archived_at=None)
    return _place_of(parent, list(siblings.order_by("position", "pk").values_list("pk", flat=True))) + 1


@transaction.atomic
def reorder_tasks(actor, *, campaign, tasks, parent=None):
    """Put these tasks below one parent (None: the top), first and in this order; the others follow as they stood."""
    require(can_schedule(actor, campaign))
    plan = work_plan_of(actor, campaign)
    check_campaign(campaign, parent=parent)
    trace, changed = Trace(), {}
    for task in tasks:
        check_campaign(campaign, tasks=task)
        check_open(task)
        if task.parent_id != (parent.pk if parent else None):
            changed |= _place(task, parent, None, trace)
    _order(campaign, parent, [task.pk for task in tasks], 0, trace)
    if not trace:
        return Outcome()
    return finish_act(actor, plan, trace, "tasks.tasks_reordered", campaign, moves_dates="parent" in changed)


# --- archive --------------------------------------------------------------------------------------------------------


@transaction.atomic
def archive_task(actor, *, task, seen=None):
    """Take a task with all its sub-tasks out of the plan; its links stay for the day it comes back. Twice is once."""
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    if task.archived_at is not None:
        return Outcome(task=task)
    trace = Trace()
    diff = trace.swap(task, seen=seen, archived_at=timezone.now())
    parents = parents_of(task.campaign_id) | {task.pk: task.parent_id}
    below = [key for key in checks.below(parents, [task.pk]) if key != task.pk]
    _archive_all(Task.objects.filter(pk__in=below), task.archived_at, trace)
    outcome = finish_act(actor, plan, trace, "tasks.task_archived", task, changes=diff)
    outcome.task = fresh(task)
    return outcome


def _archive_all(rows, at, trace):
    found = list(rows.values_list("pk", "lock_version", "archived_at"))
    if write(Task, ("archived_at",), ((key, version, at) for key, version, _old in found)) < len(found):
        raise Stale()
    for key, version, old in found:
        trace.note("tasks.task", key, version, version + 1, {"archived_at": (old, at)})


@transaction.atomic
def restore_task(actor, *, task, seen=None):
    """Bring a task back with the sub-tasks that went with it; below an archived one it comes back at the top."""
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    if task.archived_at is None:
        return Outcome(task=task)
    trace, at = Trace(), task.archived_at
    values = {"parent": None} if task.parent and task.parent.archived_at else {}
    diff = trace.swap(task, seen=seen, archived_at=None, **values)
    parents = dict(Task.objects.filter(campaign_id=task.campaign_id).values_list("pk", "parent_id"))
    below = [key for key in checks.below(parents, [task.pk]) if key != task.pk]
    _archive_all(Task.objects.filter(pk__in=below, archived_at=at), None, trace)
    outcome = finish_act(actor, plan, trace, "tasks.task_restored", task, changes=diff)
    outcome.task = fresh(task)
    return outcome


# --- copy -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def duplicate_task(actor, *, task, title=""):
    """A copy behind the task, not begun, with sub-tasks, people, tags, KPIs and the links among its sub-tasks."""
    require(can_schedule(actor, task))
    plan = work_plan_of(actor, task.campaign)
    check_open(task)
    trace = Trace()
    copies = _copy_rows(task, title or checks.copy_title(task.title))
    for copy in copies.values():
        trace.born(copy)
    _copy_relations(copies)
    for link in _copy_links(copies):
        trace.born(link)
    root = copies[task.pk]
    _order(task.campaign, task.parent, [root.pk], _behind(task), trace)
    outcome = finish_act(actor, plan, trace, "tasks.task_copied", root)
    outcome.task = fresh(root)
    return outcome


def _copy_rows(task, title):
    """{id of the original: the new row}, parents first."""
    parents = parents_of(task.campaign_id)
    keys = checks.below(parents, [task.pk])
    originals = Task.objects.in_bulk(keys)
    copies = {}
    for key in keys:
        original = originals[key]
        values = {name: getattr(original, name) for name in FIELDS if name not in NOT_COPIED}
        above = copies.get(original.parent_id)
        copies[key] = Task(
            workspace_id=task.workspace_id,
            campaign=task.campaign,
            parent=above or original.parent,
            position=original.position,
            search_text=original.search_text,
            **values,
        )
    root = copies[task.pk]
    root.title = title
    root.search_text = search_text(title, root.description, task.tags.all())
    Task.objects.bulk_create(copies.values())
    return copies


def _copy_relations(copies):
    for name in RELATIONS:
        through = getattr(Task, name).through
        column = getattr(Task, name).field.m2m_reverse_name()
        pairs = through.objects.filter(task_id__in=list(copies)).values_list("task_id", column)
        through.objects.bulk_create(through(**{"task_id": copies[key].pk, column: other}) for key, other in pairs)


def _copy_links(copies):
    inner = Dependency.objects.filter(predecessor_id__in=list(copies), successor_id__in=list(copies))
    links = [
        Dependency(
            workspace_id=link.workspace_id,
            campaign_id=link.campaign_id,
            predecessor=copies[link.predecessor_id],
            successor=copies[link.successor_id],
            kind=link.kind,
            lag_days=link.lag_days,
        )
        for link in inner
    ]
    return Dependency.objects.bulk_create(links)
