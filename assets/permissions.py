"""Who may do what with assets and their review. Who plans a campaign opens, changes and archives its assets."""

from campaigns.permissions import can_comment, can_plan, commenter, is_open
from core.policy import Policy, anyone, manager, member, planner, role_in

AREA = "assets"


def can_make(actor, campaign):
    """Open assets in a campaign, place what was dropped, change many at once: whoever plans it."""
    return can_plan(actor, campaign, AREA)


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
    return can_plan(actor, campaign, AREA) if campaign is not None else manager(actor) and not actor.is_limited


def can_remark(actor, version, guest=None):
    """Put remarks on a version: whoever may speak in the campaign, and a guest on what their link shows."""
    if guest is None:
        return can_comment(actor, version)
    is_shown = guest.asset_id == version.asset_id and guest.version_id in (None, version.pk)
    return guest.may_comment and is_shown and is_open(version)


def can_rewrite_remark(actor, pin):
    """The words of a remark are its author's alone."""
    return can_comment(actor, pin) and pin.author_id is not None and actor.user_id == pin.author_id


def can_remove_remark(actor, pin):
    """Authors take their remarks back; whoever plans may take away a guest's."""
    return can_rewrite_remark(actor, pin) or (pin.guest_id is not None and can_plan(actor, pin))


def can_resolve(actor, pin):
    """Settle a remark: its author, the maker, and whoever plans."""
    return can_plan(actor, pin) or (
        can_comment(actor, pin) and actor.user_id in (pin.author_id, pin.version.asset.maker_id)
    )


def can_invite(actor, asset):
    """Make and revoke links for guests: whoever plans, and its maker."""
    return can_produce(actor, asset)


worker = role_in("owner", "manager", "member", "approver", "finance")
READ = Policy(reads=member, area=AREA)
TALK = Policy(reads=member, writes=commenter, area=AREA)
GUEST = Policy(reads=anyone)  # who holds an open link: asked by the views themselves
GUEST_SAYS = Policy(writes=anyone)
PLAN = Policy(reads=member, writes=planner, area=AREA)
WORK = Policy(reads=member, writes=worker, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)

PAGES = {
    READ: "list board schedule detail version-file version-video picture right-file standards"
    " routes campaign-routes reviews proof compare",
    WORK: "move version-add right-add right right-remove"
    " guests guest-revoke submit review-withdraw review-nudge decide step-delegate step-add",
    PLAN: "upload-place upload-forget archive restore standard-archive standard-restore"
    " route-copy route-archive route-restore",
    EDIT: "upload create edit bulk standard-create standard route route-create campaign-route-create",
    TALK: "pin-add pin pin-resolve pin-reopen pin-remove pin-answer",
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
    TALK: {"pins": "list detail resolve reopen", "pin-replies": "list detail", "guest-links": "list detail revoke"},
}
GUESTS = {GUEST: "look picture video file", GUEST_SAYS: "enter remark opinion answer"}
POLICY = {
    f"{app}:{name}": policy
    for app, pages in (("assets", PAGES), ("guests", GUESTS))
    for policy, names in pages.items()
    for name in names.split()
} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
