"""Who may do what with assets and their review. Who plans a campaign opens, changes and archives its assets."""

from campaigns.permissions import can_comment, can_plan
from core.policy import Policy, manager, member, planner, role_in

AREA = "assets"


def can_produce(actor, asset):
    """Hand in versions, write, move it along: whoever plans, and its maker."""
    return can_plan(actor, asset) or (can_comment(actor, asset) and actor.user_id == asset.maker_id)


def can_standardise(actor):
    """Say what delivered files must be like, for the whole workspace; a key limited to some campaigns may not."""
    return planner(actor) and not actor.is_limited


def can_keep_standard(actor, standard):
    return can_standardise(actor) and standard.workspace_id == actor.workspace_id


def can_decide(actor, step):
    """Give a verdict at a step, hand it on, ask one more: who is asked there."""
    return can_comment(actor, step) and step.reviewers.filter(user_id=actor.user_id, released_at=None).exists()


def can_steer(actor, review):
    """Look after a review: whoever plans the campaign."""
    return can_plan(actor, review)


def can_route(actor, campaign):
    """Keep review routes: of a campaign whoever plans it, templates of the workspace its managers."""
    return can_plan(actor, campaign) if campaign is not None else manager(actor) and not actor.is_limited


def can_remark(actor, version, guest=None):
    """Put remarks on a version: whoever may speak in the campaign, and a guest whose link allows it."""
    if guest is not None:
        return guest.may_comment and guest.asset_id == version.asset_id
    return can_comment(actor, version)


def can_rewrite_remark(actor, pin):
    """A remark is its author's alone; whoever plans may take away any guest's."""
    return can_comment(actor, pin) and (actor.user_id == pin.author_id or (pin.guest_id and can_plan(actor, pin)))


def can_resolve(actor, pin):
    """Settle a remark: its author, the maker, and whoever plans."""
    return can_comment(actor, pin) and (
        actor.user_id in (pin.author_id, pin.version.asset.maker_id) or can_plan(actor, pin)
    )


worker = role_in("owner", "manager", "member", "approver", "finance")
READ = Policy(reads=member, area=AREA)
PLAN = Policy(reads=member, writes=planner, area=AREA)
WORK = Policy(reads=member, writes=worker, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)

PAGES = {
    READ: "list board schedule detail version-file version-video picture right-file standards"
    " routes campaign-routes reviews",
    WORK: "move version-add right-add right right-remove"
    " submit review-withdraw review-nudge decide step-delegate step-add",
    PLAN: "upload-place upload-forget archive restore standard-archive standard-restore"
    " route-copy route-archive route-restore",
    EDIT: "upload create edit bulk standard-create standard route route-create campaign-route-create",
}
REST = {
    PLAN: {
        "assets": "list detail archive restore bulk upload place forget",
        "output-standards": "list detail archive restore",
        "review-routes": "list detail copy restore",
    },
    WORK: {
        "reviews": "list detail withdraw nudge",
        "review-steps": "list detail verdicts delegate reviewers",
        "verdicts": "list detail",
        "assets": "moves submit",
        "asset-versions": "list detail",
        "licences": "list detail",
    },
    READ: {"asset-versions": "content"},
}
POLICY = {f"assets:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
