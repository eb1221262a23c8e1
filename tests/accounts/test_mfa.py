"""Second steps: authenticator app, recovery codes, passkeys, and workspaces that require one."""

import json
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.actions import reset_second_step
from accounts.forms import sign_in as forms
from accounts.models import User, Workspace
from core.crypto import decrypt
from core.errors import Denied
from core.models import Activity, OutboxMessage
from tests.accounts.test_sessions import is_in, key_of, sign_in
from tests.factories import PASSWORD, member, person, workspace
from tests.passkeys import Passkey, passkey_of


@pytest.fixture(autouse=True)
def fresh_limits(db, settings):
    cache.clear()
    settings.EMAIL_BACKEND = "core.mail.OutboxBackend"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Runs what waits for the commit, as in a real request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def code_of(secret, steps=0):
    """What the app shows now, or some steps of 30 seconds away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def add_app(client):
    """Set the app up by the page; the secret that it was given."""
    page = client.get("/me/security/app/").content.decode()
    secret = re.search(r'<code id="key">([A-Z2-7]+)</code>', page)[1]
    answer = client.post("/me/security/app/", {"code": code_of(secret)})
    assert answer["Location"] == "/me/security/recovery-codes/", answer.content.decode()
    return secret


def codes_of(client):
    page = client.get("/me/security/recovery-codes/").content.decode()
    return re.findall(r"\d{8}", re.search(r'<pre id="codes".*?</pre>', page, re.DOTALL)[0])


def first_step(user, **extra):
    """A browser that gave the password and now stands before the second step."""
    client = Client(**extra)
    answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-step/"
    return client


def second_step(client, code):
    return client.post("/sign-in/second-step/", {"code": code})


def lines(verb):
    return Activity.objects.model._base_manager.filter(verb=f"accounts.{verb}").count()


def mails():
    return [row.payload["body"] for row in OutboxMessage.objects.filter(kind="mail").order_by("created_at")]


# --- app and recovery codes -----------------------------------------------------------------------------------------


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(world, commits):
    client = sign_in(world.owner)
    with commits():
        secret = add_app(client)
    assert lines("second_step_added") == lines("recovery_codes_made") == 1  # codes come with the app
    assert "authenticator app was added" in mails()[-1]
    later = first_step(world.owner)
    assert not is_in(later)
    assert later.get(f"{world.w}/settings/").status_code == 302
    assert second_step(later, "000000").status_code == 200 and not is_in(later)
    assert second_step(later, code_of(secret, 1)).status_code == 302 and is_in(later)


def test_the_picture_of_the_key_is_an_image_of_the_page_itself(world):
    page = sign_in(world.owner).get("/me/security/app/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_secrets_are_encrypted_at_rest(world):
    client = sign_in(world.owner)
    secret = add_app(client)
    app, codes = Authenticator.objects.order_by("type").filter(user=world.owner).reverse()
    assert secret not in json.dumps(app.data) and decrypt(app.data["secret"]) == {"secret": secret}
    assert decrypt(codes.data["seed"])["secret"] not in json.dumps(codes.data)


def test_a_code_opens_once(world):
    secret = add_app(sign_in(world.owner))
    with time_machine.travel(time.time() + 300):
        code = code_of(secret)
        assert second_step(first_step(world.owner), code).status_code == 302
        again = second_step(first_step(world.owner), code)
        assert again.status_code == 200 and "did not work" in again.content.decode()
    with time_machine.travel(time.time() + 300 + 40):  # half a step of tolerance must not open the door a second time
        assert second_step(first_step(world.owner), code).status_code == 200


def test_recovery_codes_replace_the_app_once_each(world):
    client = sign_in(world.owner)
    add_app(client)
    codes = codes_of(client)
    assert len(codes) == len(set(codes)) == 10
    saved = client.get("/me/security/recovery-codes/file/")
    assert saved["Content-Disposition"].startswith("attachment") and codes[0] in saved.content.decode()
    assert second_step(first_step(world.owner), codes[0]).status_code == 302
    assert second_step(first_step(world.owner), codes[0]).status_code == 200
    assert codes[0] not in codes_of(client) and len(codes_of(client)) == 9
    assert lines("recovery_code_used") == 1


def test_new_recovery_codes_void_the_old(world, commits):
    client = sign_in(world.owner)
    add_app(client)
    old = codes_of(client)
    with commits():
        assert client.post("/me/security/recovery-codes/new/")["Location"] == "/me/security/recovery-codes/"
    assert not set(old) & set(codes_of(client)) and lines("recovery_codes_made") == 2
    assert second_step(first_step(world.owner), old[1]).status_code == 200


def test_removing_the_app_removes_its_recovery_codes(world):
    client = sign_in(world.owner)
    add_app(client)
    assert client.post("/me/security/app/remove/")["Location"] == "/me/security/"
    assert not Authenticator.objects.filter(user=world.owner).exists() and lines("second_step_removed") == 1
    assert is_in(sign_in(world.owner))


def test_reading_the_codes_writes_nothing(world, django_assert_max_num_queries):
    client = sign_in(world.owner)
    add_app(client)
    before = Authenticator.objects.get(user=world.owner, type="recovery_codes").data
    codes_of(client)
    assert Authenticator.objects.get(user=world.owner, type="recovery_codes").data == before


def test_an_operator_takes_away_what_somebody_lost(world):
    client = sign_in(world.owner)
    add_app(client)
    call_command("reset_second_step", world.owner.email.upper())
    assert not is_in(client) and not Authenticator.objects.exists() and lines("second_step_reset") == 1
    assert is_in(sign_in(world.owner))
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_second_step", "nobody@example.com")
    with pytest.raises(Denied):
        reset_second_step(world.actor, user=world.owner)


# --- proof anew -----------------------------------------------------------------------------------------------------

GUARDED = ["/me/security/app/", "/me/security/recovery-codes/", "/me/security/recovery-codes/new/"]
GUARDED += ["/me/security/passkeys/new/", "/me/security/phone/"]


@pytest.mark.parametrize("path", GUARDED)
def test_changes_need_a_proof_of_the_last_minutes(world, path):
    passkey_of(world.owner)
    client = world.client()  # signed in, but nobody knows when
    answer = client.get(path)
    assert answer["Location"].startswith("/me/security/confirm/?next=")
    wrong = client.post(answer["Location"], {"password": "guess"})
    assert wrong.status_code == 200 and "not your password" in wrong.content.decode()
    right = client.post(answer["Location"], {"password": PASSWORD, "next": path})
    assert right["Location"] == path
    assert client.get(path).status_code in (200, 404)


def test_what_was_sent_too_late_is_carried_out_after_the_proof(world, commits):
    client = sign_in(world.owner)
    page = client.get("/me/security/app/").content.decode()
    secret = re.search(r'<code id="key">([A-Z2-7]+)</code>', page)[1]
    with time_machine.travel(time.time() + 400), commits():
        answer = client.post("/me/security/app/", {"code": code_of(secret)})
        assert answer["Location"].startswith("/me/security/confirm/")
        done = client.post(answer["Location"], {"password": PASSWORD, "next": "/me/security/app/"})
    assert done["Location"] == "/me/security/recovery-codes/"
    assert Authenticator.objects.filter(user=world.owner, type="totp").exists() and lines("second_step_added") == 1


def test_whoever_signed_in_just_now_is_not_asked_again_and_later_is(world):
    client = sign_in(world.owner)
    assert client.get("/me/security/app/").status_code == 200
    with time_machine.travel(time.time() + 301):
        assert client.get("/me/security/app/")["Location"].startswith("/me/security/confirm/")


# --- limits ---------------------------------------------------------------------------------------------------------


def guess_often(user, times, **extra):
    client = first_step(user, **extra)
    for _ in range(times):
        answer = second_step(client, "000000")
    return client, answer


def test_guesses_at_one_place_do_not_close_the_second_step_elsewhere(world):
    secret = add_app(sign_in(world.owner))
    client, answer = guess_often(world.owner, 11, REMOTE_ADDR="203.0.113.9")
    assert "Too many tries" in answer.content.decode()
    assert second_step(client, code_of(secret, 1)).status_code == 200  # even the right one, from there
    assert second_step(first_step(world.owner, REMOTE_ADDR="198.51.100.7"), code_of(secret, 1)).status_code == 302


def test_a_forged_forwarded_address_does_not_help_guessing(world):
    secret = add_app(sign_in(world.owner))
    for n in range(11):
        client = first_step(world.owner, headers={"X-Forwarded-For": f"203.0.113.{n}"})
        second_step(client, "000000")
    assert second_step(client, code_of(secret, 1)).status_code == 200


def test_without_the_limit_the_eleventh_guess_is_looked_at(world, monkeypatch):
    """The control."""
    monkeypatch.setattr(forms.SecondStepForm, "count", lambda self, action, key: None)
    secret = add_app(sign_in(world.owner))
    client, _answer = guess_often(world.owner, 11)
    assert second_step(client, code_of(secret, 1)).status_code == 302


def test_whoever_is_stopped_at_the_second_step_knows_the_password_so_the_person_hears_of_it_once(world):
    add_app(sign_in(world.owner))
    guess_often(world.owner, 3)
    assert sum("right password and then a wrong code" in mail for mail in mails()) == 1
    assert lines("second_step_failed") == 3


# --- passkeys -------------------------------------------------------------------------------------------------------


def options(page, which="passkey-options"):
    text = re.search(rf'<script id="{which}" type="application/json">(.*?)</script>', page.content.decode())[1]
    return json.loads(text)


def add_passkey(client, user, name="My laptop", **values):
    passkey = Passkey(user, **values)
    made = passkey.made(options(client.get("/me/security/passkeys/new/")))
    answer = client.post("/me/security/passkeys/new/", {"name": name, "credential": json.dumps(made)})
    return passkey, answer


def passkey_sign_in(client, passkey, origin=""):
    asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
    return client.post("/sign-in/passkey/", {"credential": json.dumps(passkey.proof(asked, origin))})


def test_a_passkey_signs_in_without_a_password(world):
    client = sign_in(world.owner)
    passkey, answer = add_passkey(client, world.owner)
    assert answer["Location"] == "/me/security/recovery-codes/" and lines("second_step_added") >= 1
    assert "My laptop" in client.get("/me/security/").content.decode()
    fresh = Client()
    assert passkey_sign_in(fresh, passkey)["Location"] == "/" and is_in(fresh)
    row = fresh.get("/api/v1/sessions/").json()["results"]
    assert [each["method"] for each in row if each["is_current"]] == ["passkey"]


def test_a_passkey_is_a_second_step(world):
    passkey, _answer = add_passkey(sign_in(world.owner), world.owner)
    client = first_step(world.owner)
    asked = options(client.get("/sign-in/second-step/"))
    answer = client.post("/sign-in/second-step/", {"credential": json.dumps(passkey.proof(asked))})
    assert answer.status_code == 302 and is_in(client)


def test_wrong_passkeys_at_one_place_do_not_close_the_second_step_elsewhere(world):
    passkey, _answer = add_passkey(sign_in(world.owner), world.owner)
    strange = Passkey(world.owner, credential_id=passkey.credential_id)
    client = first_step(world.owner, REMOTE_ADDR="203.0.113.9")
    for _ in range(11):
        asked = options(client.get("/sign-in/second-step/"))
        answer = client.post("/sign-in/second-step/", {"credential": json.dumps(strange.proof(asked))})
        assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()
    client = first_step(world.owner, REMOTE_ADDR="198.51.100.7")
    asked = options(client.get("/sign-in/second-step/"))
    assert client.post("/sign-in/second-step/", {"credential": json.dumps(passkey.proof(asked))}).status_code == 302


def test_a_passkey_proves_anew_that_it_is_you(world):
    passkey, _answer = add_passkey(sign_in(world.owner), world.owner)
    client = world.client()
    asked = options(client.get("/me/security/confirm/passkey/?next=/me/security/app/"))
    told = {"credential": json.dumps(passkey.proof(asked)), "next": "/me/security/app/"}
    assert client.post("/me/security/confirm/passkey/", told)["Location"] == "/me/security/app/"
    assert client.get("/me/security/app/").status_code == 200


@pytest.mark.parametrize(
    "wrong", ["origin", "other key", "no verification", "replay", "nobody", "nonsense", "closed", "seat"]
)
def test_a_wrong_proof_opens_nothing(world, wrong):
    passkey, _answer = add_passkey(sign_in(world.owner), world.owner, verifies=wrong != "no verification")
    client = Client()
    if wrong == "origin":
        passkey_sign_in(client, passkey, "https://evil.example")
    elif wrong == "other key":
        passkey_sign_in(client, Passkey(world.owner, credential_id=passkey.credential_id))
    elif wrong == "replay":
        asked = client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()["request_options"]
        client = Client()
        client.get("/sign-in/passkey/", headers={"Accept": "application/json"})
        client.post("/sign-in/passkey/", {"credential": json.dumps(passkey.proof(asked))})
    elif wrong == "nobody":
        passkey_sign_in(client, Passkey(User(name="Nobody")))
    elif wrong == "nonsense":
        for text in ("", "[]", "{}", '{"response": {}}', '{"id": 1, "rawId": null, "response": []}', "x"):
            assert client.post("/sign-in/passkey/", {"credential": text}).status_code in (200, 302)
    else:
        kind = "seat" if wrong == "seat" else "person"
        User.objects.filter(pk=world.owner.pk).update(is_active=wrong != "closed", kind=kind)
        passkey_sign_in(client, passkey)
    assert not is_in(client)


def test_a_passkey_is_renamed_and_removed(world):
    client = sign_in(world.owner)
    add_passkey(client, world.owner)
    row = Authenticator.objects.get(user=world.owner, type="webauthn")
    assert client.get(f"/me/security/passkeys/{row.pk}/").status_code == 200
    client.post(f"/me/security/passkeys/{row.pk}/", {"name": "Office key"})
    assert "Office key" in client.get("/me/security/").content.decode() and lines("passkey_renamed") == 1
    assert client.get(f"/me/security/passkeys/{row.pk}/remove/").status_code == 200
    client.post(f"/me/security/passkeys/{row.pk}/remove/")
    assert not Authenticator.objects.filter(user=world.owner).exists()


def test_another_persons_passkey_is_as_absent_as_one_that_never_was(world):
    row = passkey_of(member(world.workspace))
    client = sign_in(world.owner)
    for path in (f"/me/security/passkeys/{row.pk}/", f"/me/security/passkeys/{row.pk}/remove/"):
        assert client.get(path).status_code == client.post(path, {"name": "mine"}).status_code == 404
    assert client.get("/me/security/passkeys/99999999/").status_code == 404
    assert Authenticator.objects.get(pk=row.pk).wrap().name == "Passkey"


# --- workspaces that require a second step --------------------------------------------------------------------------


def require(world, is_required=True):
    Workspace.objects.filter(pk=world.workspace.pk).update(requires_mfa=is_required)


def test_whoever_has_no_second_step_sets_it_up_before_anything_else(world):
    client = sign_in(world.owner)
    assert client.get(f"{world.w}/settings/").status_code == 200
    require(world)
    assert client.get(f"{world.w}/settings/")["Location"] == "/me/security/"
    assert client.post(f"{world.w}/settings/organizations/new/", {"name": "X"})["Location"] == "/me/security/"
    fragment = client.get(f"{world.w}/settings/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/me/security/"
    refused = client.get("/api/v1/members/", headers={"Pharos-Workspace": world.workspace.slug})
    assert refused.status_code == 403 and refused.json()["code"] == "second_step_required"
    page = client.get("/me/security/").content.decode()
    assert "requires two-step verification" in page and world.workspace.name in page
    add_app(client)
    assert client.get(f"{world.w}/settings/").status_code == 200
    assert "requires two-step verification" not in client.get("/me/security/").content.decode()


def test_it_is_asked_for_in_that_workspace_alone_and_not_of_keys(world):
    require(world)
    elsewhere = workspace(world.owner)
    client = sign_in(world.owner)
    assert client.get(f"/w/{elsewhere.slug}/settings/").status_code == 200
    assert client.get("/me/").status_code == client.get("/workspaces/").status_code == 200
    key = Client(headers={"Authorization": f"Bearer {key_of(world.actor)}"})
    assert key.get("/api/v1/members/").status_code == 200


def test_strangers_of_such_a_workspace_still_find_nothing(world):
    require(world)
    assert sign_in(person()).get(f"{world.w}/settings/").status_code == 404


def switch_by_page(client, world):
    row = Workspace.objects.get(pk=world.workspace.pk)
    words = {"name": row.name, "language": row.language, "time_zone": row.time_zone, "currency": row.currency}
    return client.post(f"{world.w}/settings/", {**words, "lock_version": row.lock_version, "requires_mfa": "on"})


def switch_by_rest(client, world):
    headers = {"If-Match": "*", "Pharos-Workspace": world.workspace.slug}
    path = f"/api/v1/workspaces/{world.workspace.pk}/"
    return client.patch(path, {"requires_mfa": True}, content_type="application/json", headers=headers)


@pytest.mark.parametrize("switch", [switch_by_page, switch_by_rest], ids=["page", "rest"])
def test_whoever_requires_it_of_others_has_it(world, switch):
    client = sign_in(world.owner)
    assert switch(client, world).status_code in (409, 422)
    assert not Workspace.objects.get(pk=world.workspace.pk).requires_mfa
    add_app(client)
    assert switch(client, world).status_code in (200, 302)
    assert Workspace.objects.get(pk=world.workspace.pk).requires_mfa
    assert lines("workspace_changed") == 1


# --- the pages ------------------------------------------------------------------------------------------------------

PAGES = ["/me/security/", "/me/security/app/remove/", "/me/security/recovery-codes/"]
PAGES += ["/me/security/recovery-codes/new/", "/me/security/passkeys/new/", "/me/security/confirm/"]
PAGES += ["/me/security/confirm/code/", "/me/security/confirm/passkey/", "/me/security/phone/"]


@pytest.mark.parametrize(("language", "lang", "word"), [("en", "en", "Profile"), ("zh-hans", "zh-Hans", "登录")])
def test_the_pages_speak_both_languages_without_inline_scripts(world, language, lang, word):
    User.objects.filter(pk=world.owner.pk).update(language=language)
    client = sign_in(world.owner)
    add_app(client)
    add_passkey(client, world.owner)
    for path in PAGES:
        page = client.get(path)
        text = page.content.decode()
        assert page.status_code == 200 and f'lang="{lang}"' in text, path
        assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|style=", text), path
        assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert word in client.get("/me/security/").content.decode()


def test_the_page_of_all_ways_holds_its_budget(world, assert_budget):
    client = sign_in(world.owner)
    add_app(client)
    for _ in range(3):
        passkey_of(world.owner)
        sign_in_again = first_step(world.owner)
        assert not is_in(sign_in_again)
    with assert_budget("mfa_index"):
        assert client.get("/me/security/").status_code == 200
