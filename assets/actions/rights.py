"""Acts on licences and releases: whose consent an asset needs, its evidence, and the days on which it holds."""

from django.db import transaction
from django.utils.translation import gettext as _

from assets.actions.assets import check_living, invalid
from assets.models import Right
from assets.permissions import can_produce
from assets.rules.rights import check_days
from core.audit import record
from core.errors import require
from core.files import discard, store
from core.swap import erase, swap


def _evidence(actor, asset, upload):
    return upload and store(upload, workspace_id=asset.workspace_id, kind="document", uploader_id=actor.user_id)


def _check(values):
    check_days(values.get("start_date"), values.get("finish_date"))
    if not values["holder"].strip():
        raise invalid("holder", _("Say from whom the right comes."))


@transaction.atomic
def add_right(actor, *, asset, kind, holder, scope="", start_date=None, finish_date=None, upload=None):
    """File a licence or release, with its evidence where there is a file."""
    require(can_produce(actor, asset))
    check_living(asset)
    _check({"holder": holder, "start_date": start_date, "finish_date": finish_date})
    right = Right.objects.create(
        workspace_id=asset.workspace_id,
        campaign_id=asset.campaign_id,
        asset=asset,
        kind=kind,
        holder=holder.strip(),
        scope=scope.strip(),
        start_date=start_date,
        finish_date=finish_date,
        file=_evidence(actor, asset, upload),
    )
    record(actor, "assets.right_added", right)
    return right


@transaction.atomic
def update_right(actor, *, right, seen=None, upload=None, **changes):
    """Change a licence or release: a renewal moves its last day. New evidence replaces the old."""
    require(can_produce(actor, right.asset))
    check_living(right.asset)
    _check({name: changes.get(name, getattr(right, name)) for name in ("holder", "start_date", "finish_date")})
    before = right.file
    if upload:
        changes["file"] = _evidence(actor, right.asset, upload)
    diff = swap(right, seen=seen, **changes)
    if diff:
        record(actor, "assets.right_changed", right, changes=diff)
    if upload and before:
        discard(before)
    return right


@transaction.atomic
def remove_right(actor, *, right, seen=None):
    """Take a licence or release away, with its evidence."""
    require(can_produce(actor, right.asset))
    stored = right.file
    record(actor, "assets.right_removed", right)
    erase(right, seen=seen)
    if stored:
        discard(stored)
