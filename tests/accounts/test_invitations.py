"""A seat by invitation: one page, a PIN, once; and the token is told to nobody else."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts import actions, jobs
from accounts.actions import invitations
from accounts.actions.invitations import check_open
from accounts.models import Door, Invitation, Seat, SeatDevice, SeatSession, User
from core.errors import PharosError
from core.models import Activity, AuditEvent, Job, OutboxMessage
from tests import factories
from tests.factories import PIN

THREADS = 50
TYPED = {"name": "Wei Zhang", "pin": "271828", "again": "271828"}


@pytest.fixture
def inviting(world, agency):
    """(invitation, token) of a contributor."""
    factories.door(agency)
    return invite(world, agency)


def invite(world, agency, **values):
    values = {"role": "contributor", "email": "wei@agency.example", "name": "Wei Zhang", **values}
    return actions.invite_seat(world.actor, organization=agency, **values)


def test_one_page_a_pin_and_the_person_is_at_work(world, agency, inviting):
    row, token = inviting
    client = Client()
    page = client.get(f"/i/{token}/")
    text = page.content.decode()
    assert f"{world.workspace.name} invites you to work for Bright Agency" in text and 'value="Wei Zhang"' in text
    assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"] and 'name="password"' not in text
    answer = client.post(f"/i/{token}/", TYPED)
    assert answer.status_code == 302 and answer["Location"] == f"{world.w}/partner/"
    seat = Seat.objects.select_related("user").get()
    assert (seat.role, seat.email, seat.user.name, seat.user.kind) == ("contributor", row.email, "Wei Zhang", "seat")
    assert SeatDevice.objects.get().seat == seat and SeatSession.objects.get().seat == seat
    assert client.get(f"{world.w}/partner/me/").status_code == 200
    client.post("/door/lock/")
    assert "Wei Zhang" in client.get("/door/seats/").content.decode(), "known on this device from now on"
    assert Activity.objects.filter(verb="accounts.invitation_accepted", user_id=seat.user_id).count() == 1


def test_the_first_lead_gives_the_door_its_password(world, agency):
    factories.door(agency, password="")
    _row, token = invite(world, agency, role="lead")
    client = Client()
    page = client.get(f"/i/{token}/").content.decode()
    assert 'name="password"' in page and 'data-copy="#id_password"' in page
    weak = client.post(f"/i/{token}/", {**TYPED, "password": "short"})
    assert weak.status_code == 422 and Invitation.objects.get().used_at is None
    assert client.post(f"/i/{token}/", {**TYPED, "password": "kado-mitu-reba-soni-4829"}).status_code == 302
    door = Door.objects.get()
    came = Client().post("/door/", {"name": door.name, "password": "kado-mitu-reba-soni-4829"})
    assert came.status_code == 302
    assert client.get(f"{world.w}/partner/seats/").status_code == 200


@pytest.mark.parametrize(
    ("pin", "again"),
    [
        ("271828", "271829"), ("000000", "000000"), ("123456", "123456"), ("987654", "987654"), ("890123", "890123"),
        ("121212", "121212"), ("123123", "123123"), ("112233", "112233"), ("880612", "880612"), ("120688", "120688"),
        ("198806", "198806"), ("12345", "12345"), ("abcdef", "abcdef"), ("123321", "123321"),
    ],
)  # fmt: skip
def test_pins_that_everybody_tries_are_refused(inviting, pin, again):
    _row, token = inviting
    answer = Client().post(f"/i/{token}/", {**TYPED, "pin": pin, "again": again})
    assert answer.status_code == 422 and b"Wei Zhang" in answer.content
    assert not Seat.objects.exists() and Invitation.objects.get().used_at is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"used_at": timezone.now()}, "used already"),
        ({"revoked_at": timezone.now()}, "taken back"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired"),
    ],
)
def test_used_revoked_and_expired_ones_open_nothing(inviting, change, word):
    row, token = inviting
    Invitation.objects.filter(pk=row.pk).update(**change)
    for answer in (Client().get(f"/i/{token}/"), Client().post(f"/i/{token}/", TYPED)):
        assert answer.status_code == 410 and word in answer.content.decode()
    assert not Seat.objects.exists()
    assert Client().get(f"/i/{'x' * 43}/").status_code == 404


def test_role_and_organisation_are_those_of_the_invitation(world, agency, inviting):
    _row, token = inviting
    rival = factories.organization(world.workspace, name="Rival")
    factories.door(rival)
    more = {"role": "lead", "organization": str(rival.pk), "email": "evil@example.com", "is_seat": ""}
    Client().post(f"/i/{token}/", {**TYPED, **more})
    seat = Seat.objects.get()
    assert (seat.role, seat.organization_id, seat.email) == ("contributor", agency.pk, "wei@agency.example")


def test_a_raised_role_needs_a_new_invitation(world, agency, inviting):
    """Inviting the same person again, for more, ends the link that was sent before."""
    _old, token = inviting
    _new, better = invite(world, agency, role="lead")
    assert Client().post(f"/i/{token}/", TYPED).status_code == 410
    assert Client().post(f"/i/{better}/", TYPED).status_code == 302
    assert Seat.objects.get().role == "lead"


def test_the_maker_frozen_or_removed_takes_their_invitations_along(world, agency):
    factories.door(agency)
    lead = factories.seat(agency, role="lead", name="Lena Lead")
    actor = factories.seat_actor(lead)
    row, token = actions.invite_seat(actor, organization=agency, email="n@agency.example", name="N")
    actions.freeze_seat(world.actor, seat=lead)
    assert Client().get(f"/i/{token}/").status_code == 410
    row.refresh_from_db()
    assert row.revoked_at


def test_a_shut_door_and_a_full_one(world, agency, inviting):
    _row, token = inviting
    Door.objects.update(frozen_at=timezone.now())
    assert Client().post(f"/i/{token}/", TYPED).status_code == 422
    Door.objects.update(frozen_at=None, seat_cap=1)
    factories.seat(agency)
    answer = Client().post(f"/i/{token}/", TYPED)
    assert answer.status_code == 422 and "1 seats of this door" in answer.content.decode()
    assert Invitation.objects.get().used_at is None


def test_open_invitations_count_towards_the_cap(world, agency):
    factories.door(agency, seat_cap=2)
    factories.seat(agency)
    invite(world, agency)
    with pytest.raises(PharosError, match="All 2 seats"):
        invite(world, agency, email="other@agency.example")
    invite(world, agency)  # the same person once more takes the same seat
    assert Invitation.objects.open(now=timezone.now()).count() == 1


def test_whoever_sits_there_already_gets_a_new_pin(world, agency):
    factories.door(agency, seat_cap=1)
    seat = factories.seat(agency, email="wei@agency.example", name="Wei")
    client = factories.seat_client(seat)
    _row, token = invite(world, agency, email="WEI@agency.example")
    assert Client().post(f"/i/{token}/", {**TYPED, "pin": "314159", "again": "314159"}).status_code == 302
    assert Seat.objects.get().pk == seat.pk and Seat.objects.get().user.name == "Wei Zhang"
    assert client.get(f"{world.w}/partner/me/").status_code == 302, "the old session has ended"
    again = factories.door_client(Door.objects.get(), seat)
    assert again.post("/door/seats/", {"seat": seat.pk, "pin": PIN}).status_code == 422
    assert again.post("/door/seats/", {"seat": seat.pk, "pin": "314159"}).status_code == 302


def test_the_token_is_told_to_nobody_else(world, agency, caplog, capfd):
    """Not in REST, the logbook, log lines, jobs or any mail but its own."""
    factories.door(agency)
    owner = world.client()
    answer = owner.post(
        "/api/v1/seat-invitations/",
        {"organization": str(agency.pk), "email": "wei@agency.example", "name": "Wei", "role": "reader"},
        content_type="application/json",
    )
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store"
    token = answer.json()["url"].rstrip("/").rpartition("/")[2]
    pk = answer.json()["id"]
    visitor = Client()
    visitor.get(f"/i/{token}/")
    visitor.post(f"/i/{token}/", {**TYPED, "pin": "1"})
    visitor.post(f"/i/{token}/", TYPED)
    rest = ("seat-invitations/", f"seat-invitations/{pk}/", "seats/")
    pages = (f"settings/organizations/{agency.pk}/", "activity/")
    for path in (*(f"/api/v1/{each}" for each in rest), *(f"{world.w}/{each}" for each in pages)):
        assert token not in owner.get(path).content.decode(), path
    told = [str(list(model._base_manager.values())) for model in (Activity, AuditEvent, Job, Invitation, OutboxMessage)]
    told += [caplog.text, *capfd.readouterr()]
    assert not any(token in text for text in told)
    assert [one.to for one in mail.outbox if token in one.body + one.subject] == []
    assert AuditEvent.objects.filter(path="/i/…/").exists()


def test_the_mail_goes_to_the_invited_alone(world, agency):
    factories.door(agency)
    row, token = invite(world, agency)
    jobs.send_invitation(invitation_id=str(row.pk))
    (sent,) = mail.outbox
    assert sent.to == ["wei@agency.example"] and f"/i/{token}/" in sent.body
    assert sent.subject == f"{world.workspace.name} invites you to work for Bright Agency"


def forgetful(invitation):
    """The control: look whether it is open, then go on without taking it."""
    row = Invitation.objects.select_related("workspace", "organization__door").get(pk=invitation.pk)
    check_open(row)


@pytest.fixture
def one_token(on_file):
    """(workspace, organisation, token) of one seat, which is known by a number of a phone."""
    owner = factories.person()
    workspace = factories.workspace(owner)
    agency = factories.organization(workspace)
    factories.door(agency, seat_cap=100)
    actor = factories.actor_of(owner, workspace)
    with scope(workspace=workspace.pk):
        _row, token = actions.invite_seat(actor, organization=agency, phone="+8613800138000", name="Wei")
        yield workspace, agency, token


def outcome_of_fifty(workspace, _agency, token):
    """(what the fifty were told, the last one who was let in, how often the logbook says so)."""
    told = at_once(workspace, token)
    assert len(told) == THREADS
    winners = [name for name, outcome in told if outcome == "done"]
    lines = Activity.objects.filter(verb="accounts.invitation_accepted", subject_id=str(Seat.objects.get().pk))
    return Counter(outcome for _name, outcome in told), winners[-1], lines.count()


@pytest.mark.parametrize("how", ["a new seat", "a new PIN"])
@pytest.mark.django_db(transaction=True)
def test_fifty_take_one_token_and_one_gets_the_seat(one_token, how):
    """A seat that is there is given another PIN by such a token: that, too, once."""
    if how == "a new PIN":
        factories.seat(one_token[1], name="Wei", phone="+8613800138000")
    outcomes, winner, came = outcome_of_fifty(*one_token)
    assert outcomes == {"done": 1, "invitation_used": THREADS - 1} and came == 1
    assert User.objects.filter(kind="seat").count() == 1
    assert Seat.objects.get().user.name == winner


@pytest.mark.parametrize("how", ["a new seat", "a new PIN"])
@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_only_looked_at_lets_a_crowd_in(one_token, monkeypatch, how):
    """The control: the compare-and-swap forgotten."""
    if how == "a new PIN":
        factories.seat(one_token[1], name="Wei", phone="+8613800138000")
    monkeypatch.setattr(invitations, "use_invitation", forgetful)
    outcomes, _winner, came = outcome_of_fifty(*one_token)
    assert outcomes["done"] > 1 and came > 1


def at_once(workspace, token):
    """[(name, what came of it)] of fifty who accept at the same time."""
    outcomes, start = [], threading.Barrier(THREADS)

    def run(number):
        name = f"N {number}"
        start.wait()
        for _turn in range(20):
            try:
                with scope(workspace=workspace.pk):
                    actions.accept_seat(actions.invitation_of(token), name=name, pin=PIN, again=PIN)
                outcomes.append((name, "done"))
                break
            except PharosError as refused:
                outcomes.append((name, refused.code))
                break
            except OperationalError:
                continue
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
