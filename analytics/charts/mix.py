"""Channel mix: parts of a whole over days or weeks, as amounts or as shares."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from analytics.charts import figure as base
from analytics.charts.theme import hatched, role, series_role
from core import text

STACK, SHARE = "stack", "share"


class Part(NamedTuple):
    """What one channel has in one bucket (a day, or the label of a week); None: no figure."""

    name: str
    bucket: date | str
    value: Decimal | None


def channel_mix(parts, scale, *, mode=STACK, partial=()):
    """Stacked bars, one a bucket; `mode` "share" draws per cent of the bucket's sum.

    Six channels keep their colour, the smaller ones are summed into "other". Bars of `partial` buckets are hatched.
    """
    parts = list(parts)
    sums, buckets = _sums(parts), sorted({part.bucket for part in parts}, key=str)
    totals = _totals(sums)
    rows = _rows(list(dict.fromkeys(part.name for part in parts)), sums, buckets)
    draw = _Drawing(buckets, totals, mode, frozenset(partial), scale)
    layout = {
        "barmode": "relative",
        "xaxis": _bucket_axis(buckets, scale),
        "yaxis": _value_axis(sums, mode, scale),
        "showlegend": True,
    }
    data = [draw.bars(number, *row) for number, row in enumerate(rows)] if sums else []
    return base.finish("mix", data, layout, _table(rows, buckets, totals, scale), _summary(rows, scale))


@dataclass(frozen=True)
class _Drawing:
    """What the bars of all channels share."""

    buckets: list
    totals: dict
    mode: str
    partial: frozenset
    scale: base.Scale

    def share(self, bucket, value):
        """The share of a bucket's sum; None where there is nothing to divide by."""
        whole = self.totals.get(bucket)
        return None if value is None or not whole else value / whole

    def words(self, bucket, value):
        """The figure and its share, as a bar says it."""
        return f"{self.scale.short(value)} ({text.percent(self.share(bucket, value))})"

    def bars(self, number, name, values):
        """The bars of one channel; the seventh and "other" are grey."""
        heights = [self.share(b, values[b]) if self.mode == SHARE else values[b] for b in self.buckets]
        return {
            "type": "bar",
            "name": base.label(name),
            "x": self.buckets,
            "y": heights,
            "customdata": [self.words(bucket, values[bucket]) for bucket in self.buckets],
            "hovertemplate": base.hover(),
            "marker": {
                "color": role(series_role(number)),
                "line": {"width": 0},
                "pattern": hatched([bucket in self.partial for bucket in self.buckets]),
            },
        }


def _rows(names, sums, buckets):
    """`(name, {bucket: value})` of the six largest in their given order, and of "other"."""
    shown, rest = base.six_and_other({name: _total_of(sums, name) for name in names})
    rows = [(name, {bucket: sums.get((name, bucket)) for bucket in buckets}) for name in names if name in set(shown)]
    others = [(base.other_name(len(rest)), {bucket: _rest(sums, rest, bucket) for bucket in buckets})]
    return [*rows, *others] if rest else rows


def _total_of(sums, name):
    return sum(value for (owner, _bucket), value in sums.items() if owner == name)


def _sums(parts):
    """`{(name, bucket): sum}`; rows without a figure leave no entry."""
    sums = defaultdict(Decimal)
    for part in parts:
        if part.value is not None:
            sums[part.name, part.bucket] += part.value
    return dict(sums)


def _totals(sums):
    totals = defaultdict(Decimal)
    for (_name, bucket), value in sums.items():
        totals[bucket] += value
    return dict(totals)


def _rest(sums, rest, bucket):
    known = [sums[name, bucket] for name in rest if (name, bucket) in sums]
    return sum(known) if known else None


def _bucket_axis(buckets, scale):
    are_days = bool(buckets) and all(isinstance(bucket, date) for bucket in buckets)
    return base.day_axis(scale.language) if are_days else {"type": "category"}


def _value_axis(sums, mode, scale):
    if mode == SHARE:
        return dict(_PERCENT_TICKS)
    above, below = defaultdict(Decimal), defaultdict(Decimal)
    for (_name, bucket), value in sums.items():
        (above if value > 0 else below)[bucket] += value
    return base.number_axis([*above.values(), *below.values()], scale)


_PERCENT_TICKS = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0%", "25%", "50%", "75%", "100%"], "range": [0, 1]}


def _table(rows, buckets, totals, scale):
    head = [_("Period"), *[name for name, _values in rows], _("Total")]
    body = [[bucket, *[values[bucket] for _name, values in rows], totals.get(bucket)] for bucket in buckets]
    return base.table_twin(head, body, [None, *[scale] * (len(rows) + 1)])


def _summary(rows, scale):
    sums = {name: sum(value for value in values.values() if value is not None) for name, values in rows}
    if not sums:
        return _("No figures in this period.")
    largest = max(sums, key=lambda name: sums[name])
    words = {"name": largest, "value": scale.short(sums[largest]), "count": len(sums)}
    return _("Largest of %(count)d: %(name)s with %(value)s.") % words
