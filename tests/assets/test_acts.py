"""Every act on assets through both doors: pages and REST do the same and refuse the same."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import WorkCalendar
from assets import actions
from assets.models import Asset, AssetVersion, OutputStandard, Rendition, Right
from core.errors import Denied, Invalid, RuleBroken, Stale
from core.models import Activity, Job, StoredFile
from tests import factories
from tests.assets.conftest import picture, upload


def standard(world, **demands):
    return actions.create_standard(world.actor, name="Square", kind="image", demands=demands)


def check(version):
    """What the job does."""
    actions.check_version(AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=version.pk))
    version.refresh_from_db()
    return version


# --- open, change, archive ------------------------------------------------------------------------------------------


def test_create_by_rest(world, api):
    body = {"campaign": world.campaign.code, "title": "Launch feed 首发", "kind": "image", "lead_days": 5}
    body |= {"maker": str(world.owner.pk)}
    answer = api.post("assets/", body)
    assert answer.status_code == 201, answer.content
    made = Asset.objects.get()
    assert (made.code, made.stage, made.maker) == ("IMG-LAUNCH-FEED", "topic", world.owner)
    assert [move["stage"] for move in answer.json()["moves"]] == ["creation", "retired"]
    assert Activity.objects.get(subject_id=str(made.pk)).verb == "assets.asset_created"


def test_update_needs_the_version_seen(world, api, copy):
    seen = api.client.get(f"/api/v1/assets/{copy.pk}/")["ETag"]
    assert api.change(f"assets/{copy.pk}/", {"title": "Another"}).status_code == 200
    assert api.change(f"assets/{copy.pk}/", {"title": "Late"}, seen=seen).status_code == 412
    assert api.change(f"assets/{copy.pk}/", {"code": "a b"}).status_code == 400
    assert Asset.objects.get().title == "Another"


def test_a_standard_of_another_kind_is_refused(world, copy):
    with pytest.raises(Invalid):
        actions.update_asset(world.actor, asset=copy, standard=standard(world, width=100))


def test_archive_and_restore(world, api, copy):
    assert api.remove(f"assets/{copy.pk}/").status_code == 204
    assert Asset.objects.get().archived_at
    with pytest.raises(RuleBroken):
        actions.add_version(world.actor, asset=Asset.objects.get(), text="Late")
    assert api.post(f"assets/{copy.pk}/restore/").status_code == 200
    assert Asset.objects.get().archived_at is None


# --- versions -------------------------------------------------------------------------------------------------------


def test_a_first_text_makes_work_of_a_topic_and_is_measured_at_once(world, api, copy):
    answer = api.post("asset-versions/", {"asset": str(copy.pk), "text": "暖冬 Warm\n", "note": "first"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["measures"]["characters"] == 7
    copy.refresh_from_db()
    assert (copy.stage, copy.current_number) == ("creation", 1)


def test_the_same_bytes_are_no_new_version(world, api, image):
    first = actions.add_version(world.actor, asset=image, upload=picture())
    files = StoredFile.objects.count()
    again = actions.add_version(world.actor, asset=image, upload=picture())
    assert again.pk == first.pk and StoredFile.objects.count() == files
    assert Asset.objects.get().current_number == 1


def test_of_two_editors_the_second_hears_of_the_first(world, api, copy):
    actions.add_version(world.actor, asset=copy, text="One")
    actions.add_version(world.actor, asset=Asset.objects.get(), text="Two", based_on=1)
    with pytest.raises(Stale) as stale:
        actions.add_version(world.actor, asset=copy, text="Mine", based_on=1)
    assert stale.value.extra["current"] == 2
    body = {"asset": str(copy.pk), "text": "Mine"}
    assert api.post("asset-versions/", {**body, "based_on": 1}).status_code == 412
    assert api.post("asset-versions/", body).status_code == 400
    assert api.post("asset-versions/", {**body, "based_on": 2}).status_code == 201
    assert [one.text for one in AssetVersion.objects.all()] == ["Mine", "Two", "One"]


@pytest.mark.parametrize("given", [{}, {"text": "a", "url": "https://example.com/"}, {"url": "https://example.com/"}])
def test_one_thing_that_the_kind_takes(world, copy, given):
    with pytest.raises(Invalid):
        actions.add_version(world.actor, asset=copy, **given)
    assert not AssetVersion.objects.exists()


def test_an_empty_file_is_refused(world, image):
    with pytest.raises(Invalid):
        actions.add_version(world.actor, asset=image, upload=SimpleUploadedFile("a.png", b""))


def test_new_bytes_void_the_approval(world, image):
    image.stage = "approved"
    image.save()
    actions.add_version(world.actor, asset=image, upload=picture())
    assert Asset.objects.get().stage == "editing"


def test_no_version_while_it_is_reviewed(world, image):
    image.stage = "review"
    image.save()
    with pytest.raises(RuleBroken) as refused:
        actions.add_version(world.actor, asset=image, upload=picture())
    assert refused.value.code == "in_review"
    assert not StoredFile.objects.exists()


def test_its_maker_hands_in_and_nobody_else_below_the_planners(world, image):
    maker = factories.member(world.workspace, role="approver", name="Mia Maker")
    other = factories.member(world.workspace, role="approver", name="Otto Other")
    image.maker = maker
    image.save()
    actions.add_version(factories.actor_of(maker, world.workspace), asset=image, upload=picture())
    with pytest.raises(Denied):
        actions.add_version(factories.actor_of(other, world.workspace), asset=image, upload=picture(20, 20))


# --- what the machine finds -----------------------------------------------------------------------------------------


def test_a_picture_of_the_wrong_size_says_so_and_stops_before_proofreading(world, image):
    actions.update_asset(world.actor, asset=image, standard=standard(world, width=1080, height=1080))
    version = actions.add_version(world.actor, asset=image, upload=picture(1200, 627))
    assert Job.objects.get(name="assets.check_version").args == {"version_id": str(version.pk)}
    image = Asset.objects.get()
    actions.move_stage(world.actor, asset=image, stage="editing")
    with pytest.raises(RuleBroken) as refused:
        actions.move_stage(world.actor, asset=image, stage="proofreading")
    assert refused.value.code == "checked"
    version = check(version)
    assert version.findings == [{"code": "pixels", "severity": "block", "got": [1200, 627], "wants": [1080, 1080]}]
    with pytest.raises(RuleBroken) as refused:
        actions.move_stage(world.actor, asset=image, stage="proofreading")
    assert refused.value.code == "within_standard"
    sizes = dict(Rendition.objects.values_list("kind", "width"))
    assert sizes == {"thumbnail": 320, "preview": 1200}


def test_a_standard_that_changes_is_compared_anew(world, image):
    wanted = standard(world, width=1080, height=1080)
    actions.update_asset(world.actor, asset=image, standard=wanted)
    version = check(actions.add_version(world.actor, asset=image, upload=picture(1200, 627)))
    actions.update_standard(world.actor, standard=wanted, demands={"width": 1200, "height": 627})
    version.refresh_from_db()
    assert version.findings == []


def test_checking_twice_keeps_one_set_of_pictures(world, image):
    version = check(check(actions.add_version(world.actor, asset=image, upload=picture())))
    assert version.measures["width"] == 1080
    assert Rendition.objects.count() == 2


EDM = b"""<html><head><title>Winter</title><meta name="from" content="Pharos"></head>
<body><table width="700"><tr><td><a href="https://example.com/unsubscribe">Bye</a></td></tr></table></body></html>"""


def test_a_mail_is_read_but_never_run(world):
    mail = factories.asset(world.campaign, "Mail", "edm", maker=world.owner)
    wanted = OutputStandard.objects.get(kind="edm")
    actions.update_asset(world.actor, asset=mail, standard=wanted)
    version = check(actions.add_version(world.actor, asset=mail, upload=upload(EDM, "mail.html")))
    assert [one["code"] for one in version.findings] == ["layout_width"]
    assert not Rendition.objects.exists()


def test_a_workspace_knows_the_usual_standards(world):
    names = set(OutputStandard.objects.values_list("name", flat=True))
    assert {"Feed image 1080×1080", "E-mail 600–640 px", "H5 campaign page"} <= names


# --- stages, rights, days -------------------------------------------------------------------------------------------


def test_the_stages_a_hand_reaches(world, api, copy):
    factories.asset_version(copy)
    url = f"assets/{copy.pk}/moves/"
    for stage in ("creation", "editing", "proofreading"):
        assert api.post(url, {"stage": stage}).status_code == 200
    for stage in ("review", "approved", "in_use"):
        assert api.post(url, {"stage": stage}).status_code == 409
    assert Asset.objects.get().stage == "proofreading"


def test_an_expired_licence_blocks_and_is_said(world, image):
    image.stage = "approved"
    image.save()
    today = actions.stages.today_of(world.campaign)
    right = actions.add_right(
        world.actor, asset=image, kind="licence", holder="Photo agency", finish_date=today.replace(year=today.year - 1)
    )
    with pytest.raises(RuleBroken) as refused:
        actions.move_stage(world.actor, asset=image, stage="in_use")
    assert refused.value.code == "rights_hold"
    actions.update_right(world.actor, right=right, finish_date=today)
    actions.move_stage(world.actor, asset=image, stage="in_use")


def test_evidence_comes_and_goes_with_its_right(world, image):
    right = actions.add_right(
        world.actor, asset=image, kind="release", holder="Ana", upload=upload(b"%PDF-1.4", "release.pdf")
    )
    assert right.file.name == "release.pdf"
    actions.remove_right(world.actor, right=right)
    assert not Right.objects.exists() and not StoredFile.objects.exists()


def test_the_day_follows_the_flight_by_the_makers_calendar(world, image):
    agency = factories.organization(world.workspace)
    WorkCalendar.objects.create(workspace=world.workspace, name="Agency", organization=agency, days_off="0123")
    actions.update_asset(world.actor, asset=image, lead_days=3)
    flight = world.campaign.start_date.replace(month=11, day=19)  # a Thursday
    actions.set_flight_dates({image.pk: flight})
    assert Asset.objects.get().submit_by.isoformat() == "2026-11-16"
    actions.update_asset(world.actor, asset=Asset.objects.get(), organization=agency)
    assert Asset.objects.get().submit_by.isoformat() == "2026-11-13"


def test_many_at_once_or_none(world, api, copy, image):
    body = {"campaign": world.campaign.code, "assets": [str(copy.pk), str(image.pk)]}
    assert api.post("assets/bulk/", {**body, "stage": "editing"}).status_code == 409
    assert set(Asset.objects.values_list("stage", flat=True)) == {"topic"}
    assert api.post("assets/bulk/", {**body, "stage": "creation", "lead_days": 4}).status_code == 200
    assert set(Asset.objects.values_list("stage", "lead_days")) == {("creation", 4)}
