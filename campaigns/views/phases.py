"""Phases and promotion waves: one table that is edited row by row, and a strip of time."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.forms import PhaseForm
from campaigns.models import Phase
from campaigns.permissions import can_plan
from campaigns.rules.strip import marks, share
from campaigns.views import find_campaign
from core.errors import PharosError


def find(request, campaign, pk):
    return get_object_or_404(Phase.objects.visible_to(request.actor).of(campaign), pk=pk)


def phases(request, slug, code):
    campaign = find_campaign(request, code)
    form = PhaseForm(request.POST or None, prefix="new")
    if form.carries_out(lambda **typed: actions.create_phase(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:phases", slug, code)
    return page(request, campaign, new=form)


@require_POST
def phase(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = find(request, campaign, pk)
    form = PhaseForm(request.POST, row=row, prefix=str(pk))
    if form.carries_out(lambda **typed: actions.update_phase(request.actor, phase=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:phases", slug, code)
    return page(request, campaign, changed=form)


@require_POST
def delete(request, slug, code, pk):
    campaign = find_campaign(request, code)
    try:
        actions.delete_phase(request.actor, phase=find(request, campaign, pk))
        messages.success(request, _("Deleted."))
    except PharosError as error:
        messages.error(request, str(error))
    return redirect("campaigns:phases", slug, code)


def page(request, campaign, new=None, changed=None):
    """The table with the form that was refused, if any."""
    rows = list(Phase.objects.visible_to(request.actor).of(campaign))
    forms = [
        changed if changed and changed.row.pk == row.pk else PhaseForm(row=row, prefix=str(row.pk)) for row in rows
    ]
    first = min([campaign.start_date, *(row.start_date for row in rows)])
    last = max([campaign.finish_date, *(row.finish_date for row in rows)])
    for row in rows:
        row.place = share(row.start_date, row.finish_date, first, last)
    blank = PhaseForm(prefix="new", initial={"start_date": campaign.start_date, "finish_date": campaign.finish_date})
    context = {
        "campaign": campaign,
        "rows": list(zip(rows, forms, strict=True)),
        "new": new if new and new.is_bound else blank,
        "changed": changed,
        "marks": marks(first, last),
        "may_plan": can_plan(request.actor, campaign),
    }
    failed = any(form and form.errors for form in (new, changed))
    return render(request, "campaigns/phases.html", context, status=422 if failed else 200)
