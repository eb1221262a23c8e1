"""What the pages and lists of review may ask, however many reviews run."""

import pytest
from django_scopes import scope

from assets import actions
from assets.models import ReviewStep
from campaigns.models import CampaignMember
from tests import factories
from tests.replay import Recording

MANY = 12


@pytest.fixture(scope="module")
def recorded_reviews(recorded, django_db_blocker):
    with django_db_blocker.unblock():
        return Recording(send_for_review, on=recorded[0])


def send_for_review(world):
    """Many texts in review at a level that asks the owner, one more person and a third to compare with; half of them
    have the owner's verdict."""
    with scope(workspace=world.workspace.pk):
        maker, legal = (factories.member(world.workspace, name=name) for name in ("Mia", "Lea"))
        of = {"workspace": world.workspace, "campaign": world.campaign}
        for user in (world.owner, legal):
            CampaignMember.objects.create(**of, user=user, function="legal")
        route = factories.review_route(world.campaign, levels=("Legal", "Brand"))
        route.levels.update(functions=["legal"], criteria=["compliance", "effect"])
        by = factories.actor_of(maker, world.workspace)
        for number in range(MANY):
            asset = factories.asset(world.campaign, f"Line {number}", stage="editing", maker=maker, route=route)
            factories.asset_version(asset, uploader=maker)
            actions.submit_for_review(by, asset=asset)
        said = {"decision": "approve", "criteria": {"compliance": True, "effect": 3}}
        for step in ReviewStep.objects.filter(state="open")[: MANY // 2]:
            actions.give_verdict(world.actor, step=step, sha256=step.review.sha256, **said)


@pytest.fixture
def under_way(world, recorded_reviews):
    recorded_reviews.play(world)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("assets:reviews", "{w}/reviews/"),
        ("assets:decide", "{w}/reviews/{step}/"),
        ("assets:detail in review", "{c}/assets/{asset}/"),
        ("assets:routes", "{w}/review-routes/"),
        ("assets:campaign-routes", "{c}/review-routes/"),
        ("assets:route", "{w}/review-routes/{route}/"),
        ("placements:material", "{w}/material/?q=Line"),
        ("api:review-routes-list", "/api/v1/review-routes/"),
        ("api:reviews-list", "/api/v1/reviews/"),
        ("api:review-steps-list", "/api/v1/review-steps/"),
        ("api:verdicts-list", "/api/v1/verdicts/"),
    ],
)
def test_a_page_of_reviews_keeps_its_budget(world, owner, under_way, name, address, assert_budget):
    waiting = ReviewStep.objects.open_for(world.owner).first()
    places = {"w": world.w, "c": world.c, "step": waiting.pk, "route": waiting.review.route_id}
    places["asset"] = waiting.review.asset_id
    url = address.format(**places)
    owner.get(url)
    with assert_budget(name):
        answer = owner.get(url)
    assert answer.status_code == 200
