"""What a partner says of its own versions, and how it hears what was said: through both doors, and nobody else's."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Seat
from assets import actions
from assets.models import AssetVersion, Pin
from core.api.views import etag
from core.jobs import HANDLERS
from core.models import Activity, Job
from tests import factories
from tests.assets.conftest import picture
from tests.partner_world import BOTH, words_of

POINT = {"shape": "point", "x": "0.25", "y": "0.5"}
DONE = {"page": 302, "api": 201}


@pytest.fixture
def version(agency):
    """A picture of the agency's, handed in by its seat."""
    asset = agency.asset("Poster", "image", code="KV-01")
    return actions.add_version(agency.actor(), asset=asset, upload=picture(64, 64))


def say(agency, door, version, seat=None, **values):
    values = {**POINT, "text": "Is the logo right?", **values}
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/versions/{version.pk}/remarks/", values)
    return agency.api(seat).post("partner/pins/", {"version": str(version.pk), **values})


def take_back(agency, door, pin, seat=None):
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/remarks/{pin.pk}/remove/")
    url = f"/api/v1/partner/pins/{pin.pk}/"
    return agency.client(seat).delete(url, headers={"If-Match": "*"})


def mails(name="assets.tell_remarks"):
    """Run what waits to be told; {address: body}."""
    for job in Job.objects.filter(name=name):
        HANDLERS[name](**job.args)
    return {one.to[0]: one.body for one in mail.outbox}


def in_editing(version, route):
    """The version is checked and its asset may go to review along the route."""
    actions.check_version(version)
    type(version.asset).objects.filter(pk=version.asset_id).update(route=route, stage="editing")
    version.asset.refresh_from_db()


# --- saying ---------------------------------------------------------------------------------------------------------


@BOTH
def test_a_seat_puts_a_remark_on_its_own_version_and_takes_it_back(door, agency, version):
    answer = say(agency, door, version)
    assert answer.status_code == DONE[door], words_of(answer)
    pin = Pin.objects.get()
    assert (pin.author, pin.version, pin.number, float(pin.x)) == (agency.seat.user, version, 1, 0.25)
    assert not pin.is_blocking, "a partner holds no approval up"
    page = f"{agency.p}/assets/{version.asset_id}/proof/"
    assert "Is the logo right?" in words_of(agency.client().get(page))
    assert "Is the logo right?" in words_of(
        agency.world.client().get(f"{agency.world.c}/assets/{version.asset_id}/proof/")
    )
    assert take_back(agency, door, pin).status_code == {"page": 302, "api": 204}[door]
    pin.refresh_from_db()
    assert pin.archived_at is not None and "Is the logo" not in words_of(agency.client().get(page))
    verbs = Activity.objects.filter(verb__startswith="assets.pin").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["assets.pin_added", "assets.pin_removed"]


@BOTH
def test_what_must_be_settled_is_not_for_a_partner_to_say(door, agency, version):
    answer = say(agency, door, version, is_blocking="true")
    assert answer.status_code in (302, 201, 400)
    assert not Pin.objects.filter(is_blocking=True).exists()


@BOTH
@pytest.mark.parametrize("who", ["reader", "rival", "not_granted", "read_only", "frozen", "archived"])
def test_whoever_may_not_speak_says_nothing(door, who, agency, rival, version):
    seat = {"reader": agency.reader, "rival": rival.seat}.get(who)
    areas = {"not_granted": {"tasks": "write"}, "read_only": {"assets": "read", "tasks": "write"}}
    if who in areas:
        agency.organization.grants.update(areas=areas[who])
    if who == "frozen":
        Seat.objects.filter(pk=agency.seat.pk).update(frozen_at="2026-01-01T00:00Z")
    if who == "archived":
        type(agency.world.campaign).objects.update(archived_at=timezone.now())
    assert say(agency, door, version, seat=seat).status_code in (302, 400, 401, 403, 404, 409)
    assert not Pin.objects.exists()


@BOTH
@pytest.mark.parametrize("wrong", [{"text": " "}, {"x": "7"}, {"text": "x" * 4001}, {"shape": "range", "start": 5}])
def test_what_is_no_remark_gets_a_sentence(door, wrong, agency, version):
    client = agency.client()
    if door == "page":
        url = f"{agency.p}/versions/{version.pk}/remarks/"
        answer = client.post(url, {**POINT, "text": "Hm", **wrong}, headers={"HX-Request": "true"})
        assert answer.status_code == 422 and "errorlist" in words_of(answer)
    else:
        assert say(agency, door, version, **wrong).status_code == 400
    assert not Pin.objects.exists()


@BOTH
@pytest.mark.parametrize("who", ["colleague", "rival"])
def test_nobody_takes_back_what_another_said(door, who, agency, rival, version):
    say(agency, door, version)
    pin = Pin.objects.get()
    seat = agency.lead if who == "colleague" else rival.seat
    assert take_back(agency, door, pin, seat).status_code in (302, 403, 404)
    pin.refresh_from_db()
    assert pin.archived_at is None


def test_a_rival_neither_sees_nor_answers_it(agency, rival, version):
    say(agency, "page", version)
    pin = Pin.objects.get()
    for url in (f"{agency.p}/assets/{version.asset_id}/proof/", f"/api/v1/partner/pins/{pin.pk}/"):
        assert rival.client().get(url).status_code == 404
    assert "logo" not in words_of(rival.client().get("/api/v1/partner/pins/"))
    assert rival.client().post(f"{agency.p}/remarks/{pin.pk}/answer/", {"text": "Mine"}).status_code == 404
    assert "logo" in words_of(agency.client(agency.reader).get("/api/v1/partner/pins/")), "the control"


# --- changing one's own mind ----------------------------------------------------------------------------------------


def reword(agency, door, pin, text, seat=None, **more):
    if door == "page":
        values = {"text": text, "lock_version": pin.lock_version, **more}
        return agency.client(seat).post(f"{agency.p}/remarks/{pin.pk}/", values)
    url, body = f"/api/v1/partner/pins/{pin.pk}/", {"text": text, **more}
    seen = {"If-Match": etag(pin)}
    return agency.client(seat).patch(url, body, content_type="application/json", headers=seen)


def act(agency, door, pin, name, seat=None):
    if door == "page":
        return agency.client(seat).post(f"{agency.p}/remarks/{pin.pk}/{name}/")
    return agency.api(seat).post(f"partner/pins/{pin.pk}/{name}/")


def own_pin(agency, version):
    say(agency, "page", version)
    return Pin.objects.get()


@BOTH
def test_a_seat_rewords_its_own_remark_and_sees_when_it_was_too_late(door, agency, version):
    pin = own_pin(agency, version)
    answer = reword(agency, door, pin, "Is the logo the new one?", is_blocking="true")
    pin.refresh_from_db()
    assert answer.status_code in (200, 302), words_of(answer)
    assert (pin.text, pin.is_blocking) == ("Is the logo the new one?", False)
    line = Activity.objects.get(verb="assets.pin_changed")
    assert line.changes["text"] == ["Is the logo right?", "Is the logo the new one?"]
    assert line.user_id == agency.seat.user_id and line.event.door_id == agency.organization.door.pk
    actions.change_pin(agency.actor(), pin=pin, is_blocking=True)
    assert not pin.is_blocking, "a partner holds no approval up"
    pin.lock_version -= 1
    assert reword(agency, door, pin, "Too late").status_code in (409, 412, 422)
    pin.refresh_from_db()
    assert pin.text == "Is the logo the new one?"


@BOTH
def test_what_is_no_remark_is_not_reworded_to(door, agency, version):
    pin = own_pin(agency, version)
    assert reword(agency, door, pin, " ").status_code in (400, 422)
    pin.refresh_from_db()
    assert pin.text == "Is the logo right?"


@BOTH
def test_a_seat_settles_its_own_thread_and_opens_it_again(door, agency, version):
    pin = own_pin(agency, version)
    page = f"{agency.p}/assets/{version.asset_id}/proof/"
    for name, word in (("resolve", "Open again"), ("reopen", "Settled")):
        answer = act(agency, door, pin, name)
        assert answer.status_code in (200, 302), words_of(answer)
        pin.refresh_from_db()
        assert (pin.resolved_by_id, pin.resolved_at is None) == (
            (agency.seat.user_id, False) if name == "resolve" else (None, True)
        )
        assert word in words_of(agency.client().get(page))
        if door == "api":
            assert (answer.json()["resolved_at"] is None) == (name == "reopen")
    lines = Activity.objects.filter(verb__in=("assets.pin_resolved", "assets.pin_reopened")).order_by("at")
    assert [line.user_id for line in lines] == [agency.seat.user_id] * 2


def test_the_client_hears_that_a_seat_settled_its_thread(agency, version):
    act(agency, "page", own_pin(agency, version), "resolve")
    body = mails()[agency.world.owner.email]
    assert "Is the logo right?" in body and agency.seat.user.name in body


@BOTH
@pytest.mark.parametrize("who", ["colleague", "reader", "rival", "read_only", "frozen", "archived"])
def test_nobody_else_rewords_or_settles_it(door, who, agency, rival, version):
    pin = own_pin(agency, version)
    seat = {"colleague": agency.lead, "reader": agency.reader, "rival": rival.seat}.get(who)
    if who == "read_only":
        agency.organization.grants.update(areas={"assets": "read", "tasks": "write"})
    if who == "frozen":
        Seat.objects.filter(pk=agency.seat.pk).update(frozen_at="2026-01-01T00:00Z")
    if who == "archived":
        type(agency.world.campaign).objects.update(archived_at=timezone.now())
    answers = [reword(agency, door, pin, "Mine now", seat)]
    answers += [act(agency, door, pin, name, seat) for name in ("resolve", "reopen")]
    assert {answer.status_code for answer in answers} <= {302, 401, 403, 404, 409, 422}
    pin.refresh_from_db()
    assert (pin.text, pin.resolved_at, pin.lock_version) == ("Is the logo right?", None, 1)
    assert not Activity.objects.filter(verb__in=("assets.pin_changed", "assets.pin_resolved")).exists()


@BOTH
def test_what_the_client_said_is_the_clients_to_settle(door, agency, version):
    pin = actions.add_pin(agency.world.actor, version=version, shape="whole", text="Warmer, please")
    reword(agency, door, pin, "Fine as it is")
    act(agency, door, pin, "resolve")
    pin.refresh_from_db()
    assert (pin.text, pin.resolved_at) == ("Warmer, please", None)
    page = words_of(agency.client().get(f"{agency.p}/assets/{version.asset_id}/proof/"))
    assert "Reply" in page and "Reword" not in page and ">Settled" not in page


# --- hearing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_seat_that_handed_in_hears_what_the_client_says(agency, version, language):
    type(agency.seat.user).objects.filter(pk=agency.seat.user_id).update(language=language)
    pin = actions.add_pin(agency.world.actor, version=version, shape="whole", text="Warmer, please")
    actions.answer_pin(agency.actor(), pin=pin, text="Like this?")
    actions.answer_pin(agency.world.actor, pin=pin, text="Warmer still")
    actions.resolve_pin(agency.world.actor, pin=pin)
    found = mails()
    body = found[agency.seat.email]
    assert all(words in body for words in ("Warmer, please", "Warmer still", f"/assets/{version.asset_id}/proof/"))
    assert "Like this?" not in body and "/partner/" in body
    assert "Like this?" in found[agency.world.owner.email]
    assert ("Hello" in body) == (language == "en")


def test_the_client_hears_what_a_seat_says_first(agency, version):
    say(agency, "page", version)
    assert "Is the logo right?" in mails()[agency.world.owner.email]


@pytest.mark.parametrize("why", ["frozen", "removed", "grant_ended", "door_frozen"])
def test_who_is_out_hears_nothing_and_the_lead_takes_over(agency, version, why):
    if why == "removed":  # before it was said
        Seat.objects.filter(pk=agency.seat.pk).update(removed_at="2026-01-01T00:00Z")
    actions.add_pin(agency.world.actor, version=version, shape="whole", text="Warmer, please")
    if why == "frozen":
        Seat.objects.filter(pk=agency.seat.pk).update(frozen_at="2026-01-01T00:00Z")
    if why == "grant_ended":
        agency.organization.grants.update(finish_date="2020-01-01")
    if why == "door_frozen":
        type(agency.organization.door).objects.update(frozen_at="2026-01-01T00:00Z")
    assert set(mails()) == ({agency.lead.email} if why == "removed" else set())


def test_what_a_private_level_and_other_partners_say_is_not_told(agency, rival, version):
    """Names and words that a partner's pages hide are not in its mail either."""
    bea = factories.member(agency.world.workspace, name="Bea Brand")
    route = factories.review_route(agency.world.campaign, levels=("Price",))
    route.levels.update(is_private=True)
    route.levels.get().users.add(bea)
    in_editing(version, route)
    actions.submit_for_review(agency.actor(), asset=version.asset)
    actor = factories.actor_of(bea, agency.world.workspace)
    actions.add_pin(actor, version=AssetVersion.objects.get(), shape="whole", text="Too dear at 7391846")
    assert agency.seat.email not in mails()
    planner = factories.member(agency.world.workspace, name="Kitewind Kate")
    planner.memberships.update(organization=rival.organization)
    said = factories.actor_of(planner, agency.world.workspace)
    actions.add_pin(said, version=AssetVersion.objects.get(), shape="whole", text="Bluer")
    body = mails()[agency.seat.email]
    assert "Bluer" in body and "Kate" not in body and "another partner" in body and "7391846" not in body


def test_a_version_that_comes_back_is_told_to_whoever_handed_it_in(agency, version):
    bea = factories.member(agency.world.workspace, name="Bea Brand")
    route = factories.review_route(agency.world.campaign, levels=("Brand",))
    route.levels.get().users.add(bea)
    in_editing(version, route)
    review = actions.submit_for_review(agency.world.actor, asset=version.asset)  # the client submits it
    words = {"decision": "changes_required", "words": "Name the product."}
    actor = factories.actor_of(bea, agency.world.workspace)
    actions.give_verdict(actor, step=review.steps.get(), sha256=review.sha256, **words)
    assert f"/partner/assets/{version.asset_id}/" in mails("assets.tell_makers")[agency.seat.email]
