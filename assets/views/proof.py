"""Proofing: a version as large as it goes with the remarks on it, and two versions side by side."""

import json

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from assets import actions
from assets.choices import AssetKind
from assets.forms import PinForm, RewordForm
from assets.models import AssetVersion, Pin, Rendition, ReviewStep
from assets.permissions import can_remark, can_remove_remark, can_resolve, can_rewrite_remark
from assets.rules import pins as rules
from assets.rules import types
from assets.views import asset_of
from campaigns.rules.brief import diff_text
from campaigns.views import find_campaign
from core.errors import PharosError
from core.text import whole

RELATED = ("asset", "asset__campaign", "asset__workspace", "workspace", "campaign", "uploader", "file")
SHOWS = ("open", "all")


def number_of(text, most=100_000):
    """A small whole number of the address, else None."""
    return whole(text, most)


def chosen(versions, asked):
    """The version of that number, the newest where none is asked for; None where there is none."""
    if not asked:
        return versions[0] if versions else None
    return next((one for one in versions if one.number == number_of(asked)), None)


# --- what is seen ---------------------------------------------------------------------------------------------------


def stage(version, page, picture_url, video_url):
    """What is shown of a version and how: `picture_url(rendition)` and `video_url` are addresses of the door used."""
    drawn = Rendition.objects.filter(version=version).exclude(kind="thumbnail").defer("file")
    drawn = {(one.kind, one.page): one for one in drawn}
    pages = sorted(number for kind, number in drawn if kind == "page")
    page = page if page in pages else 1
    shown = drawn.get(("page", page)) or drawn.get(("preview", 1))
    found = {"version": version, "kind": "none", "page": page if pages else None, "pages": pages, "shown": shown}
    if version.asset.kind == AssetKind.VIDEO and version.file_id and types.PLAYED.get(version.measures.get("type")):
        return found | {"kind": "video", "url": video_url, "seconds": version.measures.get("seconds")}
    if shown is not None:
        left_out = (version.measures.get("pages") or 0) - len(pages) if pages else 0
        return found | {"kind": "image", "url": picture_url(shown), "left_out": left_out}
    return found | ({"kind": "text"} if version.text else {})


def place(pin):
    """Where a remark is, as JSON for the script that draws it."""
    shares = {name: getattr(pin, name) for name in ("x", "y", "width", "height", "seconds")}
    shares = {name: float(value) for name, value in shares.items() if value is not None}
    spans = {name: getattr(pin, name) for name in ("page", "start", "end") if getattr(pin, name) is not None}
    return json.dumps({"number": pin.number, "shape": pin.shape, **shares, **spans})


def dressed(actor, pins):
    """Remarks with where they are and what this actor may do with them."""
    for pin in pins:
        pin.place = place(pin)
        pin.where = rules.said({name: getattr(pin, name) for name in rules.PLACE})
        pin.may_resolve = bool(can_resolve(actor, pin))
        pin.may_rewrite = bool(can_rewrite_remark(actor, pin))
        pin.may_remove = bool(can_remove_remark(actor, pin))
    return pins


def remarks(pins, show):
    """The remarks to list and how many there are."""
    is_open = [pin for pin in pins if pin.resolved_at is None]
    blocking = sum(pin.is_blocking for pin in is_open)
    show = show if show in SHOWS else "all"
    counts = {"show": show, "count": len(pins), "open_count": len(is_open), "blocking_count": blocking}
    return {"pins": is_open if show == "open" else pins, **counts}


# --- the page -------------------------------------------------------------------------------------------------------


def proof(request, slug, code, pk):
    """The newest version, or `?version=<number>`; `?page=` of a PDF, `?show=open`."""
    asset = asset_of(request, code, pk)
    versions = list(AssetVersion.objects.visible_to(request.actor).filter(asset=asset).select_related(*RELATED))
    version = chosen(versions, request.GET.get("version"))
    if version is None and request.GET.get("version"):
        raise Http404
    if version is None:
        messages.info(request, _("Nothing has been handed in yet."))
        return redirect(asset)
    at = versions.index(version)
    around = {"newer": versions[at - 1] if at else None, "older": next(iter(versions[at + 1 :]), None)}
    slug = asset.workspace.slug

    def picture_url(drawn):
        return reverse("assets:picture", args=[slug, code, drawn.pk])

    video_url = reverse("assets:version-video", args=[slug, code, version.pk])
    seen = stage(version, number_of(request.GET.get("page")), picture_url, video_url)
    context = {"versions": versions, **around, "stage": seen, **panel(request, version)}
    return render(request, "assets/proof.html", context)


def panel(request, version, form=None):
    """What assets/_remarks.html shows: the remarks of a version and the form for another one."""
    asset, show = version.asset, request.GET.get("show", "")
    page = number_of(request.GET.get("page"))
    pins = list(Pin.objects.visible_to(request.actor).active().filter(version=version).listed())
    address = reverse("assets:proof", args=[asset.workspace.slug, asset.campaign.code, asset.pk])
    return {
        "asset": asset,
        "campaign": asset.campaign,
        "slug": asset.workspace.slug,
        "version": version,
        "page_number": page,
        "page_url": f"{address}?version={version.number}",
        "query": f"?show={show if show in SHOWS else 'all'}" + (f"&page={page}" if page else ""),
        "form": form or PinForm(initial={"shape": "whole", "page": page}, auto_id="pin_%s"),
        "may_remark": bool(can_remark(request.actor, version)) and asset.archived_at is None,
        "review_url": review_url(request.actor, version),
        **remarks(dressed(request.actor, pins), show),
    }


def review_url(actor, version):
    """The page on which this actor decides about the version, "" while nobody asks them."""
    steps = ReviewStep.objects.visible_to(actor).open_for(actor.user) if actor.user_id else ReviewStep.objects.none()
    step = steps.filter(review__version=version).only("pk").first()
    return reverse("assets:decide", args=[version.workspace.slug, step.pk]) if step else ""


def shown(request, version, number=None, form=None):
    """After an act: the fresh list, or back to the page with the remark in sight."""
    if request.htmx or (form is not None and form.errors):
        context = panel(request, version, form=form)
        status = 422 if form is not None and form.errors else 200
        name = "assets/_remarks.html" if request.htmx else "assets/remark.html"
        return render(request, name, context, status=status)
    asset = version.asset
    if request.POST.get("back") == "compare":
        page = reverse("assets:compare", args=[asset.workspace.slug, asset.campaign.code, asset.pk])
        later = number_of(request.POST.get("to")) or asset.current_number
        return redirect(f"{page}?from={version.number}&to={later}#addressed")
    page = reverse("assets:proof", args=[asset.workspace.slug, asset.campaign.code, asset.pk])
    more = request.GET.urlencode()
    return redirect(
        f"{page}?version={version.number}{'&' if more else ''}{more}" + (f"#pin-{number}" if number else "")
    )


@require_POST
def add(request, slug, code, pk):
    """Put a remark on a version."""
    rows = AssetVersion.objects.visible_to(request.actor).select_related(*RELATED)
    version = get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))
    form = PinForm(request.POST, auto_id="pin_%s")
    if form.carries_out(lambda **typed: actions.add_pin(request.actor, version=version, **typed)):
        return shown(request, version, form.result.number)
    return shown(request, version, form=form)


def pin_of(request, code, pk):
    """A remark of the campaign of the address that the actor may read, or 404."""
    related = ("version__asset__workspace", "version__asset__campaign", "version__campaign", "version__workspace")
    rows = Pin.objects.visible_to(request.actor).active().select_related("step", "campaign", "workspace", *related)
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def edit(request, slug, code, pk):
    """Reword one's own remark."""
    pin = pin_of(request, code, pk)
    form = RewordForm(request.POST or None, row=pin)
    if form.carries_out(lambda **typed: actions.change_pin(request.actor, pin=pin, **typed)):
        return shown(request, pin.version, pin.number)
    context = {"asset": pin.version.asset, "campaign": pin.campaign, "slug": slug, "pin": pin}
    return form_page(request, "assets/remark_edit.html", form, **context)


def act(name):
    """A view that does one thing with one remark."""

    @require_POST
    def view(request, slug, code, pk):
        pin = pin_of(request, code, pk)
        try:
            ACTS[name](request, pin)
        except PharosError as error:
            messages.error(request, str(error))
        return shown(request, pin.version, pin.number)

    return view


ACTS = {
    "resolve": lambda request, pin: actions.resolve_pin(request.actor, pin=pin),
    "reopen": lambda request, pin: actions.reopen_pin(request.actor, pin=pin),
    "remove": lambda request, pin: actions.remove_pin(request.actor, pin=pin),
    "answer": lambda request, pin: actions.answer_pin(request.actor, pin=pin, text=request.POST.get("text", "")),
}


# --- two versions ---------------------------------------------------------------------------------------------------


def compare(request, slug, code, pk):
    """`?from=<number>&to=<number>`, the newest and the one before it unless said otherwise."""
    asset = asset_of(request, code, pk)
    versions = list(AssetVersion.objects.visible_to(request.actor).filter(asset=asset).select_related(*RELATED))
    new = chosen(versions, request.GET.get("to"))
    earlier = [one for one in versions if new is None or one.number < new.number]
    old = chosen(versions if request.GET.get("from") else earlier, request.GET.get("from"))
    if new is None or old is None:
        if request.GET.get("to") or request.GET.get("from"):
            raise Http404
        messages.info(request, _("There is only one version: nothing to compare yet."))
        return redirect(asset)
    page = number_of(request.GET.get("page"))
    sides = [side(one, page) for one in (old, new)]
    pins = Pin.objects.visible_to(request.actor).open().filter(version=old).listed()
    context = {
        "asset": asset,
        "campaign": asset.campaign,
        "slug": asset.workspace.slug,
        "versions": versions,
        "old": old,
        "new": new,
        "sides": sides,
        "is_text": all(one["kind"] == "text" for one in sides),
        "is_picture": all(one["kind"] == "image" for one in sides),
        "is_same": old.sha256 == new.sha256,
        "pages": max((one["pages"] for one in sides), key=len),
        "page_number": page or 1,
        "pins": dressed(request.actor, list(pins)),
    }
    if context["is_text"]:
        context["sections"] = [{"label": _("What changed"), "rows": diff_text(old.text, new.text)}]
    return render(request, "assets/compare.html", context)


def side(version, page):
    """One of two versions on the page."""
    args = [version.asset.workspace.slug, version.asset.campaign.code]
    video = reverse("assets:version-video", args=[*args, version.pk])
    seen = stage(version, page, lambda drawn: reverse("assets:picture", args=[*args, drawn.pk]), video)
    if page and seen["pages"] and page not in seen["pages"]:
        seen |= {"kind": "missing"}
    return seen
