"""Acts on many placements at once: all of them or none."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from core.audit import record
from core.errors import PharosError, RuleBroken, require
from placements.actions.placements import move_placement, update_placement
from placements.models import Placement
from placements.permissions import can_place

TOGETHER = {"channel", "owner", "phase", "budget_line", "ad_account"}


@transaction.atomic
def edit_placements(actor, *, campaign, placements, state="", reason="", **changes):
    """Give many placements of a campaign the same state, channel, owner, phase, budget line or ad account.

    When one of them refuses, nothing is written and RuleBroken lists every refusal as {code: sentence}.
    """
    require(can_place(actor, campaign))
    _check_all(campaign, placements)
    if unknown := set(changes) - TOGETHER:
        raise TypeError(f"Not to be set for many: {', '.join(sorted(unknown))}.")
    refusals = {}
    for placement in placements:
        try:
            with transaction.atomic():
                _edit(actor, placement, state, reason, changes)
        except PharosError as error:
            refusals[placement.code] = str(error)
    if refusals:
        listed = " ".join(f"{code}: {sentence}" for code, sentence in list(refusals.items())[:5])
        raise RuleBroken(
            _("Nothing was changed. %(refusals)s") % {"refusals": listed}, code="some_refused", errors=refusals
        )
    return placements


def _check_all(campaign, placements):
    for placement in placements:
        check_campaign(campaign, placements=placement)


def _edit(actor, placement, state, reason, changes):
    if changes:
        update_placement(actor, placement=placement, **changes)
    if state and state != placement.state:
        move_placement(actor, placement=placement, state=state, reason=reason)


@transaction.atomic
def reorder_placements(actor, *, campaign, placements):
    """Put these placements of the campaign first, in this order; the others follow as they stood."""
    require(can_place(actor, campaign))
    _check_all(campaign, placements)
    chosen = [placement.pk for placement in placements]
    rows = {row.pk: row for row in Placement.objects.filter(campaign=campaign)}
    order = [*chosen, *(pk for pk in rows if pk not in set(chosen))]
    moved = []
    for rank, pk in enumerate(order):
        if rows[pk].rank != rank:
            rows[pk].rank = rank
            moved.append(rows[pk])
    Placement.objects.bulk_update(moved, ["rank"])
    if moved:
        record(actor, "placements.placements_reordered", campaign)
    return [rows[pk] for pk in order]
