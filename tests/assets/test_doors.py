"""Every act on assets through both doors: pages and REST do the same and refuse the same."""

from datetime import date, timedelta

import pytest

from assets import actions
from assets.models import Asset, AssetVersion, OutputStandard, Right
from tests import factories
from tests.assets.conftest import BOTH, picture, toasts, upload
from tests.placements.conftest import form_of


def base(world):
    return f"{world.c}/assets/"


def page_of(world, asset):
    return f"{base(world)}{asset.pk}/"


@BOTH
def test_open(door, world, owner, api):
    if door == "page":
        data = form_of(owner, base(world) + "new/") | {"title": "Launch feed 首发", "kind": "image", "lead_days": 5}
        response = owner.post(base(world) + "new/", data | {"maker": world.owner.pk})
        assert response.status_code == 302, response.context["form"].errors
    else:
        body = {"campaign": world.campaign.code, "title": "Launch feed 首发", "kind": "image", "lead_days": 5}
        assert api.post("assets/", body | {"maker": str(world.owner.pk)}).status_code == 201
    made = Asset.objects.get()
    assert (made.code, made.stage, made.lead_days, made.maker) == ("IMG-LAUNCH-FEED", "topic", 5, world.owner)


@BOTH
def test_change(door, world, owner, api, copy):
    if door == "page":
        url = page_of(world, copy) + "edit/"
        assert owner.post(url, form_of(owner, url) | {"title": "Another", "due_date": "2026-11-20"}).status_code == 302
    else:
        body = {"title": "Another", "due_date": "2026-11-20"}
        assert api.change(f"assets/{copy.pk}/", body).status_code == 200
    copy = Asset.objects.get()
    assert (copy.title, copy.submit_by) == ("Another", date(2026, 11, 20))


@BOTH
@pytest.mark.parametrize("wrong", [{"code": "a b"}, {"title": "  "}, {"lead_days": 999}])
def test_bad_input_is_refused_with_a_sentence(door, wrong, world, owner, api, copy):
    if door == "page":
        url = page_of(world, copy) + "edit/"
        response = owner.post(url, form_of(owner, url) | wrong)
        assert response.status_code == 422 and set(wrong) <= set(response.context["form"].errors)
    else:
        assert api.change(f"assets/{copy.pk}/", wrong).status_code == 400


@BOTH
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(door, world, owner, api, copy):
    url = page_of(world, copy) + "edit/"
    mine, seen = form_of(owner, url) | {"title": "Mine"}, owner.get(f"/api/v1/assets/{copy.pk}/")["ETag"]
    actions.update_asset(world.actor, asset=Asset.objects.get(), title="Theirs")
    if door == "page":
        response = owner.post(url, mine)
        assert response.status_code == 422 and "Theirs" in response.content.decode()
    else:
        assert api.change(f"assets/{copy.pk}/", {"title": "Mine"}, seen=seen).status_code == 412
    assert Asset.objects.get().title == "Theirs"


@BOTH
def test_move(door, world, owner, api, copy):
    def move(stage):
        if door == "page":
            return owner.post(page_of(world, copy) + "move/", {"stage": stage}, headers={"Accept": "application/json"})
        return api.post(f"assets/{copy.pk}/moves/", {"stage": stage})

    assert move("creation").status_code == 200
    assert move("editing").status_code in (409, 422)
    assert move("approved").status_code in (409, 422)
    assert move("nowhere").status_code in (400, 422)
    assert Asset.objects.get().stage == "creation"


@BOTH
def test_archive_and_restore(door, world, owner, api, copy):
    def act(name):
        if door == "page":
            return owner.post(page_of(world, copy) + f"{name}/").status_code == 302
        return api.post(f"assets/{copy.pk}/{name}/").status_code == 200

    assert act("archive") and Asset.objects.get().archived_at
    assert act("restore") and Asset.objects.get().archived_at is None


@BOTH
def test_hand_in_a_file(door, world, owner, api, image):
    if door == "page":
        response = owner.post(page_of(world, image) + "versions/", {"file": picture(), "note": "first"})
        assert response.status_code == 302
    else:
        answer = owner.post("/api/v1/asset-versions/", {"asset": str(image.pk), "file": picture(), "note": "first"})
        assert answer.status_code == 201, answer.content
    made = AssetVersion.objects.get()
    assert (made.number, made.file.name, made.note) == (1, "feed.png", "first")
    assert len(made.sha256) == 64 and made.uploader == world.owner


@BOTH
def test_hand_in_an_address(door, world, owner, api):
    page = factories.asset(world.campaign, "Page", "h5", maker=world.owner)
    if door == "page":
        assert owner.post(page_of(world, page) + "versions/", {"url": "https://example.com/a"}).status_code == 302
    else:
        body = {"asset": str(page.pk), "url": "https://example.com/a"}
        assert api.post("asset-versions/", body).status_code == 201
    assert AssetVersion.objects.get().url == "https://example.com/a"


@BOTH
def test_of_two_writers_nobody_loses_a_word(door, world, owner, api, copy):
    actions.add_version(world.actor, asset=copy, text="One")
    actions.add_version(world.actor, asset=Asset.objects.get(), text="Theirs", based_on=1)
    if door == "page":
        response = owner.post(page_of(world, copy) + "versions/", {"text": "Mine", "based_on": "1"})
        page = response.content.decode()
        assert (
            response.status_code == 422 and "Theirs" in page and response.context["text_form"]["text"].value() == "Mine"
        )
        again = {"text": "Theirs and mine", "based_on": response.context["text_form"]["based_on"].value()}
        assert owner.post(page_of(world, copy) + "versions/", again).status_code == 302
    else:
        body = {"asset": str(copy.pk), "text": "Mine", "based_on": 1}
        assert api.post("asset-versions/", body).status_code == 412
        assert api.post("asset-versions/", body | {"text": "Theirs and mine", "based_on": 2}).status_code == 201
    assert [one.text for one in AssetVersion.objects.all()] == ["Theirs and mine", "Theirs", "One"]


@BOTH
def test_an_empty_file_is_refused(door, world, owner, api, image):
    if door == "page":
        response = owner.post(page_of(world, image) + "versions/", {"file": upload(b"", "a.png")})
        assert response.status_code == 422 and "empty" in response.content.decode()
    else:
        answer = owner.post("/api/v1/asset-versions/", {"asset": str(image.pk), "file": upload(b"", "a.png")})
        assert answer.status_code == 400
    assert not AssetVersion.objects.exists()


@BOTH
def test_rights_are_filed_renewed_and_removed(door, world, owner, api, image):
    given = {"kind": "licence", "holder": "Photo agency", "finish_date": "2026-11-30"}
    if door == "page":
        assert owner.post(page_of(world, image) + "rights/", given).status_code == 302
    else:
        assert api.post("licences/", given | {"asset": str(image.pk)}).status_code == 201
    right = Right.objects.get()
    url = f"{base(world)}rights/{right.pk}/"
    if door == "page":
        assert owner.post(url, form_of(owner, url) | {"finish_date": "2027-11-30"}).status_code == 302
    else:
        assert api.change(f"licences/{right.pk}/", {"finish_date": "2027-11-30"}).status_code == 200
    assert Right.objects.get().finish_date.year == 2027
    if door == "page":
        owner.post(url + "remove/")
    else:
        assert api.remove(f"licences/{right.pk}/").status_code == 204
    assert not Right.objects.exists()


@BOTH
def test_a_right_that_ends_before_it_starts(door, world, owner, api, image):
    given = {"kind": "licence", "holder": "Agency", "start_date": "2026-11-30", "finish_date": "2026-11-01"}
    if door == "page":
        assert owner.post(page_of(world, image) + "rights/", given).status_code == 422
    else:
        assert api.post("licences/", given | {"asset": str(image.pk)}).status_code == 400
    assert not Right.objects.exists()


@BOTH
def test_standards(door, world, owner, api):
    url = f"{world.w}/standards/"
    if door == "page":
        data = form_of(owner, url + "new/image/") | {"name": "Square", "width": 500, "height": 500, "formats": ["png"]}
        assert owner.post(url + "new/image/", data).status_code == 302
    else:
        demands = {"width": 500, "height": 500, "formats": ["png"]}
        assert api.post("output-standards/", {"name": "Square", "kind": "image", "demands": demands}).status_code == 201
    made = OutputStandard.objects.get(name="Square")
    assert made.demands == {"width": 500, "height": 500, "formats": ["png"]}
    if door == "page":
        data = form_of(owner, f"{url}{made.pk}/") | {"max_kb": "100"}
        assert owner.post(f"{url}{made.pk}/", data).status_code == 302
        assert owner.post(f"{url}{made.pk}/archive/").status_code == 302
    else:
        assert (
            api.change(f"output-standards/{made.pk}/", {"demands": {**made.demands, "max_kb": 100}}).status_code == 200
        )
        assert api.post(f"output-standards/{made.pk}/archive/").status_code == 200
    made.refresh_from_db()
    assert made.demands["max_kb"] == 100 and made.archived_at
    if door == "page":
        assert owner.post(f"{url}{made.pk}/restore/").status_code == 302
    else:
        assert api.post(f"output-standards/{made.pk}/restore/").status_code == 200
    made.refresh_from_db()
    assert made.archived_at is None


@BOTH
def test_demands_that_mean_nothing_are_refused(door, world, owner, api):
    if door == "page":
        url = f"{world.w}/standards/new/video/"
        response = owner.post(url, form_of(owner, url) | {"name": "Film", "ratio": "wide"})
        assert response.status_code == 422 and "ratio" in response.context["form"].errors
    else:
        body = {"name": "Film", "kind": "video", "demands": {"ratio": "wide"}}
        assert api.post("output-standards/", body).status_code == 400


@BOTH
def test_many_at_once_or_none(door, world, owner, api, copy, image):
    def change(**given):
        if door == "page":
            response = owner.post(base(world) + "bulk/", {"asset": [copy.pk, image.pk], **given})
            return "Nothing" not in toasts(response)[-1]
        body = {"campaign": world.campaign.code, "assets": [str(copy.pk), str(image.pk)]}
        return api.post("assets/bulk/", {**body, **given}).status_code == 200

    assert not change(stage="editing")
    assert set(Asset.objects.values_list("stage", flat=True)) == {"topic"}
    assert change(stage="creation", lead_days=4)
    assert set(Asset.objects.values_list("stage", "lead_days")) == {("creation", 4)}


def test_an_expired_right_is_said_on_the_page(world, owner, image):
    yesterday = actions.stages.today_of(world.campaign) - timedelta(1)
    actions.add_right(world.actor, asset=image, kind="music", holder="Band", finish_date=yesterday)
    page = owner.get(page_of(world, image)).content.decode()
    assert "It is not released until the right is renewed." in page
    assert "Right expired" in owner.get(base(world)).content.decode()
