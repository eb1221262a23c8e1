"""Commitments: the settlement board, one commitment with its steps."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.choices import CommitmentState
from campaigns.forms import CommitmentForm, NewCommitmentForm, SettleForm
from campaigns.models import BudgetMovement, Commitment
from campaigns.permissions import can_account, can_budget
from campaigns.rules import settlement
from campaigns.views import find_campaign
from campaigns.views.budget import EXPORTS, exports, frame
from core.errors import PharosError
from core.export import table_response
from core.money import Money, sums

MOST_SHOWN = 60  # cards of a lane


def commitment_of(request, code, pk):
    """A commitment of the campaign of the address, or 404."""
    rows = Commitment.objects.visible_to(request.actor).listed()
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def settlement_board(request, slug, code):
    campaign = find_campaign(request, code)
    rows = list(Commitment.objects.visible_to(request.actor).of(campaign).listed().order_by("due_date", "created_at"))
    if request.GET.get("export") in EXPORTS:
        return export(request, campaign, rows)
    shown = [*settlement.FLOW, CommitmentState.CANCELLED]
    lanes = [_lane(state, [row for row in rows if row.state == state]) for state in shown]
    lanes = [lane for lane in lanes if lane["count"] or lane["state"] not in ("make_good", "cancelled")]
    context = frame(request, campaign, "settlement", lanes=lanes, has_rows=bool(rows), export=exports())
    return render(request, "campaigns/settlement.html", context)


def _lane(state, rows):
    money = sums(Money(row.amount - row.rebate_amount, row.currency) for row in rows)
    return {
        "state": state,
        "label": CommitmentState(state).label,
        "rows": rows[:MOST_SHOWN],
        "count": len(rows),
        "left": max(len(rows) - MOST_SHOWN, 0),
        "money": money,
    }


def export(request, campaign, rows):
    header = [_("What is booked"), _("Budget line"), _("Agency or vendor"), _("Order number"), _("State")]
    header += [
        _("Currency"),
        _("Booked"),
        _("Amount"),
        _("Delivered"),
        _("Make-good"),
        _("Rebate"),
        _("Invoice number"),
    ]
    header += [_("Booked on"), _("To be paid by"), _("Paid on")]
    cells = [
        [
            *(row.title, row.line.name, str(row.organization or ""), row.reference),
            *(capfirst(row.get_state_display()), row.currency, row.booked_amount, row.amount, row.delivered_amount),
            *(row.make_good_amount, row.rebate_amount, row.invoice_number, row.booked_date, row.due_date),
            row.paid_date,
        ]
        for row in rows
    ]
    return table_response(request.GET["export"], f"{campaign.code} {_('Settlement')}", header, cells)


def create(request, slug, code):
    campaign = find_campaign(request, code)
    offered = {name: request.GET[name] for name in ("line", "title", "amount", "organization") if name in request.GET}
    form = NewCommitmentForm(request.POST or None, actor=request.actor, campaign=campaign, initial=offered)
    if form.carries_out(lambda **typed: actions.commit_budget(request.actor, **typed)):
        messages.success(request, _("%(name)s is booked.") % {"name": form.result})
        return redirect(form.result)
    return form_page(request, "campaigns/commitment_form.html", form, campaign=campaign, slug=slug)


def edit(request, slug, code, pk):
    row = commitment_of(request, code, pk)
    form = CommitmentForm(request.POST or None, actor=request.actor, row=row)
    if form.carries_out(lambda **typed: actions.update_commitment(request.actor, commitment=row, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": row})
        return redirect(row)
    context = {"campaign": row.campaign, "slug": slug, "commitment": row}
    return form_page(request, "campaigns/commitment_form.html", form, **context)


def one(request, slug, code, pk):
    return commitment_page(request, commitment_of(request, code, pk))


def commitment_page(request, row, error=None, typed=None):
    """One commitment: where it stands, the steps that may follow, its movements."""
    actor = request.actor
    may = {True: can_account(actor, row), False: can_budget(actor, row)}
    steps = [step for step in settlement.open_to(row.state) if may[step.is_for_accountants]]
    context = {
        "row": row,
        "campaign": row.campaign,
        "slug": row.campaign.workspace.slug,
        "flow": _flow(row),
        "steps": steps,
        "typed": typed or {},
        "suggested": settlement.suggested(row.state, row.amount, row.delivered_amount, row.make_good_amount),
        "shortfall": settlement.shortfall(row.amount, row.delivered_amount, row.make_good_amount)
        if row.state in (CommitmentState.DELIVERED, CommitmentState.MAKE_GOOD)
        else 0,
        "movements": BudgetMovement.objects.visible_to(actor).filter(commitment=row).listed(),
        "may_budget": can_budget(actor, row),
        "error": error,
    }
    return render(request, "campaigns/commitment.html", context, status=422 if error else 200)


def _flow(row):
    """The way from booking to payment as a stepper; a make-good only where there is one."""
    states = [state for state in settlement.FLOW if state != "make_good" or row.make_good_amount is not None]
    if row.state not in states:
        return []
    at = states.index(row.state)
    return [
        {"label": capfirst(CommitmentState(state).label), "state": "done" if n < at else "now" if n == at else ""}
        for n, state in enumerate(states)
    ]


@require_POST
def step(request, slug, code, pk):
    row = commitment_of(request, code, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return commitment_page(request, row, " ".join(str(each[0]) for each in form.errors.values()), request.POST)
    try:
        actions.settle(request.actor, commitment=row, **form.cleaned_data)
    except PharosError as error:
        return commitment_page(request, commitment_of(request, code, pk), error, request.POST)
    words = {"name": row, "state": row.get_state_display()}
    messages.success(request, _("%(name)s is “%(state)s” now.") % words)
    return redirect(row)
