"""Acts on the responsibility matrix: the only writer of raci."""

from raci.actions.holders import add_holder, add_team, remove_holder, reorder_holders
from raci.actions.imports import apply_import
from raci.actions.letters import Change, set_letters
from raci.actions.rows import add_from_plan, add_row, remove_row, reorder_rows, update_row
from raci.actions.undo import undo

__all__ = [
    "Change",
    "add_from_plan",
    "add_holder",
    "add_row",
    "add_team",
    "apply_import",
    "remove_holder",
    "remove_row",
    "reorder_holders",
    "reorder_rows",
    "set_letters",
    "undo",
    "update_row",
]
