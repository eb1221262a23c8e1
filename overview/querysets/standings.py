"""How the KPIs of many campaigns stand today: a constant number of queries for what is plainly summed.

KPIs that need more (figures only a platform states, a source of record, another currency, a plan by phase) are asked of
`analytics.models.progress`, campaign by campaign. Both answer alike; a test holds them together.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Q

from analytics.models import DailyTotal
from analytics.models.progress import progress_of
from campaigns.models import KpiTarget
from campaigns.rules import goals as rules
from core.querysets import ExactSum

OWN_CHANNEL = Q(campaign__kpis__channel=None) | Q(campaign__kpis__channel=F("channel"))
_ONE = Decimal(1)


@dataclass(frozen=True)
class Standing:
    """How a KPI stands: its figure so far, the share of the way done and expected (0 … 1), its state."""

    actual: Decimal | None
    done: Decimal | None
    expected: Decimal | None
    state: str


def standings(actor, kpis, metrics, *, today):
    """`{kpi id: Standing}` of `waiting.running_kpis`; `metrics` is the workspace's catalogue."""
    yesterday = today - timedelta(days=1)
    figures = _figures(actor, kpis, metrics, yesterday)
    plans = _plans(actor, kpis, yesterday)
    special = _special(kpis, figures, plans)
    found = {kpi.pk: _standing(kpi, figures[kpi.pk], plans.get(kpi.pk), metrics, yesterday) for kpi in kpis}
    for campaign in {kpi.campaign_id: kpi.campaign for kpi in kpis if kpi.campaign_id in special}.values():
        some = [kpi for kpi in kpis if kpi.campaign_id == campaign.pk]
        for line in progress_of(actor, campaign, some, metrics, today=today):
            found[line.kpi.pk] = Standing(line.actual, line.done, line.expected, line.state)
    return found


def _figures(actor, kpis, metrics, through):
    """`{kpi id: {(metric, currency): sum}}` of the roll-up rows of its campaign, period, channel and parts.

    KPIs that ask for the same rows are summed once: a campaign has many, and few periods.
    """
    first = {}
    alike = {kpi.pk: first.setdefault(_scope(kpi), kpi.pk) for kpi in kpis}
    sums = _sums(actor, kpis, metrics, through, set(first.values()))
    return defaultdict(dict, {key: sums[other] for key, other in alike.items()})


def _scope(kpi):
    return kpi.campaign_id, kpi.channel_id, kpi.metric.code, kpi.start_date, kpi.finish_date


def _sums(actor, kpis, metrics, through, keys):
    wanted = Q(pk=None)
    for code in {kpi.metric.code for kpi in kpis}:
        wanted |= Q(campaign__kpis__metric__code=code, metric__in=metrics.leaves(code))
    within = {"date__gte": F("campaign__kpis__start_date"), "date_to__lte": F("campaign__kpis__finish_date")}
    rows = DailyTotal.objects.visible_to(actor).filter(date_to__lte=through).order_by()
    rows = rows.filter(wanted, OWN_CHANNEL, campaign__kpis__in=keys, **within)
    found = defaultdict(dict)
    names = ("campaign__kpis", "metric", "currency")
    for kpi_id, metric, currency, total in rows.values_list(*names).annotate(ExactSum("value")):
        found[kpi_id][metric, currency] = total
    return found


def _plans(actor, kpis, through):
    """`{kpi id: (planned by day, of it up to `through`, planned by phase)}`."""
    rows = KpiTarget.objects.visible_to(actor).filter(campaign__in={kpi.campaign_id for kpi in kpis}).order_by()
    by_day = Q(date__isnull=False)
    rows = rows.values_list("kpi").annotate(
        whole=ExactSum("value", filter=by_day),
        gone=ExactSum("value", filter=by_day & Q(date__lte=through)),
        phases=ExactSum("value", filter=~by_day),
    )
    return {kpi_id: (whole, gone or 0, phases) for kpi_id, whole, gone, phases in rows}


def _special(kpis, figures, plans):
    """Ids of the campaigns with a KPI that a plain sum does not answer for."""
    found = set()
    for kpi in kpis:
        is_foreign = any(code not in ("", kpi.campaign.currency) for _metric, code in figures[kpi.pk])
        whole, _gone, phases = plans.get(kpi.pk, (None, 0, None))
        if kpi.is_recorded or kpi.metric.is_stated_only or is_foreign or (phases and not whole):
            found.add(kpi.campaign_id)
    return found


def _standing(kpi, figures, plan, metrics, through):
    sums = {metric: total for (metric, _currency), total in figures.items()}
    actual = metrics.value(kpi.metric.code, sums) if sums else None
    done = rules.progress(kpi.baseline_value, kpi.target_value, actual, kpi.direction)
    expected = _expected(kpi, plan, min(through, kpi.finish_date)) if kpi.metric.is_additive else _ONE
    return Standing(actual, done, expected, rules.state(done, expected))


def _expected(kpi, plan, through):
    """The share of the target planned up to a day: by its targets per day, else evenly over its days."""
    if plan and plan[0]:
        return rules.expected_progress(through, {through: plan[1], through + timedelta(days=1): plan[0] - plan[1]})
    length, gone = (kpi.finish_date - kpi.start_date).days + 1, max(0, (through - kpi.start_date).days + 1)
    return rules.expected_progress(through, {through: Decimal(gone), through + timedelta(days=1): length - gone})
