"""The pages of assets: lists, filters, exports, bytes going out, and what 500 assets cost."""

import io
from datetime import date

import pytest
from django_scopes import scopes_disabled
from openpyxl import load_workbook

from assets import actions
from assets.models import Asset, AssetVersion, Rendition
from core.files import byte_range
from tests import factories
from tests.assets.conftest import picture, upload

VIEWS = ("", "board/", "schedule/")


@pytest.fixture
def many(world):
    """500 assets in all stages, each with a version."""
    stages = ["topic", "creation", "editing", "proofreading", "review", "approved", "in_use", "retired"]
    with scopes_disabled():
        of = {"workspace": world.workspace, "campaign": world.campaign}
        rows = [
            Asset(**of, code=f"M{n}", title=f"Asset {n}", kind="image", stage=stages[n % 8], maker=world.owner)
            for n in range(500)
        ]
        for row in rows:
            row.current_number, row.submit_by = 1, date(2026, 11, 1)
        Asset.objects.bulk_create(rows)
        of["sha256"] = "0" * 64
        AssetVersion.objects.bulk_create(AssetVersion(**of, asset=row, number=1, text="x") for row in rows)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_of_500_assets_keeps_its_budget(world, owner, many, view, assert_budget):
    url = f"{world.c}/assets/{view}"
    owner.get(url)
    with assert_budget(f"assets:{view.strip('/') or 'list'}"):
        assert owner.get(url).status_code == 200


def test_the_page_of_an_asset_keeps_its_budget(world, owner, image, assert_budget):
    actions.add_version(world.actor, asset=image, upload=picture())
    url = f"{world.c}/assets/{image.pk}/"
    owner.get(url)
    with assert_budget("assets:detail"):
        assert owner.get(url).status_code == 200


def test_the_rest_list_keeps_its_budget(world, owner, many, assert_budget):
    with assert_budget("api:assets-list"):
        assert len(owner.get("/api/v1/assets/?limit=100").json()["results"]) == 100


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_view_teaches(world, owner, view):
    assert "No assets yet" in owner.get(f"{world.c}/assets/{view}").content.decode()


def test_filters_and_orders(world, owner, copy, image):
    Asset.objects.filter(pk=image.pk).update(submit_by=date(2020, 1, 1))
    url = f"{world.c}/assets/"

    def shown(query):
        return [row.title for row in owner.get(url + query).context["page"]]

    assert shown("?kind=copy") == ["Winter headline"]
    assert shown("?due=overdue") == ["Feed picture"]
    assert shown("?due=none") == ["Winter headline"]
    assert shown("?o=-title") == ["Winter headline", "Feed picture"]
    assert shown("?maker=nobody") == []
    assert shown("?archived=1") == []
    assert "overdue" in owner.get(url).content.decode()


def test_the_schedule_is_ordered_by_day_and_exported(world, owner, copy, image):
    Asset.objects.filter(pk=image.pk).update(submit_by=date(2026, 11, 5))
    url = f"{world.c}/assets/schedule/"
    assert [row.title for row in owner.get(url).context["page"]] == ["Feed picture", "Winter headline"]
    book = load_workbook(io.BytesIO(owner.get(url + "?export=xlsx").content))
    rows = list(book.active.values)
    assert [row[1] for row in rows[1:]] == ["Feed picture", "Winter headline"]
    assert rows[1][6].date() == date(2026, 11, 5)
    assert b"Winter headline" in owner.get(url + "?export=csv").content


def test_the_board_moves_by_buttons_too(world, owner, copy):
    response = owner.post(f"{world.c}/assets/{copy.pk}/move/", {"stage": "creation", "from": "board"})
    assert response["Location"].endswith("/assets/board/")
    assert Asset.objects.get().stage == "creation"


def checked(world, asset, file):
    version = actions.add_version(world.actor, asset=asset, upload=file)
    version = AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=version.pk)
    actions.check_version(version)
    return version


TRIPLE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


def test_originals_are_handed_out_to_keep_and_pictures_are_drawn_anew(world, owner, image):
    version = checked(world, image, picture())
    original = owner.get(f"{world.c}/assets/versions/{version.pk}/file/")
    assert original["Content-Disposition"].startswith("attachment") and TRIPLE.items() <= original.headers.items()
    assert original["Content-Type"] == "application/octet-stream"
    small = Rendition.objects.get(kind="thumbnail")
    shown = owner.get(f"{world.c}/assets/pictures/{small.pk}/")
    assert shown["Content-Type"] == "image/webp" and TRIPLE.items() <= shown.headers.items()
    assert b"".join(shown)[8:12] == b"WEBP"
    assert owner.get(f"/api/v1/asset-versions/{version.pk}/content/")["Content-Disposition"].startswith("attachment")


MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 100


def test_a_video_is_played_by_pieces_of_a_type_that_was_sniffed(world, owner):
    film = factories.asset(world.campaign, "Film", "video", maker=world.owner)
    version = actions.add_version(world.actor, asset=film, upload=upload(MP4, "film.html"))
    url = f"{world.c}/assets/versions/{version.pk}/video/"
    assert owner.get(url, headers={"Range": "bytes=0-"}).status_code == 400
    AssetVersion.objects.update(measures={"type": "mp4"})
    piece = owner.get(url, headers={"Range": "bytes=4-11"})
    assert (piece.status_code, b"".join(piece)) == (206, b"ftypmp42")
    assert piece["Content-Range"] == f"bytes 4-11/{len(MP4)}" and TRIPLE.items() <= piece.headers.items()
    assert owner.get(url).status_code == 416
    AssetVersion.objects.update(measures={"type": "html"})
    assert owner.get(url, headers={"Range": "bytes=0-"}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "size", "span"),
    [
        ("bytes=0-", 10, (0, 9)),
        ("bytes=2-4", 10, (2, 4)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=9-99", 10, (9, 9)),
        ("bytes=10-", 10, None),
        ("bytes=5-2", 10, None),
        ("bytes=-", 10, None),
        ("bytes=0-1,3-4", 10, None),
        ("", 10, None),
        ("bytes=0-", 0, None),
        ("bytes=0-", 2**30, (0, 8 * 2**20 - 1)),
    ],
)
def test_the_range_of_an_answer(asked, size, span):
    assert byte_range(asked, size) == span


def test_the_viewer_looks_and_does_nothing(world, viewer, image):
    url = f"{world.c}/assets/{image.pk}/"
    page = viewer.get(url).content.decode()
    assert "Hand in" not in page.replace("Hand in by", "")
    assert viewer.post(url + "move/", {"stage": "creation"}).status_code == 403
    assert viewer.post(url + "versions/", {"file": picture()}).status_code == 403


def test_the_stranger_finds_nothing(stranger, world, image):
    assert stranger.get(f"{world.c}/assets/{image.pk}/").status_code == 404
    assert stranger.get(f"/api/v1/assets/{image.pk}/").status_code == 404
