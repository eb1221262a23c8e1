"""Figures that come row by row: pushed by another system, or read off by a person."""

from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from analytics.actions.accounts import link_of
from analytics.actions.facts import Delivered, deliver
from analytics.choices import LinkHow
from analytics.importers.reading import Record
from analytics.models import ExternalObject, ObjectLink
from analytics.permissions.imports import can_enter_readings, can_import
from campaigns.models import Metric
from core.audit import record
from core.errors import Invalid, require
from placements.actions import create_ad_account
from placements.models import AdAccount

MOST_ROWS = 5000
BY_HAND = "manual"


def known_metrics(workspace_id):
    """{code: Metric} of the metrics that may be stored: derived ones are reckoned, never brought in."""
    rows = Metric.objects.filter(workspace_id=workspace_id, archived_at=None).exclude(kind="derived")
    return {row.code: row for row in rows}


@transaction.atomic
def push_rows(actor, *, rows, is_complete=False):
    """Take figures that another system sends: all of them, or none.

    `rows` are `(ad account, Record)`; of two for the same object, day and metric the later counts. With `is_complete`
    figures that earlier pushes sent for the same account, level, breakdown and days vanish. Returns a Delivered.
    """
    require(can_import(actor))
    if not rows or len(rows) > MOST_ROWS:
        raise Invalid(_("Send between one and %(most)d rows.") % {"most": MOST_ROWS}, errors={"rows": _("Rows")})
    total, origin = Delivered(), uuid7()
    for (ad_account, level, breakdown), some in _by_scope(rows):
        records = [one for _account, one in some]
        done = deliver(
            actor,
            account_link=link_of(actor, ad_account=ad_account, kind="push"),
            level=level,
            breakdown=breakdown,
            day_from=min(one.date_from for one in records),
            day_to=max(one.date_to for one in records),
            records=records,
            is_complete=is_complete,
            repeated="last",
            origin_id=origin,
        )
        total.rows, total.changed = total.rows + done.rows, total.changed + done.changed
        total.removed, total.matched = total.removed + done.removed, total.matched + done.matched
        record(actor, "analytics.rows_pushed", ad_account, changes={"figures": [0, done.changed]})
    return total


def _by_scope(rows):
    def scope(row):
        ad_account, one = row
        names = [piece.partition("=")[0] for piece in one.breakdown.split("|")] if one.breakdown else []
        return str(ad_account.pk), one.level, "|".join(names)

    for (_account, level, breakdown), some in groupby(sorted(rows, key=scope), key=scope):
        some = list(some)
        yield (some[0][0], level, breakdown), some


@transaction.atomic
def enter_readings(actor, *, campaign, metric, channel, rows, currency=""):
    """Write down readings of a metric that no platform delivers, day by day; an empty value takes a reading away.

    `rows` are `(day, Decimal or None)`. They count for the campaign and channel at once. Returns a Delivered.
    """
    require(can_enter_readings(actor, campaign))
    if metric.kind == "derived":
        sentence = _("A derived metric is reckoned from others and cannot be typed in.")
        raise Invalid(sentence, errors={"metric": metric.code})
    ad_account = _account_of(actor, campaign, channel)
    link = link_of(actor, ad_account=ad_account, kind="manual")
    object_id = f"{campaign.code} {channel.code if channel else ''}".strip()
    _link_readings(campaign, link, object_id)
    total, scope = Delivered(), {"account_link": link, "level": "campaign", "origin_id": uuid7()}
    for days in _runs(rows):
        done = deliver(
            actor,
            day_from=days[0][0],
            day_to=days[-1][0],
            records=[
                _reading(campaign, object_id, day, currency, metric, value) for day, value in days if value is not None
            ],
            metrics=[metric.code],
            is_complete=True,
            **scope,
        )
        total.rows, total.changed = total.rows + done.rows, total.changed + done.changed
        total.removed += done.removed
    changes = {metric.code: [None, {str(day): value for day, value in rows[:100]}]}
    record(actor, "analytics.readings_entered", campaign, changes=changes, campaign_id=campaign.pk)
    return total


def _runs(rows):
    """Readings of neighbouring days together; of two for one day the later counts."""
    found = []
    for day, value in sorted(dict(rows).items()):
        if found and found[-1][-1][0] + timedelta(days=1) == day:
            found[-1].append((day, value))
        else:
            found.append([(day, value)])
    return found


def _reading(campaign, object_id, day, currency, metric, value):
    money = currency or campaign.currency
    return Record("campaign", object_id, campaign.name, None, day, day, None, "", money, {metric.code: value})


def _account_of(actor, campaign, channel):
    """The ad account that holds a campaign's readings by hand, one per channel."""
    name = f"{campaign.code} · {channel.code}" if channel else campaign.code
    known = AdAccount.objects.filter(workspace_id=actor.workspace_id, platform=BY_HAND, name=name).first()
    return known or create_ad_account(
        actor,
        platform=BY_HAND,
        name=name,
        currency=campaign.currency,
        time_zone=campaign.time_zone,
        channel=channel,
    )


def _link_readings(campaign, link, object_id):
    """The object behind the readings belongs to the campaign from the start."""
    found, _is_new = ExternalObject.objects.get_or_create(
        account_link=link,
        level="campaign",
        external_id=object_id,
        defaults={"workspace_id": link.workspace_id, "name": campaign.name},
    )
    if not found.links.exists():
        ObjectLink.objects.create(workspace_id=link.workspace_id, object=found, campaign=campaign, how=LinkHow.MANUAL)
