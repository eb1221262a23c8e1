"""Acts on ad accounts."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.rules import check_time_zone
from campaigns.actions.writing import archive, once, restore
from campaigns.rules.plan import check_currency
from core.audit import record
from core.errors import require
from core.swap import swap
from placements.choices import CountingLevel
from placements.models import AdAccount
from placements.permissions import can_create_ad_account, can_keep_ad_account
from placements.signals import ad_account_changed


def _twice():
    return once("name", _("This platform already has an account of this name."))


def _told(actor, account, fields):
    if fields:
        ad_account_changed.send(sender=AdAccount, actor=actor, ad_account=account, fields=set(fields))
    return account


@transaction.atomic
def create_ad_account(
    actor,
    *,
    platform,
    name,
    currency,
    time_zone,
    external_id="",
    counting_level=CountingLevel.CAMPAIGN,
    channel=None,
    organization=None,
):
    """Add an account at a platform; its zone says what a day is there, its counting level which figures count."""
    require(can_create_ad_account(actor))
    check_currency(currency)
    check_time_zone(time_zone)
    with _twice():
        account = AdAccount.objects.create(
            workspace=actor.workspace,
            platform=platform,
            external_id=external_id,
            name=name,
            currency=currency,
            time_zone=time_zone,
            counting_level=counting_level,
            channel=channel,
            organization=organization,
        )
    record(actor, "placements.ad_account_created", account)
    return account


@transaction.atomic
def update_ad_account(actor, *, ad_account, seen=None, **changes):
    """Change an account; the floors above hear of it, since level, channel and zone decide what counts."""
    require(can_keep_ad_account(actor, ad_account))
    if "currency" in changes:
        check_currency(changes["currency"])
    if "time_zone" in changes:
        check_time_zone(changes["time_zone"])
    with _twice():
        diff = swap(ad_account, seen=seen, **changes)
    if diff:
        record(actor, "placements.ad_account_changed", ad_account, changes=diff)
    return _told(actor, ad_account, diff)


@transaction.atomic
def archive_ad_account(actor, *, ad_account, seen=None):
    """Take an account out of the lists; its placements and figures stay."""
    require(can_keep_ad_account(actor, ad_account))
    return archive(actor, ad_account, "ad_account_archived", seen=seen)


@transaction.atomic
def restore_ad_account(actor, *, ad_account, seen=None):
    """Bring an account back; twice is once."""
    require(can_keep_ad_account(actor, ad_account))
    return restore(actor, ad_account, "ad_account_restored", seen=seen)
