"""Expected ranges of a campaign: list with the last thirty days judged, form with preview, source of record."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.actions import ranges as actions
from analytics.forms.ranges import RangeForm, RecordSourceForm
from analytics.models import ExpectedRange, judging
from analytics.models.summary import catalogue_of
from analytics.permissions.dashboard import can_set_ranges
from analytics.rules.periods import custom
from analytics.views import said
from analytics.views.place import Place, seen_version
from campaigns.models import Kpi
from core.errors import RuleBroken

PREVIEW_DAYS = 30


def ranges(request, slug, code):
    """The list; a POST adds one."""
    place = Place(request, slug, code)
    form = RangeForm(request.POST or None, actor=request.actor, campaign=place.campaign)
    if _is_preview(request, form):
        return _page(request, place, form, preview=_preview(request.actor, place, form))
    if form.carries_out(lambda **typed: actions.create_range(request.actor, campaign=place.campaign, **typed)):
        messages.success(request, _("The range is set."))
        return redirect("analytics:ranges", slug, code)
    return _page(request, place, form)


def one_range(request, slug, code, pk):
    """One range: change it, with a preview."""
    place = Place(request, slug, code)
    row = _find(request, place, pk)
    form = RangeForm(request.POST or None, row=row, actor=request.actor, campaign=place.campaign)
    if _is_preview(request, form):
        return _page(request, place, form, editing=row, preview=_preview(request.actor, place, form))
    if form.carries_out(lambda **typed: actions.update_range(request.actor, expected=row, **typed)):
        messages.success(request, _("The range is changed."))
        return redirect("analytics:ranges", slug, code)
    return _page(request, place, form, editing=row)


@require_POST
def delete(request, slug, code, pk):
    """Take a range away."""
    place = Place(request, slug, code)
    actions.delete_range(request.actor, expected=_find(request, place, pk), seen=seen_version(request))
    messages.success(request, _("The range is taken away."))
    return redirect("analytics:ranges", slug, code)


def _find(request, place, pk):
    rows = ExpectedRange.objects.visible_to(request.actor).with_words().filter(campaign=place.campaign)
    return get_object_or_404(rows, pk=pk)


def _is_preview(request, form):
    return request.method == "POST" and "preview" in request.POST and form.is_valid()


def _period(place):
    return custom(place.today() - timedelta(days=PREVIEW_DAYS), place.today() - timedelta(days=1))


def _preview(actor, place, form):
    """Which of the last thirty days would be out; the sentence of the rule where the bounds cannot be."""
    typed = ExpectedRange(campaign=place.campaign, **form.values())
    try:
        [judged] = judging.judge(actor, [typed], _period(place), catalogue_of(actor))
    except RuleBroken as error:
        form.add_error(None, str(error))
        return None
    return _line(judged, place)


def _line(judged, place):
    """A range in words, each of its days with its state."""
    currency, latest = place.campaign.currency, judged.latest
    counts = judged.counts()
    return {
        "range": judged.range,
        "metric": judged.metric,
        "bounds": _bounds(judged, currency),
        "state_label": said.PLACES[latest.place] if latest else said.PLACES["no_data"],
        "tone": said.PLACE_TONES[latest.state] if latest else "none",
        "value": said.said(latest.value, judged.metric, currency) if latest else "",
        "day": latest.day if latest else None,
        "out": len(judged.out),
        "judged": sum(counts.get(place_, 0) for place_ in ("inside", "below", "above")),
        "days": [_day(day, judged, currency) for day in judged.days],
    }


def _bounds(judged, currency):
    row = judged.range
    if row.kind == "plan":
        ends = [
            f"{value:f}".rstrip("0").rstrip(".") + "%" if value is not None else None for value in (row.low, row.high)
        ]
        low, high = ends
        words = f"{low} – {high}" if low and high else low or high
        side = "" if low and high else (_("at least") if low else _("at most")) + " "
        return _("%(share)s of the plan") % {"share": side + words}
    return said.bounds(row.low, row.high, judged.metric, currency)


def _day(day, judged, currency):
    """A square of the strip: complete, partial, missing or pending as the page colours them."""
    colour = {"inside": "complete", "below": "missing", "above": "missing", "partial": "partial"}
    value = said.said(day.value, judged.metric, currency)
    return {"css": colour.get(day.place, "pending"), "day": day.day, "label": said.PLACES[day.place], "value": value}


def _page(request, place, form, editing=None, preview=None):
    rows = ExpectedRange.objects.visible_to(request.actor).with_words().filter(campaign=place.campaign)
    rows = list(rows.order_by("metric__position", "metric__code", "channel__position"))
    judged = judging.judge(request.actor, rows, _period(place), catalogue_of(request.actor))
    context = {
        "campaign": place.campaign,
        "lines": [_line(each, place) for each in judged],
        "form": form,
        "editing": editing,
        "preview": preview,
        "may_plan": can_set_ranges(request.actor, place.campaign),
    }
    return render(request, "analytics/ranges.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def record_source(request, slug, code, pk):
    """Name the source a KPI goes by."""
    place = Place(request, slug, code)
    kpi = get_object_or_404(Kpi.objects.visible_to(request.actor).of(place.campaign), pk=pk)
    form = RecordSourceForm(request.POST, actor=request.actor)
    if not form.carries_out(lambda source: actions.set_record_source(request.actor, kpi=kpi, source=source)):
        raise RuleBroken(_("There is no such source here."), code="invalid")
    messages.success(request, _("The source of record is set."))
    return redirect("analytics:kpi-figures", slug, code, pk)


urls = [
    path("c/<slug:code>/ranges/", ranges, name="ranges"),
    path("c/<slug:code>/ranges/<uuid:pk>/", one_range, name="range"),
    path("c/<slug:code>/ranges/<uuid:pk>/delete/", delete, name="range-delete"),
    path("c/<slug:code>/kpis/<uuid:pk>/source/", record_source, name="kpi-source"),
]
