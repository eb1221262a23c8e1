"""Who may read figures, set expected ranges and name a KPI's source of record."""

from campaigns.permissions import can_plan
from core.policy import Policy, member, planner

READ = Policy(reads=member, area="analytics")
WORK = Policy(reads=member, writes=planner, area="analytics")
EDIT = Policy(reads=planner, writes=planner, area="analytics")

PAGES = {
    READ: (
        "dashboard dashboard-part dashboard-export data-dashboard data-dashboard-part data-dashboard-export "
        "placement-figures kpi-figures goal-progress kpi-actuals placement-spend budget-spend cockpit-tiles "
        "programme-progress"
    ),
    WORK: "ranges range-delete kpi-source",
    EDIT: "range",
}
REST = {
    READ: "facts-summary facts-detail budget-spend expected-ranges-days kpi-progress dashboard",
    WORK: "facts-list expected-ranges-list expected-ranges-detail kpi-source",
}
POLICY = {
    **{f"analytics:{name}": policy for policy, names in PAGES.items() for name in names.split()},
    **{f"api:{name}": policy for policy, names in REST.items() for name in names.split()},
}


def can_set_ranges(actor, campaign):
    """Whoever plans a campaign says what is expected of its figures."""
    return can_plan(actor, campaign, "analytics")
