"""Acts on risks, playbooks and incidents: their only writer."""

from risks.actions.entries import log_entry
from risks.actions.imports import import_risks
from risks.actions.incidents import change_level, move_incident, start_incident, write_post_mortem
from risks.actions.pausing import pause_placements, resume_placements
from risks.actions.playbooks import (
    add_defaults,
    adopt_playbook,
    archive_playbook,
    create_playbook,
    load_playbooks,
    restore_playbook,
    update_playbook,
)
from risks.actions.register import (
    archive_risk,
    create_risk,
    move_risk,
    restore_risk,
    review_risk,
    update_risk,
)
from risks.actions.script import add_step, move_step, remove_step, update_step
from risks.actions.steps import finish_step, hand_over_step, reopen_step, skip_step

__all__ = [
    "add_defaults",
    "add_step",
    "adopt_playbook",
    "archive_playbook",
    "archive_risk",
    "change_level",
    "create_playbook",
    "create_risk",
    "finish_step",
    "hand_over_step",
    "import_risks",
    "load_playbooks",
    "log_entry",
    "move_incident",
    "move_risk",
    "move_step",
    "pause_placements",
    "remove_step",
    "reopen_step",
    "restore_playbook",
    "restore_risk",
    "resume_placements",
    "review_risk",
    "skip_step",
    "start_incident",
    "update_playbook",
    "update_risk",
    "update_step",
    "write_post_mortem",
]
