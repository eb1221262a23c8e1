"""One placement: make, look, change, move, copy, archive, spread."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns.permissions import can_plan
from campaigns.views import undone
from core.errors import PharosError
from core.models import Activity
from placements import actions
from placements.forms import FlightFormSet, MoveForm, PlacementForm, SpreadForm
from placements.rules import logbook, states
from placements.rules.plan import findings
from placements.schedule.plan_bars import draw
from placements.views import campaign_of, placement_of
from placements.views.slots import slots_of

LATEST = 12


def _flights_form(request, placement=None):
    stored = placement.flights.all() if placement else ()
    initial = [{"start_date": one.start_date, "finish_date": one.finish_date} for one in stored]
    return FlightFormSet(request.POST or None, prefix="flights", initial=initial)


def _write(request, form, flights, act):
    """Carry out the act when placement and flights are both readable."""
    if request.method != "POST":
        return False
    if not flights.is_valid() and form.is_valid():
        form.add_error(None, _("Look at the flights again."))
    return form.is_valid() and form.carries_out(lambda **typed: act(flights.flights(), **typed))


def create(request, slug, code):
    campaign = campaign_of(request, code)
    form = PlacementForm(request.POST or None, actor=request.actor, campaign=campaign)
    flights = _flights_form(request)
    if _write(request, form, flights, lambda days, **typed: _create(request, campaign, days, typed)):
        messages.success(request, _("%(name)s is in the schedule.") % {"name": form.result})
        return redirect(form.result)
    return form_page(request, "placements/form.html", form, flights=flights, campaign=campaign, slug=slug)


def _create(request, campaign, days, typed):
    return actions.create_placement(request.actor, campaign=campaign, flights=days, **typed)


def edit(request, slug, code, pk):
    placement = placement_of(request, code, pk)
    campaign = placement.campaign
    form = PlacementForm(request.POST or None, actor=request.actor, campaign=campaign, row=placement)
    flights = _flights_form(request, placement)
    if _write(request, form, flights, lambda days, **typed: _update(request, placement, days, typed)):
        messages.success(request, _("%(name)s is saved.") % {"name": placement})
        return redirect(placement)
    context = {"flights": flights, "campaign": campaign, "slug": slug, "placement": placement}
    return form_page(request, "placements/form.html", form, **context)


def _update(request, placement, days, typed):
    return actions.update_placement(request.actor, placement=placement, flights=days, **typed)


def detail(request, slug, code, pk):
    placement = placement_of(request, code, pk)
    plan = placement.plan()
    may_plan = can_plan(request.actor, placement)
    context = {
        "slots": slots_of(request.actor, placement),
        "placement": placement,
        "campaign": placement.campaign,
        "slug": slug,
        "price": placement.price(),
        "tagged_url": placement.tagged_url(),
        "findings": findings(plan),
        "flights": plan.flights,
        "planned": sum(plan.amounts.values()),
        "drawing": draw(plan.amounts, plan.flights),
        "kpis": placement.kpis.all(),
        "moves": states.open_to(placement.state) if may_plan and placement.archived_at is None else [],
        "activities": _activities(request.actor, placement),
        "may_plan": may_plan,
    }
    return render(request, "placements/detail.html", context)


def _activities(actor, placement):
    """The latest acts on this placement, in words."""
    rows = Activity.objects.visible_to(actor).about(placement.pk)
    found = list(rows[:LATEST])
    labels = {field.name: _(capfirst(field.verbose_name)) for field in placement._meta.fields}
    choices = {field.name: dict(field.flatchoices) for field in placement._meta.fields if field.choices}
    labels |= {"reason": _("Reason"), "flights": _("Flights"), "kpis": _("KPIs"), "cells": _("Cells")}
    labels |= {"amount": _("Amount"), "quantity": _("Quantity"), "organization": _("Organisation")}
    for one in found:
        one.words, one.lines = logbook.did(one.verb), logbook.lines(one.changes, labels, choices)
    return found


@require_POST
def move(request, slug, code, pk):
    placement = placement_of(request, code, pk)
    form = MoveForm(request.POST)
    try:
        if form.is_valid():
            actions.move_placement(request.actor, placement=placement, **form.cleaned_data)
            words = {"name": placement, "state": placement.get_state_display()}
            messages.success(request, _("%(name)s is “%(state)s” now.") % words)
        else:
            messages.error(request, _("There is no such state."))
    except PharosError as error:
        messages.error(request, str(error))
    return _back(request, placement)


def _back(request, placement):
    """The board when the act was done there, else the placement."""
    if request.POST.get("from") == "board":
        return redirect("placements:board", placement.campaign.workspace.slug, placement.campaign.code)
    return redirect(placement)


@require_POST
def archive(request, slug, code, pk):
    placement = placement_of(request, code, pk)
    try:
        actions.archive_placement(request.actor, placement=placement)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(placement)
    undo = reverse("placements:restore", args=[slug, code, pk])
    messages.success(request, _("%(name)s is archived.") % {"name": placement}, extra_tags=undo)
    return redirect("placements:list", slug, code)


@require_POST
def restore(request, slug, code, pk):
    placement = actions.restore_placement(request.actor, placement=placement_of(request, code, pk))
    sentence = _("%(name)s is back in the schedule.") % {"name": placement}
    return undone(request, sentence, placement.get_absolute_url())


@require_POST
def duplicate(request, slug, code, pk):
    copy = actions.duplicate_placement(request.actor, placement=placement_of(request, code, pk))
    messages.success(request, _("This is the copy, %(code)s.") % {"code": copy.code})
    return redirect("placements:edit", slug, code, copy.pk)


@require_POST
def dossier(request, slug, code, pk):
    """The papers of an ad as one ZIP."""
    placement = placement_of(request, code, pk)
    file = actions.export_dossier(request.actor, placement=placement)
    return FileResponse(file, as_attachment=True, filename=f"{placement.code} {_('Dossier')}.zip")


def spread(request, slug, code, pk):
    placement = placement_of(request, code, pk)
    form = SpreadForm(request.POST or None)
    if form.carries_out(lambda **typed: actions.spread_budget(request.actor, placement=placement, **typed)):
        messages.success(request, _("The plan of %(name)s is spread over its days.") % {"name": placement})
        return redirect(placement)
    context = {"placement": placement, "campaign": placement.campaign, "slug": slug, "flights": placement.flights.all()}
    return form_page(request, "placements/spread.html", form, **context)
