"""A partner's seat is asked for its verdict: what waits for it, what it looks at, and what it says."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assets import actions
from assets.choices import Decision, StepState
from assets.forms import VerdictForm
from assets.models import AssetVersion, Rendition, ReviewStep, StepReviewer, Verdict
from assets.permissions import can_decide
from assets.rules import standards, types
from assets.views import ICONS
from assets.views.one import TONES
from assets.views.partner_proof import film, marked_picture

SHOWN = ("page", "preview")


def listing(request, slug):
    """What waits for this seat, what is due first before the rest."""
    steps = list(waiting(request.actor))
    return render(request, "assets/partner_reviews.html", {"slug": slug, "steps": steps, "today": timezone.localdate()})


def waiting(actor):
    """Open steps at which the seat is asked and has not said anything, each with its `due` day."""
    steps = ReviewStep.objects.asked_of_seat(actor).waiting_for(actor.user)
    due = dict(StepReviewer.objects.filter(user=actor.user, step__in=steps).values_list("step_id", "due_date"))
    for step in steps:
        step.due, step.icon = due.get(step.pk), ICONS[step.review.asset.kind]
    return sorted(steps, key=lambda step: (step.due is None, step.due, str(step.pk)))


def step_of(request, pk):
    return get_object_or_404(ReviewStep.objects.asked_of_seat(request.actor).shown(), pk=pk)


def look(request, slug, pk):
    step = step_of(request, pk)
    return shown(request, slug, step, VerdictForm(step=step, initial={"sha256": step.review.version.sha256}))


@require_POST
def decide(request, slug, pk):
    """Give the seat's verdict; the same act as the client's own people do."""
    step = step_of(request, pk)
    form = VerdictForm(request.POST, step=step)
    if form.carries_out(lambda **typed: actions.give_verdict(request.actor, step=step, **typed)):
        words = {"decision": form.result.get_decision_display(), "title": step.review.asset}
        messages.success(request, _("“%(title)s”: %(decision)s.") % words)
        return redirect("assets:partner-reviews", slug)
    return shown(request, slug, step, form)


def shown(request, slug, step, form):
    review, version = step.review, step.review.version
    mine = Verdict.objects.filter(step=step, reviewer=request.actor.user).first()
    context = {
        "slug": slug,
        "step": step,
        "asset": review.asset,
        "version": AssetVersion.objects.select_related("file").get(pk=version.pk),
        "pictures": list(pictures_of(version)),
        "is_played": review.asset.kind == "video" and types.PLAYED.get(version.measures.get("type")),
        "findings": [{"tone": TONES[one["severity"]], "text": standards.sentence(one)} for one in version.findings],
        "facts": standards.measured(version.measures),
        "says": standards.said(review.asset.standard.demands) if review.asset.standard else "",
        "mine": mine,
        "may_decide": mine is None and step.state == StepState.OPEN and bool(can_decide(request.actor, step)),
        "is_over": step.state != StepState.OPEN,
        "open_pins": actions.reviews.blocking_pins(version).count(),
        "form": form,
        "needs_words": (Decision.CHANGES_REQUIRED, Decision.REJECT),
    }
    return render(request, "assets/partner_review.html", context, status=422 if form.is_bound and form.errors else 200)


def pictures_of(version):
    """The pages of a document, else the picture."""
    rows = Rendition.objects.filter(version=version, kind__in=SHOWN).select_related("file")
    pages = [one for one in rows if one.kind == "page"]
    return pages or [one for one in rows if one.kind == "preview"]


def picture(request, slug, pk, page):
    """A picture of what is reviewed, with the mark of whoever looks at it."""
    found = next((one for one in pictures_of(step_of(request, pk).review.version) if one.page == page), None)
    if found is None:
        raise Http404
    return marked_picture(request.actor, found)


def video(request, slug, pk):
    """The film that is reviewed."""
    rows = AssetVersion.objects.select_related("file", "asset")
    return film(request, rows.get(pk=step_of(request, pk).review.version_id))
