"""Slots: reserved, filled and given up on the page of their placement; where an asset runs, on the asset's."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import carried_out, form_page
from assets.models import Asset, AssetVersion
from campaigns.permissions import can_plan
from campaigns.views import where
from core.errors import PharosError
from placements import actions
from placements.forms import FillForm, SlotForm
from placements.models import Slot
from placements.views import campaign_of, placement_of


def slots_of(actor, placement):
    """A placement's slots with what they hold."""
    rows = Slot.objects.visible_to(actor).filter(placement=placement)
    slots = list(rows.select_related("standard", "asset__workspace", "asset__campaign", "version", "released_by"))
    approved = AssetVersion.objects.approved().filter(asset__in=[slot.asset_id for slot in slots if slot.asset_id])
    newest = {}
    for version in approved.order_by("number").only("pk", "number", "asset_id"):
        newest[version.asset_id] = version
    for slot in slots:
        slot.offered = newest.get(slot.asset_id)
        slot.is_behind = slot.version is not None and slot.version.number < slot.asset.current_number
    return slots


def add(request, slug, code, pk):
    """Reserve a slot: a form for the dialog of the placement's page, or a page of its own."""
    placement = placement_of(request, code, pk)
    form = SlotForm(request.POST or None, actor=request.actor, campaign=placement.campaign)
    if form.carries_out(lambda **typed: actions.create_slot(request.actor, placement=placement, **typed)):
        messages.success(request, _("The slot “%(name)s” is reserved.") % {"name": form.result})
        return redirect(f"{placement.get_absolute_url()}#slots")
    return slot_page(request, placement, form)


def slot_page(request, placement, form):
    template = "placements/_slot_form.html" if request.htmx else "placements/slot.html"
    context = {"placement": placement, "campaign": placement.campaign, "slug": placement.workspace.slug}
    return form_page(request, template, form, **context)


def slot_of(request, code, pk):
    rows = Slot.objects.visible_to(request.actor).select_related(
        *("placement__campaign", "placement__workspace", "campaign", "asset", "standard", "version")
    )
    return get_object_or_404(rows, pk=pk, campaign=campaign_of(request, code))


def change(request, slug, code, pk):
    """Plan an asset for a slot, or none; rename it."""
    slot = slot_of(request, code, pk)
    form = SlotForm(request.POST or None, actor=request.actor, campaign=slot.campaign, row=slot)
    if form.carries_out(lambda **typed: actions.update_slot(request.actor, slot=slot, **typed)):
        messages.success(request, _("The slot “%(name)s” is saved.") % {"name": slot})
        return redirect(f"{slot.placement.get_absolute_url()}#slots")
    return slot_page(request, slot.placement, form)


@require_POST
def remove(request, slug, code, pk):
    slot = slot_of(request, code, pk)
    sentence = _("The slot “%(name)s” is given up.") % {"name": slot}
    return acted(request, slot, lambda: actions.delete_slot(request.actor, slot=slot), sentence)


@require_POST
def release(request, slug, code, pk):
    """Let a version of the slot's asset run there."""
    slot = slot_of(request, code, pk)
    versions = AssetVersion.objects.visible_to(request.actor).select_related("asset")
    version = where(versions, "pk", request.POST.get("version") or "none").first()
    if version is None:
        raise Http404
    return acted(
        request,
        slot,
        lambda: actions.release_version(request.actor, slot=slot, version=version),
        _("Version %(number)d is released in “%(name)s”.") % {"number": version.number, "name": slot},
    )


@require_POST
def take_out(request, slug, code, pk):
    slot = slot_of(request, code, pk)
    act = lambda: actions.take_out_version(request.actor, slot=slot)  # noqa: E731
    return acted(request, slot, act, _("Nothing runs in “%(name)s” any longer.") % {"name": slot})


def acted(request, slot, act, sentence):
    return carried_out(request, act, sentence, f"{slot.placement.get_absolute_url()}#slots")


def of_asset(request, slug, code, pk):
    """A part of the asset's page: the slots it is planned for, and the empty ones it might fill."""
    campaign = campaign_of(request, code)
    asset = get_object_or_404(
        Asset.objects.visible_to(request.actor).select_related("campaign"), pk=pk, campaign=campaign
    )
    may_plan = bool(can_plan(request.actor, asset)) and asset.archived_at is None
    form = FillForm(request.POST or None, actor=request.actor, asset=asset)
    if request.method == "POST" and form.is_valid():
        slot = form.cleaned_data["slot"]
        try:
            actions.update_slot(request.actor, slot=slot, asset=asset)
        except PharosError as error:
            form.add_error("slot", str(error))
        else:
            form = FillForm(actor=request.actor, asset=asset)
    rows = Slot.objects.visible_to(request.actor).filter(asset=asset)
    rows = rows.select_related("placement__workspace", "placement__campaign", "version").order_by("placement__rank")
    context = {"campaign": campaign, "slug": slug, "asset": asset, "slots": rows, "may_plan": may_plan, "form": form}
    status = 422 if form.errors else 200
    return render(request, "placements/_asset_slots.html", context, status=status)
