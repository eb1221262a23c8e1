"""Who may read figures, set expected ranges and name a KPI's source of record."""

from core.policy import Policy, member, planner

READ = Policy(reads=member, area="analytics")
WORK = Policy(reads=member, writes=planner, area="analytics")
EDIT = Policy(reads=planner, writes=planner, area="analytics")

POLICY = {
    **dict.fromkeys(("api:facts-summary", "api:facts-list", "api:facts-detail"), READ),
}


def can_set_ranges(actor, campaign):
    """Owners, managers and members say what is expected of a campaign's figures; a limited key of its campaigns."""
    limited = actor.key.campaign_ids if actor.key else []
    within = campaign.workspace_id == actor.workspace_id
    return planner(actor) and within and (not limited or str(campaign.pk) in {str(each) for each in limited})
