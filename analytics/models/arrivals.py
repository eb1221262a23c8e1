"""What of a source's days has arrived: the completeness calendar of its ad accounts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from analytics.models.sources import AccountLink, Delivery
from analytics.rules import completeness
from analytics.rules.pulling import freshness, patience


def freshness_of(source, now):
    """fresh | stale | failing | never."""
    return freshness(
        now,
        last_success_at=source.last_success_at,
        is_failing=source.state in ("failing", "needs_reauth"),
        every_minutes=source.every_minutes,
        daily_at=source.daily_at,
    )


def calendar_of(source, first, last, now):
    """[(account link, {day: complete | partial | missing | pending})] for the days first … last of each account."""
    links = AccountLink.objects.filter(source=source).select_related("ad_account").order_by("ad_account__name")
    links = list(links.annotate(first_day=Min("deliveries__day_from")))
    said = Delivery.objects.filter(account_link__in=links, breakdown="", day_from__lte=last, day_to__gte=first)
    by_link = {}
    for delivery in said:
        if delivery.level == _level(links, delivery):
            by_link.setdefault(delivery.account_link_id, []).append(_said(delivery))
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    found = []
    for link in links:
        owed = [day for day in days if _begins(link, source) <= day <= now.astimezone(_zone(link)).date()]
        found.append((link, _states(link, owed, by_link.get(link.pk, ()), source, now)))
    return found


def _begins(link, source):
    """The first day the source owes: when it was connected, or an earlier one that it delivered."""
    connected = source.created_at.astimezone(_zone(link)).date()
    return min(link.first_day or connected, connected)


def _zone(link):
    return ZoneInfo(link.ad_account.time_zone)


def _level(links, delivery):
    """Only deliveries of the account's counting level make a day whole."""
    return next(link.ad_account.counting_level for link in links if link.pk == delivery.account_link_id)


def _said(delivery):
    """A whole delivery is judged by the clock (was the day over?), a broken-off one is partial."""
    whole = None if delivery.is_complete else False
    return completeness.Delivery(delivery.day_from, delivery.day_to, delivery.at, whole)


def _states(link, days, deliveries, source, now):
    grace = patience(source.every_minutes, source.daily_at)
    schedule = completeness.Schedule(_zone(link), settle=timedelta(0), grace=grace)
    return completeness.day_states(days, deliveries, schedule, now)
