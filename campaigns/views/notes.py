"""Annotations of a campaign: a list, and a small form for pages with charts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from campaigns import actions
from campaigns.forms import AnnotationForm
from campaigns.models import Annotation
from campaigns.permissions import can_plan
from campaigns.views import find_campaign
from core.policy import is_own


def find(request, campaign, pk):
    return get_object_or_404(Annotation.objects.visible_to(request.actor).filter(campaign=campaign), pk=pk)


def notes(request, slug, code):
    """The list; a POST adds one (from the page, or from the small form on a page with charts)."""
    campaign = find_campaign(request, code)
    form = AnnotationForm(request.POST or None, initial={"start_date": request.GET.get("day")})
    if form.carries_out(lambda **typed: actions.annotate(request.actor, campaign=campaign, **typed)):
        return added(request, slug, code)
    if request.htmx and request.method == "POST":
        return small(request, campaign, form)
    return page(request, campaign, form)


def added(request, slug, code):
    """Tell the charts that a note is there, or go back to the list (or to where the small form stands)."""
    if request.htmx:
        response = HttpResponse()
        trigger_client_event(response, "toast", {"text": _("Saved."), "tone": "ok"})
        return trigger_client_event(response, "annotated", {})
    messages.success(request, _("Saved."))
    target = request.POST.get("next", "")
    if is_own(request, target):
        return redirect(target)
    return redirect("campaigns:notes", slug, code)


def page(request, campaign, form, editing=None):
    rows = Annotation.objects.visible_to(request.actor).filter(campaign=campaign).select_related("author")
    context = {
        "campaign": campaign,
        "notes": rows.order_by("-start_date", "-id"),
        "form": form,
        "editing": editing,
        "may_plan": can_plan(request.actor, campaign),
    }
    return render(request, "campaigns/notes.html", context, status=422 if form.is_bound and form.errors else 200)


def note_form(request, slug, code):
    """The small form, for a day or days that a chart names (`?start=&end=`)."""
    campaign = find_campaign(request, code)
    days = {"start_date": request.GET.get("start"), "finish_date": request.GET.get("end")}
    return small(request, campaign, AnnotationForm(initial=days))


def small(request, campaign, form):
    context = {"campaign": campaign, "form": form, "next": request.GET.get("next", "")}
    return render(request, "campaigns/_note_form.html", context, status=422 if form.is_bound and form.errors else 200)


def note(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = find(request, campaign, pk)
    form = AnnotationForm(request.POST or None, row=row)
    if form.carries_out(lambda **typed: actions.update_annotation(request.actor, annotation=row, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:notes", slug, code)
    return page(request, campaign, form, editing=row)


@require_POST
def delete(request, slug, code, pk):
    campaign = find_campaign(request, code)
    actions.delete_annotation(request.actor, annotation=find(request, campaign, pk))
    messages.success(request, _("Deleted."))
    return redirect("campaigns:notes", slug, code)
