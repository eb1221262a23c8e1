"""Who may bring figures in by files, by push and by hand."""

from campaigns.permissions import is_open
from core.policy import Policy, member, planner

IMPORTING = Policy(reads=member, writes=planner, area="analytics")
REST = {
    "imports": "list detail answers commit discard undo",
    "column-mappings": "list detail",
    "readings": "list",
}
PAGES = (
    "readings imports import import-answers import-skip import-commit import-discard import-undo import-status "
    "mappings mapping-forget"
)
POLICY = {f"api:{noun}-{verb}": IMPORTING for noun, verbs in REST.items() for verb in verbs.split()} | {
    f"analytics:{name}": IMPORTING for name in PAGES.split()
}


def can_import(actor):
    """Owners, managers and members; a key that is limited to some campaigns may not, as figures name no campaign."""
    return planner(actor) and not actor.is_limited


def can_enter_readings(actor, campaign):
    """Whoever plans may write down readings of a campaign of the workspace."""
    return can_import(actor) and campaign.workspace_id == actor.workspace_id and is_open(campaign)
