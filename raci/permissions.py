"""Who may do what with the responsibility matrix: it belongs to the plan, so whoever plans the campaign edits it."""

from campaigns.permissions import can_plan
from core.policy import Policy, member, planner

AREA = "raci"


def can_assign(actor, campaign):
    """Change rows, columns and letters."""
    return can_plan(actor, campaign, "raci")


READ = Policy(reads=member, area=AREA)
WORK = Policy(reads=member, writes=planner, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)

PAGES = {
    READ: "matrix rows row feed findings export",
    WORK: (
        "save row-add rows-from-plan row-change row-letters row-remove rows-order holder-add holders-add holder-remove "
        "holders-order undo"
    ),
    EDIT: "import adding",
}
REST = {
    READ: {"raci-findings": "list"},
    WORK: {
        "raci-rows": "list detail from-plan reorder export",
        "raci-holders": "list detail reorder team",
        "raci-letters": "list detail bulk",
        "raci-imports": "list undo",
    },
}
POLICY = {f"raci:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
