"""Licences and releases of an asset."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.views import form_page
from assets import actions
from assets.forms import RightForm
from assets.models import Right
from assets.views import asset_of
from assets.views.one import page_of
from campaigns.views import find_campaign
from core.errors import PharosError
from core.files import served


@require_POST
def add(request, slug, code, pk):
    asset = asset_of(request, code, pk)
    form = RightForm(request.POST, request.FILES, auto_id="right_%s")
    if form.carries_out(lambda **typed: actions.add_right(request.actor, asset=asset, **typed)):
        messages.success(request, _("“%(right)s” is filed.") % {"right": form.result})
        return redirect(asset)
    return page_of(request, asset, status=422, right_form=form)


def right_of(request, code, pk):
    rows = Right.objects.visible_to(request.actor).select_related("asset__campaign", "asset__workspace", "file")
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def edit(request, slug, code, pk):
    right = right_of(request, code, pk)
    form = RightForm(request.POST or None, request.FILES or None, row=right)
    if form.carries_out(lambda **typed: actions.update_right(request.actor, right=right, **typed)):
        messages.success(request, _("“%(right)s” is saved.") % {"right": right})
        return redirect(right.asset)
    context = {"asset": right.asset, "campaign": right.asset.campaign, "slug": slug, "right": right}
    return form_page(request, "assets/right.html", form, **context)


@require_POST
def remove(request, slug, code, pk):
    right = right_of(request, code, pk)
    try:
        actions.remove_right(request.actor, right=right)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(right)s” is removed.") % {"right": right})
    return redirect(right.asset)


def file(request, slug, code, pk):
    """The evidence of a right."""
    right = right_of(request, code, pk)
    if right.file is None:
        raise Http404
    return served(right.file)
