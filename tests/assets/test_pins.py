"""Remarks on a version through page and REST: made, reworded, settled, answered, taken away; who reads and who may."""

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image

from assets import actions
from assets.actions.notices import Reader
from assets.models import AssetVersion, Pin, PinReply, ReviewStep, StepReviewer
from core.errors import Invalid, RuleBroken
from core.jobs import HANDLERS
from core.models import Activity, Job
from tests import factories
from tests.assets.conftest import BOTH, picture, toasts, upload

pytestmark = pytest.mark.usefixtures("probed_once")

TEXT = "Warm all winter 🧣, from 99 yuan"


def drawn(world, asset):
    """The asset's next version, a picture looked at by the machine."""
    version = actions.add_version(world.actor, asset=asset, upload=picture(600, 400))
    version = AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=version.pk)
    actions.check_version(version)
    return version


@pytest.fixture
def version(world, image):
    return drawn(world, image)


@pytest.fixture
def words(world, copy):
    return actions.add_version(world.actor, asset=copy, text=TEXT)


def pinned(world, version, actor=None, **given):
    given = {"shape": "point", "x": "0.25", "y": "0.5", "text": "Too dark", **given}
    place = {name: Decimal(value) for name, value in given.items() if name in ("x", "y", "width", "height", "seconds")}
    return actions.add_pin(actor or world.actor, version=version, **{**given, **place})


class Hands:
    """One person at one of the two doors."""

    def __init__(self, door, world, client, api):
        self.door, self.client, self.api = door, client, api
        self.base = f"{world.c}/assets/"

    def add(self, version, **given):
        given = {"shape": "point", "text": "Too dark", **given}
        if self.door == "page":
            return self.client.post(f"{self.base}versions/{version.pk}/pins/", given).status_code
        return self.api.post("pins/", {"version": str(version.pk), **given}).status_code

    def act(self, pin, verb):
        if self.door == "page":
            response = self.client.post(f"{self.base}pins/{pin.pk}/{verb}/")
            return 403 if response.status_code == 403 or toasts(response) else response.status_code
        if verb == "remove":
            return self.api.remove(f"pins/{pin.pk}/").status_code
        return self.api.post(f"pins/{pin.pk}/{verb}/").status_code

    def answer(self, pin, text):
        if self.door == "page":
            return self.client.post(f"{self.base}pins/{pin.pk}/answer/", {"text": text})
        return self.api.post("pin-replies/", {"pin": str(pin.pk), "text": text})


@pytest.fixture(params=["page", "api"])
def hands(request, world, owner, api):
    return Hands(request.param, world, owner, api)


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ({"x": "0.25", "y": "0.5"}, {"shape": "point", "x": 0.25, "y": 0.5, "width": None}),
        ({"shape": "box", "x": "0.1", "y": "0.2", "width": "0.3", "height": "0.4"}, {"shape": "box", "height": 0.4}),
        ({"shape": "whole"}, {"shape": "whole", "x": None}),
    ],
)
def test_a_remark_is_put_on_a_place(hands, version, place, kept):
    assert hands.add(version, **place) in (201, 302)
    pin = Pin.objects.get()
    assert (pin.number, pin.text, pin.author.name) == (1, "Too dark", "Ana Owner")
    found = {name: getattr(pin, name) for name in kept}
    assert {name: value if value is None or name == "shape" else float(value) for name, value in found.items()} == kept


def test_words_are_quoted_as_they_are(hands, words):
    assert hands.add(words, shape="range", start=16, end=19) in (201, 302)
    assert Pin.objects.get().quote == "🧣, "


@pytest.mark.parametrize(
    "place",
    [
        {"x": "0.5"},
        {"x": "0.5", "y": "1.5"},
        {"shape": "box", "x": "0.9", "y": "0.1", "width": "0.2", "height": "0.1"},
        {"shape": "range", "start": 0, "end": 3},
        {"shape": "circle"},
        {"x": "NaN", "y": "0.5"},
        {"shape": "whole", "text": "  "},
        {"shape": "whole", "text": "x" * 4001},
        {"shape": "whole", "page": 99_999},
    ],
)
def test_a_place_that_is_none_is_refused(hands, version, place):
    if hands.door == "page" and place == {"x": "0.5"}:
        place = {"shape": "point", "x": "0.5"}
    assert hands.add(version, **place) in (400, 422)
    assert not Pin.objects.exists()


def test_settled_and_open_again(hands, world, version):
    pin = pinned(world, version)
    for _twice in range(2):
        assert hands.act(pin, "resolve") in (200, 302)
    pin.refresh_from_db()
    assert pin.resolved_by == world.owner
    assert hands.act(pin, "reopen") in (200, 302)
    pin.refresh_from_db()
    assert pin.resolved_at is None
    verbs = list(
        Activity.objects.filter(verb__startswith="assets.pin_re").order_by("at").values_list("verb", flat=True)
    )
    assert verbs == ["assets.pin_resolved", "assets.pin_reopened"]


def test_an_answer_stands_in_the_thread(hands, world, owner, version):
    pin = pinned(world, version)
    assert hands.answer(pin, "Brighter now?").status_code in (201, 302)
    assert PinReply.objects.get().text == "Brighter now?"
    page = owner.get(f"{world.c}/assets/{version.asset_id}/proof/").content.decode()
    assert "Brighter now?" in page and 'id="pin-1"' in page
    assert hands.act(pin, "remove") in (204, 302)
    assert owner.get("/api/v1/pin-replies/").json()["results"] == []
    assert hands.answer(pin, "Still there?").status_code in (400, 404)


@BOTH
def test_only_authors_reword(door, world, owner, api, version):
    pin = pinned(world, version)
    url = f"{world.c}/assets/pins/{pin.pk}/"
    if door == "page":
        given = {"text": "Far too dark", "lock_version": 1}
        assert owner.post(url, given).status_code == 302
        assert owner.post(url, given | {"text": "Mine"}).status_code == 422  # somebody saved meanwhile
    else:
        assert api.change(f"pins/{pin.pk}/", {"text": "Far too dark", "is_blocking": False}).status_code == 200
        assert api.change(f"pins/{pin.pk}/", {"text": "Mine"}, seen=f'"{pin.pk.hex}-1"').status_code == 412
    pin.refresh_from_db()
    assert (pin.text, pin.is_blocking) == ("Far too dark", False)
    colleague = world.client(factories.member(world.workspace, role="manager", name="Max"))
    if door == "page":
        assert colleague.post(url, {"text": "Changed", "lock_version": 2}).status_code == 422
    else:
        assert type(api)(colleague).change(f"pins/{pin.pk}/", {"text": "Changed"}).status_code == 403
    pin.refresh_from_db()
    assert pin.text == "Far too dark"


@BOTH
def test_viewers_read_and_say_nothing(door, world, viewer, api, version):
    pin = pinned(world, version)
    hands = Hands(door, world, viewer, type(api)(viewer))
    assert hands.add(version, shape="whole") == 403
    assert hands.act(pin, "resolve") == 403
    page = viewer.get(f"{world.c}/assets/{version.asset_id}/proof/").content.decode()
    assert "Too dark" in page and "composer" not in page
    assert viewer.get("/api/v1/pins/").json()["results"][0]["text"] == "Too dark"


def test_filters(world, owner, version, words):
    first, second = pinned(world, version), pinned(world, version, is_blocking=False)
    pinned(world, words, shape="range", start=0, end=4)
    actions.resolve_pin(world.actor, pin=first)

    def numbers(query):
        return [one["number"] for one in owner.get(f"/api/v1/pins/?{query}").json()["results"]]

    assert sorted(numbers(f"asset={version.asset_id}")) == [1, 2]
    assert numbers(f"version={version.pk}&open=true") == [second.number]
    assert numbers(f"version={version.pk}&open=false") == [first.number]
    page = f"{world.c}/assets/{version.asset_id}/proof/"
    assert [pin.number for pin in owner.get(f"{page}?show=open").context["pins"]] == [2]
    assert [pin.number for pin in owner.get(page).context["pins"]] == [1, 2]


def test_a_version_is_chosen_and_a_wrong_one_is_not_there(world, owner, image, version):
    actions.add_version(world.actor, asset=image, upload=picture(500, 500))
    page = f"{world.c}/assets/{image.pk}/proof/"
    assert owner.get(page).context["version"].number == 2
    assert owner.get(f"{page}?version=1").context["version"].number == 1
    for wrong in ("9", "x", "-1", "1" * 30):
        assert owner.get(f"{page}?version={wrong}").status_code == 404
    assert owner.get(f"{page}?version=1&page=7").status_code == 200


def test_markup_in_words_and_remarks_is_shown_as_text(world, owner, copy):
    words = actions.add_version(world.actor, asset=copy, text="<script>alert(1)</script>")
    pinned(world, words, shape="whole", text="<img src=x onerror=alert(1)>")
    page = owner.get(f"{world.c}/assets/{copy.pk}/proof/").content.decode()
    assert "<script>alert(1)" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_htmx_form_gets_the_list_alone(world, owner, version):
    url = f"{world.c}/assets/versions/{version.pk}/pins/"
    answer = owner.post(url, {"text": "Here", "x": "0.5", "y": "0.5"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer.content.decode().startswith('<aside class="remarks" id="remarks"')
    failed = owner.post(url, {"text": "", "x": "0.5", "y": "0.5"}, headers={"HX-Request": "true"})
    assert failed.status_code == 422 and b'role="alert"' in failed.content


# --- private levels -------------------------------------------------------------------------------------------------


def reviewed(world, version, reviewer, *, is_private):
    """A running review of the version with one level at which the reviewer is asked."""
    route = factories.review_route(world.campaign, name=f"Route {is_private}")
    review = version.reviews.create(
        workspace=world.workspace,
        campaign=world.campaign,
        asset=version.asset,
        sha256=version.sha256,
        route=route,
        route_name=route.name,
        submitted_by=world.owner,
    )
    own = {"workspace": world.workspace, "campaign": world.campaign}
    step = ReviewStep.objects.create(
        **own, review=review, position=1, name="Legal", quorum="all", state="open", is_private=is_private
    )
    StepReviewer.objects.create(**own, step=step, user=reviewer)
    return step


@pytest.mark.parametrize("is_private", [True, False])
def test_remarks_of_a_private_level_are_for_its_people(world, version, is_private):
    people = {role: factories.member(world.workspace, role=role, name=f"A {role}") for role in ("manager", "member")}
    reviewer, maker = (factories.member(world.workspace, name=name) for name in ("Rita", "Milo"))
    type(version.asset).objects.filter(pk=version.asset_id).update(maker=maker)
    reviewed(world, version, reviewer, is_private=is_private)
    pin = pinned(world, version, factories.actor_of(reviewer, world.workspace), text="Not lawful")
    actions.answer_pin(factories.actor_of(reviewer, world.workspace), pin=pin, text="Ask the lawyers")
    assert pin.step.name == "Legal"
    assert ("Not lawful" in str(list(Activity.objects.values_list("changes", flat=True)))) != is_private
    for user, reads in ((reviewer, True), (maker, True), (people["manager"], True), (people["member"], not is_private)):
        client = world.client(user)
        page = client.get(f"{world.c}/assets/{version.asset_id}/proof/").content.decode()
        assert ("Not lawful" in page, "Ask the lawyers" in page) == (reads, reads), user
        assert len(client.get("/api/v1/pins/").json()["results"]) == reads
        assert ("Ask the lawyers" in client.get("/api/v1/pin-replies/").content.decode()) == reads
        status = client.post(f"{world.c}/assets/pins/{pin.pk}/answer/", {"text": "Why?"}).status_code
        assert status == (302 if reads else 404)


# --- two versions ---------------------------------------------------------------------------------------------------


def test_two_texts_are_compared_word_by_word(world, owner, copy, words):
    pinned(world, words, shape="range", start=0, end=4, text="Warmer")
    newer = actions.add_version(world.actor, asset=copy, text=TEXT.replace("Warm", "Cosy"), based_on=1)
    page = owner.get(f"{world.c}/assets/{copy.pk}/compare/")
    assert (page.context["old"], page.context["new"]) == (words, newer)
    text = page.content.decode()
    assert [row.kind for row in page.context["sections"][0]["rows"]] == ["replace"]
    assert "addressed?" in text and "Warmer" in text
    pin = Pin.objects.get()
    given = {"back": "compare", "to": 2}
    done = owner.post(f"{world.c}/assets/pins/{pin.pk}/resolve/", given)
    assert done["Location"] == f"{world.c}/assets/{copy.pk}/compare/?from=1&to=2#addressed"
    assert "Warmer" not in owner.get(done["Location"]).content.decode()


def test_two_pictures_beside_each_other(world, owner, image, version):
    assert owner.get(f"{world.c}/assets/{image.pk}/compare/").status_code == 302  # one alone
    second = AssetVersion.objects.select_related("asset", "file", "workspace").get(
        pk=actions.add_version(world.actor, asset=image, upload=picture(600, 400, colour=(9, 9, 9))).pk
    )
    actions.check_version(second)
    page = owner.get(f"{world.c}/assets/{image.pk}/compare/?from=1&to=2")
    assert page.content.decode().count("/pictures/") == 2
    assert owner.get(f"{world.c}/assets/{image.pk}/compare/?from=1&to=7").status_code == 404


# --- told -----------------------------------------------------------------------------------------------------------


def test_the_maker_hears_once_an_hour_and_authors_of_answers(world, version):
    maker = factories.member(world.workspace, name="Milo Maker")
    type(version.asset).objects.filter(pk=version.asset_id).update(maker=maker)
    version = AssetVersion.objects.select_related("asset").get(pk=version.pk)
    first = pinned(world, version, text="Too dark")
    pinned(world, version, text="Logo is too small")
    actor = factories.actor_of(maker, world.workspace)
    actions.answer_pin(actor, pin=first, text="Brighter now")
    actions.resolve_pin(actor, pin=first)
    jobs = list(Job.objects.filter(name="assets.tell_remarks"))
    assert sorted(job.args["user_id"] for job in jobs) == sorted([str(maker.pk), str(world.owner.pk)])
    assert all(job.run_at > timezone.now() for job in jobs)
    for job in jobs:
        HANDLERS[job.name](**job.args)
    mails = {one.to[0]: one.body for one in mail.outbox}
    assert "#1 Ana Owner: Too dark" in mails[maker.email] and "Logo is too small" in mails[maker.email]
    assert "Brighter now" not in mails[maker.email]  # one's own words
    assert "Brighter now" in mails[world.owner.email] and "#1 was settled by Milo Maker." in mails[world.owner.email]
    assert len(mail.outbox) == 2


def test_nothing_said_is_no_mail(world, version):
    pinned(world, version)
    hour_ago = datetime.now(UTC) - timedelta(hours=3)
    reader = Reader(world.owner, world.owner.email, is_seat=False)
    assert not actions.tell_remarks(version.asset, world.actor, reader, since=hour_ago)
    assert mail.outbox == []


# --- numbers and costs ----------------------------------------------------------------------------------------------


def test_numbers_go_on_after_a_remark_was_taken_away(world, version):
    for number in (1, 2):
        assert pinned(world, version).number == number
    actions.remove_pin(world.actor, pin=Pin.objects.get(number=2))
    assert pinned(world, version).number == 3
    with pytest.raises(RuleBroken):
        actions.resolve_pin(world.actor, pin=Pin.objects.get(number=2))


def test_a_page_of_fifty_remarks_keeps_its_budget(world, owner, version, assert_budget):
    for number in range(50):
        pin = pinned(world, version, text=f"Remark {number}")
        actions.answer_pin(world.actor, pin=pin, text="Yes")
    url = f"{world.c}/assets/{version.asset_id}/proof/"
    owner.get(url)
    with assert_budget("assets:proof"):
        page = owner.get(url)
    assert len(page.context["pins"]) == 50
    assert json.loads(page.context["pins"][0].place) == {"number": 1, "shape": "point", "x": 0.25, "y": 0.5}
    with assert_budget("api:pins-list"):
        assert len(owner.get("/api/v1/pins/?limit=50").json()["results"]) == 50
    actions.add_version(world.actor, asset=version.asset, upload=picture(300, 300))
    owner.get(f"{world.c}/assets/{version.asset_id}/compare/")
    with assert_budget("assets:compare"):
        owner.get(f"{world.c}/assets/{version.asset_id}/compare/")


# --- pages and seconds ----------------------------------------------------------------------------------------------


def test_a_pdf_is_seen_page_by_page(world, owner):
    asset = factories.asset(world.campaign, "Leaflet", "document", maker=world.owner)
    out = io.BytesIO()
    pages = [Image.new("RGB", (300, 400), colour) for colour in ("white", "grey", "black")]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    version = actions.add_version(world.actor, asset=asset, upload=upload(out.getvalue(), "leaflet.pdf"))
    actions.check_version(AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=version.pk))
    version = AssetVersion.objects.select_related("asset").get(pk=version.pk)
    pinned(world, version, page=2)
    with pytest.raises(Invalid):
        pinned(world, version, page=4)
    seen = owner.get(f"{world.c}/assets/{asset.pk}/proof/?page=2")
    assert (seen.context["stage"]["page"], seen.context["stage"]["pages"]) == (2, [1, 2, 3])
    assert "&amp;page=2#pin-1" in seen.content.decode() and "page 2" in seen.content.decode()


def test_a_video_is_played_here_and_remarks_name_their_second(world, owner):
    asset = factories.asset(world.campaign, "Launch film", "video", maker=world.owner)
    mp4 = b"\x00\x00\x00\x18ftypmp42" + bytes(2000)
    version = actions.add_version(world.actor, asset=asset, upload=upload(mp4, "film.mp4"))
    measures = {"type": "mp4", "seconds": 15.0}
    AssetVersion.objects.filter(pk=version.pk).update(measures=measures, checked_at=timezone.now())
    version = AssetVersion.objects.select_related("asset").get(pk=version.pk)
    pinned(world, version, seconds="3.48")
    with pytest.raises(Invalid):
        pinned(world, version, seconds="16")
    page = owner.get(f"{world.c}/assets/{asset.pk}/proof/").content.decode()
    assert f"/versions/{version.pk}/video/" in page and "0:03.5" in page and "&quot;seconds&quot;: 3.48" in page
