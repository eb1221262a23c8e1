"""How far KPIs and goals have come, out of the roll-up. Nothing here writes."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from operator import attrgetter
from struct import iter_unpack
from typing import NamedTuple
from uuid import UUID

from analytics.models.facts import Fact
from analytics.models.sources import AccountLink, Source
from analytics.models.summary import rates_of
from analytics.querysets import rolled
from analytics.rules.metrics import Metric
from analytics.rules.periods import custom
from analytics.rules.summary import Sums, add_row, leaves_of
from analytics.store import reading
from campaigns.models import Goal, Kpi, KpiTarget
from campaigns.rules import goals as rules
from campaigns.rules.targets import shares
from core.columns import NO_KEY, Made, bare_columns, columns, packed

_ONE = Decimal(1)
_FEW = 50  # KPIs up to which what belongs to them is asked by their keys; of more, all of the campaign is read
_JUDGED = ("id", "goal_id", "name", "metric__code", "channel_id", "direction", "baseline_value", "target_value")
_JUDGED += ("start_date", "finish_date", "weight", "position")
_TYPED = ("name", "metric__code")  # what people typed
_KEYS, _DAYS = ("goal_id", "channel_id"), ("start_date", "finish_date")
_IDS = ("id", *_KEYS)
_NUMBERS = ("baseline_value", "target_value", "weight")
JUDGED = ("parent_id", "title", "roll_up", "weight", "position")  # of a goal, what its line needs
_PHASE = ("phase__start_date", "phase__finish_date")
NOT_JUDGED = ("created_at", "updated_at", "baseline_source", "baseline_date", "targets_at", "search_text")
_PLACES = Decimal("0.0001")


class Measured(NamedTuple):
    """Of a KPI what its progress is reckoned from; `key` as the database writes it, `metric` one of the catalogue."""

    key: bytes
    goal_id: UUID
    name: str
    metric: Metric | None
    channel_id: UUID | None
    direction: str
    baseline_value: Decimal | None
    target_value: Decimal | None
    start_date: date | None
    finish_date: date | None
    weight: Decimal
    position: int

    @property
    def pk(self):
        """Made for the few that are asked by it."""
        return _key(self.key)


@dataclass
class KpiProgress:
    """A KPI today: `actual` in its metric's unit, `done` and `expected` as shares of the way, `through` the last day
    counted, `sums` what it is reckoned from."""

    kpi: Kpi | Measured
    metric: Metric | None
    first: date
    last: date
    through: date
    actual: Decimal | None = None
    done: Decimal | None = None
    expected: Decimal | None = None
    source: object = None
    planned: dict = field(default_factory=dict)

    @cached_property
    def plan(self):
        """{day: what it shall bring}; a target without parts is expected evenly over its days."""
        target, length = self.kpi.target_value, self.length
        even = {self.first + timedelta(days=step): target / length for step in range(length)} if target else {}
        return self.planned or even

    # with `done` and `actual` a part of its goal, as the rules see it
    weight = property(lambda self: self.kpi.weight)
    baseline = property(lambda self: self.kpi.baseline_value)
    target = property(lambda self: self.kpi.target_value)

    @property
    def length(self):
        """How many days the KPI has."""
        return (self.last - self.first).days + 1

    @property
    def state(self):
        """on_track, at_risk, off_track or no_data."""
        return rules.state(self.done, self.expected)

    @property
    def bar(self):
        """How long its bar is drawn."""
        return rules.bar_length(self.done)


@dataclass
class GoalProgress:
    """A goal today: the roll-up of its KPIs and of the goals below it."""

    goal: Goal
    depth: int
    total: rules.Total
    kpis: list
    expected: Decimal | None = None

    @property
    def state(self):
        return rules.state(self.total.done, self.expected)

    @property
    def bar(self):
        return rules.bar_length(self.total.done)


def measured_kpis(actor, campaign, metrics):
    """The living KPIs of a campaign in their order as figures alone: a thousand are read as one text a column, and put
    in order here, which takes the database longer."""
    rows = Kpi.objects.visible_to(actor).active().of(campaign).order_by()
    texts = bare_columns(rows, *_JUDGED, typed=_TYPED)
    makers = dict.fromkeys(_KEYS, _key) | dict.fromkeys(_DAYS, _known(date.fromisoformat))
    makers |= {name: _known(_decimal_of(name)) for name in _NUMBERS} | {"metric__code": metrics.get, "position": int}
    written = [(makers.get(name), _written(name, text)) for name, text in zip(_JUDGED, texts, strict=True)]
    made = [map(Made(make).__getitem__, values) if make else values for make, values in written]
    return sorted(map(Measured._make, zip(*made, strict=True)), key=attrgetter("position", "key"))


def _written(name, text):
    """The values of a column as the database writes them."""
    if name in _IDS:
        return [key for (key,) in iter_unpack("16s", packed(text))]
    return json.loads(text or "[]") if name in _TYPED else text.split(",") if text else []


def _key(written):
    return None if written == NO_KEY else UUID(bytes=written)


def _known(make):
    return lambda text: None if text == "null" else make(text)


def first_targets(actor, campaign):
    """`{metric code: target or None}` of the first living KPI of each metric, the last of them first."""
    rows = Kpi.objects.visible_to(actor).active().of(campaign).filter(metric__isnull=False)
    codes, targets = (json.loads(text, parse_float=str) for text in columns(rows, "metric__code", "target_value"))
    found, made = {}, Made(_decimal_of("target_value"))
    for code, target in zip(codes, targets, strict=True):
        found.setdefault(code, target)
    return {code: made[target] for code, target in reversed(found.items())}


def _decimal_of(name):
    """What makes a Decimal with the places of a field out of what the database writes."""
    unit = Decimal(1).scaleb(-Kpi._meta.get_field(name).decimal_places)
    return lambda value: Decimal(value).quantize(unit)


def kpis_of(actor, campaign, **chosen):
    """The living KPIs of a campaign (those `chosen`) in their order; what many share is read once."""
    rows = Kpi.objects.visible_to(actor).active().of(campaign).filter(**chosen).defer(*NOT_JUDGED)
    found = list(rows.prefetch_related("metric", "channel", "owner"))
    for kpi in found:
        kpi.campaign = campaign
    return found


def progress_of(actor, campaign, kpis, metrics, *, today):
    """A KpiProgress for each KPI; a fixed number of queries."""
    rows = reading.Rows(reading.RECORDS).of("campaign_id", campaign.pk)
    rows = rows.among("kpi_id", [kpi.pk for kpi in kpis]) if len(kpis) <= _FEW else rows
    stated = reading.listed(rows, ["kpi_id", "source_id"])
    sources = Source.objects.in_bulk([source for _kpi, source in stated]) if stated else {}
    records = {kpi: sources.get(source) for kpi, source in stated}
    plans, yesterday = _plans(actor, campaign, kpis), today - timedelta(days=1)
    lines = [_line(campaign, kpi, metrics, yesterday, records and records.get(kpi.pk)) for kpi in kpis]
    figures, shares = _Figures(actor, campaign, lines, metrics), {}
    for line in lines:
        line.planned = plans and plans.get(line.kpi.pk, {})
        _settle(line, figures.actual(line), shares)
    return lines


def _line(campaign, kpi, metrics, yesterday, source):
    first, last = kpi.start_date or campaign.start_date, kpi.finish_date or campaign.finish_date
    metric = kpi.metric if isinstance(kpi, Measured) else metrics.get(kpi.metric.code) if kpi.metric else None
    return KpiProgress(kpi, metric, first, last, min(last, yesterday), source=source or None)


def _settle(line, actual, shares):
    kpi = line.kpi
    line.actual = actual
    line.done = rules.progress(kpi.baseline_value, kpi.target_value, actual, kpi.direction)
    line.expected = _expected(line, shares) if line.metric is not None and line.metric.is_additive else _ONE


def _expected(line, shares):
    """The share that is planned by now; all where nothing is planned. `shares` are those of periods known already."""
    if line.planned:
        return rules.expected_progress(line.through, line.planned)
    if not line.kpi.target_value:
        return _ONE
    span = line.first, line.last, line.through
    if span not in shares:
        gone = max(0, min((line.through - line.first).days + 1, line.length))
        shares[span] = (Decimal(gone) / line.length).quantize(_PLACES, ROUND_HALF_EVEN)
    return shares[span]


def _plans(actor, campaign, kpis):
    """`{kpi id: {day: value}}` of the targets by day, else those by phase spread evenly over the phase."""
    rows = KpiTarget.objects.visible_to(actor).filter(campaign=campaign)
    rows = rows.filter(kpi__in=[kpi.pk for kpi in kpis]) if len(kpis) <= _FEW else rows
    by_day, by_phase = defaultdict(dict), defaultdict(dict)
    for kpi, day, value, first, last in rows.values_list("kpi_id", "date", "value", *_PHASE):
        if day:
            by_day[kpi][day] = value
        else:
            _spread(by_phase[kpi], first, last, value)
    return {**by_phase, **by_day}


def _spread(plan, first, last, value):
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    for day, part in zip(days, shares(value, [_ONE] * len(days), places=2), strict=True):
        plan[day] = plan.get(day, 0) + part


class _Figures:
    """The sums that a campaign's KPIs need: one query with a column for each distinct period, parted only as some
    KPI needs it."""

    def __init__(self, actor, campaign, lines, metrics):
        self._actor, self._campaign, self._metrics = actor, campaign, metrics
        asked = [line for line in lines if line.metric]
        self._periods = {span: f"p{n}" for n, span in enumerate(dict.fromkeys(_span(line) for line in asked))}
        self._accounts = self._accounts_of(lines)
        self._parted = ["channel_id"] if any(line.kpi.channel_id for line in asked) else []
        self._parted += ["ad_account_id"] if any(line.source for line in asked) else []
        self._rows = self._read(asked) if asked else []
        self._rates = None
        if self._is_foreign():
            self._rows = self._read(asked, "date")
            self._rates = rates_of(actor, campaign.currency, custom(*self._begun()))
        self._stated = self._stated_of(asked)
        self._by_metric, self._known = defaultdict(list), {}
        for row in self._rows:
            self._by_metric[row["metric"]].append(row)

    def _read(self, asked, *by):
        begun = self._begun()
        if not begun:
            return []
        rows = rolled(self._actor, reading.WHOLE).of("campaign_id", self._campaign.pk)
        rows = rows.among("metric", leaves_of({line.metric.code for line in asked}, self._metrics)).of_days(*begun)
        periods = {name: span for span, name in self._periods.items()}
        return reading.sums_of_periods(rows, [*self._parted, *by], periods)

    def _accounts_of(self, lines):
        sources = {line.source.pk for line in lines if line.source}
        links = AccountLink.objects.filter(source__in=sources) if sources else []
        found = defaultdict(set)
        for link in links:
            found[link.source_id].add(link.ad_account_id)
        return found

    def _is_foreign(self):
        """Whether money in another currency is among the sums."""
        counted = (row for row in self._rows if any(row[name] is not None for name in self._periods.values()))
        return any(row["currency"] not in ("", self._campaign.currency) for row in counted)

    def _begun(self):
        """The first and the last day that are counted; None before any KPI has begun."""
        begun = [span for span in self._periods if span[0] <= span[1]]
        return begun and (min(first for first, _last in begun), max(last for _first, last in begun))

    def _stated_of(self, asked):
        codes = {line.metric.code for line in asked if line.metric.is_stated_only}
        if not codes:
            return []
        first, last = min(line.first for line in asked), max(line.through for line in asked)
        facts = Fact.objects.visible_to(self._actor).stated(codes, first, last)
        facts = facts.filter(object__links__campaign=self._campaign).distinct()
        return list(facts.order_by("-date_to", "account_link__source__rank")[:400])

    def actual(self, line):
        """The KPI's figure; None where there is none, or where money has no rate."""
        if line.metric is None or line.first > line.through:
            return None
        if line.metric.is_stated_only:
            return self._longest(line)
        key = (line.metric.code, _span(line), line.kpi.channel_id, line.source and line.source.pk)
        if key not in self._known:  # many KPIs of a campaign ask the same
            self._known[key] = self._sum(line)
        return self._known[key]

    def _sum(self, line):
        name, code = self._periods[_span(line)], line.metric.code
        sums = Sums()
        for row in (row for leaf in leaves_of([code], self._metrics) for row in self._by_metric[leaf]):
            if row[name] is not None and self._belongs(line, row):
                add_row(sums, {**row, "sum": row[name], "incomplete": 0}, self._rates)
        return sums.values([code], self._metrics)[code]

    def _belongs(self, line, row):
        kpi = line.kpi
        is_of_channel = kpi.channel_id is None or row["channel_id"] == kpi.channel_id
        return is_of_channel and (line.source is None or row["ad_account_id"] in self._accounts[line.source.pk])

    def _longest(self, line):
        """What the platform stated for the longest period inside the KPI's: never a sum."""
        fits = [fact for fact in self._stated if fact.metric == line.metric.code]
        fits = [fact for fact in fits if line.first <= fact.date_from and fact.date_to <= line.through]
        fits = [fact for fact in fits if line.source is None or fact.account_link.source_id == line.source.pk]
        best = max(fits, key=lambda fact: (fact.date_to - fact.date_from, fact.date_to), default=None)
        return best.value if best else None


def _span(line):
    return line.first, line.through


def goal_tree(goals, lines):
    """A GoalProgress for each goal, parents before children; `lines` are the campaign's KpiProgress."""
    below, kpis = defaultdict(list), defaultdict(list)
    for goal in goals:
        below[goal.parent_id].append(goal)
    for line in lines:
        kpis[line.kpi.goal_id].append(line)
    found = []
    for goal in below[None]:
        _roll(goal, 0, below, kpis, found)
    return found


def _roll(goal, depth, below, kpis, found):
    """Append the goal and all below it; return it."""
    row = GoalProgress(goal, depth, rules.Total(None, 0, 0), kpis[goal.pk])
    found.append(row)
    children = [_roll(child, depth + 1, below, kpis, found) for child in below[goal.pk]]
    parts = [*row.kpis]
    parts += [rules.Part(done=child.total.done, weight=child.goal.weight) for child in children]
    row.total = rules.roll_up(parts, goal.roll_up)
    expected = [line.expected for line in row.kpis] + [child.expected for child in children]
    known = [share for share in expected if share is not None]
    row.expected = sum(known) / len(known) if known else None
    return row
