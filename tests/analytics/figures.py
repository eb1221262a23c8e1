"""Figures for the tests of analytics: links of sources, records, deliveries, and what the roll-up says of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from uuid_utils.compat import uuid7

from analytics.actions.facts import deliver
from analytics.importers.reading import Record
from analytics.models import AccountLink, DailyMetric, DailyTotal, Fact, FactRevision, Source
from core.querysets import ExactSum
from tests import factories

DAY_1, DAY_2, DAY_3 = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
LATER = datetime(2026, 11, 20, 4, tzinfo=UTC)


def link(world, ad_account=None, *, kind="file", rank=30, name=None):
    """An ad account as a (new) source delivers it."""
    ad_account = ad_account or factories.ad_account(world.workspace)
    source = Source.objects.create(
        workspace=world.workspace, kind=kind, platform=ad_account.platform, name=name or f"{kind} {uuid7()}", rank=rank
    )
    return AccountLink.objects.create(workspace=world.workspace, source=source, ad_account=ad_account)


def record(name="Spring", day=DAY_1, last=None, *, hour=None, level="campaign", breakdown="", parent=None, **values):
    """One row of a report; the object's id is its name in capitals."""
    values = {metric: Decimal(str(value)) for metric, value in values.items()}
    return Record(level, name.upper(), name, parent, day, last or day, hour, breakdown, "CNY", values, None, 0)


def deliver_rows(world, account_link, records, **values):
    """Deliver records of one scope, whole by default."""
    records = list(records)
    days = [record.date_from for record in records] + [record.date_to for record in records]
    given = {
        "level": "campaign",
        "day_from": min(days, default=DAY_1),
        "day_to": max(days, default=DAY_1),
        "is_complete": True,
        "origin_id": uuid7(),
        "at": LATER,
        **values,
    }
    return deliver(world.actor, account_link=account_link, records=records, **given)


def facts(account_link):
    """{(object name, first day, hour, breakdown, metric): value} of a link."""
    rows = Fact.objects.filter(account_link=account_link).select_related("object")
    return {(f.object.name, f.date_from, f.hour, f.breakdown, f.metric): f.value for f in rows}


def revisions(account_link):
    """[(object name, day, metric, old, new)] in the order of writing."""
    rows = FactRevision.objects.filter(object__account_link=account_link).select_related("object").order_by("pk")
    return [(r.object.name, r.date_from, r.metric, r.old_value, r.new_value) for r in rows]


def totals(table, ad_account):
    """{(campaign, channel, first day, last day, metric, currency, is complete): sum} of a table of the roll-up."""
    names = ("campaign_id", "channel_id", "date", "date_to", "metric", "currency", "is_complete")
    rows = table.objects.filter(ad_account=ad_account).order_by().values_list(*names)
    return {tuple(key): total for *key, total in rows.annotate(sum=ExactSum("value"))}


def rolled(ad_account):
    """{(placement, first day, last day, metric, currency): value} of the roll-up, whose totals are its sums."""
    found = {}
    assert totals(DailyTotal, ad_account) == totals(DailyMetric, ad_account)
    for row in DailyMetric.objects.filter(ad_account=ad_account):
        key = (row.placement_id or row.campaign_id, row.date, row.date_to, row.metric, row.currency)
        assert key not in found
        found[key] = row.value
    return found
