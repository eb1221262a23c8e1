"""The one way in for figures: files, pulls, pushes and readings by hand all deliver here."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import count, islice
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics import store
from analytics.actions import rolling
from analytics.actions.matching import match_automatically
from analytics.actions.objects import Objects
from analytics.choices import DAY
from analytics.models import AccountLink, DailyMetric, Delivery
from campaigns.models import Metric
from core.errors import Invalid

CHUNK = 4000  # records at once
LARGEST = Decimal(10) ** 11
FINEST = Decimal("0.000001")
SHORT = 7  # characters of a number that cannot but be small and exact enough (NaN apart)
LONGEST_BREAKDOWN = 200


@dataclass
class Delivered:
    """What a delivery did: figures read, changed (new ones too) and removed, the days touched, objects matched."""

    rows: int = 0
    changed: int = 0
    removed: int = 0
    matched: int = 0
    days: set = field(default_factory=set)


@transaction.atomic
def deliver(
    actor,
    *,
    account_link,
    level,
    breakdown="",
    day_from: date,
    day_to: date,
    records,
    is_complete,
    origin_id,
    owns=None,
    metrics: Collection | None = None,
    repeated="sum",
    marks=False,
    at=None,
):
    """Store the figures of one scope: account of a source, level, breakdown dimensions ("age|gender"), days.

    `records` is any iterable of importers' Records, read once in chunks. `owns` (default: `is_complete`) says that
    figures of the scope which the delivery lacks vanish and leave a revision; `metrics` narrows that to some of them.
    Rows of one object, day and breakdown add up (`repeated="sum"`, as in a file), or the last one counts ("last", as
    where a page may come twice). `marks`: each figure seen gets this origin, so that `close_scope` can tell at the end
    of a delivery in pieces which were not. Objects are matched and the roll-up is kept in the same transaction.
    Raises Invalid for a figure outside of the scope or out of range. Returns a Delivered.
    """
    link = _locked(account_link)
    scope = _scope(link, level, breakdown, day_from, day_to, origin_id, at or timezone.now(), metrics, marks)
    scope = replace(scope, owns=is_complete if owns is None else owns)
    stage = store.Stage()
    _load(stage, link, scope, records, repeated)
    change = store.merge(stage, scope)
    stage.close()
    _note_delivery(link, scope, breakdown, is_complete)
    return _counted(link, scope, change)


@transaction.atomic
def close_scope(actor, *, account_link, level, breakdown="", day_from, day_to, origin_id, metrics=None, at=None):
    """End a delivery that came in pieces (`marks=True`): it is complete, and what no piece held vanishes."""
    link = _locked(account_link)
    scope = _scope(link, level, breakdown, day_from, day_to, origin_id, at or timezone.now(), metrics, False)
    change = store.remove_unmarked(scope)
    _note_delivery(link, scope, breakdown, is_complete=True)
    return _counted(link, scope, change)


def _locked(account_link):
    """The link's row, so that two deliveries of one account wait for each other (SQLite has one writer anyway)."""
    links = AccountLink.objects.select_related("ad_account", "source").select_for_update(of=("self",))
    return links.get(pk=account_link.pk)


def _scope(link, level, breakdown, day_from, day_to, origin_id, at, metrics, marks):
    today = at.astimezone(ZoneInfo(link.ad_account.time_zone)).date()
    return store.Scope(
        workspace_id=link.workspace_id,
        account_link_id=link.pk,
        level=level,
        dimensions=tuple(breakdown.split("|")) if breakdown else (),
        day_from=day_from,
        day_to=day_to,
        origin_id=origin_id,
        at=at,
        settled=today - timedelta(days=link.source.settle_days),
        additive=rolling.additive_codes(link.workspace_id),
        metrics=metrics,
        marks=marks,
    )


def _load(stage, link, scope, records, repeated):
    """Stage the records chunk by chunk; a later chunk goes before an earlier one where the last row counts."""
    objects, figures_of = Objects(link), _Figures(link, scope)
    pieces = count(1)
    records = iter(records)
    while chunk := list(islice(records, CHUNK)):
        objects.find(chunk)
        part = next(pieces) if repeated == "last" else None
        groups = (figures_of(record, objects.key(record), part) for record in chunk)
        levels = {record.level for record in chunk}
        stage.add(_last_of_each(groups) if repeated == "last" else groups, levels)
    objects.flush()


def _last_of_each(groups):
    found = {}
    for shared, figures in groups:
        found.setdefault(shared, {}).update({figure[0]: figure for figure in figures})
    return [(shared, list(figures.values())) for shared, figures in found.items()]


class _Figures:
    """A record's figures as they are staged: (what they share, each as it is read); refuses what is out of scope."""

    def __init__(self, link, scope):
        self._scope = scope
        self._currency = link.ad_account.currency
        metrics = Metric.objects.filter(workspace_id=link.workspace_id, unit="money")
        self._money = frozenset(metrics.values_list("code", flat=True))

    def __call__(self, record, key, part):
        if not self._scope.day_from <= record.date_from <= record.date_to <= self._scope.day_to:
            raise Invalid(_("A figure lies outside of the days that the delivery states."), code="outside_of_scope")
        first, last = record.date_from.isoformat(), record.date_to.isoformat()
        hour = DAY if record.hour is None else record.hour
        part = -getattr(record, "table", 0) if part is None else part
        shared = (key, part, first, last, hour, shortened(record.breakdown))
        money, is_money = record.currency or self._currency, self._money
        return shared, [
            (metric, exact(value), money if metric in is_money else "") for metric, value in record.values.items()
        ]


def exact(value):
    """A figure as text with at most six digits behind the point, rounded half-even; Invalid when out of range."""
    text = str(value)
    if len(text) <= SHORT and "E" not in text and "N" not in text:
        return text
    if not -LARGEST < value < LARGEST:
        raise Invalid(_("A figure is larger than can be stored."), code="out_of_range")
    point = text.find(".")
    if "E" not in text and (point < 0 or len(text) - point <= 7):
        return text
    return format(value if value.as_tuple().exponent >= -6 else value.quantize(FINEST, ROUND_HALF_EVEN), "f")


def shortened(breakdown):
    """A breakdown that fits its column: long values are cut, the dimensions stay."""
    if len(breakdown) <= LONGEST_BREAKDOWN:
        return breakdown
    pieces = breakdown.split("|")
    room = LONGEST_BREAKDOWN // len(pieces) - 1
    return "|".join(piece[:room] for piece in pieces)


def _note_delivery(link, scope, breakdown, is_complete):
    Delivery.objects.create(
        workspace_id=link.workspace_id,
        account_link=link,
        level=scope.level,
        breakdown=breakdown,
        day_from=scope.day_from,
        day_to=scope.day_to,
        is_complete=is_complete,
        origin_id=scope.origin_id,
        at=scope.at,
    )


def _counted(link, scope, change):
    """Match what is new and roll up what was touched, where the scope is one that counts."""
    done = Delivered(change.rows, change.changed, change.removed, 0, change.days)
    if scope.dimensions or scope.level != link.ad_account.counting_level:
        return done
    matched = match_automatically(link.ad_account)
    done.matched = len(matched)
    days = change.days | _incomplete(link.ad_account, scope) | rolling.days_of(matched)
    if days or matched or change.has_spans:
        rolling.roll_up(link.ad_account, days=days, additive=scope.additive)
    return done


def _incomplete(ad_account, scope):
    """Days of the scope that the roll-up calls incomplete: a newer delivery may have made them whole."""
    rows = DailyMetric.objects.filter(
        workspace_id=ad_account.workspace_id, ad_account=ad_account, is_complete=False, date_to=models.F("date")
    )
    return set(rows.filter(date__gte=scope.day_from, date__lte=scope.day_to).values_list("date", flat=True).distinct())
