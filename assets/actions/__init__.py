"""Acts on assets: the only writer."""

from assets.actions.assets import archive_asset, create_asset, restore_asset, update_asset
from assets.actions.bulk import edit_assets
from assets.actions.checks import check_version
from assets.actions.downloads import approved_files, open_archive, open_download, packed, take_download
from assets.actions.drop import drop_files, forget_dropped, forget_file, place_files
from assets.actions.guests import close_links_of, link_of, make_link, note_visit, revoke_link, unlock, visitor
from assets.actions.notices import tell_remarks
from assets.actions.pins import add_pin, answer_pin, change_pin, remove_pin, reopen_pin, resolve_pin
from assets.actions.reviews import add_reviewer, delegate, give_verdict, nudge, submit_for_review, withdraw
from assets.actions.rights import add_right, remove_right, update_right
from assets.actions.routes import (
    archive_route,
    copy_route,
    create_route,
    load_routes,
    restore_route,
    update_route,
)
from assets.actions.schedule import reschedule, set_flight_dates
from assets.actions.stages import bring_to, move_stage
from assets.actions.standards import (
    archive_standard,
    create_standard,
    load_standards,
    restore_standard,
    update_standard,
)
from assets.actions.versions import add_version

__all__ = [
    "add_pin",
    "add_reviewer",
    "add_right",
    "add_version",
    "answer_pin",
    "approved_files",
    "archive_asset",
    "archive_route",
    "archive_standard",
    "bring_to",
    "change_pin",
    "check_version",
    "close_links_of",
    "copy_route",
    "create_asset",
    "create_route",
    "create_standard",
    "delegate",
    "drop_files",
    "edit_assets",
    "forget_dropped",
    "forget_file",
    "give_verdict",
    "link_of",
    "load_routes",
    "load_standards",
    "make_link",
    "move_stage",
    "note_visit",
    "nudge",
    "open_archive",
    "open_download",
    "packed",
    "place_files",
    "remove_pin",
    "remove_right",
    "reopen_pin",
    "reschedule",
    "resolve_pin",
    "restore_asset",
    "restore_route",
    "restore_standard",
    "revoke_link",
    "set_flight_dates",
    "submit_for_review",
    "take_download",
    "tell_remarks",
    "unlock",
    "update_asset",
    "update_right",
    "update_route",
    "update_standard",
    "visitor",
    "withdraw",
]
