"""The question a summary answers, and its answer out of the roll-up. Nothing here writes."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, partial

from django.db.models import Q

from analytics.models.facts import Fact
from analytics.querysets import rolled
from analytics.rules import metrics as rules
from analytics.rules.periods import Period
from analytics.rules.summary import (
    ACCOUNT,
    CAMPAIGN,
    CHANNEL,
    DAY,
    PLACEMENT,
    Rates,
    Sums,
    add_row,
    leaves_of,
    missing_days,
    settled,
)
from analytics.store import reading
from campaigns.models import Campaign, Channel, ExchangeRate
from placements.models import AdAccount, Placement

COLUMNS = {
    DAY: "date",
    CHANNEL: "channel_id",
    PLACEMENT: "placement_id",
    CAMPAIGN: "campaign_id",
    ACCOUNT: "ad_account_id",
}
NAMED = {CHANNEL: Channel, PLACEMENT: Placement, CAMPAIGN: Campaign, ACCOUNT: AdAccount}
MATCHED, LOOSE = "matched", "loose"
MOST_STATED = 200
_DESCRIBED = ("code", "labels", "kind", "unit", "direction", "formula", "decimals")  # of a metric


def catalogue_of(actor):
    """The workspace's metrics as the rules know them; a partner's seat knows none."""
    rows = reading.Rows(reading.METRICS).of("workspace_id", actor.workspace_id)
    rows = rows.none() if actor.seat else rows
    return _catalogue(tuple(reading.listed(rows, _DESCRIBED, order="position, code")))


@lru_cache(maxsize=256)
def _catalogue(rows):
    """Made once for the same rows: every page that shows figures asks for it."""
    entries = [dict(zip(_DESCRIBED, row, strict=True)) for row in rows]
    return rules.catalogue([{**row, "label": json.loads(row["labels"]) or {"en": row["code"]}} for row in entries])


@dataclass(frozen=True)
class Question:
    """What is asked: a period, metrics, how to group, and what to leave out. Empty tuples leave nothing out."""

    period: Period
    metrics: tuple
    group_by: str = ""
    campaign: Campaign | None = None
    channels: tuple = ()
    placements: tuple = ()
    accounts: tuple = ()
    currency: str = ""


@dataclass
class Group:
    """One line of an answer: matched figures and, of the same account, those that are not assigned."""

    key: object
    label: str = ""
    code: str = ""
    sums: Sums = field(default_factory=Sums)
    unassigned: Sums = field(default_factory=Sums)


class Answer:
    """A question answered: `groups`, `totals` (matched), `unassigned`; all may be asked for values of metrics."""

    def __init__(self, question, metrics, today):
        self.question, self.metrics, self.today = question, metrics, today
        self.totals, self.unassigned = Sums(), Sums()
        self.has_spans = False
        self.dated = tuple  # reads the days that have figures, for whoever asks
        self._groups, self._seen = {}, set()

    def take(self, rows, rates):
        """Count the rows of the roll-up in."""
        column = COLUMNS.get(self.question.group_by)
        for row in rows:
            add_row(self.totals if row["part"] == MATCHED else self.unassigned, row, rates)
            if column:
                self.sort_in(row, column, rates)

    def sort_in(self, row, column, rates):
        """Count a row in with its line alone."""
        if self.question.group_by == DAY:
            if row["date_to"] > row["date"]:
                self.has_spans = True
                return
            self._seen.add(row["date"])
        is_matched = row["part"] == MATCHED
        if not is_matched and self.question.group_by != ACCOUNT:
            return
        group = self._groups.get(row[column])
        if group is None:  # one for each line: made for each row, they would cost more than the sums
            group = self._groups[row[column]] = Group(row[column])
        add_row(group.sums if is_matched else group.unassigned, row, rates)

    @cached_property
    def groups(self):
        """Lines in order: days by date, others by name; what has no placement or channel comes last."""
        if self.question.group_by == DAY:
            return [self._groups[key] for key in sorted(self._groups)]
        return sorted(self._groups.values(), key=lambda group: (group.key is None, group.label, str(group.key)))

    def add_groups(self, keys):
        """Lines that have figures, yet none of those counted so far."""
        for key in keys:
            self._groups.setdefault(key, Group(key))

    @property
    def keys(self):
        """What the lines are of, in no order."""
        return self._groups.keys()

    def name_groups(self, names):
        """Give the lines their names: `{key: (label, code)}`."""
        for key, group in self._groups.items():
            group.label, group.code = names.get(key, ("", ""))

    @property
    def platform_total(self):
        """Matched and unassigned: what the platforms state."""
        return self.totals + self.unassigned

    @property
    def currency(self):
        """The currency of all money in the answer, None where there are several."""
        return self.question.currency or self.platform_total.currency

    def values(self, sums, metrics=None):
        """`{metric: Decimal | None}` of some of its sums; of all metrics asked for, or of these."""
        found = sums.values(self.question.metrics if metrics is None else metrics, self.metrics)
        return settled(found, self.metrics, self.question.currency) if self.question.currency else found

    @cached_property
    def days(self):
        """The days that have figures of their own."""
        return self._seen if self.question.group_by == DAY else set(self.dated())

    def missing(self):
        """Days of the period that are over and without any figure."""
        return missing_days(self.question.period.days(), self.days, self.today) if self.days else []

    @property
    def is_complete(self):
        """Whether every row is whole and no day is missing."""
        return self.platform_total.is_complete and not self.missing()


def rows_asked(actor, question, leaves):
    """Rows of the roll-up that a question is about: those matched to its campaign, else to any."""
    rows, campaign = _narrowed(actor, question, leaves), question.campaign
    rows = rows.of("campaign_id", campaign.pk) if campaign else rows.that("campaign_id IS NOT NULL")
    return rows.among("placement_id", question.placements) if question.placements else rows


def _loose(actor, question, leaves):
    """The unassigned rows of the accounts a question uses."""
    rows = _narrowed(actor, question, leaves).of("campaign_id", None)
    return rows.of_accounts_used_by(question.campaign) if question.campaign else rows


def _narrowed(actor, question, leaves):
    is_by_placement = question.placements or question.group_by == PLACEMENT
    rows = rolled(actor, reading.BY_PLACEMENT if is_by_placement else reading.WHOLE)
    for column, chosen in (("channel_id", question.channels), ("ad_account_id", question.accounts)):
        rows = rows.among(column, chosen) if chosen else rows
    return rows.among("metric", leaves).of_days(question.period.first, question.period.last)


def answer(actor, question, metrics, *, today: date):
    """Answer a question from the roll-up: one query for the figures, one each for rates and names where needed."""
    leaves = leaves_of(question.metrics, metrics)
    found = Answer(question, metrics, today)
    found.dated = partial(_dated, actor, question, leaves)
    found.take(read(actor, question, leaves), rates_of(actor, question.currency, question.period))
    if model := NAMED.get(question.group_by):
        found.name_groups(names_of(actor, model, found.keys))
    return found


def read(actor, question, leaves, matched=None):
    """Sums: what is matched (only these of its `leaves`) and what is not are two walks along an index, one query."""
    return summed(_parts(actor, question, leaves, matched), question)


def summed(parts, question):
    """The sums of parts as a question wants them. Of money in its own currency no day needs a rate: all are one row."""
    return reading.sums(parts, columns_of(question), "" if question.group_by == DAY else question.currency)


def _dated(actor, question, leaves):
    """The days that have figures."""
    parts = [rows.only_days() for rows in _parts(actor, question, leaves).values()]
    return [day for (day,) in reading.distinct(parts, ["date"])]


def _parts(actor, question, leaves, matched=None):
    """What is matched and what is not; of a placement there is nothing that is not."""
    matched = {MATCHED: rows_asked(actor, question, leaves if matched is None else matched)}
    return matched if question.placements else matched | {LOOSE: _loose(actor, question, leaves)}


def columns_of(question):
    """What rows are summed by: days apart from periods, money to be converted by its day, campaigns as the index has
    their placements."""
    beside = {DAY: ["date_to"], PLACEMENT: [] if question.campaign else ["campaign_id"]}.get(question.group_by, [])
    by = [COLUMNS[question.group_by], *beside] if question.group_by else []
    return [*by, "date"] if question.currency and "date" not in by else by


def rates_of(actor, currency, period):
    """Rates of a period's days into a currency; None where nothing is to be converted."""
    if not currency:
        return None
    rows = ExchangeRate.objects.visible_to(actor).filter(date__gte=period.first, date__lte=period.last)
    rows = rows.filter(Q(base=currency) | Q(quote=currency))
    return Rates(currency, list(rows.order_by().values_list("date", "base", "quote", "rate")))


def names_of(actor, model, keys):
    """`{key: (label, code)}`."""
    keys = [key for key in keys if key is not None]
    if model is Placement:  # of which there may be a thousand
        rows = reading.Rows(reading.PLACEMENTS).of("workspace_id", actor.workspace_id).among("id", keys)
        return {key: (name, code) for key, name, code in reading.listed(rows, ["id", "name", "code"])}
    rows = model._base_manager.filter(workspace_id=actor.workspace_id, pk__in=keys)
    return {row.pk: (str(row), getattr(row, "code", "")) for row in rows}


def stated(actor, question, metrics):
    """Figures that only the platform can state (reach, users): of the period, best source first, never summed."""
    asked = [code for code in question.metrics if code in metrics and metrics[code].is_stated_only]
    if not asked:
        return []
    facts = Fact.objects.visible_to(actor).stated(asked, question.period.first, question.period.last)
    if question.campaign:
        facts = facts.filter(object__links__campaign=question.campaign).distinct()
    if question.placements:
        facts = facts.filter(object__links__placement__in=question.placements).distinct()
    if question.accounts:
        facts = facts.filter(account_link__ad_account__in=question.accounts)
    return _best_source(facts.order_by("metric", "-date_to", "date_from", "pk")[: MOST_STATED * 2])


def _best_source(facts):
    """One of each (metric, account, object, period): the source that ranks first."""
    kept = defaultdict(list)
    for fact in facts:
        link, thing = fact.account_link, fact.object
        key = (fact.metric, link.ad_account_id, thing.level, thing.external_id, fact.date_from, fact.date_to)
        kept[key].append(fact)
    best = [min(same, key=lambda fact: fact.account_link.source.rank) for same in kept.values()]
    return sorted(best, key=lambda fact: (fact.metric, fact.date_from - fact.date_to))[:MOST_STATED]
