"""How KPIs stand today, out of the daily roll-up: a constant number of queries for any number of KPIs."""

from collections import defaultdict

from django.db.models import F, Q, Sum

from analytics.models import DailyMetric
from analytics.querysets import ExactSum
from campaigns.models import KpiTarget
from overview.rules.tree import expected_by_time, standing

PERIOD = {"date__gte": F("campaign__kpis__start_date"), "date_to__lte": F("campaign__kpis__finish_date")}
OWN_CHANNEL = Q(campaign__kpis__channel=None) | Q(campaign__kpis__channel=F("channel"))
OWN_CURRENCY = Q(currency="") | Q(currency=F("campaign__currency"))


def standings(actor, kpis, metrics, *, today):
    """`{kpi id: Standing}` of KPIs that were read with their metric; `today` is the day expectations are made for.

    `metrics` is the workspace's catalogue (`catalogue_of`).
    """
    sums = defaultdict(dict)
    rows = _figures(actor, kpis, metrics).values_list("kpi", "metric").annotate(ExactSum("value"))
    for kpi_id, metric, value in rows:
        sums[kpi_id][metric] = value
    planned = _planned_shares(actor, kpis, today)
    return {
        kpi.pk: standing(kpi, _value(kpi, sums[kpi.pk], metrics), planned.get(kpi.pk) or _by_time(kpi, today))
        for kpi in kpis
    }


def series(actor, kpis, metrics):
    """`{kpi id: {day: value}}`: the daily figures of KPIs in their own period; period rows are left out."""
    days = defaultdict(lambda: defaultdict(dict))
    rows = _figures(actor, kpis, metrics).filter(date_to=F("date"))
    for kpi_id, day, metric, value in rows.values_list("kpi", "date", "metric").annotate(ExactSum("value")):
        days[kpi_id][day][metric] = value
    return {kpi.pk: {day: _value(kpi, values, metrics) for day, values in sorted(days[kpi.pk].items())} for kpi in kpis}


def _figures(actor, kpis, metrics):
    """Roll-up rows joined to every KPI they count for: its campaign, period, channel, and the metrics it is made of."""
    wanted = Q(pk=None)
    for code in {kpi.metric.code for kpi in kpis if kpi.metric and kpi.metric.code in metrics}:
        wanted |= Q(campaign__kpis__metric__code=code, metric__in=metrics.leaves(code))
    ids = [kpi.pk for kpi in kpis]
    rows = DailyMetric.objects.visible_to(actor).order_by()
    rows = rows.filter(wanted, OWN_CHANNEL, OWN_CURRENCY, campaign__kpis__in=ids, **PERIOD)
    return rows.annotate(kpi=F("campaign__kpis"))


def _value(kpi, values, metrics):
    """A KPI's figure from the sums of what it is made of; None without any of them, or where it cannot be summed."""
    if not values or kpi.metric is None or kpi.metric.code not in metrics:
        return None
    return metrics.value(kpi.metric.code, values)


def _planned_shares(actor, kpis, today):
    """`{kpi id: share}` of the daily targets that lie behind today."""
    targets = KpiTarget.objects.visible_to(actor).filter(kpi__in=[kpi.pk for kpi in kpis], date__isnull=False)
    rows = targets.order_by().values_list("kpi")
    rows = rows.annotate(whole=Sum("value"), gone=Sum("value", filter=Q(date__lte=today)))
    return {kpi_id: (gone or 0) / whole for kpi_id, whole, gone in rows if whole}


def _by_time(kpi, today):
    if not kpi.start_date or not kpi.finish_date:
        return None
    return expected_by_time(kpi.start_date, kpi.finish_date, today)
