"""Slots through both doors: reserved, filled, given up; assets follow the flights of what they are planned for."""

from datetime import date

import pytest

from assets.models import Asset
from placements import actions
from placements.models import Slot
from tests import factories
from tests.placements.conftest import day, form_of, plan

BOTH = pytest.mark.parametrize("door", ["page", "api"])


@pytest.fixture
def asset(world):
    return factories.asset(world.campaign, "Feed picture", "image", lead_days=3)


def base(world):
    return f"{world.c}/placements/"


@BOTH
def test_reserve_fill_and_give_up(door, world, owner, api, placement, asset):
    url = f"{base(world)}{placement.pk}/slots/"
    if door == "page":
        assert owner.post(url, form_of(owner, url) | {"name": "Main picture"}).status_code == 302
    else:
        assert api.post("slots/", {"placement": str(placement.pk), "name": "Main picture"}).status_code == 201
    slot = Slot.objects.get()
    url = f"{base(world)}slots/{slot.pk}/"
    if door == "page":
        assert owner.post(url, form_of(owner, url) | {"asset": asset.pk}).status_code == 302
    else:
        assert api.change(f"slots/{slot.pk}/", {"asset": str(asset.pk)}).status_code == 200
    assert (Asset.objects.get().flight_date, Asset.objects.get().submit_by) == (day(1), date(2026, 10, 28))
    if door == "page":
        owner.post(url + "remove/")
    else:
        assert api.remove(f"slots/{slot.pk}/").status_code == 204
    assert not Slot.objects.exists() and Asset.objects.get().submit_by is None


@BOTH
def test_a_slot_takes_its_kind_and_has_a_name_of_its_own(door, world, owner, api, placement, asset):
    film = factories.asset(world.campaign, "Film", "video")
    standard = asset_standard(world)
    actions.create_slot(world.actor, placement=placement, name="Main", standard=standard)
    for wrong in ({"name": "Main"}, {"name": " "}, {"name": "Other", "standard": standard.pk, "asset": film.pk}):
        if door == "page":
            url = f"{base(world)}{placement.pk}/slots/"
            assert owner.post(url, wrong).status_code == 422
        else:
            body = {name: str(value) for name, value in wrong.items()}
            assert api.post("slots/", {"placement": str(placement.pk), **body}).status_code == 400
    assert Slot.objects.count() == 1


def asset_standard(world):
    return type(factories.asset(world.campaign, "X", "image")).standard.field.related_model.objects.get(
        name="Banner 1200×627"
    )


def test_the_asset_page_fills_an_empty_slot(world, owner, placement, asset):
    slot = actions.create_slot(world.actor, placement=placement, name="Main")
    url = f"{base(world)}slots/of/{asset.pk}/"
    assert "planned for no placement" in owner.get(url).content.decode()
    assert placement.name in owner.post(url, {"slot": slot.pk}).content.decode()
    slot.refresh_from_db()
    assert slot.asset == asset
    assert owner.post(url, {"slot": slot.pk}).status_code == 422


def test_assets_follow_the_earliest_flight(world, placement, asset):
    other = plan(world, "Second", flights=[(day(5), day(6))])
    for each in (placement, other):
        actions.create_slot(world.actor, placement=each, name="Main", asset=asset)
    assert Asset.objects.get().flight_date == day(1)
    actions.update_placement(world.actor, placement=placement, flights=[(day(9), day(12))])
    assert Asset.objects.get().flight_date == day(5)
    actions.archive_placement(world.actor, placement=other)
    assert Asset.objects.get().flight_date == day(9)
    actions.move_placement(world.actor, placement=placement, state="cancelled", reason="no money")
    assert Asset.objects.get().flight_date is None


def test_another_asset_takes_the_released_version_out(world, placement, asset):
    version = factories.asset_version(asset)
    slot = actions.create_slot(world.actor, placement=placement, name="Main", asset=asset)
    slot.version = version
    slot.save()
    with pytest.raises(Exception, match="released"):
        actions.delete_slot(world.actor, slot=slot)
    actions.update_slot(world.actor, slot=slot, asset=None)
    slot.refresh_from_db()
    assert slot.version is None


def test_the_page_of_a_placement_shows_its_slots(world, owner, placement, asset):
    actions.create_slot(world.actor, placement=placement, name="Main picture", asset=asset)
    page = owner.get(f"{base(world)}{placement.pk}/").content.decode()
    assert "Main picture" in page and "Feed picture" in page
