"""No double counting (the plain reference of what the roll-up in `analytics/store` does with sets of rows).

Per ad account and day only the first source that has that day, only the account's counting level, only the rows without
breakdown, never an hour and its day together. Rows of several days count in totals of a period that covers them, where
no daily figures cover any of their days. Unique metrics are never summed.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

ADDITIVE = "additive"


class Fact(NamedTuple):
    """One figure of one object on one day (or hour of it, or several days)."""

    account: Hashable
    level: str
    object: Hashable
    date_from: date
    date_to: date
    hour: int | None
    breakdown: str
    metric: str
    value: Decimal
    currency: str | None
    source: Hashable

    @property
    def is_daily(self):
        """Whether it belongs to one day, as that day or as an hour of it."""
        return self.date_from == self.date_to


@dataclass(frozen=True)
class Counting:
    """How an ad account counts: its level and its sources in order (pull before file); others follow by name."""

    level: str = "campaign"
    sources: tuple = ()

    def rank(self, source):
        """The place of a source in the order; smaller counts first."""
        place = self.sources.index(source) if source in self.sources else len(self.sources)
        return place, str(source)


class Link(NamedTuple):
    """An object belongs to a placement from a day to a day (both included, None: open)."""

    object: Hashable
    placement: Hashable
    valid_from: date | None = None
    valid_to: date | None = None


class Stated(NamedTuple):
    """A figure that may not be summed, at the level and period at which the platform stated it."""

    account: Hashable
    level: str
    object: Hashable
    date_from: date
    date_to: date
    value: Decimal


@dataclass(frozen=True)
class Totals:
    """Sums of a period. `values` {(metric, currency): Decimal}; `spans` rows of several days that are in them;
    `left_out` rows of several days inside the period that are not, since other figures cover their days;
    `not_additive` {metric: [Stated]}."""

    values: Mapping = field(default_factory=dict)
    spans: tuple = ()
    left_out: tuple = ()
    not_additive: Mapping = field(default_factory=dict)


def counted(facts, accounts: Mapping[Hashable, Counting]):
    """The facts that count, daily ones only: input of every trend and of the roll-up."""
    daily = [fact for fact in countable(facts, accounts) if fact.is_daily]
    return _day_before_hours(_first_source_of_each_day(daily, accounts))


def countable(facts, accounts):
    """The facts of the counting level without breakdown, whichever their source and length."""
    return [fact for fact in facts if not fact.breakdown and fact.level == _counting(fact.account, accounts).level]


def daily_sums(facts, accounts, kinds, links=None):
    """The roll-up: `{(account, placement | None, day, metric, currency): Decimal}` of the additive metrics.

    `kinds` is `{metric: kind}`; a metric it does not know is not summed. Without `links` all is unassigned (None).
    """
    placement_of = _placements(links or ())
    sums = defaultdict(Decimal)
    for fact in counted(facts, accounts):
        if kinds.get(fact.metric) == ADDITIVE:
            sums[fact.account, placement_of(fact), fact.date_from, fact.metric, fact.currency] += fact.value
    return dict(sums)


def totals(facts, accounts, kinds, period, links=None, placements=None):
    """Sums of a period (it has `covers(first, last)`), of all or of some placements (None among them: unassigned)."""
    placement_of = _placements(links or ())
    facts = list(facts)
    daily = counted(facts, accounts)
    spans, left_out = choose_spans(facts, accounts, period, daily)
    sums = defaultdict(Decimal)
    for fact in [*daily, *spans]:
        is_asked = placements is None or placement_of(fact) in placements
        if is_asked and kinds.get(fact.metric) == ADDITIVE and period.covers(fact.date_from, fact.date_to):
            sums[fact.metric, fact.currency] += fact.value
    return Totals(dict(sums), tuple(spans), tuple(left_out), not_additive(facts, accounts, kinds, period))


def choose_spans(facts, accounts, period, daily=None):
    """Rows of several days that count in a period's totals, and those left out: `(chosen, left_out)`.

    Per account, a span counts where no daily figure covers any of its days and it does not overlap a span already
    taken; the longest is taken first, then the better source, then the earlier.
    """
    daily = counted(facts, accounts) if daily is None else daily
    covered = defaultdict(set)
    for fact in daily:
        covered[fact.account].add(fact.date_from)
    inside = [f for f in countable(facts, accounts) if not f.is_daily and period.covers(f.date_from, f.date_to)]
    chosen, left_out = [], []
    for key, rows in sorted(_by_span(inside).items(), key=lambda item: _span_order(item[0], accounts)):
        account, first, last, _source = key
        days = days_between(first, last)
        is_free = covered[account].isdisjoint(days)
        (chosen if is_free else left_out).extend(_day_before_hours(rows))
        if is_free:
            covered[account].update(days)
    return chosen, left_out


def not_additive(facts, accounts, kinds, period):
    """Unique and average metrics as stated inside a period, `{metric: [Stated]}`, at every level, first source only."""
    best = {}
    for fact in facts:
        if fact.breakdown or fact.hour is not None or kinds.get(fact.metric) not in ("unique", "average"):
            continue
        if not period.covers(fact.date_from, fact.date_to):
            continue
        key = (fact.metric, fact.account, fact.level, fact.object, fact.date_from, fact.date_to)
        rank = _counting(fact.account, accounts).rank(fact.source)
        if key not in best or rank < best[key][0]:
            best[key] = (rank, fact.value)
    found = defaultdict(list)
    for (metric, *where), (_rank, value) in sorted(best.items(), key=lambda item: str(item[0])):
        found[metric].append(Stated(*where, value))
    return dict(found)


def days_between(first, last):
    """All days from `first` to `last`, both included."""
    return {first + timedelta(days=step) for step in range((last - first).days + 1)}


def sources_of_days(facts, accounts):
    """Which source counts on which day: `{(account, day): source}`."""
    best = {}
    for fact in countable(facts, accounts):
        key = (fact.account, fact.date_from)
        rank = _counting(fact.account, accounts).rank
        if fact.is_daily and (key not in best or rank(fact.source) < rank(best[key])):
            best[key] = fact.source
    return best


def _counting(account, accounts):
    return accounts.get(account) or Counting()


def _first_source_of_each_day(facts, accounts):
    chosen = sources_of_days(facts, accounts)
    return [fact for fact in facts if chosen[fact.account, fact.date_from] == fact.source]


def _day_before_hours(facts: Iterable[Fact]):
    """Where a figure of the whole day exists, its hours are left out."""
    whole = {_figure_of(fact) for fact in facts if fact.hour is None}
    return [fact for fact in facts if fact.hour is None or _figure_of(fact) not in whole]


def _figure_of(fact):
    return fact.account, fact.object, fact.date_from, fact.date_to, fact.metric


def _by_span(facts):
    spans = defaultdict(list)
    for fact in facts:
        spans[fact.account, fact.date_from, fact.date_to, fact.source].append(fact)
    return spans


def _span_order(span, accounts):
    account, first, last, source = span
    return str(account), first - last, _counting(account, accounts).rank(source), first


def _placements(links):
    """A function fact -> placement: the first link of its object that is valid on all its days, else None."""
    by_object = defaultdict(list)
    for link in links:
        by_object[link.object].append(link)

    def placement_of(fact):
        fits = (link.placement for link in by_object[fact.object] if _is_valid(link, fact))
        return next(fits, None)

    return placement_of


def _is_valid(link, fact):
    begins = link.valid_from is None or link.valid_from <= fact.date_from
    return begins and (link.valid_to is None or fact.date_to <= link.valid_to)
