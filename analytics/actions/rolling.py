"""The roll-up kept true: rebuilt for the days whose figures, sources or plan lines moved."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import models, transaction

from analytics import store
from analytics.models import AccountLink, ExternalObject, Fact
from campaigns.models import Metric


def counted(ad_account):
    """The account as the store counts it: its links with the best source first."""
    links = AccountLink.objects.filter(ad_account=ad_account).order_by("source__rank", "source_id")
    return store.Account(
        id=ad_account.pk,
        workspace_id=ad_account.workspace_id,
        level=ad_account.counting_level,
        links=list(links.values_list("pk", flat=True)),
        channel_id=ad_account.channel_id,
        zone=ZoneInfo(ad_account.time_zone),
    )


def additive_codes(workspace_id):
    """Codes of the metrics that may be summed."""
    return frozenset(Metric.objects.filter(workspace_id=workspace_id, kind="additive").values_list("code", flat=True))


def roll_up(ad_account, days=None, additive=None):
    """Rebuild the account's daily roll-up for some days (None: all) and its periods of several days."""
    store.roll_up(counted(ad_account), additive or additive_codes(ad_account.workspace_id), days=days)


def roll_up_objects(objects):
    """Rebuild the roll-up of every day on which these objects, or objects below them, have figures."""
    by_account = {}
    for found in objects:
        by_account.setdefault(found.account_link.ad_account, []).append(found)
    for ad_account, some in by_account.items():
        roll_up(ad_account, days=days_of(some))


def days_of(objects):
    """The days on which these objects, or objects below them, have figures of their own."""
    facts = Fact.objects.filter(object_id__in=with_descendants([found.pk for found in objects]), breakdown="")
    return set(facts.filter(date_to=models.F("date_from")).values_list("date_from", flat=True).distinct())


def day_before(day):
    """The day before a day."""
    return day - timedelta(days=1)


def with_descendants(keys):
    """The keys of these objects and of all below them."""
    found, latest = set(keys), set(keys)
    while latest:
        below = ExternalObject.objects.filter(parent_id__in=latest)
        latest = set(below.values_list("pk", flat=True)) - found
        found |= latest
    return found


@transaction.atomic
def rebuild(ad_account):
    """Rebuild the whole roll-up of an account: its counting level, channel, zone or order of sources changed."""
    roll_up(ad_account)


@transaction.atomic
def roll_up_placement(placement):
    """Rebuild the days of everything linked to a placement: its channel changed."""
    objects = ExternalObject.objects.filter(links__placement=placement).select_related("account_link__ad_account")
    roll_up_objects(objects.distinct())
