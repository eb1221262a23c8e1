"""Signing in and out, passwords, and the first page after it."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from core.models import Activity, OutboxMessage
from tests.factories import PASSWORD, member, person, workspace

NEW = "a quite different sentence"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post("/sign-in/", {"login": email, "password": password, **extra})


def test_signing_in_rotates_the_session_and_leads_to_the_only_workspace(world):
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["before"] = "kept by a stranger"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    answer = sign_in(client, world.owner.email)
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.session.session_key != before
    assert client.get("/")["Location"] == f"{world.w}/"
    assert Activity.objects.model._base_manager.filter(verb="accounts.signed_in", user_id=world.owner.pk).count() == 1


def test_two_workspaces_lead_to_the_choice(world):
    workspace(world.owner)
    client = world.client()
    assert client.get("/")["Location"] == "/workspaces/"
    page = client.get("/workspaces/").content.decode()
    assert world.workspace.name in page and page.count("/w/") >= 2


def test_an_archived_workspace_is_no_choice(world):
    gone = workspace(world.owner)
    type(gone).objects.filter(pk=gone.pk).update(archived_at="2026-01-01T00:00Z")
    client = world.client()
    assert client.get("/")["Location"] == f"{world.w}/"
    assert client.get(f"/w/{gone.slug}/settings/").status_code == 404


def sentences(answer):
    """What the page says in its alert."""
    return re.findall(r"<li>(.*?)</li>", answer.content.decode().partition('role="alert"')[2].partition("</div>")[0])


def test_wrong_password_unknown_address_and_too_many_tries_say_the_same(world):
    client = Client()
    unknown = sign_in(client, "nobody@example.com")
    wrong = sign_in(client, world.owner.email, "wrong")
    for _ in range(12):
        limited = sign_in(client, world.owner.email, "wrong")
    refused = sign_in(client, world.owner.email)  # even the right one, from this place
    assert sentences(unknown) and sentences(unknown) == sentences(wrong) == sentences(limited) == sentences(refused)
    assert {each.status_code for each in (unknown, wrong, limited, refused)} == {200}


@pytest.mark.parametrize("way", ["sign-in", "reset"])
def test_known_and_unknown_people_cost_the_same(world, outbox, way, monkeypatch):
    """As many passwords are hashed for nobody as for somebody: nothing is to be learnt by the clock."""
    closed = person(name="Closed")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or encode(self, *args))
    counts = {}
    for who in (world.owner.email, closed.email, "nobody@example.com"):
        hashed.clear()
        if way == "sign-in":
            sign_in(Client(), who, "wrong")
        else:
            Client().post("/password/reset/", {"email": who})
        counts[who] = len(hashed)
    assert len(set(counts.values())) == 1, counts
    assert counts[world.owner.email] == (way == "sign-in")


def test_guesses_from_one_place_do_not_lock_the_person_out_elsewhere(world):
    for _ in range(12):
        sign_in(Client(REMOTE_ADDR="203.0.113.9"), world.owner.email, "wrong")
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), world.owner.email).status_code == 302


def test_a_forged_forwarded_address_does_not_help_guessing(world):
    for n in range(14):
        client = Client(headers={"X-Forwarded-For": f"203.0.113.{n}"})
        answer = sign_in(client, world.owner.email, PASSWORD if n == 13 else "wrong")
    assert answer.status_code == 200


def test_addresses_of_one_ipv6_network_are_one_place(world):
    for n in range(12):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{n:x}"), world.owner.email, "wrong")
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:2::ffff"), world.owner.email).status_code == 200
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1"), world.owner.email).status_code == 302


def test_fewer_proxies_than_told_are_no_fault(world, settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    client = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    assert sign_in(client, world.owner.email).status_code == 302


ELSEWHERE = ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example"]
ELSEWHERE += ["///evil.example", "javascript:alert(1)", "http://127.0.0.1/", "http://localhost/", "\t//evil.example"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_stays_on_this_host(world, target):
    answer = sign_in(Client(), world.owner.email, next=target)
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_next_within_the_app_is_kept(world):
    page = Client().get(f"{world.w}/settings/")
    assert page["Location"] == f"/sign-in/?next={world.w}/settings/"
    form = Client().get(page["Location"]).content.decode()
    assert f'name="next" value="{world.w}/settings/"' in form
    answer = sign_in(Client(), world.owner.email, next=f"{world.w}/settings/")
    assert answer["Location"] == f"{world.w}/settings/"


def test_signing_out_is_a_post(world):
    client = world.client()
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/me/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/me/").status_code == 302


def test_nobody_signs_up(db):
    assert Client().get("/sign-up/").status_code == 404
    assert Client().post("/sign-up/", {"email": "new@example.com"}).status_code == 404


def test_a_closed_account_does_not_sign_in_and_loses_its_session(world):
    client = world.client()
    User.objects.filter(pk=world.owner.pk).update(is_active=False)
    assert client.get(f"{world.w}/settings/").status_code == 302
    assert client.get("/api/v1/me/").status_code == 401
    answer = sign_in(Client(), world.owner.email)
    assert answer["Location"] == "/sign-in/inactive/"
    assert Client().get("/sign-in/inactive/").status_code == 200


def mail_to(email):
    """The text of the newest mail to the address."""
    found = [m.payload for m in OutboxMessage.objects.order_by("pk") if m.payload["to"] == [email]]
    return found[-1]["body"] if found else ""


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "core.mail.OutboxBackend"


def without_tokens(answer):
    """A page without its CSRF tokens and nonce, which differ each time."""
    return re.sub(r"[A-Za-z0-9]{64}|nonce=\S+", "", answer.content.decode())


def link(text):
    return re.search(r"http://testserver(/password/reset/\S+)", text)[1]


def set_password(client, address, password=NEW):
    """Open the link of a mail and set a password there."""
    form = client.get(address, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_password_is_reset_by_mail_once(world, outbox):
    old_session = world.client()
    known = Client().post("/password/reset/", {"email": world.owner.email.upper()}, follow=True)
    unknown = Client().post("/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert without_tokens(known) == without_tokens(unknown)
    address = link(mail_to(world.owner.email))
    assert "no account" in mail_to("nobody@example.com")
    assert set_password(Client(), address)["Location"] == "/password/reset/done/"
    assert sign_in(Client(), world.owner.email, NEW).status_code == 302
    assert old_session.get("/me/").status_code == 302
    used = Client().get(address)
    assert "used up" in used.content.decode()
    assert Activity.objects.model._base_manager.filter(verb="accounts.password_changed").count() == 1


def test_a_weak_password_is_refused_with_a_sentence(world, outbox):
    Client().post("/password/reset/", {"email": world.owner.email})
    client = Client()
    answer = set_password(client, link(mail_to(world.owner.email)), "short")
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()


def test_a_closed_account_gets_no_link(world, outbox):
    User.objects.filter(pk=world.owner.pk).update(is_active=False)
    Client().post("/password/reset/", {"email": world.owner.email})
    assert "/password/reset/" not in mail_to(world.owner.email)


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(world):
    here, elsewhere = world.client(), world.client()
    wrong = here.post("/me/password/", {"oldpassword": "guess", "password1": NEW, "password2": NEW})
    assert "not your current password" in wrong.content.decode()
    right = here.post("/me/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert right["Location"] == "/me/security/"
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


@pytest.mark.parametrize("path", ["/sign-in/", "/password/reset/", "/password/reset/sent/", "/password/reset/done/"])
def test_the_pages_of_sign_in_speak_both_languages(db, path):
    for code, lang in (("en", "en"), ("zh-hans", "zh-Hans")):
        client = Client()
        client.cookies["django_language"] = code
        page = client.get(path)
        assert page.status_code == 200 and f'lang="{lang}"' in page.content.decode()
        assert page["Content-Language"] == code


def test_every_field_of_sign_in_has_a_label(db):
    for path in ("/sign-in/", "/password/reset/"):
        page = Client().get(path).content.decode()
        for field in re.findall(r'<input type="(?:email|password|text)"[^>]*id="([^"]+)"', page):
            assert f'<label for="{field}"' in page


def test_removal_ends_access_at_once(world):
    colleague = member(world.workspace, role="viewer")
    client = world.client(colleague)
    assert client.get(f"{world.w}/settings/people/").status_code == 200
    colleague.memberships.model._base_manager.filter(user=colleague).delete()
    assert client.get(f"{world.w}/settings/people/").status_code == 404
    assert client.get("/api/v1/members/").status_code == 404


def test_a_person_without_a_password_is_led_to_the_mail(db):
    someone = person()
    someone.set_unusable_password()
    someone.save()
    client = Client()
    client.force_login(someone)
    assert client.get("/me/password/", follow=True).redirect_chain[-1][0] == "/password/reset/"
