"""Seats' passkeys: added, named and removed by the seat alone; they take the place of the PIN behind an open door."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Door, Invitation, Seat, SeatPasskey, SeatSession, Tries
from accounts.rules import passkeys as rules
from core.models import Activity, AuditEvent
from tests import factories
from tests.factories import PIN
from tests.passkeys import Passkey, seat_passkey

BOTH = pytest.mark.parametrize("by", ["page", "api"])
STALE = timedelta(minutes=6)


@pytest.fixture
def lena(agency, door):
    return factories.seat(agency, role="lead", name="Lena Lead")


def asked(client, url, **which):
    return client.get(url, which).json()["options"]


def call(client, method, path, **body):
    send = getattr(client, method)
    return send(f"/api/v1/partner/{path}", json.dumps(body), content_type="application/json", headers={"If-Match": "*"})


def add(client, world, by, key, name="My phone", **more):
    """Ask what to make, make it, send it."""
    if by == "page":
        options = asked(client, f"{world.w}/partner/me/passkeys/challenge/", **{"for": "add"})
        typed = {"credential": json.dumps(key.made(options)), "name": name, **more}
        return client.post(f"{world.w}/partner/me/passkeys/new/", typed)
    options = asked(client, "/api/v1/partner/passkeys/challenge/", **{"for": "add"})
    return call(client, "post", "passkeys/", credential=key.made(options), name=name, **more)


def sit(client, key, seat=None, options=None, **typed):
    """Ask the door what to prove, and prove it."""
    which = {"seat": str(seat.pk)} if seat else {}
    options = options or asked(client, "/door/passkey/", **which)
    return client.post("/door/passkey/", {"credential": json.dumps(key.proof(options)), **which, **typed})


# --- one's own ------------------------------------------------------------------------------------------------------


@BOTH
def test_a_passkey_is_added_named_and_removed(world, sean, by, run_jobs):
    client = factories.seat_client(sean)
    assert add(client, world, by, Passkey(sean.user)).status_code == {"page": 302, "api": 201}[by]
    row = SeatPasskey.objects.get()
    assert (row.seat, row.name) == (sean, "My phone")
    page = client.get(f"{world.w}/partner/me/").content.decode()
    assert "My phone" in page
    if by == "page":
        client.post(f"{world.w}/partner/me/passkeys/{row.pk}/", {"name": "Work phone"})
        assert SeatPasskey.objects.get().name == "Work phone"
        client.post(f"{world.w}/partner/me/passkeys/{row.pk}/remove/")
    else:
        [told] = client.get("/api/v1/partner/passkeys/").json()["results"]
        assert told["name"] == "My phone" and "credential" not in told
        assert call(client, "patch", f"passkeys/{row.pk}/", name="Work phone").json()["name"] == "Work phone"
        assert call(client, "delete", f"passkeys/{row.pk}/").status_code == 204
    assert not SeatPasskey.objects.exists()
    verbs = list(Activity.objects.filter(verb__contains="passkey").order_by("at").values_list("verb", flat=True))
    assert verbs == ["accounts.passkey_added", "accounts.seat_passkey_renamed", "accounts.passkey_removed"]
    assert AuditEvent.objects.filter(activities__verb__contains="passkey").distinct().count() == 3
    assert run_jobs("accounts.tell_seat") == 2
    assert {one.to[0] for one in mail.outbox} == {sean.email} and "passkey" in mail.outbox[0].subject


@BOTH
def test_adding_and_removing_ask_for_a_fresh_proof(world, sean, by):
    client = factories.seat_client(sean, proved_at=timezone.now() - STALE)
    assert add(client, world, by, Passkey(sean.user)).status_code == 403
    assert not SeatPasskey.objects.exists()
    row = seat_passkey(sean)[0]
    if by == "page":
        assert client.post(f"{world.w}/partner/me/passkeys/{row.pk}/remove/").status_code == 403
        assert client.post(f"{world.w}/partner/me/passkeys/{row.pk}/", {"name": "X"}).status_code == 403
    else:
        assert call(client, "delete", f"passkeys/{row.pk}/").json()["code"] == "proof_required"
    assert SeatPasskey.objects.get().name == "Passkey"


def test_the_page_in_between_carries_the_new_passkey_along(world, sean):
    client = factories.seat_client(sean, proved_at=timezone.now() - STALE)
    answer = add(client, world, "page", Passkey(sean.user), seat_pin=PIN)
    assert answer.status_code == 302 and SeatPasskey.objects.count() == 1
    assert Activity.objects.filter(verb="accounts.seat_proved").count() == 1


@BOTH
@pytest.mark.parametrize("fault", ["rubbish", "nothing_asked", "old", "unverified", "elsewhere", "twice"])
def test_what_is_no_new_passkey_of_now_is_refused_with_a_sentence(world, sean, by, fault):
    client, key = factories.seat_client(sean), Passkey(sean.user)
    url = f"{world.w}/partner/me/passkeys/challenge/" if by == "page" else "/api/v1/partner/passkeys/challenge/"
    options = asked(client, url, **{"for": "prove" if fault == "nothing_asked" else "add"})
    if fault == "unverified":
        key.verifies = False
    if fault == "old":
        age(client, rules.ADD)
    if fault == "twice":
        key = seat_passkey(sean)[1]
    made = (
        {"id": "rubbish"} if fault == "rubbish" else key.made(options, "https://evil.example" * (fault == "elsewhere"))
    )
    before = SeatPasskey.objects.count()
    if by == "page":
        client.post(f"{world.w}/partner/me/passkeys/new/", {"credential": json.dumps(made)})
        said = client.get(f"{world.w}/partner/me/").content.decode()
        assert "in use already" in said if fault == "twice" else "no passkey that can be used" in said
    else:
        assert call(client, "post", "passkeys/", credential=made).status_code == 400
    assert SeatPasskey.objects.count() == before


def age(client, purpose, seconds=601):
    """The question was asked eleven minutes ago."""
    session = client.session
    session[rules.CHALLENGES][purpose]["at"] -= seconds
    session.save()


def test_there_are_ten_at_most(world, sean):
    for _number in range(rules.MOST):
        seat_passkey(sean)
    answer = add(factories.seat_client(sean), world, "api", Passkey(sean.user))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")


@pytest.mark.parametrize("who", ["lead", "colleague", "rival", "manager"])
def test_nobody_else_names_or_removes_it(world, agency, sean, lena, who):
    row = seat_passkey(sean)[0]
    if who == "manager":
        client = Client(headers={"Pharos-Workspace": world.workspace.slug})
        client.force_login(world.owner)
    else:
        rival = factories.organization(world.workspace, name="Rival")
        seat = {"lead": lena, "colleague": None, "rival": factories.seat(rival)}[who] or factories.seat(agency)
        client = factories.seat_client(seat)
    for path, data in (("remove/", {}), ("", {"name": "Mine"})):
        answer = client.post(f"{world.w}/partner/me/passkeys/{row.pk}/{path}", data)
        assert answer.status_code == (403 if who == "manager" else 404)
    for method in ("patch", "delete"):
        assert call(client, method, f"passkeys/{row.pk}/", name="Mine").status_code in (403, 404)
    assert client.get(f"/api/v1/partner/passkeys/{row.pk}/").status_code in (403, 404)
    row.refresh_from_db()
    assert row.name == "Passkey"


def test_lead_and_client_see_how_a_seat_proves_itself(world, agency, sean, lena):
    seat_passkey(sean, name="Sean's phone")
    lead = factories.seat_client(lena)
    person = Client(headers={"Pharos-Workspace": world.workspace.slug})
    person.force_login(world.owner)
    for client, list_page, page, rest in (
        (lead, f"{world.w}/partner/seats/", f"{world.w}/partner/seats/{sean.pk}/", "partner/seats"),
        (
            person,
            f"{world.w}/settings/organizations/{agency.pk}/",
            f"{world.w}/settings/seats/{sean.pk}/",
            "seats",
        ),
    ):
        assert "1 passkey" in client.get(list_page).content.decode()
        assert "Sean&#x27;s phone" in client.get(page).content.decode()
        told = {one["name"]: one["passkeys"] for one in client.get(f"/api/v1/{rest}/").json()["results"]}
        assert [one["name"] for one in told["Sean Seat"]] == ["Sean's phone"] and told["Lena Lead"] == []
        assert "credential" not in json.dumps(told) and "key_hash" not in json.dumps(told)


# --- at the door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
def test_it_takes_the_place_of_the_pin_on_every_device(world, door, sean, known):
    row, key = seat_passkey(sean)
    client = factories.door_client(door, *([sean] if known else []))
    page = client.get("/door/seats/").content.decode()
    assert 'action="/door/passkey/"' in page and ("Sean" in page) == known
    before = client.session.session_key
    answer = sit(client, key, sean if known else None, next=f"{world.w}/partner/assets/")
    assert answer.status_code == 302 and answer["Location"] == f"{world.w}/partner/assets/"
    assert client.session.session_key != before and client.get(f"{world.w}/partner/me/").status_code == 200
    session = SeatSession.objects.get(seat=sean)
    assert (session.method, session.ended_at, session.device.seat) == ("passkey", None, sean)
    row.refresh_from_db()
    assert row.used_at is not None
    taken = Activity.objects.get(verb="accounts.seat_taken")
    assert taken.user_id == sean.user_id and taken.event.door_id == door.pk


def test_pages_offer_it_only_where_there_is_one(door, sean):
    client = factories.door_client(door, sean)
    for page in ("/door/seats/", f"/door/seats/?seat={sean.pk}"):
        assert "/door/passkey/" not in client.get(page).content.decode()
    seat_passkey(sean)
    for page in ("/door/seats/", f"/door/seats/?seat={sean.pk}"):
        assert "/door/passkey/" in client.get(page).content.decode()


def test_without_an_open_door_it_is_worth_nothing(door, sean):
    _row, key = seat_passkey(sean)
    client = Client()
    assert client.get("/door/passkey/").status_code == 302
    options = asked(factories.door_client(door, sean), "/door/passkey/")
    answer = client.post("/door/passkey/", {"credential": json.dumps(key.proof(options))})
    assert answer["Location"] == "/door/" and not SeatSession.objects.exists()


def test_the_sign_in_of_persons_does_not_know_it(sean):
    _row, key = seat_passkey(sean)
    client = Client(headers={"X-Requested-With": "XMLHttpRequest"})
    options = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    answer = client.post("/sign-in/passkey/", {"credential": json.dumps(key.proof(options))})
    assert answer["Location"] == "/sign-in/" and "_auth_user_id" not in client.session


FAULTS = [
    "control",
    "another_seat",
    "other_agency",
    "another_key",
    "other_origin",
    "unverified",
    "old",
    "rubbish",
    "not_asked",
    "frozen_seat",
    "expired_seat",
    "removed_seat",
    "inactive",
    "epoch",
    "passkey_removed",
]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_not_this_seats_passkey_now_is_refused(world, agency, door, sean, fault, named):
    """The first case is the control: the same steps without a fault."""
    row, key = seat_passkey(sean)
    client = factories.door_client(door, sean)
    options = asked(client, "/door/passkey/", **({"seat": str(sean.pk)} if named else {}))
    key, origin = faulty(fault, client, world, agency, sean, row, key)
    if fault == "not_asked":
        options = asked(factories.door_client(door, sean), "/door/passkey/")
    credential = "{" if fault == "rubbish" else json.dumps(key.proof(options, origin))
    answer = client.post("/door/passkey/", {"credential": credential, **({"seat": sean.pk} if named else {})})
    is_taken = SeatSession.objects.filter(ended_at=None).exists()
    if fault == "control" or (fault in ("another_seat", "epoch") and not named):
        assert answer.status_code == 302 and is_taken  # without a name whoever has a passkey here is the seat
        return
    assert answer.status_code == 422 and not is_taken
    assert "This passkey was not taken" in answer.content.decode()
    assert not Activity.objects.filter(verb="accounts.seat_taken").exists()


def faulty(fault, client, world, agency, sean, row, key):
    """(the key that answers, its origin) once the fault was made."""
    now = timezone.now()
    if fault == "another_seat":
        return seat_passkey(factories.seat(agency, name="Nina"))[1], ""
    if fault == "other_agency":
        return seat_passkey(factories.seat(factories.organization(world.workspace, name="Rival")))[1], ""
    if fault == "another_key":  # of the same name, but without the other half
        return replace(Passkey(sean.user), credential_id=key.credential_id), ""
    if fault == "unverified":
        key.verifies = False
    if fault == "old":
        age(client, rules.SIT)
    changes = {
        "frozen_seat": {"frozen_at": now},
        "expired_seat": {"expires_at": now - timedelta(minutes=1)},
        "removed_seat": {"removed_at": now},
    }
    Seat.objects.filter(pk=sean.pk).update(**changes.get(fault, {"lock_version": sean.lock_version}))
    if fault == "inactive":
        type(sean.user).objects.filter(pk=sean.user_id).update(is_active=False)
    if fault == "epoch":
        type(sean.user).objects.filter(pk=sean.user_id).update(auth_epoch=7)
    if fault == "passkey_removed":
        row.delete()
    return key, "https://evil.example" if fault == "other_origin" else ""


def test_an_answer_is_good_once(door, sean):
    """Also for two browsers that share a session: what was asked is remembered beside it."""
    _row, key = seat_passkey(sean)
    client = factories.door_client(door, sean)
    options = asked(client, "/door/passkey/")
    kept = dict(client.session[rules.CHALLENGES])
    credential = json.dumps(key.proof(options))
    assert client.post("/door/passkey/", {"credential": credential}).status_code == 302
    client.post("/door/lock/")
    assert client.post("/door/passkey/", {"credential": credential}).status_code == 422, "nothing is asked any more"
    session = client.session
    session[rules.CHALLENGES] = kept
    session.save()
    assert client.post("/door/passkey/", {"credential": credential}).status_code == 422, "asked, but answered before"
    session[rules.CHALLENGES] = kept
    session.save()
    cache.clear()
    assert client.post("/door/passkey/", {"credential": credential}).status_code == 302, "the control"


def test_a_door_that_is_frozen_ends_it_too(door, sean):
    _row, key = seat_passkey(sean)
    client = factories.door_client(door, sean)
    options = asked(client, "/door/passkey/")
    Door.objects.update(frozen_at=timezone.now())
    assert sit(client, key, options=options)["Location"] == "/door/" and not SeatSession.objects.exists()


def test_wrong_ones_are_noted_and_slow_the_device_down_and_no_other_seat(world, agency, door, sean, lena):
    _row, key = seat_passkey(sean)
    client = factories.door_client(door, sean, lena)
    for _number in range(10):
        assert sit(client, Passkey(sean.user), sean).status_code == 422
    assert Activity.objects.filter(verb="accounts.passkey_refused").count() == 10
    slowed = sit(client, key, sean)
    assert slowed.status_code == 429 and int(slowed["Retry-After"]) > 3000
    assert client.post("/door/seats/", {"seat": lena.pk, "pin": PIN}).status_code == 302, "PINs are counted apart"
    assert sit(factories.door_client(door, sean), key, sean).status_code == 302, "so are other devices"


def test_a_pin_that_rests_does_not_keep_the_passkey_out(door, sean):
    _row, key = seat_passkey(sean)
    client = factories.door_client(door, sean)
    for _number in range(5):
        client.post("/door/seats/", {"seat": sean.pk, "pin": "000000"})
    assert client.post("/door/seats/", {"seat": sean.pk, "pin": PIN}).status_code == 429
    assert sit(client, key, sean).status_code == 302


# --- proof ----------------------------------------------------------------------------------------------------------


@BOTH
def test_it_proves_again_who_is_there(world, lena, by):
    _row, key = seat_passkey(lena)
    client = factories.seat_client(lena, proved_at=timezone.now() - STALE)
    typed = {"name": "Nina New", "email": "nina@agency.example", "role": "reader"}
    if by == "page":
        options = asked(client, f"{world.w}/partner/me/passkeys/challenge/")
        assert 'data-do="step"' in client.get(f"{world.w}/partner/seats/new/").content.decode()
        proof = {"seat_passkey": json.dumps(key.proof(options))}
        assert client.post(f"{world.w}/partner/seats/new/", {**typed, **proof}).status_code == 200
        assert Activity.objects.filter(verb="accounts.seat_proved").count() == 1
    else:
        options = asked(client, "/api/v1/partner/passkeys/challenge/")
        assert call(client, "post", "proof/", credential=key.proof(options)).status_code == 204
        assert call(client, "post", "seat-invitations/", **typed).status_code == 201
    assert Invitation.objects.count() == 1


@BOTH
@pytest.mark.parametrize("fault", ["another_seat", "asked_at_the_door", "twice"])
def test_what_proves_nothing_lets_nothing_happen(world, door, lena, sean, by, fault):
    _row, key = seat_passkey(sean if fault == "another_seat" else lena)
    client = factories.seat_client(lena, proved_at=timezone.now() - STALE)
    url = f"{world.w}/partner/me/passkeys/challenge/" if by == "page" else "/api/v1/partner/passkeys/challenge/"
    options = asked(client, url)
    if fault == "asked_at_the_door":
        other = factories.door_client(door, lena)
        options = asked(other, "/door/passkey/", seat=str(lena.pk))
    typed = {"name": "Nina New", "email": "nina@agency.example", "role": "reader"}
    for number in range(2):
        SeatSession.objects.update(proved_at=timezone.now() - STALE)
        if by == "page":
            proof = {"seat_passkey": json.dumps(key.proof(options))}
            answer = client.post(f"{world.w}/partner/seats/new/", {**typed, **proof})
            said = answer.content.decode()
            refused = answer.status_code == 422 and "This passkey was not taken" in said and "Nina New" in said
        else:
            answer = call(client, "post", "proof/", credential=key.proof(options))
            refused = answer.status_code == 400 and answer.json()["code"] == "passkey_refused"
        assert refused == (fault != "twice" or number == 1)
        assert not refused or "credential" not in (said if by == "page" else ""), "nothing of it is shown again"


def test_rest_takes_one_proof_at_a_time(lena):
    client = factories.seat_client(lena)
    for body in ({}, {"pin": PIN, "credential": {}}):
        assert call(client, "post", "proof/", **body).status_code == 400
    assert call(client, "post", "proof/", credential={"id": ["x"], "response": 7}).json()["code"] == "passkey_refused"


# --- the end --------------------------------------------------------------------------------------------------------


def test_a_removed_seat_has_none_and_neither_has_one_that_begins_anew(world, agency, sean, lena):
    seat_passkey(sean)
    seat_passkey(lena)
    _row, token = actions.invite_seat(world.actor, organization=agency, email=sean.email, name="Sean")
    actions.accept_seat(actions.invitation_of(token), name="Sean", pin="204861", again="204861")
    assert not SeatPasskey.objects.filter(seat=sean).exists()
    actions.remove_seat(world.actor, seat=Seat.objects.select_related("user", "organization").get(pk=lena.pk))
    assert not SeatPasskey.objects.exists()
    assert Tries.objects.filter(key__startswith="passkey").count() == 0


# --- the rules by themselves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("pharos.example", "pharos.example"), ("pharos.example:8443", "pharos.example"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"), ("[::1]", "::1"), ("[2001:db8::7]:443", "2001:db8::7"), ("", ""),
    ],
)  # fmt: skip
def test_passkeys_belong_to_a_host_without_its_port(address, name):
    assert rules.host_of(address) == name


def test_an_answer_takes_its_question_away_and_leaves_the_others():
    open_ones = rules.with_question({}, rules.asked(rules.SIT, {}, now=timezone.now()))
    open_ones = rules.with_question(open_ones, rules.asked(rules.PROVE, {}, now=timezone.now(), seat_id=7))
    before = dict(open_ones)
    answer, rest = rules.answer_to(open_ones, rules.PROVE, '{"id": "x"}', "pharos.example:8443")
    assert (answer.asked["seat"], answer.credential, answer.host) == ("7", {"id": "x"}, "pharos.example")
    assert set(rest) == {rules.SIT} and open_ones == before, "what was given stays as it was"
    assert rules.answer_to(rest, rules.PROVE, "{", "")[0] == rules.Answer({}, None, "")
