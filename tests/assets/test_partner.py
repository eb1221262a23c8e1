"""What a partner does with its assets, through both doors, and what it may not."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Door, Seat
from assets import actions, jobs
from assets.models import Asset, AssetVersion, Download, Pin, PinReply, Review, Verdict
from core.files import opened
from core.models import Activity
from tests import factories
from tests.assets.conftest import picture, toasts
from tests.partner_world import BOTH, words_of


@pytest.fixture
def asset(agency):
    return agency.asset(route=factories.review_route(agency.world.campaign, levels=("Brand",)), stage="creation")


def reviewer_of(world, route, **values):
    """A colleague who is asked at the first level of the route."""
    user = factories.member(world.workspace, name="Bea Brand", **values)
    route.levels.get().users.add(user)
    return user


def hand_in(agency, door, asset, text="Own quiet.", seat=None, based_on=0):
    if door == "page":
        data = {"text": text, "note": "", "based_on": based_on}
        return agency.client(seat).post(f"{agency.p}/assets/{asset.pk}/versions/", data)
    body = {"asset": str(asset.pk), "text": text, "based_on": based_on}
    return agency.api(seat).post("partner/asset-versions/", body)


def submit(agency, door, asset, seat=None):
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/assets/{asset.pk}/submit/")
    return agency.api(seat).post(f"partner/assets/{asset.pk}/submit/")


@BOTH
def test_a_version_is_handed_in_and_checked_at_once(door, agency, asset):
    answer = hand_in(agency, door, asset)
    assert answer.status_code == {"page": 302, "api": 201}[door], words_of(answer)
    version = AssetVersion.objects.get()
    assert (version.text, version.uploader, version.asset) == ("Own quiet.", agency.seat.user, asset)
    assert Activity.objects.get(verb="assets.version_added").user_name == "Mei"


@BOTH
def test_words_that_somebody_else_changed_meanwhile_stay(door, agency, asset):
    hand_in(agency, door, asset)
    answer = hand_in(agency, door, asset, text="Mine", based_on=0)
    assert answer.status_code == {"page": 422, "api": 412}[door]
    assert AssetVersion.objects.count() == 1
    assert door == "api" or "Mine" in words_of(answer)


@BOTH
def test_a_file_is_handed_in(door, agency):
    asset = agency.asset(kind="image")
    if door == "page":
        answer = agency.client().post(f"{agency.p}/assets/{asset.pk}/versions/", {"file": picture(), "note": ""})
        assert answer.status_code == 302
    else:
        url = "/api/v1/partner/asset-versions/"
        assert agency.client().post(url, {"asset": str(asset.pk), "file": picture()}).status_code == 201
    assert AssetVersion.objects.get().file.name == "feed.png"


@BOTH
@pytest.mark.parametrize("who", ["reader", "other_organization", "not_granted"])
def test_whoever_may_not_hand_in_changes_nothing(door, who, agency, rival, asset):
    seat = {"reader": agency.reader, "other_organization": rival.seat}.get(who, agency.seat)
    if who == "not_granted":
        agency.organization.grants.update(areas={"assets": "read", "tasks": "write"})
    answer = hand_in(agency, door, asset, seat=seat)
    expected = {"reader": (403, 403), "other_organization": (404, 400), "not_granted": (403, 403)}[who]
    assert answer.status_code in {*expected, 404}
    assert not AssetVersion.objects.exists()


@BOTH
def test_it_goes_to_review_and_comes_back_with_words(door, agency, asset):
    bea = reviewer_of(agency.world, asset.route)
    hand_in(agency, door, asset)
    assert submit(agency, door, asset).status_code in (200, 302)
    review = Review.objects.get()
    assert review.submitted_by == agency.seat.user
    step = review.steps.get()
    actions.give_verdict(
        factories.actor_of(bea, agency.world.workspace),
        step=step,
        decision="changes_required",
        sha256=review.sha256,
        words="Name the product.",
    )
    if door == "page":
        for page in (f"{agency.p}/", f"{agency.p}/assets/", f"{agency.p}/assets/{asset.pk}/"):
            assert "Name the product." in words_of(agency.client().get(page)), page
    else:
        [told] = agency.client().get("/api/v1/partner/assets/").json()["results"]
        assert told["standing"] == "returned" and told["feedback"][0]["words"] == "Name the product."
        assert told["feedback"][0]["by"] == "Bea Brand"


def test_the_page_shows_first_what_comes_next(agency, asset):
    """Handed in, one step is left; approved, it is said what another version means."""
    hand_in(agency, "page", asset)
    page = f"{agency.p}/assets/{asset.pk}/"
    text = words_of(agency.client().get(page))
    assert (
        text.index("Submit for review") < text.index("Hand in the next version")
        and "has to be approved anew" not in text
    )
    Asset.objects.update(stage="approved")
    text = words_of(agency.client().get(page))
    assert "Submit for review" not in text and "has to be approved anew" in text
    Asset.objects.update(stage="review")
    text = words_of(agency.client().get(page))
    assert text.index("It is with the client.") < text.index('id="made"')


@BOTH
def test_a_review_is_taken_back(door, agency, asset):
    reviewer_of(agency.world, asset.route)
    hand_in(agency, door, asset)
    submit(agency, door, asset)
    if door == "page":
        agency.client().post(f"{agency.p}/assets/{asset.pk}/withdraw/")
    else:
        assert agency.api().post(f"partner/assets/{asset.pk}/withdraw/").status_code == 200
    assert Review.objects.get().state == "withdrawn" and Asset.objects.get().stage == "editing"


def test_what_a_private_level_says_is_not_told(agency, asset):
    bea = reviewer_of(agency.world, asset.route)
    asset.route.levels.update(is_private=True, name="Price talks")
    hand_in(agency, "page", asset)
    submit(agency, "page", asset)
    version, step = AssetVersion.objects.get(), Review.objects.get().steps.get()
    actor = factories.actor_of(bea, agency.world.workspace)
    actions.add_pin(actor, version=version, shape="whole", text="Too dear at 7391846")
    words = {"decision": "changes_required", "words": "Not at 7391846"}
    actions.give_verdict(actor, step=step, sha256=version.sha256, **words)
    pages = [f"{agency.p}/assets/{asset.pk}/", f"{agency.p}/assets/{asset.pk}/proof/", f"{agency.p}/"]
    rest = [f"/api/v1/partner/{noun}/" for noun in ("assets", "pins", "asset-versions", "review-steps")]
    for url in (*pages, *rest):
        said = words_of(agency.client().get(url))
        assert "7391846" not in said and "Price talks" not in said, url
    public = {"shape": "whole", "text": "Nicer blue, please"}
    actions.add_pin(factories.actor_of(agency.world.owner, agency.world.workspace), version=version, **public)
    assert "Nicer blue" in words_of(agency.client().get(pages[1])), "the control: what is public is told"


@BOTH
def test_a_remark_is_answered_and_not_settled(door, agency, asset):
    hand_in(agency, door, asset)
    pin = actions.add_pin(agency.world.actor, version=AssetVersion.objects.get(), shape="whole", text="Warmer")
    if door == "page":
        answer = agency.client().post(f"{agency.p}/remarks/{pin.pk}/answer/", {"text": "Done"})
        assert answer.status_code == 302
    else:
        assert agency.api().post(f"partner/pins/{pin.pk}/replies/", {"text": "Done"}).status_code == 201
    assert PinReply.objects.get().author == agency.seat.user
    assert not Pin.objects.exclude(resolved_at=None).exists()


def test_a_seat_is_written_to_when_its_work_is_decided_on_and_its_verdict_is_wanted(agency, asset):
    bea = reviewer_of(agency.world, asset.route)
    hand_in(agency, "page", asset)
    submit(agency, "page", asset)
    review = Review.objects.get()
    words = {"decision": "changes_required", "words": "Name the product."}
    actor = factories.actor_of(bea, agency.world.workspace)
    actions.give_verdict(actor, step=review.steps.get(), sha256=review.sha256, **words)
    jobs.tell_makers(review_id=review.pk)
    [sent] = mail.outbox
    assert sent.to == [agency.seat.email] and f"/partner/assets/{asset.pk}/" in sent.body
    mail.outbox.clear()
    Seat.objects.update(frozen_at=timezone.now())
    jobs.tell_makers(review_id=review.pk)
    assert not mail.outbox, "a frozen seat hears nothing"


# --- originals ------------------------------------------------------------------------------------------------------


@pytest.fixture
def version(agency):
    """A picture of the agency's."""
    asset = agency.asset("Poster", "image", code="KV-01")
    return actions.add_version(agency.actor(), asset=asset, upload=picture(64, 64))


def link_to(agency, door, version, seat=None, **session):
    """The address of a fresh link, or the refusal."""
    client = factories.seat_client(seat or agency.seat, **session)
    if door == "page":
        answer = client.post(f"{agency.p}/versions/{version.pk}/download/")
        return client, answer["Location"] if answer.status_code == 302 else answer
    answer = client.post("/api/v1/partner/downloads/", {"version": str(version.pk)}, content_type="application/json")
    address = answer.json().get("address", "")
    return client, "/api" + address.partition("/api")[2] if answer.status_code == 201 else answer


@BOTH
def test_an_original_is_taken_along_once_with_its_reference(door, agency, version):
    client, url = link_to(agency, door, version)
    answer = client.get(url)
    download = Download.objects.get()
    data = b"".join(answer)
    assert answer["Content-Disposition"].endswith(f'"KV-01_v1_{download.reference}.png"')
    assert f"Pharos-Download\0{download.reference}".encode() in data and data.startswith(b"\x89PNG")
    line = Activity.objects.get(verb="assets.file_downloaded")
    assert (line.user_name, line.changes) == ("Mei", {"download": [None, download.reference]})
    assert client.get(url).status_code == 404, "a second time"


@BOTH
@pytest.mark.parametrize("case", ["other seat", "after five minutes", "frozen", "other object", "control"])
def test_a_link_is_for_one_seat_one_thing_and_five_minutes(door, case, agency, version):
    client, url = link_to(agency, door, version)
    if case == "other seat":
        client = agency.client(agency.lead)
    elif case == "after five minutes":
        Download.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif case == "frozen":
        Seat.objects.filter(pk=agency.seat.pk).update(frozen_at=timezone.now())
    elif case == "other object":
        url = url.replace(url.strip("/").split("/")[-1 if door == "page" else -2], "x" * 43)
    answer = client.get(url)
    assert (answer.status_code == 200) == (case == "control")
    assert Activity.objects.filter(verb="assets.file_downloaded").exists() == (case == "control")


@BOTH
def test_another_organisation_gets_no_link(door, agency, rival, version):
    _client, answer = link_to(rival, door, version)
    assert answer.status_code in (400, 404) and not Download.objects.exists()


def test_previews_bear_the_mark_of_who_looks(agency, version):
    actions.check_version(AssetVersion.objects.select_related("asset__standard", "file", "workspace").get())
    rendition = version.renditions.get(kind="preview")
    answer = agency.client().get(f"{agency.p}/pictures/{rendition.pk}/")
    with opened(rendition.file) as file:
        assert answer.content != file.read()
    assert answer["Cache-Control"] == "private, no-store" and answer["Content-Type"] == "image/webp"
    assert toasts(answer) == []


# --- archive --------------------------------------------------------------------------------------------------------


def approved(world, asset, **values):
    """An asset whose newest version passed its review."""
    version = actions.add_version(world.actor, asset=asset, upload=picture(32, 32, **values))
    route = factories.review_route(world.campaign, name=f"Way {asset.code}")
    own = {"workspace_id": asset.workspace_id, "campaign_id": asset.campaign_id}
    review = {"asset": asset, "version": version, "sha256": version.sha256, "route": route, "state": "passed"}
    Review.objects.create(submitted_by=world.owner, route_name="Way", **own, **review)
    Asset.objects.filter(pk=asset.pk).update(stage="approved")
    return version


@BOTH
def test_approved_files_in_one_archive(door, agency, rival):

    world = agency.world
    mine = approved(world, agency.asset("Mine", "image", code="MINE"))
    ours = approved(world, factories.asset(world.campaign, "Ours", "image", code="OURS"), colour=(1, 2, 3))
    approved(world, rival.asset("Theirs", "image", code="THEIRS"), colour=(9, 9, 9))
    actions.add_version(world.actor, asset=agency.asset("Draft", "image", code="DRAFT"), upload=picture(8, 8))
    client = agency.client()
    if door == "page":
        url = client.post(f"{agency.p}/archive/{world.campaign.code}/")["Location"]
        assert "THEIRS" not in words_of(client.get(f"{agency.p}/archive/"))
    else:
        body = {"campaign": str(world.campaign.pk)}
        answer = client.post("/api/v1/partner/downloads/", body, content_type="application/json")
        url = "/api" + answer.json()["address"].partition("/api")[2]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(url))))
    reference = Download.objects.get().reference
    assert sorted(archive.namelist()) == [f"MINE_v1_{reference}.png", f"OURS_v1_{reference}.png"]
    assert archive.testzip() is None
    lines = Activity.objects.filter(verb="assets.file_downloaded").values_list("subject_id", flat=True)
    assert sorted(lines) == sorted([str(mine.pk), str(ours.pk)]), "one line a file"
    assert client.get(url).status_code == 404


@BOTH
def test_no_archive_without_the_section(door, agency):
    agency.organization.grants.update(areas={"assets": "write"})
    approved(agency.world, agency.asset("Mine", "image", code="MINE"))
    if door == "page":
        assert agency.client().post(f"{agency.p}/archive/{agency.world.campaign.code}/").status_code == 404
    else:
        body = {"campaign": str(agency.world.campaign.pk)}
        assert agency.api().post("partner/downloads/", body).status_code == 403
    assert not Download.objects.exists()


# --- verdicts -------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(agency):
    """A text of the client's at a level at which the agency is asked."""
    world = agency.world
    Door.objects.update(may_decide=True)
    route = factories.review_route(world.campaign, levels=("Agency look",))
    route.levels.update(organization=agency.organization, quorum="any")
    asset = factories.asset(world.campaign, "Launch post", maker=world.owner, stage="creation", route=route)
    actions.add_version(world.actor, asset=asset, text="Own quiet.", based_on=None)
    actions.submit_for_review(world.actor, asset=asset)
    return Review.objects.get().steps.get()


def decide(agency, door, step, seat=None, **said):
    said = {"decision": "approve", "words": "", "edits": "", "sha256": step.review.sha256, **said}
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/reviews/{step.pk}/decide/", said)
    return agency.api(seat).post(f"partner/review-steps/{step.pk}/verdicts/", said)


def test_a_level_asks_the_seats_of_a_partner_that_may_decide(agency, asked):
    people = set(asked.reviewers.values_list("user__name", flat=True))
    assert people == {"Mei", "Lea Lead"}, "no reader"
    assert "Launch post" in words_of(agency.client().get(f"{agency.p}/reviews/"))
    assert "Own quiet." in words_of(agency.client().get(f"{agency.p}/reviews/{asked.pk}/"))


def test_the_seats_that_are_asked_get_a_mail_with_their_own_page(agency, asked):
    jobs.tell_reviewer(step_id=asked.pk, user_id=agency.seat.user_id, occasion="asked")
    [sent] = mail.outbox
    assert sent.to == [agency.seat.email] and f"/partner/reviews/{asked.pk}/" in sent.body


@BOTH
def test_a_seat_gives_its_verdict(door, agency, asked):
    assert decide(agency, door, asked).status_code in (201, 302)
    assert Verdict.objects.get().reviewer == agency.seat.user
    assert Asset.objects.get().stage == "approved"


@BOTH
@pytest.mark.parametrize("case", ["door", "grant", "reader", "rival"])
def test_who_may_not_decide_finds_nothing(door, case, agency, rival, asked):
    seat = {"reader": agency.reader, "rival": rival.seat}.get(case, agency.seat)
    if case == "door":
        Door.objects.update(may_decide=False)
    if case == "grant":
        agency.organization.grants.update(areas={"assets": "write", "reviews": "read"})
    assert decide(agency, door, asked, seat=seat).status_code in (403, 404)
    assert not Verdict.objects.exists()


@BOTH
@pytest.mark.parametrize("case", ["itself", "same e-mail", "invited today", "control"])
def test_maker_and_reviewer_are_two_people(door, case, agency, asked):
    """The seat that made it may have become a reviewer meanwhile, or somebody who is not another person may."""
    maker = agency.lead
    if case == "itself":
        maker = agency.seat
    if case == "same e-mail":
        Seat.objects.filter(pk=maker.pk).update(organization=factories.organization(agency.world.workspace, "Else"))
        Seat.objects.filter(pk=maker.pk).update(email=agency.seat.email.upper())
    if case == "invited today":
        invited(agency)
    AssetVersion.objects.update(uploader=maker.user)
    answer = decide(agency, door, asked)
    if case == "control":
        assert answer.status_code in (201, 302) and Verdict.objects.exists()
    else:
        assert answer.status_code in (409, 422) and "Nobody reviews their own work" in words_of(answer)
        assert not Verdict.objects.exists()


def invited(agency):
    """The lead brought the other seat to its PIN by an invitation, an hour ago."""
    now = timezone.now()
    own = {"workspace": agency.world.workspace, "organization": agency.organization, "made_by": agency.lead.user}
    times = {"expires_at": now + timedelta(days=7), "used_at": now - timedelta(hours=1)}
    agency.organization.invitations.create(
        is_seat=True, role="contributor", email=agency.seat.email, token_hash="x", **own, **times
    )
