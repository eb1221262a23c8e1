"""Who may match objects of the platforms to the plan."""

from core.policy import Policy, member, planner

MATCHING = Policy(reads=member, writes=planner, area="analytics")
REST = {
    "external-objects": "list detail match-again",
    "match-suggestions": "list",
    "object-links": "list detail",
}
PAGES = "unassigned unassigned-link unassigned-again matched object-unlink"
POLICY = {f"api:{noun}-{verb}": MATCHING for noun, verbs in REST.items() for verb in verbs.split()} | {
    f"analytics:{name}": MATCHING for name in PAGES.split()
}


def can_match(actor):
    """Owners, managers and members decide whose figures an object's are; a key limited to some campaigns may not."""
    return planner(actor) and not actor.is_limited
