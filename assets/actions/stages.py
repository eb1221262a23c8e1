"""Acts that move an asset along its pipeline."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from assets.actions.assets import check_living
from assets.models import AssetVersion, Right
from assets.permissions import can_produce
from assets.rules import stages, standards
from assets.rules.rights import state_of
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import require
from core.swap import swap

PLANNERS = frozenset({"in_use", "retired"})  # taking into use and out of it is the plan's, not the maker's


def today_of(campaign):
    """The day it is in the campaign's zone."""
    return timezone.localdate(timezone=ZoneInfo(campaign.time_zone))


def current_version(asset):
    """The newest version of an asset; None before the first."""
    return AssetVersion.objects.filter(asset=asset, number=asset.current_number).first()


def rights_of(asset, *, today):
    """The states of an asset's licences and releases on a day."""
    days = Right.objects.filter(asset=asset).values_list("start_date", "finish_date")
    return [state_of(start, finish, today=today) for start, finish in days]


def met_by(asset, *, today):
    """The guards of `assets.rules.stages` that hold for an asset."""
    version = current_version(asset)
    return stages.guards_met(
        has_maker=bool(asset.maker_id or asset.organization_id),
        number=asset.current_number,
        is_checked=version is None or asset.kind == "copy" or version.checked_at is not None,
        blocks=len(standards.blocks(version.findings)) if version else 0,
        rights=rights_of(asset, today=today),
    )


@transaction.atomic
def move_stage(actor, *, asset, stage, seen=None):
    """Bring an asset to another stage by hand; what only a review may do is refused."""
    require(can_plan(actor, asset) if stage in PLANNERS else can_produce(actor, asset))
    check_living(asset)
    stages.check_move(asset.stage, stage, met=met_by(asset, today=today_of(asset.campaign)))
    return _moved(actor, asset, stage, seen)


def check_guards(asset, stage):
    """RuleBroken unless a review may bring the asset to the stage as it stands."""
    met = met_by(asset, today=today_of(asset.campaign))
    stages.check_move(asset.stage, stage, met=met, by_review=True)


def bring_to(actor, *, asset, stage, seen=None):
    """Bring an asset to a stage by its review: inside the transaction of an act that asked its own permission."""
    check_living(asset)
    check_guards(asset, stage)
    return _moved(actor, asset, stage, seen)


def _moved(actor, asset, stage, seen):
    diff = swap(asset, seen=seen, stage=stage)
    record(actor, "assets.asset_moved", asset, changes=diff)
    return asset
