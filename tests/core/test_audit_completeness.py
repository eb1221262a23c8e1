"""One attributed event for every unsafe request that changes something: the check of the whole suite, and its control.

That the suite is watched at all is shown here; what it finds elsewhere fails the test in which it was found.
"""

import pytest

from accounts.actions import workspaces
from core import audit
from core.actor import SYSTEM, Actor
from core.context import Context, using
from tests import completeness, factories


@pytest.fixture
def found(monkeypatch):
    """What the check finds in this test, where it is wanted."""
    here = []
    monkeypatch.setattr(completeness, "FOUND", here)
    return here


@pytest.fixture
def add(world):
    """Add an organisation by REST."""
    client = world.client()

    def post(client=client):
        return client.post("/api/v1/organizations/", {"name": "Fox", "kind": "agency"}, content_type="application/json")

    return post


def test_an_act_with_its_line_passes(add, found):
    assert add().status_code == 201
    assert found == []


def test_an_act_that_forgets_its_line_is_found(world, add, found, monkeypatch):
    """The control."""
    monkeypatch.setattr(workspaces, "record", lambda *args, **kwargs: None)
    assert add().status_code == 201
    assert found == ["POST api:organizations-list (201): no event, yet it wrote ['accounts_organization']"]


def test_an_act_of_nobody_is_found(world, add, found, monkeypatch):
    nobody = Actor(user=None, workspace=world.workspace)

    def nameless(actor, *rest, **more):
        line = audit.record(nobody, *rest, **more)
        completeness._heard.get().events[line.event_id].user_name = ""
        return line

    monkeypatch.setattr(workspaces, "record", nameless)
    add()
    assert found == ["POST api:organizations-list (201): an event of nobody"]


def test_two_events_of_one_request_are_found(world, add, found, monkeypatch):
    def twice(*args, **kwargs):
        line = audit.record(*args, **kwargs)
        with using(Context()):
            audit.record(*args, **kwargs)
        return line

    monkeypatch.setattr(workspaces, "record", twice)
    add()
    assert found == ["POST api:organizations-list (201): 2 events"]


def test_a_refused_request_and_one_that_only_reads_need_none(world, add, found, viewer):
    assert add(viewer).status_code == 403
    assert world.client().get(f"{world.w}/").status_code == 200
    assert found == []


def test_pharos_itself_is_somebody(world):
    line = audit.record(SYSTEM, "core.done", factories.organization(world.workspace))
    assert (line.user_id, line.user_name) == (None, audit.PHAROS)


def test_every_exemption_is_a_route_and_says_why():
    from tests.inventory import inventory

    names = {route.name for route in inventory()} | {
        name for name in completeness.EXEMPT if name.startswith("account_")
    }
    assert set(completeness.EXEMPT) <= names and all(completeness.EXEMPT.values())
