"""Columns of the matrix: adding, order, removal."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.views import offer_undo
from raci import actions
from raci.forms import HolderForm, TeamForm
from raci.models import RaciHolder
from raci.views import back, find_campaign, find_holder, order_of, put_in_order, tried


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
    """Put the columns into the order the sheet sends, or move one by a step."""
    campaign = find_campaign(request, code)
    rows = RaciHolder.objects.visible_to(request.actor).of(campaign)
    act = lambda: actions.reorder_holders(request.actor, campaign=campaign, holders=order_of(request, rows))  # noqa: E731
    return put_in_order(request, slug, code, act)


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
