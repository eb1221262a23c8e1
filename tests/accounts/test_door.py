"""The door: its password, who is at the keyboard, the code for a new device; a door without a seat reaches no data."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.models import Door, Seat, SeatDevice, SeatSession, Tries
from core.models import Activity
from tests import factories
from tests.factories import PASSWORD, PIN
from tests.inventory import fill, inventory


def open_door(door, client=None, password=PASSWORD, **more):
    client = client or Client(**more)
    return client, client.post("/door/", {"name": door.name, "password": password})


def test_name_and_password_lead_to_who_is_at_the_keyboard(door, sean):
    client, answer = open_door(door)
    assert answer.status_code == 302 and answer["Location"] == "/door/seats/"
    page = client.get("/door/seats/")
    assert b"Bright Agency" in page.content and b"Sean" not in page.content, "no names on a device nobody knows"
    assert "no-store" in page["Cache-Control"]


def test_unknown_frozen_and_wrong_look_the_same(door, sean):
    frozen = factories.door(factories.organization(door.workspace, name="Other"), frozen_at=timezone.now())
    unset = factories.door(factories.organization(door.workspace, name="Third"), password="")

    def told(name, password):
        answer = Client().post("/door/", {"name": name, "password": password})
        text = answer.content.decode().replace(name, "…")
        return answer.status_code, re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"', "", text)

    wrong = told(door.name, "not the password")
    assert wrong[0] == 422
    assert told("nobody-here", PASSWORD) == wrong
    assert told(frozen.name, PASSWORD) == wrong
    assert told(unset.name, "")[0] == 422


def test_wrong_passwords_wait_longer_and_never_shut_the_door(door, sean):
    for _number in range(3):
        assert open_door(door, password="wrong wrong wrong")[1].status_code == 422
    slowed = open_door(door, password=PASSWORD)[1]
    assert slowed.status_code == 429 and 0 < int(slowed["Retry-After"]) <= 3
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert open_door(door, elsewhere)[1].status_code == 302, "another place is not slowed"
    Tries.objects.update(free_at=timezone.now() - timedelta(seconds=1))
    assert open_door(door)[1].status_code == 302
    assert open_door(door)[1].status_code == 302, "the right one begins anew"


def test_on_a_known_device_a_name_and_a_pin_are_enough(world, door, sean):
    client = factories.door_client(door, sean)
    page = client.get("/door/seats/").content.decode()
    assert "Sean Seat" in page and f"?seat={sean.pk}" in page
    before = client.session.session_key
    answer = client.post("/door/seats/", {"seat": sean.pk, "pin": PIN})
    assert answer.status_code == 302 and answer["Location"] == f"{world.w}/partner/"
    assert client.session.session_key != before
    assert client.get(f"{world.w}/partner/me/").status_code == 200
    row = SeatSession.objects.get(seat=sean)
    assert row.device.seat == sean and row.ended_at is None
    assert Activity.objects.filter(verb="accounts.seat_taken", user_id=sean.user_id).exists()


def test_a_seat_of_another_door_or_device_is_nowhere(world, door, sean):
    stranger = factories.seat(factories.organization(world.workspace, name="Rival"), name="Rita Rival")
    client = factories.door_client(door, stranger)
    assert b"Rita" not in client.get("/door/seats/").content
    assert client.post("/door/seats/", {"seat": stranger.pk, "pin": PIN}).status_code == 404
    assert client.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 404, "not known on this device"


def test_a_new_device_asks_for_a_code_by_mail(world, door, sean, run_jobs):
    client, _answer = open_door(door)
    asked = client.post("/door/code/", {"email": sean.email.upper()})
    unknown = Client(REMOTE_ADDR="203.0.113.10")
    open_door(door, unknown)
    nobody = unknown.post("/door/code/", {"email": "nobody@example.com"})
    clean = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"')
    assert clean.sub("", asked.content.decode()) == clean.sub("", nobody.content.decode())
    assert run_jobs("accounts.tell_seat") == 1
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    assert mail.outbox[0].to == [sean.email]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert client.post("/door/code/", {"code": wrong}).status_code == 422
    answer = client.post("/door/code/", {"code": code})
    assert answer["Location"] == f"/door/seats/?seat={sean.pk}"
    assert unknown.post("/door/code/", {"code": code}).status_code == 422
    assert client.post("/door/seats/", {"seat": sean.pk, "pin": "000001"}).status_code == 422
    assert client.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 302
    assert SeatDevice.objects.filter(seat=sean).count() == 1
    mail.outbox.clear()
    assert run_jobs("accounts.tell_seat") == 1 and "new device" in mail.outbox[0].subject


def test_codes_are_tried_five_times_and_mailed_ever_slower(door, sean):
    client, _answer = open_door(door)
    client.post("/door/code/", {"email": sean.email})
    for _number in range(5):
        assert client.post("/door/code/", {"code": "111111"}).status_code in (422, 302)
    assert client.post("/door/code/", {"code": "111111"}).status_code == 429
    again = client.post("/door/code/", {"email": sean.email})
    assert again.status_code == 429 and int(again["Retry-After"]) > 5


@pytest.mark.once
def test_door_without_seat(db):
    """Every route but the door's own leads to the page of seats, and REST says so."""
    mine = fill("mine")
    door = mine["accounts.door"]
    client = factories.door_client(door, mine["accounts.seat"])
    open_routes, asked, faults = [], 0, []
    for route in inventory():
        if route.is_public or route.name.startswith("guests:"):  # a guest's link is a secret of its own
            open_routes.append(route.name)
            continue
        for method in ("get", "post"):
            answer, asked = getattr(client, method)(route.path(mine)), asked + 1
            if route.is_api:
                is_shut = (answer.status_code, answer.json()["code"]) == (401, "seat_locked")
            else:
                is_shut = answer.status_code == 302 and answer["Location"].startswith("/door/seats/?next=")
            if not is_shut or mine.canary in answer.content.decode():
                faults.append(f"{route.name} {method}: {answer.status_code}")
    assert not faults, faults
    assert asked > 700
    ours = [name for name in open_routes if name.startswith("accounts:")]
    doors = [f"door{name}" for name in ("", "-seats", "-passkey", "-code", "-lock", "-shut")]
    assert sorted(ours) == sorted(f"accounts:{name}" for name in (*doors, "invitation", "invited", "theme"))


def test_a_door_shuts_after_half_a_day_and_with_its_epoch(world, door, sean):
    client = factories.door_client(door, sean)
    Door.objects.filter(pk=door.pk).update(epoch=2)
    assert client.get("/door/seats/").status_code == 302
    late = factories.door_client(Door.objects.get(pk=door.pk), sean)
    session = late.session
    session["doors"] = {str(door.pk): [int(timezone.now().timestamp()) - 12 * 3600 - 1, 2]}
    session.save()
    assert late.get("/door/seats/")["Location"].startswith("/door/")
    assert late.get("/door/seats/").status_code == 302


def test_lock_keeps_the_door_open_and_shut_does_not(world, door, sean):
    client = factories.door_client(door, sean)
    client.post("/door/seats/", {"seat": sean.pk, "pin": PIN})
    answer = client.post("/door/lock/", {"next": f"{world.w}/partner/me/"})
    assert answer["Location"].startswith("/door/seats/?next=")
    assert not SeatSession.objects.filter(seat=sean, ended_at=None).exists()
    assert client.get(f"{world.w}/partner/me/").status_code == 302
    client.post("/door/seats/", {"seat": sean.pk, "pin": PIN})
    assert client.post("/door/shut/")["Location"] == "/door/"
    assert client.get("/door/seats/").status_code == 302


def test_onward_leads_to_this_workspace_only(world, door, sean):
    there = f"{world.w}/partner/seats/"
    for given, found in [
        (there, there),
        ("//evil.example/", f"{world.w}/partner/"),
        ("https://evil.example/", f"{world.w}/partner/"),
        (f"{world.w}/partner/\\evil", f"{world.w}/partner/"),
        ("/w/other/partner/", f"{world.w}/partner/"),
    ]:
        client = factories.door_client(door, sean)
        answer = client.post("/door/seats/", {"seat": sean.pk, "pin": PIN, "next": given})
        assert answer["Location"] == found


def test_the_device_cookie_is_kept_from_scripts(door, sean, run_jobs):
    client, _answer = open_door(door)
    client.post("/door/code/", {"email": sean.email})
    run_jobs("accounts.tell_seat")
    code = re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]
    client.post("/door/code/", {"code": code})
    client.post("/door/seats/", {"seat": sean.pk, "pin": PIN})
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and len(cookie.value) >= 43
    with scopes_disabled():
        assert cookie.value not in str(list(SeatDevice.objects.values())) and Seat.objects.count() == 1


def test_a_seat_makes_itself_no_other_way_in(world, sean):
    """Passkeys, phones and accounts elsewhere belong to persons: a seat comes in by its door alone."""
    client = factories.seat_client(sean)
    for path in ("/me/security/", "/me/security/passkeys/new/", "/me/security/phone/", "/me/password/set/"):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"phone": "+8613800138000"}).status_code == 404, path
    assert client.get("/api/v1/sessions/").status_code in (403, 404)
