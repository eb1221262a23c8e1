"""Who a request acts for: session, header, Bearer key; and how each refusal looks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from accounts.actions import create_api_key, revoke_api_key
from accounts.backends import actor_again
from accounts.models import ApiKey, Membership, User
from tests import factories


def make_key(world, actor=None, **values):
    values = {"name": "CRM", "scopes": ["*"], "expires_at": timezone.now() + timedelta(days=30), **values}
    return create_api_key(actor or world.actor, **values)


def bearer(secret, **headers):
    return Client(headers={"Authorization": f"Bearer {secret}", **headers})


@pytest.fixture
def key(world):
    return make_key(world)


def test_a_key_fixes_the_workspace(world, other, key):
    client = bearer(key[1], **{"Pharos-Workspace": other.workspace.slug})
    assert client.get("/api/v1/me/").json()["workspace"] == world.workspace.slug
    names = [row["slug"] for row in client.get("/api/v1/workspaces/").json()["results"]]
    assert names == [world.workspace.slug]


def test_a_key_does_not_open_pages(world, key):
    assert bearer(key[1]).get(f"{world.w}/settings/")["Location"].startswith("/sign-in/")


def test_the_header_names_the_workspace(world):
    second = factories.workspace(world.owner)
    client = Client()
    client.force_login(world.owner)
    assert client.get("/api/v1/members/").json()["code"] == "workspace_required"
    for workspace in (world.workspace, second):
        found = client.get("/api/v1/me/", headers={"Pharos-Workspace": workspace.slug}).json()
        assert (found["workspace"], found["role"]) == (workspace.slug, "owner")


def test_the_only_workspace_needs_no_header(world):
    client = Client()
    client.force_login(world.owner)
    assert client.get("/api/v1/members/").status_code == 200


def shape(answer):
    """What an answer tells: status and body without what differs by request."""
    body = answer.json() if "json" in answer["Content-Type"] else answer.content.decode().count("404")
    return answer.status_code, body


@pytest.mark.parametrize("path", ["/w/{}/", "/w/{}/settings/", "/w/{}/settings/people/", "/w/{}/settings/api-keys/"])
def test_a_foreign_workspace_is_as_absent_as_none(world, stranger, path):
    foreign, none = stranger.get(path.format(world.workspace.slug)), stranger.get(path.format("no-such"))
    assert shape(foreign) == shape(none) and foreign.status_code == 404


def test_a_foreign_workspace_in_the_header_is_as_absent_as_none(world, stranger):
    answers = [
        stranger.get("/api/v1/members/", headers={"Pharos-Workspace": slug})
        for slug in (world.workspace.slug, "no-such")
    ]
    assert shape(answers[0]) == shape(answers[1]) and answers[0].status_code == 404


def test_pages_ask_for_sign_in_and_rest_for_credentials(world):
    assert Client().get(f"{world.w}/settings/")["Location"] == f"/sign-in/?next={world.w}/settings/"
    answer = Client().get("/api/v1/me/")
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated" and answer.json()["status"] == 401


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer pharos_live_x\u00e9"])
def test_bad_credentials_are_refused_even_with_a_session(world, header):
    client = world.client()
    answer = client.get("/api/v1/me/", headers={"Authorization": header})
    assert answer.status_code == 401 and answer.json()["code"] == "not_authenticated"


def test_expired_and_revoked_keys_are_refused(world, key):
    _row, expired = make_key(world)
    ApiKey.objects.filter(last_four=expired[-4:]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(expired).get("/api/v1/me/").status_code == 401
    assert bearer(key[1]).get("/api/v1/me/").status_code == 200
    revoke_api_key(world.actor, key=key[0])
    assert bearer(key[1]).get("/api/v1/me/").status_code == 401


def test_a_key_does_only_what_its_scopes_say(world):
    _row, secret = make_key(world, scopes=["campaigns:read"])
    client = bearer(secret)
    assert client.get("/api/v1/campaigns/").status_code == 200
    assert client.get("/api/v1/members/").json()["code"] == "permission_denied"
    assert client.post("/api/v1/campaigns/", {}, content_type="application/json").status_code == 403
    _row, secret = make_key(world, scopes=["accounts:write"])
    made = bearer(secret).post("/api/v1/organizations/", {"name": "Blue Fox"}, content_type="application/json")
    assert made.status_code == 201
    assert bearer(secret).get("/api/v1/organizations/").status_code == 403


def test_a_key_may_be_limited_to_campaigns(world):
    second = factories.campaign(world.workspace, world.owner)
    _row, secret = make_key(world, campaign_ids=[second.pk])
    client = bearer(secret)
    assert [row["id"] for row in client.get("/api/v1/campaigns/").json()["results"]] == [str(second.pk)]
    assert client.get(f"/api/v1/campaigns/{world.campaign.pk}/").status_code == 404


@pytest.mark.parametrize("is_limited", [True, False])
def test_a_limited_key_changes_nothing_of_the_whole_workspace(world, is_limited):
    client = bearer(make_key(world, campaign_ids=[world.campaign.pk] if is_limited else [])[1])
    rate = {"date": "2026-11-20", "base": "USD", "quote": "CNY", "rate": "7"}
    word = {"code": "kiosk", "labels": {"en": "Kiosk"}}
    attempts = [("organizations", {"name": "Blue Fox"}), ("exchange-rates", rate), ("channels", word)]
    answers = [client.post(f"/api/v1/{noun}/", body, content_type="application/json") for noun, body in attempts]
    assert [answer.status_code for answer in answers] == [403 if is_limited else 201] * 3


def test_a_job_goes_on_with_the_rights_of_whoever_began_it(world, key):
    slug = world.workspace.slug
    assert actor_again(world.owner, slug).role == "owner"
    again = actor_again(key[0].user, slug)
    assert (again.key.pk, again.workspace, again.role) == (key[0].pk, world.workspace, "owner")
    revoke_api_key(world.actor, key=key[0])
    assert actor_again(User.objects.get(pk=key[0].user_id), slug).role == ""


def test_a_key_never_reaches_further_than_its_makers_role_now(world):
    manager = factories.member(world.workspace, role="manager")
    _row, secret = make_key(world, factories.actor_of(manager, world.workspace))
    client, name = bearer(secret), {"name": "New name"}
    assert client.get("/api/v1/api-keys/").status_code == 200
    Membership.objects.filter(user=manager).update(role="viewer")
    assert client.get("/api/v1/api-keys/").status_code == 403
    assert client.post("/api/v1/organizations/", name, content_type="application/json").status_code == 403
    assert client.get("/api/v1/members/").status_code == 200
    Membership.objects.filter(user=manager).delete()
    assert client.get("/api/v1/members/").status_code == 401


def test_a_key_ends_with_its_makers_account(world, key):
    User.objects.filter(pk=world.owner.pk).update(is_active=False)
    assert bearer(key[1]).get("/api/v1/me/").status_code == 401


def test_a_key_makes_no_keys_and_has_no_profile(world, key):
    client = bearer(key[1])
    body = {"name": "child", "scopes": ["*"], "expires_at": (timezone.now() + timedelta(days=9)).isoformat()}
    assert client.post("/api/v1/api-keys/", body, content_type="application/json").status_code == 403
    etag = client.get("/api/v1/me/")["ETag"]
    answer = client.patch("/api/v1/me/", {"name": "x"}, content_type="application/json", headers={"If-Match": etag})
    assert answer.status_code == 403


def test_last_use_is_noted_but_not_at_every_request(world, key):
    client = bearer(key[1])
    client.get("/api/v1/me/")
    first = ApiKey.objects.get(pk=key[0].pk).last_used_at
    client.get("/api/v1/me/")
    assert first is not None and ApiKey.objects.get(pk=key[0].pk).last_used_at == first


def test_requests_stay_inside_their_scope(world, other, owner):
    """Rows of another workspace are no part of any list."""
    with scope(workspace=other.workspace.pk):
        foreign = set(map(str, Membership.objects.values_list("pk", flat=True)))
    found = {row["id"] for row in owner.get("/api/v1/members/").json()["results"]}
    assert found and not found & foreign


@pytest.mark.parametrize("wanted", ["zh-hans", "en"])
def test_a_person_is_spoken_to_in_their_language(world, wanted):
    User.objects.filter(pk=world.owner.pk).update(language=wanted)
    client = world.client()
    client.cookies["django_language"] = "en" if wanted == "zh-hans" else "zh-hans"
    assert client.get("/me/")["Content-Language"] == wanted


def test_an_unknown_cookie_language_falls_back_to_the_browser(db):
    client = Client(headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    client.cookies["django_language"] = "xx"
    assert client.get("/sign-in/")["Content-Language"] == "zh-hans"
