"""A phrase, price or person is found in all approved and live material, and replacement tasks are opened once."""

import pytest

from assets import actions as assets
from assets.models import Asset
from tasks.models import Task
from tests import factories
from tests.placements.conftest import Api
from tests.placements.test_release import BOTH, Scene


@pytest.fixture
def scene(world, door):
    made = Scene(world, door)
    made.approve()
    factories.asset_version(factories.asset(world.campaign, "Draft"), text="Warm all winter, still a draft")
    return made


def found(scene, phrase):
    client, world = scene.world.client(), scene.world
    if scene.door == "page":
        return [hit.pk for hit in client.get(f"{world.w}/material/", {"q": phrase}).context["hits"]]
    return [row["id"] for row in client.get("/api/v1/material/", {"q": phrase}).json()["results"]]


@BOTH
@pytest.mark.parametrize("phrase", ["warm ALL", "Ｗarm", "Headline", "Band"])
def test_what_is_approved_is_found_and_drafts_are_not(scene, phrase, world):
    asset = Asset.objects.get(pk=scene.asset.pk)
    assets.add_right(world.actor, asset=asset, kind="music", holder="The Band")
    assert list(map(str, found(scene, phrase))) == [str(scene.version.pk)]
    assert not found(scene, "nowhere")


@BOTH
def test_replacement_tasks_are_opened_once(scene, world, owner):
    def replace():
        if scene.door == "page":
            return owner.post(
                f"{world.w}/material/replace/", {"q": "winter", "version": [scene.version.pk]}
            ).status_code
        body = {"versions": [str(scene.version.pk)], "phrase": "winter"}
        return Api(owner).post("material/replace/", body).status_code

    assert replace() in (201, 302) and replace() in (201, 302)
    task = Task.objects.get()
    assert "winter" in task.title and "Headline" in task.title
    assert list(task.assignees.all()) == [scene.mia]


@BOTH
def test_strangers_find_nothing(scene, stranger, other):
    if scene.door == "page":
        assert not stranger.get(f"/w/{other.workspace.slug}/material/", {"q": "winter"}).context["hits"]
    else:
        assert not stranger.get("/api/v1/material/", {"q": "winter"}).json()["results"]
