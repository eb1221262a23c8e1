"""One KPI: what it is, its plan by day and by phase, comments and activity."""

from decimal import Decimal

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.actions.targets import pasted_values, spread_values
from campaigns.charts import plan_bars
from campaigns.forms import TargetsForm
from campaigns.forms.goals import phase_targets
from campaigns.models import KpiTarget, Phase
from campaigns.permissions import can_plan
from campaigns.rules import targets
from campaigns.views import find_campaign
from campaigns.views.comments import thread
from campaigns.views.goals import find_kpi
from core.errors import PharosError
from core.models import Activity
from core.money import decimal_text

MOST_ACTIVITY = 20


def kpi(request, slug, code, pk):
    campaign = find_campaign(request, code)
    return page(request, campaign, find_kpi(request, campaign, pk))


def page(request, campaign, row, **more):
    """The KPI with its targets; `more` holds a refused form or a preview."""
    parts = list(KpiTarget.objects.visible_to(request.actor).filter(kpi=row).select_related("phase"))
    by_day = {part.date: part.value for part in sorted(parts, key=lambda part: str(part.date)) if part.date}
    by_phase = {part.phase_id: part.value for part in parts if part.phase_id}
    form = more.pop("form", None) or TargetsForm(
        row=row, initial={"lock_version": row.lock_version, "text": as_column(by_day)}
    )
    context = {
        "campaign": campaign,
        "kpi": row,
        "findings": row.findings(),
        "by_day": by_day,
        "plan": summary(row, by_day.values()) if by_day else None,
        "bars": plan_bars(by_day),
        "phases": [(phase, by_phase.get(phase.pk)) for phase in Phase.objects.visible_to(request.actor).of(campaign)],
        "phase_plan": summary(row, by_phase.values()) if by_phase else None,
        "form": form,
        "weekdays": [form[f"w{number}"] for number in range(7)],
        "activities": Activity.objects.visible_to(request.actor).about(row.pk)[:MOST_ACTIVITY],
        "may_plan": can_plan(request.actor, campaign) and row.archived_at is None,
        **thread(request, campaign, row),
        **more,
    }
    failed = form.errors or more.get("phase_errors")
    return render(request, "campaigns/kpi.html", context, status=422 if failed else 200)


def as_column(by_day):
    """The plan as two columns, to be changed and pasted back."""
    return "\n".join(f"{day.isoformat()}\t{decimal_text(value)}" for day, value in by_day.items())


def summary(row, values):
    """What the parts add up to, and a sentence where that is not the target (of metrics that add up)."""
    values = list(values)
    gap = ""
    if row.is_additive and row.target_value is not None:
        try:
            targets.check_total(row.target_value, values)
        except PharosError as error:
            gap = str(error)
    return {"count": len(values), "total": sum(values, Decimal(0)) if row.is_additive else None, "gap": gap}


@require_POST
def set_targets(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = find_kpi(request, campaign, pk)
    if "phases" in request.POST:
        return set_phases(request, campaign, row)
    form = TargetsForm(request.POST, row=row)
    if form.is_valid() and not form.cleaned_data["confirm"]:
        return preview(request, campaign, row, form)
    if form.carries_out(lambda seen=None, **typed: save(request.actor, row, form, seen)):
        messages.success(request, _("The plan by day is saved."))
        return redirect("campaigns:kpi", slug, code, pk)
    return page(request, campaign, row, form=form)


def save(actor, row, form, seen):
    """Carry out what the form asks for."""
    mode = form.cleaned_data["mode"]
    if mode == targets.PASTE:
        return actions.paste_day_targets(actor, kpi=row, text=form.cleaned_data["text"], seen=seen)
    if mode == "clear":
        return actions.set_day_targets(actor, kpi=row, values={}, seen=seen)
    return actions.spread_target(actor, kpi=row, kind=mode, weights=form.weights, seen=seen)


def preview(request, campaign, row, form):
    """The plan as it would be, before anything is written."""
    mode = form.cleaned_data["mode"]
    try:
        if mode == targets.PASTE:
            values = pasted_values(row, form.cleaned_data["text"])
        else:
            values = {} if mode == "clear" else spread_values(row, mode, weights=form.weights)
    except PharosError as error:
        form.add_error(None, str(error))
        return page(request, campaign, row, form=form)
    found = {"values": values, **summary(row, values.values())}
    return page(request, campaign, row, form=form, preview=found, bars=plan_bars(values))


def set_phases(request, campaign, row):
    """Save the table of targets by phase."""
    phases = list(Phase.objects.visible_to(request.actor).of(campaign))
    values, errors = phase_targets(request.POST, phases)
    saw = request.POST.get("lock_version", "")
    seen = int(saw) if saw.isdecimal() and len(saw) < 10 else None
    if not errors:
        try:
            actions.set_phase_targets(request.actor, kpi=row, values=values, seen=seen)
        except PharosError as error:
            errors = {None: str(error)}
        else:
            messages.success(request, _("The targets by phase are saved."))
            return redirect("campaigns:kpi", request.actor.workspace.slug, campaign.code, row.pk)
    typed = [(phase, request.POST.get(f"phase-{phase.pk}", "")) for phase in phases]
    return page(request, campaign, row, phases=typed, phase_errors=list(errors.values()))
