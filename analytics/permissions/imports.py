"""Who may bring figures in by files, by push and by hand."""

from core.policy import Policy, member, planner

IMPORTING = Policy(reads=member, writes=planner, area="analytics")
POLICY = {}


def can_import(actor):
    """Owners, managers and members; a key that is limited to some campaigns may not, as figures name no campaign."""
    return planner(actor) and not (actor.key and actor.key.campaign_ids)
