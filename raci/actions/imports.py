"""A matrix from a file: looked at first, then applied as one act that can be undone."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from accounts.models import User as Person
from campaigns.choices import Function
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import swap
from core.tabular import open_sheet, reopen_sheet
from raci.actions.holders import make_holder
from raci.actions.letters import Change, logged, write_cells
from raci.actions.rows import check_room, next_position
from raci.importers import Answers, Known, Place, Sheet, preview, read
from raci.importers.names import normal
from raci.importers.preview import function_words
from raci.models import RaciHolder, RaciRow, matrix_of
from raci.models.leaving import holder_place, letters_by_key, row_place
from raci.permissions import can_assign
from tasks.models import Deliverable, Task


def sheet_of(content):
    """The Sheet of a file's bytes; Invalid says in a sentence why it is none."""
    return open_sheet(content, read)


def sheet_from(data):
    """The Sheet that a preview handed out for its commit."""
    return reopen_sheet(data, Sheet.from_json)


def known_of(actor, campaign):
    """The matrix, the plan and the people, as a preview reads them."""
    matrix = matrix_of(actor, campaign)
    return Known(
        rows=tuple(map(row_place, matrix.rows)),
        work=tuple(_work(campaign, matrix)),
        holders=tuple(map(holder_place, matrix.holders)),
        people=tuple(_people(actor, matrix)),
        letters=letters_by_key(matrix),
    )


def _work(campaign, matrix):
    """Tasks, milestones and deliverables that have no row yet."""
    known = {row.task_id or row.deliverable_id for row in matrix.rows}
    for pk, title, kind in Task.objects.of(campaign).active().values_list("pk", "title", "kind"):
        if pk not in known:
            yield Place(f"task:{pk}", title, kind)
    rows = Deliverable.objects.of(campaign).filter(task__archived_at=None)
    for pk, name in rows.values_list("pk", "name"):
        if pk not in known:
            yield Place(f"deliverable:{pk}", name, "deliverable")


def _people(actor, matrix):
    """What may become a column: functions, persons and organisations that are none yet."""
    known = {one.function or one.user_id or one.organization_id for one in matrix.holders}
    for value, label in Function.choices:
        if value not in known:
            words = function_words(value) | {normal(value)}
            yield Place(f"function:{value}", capfirst(label), "function", words=frozenset(words))
    members = Membership.objects.visible_to(actor).of_people().filter(user__is_active=True).order_by("user__name")
    for pk, name, email in members.values_list("user_id", "user__name", "user__email"):
        if pk not in known:
            yield Place(f"person:{pk}", name, "person", words=frozenset({normal(email or "")} - {""}))
    for pk, name in Organization.objects.visible_to(actor).active().order_by("name").values_list("pk", "name"):
        if pk not in known:
            yield Place(f"organization:{pk}", name, "organization")


def look_at(actor, *, campaign, sheet, answers=None):
    """What a sheet would change; writes nothing."""
    return preview(sheet, known_of(actor, campaign), answers or Answers())


@transaction.atomic
def apply_import(actor, *, campaign, sheet, answers=None, digest=None):
    """Carry out what the preview says, as one act with an inverse; answers (logbook line, preview).

    With `digest`, only if it would still do what the preview that was looked at said.
    """
    require(can_assign(actor, campaign))
    seen = look_at(actor, campaign=campaign, sheet=sheet, answers=answers)
    if digest is not None and digest != seen.digest:
        raise RuleBroken(_("The matrix has changed since the preview. Look at it again."), code="preview_changed")
    _check_ready(seen)
    holders = {one.at: _holder(actor, campaign, one) for one in seen.columns if one.place}
    check_room(campaign, sum(1 for one in seen.rows if one.state == "added"))
    rows, fresh = _rows(campaign, seen)
    values = [_change_row(rows[one.line.number], one.changes) for one in seen.rows if one.changes]
    moved = write_cells(
        campaign, [Change(rows[c.line].pk, holders[c.column][0].pk, c.after, c.before) for c in seen.cells]
    )
    inverse = {
        "cells": [one.as_inverse() for one in moved],
        "values": values,
        "remove_rows": [str(row.pk) for row in fresh],
        "remove_holders": [str(one.pk) for one, is_new in holders.values() if is_new],
    }
    counted = {what: [None, count] for what, count in seen.counted().items() if count}
    return record(actor, "raci.matrix_imported", campaign, changes=counted | logged(moved), inverse=inverse), seen


def _check_ready(seen):
    if seen.faults:
        first = seen.faults[0]
        where = _("Line %(line)d: ") % {"line": first.line} if first.line else ""
        listed = [{"line": one.line, "column": one.column, "detail": str(one.detail)} for one in seen.faults]
        raise Invalid(f"{where}{first.detail}", code="faults", faults=listed)
    if seen.unknown:
        names = ", ".join(one.title for one in seen.unknown)
        raise Invalid(_("Say who is meant by: %(names)s.") % {"names": names}, code="unknown_columns")
    if not seen.changes_anything:
        raise RuleBroken(_("The file changes nothing."), code="nothing")


def _holder(actor, campaign, plan):
    """(the column, whether it is new)."""
    kind, _colon, key = plan.place.key.partition(":")
    if kind == "holder":
        return RaciHolder.objects.of(campaign).get(pk=key), False
    if kind == "function":
        return make_holder(campaign, kind=kind, function=key), True
    if kind == "person":
        return make_holder(campaign, kind=kind, user=Person.objects.get(pk=key)), True
    organization = Organization.objects.visible_to(actor).get(pk=key)
    return make_holder(campaign, kind=kind, organization=organization), True


def _rows(campaign, seen):
    """({line number: row}, the new ones): those of the matrix, and new ones behind them in the order of the file."""
    there = {f"row:{row.pk}": row for row in RaciRow.objects.of(campaign).shown().with_work()}
    found, fresh = {}, []
    start = next_position(RaciRow, campaign)
    for plan in seen.rows:
        if plan.state == "there":
            found[plan.line.number] = there[plan.place.key]
        elif plan.state == "added":
            row = _new_row(campaign, plan, start + len(fresh))
            found[plan.line.number] = row
            fresh.append(row)
    RaciRow.objects.bulk_create(fresh)
    return found, fresh


def _new_row(campaign, plan, position):
    row = RaciRow(workspace_id=campaign.workspace_id, campaign=campaign, kind=plan.kind, position=position)
    row.is_about_money = bool(plan.line.is_about_money) and plan.kind != "section"
    if plan.place is None:
        row.title = plan.line.title
        row.due_date = date.fromisoformat(plan.line.due) if plan.line.due and plan.kind == "decision" else None
        return row
    kind, _colon, key = plan.place.key.partition(":")
    setattr(row, f"{kind}_id", UUID(key))
    return row


def _change_row(row, changes):
    """Write what differs; [row id, {field: [before, after]}] for the undo."""
    values = {name: after for name, (_before, after) in changes.items()}
    if "due_date" in values:
        values["due_date"] = date.fromisoformat(values["due_date"])
    return [str(row.pk), swap(row, **values)]
