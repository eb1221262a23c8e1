"""The dossier of an ad through both doors: bytes, verdicts, evidence and flights, each file with its hash."""

import csv
import hashlib
import io
import json
import zipfile

import pytest

from assets import actions as assets
from assets.models import Asset
from core.models import Activity
from tests.assets.conftest import upload
from tests.placements.test_release import BOTH, Scene


@pytest.fixture
def scene(world, door):
    made = Scene(world, door)
    made.approve()
    of = {"asset": Asset.objects.get(pk=made.asset.pk), "kind": "music", "holder": "Band"}
    assets.add_right(world.actor, **of, upload=upload(b"%PDF-1.4 signed", "licence ../签字.pdf"))
    made.release()
    return made


def fetched(scene, client):
    pk, world = scene.placement.pk, scene.world
    if scene.door == "page":
        answer = client.post(f"{world.c}/placements/{pk}/dossier/")
    else:
        answer = client.post(f"/api/v1/placements/{pk}/dossier/", {}, content_type="application/json")
    return answer


@BOTH
def test_it_holds_what_ran_who_agreed_and_the_hash_of_each_file(scene, owner, world):
    answer = fetched(scene, owner)
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    found = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    lines = list(csv.reader(io.StringIO(found.read("manifest.csv").decode("utf-8-sig"))))[1:]
    for path, size, digest in lines:
        content = found.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest)
        assert ".." not in path.split("/") and not path.startswith("/")
    assert {*(line[0] for line in lines), "manifest.csv"} == set(found.namelist())
    about = json.loads(found.read("dossier.json"))
    (ran,) = about["slots"]
    assert found.read(ran["file"]).decode() == scene.version.text
    assert ran["sha256"] == scene.version.sha256 == ran["verdicts"][0]["sha256"]
    assert ran["verdicts"][0]["reviewer"] == "Lea" and about["flights"]
    assert found.read(ran["rights"][0]["evidence"]) == b"%PDF-1.4 signed"
    assert "Lea" in found.read("index.html").decode()
    assert Activity.objects.filter(verb="placements.dossier_exported").count() == 1


@BOTH
def test_a_stranger_gets_none(scene, stranger):
    assert fetched(scene, stranger).status_code in (403, 404)
    assert not Activity.objects.filter(verb="placements.dossier_exported").exists()
