"""What runs in a slot: approved with its own bytes, rights that hold over the flights; through both doors."""

from datetime import timedelta

import pytest

from assets import actions as assets
from assets.actions.stages import today_of
from assets.models import Asset, ReviewStep, RouteLevel
from core.errors import RuleBroken
from placements import actions
from placements.models import Placement, Slot
from tests import factories
from tests.placements.conftest import Api

BOTH = pytest.mark.parametrize("door", ["page", "api"])
DONE = (200, 302)


class Scene:
    """A ready placement with a slot planned for a text of Mia's; Lea reviews."""

    def __init__(self, world, door):
        self.world, self.door = world, door
        factories.run_now(world.campaign)
        self.mia, self.lea = (factories.member(world.workspace, name=name) for name in ("Mia", "Lea"))
        route = factories.review_route(world.campaign)
        route.levels.get().users.set([self.lea])
        RouteLevel.objects.update(quorum="all")
        self.today = today_of(world.campaign)
        self.placement = factories.placement(world.campaign, state="ready", budget_amount=100)
        actions.create_flight(
            world.actor,
            placement=self.placement,
            start_date=world.campaign.start_date,
            finish_date=world.campaign.finish_date,
        )
        self.asset = factories.asset(world.campaign, "Headline", stage="editing", maker=self.mia, route=route)
        self.version = factories.asset_version(self.asset, uploader=self.mia)
        self.slot = actions.create_slot(world.actor, placement=self.placement, name="Main", asset=self.asset)

    def approve(self):
        asset = Asset.objects.get(pk=self.asset.pk)
        assets.submit_for_review(self.world.actor, asset=asset)
        step = ReviewStep.objects.get(state="open")
        lea = factories.actor_of(self.lea, self.world.workspace)
        assets.give_verdict(lea, step=step, decision="approve", sha256=step.review.sha256)

    def act(self, name, body=None):
        client = self.world.client()
        if self.door == "page":
            response = client.post(f"{self.world.c}/placements/slots/{self.slot.pk}/{name}/", body or {})
            self.said = " ".join(str(message) for message in response.wsgi_request._messages)
        else:
            response = Api(client).post(f"slots/{self.slot.pk}/{name}/", body)
            self.said = response.content.decode()
        self.slot = Slot.objects.get(pk=self.slot.pk)
        return response.status_code

    def release(self, version=None):
        return self.act("release", {"version": str((version or self.version).pk)})

    def go_live(self):
        placement = Placement.objects.get(pk=self.placement.pk)
        return actions.move_placement(self.world.actor, placement=placement, state="live")


@pytest.fixture
def scene(world, door):
    return Scene(world, door)


@BOTH
def test_only_approved_bytes_are_released(scene):
    scene.release()
    assert scene.slot.version is None and "exactly these bytes" in scene.said
    with pytest.raises(RuleBroken, match="every slot"):
        scene.go_live()
    scene.approve()
    assert scene.release() in DONE
    assert (scene.slot.version, scene.slot.released_by) == (scene.version, scene.world.owner)
    assert scene.go_live().state == "live"


@BOTH
def test_a_newer_version_leaves_what_runs_and_is_said(scene, world, owner):
    scene.approve()
    scene.release()
    scene.go_live()
    asset = Asset.objects.get(pk=scene.asset.pk)
    mia = factories.actor_of(scene.mia, world.workspace)
    newer = assets.add_version(mia, asset=asset, text="Other words", based_on=1)
    scene.release(newer)
    assert scene.slot.version == scene.version and "exactly these bytes" in scene.said
    page = owner.get(f"{world.c}/placements/{scene.placement.pk}/").content.decode()
    assert "newer version 2 exists" in page
    assert Placement.objects.get().state == "live"


@BOTH
def test_what_is_live_is_paused_before_it_is_taken_out(scene, world):
    scene.approve()
    scene.release()
    scene.go_live()
    scene.act("take-out")
    assert scene.slot.version and "Pause" in scene.said
    with pytest.raises(RuleBroken, match="Pause"):
        actions.update_slot(world.actor, slot=scene.slot, asset=None)
    actions.move_placement(world.actor, placement=Placement.objects.get(), state="paused", reason="Recall")
    assert scene.act("take-out") in DONE
    assert scene.slot.version is None
    with pytest.raises(RuleBroken, match="every slot"):
        scene.go_live()


@BOTH
@pytest.mark.parametrize(
    ("days", "is_refused"),
    [((None, None), False), ((None, 400), False), ((None, -1), True), ((None, 1), True), ((400, None), True)],
)
def test_rights_hold_over_the_flights(scene, world, days, is_refused):
    scene.approve()
    start, finish = (day and scene.today + timedelta(day) for day in days)
    of = {"asset": Asset.objects.get(pk=scene.asset.pk), "kind": "music", "holder": "Band"}
    assets.add_right(world.actor, **of, start_date=start, finish_date=finish)
    scene.release()
    assert (scene.slot.version is None) == is_refused
    assert ("Band" in scene.said) == is_refused


@BOTH
def test_a_right_that_lapses_after_release_keeps_it_from_going_live(scene, world):
    scene.approve()
    scene.release()
    yesterday = scene.today - timedelta(1)
    asset = Asset.objects.get(pk=scene.asset.pk)
    assets.add_right(world.actor, asset=asset, kind="music", holder="Band", finish_date=yesterday)
    with pytest.raises(RuleBroken, match="every slot"):
        scene.go_live()


@BOTH
def test_a_version_of_another_asset_is_refused(scene, world):
    other = factories.asset_version(factories.asset(world.campaign))
    scene.release(other)
    assert scene.slot.version is None and "no version of the asset" in scene.said
