"""Trend: figures day by day with the expected range, annotations and days that are still arriving."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts import figure as base
from analytics.charts.theme import OTHER, role, series_role

MOST_MARKERS = 45  # with more days than this the points run into each other


@dataclass(frozen=True)
class Line:
    """A series: its name and `{day: Decimal | None}`."""

    name: str
    values: Mapping


def trend(lines, days, scale, *, band=(), annotations=(), partial=(), comparison=None, is_additive=True):
    """The trend of one metric.

    `days` are the days of the period in order; a day without a figure is a gap. `band` is `[(day, low, high)]` with
    open bounds as None; `annotations` `[(day, text)]`; `partial` the days whose data is not whole; `comparison` a Line
    whose days are those of this period. More than six lines: the rest is summed into "other" where the metric is
    additive, else left out and said so.
    """
    lines, hidden = _at_most_six(lines, days, is_additive)
    partial = {day for day in partial if day in set(days)}
    everything = _all_values(lines, comparison, band)
    axis = base.number_axis(everything, scale, from_zero=scale.unit != "ratio" or is_additive)
    drawn = [
        *_band_traces(band, axis["range"]),
        *_comparison_trace(comparison, days, scale),
        *[trace for number, line in enumerate(lines) for trace in _line_traces(number, line, days, partial, scale)],
    ]
    layout = {
        "xaxis": base.day_axis(scale.language) | {"range": _edges(days)},
        "yaxis": axis,
        "shapes": [*_partial_shapes(partial), *_annotation_shapes(annotations, days)],
        "annotations": _annotation_texts(annotations, days),
        **_head_room(len(lines) > 1 or comparison is not None or bool(band), bool(annotations)),
    }
    data = drawn if base.has_figures(everything) else []
    table = _table(lines, days, scale, band, partial, comparison)
    return base.finish("trend", data, layout, table, _summary(lines, days, scale, hidden))


def _head_room(has_legend, has_annotations):
    """The legend stands above the texts of annotations, which stand above the picture."""
    top = 12 + (24 if has_legend else 0) + (28 if has_annotations else 0)
    return {"showlegend": has_legend, "margin": {"l": 8, "r": 12, "t": top, "b": 8}}


def _at_most_six(lines, days, is_additive):
    """Lines to draw in their given order, and how many are not shown at all."""
    shown, rest = base.six_and_other({number: _total(line, days) for number, line in enumerate(lines)})
    kept = [line for number, line in enumerate(lines) if number in set(shown)]
    if not rest or not is_additive:
        return kept, len(rest)
    others = [lines[number] for number in rest]
    return [*kept, Line(base.other_name(len(rest)), {day: _sum_of_day(others, day) for day in days})], 0


def _total(line, days):
    return sum(line.values.get(day) or 0 for day in days)


def _sum_of_day(lines, day):
    known = [line.values[day] for line in lines if line.values.get(day) is not None]
    return sum(known) if known else None


def _all_values(lines, comparison, band):
    series = [*lines, comparison] if comparison else lines
    return [value for line in series for value in line.values.values()] + [b for row in band for b in row[1:]]


def _edges(days):
    return [_noon(days[0], -1), _noon(days[-1], 0)] if days else None


def _line_traces(number, line, days, partial, scale):
    """The line itself; days still arriving are hollow points on a dotted line."""
    name = series_role(number)
    whole = [None if day in partial else line.values.get(day) for day in days]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(days) <= MOST_MARKERS else "lines",
            "name": base.label(line.name),
            "legendgroup": f"line-{number}",
            "x": days,
            "y": whole,
            "customdata": [scale.short(value) for value in whole],
            "hovertemplate": base.hover(),
            "line": {"color": role(name), "width": 2},
            "marker": {"color": role(name), "size": 5},
            "connectgaps": False,
        }
    ]
    return traces + (_partial_traces(number, line, days, partial, scale) if partial else [])


def _partial_traces(number, line, days, partial, scale):
    colour = role(series_role(number))
    shared = {
        "type": "scatter",
        "x": days,
        "legendgroup": f"line-{number}",
        "showlegend": False,
        "connectgaps": False,
        "name": base.label(line.name),
    }
    hollow = [line.values.get(day) if day in partial else None for day in days]
    words = _("%(value)s, still arriving")
    return [
        shared
        | {
            "mode": "lines",
            "y": _with_neighbours(line, days, partial),
            "hoverinfo": "skip",
            "line": {"color": colour, "width": 2, "dash": "dot"},
        },
        shared
        | {
            "mode": "markers",
            "y": hollow,
            "customdata": [words % {"value": scale.short(value)} for value in hollow],
            "hovertemplate": base.hover(),
            "marker": {"color": colour, "size": 7, "symbol": "circle-open", "line": {"width": 2}},
        },
    ]


def _with_neighbours(line, days, partial):
    """Values of partial days and of the whole days beside them, so that the dotted line joins the full one."""
    near = {day + timedelta(days=step) for day in partial for step in (-1, 0, 1)}
    return [line.values.get(day) if day in near else None for day in days]


def _comparison_trace(comparison, days, scale):
    if comparison is None:
        return []
    values = [comparison.values.get(day) for day in days]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": base.label(comparison.name),
            "x": days,
            "y": values,
            "customdata": [scale.short(value) for value in values],
            "hovertemplate": base.hover(),
            "line": {"color": role(OTHER), "width": 1.5, "dash": "dash"},
            "connectgaps": False,
        }
    ]


def _band_traces(band, ends):
    """One filled shape for each unbroken stretch of days; an open bound reaches the edge of the picture."""
    rows = sorted((day, ends[0] if low is None else low, ends[1] if high is None else high) for day, low, high in band)
    stretches = groupby(enumerate(rows), key=lambda pair: pair[1][0] - timedelta(days=pair[0]))
    return [
        _band_trace([row for _number, row in stretch], is_first=number == 0)
        for number, (_start, stretch) in enumerate(stretches)
    ]


def _band_trace(rows, is_first):
    days, lows, highs = zip(*rows, strict=True)
    if len(rows) == 1:  # a single day is drawn as wide as a day
        days, lows, highs = (_noon(days[0], -1), _noon(days[0], 0)), lows * 2, highs * 2
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _("Expected range"),
        "legendgroup": "range",
        "showlegend": is_first,
        "x": [*days, *days[::-1]],
        "y": [*highs, *lows[::-1]],
        "fill": "toself",
        "fillcolor": role("muted-soft"),
        "line": {"width": 0, "color": role("muted-soft")},
        "hoverinfo": "skip",
    }


def _partial_shapes(partial):
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": _noon(day, -1),
            "x1": _noon(day, 0),
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": role("band"),
        }
        for day in sorted(partial)
    ]


def _annotation_shapes(annotations, days):
    return [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": day,
            "x1": day,
            "y0": 0,
            "y1": 1,
            "line": {"color": role("muted"), "width": 1, "dash": "dot"},
        }
        for day in sorted(_by_day(annotations, days))
    ]


def _annotation_texts(annotations, days):
    """One text a day above the picture; neighbours stand on two heights."""
    return [
        {
            "x": day,
            "y": 1,
            "xref": "x",
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 13 * (number % 2),
            "xanchor": _anchor(day, days),
            "showarrow": False,
            "font": {"size": 11, "color": role("muted")},
            "text": base.label(_shortened(texts)),
            "hovertext": "<br>".join(base.label(text) for text in texts),
        }
        for number, (day, texts) in enumerate(sorted(_by_day(annotations, days).items()))
    ]


def _anchor(day, days):
    """Near an edge of the picture a text keeps inside of it."""
    place = days.index(day) / len(days)
    return "left" if place < 1 / 8 else "right" if place > 7 / 8 else "center"


def _by_day(annotations, days):
    found = defaultdict(list)
    for day, text in annotations:
        if days and days[0] <= day <= days[-1]:
            found[day].append(text)
    return found


def _shortened(texts):
    first = texts[0] if len(texts[0]) <= 14 else f"{texts[0][:13]}…"
    return first if len(texts) == 1 else f"{first} +{len(texts) - 1}"


def _noon(day, step):
    """Noon of a day or of the day before (`step` -1): where a day's column begins and ends."""
    return f"{(day + timedelta(days=step)).isoformat()}T12:00:00"


def _table(lines, days, scale, band, partial, comparison):
    bounds = {day: (low, high) for day, low, high in band}
    series = [*lines, comparison] if comparison else lines
    head = [_("Day"), *[line.name for line in series]]
    scales = [None, *[scale] * len(series)]
    if band:
        head += [_("Expected from"), _("Expected to")]
        scales += [scale, scale]
    if partial:
        head.append(_("Data"))
    rows = [_row(day, series, bounds if band else None, partial) for day in days]
    return base.table_twin(head, rows, scales)


def _row(day, series, bounds, partial):
    row = [day, *[line.values.get(day) for line in series]]
    if bounds is not None:
        row += bounds.get(day, (None, None))
    return [*row, _("still arriving") if day in partial else ""] if partial else row


def _summary(lines, days, scale, hidden):
    sentences = [_summary_of(line, days, scale) for line in lines[:1]]
    if hidden:
        sentences.append(
            ngettext("%(count)d more series is not shown.", "%(count)d more series are not shown.", hidden)
            % {"count": hidden}
        )
    return " ".join(sentences)


def _summary_of(line, days, scale):
    known = [line.values[day] for day in days if line.values.get(day) is not None]
    if not known:
        return _("%(name)s: no figures in this period.") % {"name": line.name}
    return _("%(name)s: lowest %(low)s, highest %(high)s, last %(last)s.") % {
        "name": line.name,
        "low": scale.short(min(known)),
        "high": scale.short(max(known)),
        "last": scale.short(known[-1]),
    }
