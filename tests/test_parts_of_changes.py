"""A PATCH may leave fields out; a row inside it may not: it is refused with the field that lacks, never a fault."""

import json

import pytest
from django_scopes import scopes_disabled

from risks.models import Playbook
from tests import factories

HALF = {"x": 1}


def a_playbook(world):
    return f"playbooks/{Playbook.objects.library().first().pk}/", "messages", {"name", "text"}


def a_route(world):
    return f"review-routes/{factories.review_route(world.campaign).pk}/", "levels", {"position", "name"}


def a_placement(world):
    return f"placements/{factories.placement(world.campaign).pk}/", "flights", {"start_date", "finish_date"}


@pytest.mark.parametrize("thing", [a_playbook, a_route, a_placement])
def test_a_row_inside_a_change_is_whole(world, owner, thing):
    with scopes_disabled():
        path, name, lacking = thing(world)
    etag = owner.get(f"/api/v1/{path}")["ETag"]
    send = {"content_type": "application/json", "headers": {"If-Match": etag}}
    answer = owner.patch(f"/api/v1/{path}", json.dumps({name: [HALF]}), **send)
    assert answer.status_code == 400, answer.content
    found = {(error["attr"], error["code"]) for error in answer.json()["errors"]}
    assert found == {(f"{name}.0.{field}", "required") for field in lacking}
    assert owner.patch(f"/api/v1/{path}", json.dumps({name: ["x"]}), **send).status_code == 400
