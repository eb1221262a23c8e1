"""What a seat's session holds: fresh proof, idle lock, drafts, a new key and token at each switch, no caches."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Door, Draft, Invitation, SeatDevice, SeatSession
from core.models import Activity, AuditEvent
from core.policy import policies, seat_lead
from tests import factories
from tests.factories import PIN

STALE = {"proved_at": timezone.now() - timedelta(minutes=6)}
TYPED = {"name": "Nina New", "email": "nina@agency.example", "role": "reader"}


@pytest.fixture
def lena(agency, door):
    return factories.seat(agency, role="lead", name="Lena Lead")


@pytest.fixture
def stale(lena):
    """A browser whose seat proved itself six minutes ago."""
    return factories.seat_client(lena, proved_at=timezone.now() - timedelta(minutes=6))


# --- proof ----------------------------------------------------------------------------------------------------------


def test_a_form_brings_the_pin_along(world, stale):
    url = f"{world.w}/partner/seats/new/"
    assert 'name="seat_pin"' in stale.get(url).content.decode()
    answer = stale.post(url, {**TYPED, "seat_pin": PIN})
    assert answer.status_code == 200 and Invitation.objects.count() == 1
    assert 'name="seat_pin"' not in stale.get(url).content.decode(), "good for five minutes"
    assert Activity.objects.filter(verb="accounts.seat_proved").count() == 1


@pytest.mark.parametrize(("pin", "status"), [("", 403), ("000000", 422)])
def test_without_the_right_pin_nothing_happens_and_nothing_typed_is_lost(world, stale, pin, status):
    url = f"{world.w}/partner/seats/new/"
    answer = stale.post(url, {**TYPED, "seat_pin": pin} if pin else TYPED)
    text = answer.content.decode()
    assert answer.status_code == status and not Invitation.objects.exists()
    assert all(f'name="{name}" value="{value}"' in text for name, value in TYPED.items())
    assert f'action="{url}"' in text and 'name="seat_pin"' in text
    assert not pin or pin not in text, "a PIN is not shown again"
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    again.pop("csrfmiddlewaretoken", None)
    assert stale.post(url, {**again, "seat_pin": PIN}).status_code == 200 and Invitation.objects.count() == 1


def test_rest_names_the_call_that_proves(stale):
    def invite():
        return stale.post("/api/v1/partner/seat-invitations/", json.dumps(TYPED), content_type="application/json")

    refused = invite()
    told = refused.json()
    assert (refused.status_code, told["code"], told["proof"]) == (403, "proof_required", "/api/v1/partner/proof/")
    wrong = stale.post(told["proof"], json.dumps({"pin": "000000"}), content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_pin") and invite().status_code == 403
    assert stale.post(told["proof"], json.dumps({"pin": PIN}), content_type="application/json").status_code == 204
    assert invite().status_code == 201


def test_the_page_of_proof_leads_on_to_where_one_came_from(world, stale):
    url = f"{world.w}/partner/me/proof/"
    there = f"{world.w}/partner/assets/?x=1"
    assert stale.post(url, {"seat_pin": "000000", "next": there}).status_code == 422
    assert stale.post(url, {"seat_pin": PIN, "next": there})["Location"] == there
    assert stale.post(url, {"seat_pin": PIN, "next": "//evil.example"})["Location"] == f"{world.w}/partner/"


def test_every_act_of_a_lead_that_lets_somebody_in_wants_a_proof():
    """What shuts somebody out is done without asking."""
    unproved = {name for name, policy in policies().items() if policy.writes is seat_lead and not policy.proof}
    assert {name.rpartition("-")[2] for name in unproved} == {"freeze", "revoke", "end"}
    assert policies()["accounts:partner-pin"].proof and policies()["api:partner-pin"].proof


# --- idle -----------------------------------------------------------------------------------------------------------


def test_an_idle_screen_locks_as_the_client_set_it(world, agency, door, lena):
    Door.objects.update(idle_minutes=5)
    client = factories.seat_client(lena, seen_at=timezone.now() - timedelta(minutes=6))
    page = client.get(f"{world.w}/partner/seats/?x=1")
    assert page["Location"] == f"/door/seats/?next={world.w}/partner/seats/%3Fx%3D1"
    answer = client.get("/api/v1/partner/seats/")
    assert (answer.status_code, answer.json()["code"]) == (401, "seat_locked")
    other = factories.seat_client(lena, seen_at=timezone.now() - timedelta(minutes=4))
    assert other.get(f"{world.w}/partner/seats/").status_code == 200
    assert SeatSession.objects.order_by("-seen_at")[0].seen_at > timezone.now() - timedelta(minutes=1)


def test_a_fragment_that_asks_by_itself_keeps_no_screen_open(world, lena):
    before = timezone.now() - timedelta(minutes=4)
    client = factories.seat_client(lena, seen_at=before)
    client.get(f"{world.w}/partner/seats/", headers={"Pharos-Poll": "1"})
    assert SeatSession.objects.get().seen_at == before


def test_eight_hours_are_the_end_of_a_session(world, lena):
    client = factories.seat_client(lena, created_at=timezone.now() - timedelta(hours=8, seconds=1))
    assert client.get(f"{world.w}/partner/seats/").status_code == 302


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_what_is_sent_from_a_locked_screen_is_kept_for_its_seat(world, agency, lena):
    page = f"{world.w}/partner/seats/new/"
    client = factories.seat_client(lena, seen_at=timezone.now() - timedelta(hours=2))
    answer = client.post(page, {**TYPED, "seat_pin": PIN}, headers={"Referer": f"http://testserver{page}"})
    assert answer.status_code == 302 and not Invitation.objects.exists()
    draft = Draft.objects.get()
    assert (draft.user, draft.page) == (lena.user, page)
    assert draft.fields == {**TYPED, "draft_form": page}
    back = factories.seat_client(lena)
    got = back.get(f"{world.w}/partner/me/drafts/", {"page": page}).json()
    assert got["typed"]["name"] == "Nina New"
    sean = factories.seat(agency)
    other = factories.seat_client(sean)
    assert other.get(f"{world.w}/partner/me/drafts/", {"page": page}).json() == {"typed": {}}


def test_a_frozen_seats_last_words_are_not_kept(world, lena):
    page = f"{world.w}/partner/seats/new/"
    client = factories.seat_client(lena)
    SeatSession.objects.update(ended_at=timezone.now())
    client.post(page, TYPED)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("where", ["page", "api"])
def test_a_draft_is_kept_changed_and_let_go(world, sean, where):
    client, page = factories.seat_client(sean), f"{world.w}/partner/tasks/"
    drafts = f"{world.w}/partner/me/drafts/"

    def keep(**typed):
        if where == "page":
            return client.post(drafts, {"page": page, **typed}).status_code
        body = json.dumps({"page": page, "typed": typed})
        return client.post("/api/v1/partner/drafts/", body, content_type="application/json").status_code

    assert keep(text="Half a sent", password="secret") in (200, 204)
    assert keep(text="Half a sentence") in (200, 204)
    assert Draft.objects.get().fields == {"text": "Half a sentence"}
    assert client.get("/api/v1/partner/drafts/").json()[0]["typed"] == {"text": "Half a sentence"}
    url = drafts if where == "page" else "/api/v1/partner/drafts/"
    assert client.delete(f"{url}?page={page}").status_code in (200, 204)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("where", ["page", "api"])
def test_a_draft_of_another_place_or_too_long_is_refused(world, sean, where):
    client = factories.seat_client(sean)
    for page, text in (("/w/elsewhere/partner/", "x"), (f"{world.w}/partner/", "x" * 300_000)):
        if where == "page":
            answer = client.post(f"{world.w}/partner/me/drafts/", {"page": page, "text": text})
        else:
            body = json.dumps({"page": page, "typed": {"text": text}})
            answer = client.post("/api/v1/partner/drafts/", body, content_type="application/json")
        assert answer.status_code == 400 and not Draft.objects.exists()


# --- one browser, two seats -----------------------------------------------------------------------------------------


def sit(client, seat, pin=PIN):
    return client.post("/door/seats/", {"seat": seat.pk, "pin": pin})


@pytest.mark.parametrize("switches", [20, pytest.param(200, marks=pytest.mark.load)])
def test_however_often_seats_switch_each_line_is_by_whoever_clicked(world, door, sean, lena, switches):
    client = factories.door_client(door, sean, lena)
    keys, wrong = set(), 0
    for number in range(switches):
        seat = (sean, lena)[number % 2]
        assert sit(client, seat).status_code == 302
        keys.add(client.session.session_key)
        Activity.objects.filter(verb="accounts.seat_proved").delete()
        client.post("/api/v1/partner/proof/", json.dumps({"pin": PIN}), content_type="application/json")
        line = Activity.objects.get(verb="accounts.seat_proved")
        event = AuditEvent.objects.get(pk=line.event_id)
        wrong += (line.user_id, event.user_id, event.door_id) != (seat.user_id, seat.user_id, door.pk)
    assert wrong == 0 and len(keys) == switches
    assert SeatSession.objects.filter(ended_at=None).count() == 1


def test_of_two_who_sit_down_in_one_browser_one_stays(world, door, sean, lena):
    """Also when the second did not know of the first, as two tabs that do so at once."""
    for seat in (sean, lena):
        actions.sit_down(seat, device_hash="one browser", label="", ip=None, leaves=None)
    elsewhere = actions.sit_down(sean, device_hash="another", label="", ip=None, leaves=None)
    running = SeatSession.objects.filter(ended_at=None)
    assert {row.seat_id for row in running} == {lena.pk, sean.pk} and elsewhere in running and len(running) == 2


def test_an_answer_that_comes_late_leaves_the_next_ones_cookie_alone(world, door, sean, lena):
    """A request under way while somebody else took the keyboard finds its session gone, and takes no cookie away."""
    client = factories.door_client(door, sean, lena)
    sit(client, sean)
    late = Client()
    late.cookies["sessionid"] = client.cookies["sessionid"].value
    sit(client, lena)
    answer = late.get(f"{world.w}/partner/me/")
    assert answer.status_code == 302 and "sessionid" not in answer.cookies
    assert client.post("/door/shut/").cookies["sessionid"].value == "", "whoever leaves takes theirs along"


def test_a_token_or_a_session_of_the_former_seat_is_refused(world, door, sean, lena):
    client = factories.door_client(door, sean, lena)
    client.handler.enforce_csrf_checks = True
    token = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')

    def sit_with(seat):
        page = client.get(f"/door/seats/?seat={seat.pk}").content.decode()
        body = {"seat": seat.pk, "pin": PIN, "csrfmiddlewaretoken": token.search(page)[1]}
        assert client.post("/door/seats/", body).status_code == 302

    sit_with(lena)
    old_key = client.cookies["sessionid"].value
    of_lena = token.search(client.get(f"{world.w}/partner/seats/new/").content.decode())[1]
    sit_with(sean)
    drafts = f"{world.w}/partner/me/drafts/"
    replayed = client.post(drafts, {"page": f"{world.w}/partner/", "x": "1", "csrfmiddlewaretoken": of_lena})
    assert replayed.status_code == 403 and not Draft.objects.exists()
    fresh = token.search(client.get(f"{world.w}/partner/me/").content.decode())[1]
    taken = client.post(drafts, {"page": f"{world.w}/partner/", "x": "1", "csrfmiddlewaretoken": fresh})
    assert taken.status_code == 200 and Draft.objects.get().user == sean.user
    thief = Client()
    thief.cookies["sessionid"] = old_key
    assert thief.get(f"{world.w}/partner/seats/").status_code == 302


def test_nothing_of_a_partner_is_kept_by_caches(world, lena):
    client = factories.seat_client(lena)
    for path in (f"{world.w}/partner/seats/", f"{world.w}/partner/me/", "/api/v1/partner/seats/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


# --- one person at two clients --------------------------------------------------------------------------------------


def test_the_same_persons_seats_elsewhere_are_one_click_and_a_pin_away(world, other, door, lena):
    away = factories.organization(other.workspace, name="Bright Agency")
    there = factories.seat(away, name="Lena Lead", email=lena.email.upper())
    somebody = factories.seat(away, name="Sol", email="sol@agency.example")
    client = factories.door_client(door, lena, there, somebody)
    sit(client, lena)
    page = client.get(f"{world.w}/partner/seats/")
    menu = page.context["nav"]["door"]
    assert [item["url"] for item in menu if item["icon"] == "building"] == [f"/door/seats/?seat={there.pk}"]
    assert menu[-1]["post"] and menu[-1]["url"] == "/door/lock/"
    led = client.get(f"/door/seats/?seat={there.pk}")
    assert led.status_code == 200 and b"Sol" not in led.content, "the door there is shut here"
    assert client.post("/door/", {"name": Door.objects.model._base_manager.get(organization=away).name,
                                  "password": factories.PASSWORD}).status_code == 302  # fmt: skip
    assert sit(client, there)["Location"] == f"/w/{other.workspace.slug}/partner/"
    assert client.get(f"{world.w}/partner/me/").status_code == 404, "one seat at a time"
    assert sit(client, lena)["Location"] == f"{world.w}/partner/", "the first door is still open"
    assert SeatDevice._base_manager.count() == 3
