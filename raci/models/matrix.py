"""The matrix of a campaign read as a whole: rows, columns and the letters between them, in three questions."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast

from raci.models.tables import Letter, RaciHolder, RaciRow
from raci.rules.letters import in_order

OF_ROW = [field.attname for field in RaciRow._meta.concrete_fields]
OF_TASK = ("title", "kind", "state", "start_date", "finish_date", "cost_amount")
OF_WORK = [f"{task}__{name}" for task in ("task", "deliverable__task") for name in OF_TASK]
OF_WORK += ["deliverable__name", "deliverable__delivered_at"]


@dataclass(frozen=True)
class Matrix:
    """Rows and holders in order; `letters` is {(row id, holder id): "RA"} of the cells that are not empty."""

    rows: list
    holders: list
    letters: dict

    def at(self, row, holder):
        return self.letters.get((row.pk, holder.pk), "")

    def lines(self):
        """(row, its letters under each holder): the cells of thousands are put in place, not looked up."""
        places = {one.pk: n for n, one in enumerate(self.holders)}
        found = {row.pk: [""] * len(places) for row in self.rows}
        for (row, holder), text in self.letters.items():
            if (place := places.get(holder)) is not None:
                found[row][place] = text
        return [(row, found[row.pk]) for row in self.rows]


def matrix_of(actor, campaign):
    """The matrix of a campaign as the actor sees it, without rows of archived tasks."""
    rows = list(rows_of(actor, campaign))
    holders = list(RaciHolder.objects.visible_to(actor).of(campaign).with_names())
    return Matrix(rows, holders, _cells(campaign, _Ids([*rows, *holders]), {row.pk for row in rows}))


def rows_of(actor, campaign):
    """The rows of a matrix with what it reads of their work."""
    return RaciRow.objects.visible_to(actor).of(campaign).shown().with_work().only(*OF_ROW, *OF_WORK)


def cells_of_rows(campaign, rows, letters):
    """As `cells_of`, of rows at hand and some of the letters."""
    return _cells(campaign, _Ids(rows), {row.pk for row in rows}, letter__in=letters)


def cells_of(campaign, **within):
    """{(row id, holder id): "RA"} of a campaign, or of some of its rows or holders."""
    return _cells(campaign, _Ids(), **within)


def _cells(campaign, ids, known=None, **within):
    texts = defaultdict(str)
    letters = Letter.objects.of(campaign).filter(**within).order_by("letter")
    for row, holder, letter in letters.values_list(_text("row"), _text("holder"), "letter"):
        texts[row, holder] += letter
    wanted = {row for row in {row for row, _holder in texts} if known is None or ids[row] in known}
    return {(ids[row], ids[holder]): in_order(text) for (row, holder), text in texts.items() if row in wanted}


def _text(name):
    return Cast(name, CharField())


class _Ids(dict):
    """{an id as text: the id}: thousands of letters name few rows and columns, so each id is read once.

    Those of rows at hand are the same objects, which are found in a dictionary without being compared."""

    def __init__(self, rows=()):
        super().__init__({text: row.pk for row in rows for text in (row.pk.hex, str(row.pk))})

    def __missing__(self, text):
        self[text] = found = UUID(text)
        return found
