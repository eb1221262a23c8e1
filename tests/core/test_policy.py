"""Every route has a policy; one without fails the check and answers 403."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from config.urls import handler403, handler404, urlpatterns  # noqa: F401 - the planted URLconf answers like ours
from core.actor import Actor
from core.checks import every_route_has_a_policy
from core.policy import Policy, anyone, manager, member, owner, planner, policies, role_in, routes, signed_in


def planted(request, **kwargs):
    return HttpResponse("reached")


real = list(urlpatterns)
plant = [path("planted/", planted, name="planted"), path("w/<slug:slug>/planted/", planted, name="planted-too")]
urlpatterns = [*plant, path("api/planted/", planted, name="planted-api"), path("nameless/", planted), *real]


class Key:
    def __init__(self, *scopes):
        self.scopes = list(scopes)


class Person:
    is_authenticated = True
    pk = "1"


def actor(role="", key=None):
    return Actor(user=Person(), role=role, key=key)


NOBODY = Actor(user=AnonymousUser())


def test_our_own_routes_all_have_a_policy():
    assert every_route_has_a_policy(None) == []


def test_no_policy_is_left_over():
    """A policy of a route that is gone would hide a typing error in the name of a route that is there."""
    named = {name for name, _path, _view in routes()}
    assert [
        name for name in policies() if name.startswith(("accounts:", "account_", "messaging:")) and name not in named
    ] == []


@pytest.mark.urls(__name__)
def test_a_planted_route_without_a_policy_stops_the_process():
    found = every_route_has_a_policy(None)
    assert {error.id for error in found} == {"pharos.E001"}
    assert [error.msg for error in found] == [
        "The route 'planted' (planted/) has no policy.",
        "The route 'planted-too' (w/<slug:slug>/planted/) has no policy.",
        "The route 'planted-api' (api/planted/) has no policy.",
        "The route 'nameless/' (nameless/) has no policy.",
    ]


@pytest.mark.urls(__name__)
def test_a_planted_route_without_a_policy_answers_403(world):
    owner = world.client()
    for client in (owner, Client()):
        for address in ("/planted/", f"{world.w}/planted/", "/nameless/"):
            answer = client.get(address)
            assert answer.status_code == 403 and b"reached" not in answer.content
        answer = client.get("/api/planted/")
        assert answer.status_code == 403 and answer.json()["code"] == "permission_denied"


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (anyone, {"nobody", "", "owner", "manager", "member", "viewer"}),
        (signed_in, {"", "owner", "manager", "member", "viewer"}),
        (member, {"owner", "manager", "member", "viewer"}),
        (planner, {"owner", "manager", "member"}),
        (manager, {"owner", "manager"}),
        (owner, {"owner"}),
        (role_in("viewer"), {"viewer"}),
    ],
)
def test_rules_of_roles(rule, allowed):
    actors = {"nobody": NOBODY, **{role: actor(role) for role in ("", "owner", "manager", "member", "viewer")}}
    assert {name for name, each in actors.items() if rule(each)} == allowed


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (["*"], True, True),
        (["*:read"], True, False),
        (["*:write"], False, True),
        (["campaigns:read"], True, False),
        (["campaigns:write"], False, True),
        (["campaigns:read", "campaigns:write"], True, True),
        (["placements:read", "placements:write"], False, False),
        ([], False, False),
    ],
)
def test_a_key_needs_the_scope_of_the_area(scopes, reads, writes):
    policy = Policy(reads=member, writes=planner, area="campaigns")
    with_key = actor("owner", Key(*scopes))
    assert [policy.allows(with_key, method) for method in ("GET", "HEAD", "OPTIONS")] == [reads] * 3
    assert [policy.allows(with_key, method) for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE")] == [writes] * 5


def test_none_means_nobody():
    assert not Policy(reads=None, writes=None).allows(actor("owner"), "GET")
    assert not Policy(reads=member).allows(actor("owner"), "POST")


def test_rest_says_405_with_the_methods_there_are(owner):
    answer = owner.post("/api/v1/workspaces/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (
        405,
        "method_not_allowed",
        "GET, HEAD, OPTIONS",
    )


@pytest.mark.parametrize(
    ("headers", "back"), [({"Referer": "http://testserver/w/{slug}/c/{code}/brief/edit/?x=1"}, True), ({}, False)]
)
def test_who_is_no_longer_signed_in_comes_back_to_the_page_not_to_the_act(client, world, headers, back):
    slug, code = world.workspace.slug, world.campaign.code
    headers = {name: value.format(slug=slug, code=code) for name, value in headers.items()}
    act = reverse("campaigns:archive", args=[slug, code])
    page = f"/w/{slug}/c/{code}/brief/edit/%3Fx%3D1" if back else act
    sent = client.post(act, headers=headers)
    assert (sent.status_code, sent["Location"]) == (302, f"/sign-in/?next={page}")
    part = client.get(act, headers=headers | {"HX-Request": "true"})
    assert (part.status_code, part.content, part["HX-Redirect"]) == (200, b"", f"/sign-in/?next={page}")
    foreign = client.post(act, headers={"Referer": "https://elsewhere.example/w/x/"})
    assert foreign["Location"] == f"/sign-in/?next={act}"
