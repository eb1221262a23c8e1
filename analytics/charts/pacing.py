"""Pacing: money or figures cumulated day by day against the plan, with the forecast of the end."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts import figure as base
from analytics.charts.theme import OTHER, role
from core import text


class ForecastDay(NamedTuple):
    """The cumulated figure expected on a coming day, and between what it may lie."""

    day: date
    low: Decimal
    middle: Decimal
    high: Decimal


def pacing(days, plan, actual, scale, *, through, forecast=(), ceiling=None):
    """Cumulated actual against cumulated plan.

    `plan` and `actual` are `{day: Decimal}` of single days; `through` is the last day that has figures (later days are
    not drawn as zero); days before it without a figure break the line and are counted in the summary. `ceiling` is the
    approved budget. A day the plan does not name is planned with nothing.
    """
    days = list(days)
    planned = _cumulated([plan.get(day, Decimal(0)) for day in days])
    reached = _cumulated([actual.get(day) if day <= through else None for day in days])
    missing = [day for day in days if day <= through and actual.get(day) is None]
    lines = [
        _line(_("Plan"), days, planned, scale, OTHER, dash="dash"),
        _line(_("Actual"), days, reached, scale, "1"),
    ]
    data = [*_forecast_traces(forecast, scale), *lines] if plan or base.has_figures(reached) else []
    ends = [bound for row in forecast for bound in row[1:]]
    layout = {
        "xaxis": base.day_axis(scale.language),
        "yaxis": base.number_axis([*planned, *reached, *ends, ceiling], scale),
        "shapes": _ceiling_shapes(ceiling),
        "showlegend": True,
    }
    table = _table(days, plan, actual, planned, reached, scale)
    return base.finish("pacing", data, layout, table, _summary(planned, reached, missing, scale))


def _cumulated(values):
    """Running sums; a None stays None and the sum goes on behind it."""
    total, sums = Decimal(0), []
    for value in values:
        total += value or 0
        sums.append(None if value is None else total)
    return sums


def _line(name, days, values, scale, colour, dash="solid"):
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": days,
        "y": values,
        "customdata": [scale.short(value) for value in values],
        "hovertemplate": base.hover(),
        "line": {"color": role(colour), "width": 2, "dash": dash},
        "connectgaps": False,
    }


def _forecast_traces(forecast, scale):
    if not forecast:
        return []
    days = [row.day for row in forecast]
    span = {
        "type": "scatter",
        "mode": "lines",
        "name": _("Forecast range"),
        "showlegend": False,
        "x": [*days, *days[::-1]],
        "y": [*[row.high for row in forecast], *[row.low for row in reversed(forecast)]],
        "fill": "toself",
        "fillcolor": role("1-soft"),
        "line": {"width": 0, "color": role("1-soft")},
        "hoverinfo": "skip",
    }
    return [span, _line(_("Forecast"), days, [row.middle for row in forecast], scale, "1", dash="dot")]


def _ceiling_shapes(ceiling):
    if ceiling is None:
        return []
    line = {"color": role("bad"), "width": 1, "dash": "dash"}
    return [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": ceiling, "y1": ceiling, "line": line}]


def _table(days, plan, actual, planned, reached, scale):
    head = [_("Day"), _("Planned"), _("Actual"), _("Planned so far"), _("Actual so far"), _("Difference")]
    rows = [
        [day, plan.get(day), actual.get(day), target, total, None if total is None else total - target]
        for day, target, total in zip(days, planned, reached, strict=True)
    ]
    return base.table_twin(head, rows, [None, *[scale] * 5])


def _summary(planned, reached, missing, scale):
    known = [(target, total) for target, total in zip(planned, reached, strict=True) if total is not None]
    if not known:
        return _("No figures in this period.")
    target, total = known[-1]
    words = {"actual": scale.short(total), "plan": scale.short(target), "share": _share(total, target)}
    sentences = [_("%(actual)s of %(plan)s planned so far (%(share)s).") % words]
    if missing:
        words = ngettext("%(count)d day has no figure.", "%(count)d days have no figure.", len(missing))
        sentences.append(words % {"count": len(missing)})
    return " ".join(sentences)


def _share(total, target):
    return text.percent(total / target if target else None, 0)
