"""Many files at once: dropped, matched with assets, looked at, handed in."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assets import actions
from assets.actions import drop
from assets.choices import AssetKind
from assets.models import Asset
from assets.permissions import can_drop
from assets.rules import dimensions
from assets.views import ICONS, url_of
from campaigns.views import find_campaign
from core.errors import Invalid, PharosError, require
from core.files import opened
from core.text import listed

NEW, ASIDE = "new:", "aside"


def upload(request, slug, code):
    """Drop files, and say for each that waits which asset it is for."""
    campaign = find_campaign(request, code)
    if request.method == "POST":
        return _drop(request, campaign)
    require(can_drop(request.actor, campaign))
    files = list(drop.mine(request.actor).order_by("name"))
    rows = [row_of(stored, found) for stored, found in drop.matched(request.actor, campaign, files)]
    codes = Asset.objects.visible_to(request.actor).of(campaign).at_work().values_list("code", "title")
    context = {
        "campaign": campaign,
        "slug": slug,
        "rows": rows,
        "codes": list(codes) if rows else [],
        "is_sure": sum(1 for row in rows if row["chosen"] != ASIDE),
    }
    return render(request, "assets/upload.html", context)


def _drop(request, campaign):
    """Keep the files aside; a script is told where to go on."""
    url = url_of("assets:upload", campaign.workspace.slug, campaign.code)
    try:
        drop.drop_files(request.actor, campaign=campaign, uploads=request.FILES.getlist("files"))
    except PharosError as error:
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"detail": str(error)}, status=422)
        messages.error(request, str(error))
        return redirect(url)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"url": url})
    return redirect(url)


def row_of(stored, found):
    """A dropped file with its choices: the assets it may be for, a new asset, aside."""
    kind = drop.kind_of(stored)
    offers = [
        {"value": str(target.key), "label": f"{target.code} · {target.title}", "why": why(reasons)}
        for _points, target, reasons in found.offers
    ]
    chosen = str(found.chosen) if found.chosen else ASIDE
    return {
        "file": stored,
        "offers": offers,
        "chosen": chosen,
        "why": next((offer["why"] for offer in offers if offer["value"] == chosen), ""),
        "size": size_of(stored),
        "icon": ICONS[kind],
        "new": f"{NEW}{kind}",
        "kind": AssetKind(kind).label,
    }


def why(reasons):
    """By what a file was matched, in words."""
    words = {"code": _("by its code"), "title": _("by its title"), "size": _("by its size")}
    return listed((words[reason] for reason in reasons), get_language())


def size_of(stored):
    """1080 × 1920, where the first bytes say it."""
    with opened(stored) as file:
        found = dimensions.of(file.read(drop.HEAD))
    return f"{found[0]} × {found[1]}" if found else ""


@require_POST
def place(request, slug, code):
    """Hand in the files as chosen; what is left aside waits a day."""
    campaign = find_campaign(request, code)
    back = reverse("assets:upload", args=[slug, code])
    try:
        places = chosen_places(request, campaign)
        note = request.POST.get("note", "")[:500]
        made = actions.place_files(request.actor, campaign=campaign, places=places, note=note)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(back)
    done = ngettext("%(count)d version is handed in.", "%(count)d versions are handed in.", len(made))
    messages.success(request, done % {"count": len(made)})
    return redirect(back if drop.mine(request.actor).exists() else reverse("assets:list", args=[slug, code]))


def chosen_places(request, campaign):
    """The `places` of the form; a code that was typed wins over the menu."""
    assets = Asset.objects.visible_to(request.actor).of(campaign).listed()
    by_key = {str(asset.pk): asset for asset in assets.filter(archived_at=None)}
    by_code = {asset.code: asset for asset in by_key.values()}
    places = []
    for stored in drop.mine(request.actor):
        choice = request.POST.get(f"choice-{stored.pk}", ASIDE)
        typed = request.POST.get(f"code-{stored.pk}", "").strip().upper()
        asset = by_code.get(typed) or by_key.get(choice)
        if typed and typed not in by_code:
            raise Invalid(_("There is no asset “%(code)s”.") % {"code": typed[:40]}, code="unknown_code")
        if asset is not None:
            places.append({"file": stored, "asset": asset})
        elif choice.startswith(NEW) and choice.removeprefix(NEW) in AssetKind.values:
            places.append({"file": stored, "kind": choice.removeprefix(NEW)})
    return places


@require_POST
def forget(request, slug, code, pk):
    """Throw a dropped file away."""
    campaign = find_campaign(request, code)
    stored = get_object_or_404(drop.mine(request.actor), pk=pk)
    actions.forget_file(request.actor, campaign=campaign, stored=stored)
    messages.success(request, _("“%(name)s” is thrown away.") % {"name": stored.name})
    return redirect("assets:upload", slug, code)
