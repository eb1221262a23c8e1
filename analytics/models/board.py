"""What a dashboard shows of a period: tiles with their ranges, freshness, plan beside actual. Nothing here writes."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef

from analytics.choices import RangeKind
from analytics.models import judging
from analytics.models.facts import DailyTotal, ExternalObject, Fact
from analytics.models.progress import first_targets
from analytics.models.ranges import ExpectedRange
from analytics.models.sources import Source
from analytics.models.summary import Answer, answer, rates_of, stated
from analytics.querysets import rolled
from analytics.rules import ranges as rules
from analytics.rules.metrics import Metric
from analytics.rules.periods import custom
from analytics.rules.summary import ACCOUNT, DAY
from analytics.store import reading
from core.querysets import ExactSum
from placements.models import DayAllocation

MOST_TILES = 8
STALE_AFTER = timedelta(hours=36)
_FEW = 500  # placements up to which their plan is looked up one by one; of more, all plans are read
PLAN_RATES_BACK = timedelta(days=31)  # a plan's first day may have to go by the last rate before it


@dataclass
class Tile:
    """One metric of a period: its value, the one before and the relative change, its days, and its expected range."""

    metric: Metric
    value: Decimal | None
    by_currency: dict = field(default_factory=dict)
    before: Decimal | None = None
    change: Decimal | None = None
    days: list = field(default_factory=list)
    judged: judging.Judged | None = None
    has_kpi: bool = False
    target: Decimal | None = None
    stated: Fact | None = None

    @property
    def has_figures(self):
        return self.value is not None or bool(self.by_currency) or self.stated is not None


class Board:
    """A period's tiles: asked once, read by the page and by REST."""

    def __init__(self, actor, asked):
        self.actor, self.asked = actor, asked
        self.ranges = self._ranges()
        self.targets = first_targets(actor, asked.campaign) if asked.campaign else {}
        self.question = self._question()
        self.answer = answer(actor, self.question, asked.metrics, today=asked.today)
        self.before = self._before()
        self.stated = stated(actor, self.question, asked.metrics)
        self.tiles = self._tiles()

    def _ranges(self):
        if not self.asked.campaign:
            return {}
        rows = ExpectedRange.objects.visible_to(self.actor).filter(campaign=self.asked.campaign, channel=None)
        rows = rows.select_related("metric").only(*judging.RULED, "metric__code")
        return {row.metric.code: row for row in rows}

    def _question(self):
        """Without a choice of metrics: the usual ones and those that KPIs and ranges speak of."""
        question = self.asked.question
        codes = question.metrics
        if not self.asked.params.get("metrics"):
            codes = tuple(dict.fromkeys([*codes, *self.ranges, *self.targets]))
        return replaced(question, metrics=tuple(code for code in codes if code in self.asked.metrics), group_by=DAY)

    def _before(self):
        period = self.asked.choice.comparison
        if not period:
            return None
        question = replaced(self.question, period=period)
        return answer(self.actor, question, self.asked.metrics, today=self.asked.today)

    def _tiles(self):
        found = self.answer
        now = found.values(found.totals)
        before = self.before.values(self.before.totals) if self.before else {}
        by_currency = found.totals.by_currency(self.question.metrics, self.asked.metrics) if not found.currency else {}
        days = {group.key: found.values(group.sums) for group in found.groups}
        partial = {group.key for group in found.groups if not group.sums.is_complete}
        plans = self._plans()
        tiles = []
        for code in self.question.metrics:
            tile = Tile(self.asked.metrics[code], now[code], before=before.get(code), target=self.targets.get(code))
            tile.has_kpi = code in self.targets
            tile.by_currency = {
                currency: values[code] for currency, values in by_currency.items() if values.get(code) is not None
            }
            tile.change = relative(tile.value, tile.before)
            tile.days = [days.get(day, {}).get(code) for day in self.question.period.days()]
            tile.judged = self._judged(code, days, partial, plans)
            tile.stated = next((fact for fact in self.stated if fact.metric == code), None)
            tiles.append(tile)
        return tiles

    def _plans(self):
        planned = [row for row in self.ranges.values() if row.kind == RangeKind.PLAN]
        return judging.plans_of(self.actor, planned, self.question.period)

    def _judged(self, code, days, partial, plans):
        expected = self.ranges.get(code)
        if expected is None:
            return None
        metric = self.asked.metrics[code]
        values = {day: found[code] for day, found in days.items() if found.get(code) is not None}
        judgements = rules.judge_series(
            self.question.period.days(),
            values,
            judging.rule_of(expected),
            plans=plans.get(expected.pk, {}),
            direction=metric.direction,
            partial=partial,
        )
        return judging.Judged(expected, metric, judgements)

    def shown(self):
        """The tiles worth a place: asked for, or with figures, a KPI or a range; eight at most."""
        if self.asked.params.get("metrics"):
            return self.tiles
        worth = [tile for tile in self.tiles if tile.has_figures or tile.has_kpi or tile.judged]
        return sorted(worth, key=lambda tile: (not tile.has_figures, not (tile.has_kpi or tile.judged)))[:MOST_TILES]

    @property
    def has_figures(self):
        """Whether the period has any figure at all."""
        return any(tile.has_figures for tile in self.tiles)


def replaced(question, **changes):
    """The same question with some parts changed."""
    return type(question)(**{**vars(question), **changes})


def relative(now, before):
    """The relative change; None where undefined."""
    return None if now is None or not before else (now - before) / abs(before)


@dataclass
class Freshness:
    """A source and how fresh it is: fresh | stale | failing | never; `last_day` is the last day it delivered."""

    source: Source
    at: datetime | None
    last_day: object
    state: str


def freshness(actor, *, now, campaign=None):
    """The sources behind a campaign's (or all) figures, those in need of care first."""
    rows = Source.objects.visible_to(actor).active().only("name", "state", "every_minutes", "daily_at")
    if campaign:
        used = DailyTotal.objects.filter(campaign=campaign, ad_account__links__source=OuterRef("pk"))
        rows = rows.filter(Exists(used))
    rows = rows.annotate(
        delivered_at=Max("account_links__deliveries__at"), last_day=Max("account_links__deliveries__day_to")
    )
    found = [Freshness(row, row.delivered_at, row.last_day, _freshness_of(row, now)) for row in rows]
    order = ("failing", "stale", "never", "fresh")
    return sorted(found, key=lambda each: (order.index(each.state), each.source.name))


def _freshness_of(source, now):
    if source.state in ("failing", "needs_reauth"):
        return "failing"
    if source.delivered_at is None:
        return "never"
    is_pulled = source.every_minutes or source.daily_at
    return "stale" if is_pulled and now - source.delivered_at > STALE_AFTER else "fresh"


def planned_by_day(actor, question):
    """`{day: money}` of the media schedule in the campaign's currency, and the currencies that lack a rate."""
    rows = DayAllocation.objects.visible_to(actor).filter(campaign=question.campaign, amount__isnull=False).order_by()
    rows = rows.filter(placement__archived_at=None).exclude(placement__state="cancelled")
    rows = rows.filter(placement__in=question.placements) if question.placements else rows
    rows = rows.filter(placement__channel__in=question.channels) if question.channels else rows
    sums = list(rows.values_list("date", "placement__currency").annotate(sum=ExactSum("amount")))
    rate = _plan_rates(
        actor, question.campaign.currency, {currency for _day, currency, _amount in sums}, question.period
    )
    plan, others = {}, set()
    for day, currency, amount in sums:
        if (factor := rate(day, currency)) is None:
            others.add(currency)
        else:
            plan[day] = plan.get(day, 0) + amount * factor
    return plan, others


def planned_by_placement(actor, question, through, keys=None):
    """`{placement id: (planned in the period, planned up to `through`)}`, of all or of those with these keys.

    In the currency the question asks for (None where no rate is stated), else in each placement's own.
    """
    rows = rolled(actor, reading.PLANNED, "placements").that("amount IS NOT NULL")
    rows = rows.that("date >= %s AND date <= %s", *map(date.isoformat, (question.period.first, question.period.last)))
    rows = rows.of("campaign_id", question.campaign.pk) if question.campaign else rows
    rows = rows.among("placement_id", keys) if keys is not None and len(keys) <= _FEW else rows
    found = {key: (whole, so_far) for key, whole, so_far in reading.planned(rows, through, question.currency)}
    if question.currency:
        cells = reading.planned_otherwise(rows, question.currency)
        found |= _added_up(_converted(actor, question, cells), through)
    return found


def _converted(actor, question, cells):
    """`(placement, day, money or None)` of planned cells in the currency asked for."""
    rate = _plan_rates(actor, question.currency, {currency for _key, currency, _day, _amount in cells}, question.period)
    for key, currency, day, amount in cells:
        factor = rate(day, currency)
        yield key, day, None if factor is None else amount * factor


def _added_up(cells, through):
    """`{placement: (whole, so far)}`; (None, None) where a cell could not be converted."""
    found = {}
    for key, day, amount in cells:
        whole, so_far = found.get(key, (Decimal(0), Decimal(0)))
        if amount is None or whole is None:
            found[key] = (None, None)
        else:
            found[key] = (whole + amount, so_far + (amount if day <= through else 0))
    return found


def _plan_rates(actor, quote, currencies, period):
    """How a plan's day in one of the currencies is converted; asks the database only where there is another one."""
    if not currencies - {quote}:
        return lambda day, currency: Decimal(1)
    return rates_of(actor, quote, custom(period.first - PLAN_RATES_BACK, period.last)).planned


@dataclass
class Account:
    """An ad account's figures: matched, unassigned, and the total the platform states for the account as a whole."""

    group: object
    found: Answer
    stated: Decimal | None = None
    complete: int = 0
    partial: int = 0

    @property
    def total(self):
        return self.group.sums + self.group.unassigned

    def cost(self, sums):
        return self.found.values(sums).get("cost")

    @property
    def check(self):
        """True: our sum equals the platform's own total; False: it does not; None: it states none."""
        ours = self.cost(self.total)
        return None if self.stated is None or ours is None else ours == self.stated


def accounts(actor, question, metrics, *, today):
    """Figures by ad account with the check against the platform's own totals (its facts of the account level)."""
    question = replaced(question, group_by=ACCOUNT, metrics=("cost", "impressions", "clicks"))
    found = answer(actor, question, metrics, today=today)
    keys = [group.key for group in found.groups]
    own = _own_totals(actor, keys, question.period) if keys and not question.campaign else {}
    days = _days_of(actor, keys, question.period) if keys else {}
    return [Account(group, found, own.get(group.key), *days.get(group.key, (0, 0))) for group in found.groups]


def _own_totals(actor, accounts, period):
    whole = ExternalObject.objects.visible_to(actor).filter(level="account", account_link__ad_account__in=accounts)
    keys = list(whole.values_list("pk", flat=True))  # the few objects first: else all facts of the accounts are read
    if not keys:
        return {}
    facts = Fact.objects.visible_to(actor).daily().filter(object__in=keys, metric="cost", breakdown="")
    facts = facts.filter(date_from__gte=period.first, date_to__lte=period.last)
    sums = facts.order_by().values_list("account_link__ad_account_id", "account_link__source__rank")
    best = {}
    for account, _rank, total in sorted(sums.annotate(sum=ExactSum("value")), key=lambda row: row[1]):
        best.setdefault(account, total)
    return best


def _days_of(actor, accounts, period):
    """`{account id: (whole days, days still arriving)}`."""
    rows = rolled(actor, reading.WHOLE).among("ad_account_id", accounts).of_days(period.first, period.last).only_days()
    found = {}
    for account, is_complete, _day in reading.distinct([rows], ["ad_account_id", "is_complete", "date"]):
        whole, partial = found.get(account, (0, 0))
        found[account] = (whole + is_complete, partial + (not is_complete))
    return found
