"""Acts around a review that need no page of their own: submit, withdraw, remind, hand on, ask one more."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assets import actions
from assets.forms import ReviewerForm, SubmitForm
from assets.models import Review
from assets.views import asset_of
from assets.views.queue import kept, step_of
from campaigns.views import find_campaign
from core.errors import PharosError


def done(request, act, sentence):
    """Carry out an act; what it refuses is said. True when it was done; the sentence is made of its result."""
    try:
        result = act()
    except PharosError as error:
        messages.error(request, " ".join(map(str, error.errors.values())) or str(error))
        return False
    messages.success(request, sentence(result))
    return True


def first_error(form):
    return next(iter(form.errors.values()))[0]


@require_POST
def submit(request, slug, code, pk):
    asset = asset_of(request, code, pk)
    form = SubmitForm(request.POST, actor=request.actor, campaign=asset.campaign)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect(asset)
    route = form.cleaned_data["route"]
    done(
        request,
        lambda: actions.submit_for_review(request.actor, asset=asset, route=route),
        lambda review: _("Version %(number)d is in review now.") % {"number": review.version.number},
    )
    return redirect(asset)


def review_of(request, code, pk):
    rows = Review.objects.visible_to(request.actor)
    rows = rows.select_related("asset", "asset__campaign", "asset__workspace", "campaign", "workspace")
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


@require_POST
def withdraw(request, slug, code, pk):
    review = review_of(request, code, pk)
    reason = request.POST.get("reason", "")[:500]
    done(
        request,
        lambda: actions.withdraw(request.actor, review=review, reason=reason),
        lambda _review: _("The review is withdrawn; the asset is back in editing."),
    )
    return redirect(review.asset)


@require_POST
def nudge(request, slug, code, pk):
    review = review_of(request, code, pk)
    done(
        request,
        lambda: actions.nudge(request.actor, review=review),
        lambda count: (
            ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", count) % {"count": count}
        ),
    )
    return redirect(review.asset)


@require_POST
def delegate(request, slug, pk):
    """转交: somebody else decides in one's place."""
    step = step_of(request, pk)
    form = ReviewerForm(request.POST, actor=request.actor)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect(decide_url(request, slug, step))
    is_done = done(
        request,
        lambda: actions.delegate(request.actor, step=step, **form.cleaned_data),
        lambda row: _("%(person)s decides in your place.") % {"person": row.user},
    )
    return redirect("assets:reviews", slug) if is_done else redirect(decide_url(request, slug, step))


def decide_url(request, slug, step):
    return reverse("assets:decide", args=[slug, step.pk]) + kept(request)


@require_POST
def add(request, slug, pk):
    """加签: one more person is asked at the same level."""
    step = step_of(request, pk)
    form = ReviewerForm(request.POST, actor=request.actor)
    if form.is_valid():
        done(
            request,
            lambda: actions.add_reviewer(request.actor, step=step, user=form.cleaned_data["user"]),
            lambda row: _("%(person)s is asked as well.") % {"person": row.user},
        )
    else:
        messages.error(request, first_error(form))
    return redirect(step.review.asset if request.POST.get("from") == "asset" else decide_url(request, slug, step))
