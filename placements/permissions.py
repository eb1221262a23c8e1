"""Who may do what in placements. Placements belong to the plan: `campaigns.permissions.can_plan` answers for them."""

from campaigns.permissions import can_plan
from core.policy import Policy, member, planner


def can_place(actor, campaign):
    """Make placements in a campaign and change many at once: whoever plans it."""
    return can_plan(actor, campaign, AREA)


def can_create_ad_account(actor):
    """Whoever plans may name an account at a platform; a key that is limited to some campaigns may not."""
    return planner(actor) and not actor.is_limited


def can_keep_ad_account(actor, ad_account):
    """Change or archive an ad account of the workspace."""
    return can_create_ad_account(actor) and ad_account.workspace_id == actor.workspace_id


def can_export(actor, placement):
    """Take the papers of an ad along, from campaigns that are over too: whoever plans in the workspace."""
    return planner(actor) and placement.workspace_id == actor.workspace_id


AREA = "placements"
READ = Policy(reads=member, area=AREA)
WORK = Policy(reads=member, writes=planner, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)

PAGES = {
    READ: "list board timeline grid grid-findings grid-export detail accounts material",
    WORK: "slot-remove slot-release slot-take-out asset-slots dossier material-replace"
    " move archive restore duplicate grid-save account-archive account-restore reorder",
    EDIT: "slot-add slot create edit bulk spread account-create account-edit",
}
REST = {
    "ad-accounts": "list detail archive restore",
    "placements": "list detail transitions duplicate archive restore bulk spread reorder dossier",
    "flights": "list detail",
    "material": "list detail replace",
    "slots": "list detail release take-out",
    "day-allocations": "list detail bulk",
}
POLICY = {f"placements:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": WORK for noun, verbs in REST.items() for verb in verbs.split()
}
