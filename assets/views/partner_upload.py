"""A partner drops many files at once: each finds its asset among the organisation's own, looked at before it counts."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assets import actions
from assets.actions import drop
from assets.models import Asset
from assets.permissions import can_drop
from assets.rules.stages import TAKES_VERSIONS
from assets.views.drop import chosen_places, row_of
from campaigns.views import find_campaign
from core.errors import PharosError, require


def upload(request, slug, code):
    """Drop files, and say for each that waits which asset it is for."""
    campaign = find_campaign(request, code)
    require(can_drop(request.actor, campaign))
    if request.method == "POST":
        return _drop(request, slug, campaign)
    files = list(drop.mine(request.actor).order_by("name"))
    rows = [row_of(stored, found) for stored, found in drop.matched(request.actor, campaign, files)]
    assets = Asset.objects.visible_to(request.actor).of(campaign).active().filter(stage__in=TAKES_VERSIONS)
    context = {
        "campaign": campaign,
        "slug": slug,
        "rows": rows,
        "assets": list(assets.order_by("code").values_list("pk", "code", "title")),
        "is_sure": sum(1 for row in rows if row["chosen"] != "aside"),
    }
    return render(request, "assets/partner_upload.html", context)


def _drop(request, slug, campaign):
    """Keep the files aside; a script is told where to go on."""
    url = reverse("assets:partner-upload", args=[slug, campaign.code])
    is_script = "application/json" in request.headers.get("Accept", "")
    try:
        actions.drop_files(request.actor, campaign=campaign, uploads=request.FILES.getlist("files"))
    except PharosError as error:
        if is_script:
            return JsonResponse({"detail": str(error)}, status=422)
        messages.error(request, str(error))
    return JsonResponse({"url": url}) if is_script else redirect(url)


@require_POST
def place(request, slug, code):
    """Hand in the files as chosen; what is left aside waits a day."""
    campaign = find_campaign(request, code)
    back = reverse("assets:partner-upload", args=[slug, code])
    try:
        places = chosen_places(request, campaign)
        made = actions.place_files(request.actor, campaign=campaign, places=places)
    except PharosError as error:
        messages.error(request, str(error))
        return redirect(back)
    done = ngettext("%(count)d version is handed in.", "%(count)d versions are handed in.", len(made))
    messages.success(request, done % {"count": len(made)})
    return redirect(back if drop.mine(request.actor).exists() else reverse("assets:partner-assets", args=[slug]))


@require_POST
def forget(request, slug, code, pk):
    """Throw a dropped file away."""
    campaign = find_campaign(request, code)
    stored = get_object_or_404(drop.mine(request.actor), pk=pk)
    actions.forget_file(request.actor, campaign=campaign, stored=stored)
    messages.success(request, _("“%(name)s” is thrown away.") % {"name": stored.name})
    return redirect("assets:partner-upload", slug, code)
