"""Acts on the plan: the only writer of campaigns."""

from campaigns.actions.briefs import save_brief, share_section, unshare_section
from campaigns.actions.campaigns import (
    archive_campaign,
    create_campaign,
    move_campaign,
    restore_campaign,
    update_campaign,
)
from campaigns.actions.comments import add_comment, edit_comment, remove_comment, tell_mentioned
from campaigns.actions.goals import archive_goal, create_goal, move_goal, restore_goal, update_goal
from campaigns.actions.kpis import archive_kpi, create_kpi, restore_kpi, update_kpi
from campaigns.actions.notes import annotate, delete_annotation, update_annotation
from campaigns.actions.people import (
    add_contact_point,
    add_delegation,
    add_function,
    add_member,
    remove_contact_point,
    remove_delegation,
    remove_function,
    remove_member,
    update_contact_point,
    update_delegation,
    update_function,
)
from campaigns.actions.phases import create_phase, delete_phase, update_phase
from campaigns.actions.programmes import archive_programme, create_programme, restore_programme, update_programme
from campaigns.actions.rates import delete_rate, paste_rates, set_rate
from campaigns.actions.targets import paste_day_targets, set_day_targets, set_phase_targets, spread_target
from campaigns.actions.vocabulary import add_word, archive_word, load_vocabulary, restore_word, update_word

__all__ = [
    "add_comment",
    "add_contact_point",
    "add_delegation",
    "add_function",
    "add_member",
    "add_word",
    "annotate",
    "archive_campaign",
    "archive_goal",
    "archive_kpi",
    "archive_programme",
    "archive_word",
    "create_campaign",
    "create_goal",
    "create_kpi",
    "create_phase",
    "create_programme",
    "delete_annotation",
    "delete_phase",
    "delete_rate",
    "edit_comment",
    "load_vocabulary",
    "move_campaign",
    "move_goal",
    "paste_day_targets",
    "paste_rates",
    "remove_comment",
    "remove_contact_point",
    "remove_delegation",
    "remove_function",
    "remove_member",
    "restore_campaign",
    "restore_goal",
    "restore_kpi",
    "restore_programme",
    "restore_word",
    "save_brief",
    "set_day_targets",
    "set_phase_targets",
    "set_rate",
    "share_section",
    "spread_target",
    "tell_mentioned",
    "unshare_section",
    "update_annotation",
    "update_campaign",
    "update_contact_point",
    "update_delegation",
    "update_function",
    "update_goal",
    "update_kpi",
    "update_phase",
    "update_programme",
    "update_word",
]
