"""The list of browsers, signing them out, and the end of somebody's access."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.actions import create_api_key, deactivate_person
from accounts.actions import sign_in as acts
from accounts.models import ApiKey, Session, User
from accounts.rules import device_of
from assets.actions import make_link
from core.actor import SYSTEM, Actor
from core.models import Activity, OutboxMessage
from tests.factories import PASSWORD, asset, asset_version, member

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 MicroMessenger/8.0.50"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def sign_in(user, agent=CHROME, **extra):
    """A browser that went through the page of sign-in."""
    client = Client(headers={"User-Agent": agent}, **extra)
    answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def key_of(actor):
    """The secret of a new key that may do everything its maker may."""
    with scope(workspace=actor.workspace_id):
        return create_api_key(actor, name="CRM", scopes=["*"], expires_at=timezone.now() + timedelta(days=9))[1]


def is_in(client):
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (IPHONE, "WeChat on iPhone"),
        (CHROME, "Chrome on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17.0 Safari/605.1.15", "Safari on Mac"),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7",
            "WeCom on Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131 Safari/537.36 Edg/131", "Edge on Windows"),
        ("curl/8.5", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_user_agent_in_words(agent, words):
    assert device_of(agent) == words


def test_each_browser_is_listed_with_device_place_and_the_one_at_hand(world):
    here = sign_in(world.owner)
    sign_in(world.owner, IPHONE, REMOTE_ADDR="203.0.113.9")
    page = here.get("/me/security/").content.decode()
    assert "Chrome on Windows" in page and "WeChat on iPhone" in page and "203.0.113.9" in page
    assert page.count("<i></i>This browser") == 1 and page.index("<i></i>This browser") < page.index("WeChat on iPhone")
    rows = here.get("/api/v1/sessions/").json()["results"]
    assert [(row["device"], row["is_current"]) for row in rows].count(("Chrome on Windows", True)) == 1
    assert {row["device"] for row in rows} == {"Chrome on Windows", "WeChat on iPhone"}


def end_by_page(client, session):
    return client.post(f"/me/security/sessions/{session.pk}/end/")


def end_by_rest(client, session):
    tag = f'"{session.pk.hex}-{session.lock_version}"'
    return client.delete(f"/api/v1/sessions/{session.pk}/", headers={"If-Match": tag})


DOORS = pytest.mark.parametrize("end", [end_by_page, end_by_rest], ids=["page", "rest"])


@DOORS
def test_a_browser_is_signed_out_at_once_and_others_stay(world, end):
    here, there = sign_in(world.owner), sign_in(world.owner, IPHONE)
    row = Session.objects.get(agent=IPHONE)
    assert end(here, row).status_code in (302, 204)
    assert is_in(here) and not is_in(there)
    assert there.get("/me/")["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(pk=row.pk).exists()
    assert Activity.objects.model._base_manager.filter(verb="accounts.session_ended").count() == 1


@DOORS
def test_another_persons_browser_is_as_absent_as_one_that_never_was(world, end):
    colleague = member(world.workspace)
    here, theirs = sign_in(world.owner), sign_in(colleague, IPHONE)
    row = Session.objects.get(user=colleague)
    refused = end(here, row)
    row_that_never_was = Session(pk=uuid.uuid4())
    assert refused.status_code == end(here, row_that_never_was).status_code == 404
    assert is_in(theirs)
    assert here.get(f"/api/v1/sessions/{row.pk}/").status_code == 404


@pytest.mark.parametrize("door", ["page", "rest"])
def test_signing_out_everywhere_else(world, door):
    here, one, two = sign_in(world.owner), sign_in(world.owner, IPHONE), sign_in(world.owner)
    colleague = sign_in(member(world.workspace))
    answer = here.post("/me/security/sessions/end/" if door == "page" else "/api/v1/sessions/end-others/")
    assert answer.status_code in (302, 204)
    assert [is_in(each) for each in (here, one, two, colleague)] == [True, False, False, True]


def test_signing_out_here_takes_the_browser_off_the_list(world):
    here = sign_in(world.owner)
    assert Session.objects.filter(user=world.owner, agent=CHROME).count() == 1
    here.post("/sign-out/")
    assert not Session.objects.filter(user=world.owner, agent=CHROME).exists()
    assert Activity.objects.model._base_manager.filter(verb="accounts.signed_out").count() == 1


def test_a_key_has_no_browsers(world):
    key = Client(headers={"Authorization": f"Bearer {key_of(world.actor)}"})
    sign_in(world.owner)
    assert key.get("/api/v1/sessions/").json()["results"] == []
    assert key.post("/api/v1/sessions/end-others/").status_code == 403


def test_a_browser_is_noted_every_five_minutes(world):
    here = sign_in(world.owner)
    row = Session.objects.get(agent=CHROME)
    Session.objects.filter(pk=row.pk).update(last_seen_at=timezone.now() - timedelta(hours=1))
    here.get("/me/")
    row.refresh_from_db()
    assert row.last_seen_at < timezone.now() - timedelta(minutes=30)  # seen just now by the session's own clock
    session = here.session
    session["seen"] = [*session["seen"][:2], int(time.time()) - 400]
    session.save()
    here.get("/me/", REMOTE_ADDR="203.0.113.77")
    row.refresh_from_db()
    assert row.last_seen_at > timezone.now() - timedelta(minutes=1) and row.ip == "203.0.113.77"


def test_a_session_lasts_thirty_days_however_much_it_is_used(world):
    here = sign_in(world.owner)
    for age, lasts in ((29, True), (31, False)):
        Session.objects.update(created_at=timezone.now() - timedelta(days=age))
        session = here.session
        session["seen"] = [*session["seen"][:2], 0]
        session.save()
        here.get("/me/")
        assert is_in(here) == lasts


def test_a_session_whose_row_is_gone_ends_at_the_next_note(world):
    here = sign_in(world.owner)
    Session.objects.all().delete()
    session = here.session
    session["seen"] = [*session["seen"][:2], 0]
    session.save()
    here.get("/me/")
    assert not is_in(here)


def test_a_new_password_keeps_this_browser_revocable_and_ends_the_others(world):
    here, there = sign_in(world.owner), sign_in(world.owner, IPHONE)
    words = {
        "oldpassword": PASSWORD,
        "password1": "a quite different sentence",
        "password2": "a quite different sentence",
    }
    assert here.post("/me/password/", words).status_code == 302
    assert is_in(here) and not is_in(there)
    row = Session.objects.get(user=world.owner, agent=CHROME)
    assert row.session_key == here.session.session_key  # the key was turned
    assert not Session.objects.filter(agent=IPHONE).exists()


# --- the epoch ------------------------------------------------------------------------------------------------------


def test_a_raised_epoch_ends_every_session_at_once(world):
    clients = [sign_in(world.owner), sign_in(world.owner, IPHONE)]
    assert all(map(is_in, clients))
    User.objects.filter(pk=world.owner.pk).update(auth_epoch=world.owner.auth_epoch + 1)
    assert not any(map(is_in, clients))


def test_without_the_epoch_in_the_hash_they_would_go_on(world, monkeypatch):
    """The control."""
    monkeypatch.delattr(User, "_get_session_auth_hash")
    client = sign_in(world.owner)
    User.objects.filter(pk=world.owner.pk).update(auth_epoch=99)
    assert is_in(client)


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "core.mail.OutboxBackend"


def reset_link(user):
    Client().post("/password/reset/", {"email": user.email})
    body = OutboxMessage.objects.order_by("created_at").last().payload["body"]
    return next(word for word in body.split() if "/password/reset/" in word).partition("testserver")[2]


def opens(address):
    """Whether the link of a mail still leads to the form that sets a password."""
    page = Client().get(address, follow=True).content.decode()
    return 'name="password1"' in page


def asset_with_version(campaign):
    made = asset(campaign)
    asset_version(made)
    return made


@pytest.fixture
def leaver(world, outbox):
    """A colleague with everything that opens a door: a browser, a key, a reset link, a link for guests."""
    person = member(world.workspace, role="manager", name="Leo Leaver")
    secret = key_of(Actor(user=person, workspace=world.workspace, role="manager"))
    with scope(workspace=world.workspace.pk):
        until = timezone.now() + timedelta(days=7)
        maker = Actor(user=person, workspace=world.workspace, role="manager")
        _link, token = make_link(maker, asset=asset_with_version(world.campaign), name="Guest", expires_at=until)
    browser = sign_in(person)
    return {"person": person, "browser": browser, "key": secret, "reset": reset_link(person), "guest": token}


def open_doors(leaver):
    """Which of the leaver's doors open now."""
    key = Client(headers={"Authorization": f"Bearer {leaver['key']}"})
    return {
        "session": is_in(leaver["browser"]),
        "key": is_in(key),
        "reset link": opens(leaver["reset"]),
        "guest link": Client().get(f"/g/{leaver['guest']}/").status_code == 200,
        "sign-in": Client().post("/sign-in/", {"login": leaver["person"].email, "password": PASSWORD})["Location"]
        == "/",
    }


def test_a_deactivated_person_loses_every_door_at_once(leaver):
    assert all(open_doors(leaver).values())
    deactivate_person(SYSTEM, user=User.objects.get(pk=leaver["person"].pk))
    after = open_doors(leaver)
    assert not any(after.values()), after
    assert not Session.objects.filter(user=leaver["person"]).exists()
    assert not ApiKey._base_manager.filter(made_by=leaver["person"], revoked_at=None).exists()


def test_doors_stay_shut_when_the_person_comes_back(leaver):
    """What was revoked stays revoked: coming back means signing in anew."""
    deactivate_person(SYSTEM, user=User.objects.get(pk=leaver["person"].pk))
    User.objects.filter(pk=leaver["person"].pk).update(is_active=True)
    assert open_doors(leaver) == {
        "session": False, "key": False, "reset link": False, "guest link": False, "sign-in": True,
    }  # fmt: skip


def test_a_mere_flag_would_leave_doors_ajar(leaver, monkeypatch):
    """The control: without the epoch and the revocations, doors open again with the flag."""
    monkeypatch.setattr(acts, "_end", lambda sessions: None)
    User.objects.filter(pk=leaver["person"].pk).update(is_active=False)
    User.objects.filter(pk=leaver["person"].pk).update(is_active=True)
    assert all(open_doors(leaver).values())


def test_only_an_operator_deactivates(world):
    colleague = member(world.workspace)
    with pytest.raises(Exception, match="may not"):
        deactivate_person(world.actor, user=colleague)
