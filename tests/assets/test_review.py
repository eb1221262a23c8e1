"""Review of assets: who may decide, when a level is over, and that an approval holds for its bytes alone."""

from hashlib import sha256

import pytest
from django_scopes import scope

from assets.actions import reviews
from assets.models import Asset, AssetVersion, ReviewRoute, ReviewStep, RouteLevel
from campaigns.models import CampaignMember
from core.errors import Denied, Invalid, RuleBroken
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    owner = factories.person(name="Olga Owner")
    workspace = factories.workspace(owner)
    campaign = factories.campaign(workspace, owner)
    people = {name: factories.member(workspace, name=name) for name in ("maker", "legal", "brand", "boss")}
    with scope(workspace=workspace.pk):
        for name, function in (("legal", "legal"), ("brand", "marketing"), ("boss", "sales")):
            CampaignMember.objects.create(workspace=workspace, campaign=campaign, user=people[name], function=function)
        yield workspace, campaign, people


def actor(world, name):
    return factories.actor_of(world[2][name], world[0])


def asset_of(world, text="Buy now", **values):
    workspace, campaign, people = world
    own = {"workspace": workspace, "campaign": campaign}
    asset = Asset.objects.create(
        **own, code="a1", title="Copy", kind="copy", stage="editing", maker=people["maker"], current_number=1, **values
    )
    AssetVersion.objects.create(
        **own, asset=asset, number=1, text=text, sha256=sha256(text.encode()).hexdigest(), uploader=people["maker"]
    )
    return asset


def route_of(world, *levels):
    workspace, campaign, _people = world
    own = {"workspace": workspace, "campaign": campaign}
    route = ReviewRoute.objects.create(**own, name="Route")
    for position, (functions, values) in enumerate(levels):
        made = {"position": position, "name": f"Level {position}", **values}
        RouteLevel.objects.create(**own, route=route, functions=functions, **made)
    return route


def decide(world, name, step, decision="approve", **values):
    step.refresh_from_db()
    values.setdefault("sha256", step.review.sha256)
    return reviews.give_verdict(actor(world, name), step=step, decision=decision, **values)


def open_steps(review):
    return list(ReviewStep.objects.filter(review=review, state="open"))


def test_levels_pass_one_after_the_other(world):
    asset = asset_of(world, route=route_of(world, (["legal"], {}), (["marketing", "sales"], {"quorum": "all"})))
    review = reviews.submit_for_review(actor(world, "maker"), asset=asset)
    (first,) = open_steps(review)
    with pytest.raises(Denied):
        decide(world, "brand", first)
    decide(world, "legal", first)
    (second,) = open_steps(review)
    decide(world, "brand", second)
    asset.refresh_from_db()
    assert asset.stage == "review"
    decide(world, "boss", second)
    asset.refresh_from_db()
    assert asset.stage == "approved"


def test_other_bytes_are_not_decided_on(world):
    asset = asset_of(world, route=route_of(world, (["legal"], {})))
    review = reviews.submit_for_review(actor(world, "maker"), asset=asset)
    with pytest.raises(RuleBroken, match="newer version"):
        decide(world, "legal", open_steps(review)[0], sha256="0" * 64)


def test_nobody_reviews_their_own_work(world):
    asset = asset_of(world, route=route_of(world, (["legal"], {})))
    Asset.objects.filter(pk=asset.pk).update(maker=world[2]["legal"])
    asset.refresh_from_db()
    with pytest.raises(RuleBroken, match="Nobody can be asked"):
        reviews.submit_for_review(actor(world, "legal"), asset=asset)


def test_a_return_needs_words_and_can_go_to_a_named_level(world):
    asset = asset_of(world, route=route_of(world, (["legal"], {}), (["marketing"], {})))
    review = reviews.submit_for_review(actor(world, "maker"), asset=asset)
    (first,) = open_steps(review)
    decide(world, "legal", first)
    (second,) = open_steps(review)
    with pytest.raises(Invalid):
        decide(world, "brand", second, "changes_required")
    decide(world, "brand", second, "changes_required", words="Check the price again", send_back_to=first)
    (again,) = open_steps(review)
    assert (again.name, again.round) == ("Level 0", 2)
    decide(world, "legal", again)
    decide(world, "brand", open_steps(review)[0])
    asset.refresh_from_db()
    assert asset.stage == "approved"


def test_handed_on_withdrawn_and_nudged(world):
    asset = asset_of(world, route=route_of(world, (["legal"], {})))
    review = reviews.submit_for_review(actor(world, "maker"), asset=asset)
    (step,) = open_steps(review)
    reviews.delegate(actor(world, "legal"), step=step, user=world[2]["boss"], words="On leave")
    with pytest.raises(Denied):
        decide(world, "legal", step)
    assert reviews.nudge(actor(world, "maker"), review=review) == 1
    with pytest.raises(RuleBroken, match="reminded"):
        reviews.nudge(actor(world, "maker"), review=review)
    reviews.withdraw(actor(world, "maker"), review=review, reason="Not yet")
    with pytest.raises(RuleBroken):
        decide(world, "boss", step)
    asset.refresh_from_db()
    assert asset.stage == "editing"
