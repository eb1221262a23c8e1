"""Who may match objects of the platforms to the plan."""

from core.policy import Policy, member, planner

MATCHING = Policy(reads=member, writes=planner, area="analytics")
POLICY = {}


def can_match(actor):
    """Owners, managers and members decide whose figures an object's are."""
    return planner(actor)
