"""The matrix of a campaign read as a whole: rows, columns and the letters between them, in three questions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from raci.models.tables import Letter, RaciHolder, RaciRow
from raci.rules.letters import in_order


@dataclass(frozen=True)
class Matrix:
    """Rows and holders in order; `letters` is {(row id, holder id): "RA"} of the cells that are not empty."""

    rows: list
    holders: list
    letters: dict

    def at(self, row, holder):
        return self.letters.get((row.pk, holder.pk), "")


def matrix_of(actor, campaign):
    """The matrix of a campaign as the actor sees it, without rows of archived tasks."""
    rows = list(RaciRow.objects.visible_to(actor).of(campaign).shown().with_work())
    holders = list(RaciHolder.objects.visible_to(actor).of(campaign).with_names())
    known = {row.pk for row in rows}
    letters = {cell: text for cell, text in cells_of(campaign).items() if cell[0] in known}
    return Matrix(rows, holders, letters)


def cells_of(campaign, **within):
    """{(row id, holder id): "RA"} of a campaign, or of some of its rows or holders."""
    ids, found = _Ids(), {}
    letters = Letter.objects.of(campaign).filter(**within).order_by("letter")
    for row, holder, letter in letters.values_list(_text("row"), _text("holder"), "letter"):
        cell = ids[row], ids[holder]
        found[cell] = found.get(cell, "") + letter
    return {cell: in_order(text) for cell, text in found.items()}


def _text(name):
    return Cast(name, CharField())


class _Ids(dict):
    """{an id as text: the id}: thousands of letters name few rows and columns, so each id is read once."""

    def __missing__(self, text):
        self[text] = found = UUID(text)
        return found
