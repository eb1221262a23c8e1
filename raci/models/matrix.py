"""The matrix of a campaign read as a whole: rows, columns and the letters between them, in three questions."""

from dataclasses import dataclass

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
    found = {}
    for row, holder, letter in Letter.objects.of(campaign).filter(**within).values_list("row", "holder", "letter"):
        found[row, holder] = found.get((row, holder), "") + letter
    return {cell: in_order(text) for cell, text in found.items()}
