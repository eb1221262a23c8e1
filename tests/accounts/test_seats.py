"""Looking after doors and seats, by pages and by REST, as the client's manager and as the lead."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Door, Invitation, Organization, Seat, SeatDevice, SeatSession, User
from core.errors import PharosError
from core.models import Activity
from tests import factories
from tests.factories import PASSWORD, PIN
from tests.passkeys import seat_passkey

NEW = "kado-mitu-reba-soni-4829"


class Hands:
    """Somebody's hands at pages or at REST: the client's manager, or a lead below partner/."""

    def __init__(self, world, client, by_page, is_lead=False):
        self.world, self.client, self.by_page, self.is_lead = world, client, by_page, is_lead
        self.answer = None

    def act(self, page, typed, api, body=None, method="post"):
        if self.by_page:
            place = "partner" if self.is_lead else "settings"
            self.answer = self.client.post(f"{self.world.w}/{place}/{page}", typed)
            return self.answer.status_code in (200, 302)
        prefix = "partner/" if self.is_lead else ""
        body = json.dumps(typed if body is None else body)
        headers = {"If-Match": "*"} if method in ("patch", "delete") else {}
        url = f"/api/v1/{prefix}{api}"
        self.answer = getattr(self.client, method)(url, body, content_type="application/json", headers=headers)
        return self.answer.status_code in (200, 201, 204)


@pytest.fixture(params=["page", "api"])
def manager(request, world):
    return Hands(world, world.client(), request.param == "page")


@pytest.fixture
def lena(agency, door):
    return factories.seat(agency, role="lead", name="Lena Lead")


@pytest.fixture(params=["page", "api"])
def lead(request, world, lena):
    return Hands(world, factories.seat_client(lena), request.param == "page", is_lead=True)


@pytest.fixture(params=["manager page", "manager api", "lead page", "lead api"])
def keeper(request, world, lena):
    who, where = request.param.split()
    client = world.client() if who == "manager" else factories.seat_client(lena)
    return Hands(world, client, where == "page", is_lead=who == "lead")


def verbs():
    return set(Activity.objects.values_list("verb", flat=True))


# --- the door -------------------------------------------------------------------------------------------------------


def test_a_manager_makes_a_door(manager, agency):
    typed = {"name": "bright-north", "seat_cap": 4, "idle_minutes": 30}
    page = f"organizations/{agency.pk}/door/new/"
    assert manager.act(page, typed, "doors/", {**typed, "organization": str(agency.pk)})
    door = Door.objects.get()
    assert (door.name, door.seat_cap, door.idle_minutes, door.may_decide) == ("bright-north", 4, 30, False)
    assert "accounts.door_made" in verbs()
    other = factories.organization(agency.workspace, name="Other")
    manager.act(f"organizations/{other.pk}/door/new/", typed, "doors/", {**typed, "organization": str(other.pk)})
    assert manager.answer.status_code in (400, 422) and b"taken" in manager.answer.content
    assert Door.objects.count() == 1


def test_our_own_people_have_no_door(manager, world):
    own = Organization.objects.get(kind="in_house")
    typed = {"name": "own-door", "seat_cap": 4, "idle_minutes": 30}
    manager.act(f"organizations/{own.pk}/door/new/", typed, "doors/", {**typed, "organization": str(own.pk)})
    assert manager.answer.status_code in (409, 422) and not Door.objects.exists()


def test_a_manager_changes_what_holds_at_a_door(manager, agency, door, sean):
    typed = {"seat_cap": 3, "idle_minutes": 15, "may_decide": True, "lock_version": 1}
    body = {"seat_cap": 3, "idle_minutes": 15, "may_decide": True}
    page, api = f"organizations/{agency.pk}/door/", f"doors/{door.pk}/"
    assert manager.act(page, typed, api, body, "patch")
    door.refresh_from_db()
    assert (door.seat_cap, door.idle_minutes, door.may_decide) == (3, 15, True)
    factories.seat(agency)
    typed |= {"seat_cap": 1, "lock_version": door.lock_version}
    manager.act(page, typed, api, {"seat_cap": 1}, "patch")
    assert manager.answer.status_code in (400, 422) and b"2 seats are taken" in manager.answer.content


def test_a_frozen_door_throws_everybody_out_and_opens_again(world, manager, agency, door, sean):
    at_work = factories.seat_client(sean)
    page = f"{world.w}/partner/me/"
    assert at_work.get(page).status_code == 200
    assert manager.act(f"organizations/{agency.pk}/door/freeze/", {}, f"doors/{door.pk}/freeze/")
    assert at_work.get(page).status_code == 302
    assert not SeatSession.objects.filter(ended_at=None).exists()
    assert Client().post("/door/", {"name": door.name, "password": PASSWORD}).status_code == 422
    assert manager.act(f"organizations/{agency.pk}/door/unfreeze/", {}, f"doors/{door.pk}/unfreeze/")
    assert at_work.get(page).status_code == 302, "everybody comes in anew"
    assert Client().post("/door/", {"name": door.name, "password": PASSWORD}).status_code == 302
    assert {"accounts.door_frozen", "accounts.door_unfrozen"} <= verbs()


def test_a_new_password_ends_every_other_session(world, keeper, agency, door, sean):
    at_work = factories.seat_client(sean)
    page = "seats/password/" if keeper.is_lead else f"organizations/{agency.pk}/door/password/"
    api = f"doors/{door.pk}/password/"
    keeper.act(page, {"password": "short"}, api)
    assert keeper.answer.status_code in (400, 422)
    assert keeper.act(page, {"password": NEW}, api)
    assert at_work.get(f"{world.w}/partner/me/").status_code == 302
    assert Client().post("/door/", {"name": door.name, "password": PASSWORD}).status_code == 422
    assert Client(REMOTE_ADDR="203.0.113.5").post("/door/", {"name": door.name, "password": NEW}).status_code == 302
    if keeper.is_lead:
        assert keeper.client.get(f"{world.w}/partner/seats/").status_code == 200, "whoever set it goes on"
    line = Activity.objects.get(verb="accounts.door_password_set")
    assert NEW not in str(line.changes)


# --- seats ----------------------------------------------------------------------------------------------------------


def test_inviting_to_a_seat(keeper, agency, door):
    typed = {"name": "Nina New", "email": "nina@agency.example", "role": "reader"}
    body = typed if keeper.is_lead else {**typed, "organization": str(agency.pk)}
    page = "seats/new/" if keeper.is_lead else f"organizations/{agency.pk}/seats/new/"
    assert keeper.act(page, typed, "seat-invitations/", body)
    row = Invitation.objects.get()
    assert (row.role, row.email, row.organization_id, row.is_seat) == ("reader", "nina@agency.example", agency.pk, True)
    text = keeper.answer.content.decode()
    assert "/i/" in text and "no-store" in keeper.answer["Cache-Control"]
    assert not keeper.by_page or "data:image/svg+xml;base64," in text
    assert keeper.act(f"seats/invitations/{row.pk}/revoke/", {}, f"seat-invitations/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked_at and {"accounts.invitation_made", "accounts.invitation_revoked"} <= verbs()


def test_changing_a_seats_role_and_end(keeper, sean):
    until = (timezone.now() + timedelta(days=30)).replace(second=0, microsecond=0)
    typed = {"role": "reader", "expires_at": until.strftime("%Y-%m-%dT%H:%M"), "lock_version": 1}
    body = {"role": "reader", "expires_at": until.isoformat()}
    assert keeper.act(f"seats/{sean.pk}/", typed, f"seats/{sean.pk}/", body, "patch")
    sean.refresh_from_db()
    assert sean.role == "reader" and abs(sean.expires_at - until) < timedelta(hours=15)
    body = {"expires_at": (timezone.now() - timedelta(days=1)).isoformat()}
    typed = {"role": "reader", "expires_at": "2020-01-01T00:00", "lock_version": sean.lock_version}
    keeper.act(f"seats/{sean.pk}/", typed, f"seats/{sean.pk}/", body, "patch")
    assert keeper.answer.status_code in (400, 422)


def test_a_lead_does_not_make_a_seat_last_longer_than_the_client_said(lead, sean):
    Seat.objects.filter(pk=sean.pk).update(expires_at=timezone.now() + timedelta(days=5))
    later = timezone.now() + timedelta(days=50)
    typed = {"role": "contributor", "expires_at": later.strftime("%Y-%m-%dT%H:%M"), "lock_version": 1}
    lead.act(f"seats/{sean.pk}/", typed, f"seats/{sean.pk}/", {"expires_at": later.isoformat()}, "patch")
    assert lead.answer.status_code in (400, 422) and b"Only your client" in lead.answer.content


def test_freezing_a_seat_ends_its_sessions_at_once(world, keeper, sean):
    at_work, epoch = factories.seat_client(sean), sean.user.auth_epoch
    assert keeper.act(f"seats/{sean.pk}/freeze/", {}, f"seats/{sean.pk}/freeze/")
    assert at_work.get(f"{world.w}/partner/me/").status_code == 302
    assert User.objects.get(pk=sean.user_id).auth_epoch == epoch + 1
    known = factories.door_client(Door.objects.get(), sean)
    assert known.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 404
    assert keeper.act(f"seats/{sean.pk}/unfreeze/", {}, f"seats/{sean.pk}/unfreeze/")
    assert at_work.get(f"{world.w}/partner/me/").status_code == 302, "the old session stays ended"
    assert known.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 302
    assert {"accounts.seat_frozen", "accounts.seat_unfrozen"} <= verbs()


def test_what_the_client_froze_the_lead_does_not_unfreeze(world, lead, sean):
    actions.freeze_seat(world.actor, seat=sean)
    lead.act(f"seats/{sean.pk}/unfreeze/", {}, f"seats/{sean.pk}/unfreeze/")
    sean.refresh_from_db()
    assert sean.frozen_at is not None


def test_removing_a_seat_keeps_the_name_in_history(world, keeper, sean):
    at_work = factories.seat_client(sean)
    factories.door_client(Door.objects.get(), sean)
    page, api = f"seats/{sean.pk}/remove/", f"seats/{sean.pk}/"
    assert keeper.act(page, {}, api, {}, "post" if keeper.by_page else "delete")
    assert at_work.get(f"{world.w}/partner/me/").status_code == 302
    sean.refresh_from_db()
    assert sean.removed_at and not sean.pin_hash and not SeatDevice.objects.exists()
    line = Activity.objects.get(verb="accounts.seat_removed")
    assert line.subject_label == "Sean Seat" and User.objects.filter(pk=sean.user_id, name="Sean Seat").exists()


def test_ending_a_session_from_elsewhere(world, keeper, sean):
    at_work = factories.seat_client(sean)
    row = SeatSession.objects.get(seat=sean)
    api = f"{'sessions' if keeper.is_lead else 'seat-sessions'}/{row.pk}/"
    assert keeper.act(f"seats/sessions/{row.pk}/end/", {}, api, {}, "post" if keeper.by_page else "delete")
    assert at_work.get(f"{world.w}/partner/me/").status_code == 302
    row.refresh_from_db()
    assert row.ended_at


def test_nobody_changes_their_own_seat(lead, lena):
    assert lead.act(f"seats/{lena.pk}/freeze/", {}, f"seats/{lena.pk}/freeze/") == lead.by_page
    lead.act(f"seats/{lena.pk}/remove/", {}, f"seats/{lena.pk}/", {}, "post" if lead.by_page else "delete")
    lena.refresh_from_db()
    assert lena.frozen_at is None and lena.removed_at is None


@pytest.mark.parametrize("role", ["contributor", "reader"])
def test_only_a_lead_looks_after_seats(world, agency, sean, role):
    seat = factories.seat(agency, role=role, name="Nosy")
    client = factories.seat_client(seat)
    assert client.get(f"{world.w}/partner/seats/").status_code == 404
    assert client.post(f"{world.w}/partner/seats/{sean.pk}/freeze/").status_code == 404
    assert client.post(f"/api/v1/partner/seats/{sean.pk}/freeze/").status_code in (403, 404)
    with pytest.raises(PharosError):
        actions.freeze_seat(factories.seat_actor(seat), seat=sean)
    with pytest.raises(PharosError):
        actions.invite_seat(factories.seat_actor(seat), organization=agency, email="x@example.com", name="X")


def test_a_lead_reaches_no_other_organisation(world, lead, sean):
    rival = factories.seat(factories.organization(world.workspace, name="Rival"), name="Rita")
    for page, api in ((f"seats/{rival.pk}/freeze/", f"seats/{rival.pk}/freeze/"),):
        assert not lead.act(page, {}, api) and lead.answer.status_code == 404
    if not lead.by_page:
        names = [row["name"] for row in lead.client.get("/api/v1/partner/seats/").json()["results"]]
        assert sorted(names) == ["Lena Lead", "Sean Seat"]
        assert len(lead.client.get("/api/v1/partner/doors/").json()["results"]) == 1


def test_the_two_pages_show_seats_sessions_and_invitations(world, agency, door, sean, lena, assert_budget):
    actions.invite_seat(world.actor, organization=agency, email="nina@agency.example", name="Nina New")
    client, owner = factories.seat_client(lena), world.client()
    factories.seat_client(sean)
    seat_passkey(sean)
    seat_passkey(lena)
    with assert_budget("accounts:partner-seats"):
        ours = client.get(f"{world.w}/partner/seats/").content.decode()
    with assert_budget("accounts:organization"):
        theirs = owner.get(f"{world.w}/settings/organizations/{agency.pk}/").content.decode()
    for page in (ours, theirs):
        assert all(word in page for word in ("Sean Seat", "Lena Lead", "Nina New", "At the keyboard now"))
    with assert_budget("accounts:partner-own"):
        client.get(f"{world.w}/partner/me/")
    for name, path in (("seats-list", "seats/"), ("doors-list", "doors/"), ("seat-sessions-list", "seat-sessions/")):
        with assert_budget(f"api:{name}"):
            assert owner.get(f"/api/v1/{path}").json()["results"]
    for name in ("sessions", "devices", "passkeys", "drafts"):
        with assert_budget(f"api:partner-{name}-list"):
            assert client.get(f"/api/v1/partner/{name}/").status_code == 200


# --- one's own ------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["page", "api"])
def own(request, world, sean):
    return Hands(world, factories.seat_client(sean), request.param == "page", is_lead=True)


def test_changing_ones_own_pin(world, own, sean, run_jobs):
    elsewhere = factories.seat_client(sean)
    own.act("me/pin/", {"pin": "314159", "again": "314158"}, "pin/")
    assert own.answer.status_code in (400, 422)
    assert own.act("me/pin/", {"pin": "314159", "again": "314159"}, "pin/")
    assert elsewhere.get(f"{world.w}/partner/me/").status_code == 302
    assert own.client.get(f"{world.w}/partner/me/").status_code == 200
    known = factories.door_client(Door.objects.get(), sean)
    assert known.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 422
    assert known.post("/door/seats/", {"seat": sean.pk, "pin": "314159"}).status_code == 302
    assert run_jobs("accounts.tell_seat") >= 1 and mail.outbox[0].to == [sean.email]


def test_forgetting_a_device_and_ending_ones_session(world, own, sean):
    known = factories.door_client(Door.objects.get(), sean)
    known.post("/door/seats/", {"seat": sean.pk, "pin": PIN})
    device = SeatDevice.objects.get()
    method = "post" if own.by_page else "delete"
    assert own.act(f"me/devices/{device.pk}/forget/", {}, f"devices/{device.pk}/", {}, method)
    assert known.get(f"{world.w}/partner/me/").status_code == 302 and not SeatDevice.objects.exists()
    row = SeatSession.objects.get(ended_at=None)
    assert own.act(f"me/sessions/{row.pk}/end/", {}, f"sessions/{row.pk}/", {}, method)
    assert own.client.get(f"{world.w}/partner/me/").status_code == 302


def test_devices_and_sessions_of_others_never_were(world, own, agency):
    other = factories.seat(agency, name="Olga Other")
    factories.door_client(Door.objects.get(), other)
    device = SeatDevice.objects.get()
    method = "post" if own.by_page else "delete"
    assert not own.act(f"me/devices/{device.pk}/forget/", {}, f"devices/{device.pk}/", {}, method)
    assert own.answer.status_code == 404
    row = factories.seat_session(other)
    assert not own.act(f"me/sessions/{row.pk}/end/", {}, f"sessions/{row.pk}/", {}, method)
    assert own.answer.status_code == 404
