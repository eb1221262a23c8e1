"""Rules every part of the plan shares: periods, currencies, amounts, the tree of goals."""

from django.utils.translation import gettext as _

from core.errors import Invalid, RuleBroken
from core.money import is_currency

DEEPEST = 6  # levels of goals


def check_period(start, finish):
    """Both days are included, so a period may be one day long but never end before it begins."""
    if start and finish and finish < start:
        sentence = _("The last day lies before the first one.")
        raise Invalid(sentence, code="period_reversed", errors={"finish_date": sentence})


def check_currency(code, field="currency"):
    """A currency is an ISO 4217 code."""
    if not is_currency(code):
        sentence = _("Use a three-letter ISO 4217 currency code.")
        raise Invalid(sentence, code="currency", errors={field: sentence})


def check_not_negative(value, field):
    """Budgets, weights and rates are never below zero."""
    if value is not None and value < 0:
        sentence = _("This may not be below zero.")
        raise Invalid(sentence, code="negative", errors={field: sentence})


def in_tree_order(rows):
    """[(depth, row)] of rows with `pk`, `parent_id` and an order of their own: each parent before its children.

    A row whose parent is not among them stands at the top.
    """
    known = {row.pk for row in rows}
    below = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found, waiting = [], [(0, row) for row in reversed(below.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        found.append((depth, row))
        waiting += [(depth + 1, child) for child in reversed(below.get(row.pk, []))]
    return found


def ancestors(parents, row_id):
    """The ids above a row, nearest first; `parents` is {id: parent id or None}."""
    found = []
    above = parents.get(row_id)
    while above is not None and above not in found:
        found.append(above)
        above = parents.get(above)
    return found


def check_parent(parents, row_id, parent_id):
    """A goal may not come to stand below itself, nor deeper than DEEPEST levels (its own subtree counted)."""
    above = [parent_id, *ancestors(parents, parent_id)] if parent_id else []
    if row_id is not None and row_id in above:
        raise RuleBroken(_("A goal cannot be part of itself."), code="goal_circle")
    heights = [len(ancestors(parents, other)) - len(ancestors(parents, row_id)) for other in parents]
    below = [
        height
        for height, other in zip(heights, parents, strict=True)
        if row_id is not None and (other == row_id or row_id in ancestors(parents, other))
    ]
    if len(above) + 1 + max(below, default=0) > DEEPEST:
        raise RuleBroken(_("Goals may be at most %(count)d levels deep.") % {"count": DEEPEST}, code="goal_too_deep")
