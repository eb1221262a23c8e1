"""A partner before its own work: a version with the remarks on it, its own words, marked pictures, films, originals."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models.faces import names_for
from accounts.views import form_page
from assets import actions
from assets.forms import PartnerPinForm, PartnerRewordForm
from assets.importers.watermark import stamped
from assets.models import AssetVersion, Pin, Rendition
from assets.permissions import can_answer_remark, can_remark, can_remove_remark, can_resolve, can_rewrite_remark
from assets.rules import types
from assets.views import proof
from assets.views.partner import asset_of
from campaigns.models import Campaign
from core.errors import PharosError
from core.files import drawn, handed_out, opened, played


def page(request, slug, pk):
    """The newest version, or `?version=<number>`; `?page=` of a PDF, `?show=open`."""
    asset = asset_of(request, pk)
    rows = AssetVersion.objects.visible_to(request.actor).filter(asset=asset).select_related(*proof.RELATED)
    versions = list(rows)
    version = proof.chosen(versions, request.GET.get("version"))
    if version is None:
        raise Http404
    at = versions.index(version)
    video_url = reverse("assets:partner-video", args=[slug, version.pk])
    number = proof.number_of(request.GET.get("page"))
    seen = proof.stage(version, number, lambda one: reverse("assets:partner-picture", args=[slug, one.pk]), video_url)
    around = {"newer": versions[at - 1] if at else None, "older": next(iter(versions[at + 1 :]), None)}
    context = {"stage": seen, **around, **remarks_of(request, slug, version)}
    return render(request, "assets/partner_proof.html", context)


def remarks_of(request, slug, version, form=None):
    """What assets/_partner_remarks.html shows."""
    pins = list(Pin.objects.visible_to(request.actor).active().filter(version=version).listed())
    names = names_for(request.actor, speakers(pins))
    for pin in pins:
        pin.place, pin.by = proof.place(pin), names.get(pin.author_id) or _("a guest of the client")
        pin.where = proof.rules.said({name: getattr(pin, name) for name in proof.rules.PLACE})
        pin.may_answer = bool(can_answer_remark(request.actor, pin))
        pin.may_rewrite = bool(can_rewrite_remark(request.actor, pin))
        pin.may_resolve = bool(can_resolve(request.actor, pin))
        pin.may_remove = bool(can_remove_remark(request.actor, pin))
        for reply in pin.thread:
            reply.by = names.get(reply.author_id) or _("a guest of the client")
    show, page = request.GET.get("show", ""), proof.number_of(request.GET.get("page"))
    address = reverse("assets:partner-proof", args=[slug, version.asset_id])
    return {
        "slug": slug,
        "asset": version.asset,
        "version": version,
        "page_url": f"{address}?version={version.number}",
        "query": f"?show={show if show in proof.SHOWS else 'all'}" + (f"&page={page}" if page else ""),
        "form": form or PartnerPinForm(initial={"shape": "whole", "page": page}, auto_id="pin_%s"),
        "may_remark": bool(can_remark(request.actor, version)) and version.asset.archived_at is None,
        **proof.remarks(pins, show),
    }


def speakers(pins):
    """Everybody who speaks in the threads."""
    return [one.author for pin in pins for one in (pin, *pin.thread)]


# --- what is said ---------------------------------------------------------------------------------------------------


@require_POST
def remark(request, slug, pk):
    """Put a remark on a version of the organisation's own."""
    version = get_object_or_404(AssetVersion.objects.visible_to(request.actor).select_related(*proof.RELATED), pk=pk)
    form = PartnerPinForm(request.POST, auto_id="pin_%s")
    if form.carries_out(lambda **typed: actions.add_pin(request.actor, version=version, **typed)):
        return said(request, slug, version, form.result.number)
    if not request.htmx:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return said(request, slug, version, form=form)


def pin_of(request, pk):
    """A remark that the seat may read, or 404."""
    related = ("version__asset__workspace", "version__asset__campaign", "version__campaign", "version__workspace")
    rows = Pin.objects.visible_to(request.actor).active().select_related("step", "campaign", "workspace", *related)
    return get_object_or_404(rows, pk=pk)


def edit(request, slug, pk):
    """Reword one's own remark."""
    pin = pin_of(request, pk)
    form = PartnerRewordForm(request.POST or None, row=pin)
    if form.carries_out(lambda **typed: actions.change_pin(request.actor, pin=pin, **typed)):
        return said(request, slug, pin.version, pin.number)
    context = {"slug": slug, "pin": pin, "back": back_to(slug, pin.version, pin.number)}
    return form_page(request, "assets/partner_remark.html", form, **context)


def act(name):
    """A view that does one thing with one remark."""

    @require_POST
    def view(request, slug, pk):
        pin = pin_of(request, pk)
        try:
            ACTS[name](request, pin)
        except PharosError as error:
            messages.error(request, str(error))
        return said(request, slug, pin.version, pin.number)

    return view


ACTS = {
    "answer": lambda request, pin: actions.answer_pin(request.actor, pin=pin, text=request.POST.get("text", "")),
    "resolve": lambda request, pin: actions.resolve_pin(request.actor, pin=pin),
    "reopen": lambda request, pin: actions.reopen_pin(request.actor, pin=pin),
    "remove": lambda request, pin: actions.remove_pin(request.actor, pin=pin),
}


def said(request, slug, version, number=None, form=None):
    """After an act: the fresh list, or back to the page with the remark in sight."""
    if request.htmx:
        context = remarks_of(request, slug, version, form)
        return render(request, "assets/_partner_remarks.html", context, status=422 if form else 200)
    return redirect(back_to(slug, version, number))


def back_to(slug, version, number=None):
    """The page of the version, with a remark in sight."""
    address = reverse("assets:partner-proof", args=[slug, version.asset_id])
    return f"{address}?version={version.number}" + (f"#pin-{number}" if number else "")


# --- what is looked at ----------------------------------------------------------------------------------------------


def picture(request, slug, pk):
    """A picture of a version with the organisation, the seat and the time across it."""
    rows = Rendition.objects.visible_to(request.actor).select_related("file")
    return marked_picture(request.actor, get_object_or_404(rows, pk=pk))


def marked_picture(actor, rendition):
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    try:
        with opened(rendition.file) as file:
            data = stamped(file.read(), f"{actor.seat.organization} · {actor.user} · {now}")
    except OSError as error:  # no picture of ours, or gone from the storage
        raise Http404 from error
    return drawn(data, "image/webp")


def video(request, slug, pk):
    """The film of a version piece by piece."""
    rows = AssetVersion.objects.visible_to(request.actor).select_related("file", "asset")
    return film(request, get_object_or_404(rows, pk=pk))


def film(request, version):
    kind = types.PLAYED.get(version.measures.get("type"))
    if version.file is None or kind is None or version.asset.kind != "video":
        raise BadRequest("no video that can be played")
    return played(version.file, kind, request.headers.get("Range", ""))


# --- what is taken along --------------------------------------------------------------------------------------------


@require_POST
def open_download(request, slug, pk):
    """A link to the original, used at once."""
    rows = AssetVersion.objects.visible_to(request.actor).select_related("asset", "campaign", "file")
    version = get_object_or_404(rows, pk=pk)
    back = reverse("assets:partner-asset", args=[slug, version.asset_id])
    return to_link(request, slug, back, lambda: actions.open_download(request.actor, version=version))


def to_link(request, slug, back, act):
    try:
        _download, token = act()
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(back)
    return redirect("assets:partner-take", slug, token)


def archive(request, slug):
    """The campaigns whose approved files may be taken along in one archive."""
    reached = request.actor.campaigns_of("downloads")
    campaigns = list(Campaign.objects.visible_to(request.actor).active().filter(pk__in=reached).order_by("-start_date"))
    for campaign in campaigns:
        rows = actions.approved_files(request.actor, campaign).select_related("asset", "file")
        campaign.files = list(rows.defer("text", "measures", "findings").order_by("asset__position", "asset"))
        campaign.size = sum(one.file.size for one in campaign.files)
    return render(request, "assets/partner_archive.html", {"slug": slug, "campaigns": campaigns})


@require_POST
def open_archive(request, slug, code):
    """A link to the archive of a campaign, used at once."""
    rows = Campaign.objects.visible_to(request.actor).active().filter(pk__in=request.actor.campaigns_of("downloads"))
    campaign = get_object_or_404(rows, code=code)
    back = reverse("assets:partner-archive", args=[slug])
    return to_link(request, slug, back, lambda: actions.open_archive(request.actor, campaign=campaign))


def take(request, slug, token):
    """The bytes behind a link, once."""
    taken = actions.take_download(request.actor, token=token)
    if taken is None:
        raise Http404
    return handed_out(*actions.packed(*taken))
