"""Links for guests, as those inside see them: made, listed, revoked."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assets import actions
from assets.forms import GuestLinkForm
from assets.models import AssetVersion, GuestLink
from assets.permissions import can_invite
from assets.rules import guests as rules
from assets.views import asset_of
from campaigns.views import find_campaign
from core.errors import PharosError


def listing(request, slug, code, pk):
    """The links of an asset; after a new one was made its address, this once."""
    asset = asset_of(request, code, pk)
    versions = AssetVersion.objects.visible_to(request.actor).filter(asset=asset).defer("text", "measures", "findings")
    form = GuestLinkForm(request.POST or None, versions=versions)
    secret = ""
    if form.carries_out(lambda days, **typed: make(request.actor, asset, days, typed)):
        _link, token = form.result
        secret = settings.BASE_URL + reverse("guests:look", args=[token])
        form = GuestLinkForm(versions=versions)
    links = GuestLink.objects.visible_to(request.actor).filter(asset=asset).select_related("made_by", "version")
    context = {
        "asset": asset,
        "campaign": asset.campaign,
        "slug": asset.workspace.slug,
        "form": form,
        "secret": secret,
        "links": dressed(list(links), timezone.now()),
        "may_invite": bool(can_invite(request.actor, asset)) and asset.archived_at is None,
    }
    response = render(request, "assets/guests.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def make(actor, asset, days, typed):
    """The act, with a number of days instead of an instant."""
    return actions.make_link(actor, asset=asset, expires_at=timezone.now() + timedelta(days=days), **typed)


TONES = {"open": "ok", "expired": "", "revoked": "bad"}


def dressed(links, now):
    for link in links:
        link.state = rules.state(expires_at=link.expires_at, revoked_at=link.revoked_at, now=now)
        link.says, link.tone = rules.said(link.state), TONES[link.state]
    return links


@require_POST
def revoke(request, slug, code, pk):
    rows = GuestLink.objects.visible_to(request.actor).select_related("asset__campaign", "asset__workspace")
    link = get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))
    try:
        actions.revoke_link(request.actor, link=link)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The link of “%(name)s” opens nothing any more.") % {"name": link.name})
    return redirect("assets:guests", link.asset.workspace.slug, code, link.asset_id)
