"""KPIs as the templates show them: figures in the reader's words, states in the reader's language."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.charts.sparkline import sparkline
from analytics.rules.formats import figure
from overview.views.links import url

STATES = {
    "on_track": _("on track"),
    "at_risk": _("at risk"),
    "off_track": _("off track"),
    "no_data": _("no data"),
}
TONES = {"on_track": "ok", "at_risk": "warn", "off_track": "bad", "no_data": ""}


def said(kpi, value):
    """A figure of a KPI by its metric's unit."""
    metric = kpi.metric
    if metric is None:
        return figure(value, "count", get_language())
    return figure(value, metric.unit, get_language(), currency=kpi.campaign.currency, decimals=metric.decimals)


def percent(share):
    """A share of the way as a whole number of percent; None stays None."""
    return None if share is None else int((share * 100).quantize(Decimal(1)))


def kpi_line(slug, kpi, at):
    """A KPI as a line of a list."""
    return {
        "kpi": kpi,
        "url": url("campaigns:kpi", slug, kpi.campaign.code, kpi.pk),
        "state": at.state,
        "state_label": STATES[at.state],
        "tone": TONES[at.state],
        "percent": percent(at.done),
        "expected": percent(at.expected),
        "actual": said(kpi, at.actual),
        "target": said(kpi, kpi.target_value),
    }


def tile(slug, kpi, at, values):
    """A KPI as a tile: its figure, state, its values by day (None: no figure), the target."""
    return {
        "label": kpi.name,
        "url": url("campaigns:kpi", slug, kpi.campaign.code, kpi.pk),
        "value": said(kpi, at.actual),
        "delta": "" if at.done is None else f"{percent(at.done)}%",
        "state": at.state,
        "state_label": STATES[at.state],
        "sub": str(kpi.metric or ""),
        "note": _("target %(value)s") % {"value": said(kpi, kpi.target_value)},
        "spark": sparkline(values) if values else None,
    }
