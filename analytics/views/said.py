"""Figures and states in the reader's words."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from analytics.charts import Scale
from analytics.charts.sparkline import sparkline
from analytics.models.board import relative
from analytics.rules import formats, pacing, ranges
from core import text

STATES = {
    "on_track": gettext_lazy("on track"),
    "at_risk": gettext_lazy("at risk"),
    "off_track": gettext_lazy("off track"),
    "no_data": gettext_lazy("no data"),
}
TONES = {"on_track": "ok", "at_risk": "warn", "off_track": "bad", "no_data": "none"}
PLACES = {
    ranges.INSIDE: gettext_lazy("inside"),
    ranges.BELOW: gettext_lazy("below"),
    ranges.ABOVE: gettext_lazy("above"),
    ranges.NO_DATA: gettext_lazy("no data"),
    ranges.PARTIAL: gettext_lazy("arriving"),
    ranges.NO_PLAN: gettext_lazy("no plan"),
}
PLACE_TONES = {
    ranges.OK: "ok",
    ranges.BETTER: "info",
    ranges.WORSE: "bad",
    ranges.UNUSUAL: "warn",
    ranges.UNKNOWN: "none",
}
PACES = {
    pacing.UNDER: (gettext_lazy("under plan"), "warn"),
    pacing.ON_PLAN: (gettext_lazy("on plan"), "ok"),
    pacing.OVER: (gettext_lazy("over plan"), "bad"),
    pacing.UNPLANNED: (gettext_lazy("no plan"), "none"),
}


def scale_of(metric, currency):
    """How figures of a metric are written."""
    decimals = None if metric.unit == "count" else metric.decimals
    return Scale(get_language() or "en", metric.unit, currency if metric.unit == "money" else None, decimals)


def said(value, metric, currency=None, *, short=True):
    """A figure by its metric's unit."""
    scale = scale_of(metric, currency)
    return scale.short(value) if short else scale.full(value)


def short_name(name):
    """The usual letters of a metric where its name ends with them: "Click-through rate (CTR)" is CTR."""
    _words, mark, letters = name.rstrip(")）").replace("（", "(").rpartition("(")
    return letters if mark and letters.isupper() else name


def bounds(low, high, metric, currency):
    """A range in words."""
    values = {"low": said(low, metric, currency), "high": said(high, metric, currency)}
    if low is None:
        return _("at most %(high)s") % values
    if high is None:
        return _("at least %(low)s") % values
    return _("%(low)s – %(high)s") % values


def change(ratio):
    """A relative change with its sign; nothing where undefined."""
    return "" if ratio is None else formats.signed_percent(ratio)


def tile(each, currency, metric_url=""):
    """A tile of components/tile.html."""
    metric, judged = each.metric, each.judged
    latest = judged.latest if judged else None
    shown = said(each.value, metric, currency)
    note = ""
    if each.value is None and each.by_currency:
        shown = " + ".join(said(value, metric, code) for code, value in each.by_currency.items())
    elif each.stated and each.value is None:
        shown = said(each.stated.value, metric, currency)
        note = _("stated for %(first)s – %(last)s") % {"first": each.stated.date_from, "last": each.stated.date_to}
    made = {
        "label": metric.name(get_language() or "en"),
        "value": shown,
        "full": said(each.value, metric, currency, short=False) if each.value is not None else "",
        "delta": change(each.change),
        "url": metric_url,
        "spark": sparkline(each.days, low=latest and latest.low, high=latest and latest.high),
        "sub": _target(each, currency),
        "note": note,
    }
    if judged:
        made |= _place(judged, currency)
    return made


def _place(judged, currency):
    latest = judged.latest
    if latest is None:
        return {"state_label": PLACES[ranges.NO_DATA], "tone": "none"}
    words = bounds(latest.low, latest.high, judged.metric, currency)
    value = said(latest.value, judged.metric, currency)
    return {
        "state_label": PLACES[latest.place],
        "tone": PLACE_TONES[latest.state],
        "is_dated": True,  # the tile's value is of the whole period, a range is about one day
        "note": _("%(day)s: %(value)s, expected %(range)s")
        % {"day": f"{latest.day:%m-%d}", "value": value, "range": words},
    }


def _target(each, currency):
    if each.target is None:
        return ""
    return _("target %(value)s") % {"value": said(each.target, each.metric, currency)}


def out_of_range(judged, currency):
    """A line of "out of range now"."""
    latest = judged.latest
    name = judged.metric.name(get_language() or "en")
    return {
        "range": judged.range,
        "name": f"{name} · {judged.range.channel}" if judged.range.channel else name,
        "value": said(latest.value, judged.metric, currency),
        "bounds": bounds(latest.low, latest.high, judged.metric, currency),
        "place": PLACES[latest.place],
        "tone": PLACE_TONES[latest.state],
        "day": latest.day,
        "days_out": judged.days_out,
    }


def pace_of(spent, planned):
    """Spent against planned so far, in words: `{"share", "label", "tone"}`."""
    share = pacing.pace(spent, planned)
    label, tone = PACES[pacing.state(share)]
    return {"share": text.percent(share, 0), "label": label, "tone": tone}


def kpi_line(line, currency):
    """A KPI's progress in words."""
    metric, kpi = line.metric, line.kpi
    return {
        "line": line,
        "kpi": kpi,
        "state_label": STATES[line.state],
        "tone": TONES[line.state],
        "actual": said(line.actual, metric, currency, short=False) if metric else text.MISSING,
        "target": said(kpi.target_value, metric, currency, short=False) if metric else text.MISSING,
        "percent": text.percent(line.done, 0),
        "expected": text.percent(line.expected, 0),
        "gap": change(relative(line.actual, kpi.target_value)),
    }
