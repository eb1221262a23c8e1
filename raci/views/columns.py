"""Columns of the matrix: adding, order, removal."""

from django.contrib import messages
from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.views import offer_undo
from core.errors import PharosError
from raci import actions
from raci.forms import HolderForm, TeamForm
from raci.models import RaciHolder
from raci.views import back, body_of, find_campaign, find_holder, refused, tried


@require_POST
def add(request, slug, code):
    campaign = find_campaign(request, code)
    form = HolderForm(request.POST, actor=request.actor)
    if form.carries_out(lambda **typed: actions.add_holder(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, str(next(iter(next(iter(form.errors.values()))))))
    return back(request, slug, code)


@require_POST
def add_team(request, slug, code):
    """Add a column for every function, person or organisation of the team."""
    campaign = find_campaign(request, code)
    form = TeamForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Name one function, person or organisation."))
        return back(request, slug, code)
    made = tried(request, lambda: actions.add_team(request.actor, campaign=campaign, **form.cleaned_data))
    if made is not None:
        sentence = ngettext("%(count)d column added.", "%(count)d columns added.", len(made)) % {"count": len(made)}
        messages.success(request, sentence if made else _("All of them stand in the matrix already."))
    return back(request, slug, code)


@require_POST
def order(request, slug, code):
    """Put the columns into the order the sheet sends."""
    campaign = find_campaign(request, code)
    try:
        ids = [str(one) for one in body_of(request)["ids"]]
        known = {str(one.pk): one for one in RaciHolder.objects.visible_to(request.actor).of(campaign)}
        actions.reorder_holders(request.actor, campaign=campaign, holders=[known[one] for one in ids if one in known])
    except (KeyError, TypeError):
        return JsonResponse({"detail": _("This could not be read.")}, status=422)
    except PharosError as error:
        return refused(error)
    return JsonResponse({})


@require_POST
def remove(request, slug, code, pk):
    campaign = find_campaign(request, code)
    found = find_holder(request, campaign, pk)
    name = found.label
    activity = tried(request, lambda: actions.remove_holder(request.actor, holder=found))
    if activity:
        undo = reverse("raci:undo", args=[slug, code, activity.pk])
        offer_undo(request, _("“%(name)s” is off the matrix.") % {"name": name}, undo)
    return back(request, slug, code)
