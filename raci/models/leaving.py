"""The matrix as a table that leaves: what an import takes in again."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from raci.choices import RowKind
from raci.importers.names import normal
from raci.importers.preview import Place, as_lines, function_words
from raci.models.matrix import matrix_of


def row_place(row):
    due = row.due.isoformat() if row.due else ""
    return Place(f"row:{row.pk}", row.name, row.shown_kind, due, row.is_about_money)


def holder_place(one):
    words = function_words(one.function) | {normal(one.function)} if one.function else frozenset()
    return Place(f"holder:{one.pk}", one.label, one.kind, words=frozenset(words))


def letters_by_key(matrix):
    """{("row:<id>", "holder:<id>"): letters}."""
    return {(f"row:{row}", f"holder:{holder}"): text for (row, holder), text in matrix.letters.items()}


def table_of(actor, campaign):
    """(name, head, lines) of the matrix of a campaign."""
    matrix = matrix_of(actor, campaign)
    kinds = {value: capfirst(label) for value, label in RowKind.choices}
    rows, holders = map(row_place, matrix.rows), list(map(holder_place, matrix.holders))
    return f"{campaign.code} {_('RACI')}", *as_lines(rows, holders, letters_by_key(matrix), kinds)
