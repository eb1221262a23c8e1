"""Baselines of a campaign: the list, taking one, and how the plan of today differs from one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from campaigns.views import menu
from core.errors import PharosError
from core.export import table_response
from tasks.actions import baselines as acts
from tasks.forms import BaselineForm
from tasks.models import Baseline
from tasks.querysets import counted
from tasks.views import campaign_of, frame

PAGE = 100
KINDS = ("changed", "added", "removed", "same")


def baselines(request, slug, code):
    campaign = campaign_of(request, code)
    return _list(request, campaign, BaselineForm())


def _list(request, campaign, form):
    rows = counted(Baseline.objects.visible_to(request.actor).of(campaign).select_related("made_by"))
    context = frame(request, campaign, "baselines", baselines=rows, form=form)
    return render(request, "tasks/baselines.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def take(request, slug, code):
    campaign = campaign_of(request, code)
    form = BaselineForm(request.POST)
    if form.carries_out(lambda **typed: acts.take_baseline(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("The plan of today is kept as “%(name)s”.") % {"name": form.result})
        return redirect("tasks:baseline", slug, code, form.result.pk)
    return _list(request, campaign, form)


def baseline_of(request, code, pk):
    """A baseline of the campaign of the address, or 404."""
    rows = Baseline.objects.visible_to(request.actor).select_related("campaign", "campaign__workspace", "made_by")
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def kinds():
    return {"changed": _("changed"), "added": _("added"), "removed": _("removed"), "same": _("as it was")}


def baseline(request, slug, code, pk):
    row = baseline_of(request, code, pk)
    return _variance(request, row, BaselineForm(row=row))


def _variance(request, row, form):
    lines, total = acts.variance_of(row)
    kind = request.GET.get("kind", "")
    shown = [line for line in lines if line.kind == kind] if kind in KINDS else lines
    words = request.GET.get("q", "").strip().lower()[:100]
    shown = [line for line in shown if words in line.title.lower()] if words else shown
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(request.GET["export"], row, shown)
    context = {
        "baseline": row,
        "form": form,
        "total": total,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "kinds": kinds(),
        "filters": [menu(request, "kind", pgettext("plan", "Difference"), kinds().items())],
        "is_filtered": bool(kind or words),
    }
    context = frame(request, row.campaign, "baselines", **context)
    return render(request, "tasks/baseline.html", context, status=422 if form.is_bound and form.errors else 200)


def _export(kind, row, lines):
    header = [_("Task"), pgettext("plan", "Difference")]
    for side in (_("baseline"), _("today")):
        header += [f"{label} ({side})" for label in (_("Start"), _("Finish"), _("Days"), _("Effort (h)"), _("Cost"))]
    header += [_("Start later by (days)"), _("Finish later by (days)"), _("Longer by (days)")]
    header += [_("More effort (h)"), _("More cost")]
    name = f"{row.campaign.code} {row.name}"
    return table_response(kind, name, header, (_cells(line) for line in lines))


def _cells(line):
    moved = (line.start_days, line.finish_days, line.duration_days, line.effort_hours, line.cost_amount)
    return [line.title, kinds()[line.kind], *_side(line.then), *_side(line.now), *moved]


def _side(side):
    if side is None:
        return [None] * 5
    return [side.start_date, side.finish_date, side.duration_days, side.effort_hours, side.cost_amount]


@require_POST
def rename(request, slug, code, pk):
    row = baseline_of(request, code, pk)
    form = BaselineForm(request.POST, row=row)
    if form.carries_out(lambda **typed: acts.rename_baseline(request.actor, baseline=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("tasks:baseline", slug, code, pk)
    return _variance(request, row, form)


@require_POST
def delete(request, slug, code, pk):
    row = baseline_of(request, code, pk)
    try:
        acts.delete_baseline(request.actor, baseline=row)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect("tasks:baseline", slug, code, pk)
    messages.success(request, _("The baseline “%(name)s” is deleted.") % {"name": row})
    return redirect("tasks:baselines", slug, code)
