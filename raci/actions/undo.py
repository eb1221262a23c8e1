"""Take an act on the matrix back, if nobody has worked on the same cells since."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import RuleBroken, require
from core.models import Activity
from core.swap import swap
from raci.actions.letters import Change, logged, write_cells
from raci.models import RaciHolder, RaciRow, cells_of
from raci.permissions import can_assign
from tasks.models import Deliverable, Task


@transaction.atomic
def undo(actor, *, campaign, activity):
    """Apply the inverse of a logbook line; refused where a cell has changed since. Twice is once."""
    require(can_assign(actor, campaign))
    inverse = activity.inverse
    if inverse is None or not activity.verb.startswith("raci.") or activity.campaign_id != campaign.pk:
        raise RuleBroken(_("This cannot be undone."), code="no_inverse")
    if not Activity.objects.filter(pk=activity.pk, undone_at=None).update(undone_at=timezone.now()):
        return
    _put_back(campaign, RaciRow, [_row(one) for one in inverse.get("rows", ())])
    _put_back(campaign, RaciHolder, inverse.get("holders", ()))
    _set_back(campaign, inverse.get("values", ()))
    moved = write_cells(campaign, _changes(campaign, inverse.get("cells", ())))
    _take_away(campaign, RaciRow, inverse.get("remove_rows", ()), "row")
    _take_away(campaign, RaciHolder, inverse.get("remove_holders", ()), "holder")
    record(actor, "raci.change_undone", campaign, changes={"act": [activity.verb, None]} | logged(moved))


def _row(values):
    """A row's values, its day read back; None where its work has gone for good."""
    due = values["due_date"]
    return {**values, "due_date": date.fromisoformat(due) if due else None}


def _put_back(campaign, model, lines):
    known = set(model.objects.of(campaign).values_list("pk", flat=True))
    fresh = [one for one in lines if UUID(one["id"]) not in known and _is_possible(campaign, model, one)]
    model.objects.bulk_create(
        model(workspace_id=campaign.workspace_id, campaign=campaign, **{**one, "id": UUID(one["id"])}) for one in fresh
    )


def _is_possible(campaign, model, one):
    """Its work is still in the plan, and nobody has added the same row or column again meanwhile."""
    names = ("task_id", "deliverable_id") if model is RaciRow else ("function", "user_id", "organization_id")
    same = {name: one[name] for name in names if one[name]}
    if same and model.objects.of(campaign).filter(**same).exists():
        raise RuleBroken(_("This stands in the matrix again already."), code="there_again")
    for name, work in (("task_id", Task), ("deliverable_id", Deliverable)):
        if one.get(name) and not work.objects.of(campaign).filter(pk=one[name]).exists():
            return False
    return True


def _set_back(campaign, values):
    """Days and marks of rows back to what they were, unless somebody has changed them since."""
    for pk, fields in values:
        row = RaciRow.objects.of(campaign).filter(pk=pk).first()
        for name, (before, after) in fields.items() if row else ():
            now = getattr(row, name)
            if (now.isoformat() if isinstance(now, date) else now) == after:
                swap(row, **{name: date.fromisoformat(before) if name == "due_date" and before else before})


def _changes(campaign, cells):
    """The cells back to what they were, so far as their rows and columns are there."""
    rows = {str(pk) for pk in RaciRow.objects.of(campaign).shown().values_list("pk", flat=True)}
    holders = {str(pk) for pk in RaciHolder.objects.of(campaign).values_list("pk", flat=True)}
    return [
        Change(UUID(row), UUID(holder), before, after)
        for row, holder, before, after in cells
        if row in rows and holder in holders
    ]


def _take_away(campaign, model, ids, name):
    """Remove what the act had added, unless somebody has set letters there since."""
    found = model.objects.of(campaign).filter(pk__in=ids)
    if cells_of(campaign, **{f"{name}__in": found}):
        raise RuleBroken(_("Letters have been set there since; clear them first."), code="used_since")
    found.delete()
