"""Acts on the rows of the matrix: made from the plan, or with titles of their own; changed, ordered, removed."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.rules.plan import in_tree_order
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import erase, swap
from raci.choices import RowKind
from raci.models import RaciRow, cells_of
from raci.permissions import can_assign
from tasks.models import Deliverable, Task

MOST_ROWS = 2_000
OWN = (RowKind.DECISION, RowKind.SECTION)


def next_position(model, campaign):
    """The place behind the last row or column."""
    last = model.objects.of(campaign).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def check_room(campaign, more):
    """A matrix of more rows than anybody reads is refused."""
    if RaciRow.objects.of(campaign).count() + more > MOST_ROWS:
        raise RuleBroken(_("A matrix has at most %(count)d rows.") % {"count": MOST_ROWS}, code="too_many_rows")


@transaction.atomic
def add_from_plan(actor, *, campaign, tasks=None, deliverables=None, phase=None, with_deliverables=False):
    """Add rows for work of the plan that has none yet, in the plan's order; answers the new rows.

    Given tasks or deliverables, those; else all tasks and milestones of the phase, or of the whole campaign.
    """
    require(can_assign(actor, campaign))
    work = _work(campaign, tasks, deliverables, phase, with_deliverables)
    known = RaciRow.objects.of(campaign)
    known = {*known.values_list("task_id", flat=True), *known.values_list("deliverable_id", flat=True)}
    fresh = [one for one in work if one.pk not in known]
    check_room(campaign, len(fresh))
    start = next_position(RaciRow, campaign)
    rows = [_row_for(campaign, one, start + at) for at, one in enumerate(fresh)]
    RaciRow.objects.bulk_create(rows)
    if rows:
        record(
            actor,
            "raci.rows_added",
            rows[0] if len(rows) == 1 else campaign,
            changes={"rows": [None, len(rows)]},
            campaign_id=campaign.pk,
            inverse={"remove_rows": [str(row.pk) for row in rows]},
        )
    return rows


def _work(campaign, tasks, deliverables, phase, with_deliverables):
    """Tasks and deliverables that rows are wanted for, each deliverable behind its task."""
    if tasks is not None or deliverables is not None:
        return _living([*_of(campaign, tasks or ()), *_of(campaign, deliverables or ())])
    found = Task.objects.of(campaign).active().select_related("phase")
    found = found.filter(phase=phase) if phase else found
    found = sorted(found, key=lambda one: (str(one.phase.start_date) if one.phase else "9", one.position, str(one.pk)))
    found = [task for _depth, task in in_tree_order(found)]
    if not with_deliverables:
        return found
    handed_over = {}
    for each in Deliverable.objects.of(campaign).select_related("task"):
        handed_over.setdefault(each.task_id, []).append(each)
    return [each for task in found for each in (task, *handed_over.get(task.pk, ()))]


def _of(campaign, things):
    if any(one.campaign_id != campaign.pk for one in things):
        sentence = _("This work belongs to another campaign.")
        raise Invalid(sentence, code="other_campaign", errors={"tasks": sentence})
    return list(things)


def _living(things):
    """Work that is in the plan: rows of archived tasks would not be shown."""
    tasks = {one.task_id if isinstance(one, Deliverable) else one.pk for one in things}
    if Task.objects.filter(pk__in=tasks, archived_at__isnull=False).exists():
        raise RuleBroken(_("This is archived. Restore it first."), code="archived")
    return things


def _row_for(campaign, work, position):
    own = {"deliverable": work} if isinstance(work, Deliverable) else {"task": work}
    kind = RowKind.DELIVERABLE if isinstance(work, Deliverable) else work.kind
    return RaciRow(workspace_id=campaign.workspace_id, campaign=campaign, kind=kind, position=position, **own)


def _check_title(kind, title):
    if kind not in OWN:
        sentence = _("Rows with a title of their own are decisions and headings; others follow the plan.")
        raise Invalid(sentence, code="kind", errors={"kind": sentence})
    if not title.strip():
        sentence = _("Write a title.")
        raise Invalid(sentence, code="title", errors={"title": sentence})


@transaction.atomic
def add_row(actor, *, campaign, kind, title, due_date=None, is_about_money=False, after=None):
    """Add a decision or a heading, at the end or behind another row."""
    require(can_assign(actor, campaign))
    _check_title(kind, title)
    check_room(campaign, 1)
    row = RaciRow.objects.create(
        workspace=campaign.workspace,
        campaign=campaign,
        kind=kind,
        title=title.strip(),
        due_date=None if kind == RowKind.SECTION else due_date,
        is_about_money=is_about_money and kind != RowKind.SECTION,
        position=next_position(RaciRow, campaign),
    )
    if after is not None:
        ids = list(RaciRow.objects.of(campaign).exclude(pk=row.pk).values_list("pk", flat=True))
        at = ids.index(after.pk) + 1 if after.pk in ids else len(ids)
        place(RaciRow, campaign, [*ids[:at], row.pk, *ids[at:]])
        row.refresh_from_db(fields=["position"])
    record(actor, "raci.row_added", row, inverse={"remove_rows": [str(row.pk)]})
    return row


@transaction.atomic
def update_row(actor, *, row, seen=None, **changes):
    """Change a row: title and due day of a decision or heading, and whether it is about money."""
    require(can_assign(actor, row))
    if "title" in changes or "due_date" in changes:
        _check_title(row.kind, changes.get("title", row.title))
    if "title" in changes:
        changes["title"] = changes["title"].strip()
    if row.kind == RowKind.SECTION:
        changes = {name: value for name, value in changes.items() if name == "title"}
    diff = swap(row, seen=seen, **changes)
    record(actor, "raci.row_changed", row, changes=diff)
    return row


def as_inverse(row):
    """A row as undo puts it back."""
    names = ("id", "kind", "task_id", "deliverable_id", "title", "is_about_money", "due_date", "position")
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def remove_row(actor, *, row, seen=None):
    """Take a row with its letters off the matrix; the work it is about stays. Can be undone."""
    require(can_assign(actor, row))
    cells = [[str(row.pk), str(holder), text, ""] for (_row, holder), text in cells_of(row.campaign, row=row).items()]
    activity = record(actor, "raci.row_removed", row, inverse={"rows": [as_inverse(row)], "cells": cells})
    erase(row, seen=seen)
    return activity


def place(model, campaign, ids):
    """Give rows or columns their place in the order of `ids`, those not named behind; True when anything moved."""
    order = {pk: at for at, pk in enumerate(ids)}
    found = list(model.objects.of(campaign))
    found.sort(key=lambda one: (order.get(one.pk, len(order)), one.position, str(one.pk)))
    moved = [one for at, one in enumerate(found) if one.position != at]
    for at, one in enumerate(found):
        one.position = at
    model.objects.bulk_update(moved, ["position"])
    return bool(moved)


@transaction.atomic
def reorder_rows(actor, *, campaign, rows):
    """Put rows into the order given; those not named follow."""
    require(can_assign(actor, campaign))
    if place(RaciRow, campaign, [row.pk for row in _of(campaign, rows)]):
        record(actor, "raci.rows_reordered", campaign)
    return rows
