"""Acts on requests for money: ask, decide level by level, withdraw; mail to whoever waits."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Membership
from campaigns.actions.budget import check_living, check_unlocked
from campaigns.actions.goals import check_campaign
from campaigns.actions.ledger import hold, person_of, post
from campaigns.actions.writing import once, today_of
from campaigns.choices import BudgetDecision, BudgetRequestKind, BudgetRequestState, MovementKind
from campaigns.models import ApprovalThreshold, BudgetApproval, BudgetLine, BudgetRequest, ExchangeRate
from campaigns.permissions import can_budget, can_decide
from campaigns.rules.budget import check_amount, check_own, check_words, levels
from campaigns.rules.rates import Rates, missing_rate
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.jobs import enqueue
from core.money import minor_digits
from core.swap import swap

MOVEMENTS = {
    BudgetRequestKind.RAISE: MovementKind.APPROVAL,
    BudgetRequestKind.REDUCE: MovementKind.REDUCTION,
    BudgetRequestKind.TRANSFER: MovementKind.TRANSFER,
}
LOOK_AFTER_MONEY = (Role.OWNER, Role.MANAGER, Role.FINANCE)


@transaction.atomic
def ask_for_budget(actor, *, line, amount, reason, kind=BudgetRequestKind.RAISE, to_line=None):
    """Ask that a line gets an amount, gives it back, or hands it to another line of the campaign."""
    require(can_budget(actor, line))
    line, to_line = hold(line, to_line)
    _check_ends(line, to_line, kind)
    check_amount(amount, line.currency)
    if not reason.strip():
        sentence = _("Say what it is for.")
        raise Invalid(sentence, code="reason_given", errors={"reason": sentence})
    if kind != BudgetRequestKind.RAISE and amount > line.available_amount:
        sentence = _("So much is not available in “%(name)s”.") % {"name": line}
        raise RuleBroken(sentence, code="over_budget", errors={"amount": sentence})
    roles = levels(_weights(line, to_line, kind, amount), _thresholds(line))
    with once("line", _("There is an open request for this line already.")):
        row = BudgetRequest.objects.create(
            workspace_id=line.workspace_id,
            campaign_id=line.campaign_id,
            kind=kind,
            line=line,
            to_line=to_line,
            amount=amount,
            currency=line.currency,
            reason=reason.strip(),
            requested_by=person_of(actor),
            waiting_role=roles[0],
        )
    BudgetApproval.objects.bulk_create(
        BudgetApproval(workspace_id=row.workspace_id, campaign_id=row.campaign_id, request=row, level=level, role=role)
        for level, role in enumerate(roles, 1)
    )
    record(actor, "campaigns.budget_asked", row, changes={"amount": [None, f"{amount:f} {row.currency}"]})
    _tell_deciders(row)
    return row


def _check_ends(line, to_line, kind):
    for one in (line, to_line):
        if one is not None:
            check_living(one)
            check_unlocked(one)
    if (kind == BudgetRequestKind.TRANSFER) != (to_line is not None):
        sentence = _("Say to which line the money goes; only a move to another line has one.")
        raise Invalid(sentence, code="to_line", errors={"to_line": sentence})
    if to_line is None:
        return
    check_campaign(line.campaign, to_line=to_line)
    if to_line.pk == line.pk or to_line.currency != line.currency:
        sentence = _("Choose another line of the same currency.")
        raise Invalid(sentence, code="to_line", errors={"to_line": sentence})


def _thresholds(line):
    rows = ApprovalThreshold.objects.filter(workspace_id=line.workspace_id)
    return list(rows.values_list("from_amount", "currency", "role"))


def _weights(line, to_line, kind, amount):
    """{currency of a threshold: what is weighed against it}: what the line that gets money would have in all, so that
    a large sum in small pieces needs the same approval; for money given back the amount alone."""
    weight = amount if kind == BudgetRequestKind.REDUCE else (to_line or line).approved_amount + amount
    today, found = today_of(line.campaign), {}
    rows = ExchangeRate.objects.filter(workspace_id=line.workspace_id, date=today)
    rates = Rates(list(rows.values_list("date", "base", "quote", "rate")))
    for _amount, currency, _role in _thresholds(line):
        rate = rates.rate(today, line.currency, currency)
        if rate is None:
            raise missing_rate(today, line.currency, currency)
        found[currency] = weight * rate
    return found


@transaction.atomic
def ask_for_all(actor, *, campaign, reason=""):
    """Ask at once for what the plan of each open line has more than is approved; lines with an open request are left
    out."""
    require(can_budget(actor, campaign))
    rows = BudgetLine.objects.of(campaign).active().filter(locked_at=None)
    rows = rows.exclude(requests__state=BudgetRequestState.OPEN)
    found = [
        ask_for_budget(
            actor,
            line=line,
            amount=line.planned_amount - line.approved_amount,
            reason=reason.strip() or _("As planned"),
        )
        for line in rows
        if line.planned_amount > line.approved_amount
    ]
    if not found:
        raise RuleBroken(_("Everything that is planned is approved or asked for already."), code="nothing")
    return found


@transaction.atomic
def decide_budget(actor, *, request, decision, words="", seen=None):
    """Approve or reject the level of a request whose turn it is; the last approval moves the money."""
    if request.state != BudgetRequestState.OPEN:
        raise RuleBroken(_("This request is decided already."), code="decided")
    person = person_of(actor)
    decided = request.approvals.filter(decided_by=person).exists()
    check_own(request.requested_by_id == person.pk, decided)
    require(can_decide(actor, request))
    check_words(decision, words)
    total = request.approvals.count()
    changes = _after(request, decision, total)
    diff = swap(request, seen=seen, **changes)
    level = request.approvals.get(level=diff["level"][0] if "level" in diff else request.level)
    swap(level, decision=decision, words=words.strip(), decided_by=person, decided_at=timezone.now())
    record(actor, VERBS[decision], request, changes=_told(level, diff, words))
    if request.state == BudgetRequestState.APPROVED:
        _move(actor, request, person)
    _tell_after(request)
    return request


VERBS = {
    BudgetDecision.APPROVE: "campaigns.budget_approved",
    BudgetDecision.REJECT: "campaigns.budget_rejected",
}


def _after(request, decision, total):
    """The request's fields after a decision."""
    if decision == BudgetDecision.REJECT:
        return {"state": BudgetRequestState.REJECTED, "decided_at": timezone.now()}
    if request.level == total:
        return {"state": BudgetRequestState.APPROVED, "decided_at": timezone.now()}
    following = request.approvals.get(level=request.level + 1)
    return {"level": following.level, "waiting_role": following.role}


def _told(level, diff, words):
    said = {"words": ["", words.strip()]} if words.strip() else {}
    return {name: diff[name] for name in ("state", "level") if name in diff} | said


def _move(actor, request, person):
    """The movement a request asked for."""
    is_raise = request.kind == BudgetRequestKind.RAISE
    ends = {"to_line": request.line} if is_raise else {"from_line": request.line, "to_line": request.to_line}
    post(
        actor,
        kind=MOVEMENTS[request.kind],
        amount=request.amount,
        reason=request.reason,
        approved_by=person,
        request=request,
        **ends,
    )


@transaction.atomic
def withdraw_request(actor, *, request, seen=None):
    """Take one's own request back while it is open."""
    require(can_budget(actor, request) and request.requested_by_id == person_of(actor).pk)
    if request.state != BudgetRequestState.OPEN:
        raise RuleBroken(_("This request is decided already."), code="decided")
    diff = swap(request, seen=seen, state=BudgetRequestState.WITHDRAWN, decided_at=timezone.now())
    record(actor, "campaigns.budget_withdrawn", request, changes={"state": diff["state"]})
    return request


# --- mail -----------------------------------------------------------------------------------------------------------


def deciders_of(request):
    """Members whose turn it is: of the level's role, without whoever asked or decided on an earlier level."""
    roles = [request.waiting_role] if request.waiting_role else LOOK_AFTER_MONEY
    decided = request.approvals.exclude(decided_by=None).values("decided_by")
    rows = Membership.objects.filter(workspace_id=request.workspace_id).of_people().filter(role__in=roles)
    return rows.exclude(user=request.requested_by_id).exclude(user__in=decided).select_related("user")


def _tell_deciders(request):
    enqueue("campaigns.tell_deciders", workspace_id=request.workspace_id, request_id=request.pk, level=request.level)


def _tell_after(request):
    if request.state == BudgetRequestState.OPEN:
        _tell_deciders(request)
    else:
        enqueue("campaigns.tell_requester", workspace_id=request.workspace_id, request_id=request.pk)


def tell_deciders(request):
    """The mail to everybody whose turn it is."""
    for member in deciders_of(request).filter(user__is_active=True):
        _mail("budget_waits", request, member.user)


def tell_requester(request):
    """The mail to whoever asked: what was decided, by whom, with which words."""
    decided = request.approvals.exclude(decided_by=None).select_related("decided_by").last()
    _mail("budget_decided", request, request.requested_by, decided=decided)


def _mail(name, request, user, **more):
    if not user.email:
        return
    with translation.override(user.language or request.workspace.language):
        digits = minor_digits(request.currency)
        words = {"asked": request, "user": user, "amount": f"{request.amount:,.{digits}f} {request.currency}", **more}
        words["url"] = f"{settings.BASE_URL}{request.get_absolute_url()}"
        subject = " ".join(render_to_string(f"campaigns/mail/{name}_subject.txt", words).split())
        send_mail(subject, render_to_string(f"campaigns/mail/{name}.txt", words), None, [user.email])
