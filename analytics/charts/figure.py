"""What every chart shares: the finished figure, its table twin, axes with ticks in words, six series and "other"."""

import html
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isfinite

from django.utils.translation import gettext as _

from analytics.charts.theme import ROLE, SERIES, THEMES, role, template
from core import text
from core.text import is_chinese

LONGEST_NAME = 32
CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False}
_NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Chart:
    """A picture: `figure` {"data", "layout", "config"} ready for JSON, `table` {"head", "rows"} and one sentence."""

    figure: dict
    table: dict
    summary: str = ""


@dataclass(frozen=True)
class Scale:
    """How the figures of a chart are written: language, unit (count | money | ratio | seconds), currency, digits."""

    language: str = "en"
    unit: str = "count"
    currency: str | None = None
    decimals: int | None = None

    def short(self, value):
        """For axes and hovering: ¥1.2万."""
        return text.figure(value, self.unit, self.language, currency=self.currency, decimals=self.decimals)

    def full(self, value):
        """For the table twin: ¥12,345.67."""
        return text.figure(value, self.unit, self.language, currency=self.currency, short=False, decimals=self.decimals)


def finish(kind, data, layout, table, summary=""):
    """Make a Chart: plain JSON values, the template, and the colours of both themes for the roles that occur.

    Without `data` the page says that there are no figures. A layout without height takes the one of its card.
    """
    ground = {"paper_bgcolor": role("surface"), "plot_bgcolor": role("surface")}
    layout = {"template": template(), "showlegend": False, **ground, **layout}
    figure = plain_json({"data": data, "layout": layout, "config": CONFIG})
    used = sorted(roles_in(figure))
    themes = {name: {each: colours[each] for each in used} for name, colours in THEMES.items()}
    figure["layout"]["meta"] = {"kind": kind, "themes": themes}
    return Chart(figure, table, str(summary))


def plain_json(value):
    """Numbers, texts, lists and dicts only: Decimal becomes int or float here and nowhere else, a day its ISO text."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_json(item) for key, item in value.items()}
    if isinstance(value, (Decimal, float)):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value):
    if not isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def roles_in(value):
    """All roles a figure names."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {name for item in value for name in roles_in(item)}
    is_role = isinstance(value, str) and value.startswith(ROLE)
    return {value.removeprefix(ROLE)} if is_role else set()


def paint(figure, theme="light"):
    """The figure with the colours of a theme put in, as the page's script does it."""
    colours = THEMES[theme]
    if isinstance(figure, dict):
        return {key: item if key == "meta" else paint(item, theme) for key, item in figure.items()}
    if isinstance(figure, list):
        return [paint(item, theme) for item in figure]
    is_role = isinstance(figure, str) and figure.startswith(ROLE)
    return colours[figure.removeprefix(ROLE)] if is_role else figure


def table_twin(head, rows, scales=()):
    """The same figures as a table. `scales` writes the cells of a column (None: as they are; days stay days)."""
    scales = [*scales, *[None] * (len(head) - len(scales))]
    written = [
        [cell if scale is None else scale.full(cell) for cell, scale in zip(row, scales, strict=True)] for row in rows
    ]
    return {"head": [str(title) for title in head], "rows": written}


def label(name):
    """A name of somebody's making for the picture: escaped for Plotly's markup and not too long."""
    name = str(name)
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return html.escape(short, quote=False)


def six_and_other(sums):
    """The names to draw, largest first, and those that go into "other": at most six colours in all, then grey.

    `sums` is `{name: total}`; None counts as nothing.
    """
    ranked = sorted(sums, key=lambda name: (-abs(sums[name] or 0), str(name)))
    return ranked[: len(SERIES)], ranked[len(SERIES) :]


def other_name(count):
    """The name of the series that holds the rest."""
    return _("Other (%(count)d)") % {"count": count}


def number_axis(values, scale, *, from_zero=True, extra=None):
    """An axis whose ticks are written in the reader's language; `values` may hold None."""
    ticks = nice_ticks([value for value in values if value is not None], from_zero)
    return {
        "tickvals": ticks,
        "ticktext": [scale.short(tick) for tick in ticks],
        "range": [ticks[0], ticks[-1]],
        **(extra or {}),
    }


def nice_ticks(values, from_zero=True, wanted=4):
    """Round numbers that hold all values, first and last included; zero among them unless it would hide the curve."""
    low, high = _ends([Decimal(value) for value in values] or [Decimal(0)], from_zero)
    step = _nice_step((high - low) / wanted)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(first), int(last) + 1)]


def _ends(values, from_zero):
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = low + (abs(low) or 1)
    return low, high


def _nice_step(rough):
    power = Decimal(10) ** rough.adjusted()
    return next(nice * power for nice in _NICE if nice * power >= rough)


def day_axis(language):
    """An axis of days, written the language's way."""
    chinese = is_chinese(language)
    return {
        "type": "date",
        "tickformat": "%-m月%-d日" if chinese else "%-d %b",
        "hoverformat": "%Y年%-m月%-d日" if chinese else "%-d %b %Y",
        "nticks": 7,
    }


def has_figures(values):
    """Whether there is anything to draw."""
    return any(value is not None for value in values)


def row_axis(names):
    """An axis of rows from top to bottom; rows are numbered, so that two of the same name stay two."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [label(name) for name in names],
        "range": [len(names) - 0.5, -0.5],
        "showgrid": False,
        "ticklabelstandoff": 6,
    }


def hidden_axis(values, room):
    """A value axis without ticks that leaves room for the figures written beside the bars."""
    known = [Decimal(value) for value in values if value is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    return {"visible": False, "range": [low * room, high * room if high or low else Decimal(1)]}


def row_layout(names, values, room=Decimal("1.3")):
    """The layout of bars across: rows with their names, room for the figures beside the bars, high enough for all."""
    return {
        "xaxis": hidden_axis(values, room),
        "yaxis": row_axis(names),
        "height": 24 + 34 * max(len(names), 1),
        "hovermode": "closest",
    }


def links(urls):
    """Where a click on the n-th bar leads; empty where no bar leads anywhere."""
    return {"meta": {"urls": [str(url) for url in urls]}} if any(urls) else {}


def hover(text="%{customdata}"):
    """What a point says: the series' name and the figure in words."""
    return "%{fullData.name}  <b>" + text + "</b><extra></extra>"
