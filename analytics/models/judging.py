"""Expected ranges against the figures of the roll-up, per day; what is out of range now. Nothing here writes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from analytics.choices import RangeKind
from analytics.models.ranges import ExpectedRange
from analytics.models.summary import rates_of
from analytics.querysets import rolled
from analytics.rules import ranges as rules
from analytics.rules.metrics import Metric
from analytics.rules.summary import Sums, add_row, leaves_of
from analytics.store import reading
from campaigns.models import Campaign, KpiTarget
from core.querysets import ExactSum
from placements.models import DayAllocation

LOOK_BACK = 14  # days among which the latest judged one is "now"
RULED = ("campaign_id", "channel_id", "metric_id", "kpi_id", "kind", "low", "high")  # what a day is judged by
KINDS = {RangeKind.FIXED: rules.FIXED, RangeKind.PLAN: rules.PLAN_PERCENT}


class Series:
    """Figures per day of campaigns: `values(...)` of a metric, of all channels or of one; `partial` days."""

    def __init__(self, metrics):
        self.metrics = metrics
        self._sums = defaultdict(Sums)

    def take(self, rows, rates=None):
        """Count rows (`campaign_id`, `date`, `channel_id`, …) in, money converted where a campaign has `rates`."""
        for row in rows:
            for channel in {None, row["channel_id"]}:
                key = (row["campaign_id"], channel, row["date"])
                add_row(self._sums[key], row, (rates or {}).get(row["campaign_id"]))

    def values(self, code, days, campaign_id, channel_id=None):
        """`{day: Decimal}` of the days that have the figure."""
        found = {day: self._of_day(code, (campaign_id, channel_id, day)) for day in days}
        return {day: value for day, value in found.items() if value is not None}

    def partial(self, days, campaign_id, channel_id=None):
        """Days whose figures are still arriving."""
        keys = ((day, (campaign_id, channel_id, day)) for day in days)
        return {day for day, key in keys if key in self._sums and not self._sums[key].is_complete}

    def _of_day(self, code, key):
        return self._sums[key].values([code], self.metrics)[code] if key in self._sums else None


def series_of(actor, campaigns, codes, period, metrics):
    """The daily figures of some campaigns, one query."""
    rows = rolled(actor, reading.WHOLE).among("campaign_id", campaigns).among("metric", leaves_of(codes, metrics))
    rows = rows.of_days(period.first, period.last).only_days()
    rows = reading.sums({"": rows}, ["campaign_id", "date", "channel_id"])
    found = Series(metrics)
    found.take(rows, _rates_where_mixed(actor, rows, period))
    return found


def _rates_where_mixed(actor, rows, period):
    """`{campaign id: Rates}` of campaigns whose money came in several currencies: it is judged in the campaign's own,
    as the dashboard shows it."""
    used = defaultdict(set)
    for row in rows:
        used[row["campaign_id"]] |= {row["currency"]} - {""}
    mixed = [key for key, currencies in used.items() if len(currencies) > 1]
    if not mixed:
        return {}
    own = Campaign.objects.visible_to(actor).filter(pk__in=mixed).values_list("pk", "currency")
    return {key: rates_of(actor, currency, period) for key, currency in own}


@dataclass
class Judged:
    """An expected range with a judgement for each day; `latest` is the last day that could be judged."""

    range: ExpectedRange
    metric: Metric
    days: list = field(default_factory=list)

    @property
    def latest(self):
        known = [day for day in self.days if day.place in (rules.INSIDE, rules.BELOW, rules.ABOVE)]
        return known[-1] if known else None

    @property
    def is_out(self):
        """Whether the latest judged day lies outside of the range."""
        return bool(self.latest and self.latest.is_out)

    @property
    def days_out(self):
        """For how many judged days in a row it has been outside."""
        return rules.days_out_in_a_row(self.days)

    @property
    def out(self):
        """The days outside, in order."""
        return [day for day in self.days if day.is_out]

    def counts(self):
        """How many days lie where."""
        return rules.count_places(self.days)


def rule_of(expected):
    """The range as the rules see it."""
    return rules.Range(expected.low, expected.high, KINDS[expected.kind])


def judge(actor, expected, period, metrics):
    """Judge some ranges (of any campaigns) over the days of a period; three queries at most."""
    expected = [each for each in expected if each.metric.code in metrics]
    if not expected:
        return []
    campaigns = {each.campaign_id for each in expected}
    series = series_of(actor, campaigns, {each.metric.code for each in expected}, period, metrics)
    plans = plans_of(actor, [each for each in expected if each.kind == RangeKind.PLAN], period)
    return [_judged(each, series, plans.get(each.pk, {}), period.days(), metrics) for each in expected]


def _judged(expected, series, plan, days, metrics):
    metric = metrics[expected.metric.code]
    where = (expected.campaign_id, expected.channel_id)
    values, partial = series.values(metric.code, days, *where), series.partial(days, *where)
    judgements = rules.judge_series(
        days, values, rule_of(expected), plans=plan, direction=metric.direction, partial=partial
    )
    return Judged(expected, metric, judgements)


def plans_of(actor, expected, period):
    """`{range id: {day: planned}}`: money from the media schedule, other metrics from the KPI's targets by day."""
    if not expected:
        return {}
    campaigns = {each.campaign_id for each in expected}
    spent = [each for each in expected if each.metric.code == "cost"]
    found = _day_plans(actor, spent, campaigns, period) if spent else {}
    others = [each for each in expected if each.metric.code != "cost"]
    return found | (_target_plans(actor, others, campaigns, period) if others else {})


def _day_plans(actor, expected, campaigns, period):
    rows = DayAllocation.objects.visible_to(actor).between(period.first, period.last)
    rows = rows.filter(campaign__in=campaigns, amount__isnull=False, placement__archived_at=None)
    rows = rows.order_by().values_list("campaign_id", "placement__channel_id", "date").annotate(sum=ExactSum("amount"))
    rows = list(rows)
    return {
        each.pk: _summed((day, amount) for campaign, channel, day, amount in rows if _fits(each, campaign, channel))
        for each in expected
    }


def _fits(expected, campaign, channel):
    return campaign == expected.campaign_id and expected.channel_id in (None, channel)


def _target_plans(actor, expected, campaigns, period):
    targets = KpiTarget.objects.visible_to(actor).filter(campaign__in=campaigns, kpi__archived_at=None)
    targets = targets.filter(date__gte=period.first, date__lte=period.last)
    names = ("campaign_id", "kpi__channel_id", "kpi__metric_id", "kpi_id", "date", "value")
    rows = list(targets.order_by().values_list(*names))
    return {each.pk: _summed((row[4], row[5]) for row in rows if _is_target_of(each, *row[:4])) for each in expected}


def _is_target_of(expected, campaign, channel, metric, kpi):
    if expected.kpi_id:
        return kpi == expected.kpi_id
    return (campaign, channel, metric) == (expected.campaign_id, expected.channel_id, expected.metric_id)


def _summed(pairs):
    found = {}
    for day, value in pairs:
        found[day] = found.get(day, 0) + value
    return found


def out_now(actor, campaigns, *, today, metrics):
    """Ranges whose latest judged day lies outside, worst first: what the home page and the dashboard list."""
    expected = ExpectedRange.objects.visible_to(actor).filter(campaign__in=campaigns).with_words()
    return out_among(judge(actor, list(expected), recent(today), metrics))


def seen_from(period, today):
    """The day on which "now" is looked for when a period was asked for: today, or the day after one that is over."""
    return min(today, period.last + timedelta(days=1))


def recent(today):
    """The whole days among which "now" is looked for."""
    return Recent(today)


class Recent:
    """The days before today."""

    def __init__(self, today):
        self.first, self.last = today - timedelta(days=LOOK_BACK), today - timedelta(days=1)

    def days(self):
        """Each day in order."""
        return [self.first + timedelta(days=step) for step in range(LOOK_BACK)]


def out_among(judged):
    """Those out of range, what is worse before what is unusual or better, the longest first."""
    order = {rules.WORSE: 0, rules.UNUSUAL: 1, rules.BETTER: 2}
    found = [each for each in judged if each.is_out]
    return sorted(found, key=lambda each: (order[each.latest.state], -each.days_out, str(each.range)))
