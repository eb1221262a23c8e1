"""The review of an asset as its page shows it: the levels, who is asked there, what they said."""

from assets.choices import Decision, ReviewState, Stage, StepState
from assets.forms import ReviewerForm, SubmitForm
from assets.models import Review, ReviewStep
from assets.permissions import can_produce, can_steer
from assets.rules import stages
from assets.rules.criteria import CRITERIA

GLYPHS = {
    Decision.APPROVE: "approved",
    Decision.APPROVE_WITH_EDITS: "changes",
    Decision.CHANGES_REQUIRED: "changes",
    Decision.REJECT: "rejected",
}
MOST_REVIEWS = 6
SUBMITTED_FROM = frozenset(stages.find_move(Stage.EDITING, Stage.REVIEW, by_review=True).sources)


def panel(actor, asset):
    """The newest review with its steps, the ones before it, and what the actor may do."""
    reviews = list(Review.objects.filter(asset=asset).select_related("version", "submitted_by")[:MOST_REVIEWS])
    steps = steps_of(actor, reviews)
    for review in reviews:
        review.asset, review.campaign = asset, asset.campaign
        review.shown_steps = [step for step in steps if step.review_id == review.pk]
    newest = reviews[0] if reviews else None
    may_work = bool(can_produce(actor, asset)) and asset.archived_at is None
    shown = {"review": newest, "earlier": reviews[1:]}
    if newest is not None and newest.state == ReviewState.RUNNING:
        return shown | _under_way(actor, newest, may_work)
    return shown | _ready_to_submit(actor, asset, may_work)


def _under_way(actor, review, may_work):
    """What may be done with a review that runs, and where the actor is asked."""
    may_steer = bool(can_steer(actor, review))
    steps = [step for step in review.shown_steps if step.state == StepState.OPEN]
    return {
        "may_steer": may_work or may_steer,
        "asks": ReviewerForm(actor=actor) if may_steer else None,
        "open_steps": steps,
        "mine": next((step for step in steps if is_mine(step, actor)), None),
    }


def _ready_to_submit(actor, asset, may_work):
    """The form that starts a review, where one may begin."""
    if not (may_work and asset.stage in SUBMITTED_FROM and asset.current_number):
        return {"may_submit": False}
    form = SubmitForm(actor=actor, campaign=asset.campaign, initial={"route": asset.route_id})
    return {"may_submit": True, "submit_form": form}


def is_mine(step, actor):
    """Whether the actor is asked at an open step and has said nothing yet."""
    is_silent = all(one.reviewer_id != actor.user_id for one in step.verdicts.all())
    return step.state == StepState.OPEN and is_silent and is_asked(step, actor)


def is_asked(step, actor):
    """Whether the actor is one of the people of a step."""
    return any(one.user_id == actor.user_id and one.released_at is None for one in step.reviewers.all())


def steps_of(actor, reviews):
    """The steps of these reviews that the actor may look at, each with `people`: who was asked and what they said."""
    rows = ReviewStep.objects.visible_to(actor).filter(review__in=reviews).with_voices()
    return [with_people(step) for step in rows.order_by("round", "position", "pk")]


def with_people(step):
    said = {verdict.reviewer_id: verdict for verdict in step.verdicts.all()}
    step.people = list(step.reviewers.all())
    for one in step.people:
        one.verdict = verdict = said.get(one.user_id)
        one.glyph = GLYPHS[verdict.decision] if verdict else ""
        if verdict:
            verdict.answers = answers(verdict.criteria)
    return step


def answers(criteria):
    """[(criterion, met, number)] of a verdict."""
    found = [(str(CRITERIA.get(code, code)), said) for code, said in criteria.items()]
    return [{"label": label, "is_number": not isinstance(said, bool), "said": said} for label, said in found]
