"""KPIs as the templates show them: figures in the reader's words, states in the reader's language."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.charts.sparkline import sparkline
from campaigns.rules.goals import bar_length
from core.text import figure, percent
from overview.views.links import url

STATES = {
    "on_track": _("on track"),
    "at_risk": _("at risk"),
    "off_track": _("off track"),
    "no_data": _("no data"),
}
PLACES = {"below": _("below"), "above": _("above")}
MEANINGS = {"worse": "bad", "unusual": "warn", "better": "info"}
TONES = {"on_track": "ok", "at_risk": "warn", "off_track": "bad", "no_data": ""}


def said(kpi, value):
    """A figure of a KPI by its metric's unit."""
    metric = kpi.metric
    if metric is None:
        return figure(value, "count", get_language())
    return figure(value, metric.unit, get_language(), currency=kpi.campaign.currency, decimals=metric.decimals)


def way(done):
    """How far something has come: in words, None without figures, and how long its bar is drawn."""
    return {"percent": None if done is None else percent(done, 0), "bar": bar_length(done)}


def kpi_line(slug, kpi, at):
    """A KPI as a line of a list."""
    return {
        "kpi": kpi,
        "url": url("campaigns:kpi", slug, kpi.campaign.code, kpi.pk),
        "state": at.state,
        "state_label": STATES[at.state],
        "tone": TONES[at.state],
        **way(at.done),
        "actual": said(kpi, at.actual),
        "target": said(kpi, kpi.target_value),
    }


def out_line(slug, judged):
    """A figure outside its expected range as a line of a list: its last judged day."""
    expected, last = judged.range, judged.latest
    campaign = expected.campaign

    def figure_of(value):
        metric = judged.metric
        return figure(value, metric.unit, get_language(), currency=campaign.currency, decimals=metric.decimals)

    return {
        "name": judged.metric.name(get_language() or "en"),
        "channel": expected.channel,
        "campaign": campaign,
        "url": url("analytics:dashboard", slug, campaign.code),
        "day": last.day,
        "value": figure_of(last.value),
        "low": figure_of(last.low),
        "high": figure_of(last.high),
        "place": PLACES[last.place],
        "tone": MEANINGS.get(last.state, "info"),
        "days_out": judged.days_out,
    }


def tile(slug, kpi, at, values):
    """A KPI as a tile: its figure, state, its values by day (None: no figure), the target."""
    return {
        "label": kpi.name,
        "url": url("campaigns:kpi", slug, kpi.campaign.code, kpi.pk),
        "value": said(kpi, at.actual),
        "delta": "" if at.done is None else percent(at.done, 0),
        "state": at.state,
        "state_label": STATES[at.state],
        "sub": str(kpi.metric or ""),
        "note": _("target %(value)s") % {"value": said(kpi, kpi.target_value)},
        "spark": sparkline(values) if values else None,
    }
