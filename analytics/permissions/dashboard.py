"""Who may read figures, set expected ranges and name a KPI's source of record."""

from core.policy import Policy, member, planner

READ = Policy(reads=member, area="analytics")
WORK = Policy(reads=member, writes=planner, area="analytics")
EDIT = Policy(reads=planner, writes=planner, area="analytics")

PAGES = {
    READ: (
        "dashboard dashboard-part dashboard-export data-dashboard data-dashboard-part data-dashboard-export "
        "placement-figures kpi-figures goal-progress kpi-actuals placement-spend cockpit-tiles programme-progress"
    ),
    WORK: "ranges range-delete kpi-source",
    EDIT: "range",
}
REST = {
    READ: "facts-summary facts-detail expected-ranges-days kpi-progress dashboard",
    WORK: "facts-list expected-ranges-list expected-ranges-detail kpi-source",
}
POLICY = {
    **{f"analytics:{name}": policy for policy, names in PAGES.items() for name in names.split()},
    **{f"api:{name}": policy for policy, names in REST.items() for name in names.split()},
}


def can_set_ranges(actor, campaign):
    """Owners, managers and members say what is expected of a campaign's figures; a limited key of its campaigns."""
    limited = actor.key.campaign_ids if actor.key else []
    within = campaign.workspace_id == actor.workspace_id
    return planner(actor) and within and (not limited or str(campaign.pk) in {str(each) for each in limited})
