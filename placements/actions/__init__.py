"""Acts on the media schedule: the only writer of placements."""

from placements.actions.accounts import (
    archive_ad_account,
    create_ad_account,
    restore_ad_account,
    update_ad_account,
)
from placements.actions.bulk import edit_placements, reorder_placements
from placements.actions.days import set_days, spread_budget
from placements.actions.dossier import export_dossier
from placements.actions.flights import create_flight, delete_flight, update_flight
from placements.actions.placements import (
    archive_placement,
    create_placement,
    duplicate_placement,
    move_placement,
    restore_placement,
    update_placement,
)
from placements.actions.release import release_version, take_out_version
from placements.actions.replacing import open_replacements
from placements.actions.slots import create_slot, delete_slot, update_slot

__all__ = [
    "archive_ad_account",
    "archive_placement",
    "create_ad_account",
    "create_flight",
    "create_placement",
    "create_slot",
    "delete_flight",
    "delete_slot",
    "duplicate_placement",
    "edit_placements",
    "export_dossier",
    "move_placement",
    "open_replacements",
    "release_version",
    "reorder_placements",
    "restore_ad_account",
    "restore_placement",
    "set_days",
    "spread_budget",
    "take_out_version",
    "update_ad_account",
    "update_flight",
    "update_placement",
    "update_slot",
]
