"""Signing in with accounts elsewhere, against fakes of what the platforms document."""

import html
import re
import time

import environ
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from config.sign_in import providers
from core.models import Activity, OutboxMessage
from tests.accounts.providers import IDENTITIES, DingTalk, Feishu, Oidc, WeCom, back
from tests.accounts.test_mfa import add_app, code_of
from tests.accounts.test_sessions import is_in, sign_in
from tests.factories import PASSWORD, member

ALL = [Oidc, Feishu, DingTalk, WeCom]
WITH_EMAIL = [Oidc, Feishu, DingTalk]


@pytest.fixture(autouse=True)
def fresh_limits(db, settings):
    cache.clear()
    settings.EMAIL_BACKEND = "core.mail.OutboxBackend"


@pytest.fixture
def fake_of(httpserver, settings):
    """A provider of the kind, configured and reachable."""

    def make(kind):
        fake = kind(httpserver, dict(IDENTITIES[kind]))
        settings.FETCH_ALLOWED_PRIVATE = [f"{httpserver.host}:{httpserver.port}"]
        settings.SOCIALACCOUNT_PROVIDERS = fake.app()
        return fake

    return make


def by_kind(*kinds):
    return pytest.mark.parametrize("fake", kinds, indirect=True, ids=[kind.__name__ for kind in kinds])


@pytest.fixture
def fake(request, fake_of):
    return fake_of(request.param)


def lead_out(client, fake, path="/sign-in/with/{}/", **values):
    """Set out from our page; the address of the provider that it leads to."""
    page = client.post(path.format(fake.provider_id), values)
    assert page.status_code == 200, page
    assert "form-action 'self'" in page["Content-Security-Policy"]
    return html.unescape(re.search(r'content="0;url=([^"]+)"', page.content.decode())[1])


def go(client, fake, **more):
    """There and back again."""
    return client.get(back(fake, fake.permit(lead_out(client, fake, **more))))


def connect(client, fake):
    return go(client, fake, path="/me/security/connect/{}/")


def known(user, fake):
    """An account that the person connected before."""
    uid = {"wecom": "ww1:ana", "oidc": "s-1", "feishu": "ou_1", "dingtalk": "d-1"}[fake.provider_id]
    return SocialAccount.objects.create(user=user, provider=fake.provider, uid=uid)


def lines(verb):
    return Activity.objects.model._base_manager.filter(verb=f"accounts.{verb}").count()


# --- right ways -----------------------------------------------------------------------------------------------------


@by_kind(*ALL)
def test_a_connected_account_signs_its_person_in(world, fake):
    known(world.owner, fake)
    client = Client()
    assert go(client, fake)["Location"] == "/" and is_in(client)
    row = next(each for each in client.get("/api/v1/sessions/").json()["results"] if each["is_current"])
    assert row["method"] == "account"
    assert not SocialToken.objects.exists()


@by_kind(*ALL)
def test_an_account_is_connected_and_disconnected(world, fake):
    client = sign_in(world.owner)
    assert connect(client, fake)["Location"] == "/me/security/"
    row = SocialAccount.objects.get(user=world.owner)
    assert lines("account_connected") == 1
    assert "connected for signing in" in OutboxMessage.objects.last().payload["body"]
    assert "Disconnect" in client.get("/me/security/").content.decode()
    later = Client()
    assert go(later, fake)["Location"] == "/" and is_in(later)
    assert client.post(f"/me/security/accounts/{row.pk}/disconnect/")["Location"] == "/me/security/"
    assert lines("account_disconnected") == 1 and not SocialAccount.objects.exists()


@by_kind(*WITH_EMAIL)
def test_a_verified_address_signs_in_whoever_has_it_and_connects(world, fake):
    User.objects.filter(pk=world.owner.pk).update(email="Ana@corp.example")
    client = Client()
    assert go(client, fake)["Location"] == "/" and is_in(client)
    assert SocialAccount.objects.get().user == world.owner and lines("account_connected") == 1
    world.owner.refresh_from_db()
    assert world.owner.check_password(PASSWORD)  # the library would have taken it away


@by_kind(*ALL)
def test_the_way_back_leads_where_the_person_wanted_to_go(world, fake):
    known(world.owner, fake)
    assert go(Client(), fake, next=f"{world.w}/settings/")["Location"] == f"{world.w}/settings/"
    assert go(Client(), fake, next="https://evil.example/")["Location"] == "/"


@by_kind(Oidc, Feishu)
def test_state_nonce_and_pkce_are_sent(world, fake):
    address = lead_out(Client(), fake)
    fake.permit(address)
    assert len(fake.seen["state"]) >= 16 and fake.seen["code_challenge_method"] == "S256"
    assert fake.seen["redirect_uri"] == f"http://testserver/sign-in/with/{fake.provider_id}/back/"
    assert ("nonce" in fake.seen) == isinstance(fake, Oidc)


@by_kind(WeCom)
def test_wecom_asks_by_code_picture_outside_and_directly_inside(world, fake):
    fake.permit(lead_out(Client(), fake))
    assert fake.seen["page"].endswith("/wwlogin/sso/login") and fake.seen["login_type"] == "CorpApp"
    assert (fake.seen["appid"], fake.seen["agentid"]) == ("ww1", "1000002")
    inside = lead_out(Client(headers={"User-Agent": "Mozilla/5.0 wxwork/4.1 MicroMessenger"}), fake)
    assert "/connect/oauth2/authorize?" in inside and inside.endswith("#wechat_redirect")


@by_kind(*ALL)
def test_whoever_has_a_second_step_takes_it_here_too(world, fake):
    secret = add_app(sign_in(world.owner))
    known(world.owner, fake)
    client = Client()
    assert go(client, fake)["Location"] == "/sign-in/second-step/" and not is_in(client)
    client.post("/sign-in/second-step/", {"code": code_of(secret, 1)})
    assert is_in(client)


# --- wrong ways -----------------------------------------------------------------------------------------------------


def is_refused(answer, client):
    return answer.status_code in (401, 403) and not is_in(client) and "http-equiv" not in answer.content.decode()


@by_kind(*ALL)
def test_nobody_is_made_from_an_unknown_account(world, fake):
    client, before = Client(), User.objects.count()
    answer = go(client, fake)
    assert is_refused(answer, client) and "connected to nobody here" in answer.content.decode()
    assert User.objects.count() == before and not SocialAccount.objects.exists()


UNVERIFIED = {
    Oidc: [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}, {"email": None}],
    Feishu: [{"enterprise_email": "ana@elsewhere.example"}, {"enterprise_email": None}],
    DingTalk: [{"email": "ana@elsewhere.example"}, {"email": ["ana@corp.example"]}],
}


@by_kind(*WITH_EMAIL)
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(world, fake):
    for change in UNVERIFIED[type(fake)]:
        fake.who = {**IDENTITIES[type(fake)], **change}
        User.objects.filter(pk=world.owner.pk).update(email=fake.who.get("enterprise_email") or "ana@corp.example")
        if isinstance(fake.who.get("email"), str):
            User.objects.filter(pk=world.owner.pk).update(email=fake.who["email"])
        client = Client()
        assert is_refused(go(client, fake), client), change


@by_kind(*ALL)
def test_a_deactivated_person_is_not_let_in(world, fake):
    known(world.owner, fake)
    User.objects.filter(pk=world.owner.pk).update(is_active=False, email="ana@corp.example")
    client = Client()
    assert go(client, fake)["Location"] == "/sign-in/inactive/" and not is_in(client)
    SocialAccount.objects.all().delete()
    assert is_refused(go(client, fake), client)


@by_kind(*ALL)
@pytest.mark.parametrize("wrong", ["none", "made up", "of another browser", "used", "old"])
def test_a_state_that_is_not_this_browsers_opens_nothing(world, fake, wrong):
    known(world.owner, fake)
    client = Client()
    returned = fake.permit(lead_out(client, fake))
    if wrong == "of another browser":
        client = Client()
        client.get("/sign-in/")
    elif wrong == "used":
        client.get(back(fake, returned))
        client.post("/sign-out/")
    elif wrong != "old":
        returned["state"] = "" if wrong == "none" else "x" * 16
    with time_machine.travel(time.time() + (700 if wrong == "old" else 0)):
        assert is_refused(client.get(back(fake, returned)), client)


@by_kind(*ALL)
def test_an_expired_code_opens_nothing(world, fake):
    known(world.owner, fake)
    client = Client()
    returned = fake.permit(lead_out(client, fake))
    fake.codes.clear()
    answer = client.get(back(fake, returned))
    assert is_refused(answer, client) and "did not work" in answer.content.decode()


@by_kind(*ALL)
def test_a_code_that_was_not_given_is_a_refusal(world, fake):
    client = Client()
    state = fake.permit(lead_out(client, fake))["state"]
    assert is_refused(client.get(back(fake, {"state": state})), client)  # what WeCom sends when somebody says no
    state = fake.permit(lead_out(client, fake))["state"]
    answer = client.get(back(fake, {"state": state, "error": "access_denied"}))
    assert answer["Location"] == "/sign-in/with/cancelled/"
    assert "Nothing has changed" in client.get(answer["Location"]).content.decode()


@by_kind(*ALL)
def test_answers_that_make_no_sense_are_no_fault_of_ours(world, fake):
    known(world.owner, fake)
    for path in fake.routes():
        for broken in (path, f"{path}!"):
            client = Client()
            fake.broken = ""
            returned = fake.permit(lead_out(client, fake))
            fake.broken = broken
            answer = client.get(back(fake, returned))
            assert answer.status_code in (302, 401, 403) and not is_in(client), broken


@by_kind(Oidc)
def test_a_provider_that_cannot_be_reached_is_said_at_once(world, fake):
    fake.broken = "/.well-known/openid-configuration"
    answer = Client().post("/sign-in/with/oidc/")
    assert answer.status_code == 401 and "did not work" in answer.content.decode()


@by_kind(Oidc)
@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"sub": "2"},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_about_something_else_opens_nothing(world, fake, claims):
    known(world.owner, fake)
    SocialAccount.objects.create(user=world.owner, provider="oidc", uid="2")
    fake.claims = claims
    client = Client()
    assert is_refused(go(client, fake), client)


@by_kind(*ALL)
def test_nothing_is_called_inside_the_network_unless_the_operator_allows_it(world, fake, settings):
    """The control of every test above: without the exception, safe_fetch refuses loopback."""
    known(world.owner, fake)
    client = Client()
    if isinstance(fake, Oidc):
        settings.FETCH_ALLOWED_PRIVATE = []
        assert client.post("/sign-in/with/oidc/").status_code == 401
    else:
        returned = fake.permit(lead_out(client, fake))
        settings.FETCH_ALLOWED_PRIVATE = []
        assert is_refused(client.get(back(fake, returned)), client)
    assert not fake.calls


# --- connecting -----------------------------------------------------------------------------------------------------


@by_kind(*ALL)
def test_an_account_of_somebody_else_is_not_taken_over(world, fake):
    colleague = member(world.workspace)
    known(colleague, fake)
    client = sign_in(world.owner)
    page = client.get(connect(client, fake)["Location"]).content.decode()
    assert "connected to somebody else" in page
    assert SocialAccount.objects.get().user == colleague


@by_kind(*ALL)
def test_connecting_needs_a_proof_of_the_last_minutes(world, fake):
    client = world.client()
    answer = client.post(f"/me/security/connect/{fake.provider_id}/")
    assert answer["Location"].startswith("/me/security/confirm/")
    assert not fake.codes


@by_kind(*ALL)
def test_a_way_back_to_connect_is_good_for_whoever_set_out(world, fake):
    """Somebody else who signed in meanwhile in this browser does not get the account."""
    client = sign_in(world.owner)
    returned = fake.permit(lead_out(client, fake, path="/me/security/connect/{}/"))
    colleague = member(world.workspace)
    states = dict(client.session["socialaccount_states"])
    client.force_login(colleague)
    carried = client.session
    carried["socialaccount_states"] = states
    carried.save()
    client.get(back(fake, returned))
    assert not SocialAccount.objects.exists()


@by_kind(Feishu)
def test_the_last_way_in_stays(world, fake):
    row = known(world.owner, fake)
    world.owner.set_unusable_password()
    world.owner.save()
    client = Client()
    go(client, fake)
    client.post(f"/me/security/accounts/{row.pk}/disconnect/")
    assert SocialAccount.objects.filter(pk=row.pk).exists()
    assert "only way to sign in" in client.get("/me/security/").content.decode()


@by_kind(Feishu)
def test_another_persons_account_is_as_absent_as_one_that_never_was(world, fake):
    row = known(member(world.workspace), fake)
    client = sign_in(world.owner)
    assert client.post(f"/me/security/accounts/{row.pk}/disconnect/").status_code == 404
    assert client.post("/me/security/accounts/99999999/disconnect/").status_code == 404


# --- the pages ------------------------------------------------------------------------------------------------------


@by_kind(*ALL)
def test_only_what_is_configured_is_offered(world, fake, settings):
    client = sign_in(world.owner)
    for path, who in (("/sign-in/", Client()), ("/me/security/", client)):
        assert f"/{fake.provider_id}/" in who.get(path).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    for path, who in (("/sign-in/", Client()), ("/me/security/", client)):
        assert f"/{fake.provider_id}/" not in who.get(path).content.decode()
    assert Client().post(f"/sign-in/with/{fake.provider_id}/").status_code == 404
    assert Client().get(f"/sign-in/with/{fake.provider_id}/back/?code=1&state=1").status_code == 404


def test_the_environment_names_the_providers():
    env = environ.Env()
    given = {"OIDC_CLIENT_ID": "a", "OIDC_ISSUER": "https://id.example", "FEISHU_APP_ID": "b"}
    given |= {"DINGTALK_CLIENT_ID": "c", "WECOM_CORP_ID": "d", "OIDC_TRUSTED_DOMAINS": "corp.example"}
    env.ENVIRON = given
    found = providers(env)
    assert set(found) == {"openid_connect", "feishu", "dingtalk", "wecom"}
    assert found["openid_connect"]["APPS"][0]["settings"]["verified_email"] == ["corp.example"]
    env.ENVIRON = {}
    assert providers(env) == {}
