"""Who may do what in campaigns."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.permissions import partner_may
from campaigns.rules.questions import answers
from core.errors import No, RuleBroken
from core.policy import Policy, manager, member, planner, role_in, seat, seat_at_work

MONEY = "budget"
commenter = role_in(*(role for role in Role.values if role != Role.VIEWER))
signers = commenter.roles
accountant = role_in(Role.OWNER, Role.MANAGER, Role.FINANCE)
budgeter = role_in(Role.OWNER, Role.MANAGER, Role.MEMBER, Role.FINANCE)


def _within(actor, thing, area=""):
    """The thing lies in the actor's workspace and, for who is limited, in a campaign whose section (of the thing, or
    `area`) they may write."""
    if thing.workspace_id != actor.workspace_id:
        return False
    reached = actor.campaigns_of(area or getattr(thing, "AREA", thing._meta.app_label), "write")
    campaign_id = thing.pk if thing._meta.label_lower == "campaigns.campaign" else getattr(thing, "campaign_id", None)
    return reached is None or campaign_id in reached


def is_open(thing):
    """Nothing in an archived campaign is edited until it is restored: True, or a No that says so."""
    campaign = thing if thing._meta.label_lower == "campaigns.campaign" else getattr(thing, "campaign", None)
    if campaign is None or campaign.archived_at is None:
        return True
    return No(RuleBroken(_("This campaign is archived. Restore it before you change anything in it."), code="archived"))


def can_plan(actor, thing, area=""):
    """Change the plan: campaign, phases, brief, goals, notes. `area` is the section that the act belongs to, where the
    thing does not say it: making a task asks with the campaign."""
    return planner(actor) and _within(actor, thing, area) and is_open(thing)


def can_create_campaign(actor):
    """A key that is limited to some campaigns makes no new ones."""
    return planner(actor) and not actor.is_limited


def can_move(actor, campaign):
    """Bring a campaign into another state."""
    return can_lead(actor, campaign) and is_open(campaign)


def can_lead(actor, campaign):
    """Archive and restore a campaign: managers, and its owner."""
    return _within(actor, campaign) and (manager(actor) or (planner(actor) and actor.user_id == campaign.owner_id))


def can_override(actor, campaign):
    """Launch although the readiness board says no: managers."""
    return manager(actor) and _within(actor, campaign) and is_open(campaign)


def _own_or_planned(actor, thing, person_id):
    is_theirs = commenter(actor) and actor.user_id == person_id
    return _within(actor, thing) and (planner(actor) or is_theirs) and is_open(thing)


def can_prove(actor, item):
    """Bring an access on and prove it: whoever plans, and the item's owner."""
    return _own_or_planned(actor, item, item.owner_id)


def can_sign(actor, line):
    """A line of the readiness board is signed by the person it names and nobody else, hence never by a program."""
    return commenter(actor) and _within(actor, line) and actor.user_id == line.owner_id and is_open(line)


def can_withdraw(actor, line):
    """A signature is taken back by whoever gave it, and by managers."""
    mine = commenter(actor) and _within(actor, line) and actor.user_id == line.signed_by_id
    return (mine or (manager(actor) and _within(actor, line))) and is_open(line)


def can_comment(actor, thing, area=""):
    """Speak in a campaign, in a section of it where `area` or the thing says so."""
    return commenter(actor) and _within(actor, thing, area) and is_open(thing)


def can_rewrite(actor, comment):
    """A comment is its author's alone."""
    return commenter(actor) and _within(actor, comment) and comment.author_id == actor.user_id and is_open(comment)


def can_remove_comment(actor, comment):
    """The author takes a comment back; managers may take away any."""
    return can_rewrite(actor, comment) or (manager(actor) and _within(actor, comment) and is_open(comment))


def can_ask(actor, campaign):
    """Ask a question: whoever may speak in the campaign, and seats to whom questions were granted."""
    return can_comment(actor, campaign) or (partner_may(actor, campaign, "questions") and is_open(campaign))


def _is_party(actor, question):
    """The people of the client, and seats of the organisation that the question is with."""
    return can_comment(actor, question) or (partner_may(actor, question, "questions") and is_open(question))


def can_answer(actor, question):
    """Answer: the side that was asked; the client also writes down what it was told."""
    asked = {"is_partners": question.organization_id is not None, "asked_at_seat": question.asked_by.kind == "seat"}
    return _is_party(actor, question) and answers(is_seat=actor.seat is not None, **asked)


def can_close(actor, question):
    """Close a question and open it again: whoever asked it or is of the side that asked, and whoever plans."""
    if actor.seat is not None:
        return _is_party(actor, question) and question.asked_by.kind == "seat"
    return _is_party(actor, question) and (planner(actor) or actor.user_id == question.asked_by_id)


def can_name(actor):
    """Add to and rename the words of the workspace: metrics, channels, markets."""
    return manager(actor) and not actor.is_limited


def can_rate(actor):
    """State exchange rates."""
    return accountant(actor) and not actor.is_limited


def can_budget(actor, thing):
    """Plan budget lines, ask for money, book commitments: whoever plans, and finance."""
    return budgeter(actor) and _within(actor, thing, MONEY) and is_open(thing)


def can_account(actor, thing):
    """Lock the budget and unlock it, mark commitments as paid."""
    return accountant(actor) and _within(actor, thing, MONEY) and is_open(thing)


def roles_of(actor):
    """The levels this person may decide: their own role's, those of anybody who looks after money; owners all."""
    if actor.role == Role.OWNER:
        return ["", *Role.values]
    return [actor.role, *([""] if accountant(actor) else [])] if actor.role else []


def can_decide(actor, request):
    """Decide on a request where the level whose turn it is belongs to the actor's role."""
    return request.waiting_role in roles_of(actor) and _within(actor, request) and is_open(request)


def can_set_thresholds(actor):
    """Say from which amount on which role approves."""
    return manager(actor) and not actor.is_limited


def _policies(names, policy):
    return dict.fromkeys(names, policy)


AREA = "campaigns"
READ = Policy(reads=member, area=AREA)
WORK = Policy(reads=member, writes=planner, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)
TALK = Policy(reads=member, writes=commenter, area=AREA)
WORDS = Policy(reads=member, writes=manager, area=AREA)
EDIT_WORDS = Policy(reads=manager, writes=manager, area=AREA)
RATES = Policy(reads=member, writes=accountant, area=AREA)
SEE_MONEY = Policy(reads=member, area=MONEY)
KEEP_MONEY = Policy(reads=member, writes=budgeter, area=MONEY)
EDIT_MONEY = Policy(reads=budgeter, writes=budgeter, area=MONEY)
LOCK_MONEY = Policy(writes=accountant, reads=None, area=MONEY)
DECIDE = Policy(reads=None, writes=commenter, area=MONEY)  # which level is whose is data: the act asks
LEVELS = Policy(reads=member, writes=manager, area=MONEY)

PAGES = {
    READ: (
        "list programmes programme team brief brief-versions brief-version brief-compare kpi goal-kpis people-json "
        "readiness-file access-proof-file access-export questions question"
    ),
    WORK: (
        "settings member-add member-remove function-add function-remove delegation-add delegation-remove contact-add "
        "contact-remove transition archive restore programme-archive programme-restore phases phase phase-delete "
        "brief-share brief-unshare goals goal-move goal-archive goal-restore kpi-archive kpi-restore kpi-targets notes "
        "note note-delete readiness-archive readiness-restore readiness-keep launch access-archive access-restore"
    ),
    EDIT: (
        "create programme-create programme-edit brief-edit brief-split goal-create goal-edit kpi-create kpi-edit "
        "note-form function delegation contact readiness-add readiness-edit access-add access-edit"
    ),
    TALK: (
        "comments comment comment-delete question-ask question-answer question-close question-reopen "
        "readiness-line readiness-withdraw access access-item access-mark "
        "access-proof-withdraw"
    ),
    WORDS: "vocabulary word-archive word-restore formula",
    EDIT_WORDS: "word-create word-edit grants grant grant-end",
    RATES: "exchange-rates exchange-rate-delete exchange-rates-paste",
    SEE_MONEY: "budget budget-ledger budget-requests budget-request settlement",
    KEEP_MONEY: (
        "budget-line budget-line-archive budget-line-restore budget-ask-all budget-withdraw commitment commitment-step"
    ),
    EDIT_MONEY: "budget-line-create budget-line-edit budget-ask budget-import commitment-create commitment-edit",
    LOCK_MONEY: "budget-lock budget-unlock",
    DECIDE: "budget-decide",
    LEVELS: "thresholds threshold threshold-delete",
}
REST = {
    WORK: {
        "programmes": "list detail archive restore",
        "campaigns": "list detail transitions archive restore",
        "phases": "list detail",
        "campaign-members": "list detail",
        "campaign-functions": "list detail",
        "delegations": "list detail",
        "contact-points": "list detail",
        "briefs": "list detail split",
        "brief-versions": "list detail diff",
        "brief-shares": "list detail",
        "goals": "list detail move restore",
        "kpis": "list detail targets restore",
        "kpi-targets": "list detail",
        "annotations": "list detail",
    },
    READ: {"readiness": "list"},
    TALK: {
        "comments": "list detail",
        "questions": "list detail answer close reopen",
        "access-items": "list detail restore mark proofs",
        "access-proofs": "list detail content",
        "readiness-lines": "list detail restore sign withdraw content",
        "readiness-snapshots": "list detail",
    },
    EDIT_WORDS: {"grants": "list detail"},
    WORDS: {"metrics": "list detail restore", "channels": "list detail restore", "markets": "list detail restore"},
    RATES: {"exchange-rates": "list detail paste"},
    KEEP_MONEY: {
        "budget-lines": "list detail archive restore import ask-all totals",
        "budget-requests": "list detail withdraw",
        "commitments": "list detail steps",
    },
    SEE_MONEY: {"budget-movements": "list detail"},
    LOCK_MONEY: {"budget-lines": "lock unlock"},
    DECIDE: {"budget-requests": "decide"},
    LEVELS: {"approval-thresholds": "list detail"},
}
SEAT_READS_BRIEF = Policy(reads=seat, area="brief")
SEAT_ASKS = Policy(reads=None, writes=seat_at_work, area="questions")
SEAT_READS = Policy(reads=seat, area="questions")
PAGES |= {
    SEAT_READS_BRIEF: "partner-briefs",
    SEAT_READS: "partner-questions partner-question",
    SEAT_ASKS: "partner-question-ask partner-question-answer partner-question-close partner-question-reopen",
}
REST |= {
    Policy(reads=seat): {"partner-campaigns": "list detail"},
    SEAT_READS_BRIEF: {"partner-briefs": "list detail"},
    SEAT_READS: {"partner-questions": "detail"},
    Policy(reads=seat, writes=seat_at_work, area="questions"): {"partner-questions": "list"},
    SEAT_ASKS: {"partner-questions": "answer close reopen"},
}
POLICY = {f"campaigns:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
