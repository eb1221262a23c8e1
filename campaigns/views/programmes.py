"""Programmes: groups of campaigns with their budgets and KPIs added up."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.forms import ProgrammeForm
from campaigns.models import Campaign, Kpi, Programme
from campaigns.permissions import can_create_campaign, can_plan
from campaigns.views import offer_undo, undone
from core.money import sums


def find(request, pk):
    return get_object_or_404(Programme.objects.visible_to(request.actor), pk=pk)


def programmes(request, slug):
    living = Q(campaigns__archived_at=None, campaigns__isnull=False)
    rows = Programme.objects.visible_to(request.actor).annotate(count=Count("campaigns", filter=living))
    archived = request.GET.get("archived") == "1"
    rows = list(rows.exclude(archived_at=None) if archived else rows.active())
    budgets = {}
    for campaign in Campaign.objects.visible_to(request.actor).active().exclude(programme=None):
        budgets.setdefault(campaign.programme_id, []).append(campaign)
    for row in rows:
        row.budgets = budgets_of(budgets.get(row.pk, []))
    context = {"programmes": rows, "archived": archived, "may_create": can_create_campaign(request.actor)}
    return render(request, "campaigns/programmes.html", context)


def budgets_of(campaigns):
    """The budget frames of campaigns, one sum a currency."""
    return sums(campaign.budget for campaign in campaigns if campaign.budget)


def programme(request, slug, pk):
    row = find(request, pk)
    campaigns = list(Campaign.objects.visible_to(request.actor).active().filter(programme=row).with_people())
    kpis = measurable_kpis(campaigns)
    for campaign in campaigns:
        campaign.kpi_count, campaign.kpi_ready = kpis.get(campaign.pk, (0, 0))
    context = {
        "programme": row,
        "campaigns": campaigns,
        "budgets": budgets_of(campaigns),
        "kpi_count": sum(campaign.kpi_count for campaign in campaigns),
        "kpi_ready": sum(campaign.kpi_ready for campaign in campaigns),
        "may_plan": can_plan(request.actor, row),
    }
    return render(request, "campaigns/programme.html", context)


def measurable_kpis(campaigns):
    """{campaign id: (KPIs, those of them that lack nothing)}."""
    found = {}
    for kpi in Kpi.objects.active().filter(campaign__in=campaigns).with_words():
        count, ready = found.get(kpi.campaign_id, (0, 0))
        found[kpi.campaign_id] = (count + 1, ready + (not kpi.findings()))
    return found


def create(request, slug):
    form = ProgrammeForm(request.POST or None)
    if form.carries_out(lambda **typed: actions.create_programme(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:programme", slug, form.result.pk)
    return form_page(request, "campaigns/programme_form.html", form)


def edit(request, slug, pk):
    row = find(request, pk)
    form = ProgrammeForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_programme(request.actor, programme=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:programme", slug, pk)
    return form_page(request, "campaigns/programme_form.html", form, programme=row)


@require_POST
def archive(request, slug, pk):
    row = actions.archive_programme(request.actor, programme=find(request, pk))
    undo = reverse("campaigns:programme-restore", args=[slug, pk])
    offer_undo(request, _("“%(name)s” is archived.") % {"name": row}, undo)
    return redirect("campaigns:programmes", slug)


@require_POST
def restore(request, slug, pk):
    row = actions.restore_programme(request.actor, programme=find(request, pk))
    return undone(request, _("“%(name)s” is back.") % {"name": row}, reverse("campaigns:programme", args=[slug, pk]))
