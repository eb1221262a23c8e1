"""What waits for one person's verdict across campaigns, and the page on which they decide one after the other."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views import form_page
from assets import actions
from assets.choices import AssetKind, Decision, StepState
from assets.forms import ReviewerForm, VerdictForm
from assets.models import Rendition, ReviewStep, Verdict
from assets.rules import standards
from assets.rules.queue import order_of, severity
from assets.views import ICONS, url_of
from assets.views.one import brief_of, versions_of
from assets.views.panel import answers, is_asked, is_mine, with_people
from campaigns.models import Campaign
from campaigns.permissions import can_comment
from campaigns.rules.brief import diff_text
from campaigns.views import menu, where
from core.querysets import how_many

PAGE, MOST = 60, 500
FILTERS = ("campaign", "kind", "due")
KEYS = {Decision.APPROVE: "1", Decision.APPROVE_WITH_EDITS: "2", Decision.CHANGES_REQUIRED: "3", Decision.REJECT: "4"}
TONES = {"block": gettext_lazy("breaks its standard"), "warn": gettext_lazy("remarks of the machine")}


def listing(request, slug):
    """The queue: what goes live first, then the worst findings, then what is due first."""
    steps = waiting(request)
    page = Paginator(steps, PAGE).get_page(request.GET.get("page"))
    keys = [step.review.version_id for step in page]
    small = dict(Rendition.objects.filter(kind="thumbnail", version__in=keys).values_list("version_id", "pk"))
    for step in page:
        step.thumbnail, step.icon = small.get(step.review.version_id), ICONS[step.review.asset.kind]
        step.severity_label = TONES.get(step.severity, "")
    context = {
        "slug": slug,
        "page": page,
        "filters": filters(request),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "query": kept(request),
        "today": timezone.localdate(),
    }
    return render(request, "assets/queue.html", context)


def kept(request):
    """The filters of the queue, carried from page to page."""
    query = request.GET.copy()
    for name in [name for name in query if name not in FILTERS]:
        query.pop(name)
    return f"?{query.urlencode()}" if query else ""


def filters(request):
    """Campaign, kind, and what is due."""
    campaigns = Campaign.objects.visible_to(request.actor).filter(
        pk__in=ReviewStep.objects.visible_to(request.actor).open_for(request.actor.user).order_by().values("campaign")
    )
    days = [("late", _("overdue")), ("today", _("due today")), ("week", _("due within a week"))]
    rows = [(str(key), name) for key, name in campaigns.order_by("name").values_list("pk", "name")]
    return [
        menu(request, "campaign", _("Campaign"), rows),
        menu(request, "kind", _("Kind"), AssetKind.choices),
        menu(request, "due", _("Due"), days),
    ]


def waiting(request):
    """The steps that wait for the actor, filtered and in order, each with `due`, `severity` and `goes_live`."""
    rows = ReviewStep.objects.visible_to(request.actor).waiting_for(request.actor.user)
    rows = where(where(rows, "campaign", request.GET.get("campaign", "")), "review__asset__kind", kind_of(request))
    steps = list(rows[:MOST])
    for step in steps:
        asset = step.review.asset
        step.is_late = step.due is not None and step.due < today_of(step)
        step.severity = severity(step.review.version.findings)
        step.goes_live = asset.flight_date or asset.submit_by
    steps = [step for step in steps if fits(step, request.GET.get("due", ""))]
    return sorted(steps, key=lambda step: (*order_of(step.goes_live, step.severity, step.due), str(step.pk)))


def kind_of(request):
    kind = request.GET.get("kind", "")
    return kind if kind in AssetKind.values else ""


def fits(step, asked):
    if asked not in ("late", "today", "week"):
        return True
    left = ((step.due or date.max) - today_of(step)).days
    return left < 0 if asked == "late" else left <= (0 if asked == "today" else 7)


def today_of(step):
    return timezone.localdate(timezone=ZoneInfo(step.campaign.time_zone))


def step_of(request, pk):
    rows = ReviewStep.objects.visible_to(request.actor).shown()
    return get_object_or_404(rows, pk=pk)


def steps_of_review(request, pk):
    """The step with all that the actor may see of its review, in one question: (the step, the other steps)."""
    rows = ReviewStep.objects.visible_to(request.actor).shown().filter(review__steps=pk)
    heavy = [f"review__version__{name}" for name in ("text", "measures", "findings")]  # read with the versions
    open_pins = how_many(actions.reviews.blocking_pins(OuterRef("review__version")))
    rows = rows.annotate(open_pins=open_pins).defer(*heavy).order_by("round", "position", "pk")
    found = [with_people(one) for one in rows]
    step = next((one for one in found if one.pk == pk), None)
    if step is None:
        raise Http404
    return step, [one for one in found if one is not step]


def decide(request, slug, pk):
    """One thing to decide on: what it is, what changed since one saw it last, and the verdict."""
    step, others = steps_of_review(request, pk)
    if not is_asked(step, request.actor):
        return redirect(step.review.asset)
    order = waiting(request)
    around = neighbours(order, step)
    earlier = earlier_levels(step) if is_mine(step, request.actor) else []
    form = VerdictForm(request.POST or None, step=step, earlier=earlier, initial={"sha256": step.review.version.sha256})
    if form.carries_out(lambda **typed: actions.give_verdict(request.actor, step=step, **typed)):
        messages.success(request, said(form.result, step))
        return redirect((around["after"] or reverse("assets:reviews", args=[slug])) + kept(request))
    return form_page(request, "assets/decide.html", form, slug=slug, **context_of(request, step, others), **around)


def said(verdict, step):
    words = {"decision": verdict.get_decision_display(), "title": step.review.asset}
    return _("“%(title)s”: %(decision)s.") % words


def neighbours(order, step):
    """Where the step stands in the queue, and the addresses around it."""
    keys = [one.pk for one in order]
    at = keys.index(step.pk) if step.pk in keys else -1
    before = order[at - 1] if at > 0 else None
    after = order[at + 1] if at + 1 < len(order) else (order[0] if at > 0 else None)
    after = order[0] if at < 0 and order else after
    return {
        "place": at + 1,
        "count": len(order),
        "before": before and reverse("assets:decide", args=[before.workspace.slug, before.pk]),
        "after": after and reverse("assets:decide", args=[after.workspace.slug, after.pk]),
    }


def earlier_levels(step):
    """Levels to which work may be sent back: those of this round that come before."""
    rows = ReviewStep.objects.filter(review=step.review_id, round=step.round, position__lt=step.position)
    return list(rows.order_by("position", "pk"))


def context_of(request, step, others):
    review, actor = step.review, request.actor
    asked = ReviewerForm.twice(actor, "delegate_%s", "add_%s")
    asset, version = review.asset, review.version
    versions = {one.pk: one for one in versions_of(actor, asset)}
    current = versions.get(version.pk, version)
    before = last_seen(actor, version)
    old = versions.get(before.version_id) if before else None
    return {
        "step": step,
        "review": review,
        "asset": asset,
        "campaign": step.campaign,
        "current": current,
        "last": before,
        "old": old,
        "sections": difference(old, current),
        "was_agreed": before is not None and before.decision in (Decision.APPROVE, Decision.APPROVE_WITH_EDITS),
        "is_mine": is_mine(step, actor) and can_comment(actor, step),
        "is_over": step.state != StepState.OPEN,
        "keys": KEYS,
        "open_pins": step.open_pins,
        "other_steps": [one for one in others if one.verdicts.all()],
        "brief": brief_of(actor, step.campaign),
        "says": standards.said(asset.standard.demands) if asset.standard else "",
        "delegate_form": asked[0],
        "add_form": asked[1],
        "proof_url": url_of("assets:proof", asset.workspace.slug, step.campaign.code, asset.pk),
        "query": kept(request),
    }


def last_seen(actor, version):
    """The actor's verdict on the latest earlier version of the same asset."""
    rows = Verdict.objects.filter(version__asset=version.asset_id, version__number__lt=version.number)
    found = rows.filter(reviewer=actor.user).select_related("version").order_by("-version__number", "-at").first()
    if found:
        found.answers = answers(found.criteria)
    return found


def difference(old, new):
    """Only what changed between two texts: lines that differ, with what surrounds them left out."""
    if old is None or not (old.text and new.text):
        return []
    changed = [row for row in diff_text(old.text, new.text) if row.kind != "equal"]
    rows = [{"kind": row.kind, "left": row.old or (), "right": row.new or ()} for row in changed]
    words = {"old": old.number, "new": new.number}
    return [{"label": _("Version %(old)d on the left, version %(new)d on the right") % words, "rows": rows}]
