"""Many files at once: matching by name and size, through both doors; hostile ones are kept inert."""

import io
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets import actions
from assets.models import Asset, AssetVersion, OutputStandard
from assets.rules import dimensions
from assets.rules.matching import Dropped, Target, match
from core.models import StoredFile
from tests import factories
from tests.assets.conftest import BOTH, picture, upload

TARGETS = [
    Target(1, "IMG-FEED-01", "首发信息流方图", "image", (1080, 1080)),
    Target(2, "IMG-FEED-10", "返场信息流方图", "image", (1080, 1080)),
    Target(3, "IMG-STORY", "Launch story", "image", (1080, 1920)),
    Target(4, "IMG-BANNER", "Winter banner", "image", (1200, 627)),
    Target(5, "VID-LAUNCH", "Launch film", "video", None),
    Target(6, "EDM-WINTER", "Winter mail", "edm", None),
]


@pytest.mark.parametrize(
    ("name", "size", "key"),
    [
        ("IMG-FEED-01_v2.png", None, 1),
        ("img_feed_10 final.PNG", None, 2),
        ("首发信息流方图 终稿.jpg", None, 1),
        ("launch story 1080x1920.png", None, 3),
        ("D11_banner.png", (1200, 627), 4),
        ("winter banner.png", (1200, 627), 4),
        ("launch-film-15s.mp4", None, 5),
        ("winter mail.html", None, 6),
        ("IMG-BANNER.mp4", None, None),  # a film is no picture
        ("untitled.png", None, None),
        ("square.png", (1080, 1080), None),  # two want that size
        ("IMG-FEED-010.png", None, None),
    ],
)
def test_a_file_finds_its_asset_by_name_and_size(name, size, key):
    assert match([Dropped(name, size)], TARGETS)[0].chosen == key


def test_of_two_files_for_one_asset_the_better_gets_it():
    found = match([Dropped("winter banner.png"), Dropped("IMG-BANNER.png")], TARGETS)
    assert [one.chosen for one in found] == [None, 4]
    assert found[0].offers[0][1].key == 4  # it is still offered


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=12), st.sampled_from([None, (1080, 1080), (5, 5)]))
def test_no_asset_is_chosen_twice_and_no_name_breaks_it(names, size):
    chosen = [one.chosen for one in match([Dropped(name, size) for name in names], TARGETS) if one.chosen]
    assert len(chosen) == len(set(chosen))


@settings(deadline=None, max_examples=60)
@given(st.permutations(TARGETS), st.sampled_from(["", "_v3", " final", "-1080x1080"]))
def test_every_code_finds_its_own_whatever_else_is_there(targets, suffix):
    files = [Dropped(f"{each.code.lower()}{suffix}") for each in targets]
    assert [one.chosen for one in match(files, targets)] == [each.key for each in targets]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (1080, 1920), (300, 7)])
def test_width_and_height_by_the_first_bytes(kind, size):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind)
    assert dimensions.of(out.getvalue()[:65_536]) == size


@settings(deadline=None)
@given(
    st.binary(max_size=64), st.sampled_from([b"", b"\xff\xd8", b"GIF89a", b"RIFF0000WEBPVP8X", b"\x89PNG\r\n\x1a\n"])
)
def test_broken_heads_say_nothing(rest, start):
    found = dimensions.of(start + rest)
    assert found is None or len(found) == 2


# --- dropped, looked at, handed in ----------------------------------------------------------------------------------


@pytest.fixture
def slots(world):
    """Thirty pictures that are still to come."""
    square = OutputStandard.objects.get(name="Feed image 1080×1080")
    of = {"kind": "image", "standard": square, "maker": world.owner}
    return [factories.asset(world.campaign, f"Feed {n}", code=f"IMG-FEED-{n:02d}", **of) for n in range(30)]


def thirty():
    return [picture(4, 4, name=f"IMG-FEED-{n:02d}_v1.png", colour=(n, n, n)) for n in range(30)]


@BOTH
def test_thirty_files_find_their_assets(door, world, owner, api, slots):
    if door == "page":
        url = f"{world.c}/assets/upload/"
        assert owner.post(url, {"files": thirty()}).status_code == 302
        rows = owner.get(url).context["rows"]
        assert {row["chosen"] for row in rows} == {str(each.pk) for each in slots}
        assert not AssetVersion.objects.exists()
        choices = {f"choice-{row['file'].pk}": row["chosen"] for row in rows}
        assert owner.post(url + "place/", choices | {"note": "all"})["Location"].endswith("/assets/")
    else:
        answer = owner.post("/api/v1/assets/upload/", {"campaign": world.campaign.code, "files": thirty()})
        assert answer.status_code == 200, answer.content
        rows = answer.json()["results"]
        places = [{"file": row["file"], "asset": row["chosen"]} for row in rows]
        assert not AssetVersion.objects.exists()
        answer = api.post("assets/place/", {"campaign": world.campaign.code, "places": places, "note": "all"})
        assert answer.status_code == 201, answer.content
    assert AssetVersion.objects.count() == 30
    assert set(Asset.objects.values_list("current_number", "stage")) == {(1, "creation")}
    assert set(StoredFile.objects.values_list("kind", flat=True)) == {"image"}


@BOTH
def test_all_are_handed_in_or_none(door, world, owner, api, slots):
    Asset.objects.filter(pk=slots[1].pk).update(stage="review")
    if door == "page":
        url = f"{world.c}/assets/upload/"
        owner.post(url, {"files": thirty()[:2]})
        keys = list(StoredFile.objects.order_by("name").values_list("pk", flat=True))
        places = zip(keys, slots[:2], strict=True)
        owner.post(url + "place/", {f"choice-{key}": str(asset.pk) for key, asset in places})
    else:
        answer = owner.post("/api/v1/assets/upload/", {"campaign": world.campaign.code, "files": thirty()[:2]})
        rows = answer.json()["results"]
        places = [{"file": row["file"], "asset": str(slots[n].pk)} for n, row in enumerate(rows)]
        assert api.post("assets/place/", {"campaign": world.campaign.code, "places": places}).status_code == 409
    assert not AssetVersion.objects.exists()
    assert StoredFile.objects.filter(kind="dropped").count() == 2


@BOTH
def test_a_new_asset_for_a_file_nobody_waits_for_and_one_thrown_away(door, world, owner, api):
    files = [picture(4, 4, name="Extra poster.png"), picture(5, 5, name="Not this.png")]
    if door == "page":
        url = f"{world.c}/assets/upload/"
        owner.post(url, {"files": files})
        poster, other = StoredFile.objects.order_by("name")
        owner.post(f"{url}{other.pk}/forget/")
        owner.post(url + "place/", {f"choice-{poster.pk}": "new:image"})
    else:
        answer = owner.post("/api/v1/assets/upload/", {"campaign": world.campaign.code, "files": files})
        poster, other = answer.json()["results"]
        body = {"campaign": world.campaign.code}
        assert api.post("assets/forget/", {**body, "file": other["file"]}).status_code == 204
        places = [{"file": poster["file"], "kind": "image"}]
        assert api.post("assets/place/", {**body, "places": places}).status_code == 201
    assert Asset.objects.get().title == "Extra poster"
    assert StoredFile.objects.count() == 1


def test_a_typed_code_wins_and_an_unknown_one_is_said(world, owner, slots):
    url = f"{world.c}/assets/upload/"
    owner.post(url, {"files": [picture(4, 4, name="something.png")]})
    key = StoredFile.objects.get().pk
    owner.post(url + "place/", {f"code-{key}": "NOBODY"})
    assert not AssetVersion.objects.exists()
    owner.post(url + "place/", {f"code-{key}": "img-feed-07", f"choice-{key}": "aside"})
    assert AssetVersion.objects.get().asset == slots[7]


def test_dropped_files_of_others_are_unknown(world, owner, api, slots):
    other = factories.member(world.workspace, name="Otto Other")
    found = actions.drop_files(
        factories.actor_of(other, world.workspace), campaign=world.campaign, uploads=thirty()[:1]
    )
    places = [{"file": str(found[0][0].pk), "asset": str(slots[0].pk)}]
    assert api.post("assets/place/", {"campaign": world.campaign.code, "places": places}).status_code == 400


# --- hostile files --------------------------------------------------------------------------------------------------

SCRIPT = b"<script>window.top.__xss = 1; fetch('/api/v1/me/')</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.top.__xss=1'>" + SCRIPT + b"</svg>"
XHTML = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body>" + SCRIPT + b"</body></html>"
XSLT = b"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='#x'?><x/>"
GIF_JS = b"GIF89a/*" + bytes(8) + b"*/=1;window.__xss=1;//"
PDF_JS = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
MHTML = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n" + SCRIPT
FLOOD = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 60_000, 60_000) + b"\x08\x06\x00\x00\x00" + bytes(64)
)
CONTENTS = {"svg": SVG, "html": b"<!doctype html>" + SCRIPT, "xhtml": XHTML, "xslt": XSLT, "gif.js": GIF_JS}
CONTENTS |= {"pdf": PDF_JS, "mhtml": MHTML, "flood": FLOOD, "js": b"window.__xss=1", "zip": b"PK\x03\x04" + bytes(40)}
NAMES = [
    "a.png",
    "../../../etc/passwd.png",
    "..\\..\\x.jpg",
    "a\u202egnp.html",
    "x" * 300 + ".gif",
    'q";\r\nSet-Cookie: a=b.svg',
]
HOSTILE = [(kind, name) for kind in CONTENTS for name in NAMES]


def served_inert(answer):
    headers = answer.headers
    return (
        headers["X-Content-Type-Options"] == "nosniff"
        and headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        and headers["Content-Disposition"].startswith("attachment")
        and headers["Content-Type"] == "application/octet-stream"
        and not {"\r", "\n"} & set(headers["Content-Disposition"])
    )


def test_sixty_hostile_files_are_kept_and_served_inert(world, owner):
    assert len(HOSTILE) == 60
    for number, (kind, name) in enumerate(HOSTILE):
        asset = factories.asset(world.campaign, f"Hostile {number}", "image", maker=world.owner)
        made = actions.add_version(world.actor, asset=asset, upload=upload(CONTENTS[kind] + b" " * number, name))
        assert "/" not in made.file.name and made.file.key.startswith("image/")
        assert served_inert(owner.get(f"{world.c}/assets/versions/{made.pk}/file/")), (kind, name)
        assert served_inert(owner.get(f"/api/v1/asset-versions/{made.pk}/content/")), (kind, name)
        video = owner.get(f"{world.c}/assets/versions/{made.pk}/video/", headers={"Range": "bytes=0-"})
        assert video.status_code == 400


@pytest.mark.parametrize("kind", list(CONTENTS))
def test_a_hostile_file_is_found_out_and_no_picture_is_made_of_it(world, kind):
    asset = factories.asset(world.campaign, "Hostile", "image", maker=world.owner)
    made = actions.add_version(world.actor, asset=asset, upload=upload(CONTENTS[kind], "a.png"))
    made = AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=made.pk)
    actions.check_version(made)
    made.refresh_from_db()
    assert made.findings[0]["code"] in ("not_an_image", "unreadable", "too_many_pixels"), json.dumps(made.findings)
    assert not made.renditions.exists()
