"""Bars across: the funnel from seeing to buying, and placements by size."""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from analytics.charts import figure as base
from analytics.charts.theme import OTHER, hatched, role, series_role
from core import text

MOST_PLACEMENTS = 20


class FunnelStep(NamedTuple):
    """A step of the way (impressions, clicks, orders); None: no figure."""

    name: str
    value: Decimal | None


class PlacementBar(NamedTuple):
    """What a placement brought or cost, its plan where there is one, and the address of its own page."""

    name: str
    value: Decimal | None
    plan: Decimal | None = None
    is_unassigned: bool = False
    is_rest: bool = False
    url: str = ""


def funnel(steps, scale):
    """A funnel: each step as a bar with its figure and its share of the step before."""
    steps = list(steps)
    values = [step.value for step in steps]
    rates = [None, *[_rate(after, before) for before, after in pairwise(values)]]
    trace = _bars(values, role(series_role(0)), _funnel_texts(values, rates, scale))
    layout = base.row_layout([step.name for step in steps], values, Decimal("1.6"))
    data = [trace] if base.has_figures(values) else []
    return base.finish("funnel", data, layout, _funnel_table(steps, rates, scale), _funnel_summary(steps))


def placements(rows, scale, *, limit=MOST_PLACEMENTS, is_additive=True, rest=()):
    """Placements by size with a mark at their plan. What is unassigned always has its own hatched bar, the last one.

    Beyond `limit` the others are one bar "other" where the metric is additive. `rest` are values of smaller placements
    that are told of by their sum alone; the table lists every other one.
    """
    rows = sorted(rows, key=lambda row: (row.is_unassigned, row.value is None, -(row.value or 0), row.name))
    shown = _shown(rows, limit, is_additive, rest)
    values, plans = [row.value for row in shown], [row.plan for row in shown]
    trace = _bars(values, [_colour(row) for row in shown], [scale.short(value) for value in values])
    trace["marker"]["pattern"] = hatched([row.is_unassigned for row in shown])
    trace |= base.links([row.url for row in shown])
    layout = base.row_layout([row.name for row in shown], [*values, *plans])
    head = [_("Placement"), _("Actual"), _("Plan")]
    listed = [*rows, *_other(rest)]
    table = base.table_twin(head, [[row.name, row.value, row.plan] for row in listed], [None, scale, scale])
    data = [trace, *_plan_marks(plans, scale)] if base.has_figures([*values, *plans]) else []
    return base.finish("placements", data, layout, table, _placements_summary(rows, scale))


def _rate(value, before):
    return None if value is None or not before else value / before


def _funnel_texts(values, rates, scale):
    words = _("%(value)s · %(share)s of the step before")
    return [
        scale.short(value) if rate is None else words % {"value": scale.short(value), "share": text.percent(rate)}
        for value, rate in zip(values, rates, strict=False)
    ]


def _funnel_table(steps, rates, scale):
    first = steps[0].value if steps else None
    head = [_("Step"), _("Figure"), _("Of the step before"), _("Of the first step")]
    rows = [[s.name, s.value, rate, _rate(s.value, first)] for s, rate in zip(steps, rates, strict=False)]
    share = base.Scale(scale.language, "ratio", decimals=4)
    return base.table_twin(head, rows, [None, scale, share, share])


def _funnel_summary(steps):
    share = _rate(steps[-1].value, steps[0].value) if len(steps) > 1 else None
    if share is None:
        return _("No figures in this period.")
    words = {"first": steps[0].name, "last": steps[-1].name, "share": text.percent(share, 2)}
    return _("%(share)s of %(first)s reach %(last)s.") % words


def _bars(values, colour, texts):
    """Bars across with their figures beside them."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(values))),
        "x": values,
        "width": 0.62,
        "marker": {"color": colour, "line": {"width": 0}},
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _colour(row):
    return role(OTHER if row.is_unassigned or row.is_rest else "1")


def _plan_marks(plans, scale):
    if all(plan is None for plan in plans):
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": _("Plan"),
            "x": plans,
            "y": list(range(len(plans))),
            "customdata": [scale.short(plan) for plan in plans],
            "hovertemplate": base.hover(),
            "marker": {"symbol": "line-ns-open", "size": 18, "color": role("ink"), "line": {"width": 2}},
        }
    ]


def _shown(rows, limit, is_additive, beyond=()):
    own = [row for row in rows if not row.is_unassigned]
    unassigned = [row for row in rows if row.is_unassigned]
    rest = [*[row.value for row in own[limit:]], *beyond]
    return [*own[:limit], *(_other(rest) if is_additive else []), *unassigned]


def _other(values):
    """One bar for all that have none of their own."""
    total = sum(value or 0 for value in values)
    return [PlacementBar(base.other_name(len(values)), total, is_rest=True)] if values else []


def _placements_summary(rows, scale):
    known = [row for row in rows if row.value is not None]
    if not known:
        return _("No figures in this period.")
    unassigned = [row for row in known if row.is_unassigned]
    words = {"name": known[0].name, "value": scale.short(known[0].value)}
    sentences = [_("Largest: %(name)s with %(value)s.") % words]
    if unassigned:
        sentences.append(_("Unassigned: %(value)s.") % {"value": scale.short(sum(row.value for row in unassigned))})
    return " ".join(sentences)
