"""Who may do what with assets and their review. Who plans a campaign opens, changes and archives its assets."""

from accounts.choices import SeatRole
from accounts.permissions import partner_may
from assets.signals import release_asked
from campaigns.permissions import can_comment, can_plan, commenter, is_open
from core.policy import Policy, anyone, manager, member, planner, role_in, seat, seat_at_work

AREA = "assets"


def can_make(actor, campaign):
    """Open assets in a campaign, place what was dropped, change many at once: whoever plans it."""
    return can_plan(actor, campaign, AREA)


def can_produce(actor, asset):
    """Hand in versions, write, move it along: whoever plans, and its maker."""
    return can_plan(actor, asset) or (can_comment(actor, asset) and actor.user_id == asset.maker_id)


def can_deliver(actor, asset):
    """Hand in versions and bring them to review: whoever produces it, and the seats of the organisation it is with."""
    return can_produce(actor, asset) or (partner_may(actor, asset, AREA) and is_open(asset))


def can_drop(actor, campaign):
    """Hand in many files at once: whoever plans, and seats for the assets of their organisation."""
    return can_make(actor, campaign) or (partner_may(actor, campaign, AREA) and is_open(campaign))


def can_fetch(actor, version):
    """Take the original of a version along: the seats of the organisation its asset is with, and of those in whose
    lines it was released to run."""
    if actor.seat is None or version.file_id is None or version.workspace_id != actor.workspace_id:
        return False
    if partner_may(actor, version.asset, AREA, "read"):
        return True
    return any(answer for _receiver, answer in release_asked.send(sender=None, actor=actor, version=version))


def can_fetch_all(actor, campaign):
    """Take the approved files of a campaign along in one archive: seats to whom that was granted."""
    return partner_may(actor, campaign, "downloads", "read")


def can_standardise(actor):
    """Say what delivered files must be like, for the whole workspace; a key limited to some campaigns may not."""
    return planner(actor) and not actor.is_limited


def can_keep_standard(actor, standard):
    return can_standardise(actor) and standard.workspace_id == actor.workspace_id


def can_decide(actor, step):
    """Give a verdict at a step, hand it on, ask one more: who is asked there."""
    return (can_comment(actor, step) or _seat_decides(actor, step)) and step.reviewers.filter(
        user_id=actor.user_id, released_at=None
    ).exists()


def _seat_decides(actor, step):
    """A partner's seat that may do more than read, where its client lets it decide, in a campaign granted for it."""
    if actor.seat is None or actor.seat.role == SeatRole.READER or not actor.door.may_decide:
        return False
    return step.campaign_id in actor.campaigns_of("reviews", "write") and is_open(step)


def can_steer(actor, review):
    """Look after a review: whoever plans the campaign."""
    return can_plan(actor, review)


def can_route(actor, campaign):
    """Keep review routes: of a campaign whoever plans it, templates of the workspace its managers."""
    return can_plan(actor, campaign, AREA) if campaign is not None else manager(actor) and not actor.is_limited


def _may_speak(actor, thing, asset):
    """Whoever may speak in the campaign, and the seats of the organisation the asset is with."""
    return can_comment(actor, thing) or (partner_may(actor, asset, AREA) and is_open(thing))


def can_remark(actor, version, guest=None):
    """Put remarks on a version: whoever may speak about its asset, and a guest on what their link shows."""
    if guest is None:
        return _may_speak(actor, version, version.asset)
    is_shown = guest.asset_id == version.asset_id and guest.version_id in (None, version.pk)
    return guest.may_comment and is_shown and is_open(version)


def can_answer_remark(actor, pin, guest=None):
    """Answer a remark: whoever may make one."""
    return can_remark(actor, pin.version, guest) if guest else _may_speak(actor, pin, pin.version.asset)


def can_rewrite_remark(actor, pin):
    """The words of a remark are its author's alone."""
    is_own = pin.author_id is not None and actor.user_id == pin.author_id
    return is_own and _may_speak(actor, pin, pin.version.asset)


def can_remove_remark(actor, pin):
    """Authors take their remarks back; whoever plans may take away a guest's."""
    return can_rewrite_remark(actor, pin) or (pin.guest_id is not None and can_plan(actor, pin))


def can_resolve(actor, pin):
    """Settle a remark: its author, be it a partner's seat, the maker, and whoever plans."""
    is_maker = actor.user_id is not None and actor.user_id == pin.version.asset.maker_id
    return can_rewrite_remark(actor, pin) or can_plan(actor, pin) or (is_maker and can_comment(actor, pin))


def can_invite(actor, asset):
    """Make and revoke links for guests: whoever plans, and its maker."""
    return can_produce(actor, asset)


worker = role_in("owner", "manager", "member", "approver", "finance")
READ = Policy(reads=member, area=AREA)
TALK = Policy(reads=member, writes=commenter, area=AREA)
GUEST = Policy(reads=anyone)  # who holds an open link: asked by the views themselves
GUEST_SAYS = Policy(reads=None, writes=anyone)
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
PARTNER_PAGES = {
    Policy(reads=seat, area=AREA): "partner-assets partner-asset partner-proof partner-picture partner-video",
    Policy(reads=None, writes=seat_at_work, area=AREA): "partner-version-add partner-submit partner-withdraw"
    " partner-pin-add partner-pin-answer partner-pin-resolve partner-pin-reopen partner-pin-remove"
    " partner-upload-place partner-upload-forget",
    Policy(reads=seat_at_work, writes=seat_at_work, area=AREA): "partner-upload partner-pin",
    Policy(reads=None, writes=seat, proof=True): "partner-download partner-archive-open",
    Policy(reads=seat): "partner-take",
    Policy(reads=seat, area="downloads"): "partner-archive",
    Policy(reads=seat, area="reviews"): "partner-reviews partner-review partner-review-picture partner-review-video",
    Policy(reads=None, writes=seat_at_work, proof=True, area="reviews"): "partner-decide",
}
PARTNER_REST = {
    Policy(reads=seat, area=AREA): "assets-list assets-detail asset-versions-detail",
    Policy(reads=seat, writes=seat_at_work, area=AREA): "asset-versions-list pins-list pins-detail",
    Policy(reads=None, writes=seat_at_work, area=AREA): "assets-submit assets-withdraw pins-replies"
    " pins-resolve pins-reopen",
    Policy(reads=None, writes=seat, proof=True): "downloads-list",
    Policy(reads=seat): "downloads-content",
    Policy(reads=None, writes=seat_at_work, area="reviews", proof=True): "review-steps-verdicts",
    Policy(reads=seat, area="reviews"): "review-steps-list review-steps-detail",
}
GUESTS = {GUEST: "look picture video file", GUEST_SAYS: "enter remark opinion answer"}
POLICY = (
    {
        f"{app}:{name}": policy
        for app, pages in (("assets", PAGES), ("assets", PARTNER_PAGES), ("guests", GUESTS))
        for policy, names in pages.items()
        for name in names.split()
    }
    | {
        f"api:{noun}-{verb}": policy
        for policy, nouns in REST.items()
        for noun, verbs in nouns.items()
        for verb in verbs.split()
    }
    | {f"api:partner-{name}": policy for policy, names in PARTNER_REST.items() for name in names.split()}
)
