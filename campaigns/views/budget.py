"""The budget of a campaign: its lines with their sums, one line, the ledger; exports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.choices import MovementKind
from campaigns.forms import BudgetAskForm, BudgetLineForm, ReasonForm
from campaigns.models import BudgetLine, BudgetMovement, BudgetRequest, Commitment, budget_of
from campaigns.models.purse import GROUPS
from campaigns.permissions import can_account, can_budget, can_decide, roles_of
from campaigns.views import find_campaign, menu, offer_undo, undone, where
from core.errors import PharosError
from core.export import table_response

PAGE = 100
LATEST = 30
EXPORTS = ("csv", "xlsx")


def line_of(request, code, pk):
    """A line of the campaign of the address, archived ones too, or 404."""
    rows = BudgetLine.objects.visible_to(request.actor).listed().select_related("approved_by")
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def frame(request, campaign, view, **context):
    """What every page of the budget shows: its tabs, and what the actor may do."""
    slug = campaign.workspace.slug
    asked = BudgetRequest.objects.visible_to(request.actor).of(campaign).open()
    asked = set(asked.values_list("line_id", flat=True))
    tabs = [
        {"label": label, "url": reverse(f"campaigns:{name}", args=[slug, campaign.code]), "active": name == view}
        for name, label in (
            ("budget", pgettext("money", "Lines")),
            ("budget-requests", _("Requests")),
            ("settlement", _("Settlement")),
            ("budget-ledger", _("Ledger")),
        )
    ]
    tabs[1]["count"] = len(asked)
    return {
        "campaign": campaign,
        "slug": slug,
        "tabs": tabs,
        "may_budget": can_budget(request.actor, campaign),
        "may_account": can_account(request.actor, campaign),
        "asked": asked,
        **context,
    }


def tried(request, act, sentence):
    """Do an act and say so, or say why not; whether it was done."""
    try:
        act()
        messages.success(request, sentence)
    except PharosError as error:
        messages.error(request, str(error))
        return False
    return True


def exports():
    return [{"url": f"?export={kind}", "label": label} for kind, label in (("xlsx", "Excel"), ("csv", "CSV"))]


# --- all lines ------------------------------------------------------------------------------------------------------


def budget(request, slug, code):
    campaign = find_campaign(request, code)
    by = request.GET.get("by") if request.GET.get("by") in GROUPS else "category"
    with_tax = request.GET.get("tax") == "1"
    found = budget_of(request.actor, campaign, by=by, with_tax=with_tax)
    if request.GET.get("export") in EXPORTS:
        return export_lines(request, campaign, found)
    rows = [line.row for line in found.lines]
    context = frame(
        request,
        campaign,
        "budget",
        budget=found,
        with_tax=with_tax,
        menus=_menus(request),
        waiting=waiting_for(request, campaign),
        is_locked=bool(rows) and all(row.locked_at for row in rows),
        has_open=any(row.locked_at is None for row in rows),
        over_frame=_over_frame(campaign, found.total, with_tax),
        export=exports(),
    )
    lacking = [row.pk for row in rows if row.planned_amount > row.approved_amount and row.locked_at is None]
    context["may_ask"] = bool(set(lacking) - context["asked"])
    return render(request, "campaigns/budget.html", context)


def _menus(request):
    groups = [("phase", _("Phase")), ("channel", _("Channel"))]
    return [
        menu(request, "by", _("Group by"), groups, _("Category")),
        menu(request, "tax", _("Tax"), [("1", _("With tax"))], _("Without tax")),
    ]


def _over_frame(campaign, total, with_tax):
    """By how much more is approved than the campaign's frame; nothing to say where taxes are mixed in."""
    if campaign.budget_amount is None or with_tax:
        return None
    return max(total.approved - campaign.budget_amount, 0) or None


def waiting_for(request, campaign):
    """Requests of a campaign that this person may decide."""
    rows = BudgetRequest.objects.visible_to(request.actor).of(campaign).listed()
    found = rows.waiting_for(request.actor, roles_of(request.actor))[:LATEST]
    return [row for row in found if can_decide(request.actor, row)]


def export_lines(request, campaign, found):
    """The lines as the page shows them, sums left to the spreadsheet."""
    header = [_("Name"), _("Category"), _("Phase"), _("Channel"), _("Agency or vendor"), _("Owner"), _("Currency")]
    header += [
        _("Tax %"),
        _("Planned"),
        pgettext("money", "Approved"),
        _("Committed"),
        _("Available"),
        _("Paid"),
        _("Note"),
    ]
    rows = [
        [
            row.name,
            capfirst(row.get_category_display()),
            *(str(each or "") for each in (row.phase, row.channel and row.channel.label, row.organization, row.owner)),
            row.currency,
            row.tax_rate,
            *(getattr(own, name) for name in ("planned", "approved", "committed", "available", "paid")),
            row.note,
        ]
        for row, own in ((line.row, line.own) for line in found.lines)
    ]
    return table_response(request.GET["export"], f"{campaign.code} {_('Budget')}", header, rows)


def ledger(request, slug, code):
    campaign = find_campaign(request, code)
    rows = BudgetMovement.objects.visible_to(request.actor).of(campaign).listed()
    kind = request.GET.get("kind", "")
    rows = rows.filter(kind=kind) if kind in MovementKind.values else rows
    if request.GET.get("export") in EXPORTS:
        return export_ledger(request, campaign, rows)
    context = frame(
        request,
        campaign,
        "budget-ledger",
        page=Paginator(rows, PAGE).get_page(request.GET.get("page")),
        menus=[menu(request, "kind", _("Kind"), MovementKind.choices)],
        export=exports(),
    )
    return render(request, "campaigns/budget_ledger.html", context)


def export_ledger(request, campaign, rows):
    header = [_("Day"), _("Kind"), _("From"), _("Account"), _("To"), _("Account"), _("Amount"), _("Currency")]
    header += [_("Reason"), _("Made by"), _("Approved by")]
    cells = [
        [
            row.date,
            capfirst(row.get_kind_display()),
            str(row.from_line or ""),
            row.get_from_account_display(),
            str(row.to_line or ""),
            row.get_to_account_display(),
            row.amount,
            row.currency,
            row.reason,
            str(row.made_by),
            str(row.approved_by or ""),
        ]
        for row in rows
    ]
    return table_response(request.GET["export"], f"{campaign.code} {_('Ledger')}", header, cells)


# --- one line -------------------------------------------------------------------------------------------------------


def create(request, slug, code):
    campaign = find_campaign(request, code)
    form = BudgetLineForm(request.POST or None, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.create_budget_line(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("%(name)s is in the budget.") % {"name": form.result})
        return redirect("campaigns:budget", slug, code)
    return form_page(request, "campaigns/budget_line_form.html", form, campaign=campaign, slug=slug)


def edit(request, slug, code, pk):
    line = line_of(request, code, pk)
    form = BudgetLineForm(request.POST or None, actor=request.actor, campaign=line.campaign, row=line)
    if form.carries_out(lambda **typed: actions.update_budget_line(request.actor, line=line, **typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": line})
        return redirect(line)
    context = {"campaign": line.campaign, "slug": slug, "line": line}
    return form_page(request, "campaigns/budget_line_form.html", form, **context)


def line(request, slug, code, pk):
    return line_page(request, line_of(request, code, pk))


def line_page(request, line, ask_form=None, reason_form=None):
    """One line with its requests, commitments and movements; a refused form shows what is wrong."""
    actor, campaign = request.actor, line.campaign
    may_budget = can_budget(actor, line)
    context = {
        "line": line,
        "campaign": campaign,
        "slug": campaign.workspace.slug,
        "own": line.figures,
        "taxed": line.figures.taxed(line.tax_rate).rounded(line.currency),
        "requests": BudgetRequest.objects.visible_to(actor).filter(line=line).listed()[:LATEST],
        "commitments": Commitment.objects.visible_to(actor).filter(line=line).listed()[:LATEST],
        "movements": BudgetMovement.objects.visible_to(actor).touching(line).listed()[:LATEST],
        "may_budget": may_budget,
        "may_account": can_account(actor, line),
        "ask_form": ask_form or (BudgetAskForm(actor=actor, line=line) if may_budget else None),
        "reason_form": reason_form,
    }
    failed = any(form and form.is_bound and form.errors for form in (ask_form, reason_form))
    return render(request, "campaigns/budget_line.html", context, status=422 if failed else 200)


@require_POST
def archive(request, slug, code, pk):
    line = line_of(request, code, pk)
    try:
        actions.archive_budget_line(request.actor, line=line)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(line)
    offer_undo(
        request,
        _("%(name)s is archived.") % {"name": line},
        reverse("campaigns:budget-line-restore", args=[slug, code, pk]),
    )
    return redirect("campaigns:budget", slug, code)


@require_POST
def restore(request, slug, code, pk):
    line = actions.restore_budget_line(request.actor, line=line_of(request, code, pk))
    return undone(request, _("%(name)s is back in the budget.") % {"name": line}, line.get_absolute_url())


@require_POST
def lock(request, slug, code):
    """Lock the line named in `line`, else the whole budget."""
    campaign = find_campaign(request, code)
    keys = request.POST.getlist("line")
    known = BudgetLine.objects.visible_to(request.actor).of(campaign).listed()
    rows = [get_object_or_404(where(known, "pk", key or "none")) for key in keys] if keys else None
    tried(request, lambda: actions.lock_budget(request.actor, campaign=campaign, lines=rows), _("Locked."))
    return redirect(rows[0]) if rows and len(rows) == 1 else redirect("campaigns:budget", slug, code)


@require_POST
def unlock(request, slug, code, pk):
    line = line_of(request, code, pk)
    form = ReasonForm(request.POST)
    if form.carries_out(lambda **typed: actions.unlock_budget_line(request.actor, line=line, **typed)):
        messages.success(request, _("Unlocked."))
        return redirect(line)
    return line_page(request, line, reason_form=form)
