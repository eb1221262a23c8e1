"""The one act that writes letters: many cells in one transaction, each compared with what the person saw there."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.locks import locked
from raci.models import Letter, RaciHolder, RaciRow, cells_of
from raci.permissions import can_assign
from raci.rules import letters as rules

MOST_LOGGED = 60
LARGEST_BATCH = 20_000


@dataclass(frozen=True)
class Change:
    """The letters a cell is to have ("" clears it); `seen` is what the person saw there (`...`: not told)."""

    row: UUID
    holder: UUID
    letters: str
    seen: str | type(...) = ...

    @property
    def key(self):
        return self.row, self.holder

    @property
    def wanted(self):
        return rules.parse(self.letters)[0]


@transaction.atomic
def set_letters(actor, *, campaign, changes):
    """Write the letters of cells: all of them, or none and each refused one named.

    Raises Invalid (what cannot be) or RuleBroken (somebody else changed a cell meanwhile) with `cells`: a list of
    {"row", "holder", "detail", "now"?}. Answers the number of cells that changed.
    """
    require(can_assign(actor, campaign))
    moved = write_cells(campaign, changes)
    if moved:
        subject = moved[0].row if len({one.row.pk for one in moved}) == 1 else campaign
        record(
            actor,
            "raci.letters_set",
            subject,
            changes=logged(moved),
            campaign_id=campaign.pk,
            inverse={"cells": [one.as_inverse() for one in moved]},
        )
    return len(moved)


@dataclass(frozen=True)
class Moved:
    """A cell that changed."""

    row: RaciRow
    holder: RaciHolder
    before: str
    after: str

    def as_inverse(self):
        return [str(self.row.pk), str(self.holder.pk), self.before, self.after]


def write_cells(campaign, changes):
    """What `set_letters` does within an act: compares and writes; [Moved]."""
    if len(changes) > LARGEST_BATCH:
        raise Invalid(_("Send at most %(count)d cells at once.") % {"count": LARGEST_BATCH}, code="too_many_cells")
    rows = _rows_of(campaign, changes)
    holders = RaciHolder.objects.of(campaign).with_names().in_bulk({one.holder for one in changes})
    times = Counter(one.key for one in changes)
    _refuse(Invalid, "cells_invalid", [(one, words) for one in changes if (words := _fault(one, rows, holders, times))])
    stored = cells_of(campaign, row__in=rows)
    stale = [(one, _changed(stored.get(one.key, ""))) for one in changes if _is_stale(one, stored)]
    _refuse(RuleBroken, "cells_changed", stale, stored)
    moved = [
        Moved(rows[one.row], holders[one.holder], stored.get(one.key, ""), one.wanted)
        for one in changes
        if stored.get(one.key, "") != one.wanted
    ]
    _write(campaign, moved)
    return moved


def _rows_of(campaign, changes):
    """{id: row} of the rows concerned; held until the transaction ends, so that two batches come one by one."""
    ids = {one.row for one in changes}
    held = list(locked(RaciRow.objects.of(campaign).filter(pk__in=ids).order_by("pk")).values_list("pk", flat=True))
    return RaciRow.objects.of(campaign).shown().with_work().in_bulk(held)


def _fault(change, rows, holders, times):
    """What is wrong with a cell, or an empty string."""
    row = rows.get(change.row)
    if row is None:
        return _("There is no such row in this matrix.")
    if change.holder not in holders:
        return _("There is no such column in this matrix.")
    if not row.has_letters:
        return _("A heading carries no letters.")
    if times[change.key] > 1:
        return _("This cell is named twice.")
    odd = rules.parse(change.letters)[1]
    return _("“%(text)s” is none of the letters R, A, C, I.") % {"text": odd} if odd else ""


def _is_stale(change, stored):
    """Somebody wrote other letters there than the person saw, and not those they want."""
    seen = change.seen if change.seen is ... else rules.parse(change.seen)[0]
    return seen is not ... and stored.get(change.key, "") not in (seen, change.wanted)


def _changed(now):
    if not now:
        return _("Somebody else cleared this cell. Enter your letters again to keep them.")
    return _("Somebody else set %(letters)s here. Enter your letters again to keep them.") % {
        "letters": rules.shown(now)
    }


def _refuse(kind, code, faults, stored=None):
    if not faults:
        return
    listed = [
        {
            "row": str(change.row),
            "holder": str(change.holder),
            "detail": str(words),
            **({"now": stored.get(change.key, "")} if stored is not None else {}),
        }
        for change, words in faults
    ]
    raise kind(str(faults[0][1]), code=code, cells=listed)


def _write(campaign, moved):
    """Delete and insert the letters that differ: two statements at most."""
    gone = [(one.row.pk, one.holder.pk, letter) for one in moved for letter in one.before if letter not in one.after]
    if gone:
        named = Letter.objects.of(campaign).filter(row__in={row for row, _holder, _letter in gone})
        wanted = set(gone)
        keys = [pk for pk, *cell in named.values_list("pk", "row", "holder", "letter") if tuple(cell) in wanted]
        Letter.objects.filter(pk__in=keys).delete()
    Letter.objects.bulk_create(
        Letter(workspace_id=campaign.workspace_id, campaign=campaign, row=one.row, holder=one.holder, letter=letter)
        for one in moved
        for letter in one.after
        if letter not in one.before
    )


def logged(moved):
    """{"Row · Column": [before, after]} of the first cells, and how many there were."""
    lines = {
        f"{one.row.name} · {one.holder.label}": [rules.shown(one.before), rules.shown(one.after)]
        for one in moved[:MOST_LOGGED]
    }
    return {"cells": [None, len(moved)]} | lines
