"""Requests for money: ask, look, decide, withdraw; thresholds of a workspace."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.choices import BudgetRequestState
from campaigns.forms import BudgetAskForm, DecisionForm, ThresholdForm
from campaigns.models import ApprovalThreshold, BudgetRequest
from campaigns.permissions import can_budget, can_decide, can_set_thresholds
from campaigns.views import find_campaign, menu
from campaigns.views.budget import frame, line_of, line_page, tried, waiting_for
from core.errors import PharosError, require

PAGE = 50


def request_of(request, code, pk):
    """A request of the campaign of the address, or 404."""
    rows = BudgetRequest.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def requests(request, slug, code):
    campaign = find_campaign(request, code)
    rows = BudgetRequest.objects.visible_to(request.actor).of(campaign).listed()
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in BudgetRequestState.values else rows
    context = frame(
        request,
        campaign,
        "budget-requests",
        page=Paginator(rows, PAGE).get_page(request.GET.get("page")),
        menus=[menu(request, "state", _("State"), BudgetRequestState.choices)],
        waiting=waiting_for(request, campaign),
    )
    return render(request, "campaigns/budget_requests.html", context)


def one(request, slug, code, pk):
    return request_page(request, request_of(request, code, pk))


def request_page(request, row, form=None):
    """One request with its levels, and the decision where it is the person's turn."""
    actor = request.actor
    is_mine = row.requested_by_id == actor.user_id
    is_open = row.state == BudgetRequestState.OPEN
    has_decided = any(level.decided_by_id == actor.user_id for level in row.approvals.all())
    context = {
        "row": row,
        "campaign": row.campaign,
        "slug": row.campaign.workspace.slug,
        "form": form or DecisionForm(),
        "may_decide": is_open and not is_mine and not has_decided and can_decide(actor, row),
        "may_withdraw": is_open and is_mine and can_budget(actor, row),
        "is_mine": is_mine and is_open,
    }
    return render(request, "campaigns/budget_request.html", context, status=422 if form else 200)


@require_POST
def ask(request, slug, code, pk):
    """Ask something for the line of the address."""
    line = line_of(request, code, pk)
    form = BudgetAskForm(request.POST, actor=request.actor, line=line)
    if form.carries_out(lambda **typed: actions.ask_for_budget(request.actor, line=line, **typed)):
        messages.success(request, _("The request waits for its approval."))
        return redirect(line)
    return line_page(request, line, ask_form=form)


@require_POST
def ask_all(request, slug, code):
    campaign = find_campaign(request, code)
    try:
        rows = actions.ask_for_all(request.actor, campaign=campaign)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(n)d request waits for its approval.", "%(n)d requests wait for their approval.", len(rows))
        messages.success(request, text % {"n": len(rows)})
    return redirect("campaigns:budget", slug, code)


@require_POST
def decide(request, slug, code, pk):
    row = request_of(request, code, pk)
    require(can_decide(request.actor, row))
    form = DecisionForm(request.POST)
    if form.carries_out(lambda **typed: actions.decide_budget(request.actor, request=row, **typed)):
        messages.success(request, _decided(row))
        return redirect("campaigns:budget", slug, code) if request.POST.get("from") == "budget" else redirect(row)
    return request_page(request, row, form)


def _decided(row):
    if row.state == BudgetRequestState.APPROVED:
        return _("Approved: the money is in the line.")
    if row.state == BudgetRequestState.REJECTED:
        return _("Rejected.")
    return _("Approved: the next level decides now.")


@require_POST
def withdraw(request, slug, code, pk):
    row = request_of(request, code, pk)
    tried(request, lambda: actions.withdraw_request(request.actor, request=row), _("The request is withdrawn."))
    return redirect(row)


# --- thresholds -----------------------------------------------------------------------------------------------------


def thresholds(request, slug):
    form = ThresholdForm(request.POST or None, initial={"currency": request.actor.workspace.currency})
    if form.carries_out(lambda **typed: actions.create_threshold(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:thresholds", slug)
    return thresholds_page(request, form)


def threshold(request, slug, pk):
    row = get_object_or_404(ApprovalThreshold.objects.visible_to(request.actor), pk=pk)
    form = ThresholdForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_threshold(request.actor, threshold=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:thresholds", slug)
    return thresholds_page(request, form)


def thresholds_page(request, form):
    context = {
        "rows": ApprovalThreshold.objects.visible_to(request.actor),
        "form": form,
        "may_set": can_set_thresholds(request.actor),
        "slug": request.actor.workspace.slug,
    }
    failed = form.is_bound and form.errors
    return render(request, "campaigns/thresholds.html", context, status=422 if failed else 200)


@require_POST
def threshold_delete(request, slug, pk):
    row = get_object_or_404(ApprovalThreshold.objects.visible_to(request.actor), pk=pk)
    tried(request, lambda: actions.delete_threshold(request.actor, threshold=row), _("Deleted."))
    return redirect("campaigns:thresholds", slug)
