"""Acts of review: submit, decide, hand on, ask more people, withdraw, remind."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.actions.reviewers import asked_at, authors_of, due_date
from assets.actions.stages import check_guards
from assets.choices import Decision, ReviewState, Stage, StepState
from assets.models import Pin, Review, ReviewStep, StepReviewer, Verdict
from assets.permissions import can_decide, can_deliver, can_produce, can_steer
from assets.rules import review as rules
from assets.rules.criteria import check_answers
from assets.rules.review import Outcome
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.jobs import enqueue
from core.locks import locked
from core.swap import swap

NUDGE_PAUSE = timedelta(hours=1)
COPIED = ("position", "name", "criteria", "quorum", "quorum_count", "due_days", "is_private")
ENDS = {
    Outcome.EDITS: (ReviewState.RETURNED, Stage.EDITING),
    Outcome.RETURNED: (ReviewState.RETURNED, Stage.EDITING),
    Outcome.REJECTED: (ReviewState.REJECTED, Stage.CREATION),
}


@transaction.atomic
def submit_for_review(actor, *, asset, route=None, seen=None):
    """Start a review of the newest version along a route (default: the asset's own). Returns the Review."""
    require(can_deliver(actor, asset))
    route = route or asset.route
    version = asset.versions.filter(number=asset.current_number).first()
    _check_submit(asset, route, version)
    swap(asset, seen=seen, stage=Stage.REVIEW, route=route)
    try:
        with transaction.atomic():
            review = Review.objects.create(
                workspace_id=asset.workspace_id,
                campaign_id=asset.campaign_id,
                asset=asset,
                version=version,
                sha256=version.sha256,
                route=route,
                route_name=route.name,
                submitted_by=actor.user,
            )
    except IntegrityError as error:
        raise RuleBroken(_("A review of this is running already."), code="review_running") from error
    record(actor, "assets.review_submitted", asset, changes={"version": [None, version.number]})
    _lay_out(review, list(route.levels.all()), round=1)
    _open_next(actor, review)
    return review


def _check_submit(asset, route, version):
    if asset.archived_at is not None:
        raise RuleBroken(_("This is archived. Restore it first."), code="archived")
    if version is None:
        raise RuleBroken(_("Hand in a version first."), code="no_version")
    check_guards(asset, Stage.REVIEW)
    if route is not None and route.campaign_id not in (None, asset.campaign_id):
        raise RuleBroken(_("This route belongs to another campaign."), code="other_campaign")
    if route is None or route.archived_at is not None or not route.levels.exists():
        raise RuleBroken(_("Choose a review route with at least one level."), code="no_route")


def _lay_out(review, levels, *, round):
    """The steps of a round with the people asked; levels are RouteLevels, or the steps of an earlier round."""
    authors = authors_of(review.asset)
    for level in levels:
        asked = asked_at(level, review.campaign, without=authors)
        rules.check_asked(level.name, asked, quorum=level.quorum, quorum_count=level.quorum_count)
        step = ReviewStep.objects.create(
            workspace_id=review.workspace_id,
            campaign_id=review.campaign_id,
            review=review,
            round=round,
            **{name: getattr(level, name) for name in COPIED},
        )
        own = {"workspace_id": review.workspace_id, "campaign_id": review.campaign_id, "step": step}
        StepReviewer.objects.bulk_create(StepReviewer(**own, **person) for person in asked)


def _open_next(actor, review):
    """Open the steps of the lowest waiting position; without one the review has passed."""
    waiting = list(review.steps.filter(state=StepState.WAITING))
    if not waiting:
        _pass(actor, review)
        return
    first = min(step.position for step in waiting)
    for step in waiting:
        if step.position == first:
            swap(step, state=StepState.OPEN, opened_at=timezone.now())
            _set_deadlines(step)


def _set_deadlines(step):
    for person in step.reviewers.filter(released_at=None).select_related("user"):
        swap(person, due_date=due_date(step, person.user))
        _tell(step, person.user_id, "asked")


def _tell(step, user_id, occasion):
    ids = {"step_id": step.pk, "user_id": user_id, "occasion": occasion}
    enqueue("assets.tell_reviewer", workspace_id=step.workspace_id, **ids)


def _pass(actor, review):
    """Every level agreed: the asset is approved, with exactly these bytes."""
    asset = review.asset
    asset.refresh_from_db()
    rules.check_bytes(review.sha256, asset.versions.get(number=asset.current_number).sha256)
    agreed = Verdict.objects.filter(version=review.version, step__review=review).values_list("reviewer_id", flat=True)
    rules.check_approvers(agreed, authors_of(asset))
    swap(review, state=ReviewState.PASSED, ended_at=timezone.now())
    swap(asset, stage=Stage.APPROVED)
    record(actor, "assets.asset_approved", asset, changes={"sha256": [None, review.sha256]})
    enqueue("assets.tell_makers", workspace_id=review.workspace_id, review_id=review.pk)


@transaction.atomic
def give_verdict(actor, *, step, decision, sha256, words="", edits="", criteria=None, send_back_to=None):
    """Say what one thinks of the bytes `sha256`. `send_back_to`: an earlier step of the same review that runs again.

    Returns the Verdict. At most one is accepted per version, step and reviewer, and none once the step is over.
    """
    step, review = _held(step)
    require(can_decide(actor, step))
    rules.check_verdict(decision, words, edits)
    version, asset = review.version, review.asset
    rules.check_bytes(sha256, version.sha256)
    rules.check_bytes(version.number, asset.current_number)
    rules.check_not_own(actor.user_id, authors_of(asset))
    criteria = check_answers(criteria or {}, step.criteria, is_agreed=decision == Decision.APPROVE)
    if decision == Decision.APPROVE:
        rules.check_settled(blocking_pins(version).count())
    _check_back(step, decision, send_back_to)
    verdict = _write_verdict(actor, step, review, decision, words, edits, criteria)
    _conclude(actor, step, review, send_back_to)
    return verdict


def blocking_pins(version):
    """Open remarks on a version that must be settled before anybody agrees."""
    return Pin.objects.filter(version=version, is_blocking=True, resolved_at=None, archived_at=None)


def _check_back(step, decision, level):
    if level is None:
        return
    if decision != Decision.CHANGES_REQUIRED:
        sentence = _("Only changes that are required are sent back to a level.")
        raise Invalid(sentence, code="send_back", errors={"send_back_to": sentence})
    rules.check_back(level.position, step.position, is_same_review=level.review_id == step.review_id)


def _held(step):
    """The step and its review, held until the act is over; RuleBroken when the step is no longer open."""
    review = locked(Review.objects.filter(pk=step.review_id)).select_related(None).get()
    step = ReviewStep.objects.select_related("workspace", "campaign", "campaign__workspace").get(pk=step.pk)
    if review.state != ReviewState.RUNNING or step.state != StepState.OPEN:
        raise RuleBroken(_("This level of review is over."), code="step_over")
    step.review = review
    return step, review


def _write_verdict(actor, step, review, decision, words, edits, criteria):
    try:
        with transaction.atomic():
            verdict = Verdict.objects.create(
                workspace_id=review.workspace_id,
                campaign_id=review.campaign_id,
                version=review.version,
                step=step,
                reviewer=actor.user,
                decision=decision,
                words=words.strip(),
                edits=edits.strip(),
                criteria=criteria,
                sha256=review.sha256,
                route_name=review.route_name,
                at=timezone.now(),
            )
    except IntegrityError as error:
        raise RuleBroken(_("You have decided on this already."), code="already_decided") from error
    said = {"decision": decision, "words": verdict.words, "edits": verdict.edits, "level": step.name}
    record(actor, "assets.verdict_given", review.asset, changes=_public(step, **said))
    return verdict


def _public(step, **said):
    """What the logbook, which everybody reads, may say of a step: of a private level nothing but that it was so."""
    return {} if step.is_private else {name: [None, value] for name, value in said.items() if value}


def _conclude(actor, step, review, send_back_to):
    """What a new verdict means for its step and for the review."""
    asked = list(step.reviewers.filter(released_at=None).values_list("user_id", flat=True))
    said = dict(Verdict.objects.filter(step=step).values_list("reviewer_id", "decision"))
    ended = rules.outcome(step.quorum, step.quorum_count, asked, said)
    if ended is None:
        return
    state = StepState.PASSED if ended is Outcome.PASSED else StepState.RETURNED
    swap(step, state=state, ended_at=timezone.now())
    if ended is not Outcome.PASSED:
        _return(actor, review, ended, send_back_to)
    elif not review.steps.filter(state=StepState.OPEN).exists():
        _open_next(actor, review)


def _return(actor, review, ended, send_back_to):
    left = review.steps.filter(state__in=(StepState.WAITING, StepState.OPEN))
    for step in left:
        swap(step, state=StepState.SKIPPED, ended_at=timezone.now())
    if ended is Outcome.RETURNED and send_back_to is not None:
        _run_again(actor, review, send_back_to)
        return
    state, stage = ENDS[ended]
    swap(review, state=state, ended_at=timezone.now())
    review.asset.refresh_from_db()
    swap(review.asset, stage=stage)
    record(actor, "assets.review_ended", review.asset, changes={"state": [ReviewState.RUNNING, state]})
    enqueue("assets.tell_makers", workspace_id=review.workspace_id, review_id=review.pk)


def _run_again(actor, review, level):
    """The levels from `level` on run once more over the same version."""
    newest = review.steps.order_by("-round").first().round
    rounds = [step for step in review.steps.filter(round=level.round) if step.position >= level.position]
    _lay_out(review, rounds, round=newest + 1)
    record(actor, "assets.review_sent_back", review.asset, changes=_public(level, level=level.name))
    _open_next(actor, review)


@transaction.atomic
def delegate(actor, *, step, user, words=""):
    """转交: somebody else decides in one's place."""
    step, review = _held(step)
    require(can_decide(actor, step))
    _check_new_reviewer(step, review, user)
    mine = step.reviewers.get(user_id=actor.user_id, released_at=None)
    swap(mine, released_at=timezone.now())
    row = _add(step, user, delegated_by=actor.user, function=mine.function)
    said = _public(step, reviewer=user, words=words.strip())
    record(actor, "assets.review_delegated", review.asset, changes=said)
    return row


@transaction.atomic
def add_reviewer(actor, *, step, user):
    """加签: one more person is asked at the same level."""
    step, review = _held(step)
    require(can_decide(actor, step) or can_steer(actor, review))
    _check_new_reviewer(step, review, user)
    row = _add(step, user, added_by=actor.user)
    record(actor, "assets.reviewer_added", review.asset, changes=_public(step, reviewer=user))
    return row


def _check_new_reviewer(step, review, user):
    rules.check_not_own(user.pk, authors_of(review.asset))
    if step.reviewers.filter(user=user).exists():
        raise RuleBroken(_("%(person)s is asked at this level already.") % {"person": user}, code="asked_already")


def _add(step, user, **how):
    row = StepReviewer.objects.create(
        workspace_id=step.workspace_id, campaign_id=step.campaign_id, step=step, user=user, due_date=None, **how
    )
    swap(row, due_date=due_date(step, user))
    _tell(step, user.pk, "asked")
    return row


@transaction.atomic
def withdraw(actor, *, review, reason=""):
    """撤回: take a review back to go on working on the asset."""
    require(can_deliver(actor, review.asset) or can_steer(actor, review))
    review = locked(Review.objects.filter(pk=review.pk)).get()
    if review.state != ReviewState.RUNNING:
        raise RuleBroken(_("This review is over."), code="review_over")
    for step in review.steps.filter(state__in=(StepState.WAITING, StepState.OPEN)):
        swap(step, state=StepState.SKIPPED, ended_at=timezone.now())
    swap(review, state=ReviewState.WITHDRAWN, ended_at=timezone.now())
    swap(review.asset, stage=Stage.EDITING)
    record(actor, "assets.review_withdrawn", review.asset, changes={"reason": ["", reason.strip()]})
    return review


@transaction.atomic
def nudge(actor, *, review):
    """催办: remind those who have not decided yet; each at most once an hour. Returns how many were reminded."""
    require(can_produce(actor, review.asset) or can_steer(actor, review))
    review = locked(Review.objects.filter(pk=review.pk)).get()
    if review.state != ReviewState.RUNNING:
        raise RuleBroken(_("This review is over."), code="review_over")
    now, waiting = timezone.now(), []
    for step in review.steps.filter(state=StepState.OPEN):
        said = Verdict.objects.filter(step=step).values("reviewer")
        rows = step.reviewers.filter(released_at=None).exclude(user__in=said)
        waiting += [row for row in rows if row.nudged_at is None or now - row.nudged_at >= NUDGE_PAUSE]
    if not waiting:
        raise RuleBroken(_("Everybody was reminded within the last hour."), code="nudged_already")
    for row in waiting:
        swap(row, nudged_at=now)
        _tell(row.step, row.user_id, "nudged")
    record(actor, "assets.review_nudged", review.asset, changes={"people": [None, len(waiting)]})
    return len(waiting)
