"""Acts on many assets at once: all of them or none."""

from django.db import transaction
from django.utils.translation import gettext as _

from assets.actions.assets import update_asset
from assets.actions.stages import move_stage
from assets.permissions import can_make
from campaigns.actions.goals import check_campaign
from core.errors import PharosError, RuleBroken, require

TOGETHER = frozenset({"maker", "organization", "standard", "route", "phase", "channel", "lead_days", "due_date"})


@transaction.atomic
def edit_assets(actor, *, campaign, assets, stage="", **changes):
    """Give many assets of a campaign the same stage, maker, organisation, standard, route, phase, channel or day.

    When one of them refuses, nothing is written and RuleBroken lists every refusal as {code: sentence}.
    """
    require(can_make(actor, campaign))
    for asset in assets:
        check_campaign(campaign, assets=asset)
    if unknown := set(changes) - TOGETHER:
        raise TypeError(f"Not to be set for many: {', '.join(sorted(unknown))}.")
    refusals = {}
    for asset in assets:
        try:
            with transaction.atomic():
                _edit(actor, asset, stage, changes)
        except PharosError as error:
            refusals[asset.code] = str(error)
    if refusals:
        listed = " ".join(f"{code}: {sentence}" for code, sentence in list(refusals.items())[:5])
        words = {"refusals": listed}
        raise RuleBroken(_("Nothing was changed. %(refusals)s") % words, code="some_refused", errors=refusals)
    return assets


def _edit(actor, asset, stage, changes):
    if changes:
        update_asset(actor, asset=asset, **changes)
    if stage and stage != asset.stage:
        move_stage(actor, asset=asset, stage=stage)
