"""Compare-and-swap, and the logbook."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import Organization
from core.actor import SYSTEM
from core.audit import PHAROS, plain, record
from core.context import Context, using
from core.errors import Stale
from core.models import Activity, AuditEvent
from core.swap import erase, swap
from tests import factories


@pytest.fixture
def row(world):
    return factories.organization(world.workspace, name="Blue Fox")


def test_a_swap_writes_and_tells_what_changed(row):
    assert swap(row, name="Red Fox", kind=row.kind) == {"name": ["Blue Fox", "Red Fox"]}
    fresh = Organization.objects.get(pk=row.pk)
    assert (fresh.name, fresh.lock_version) == ("Red Fox", 2) == (row.name, row.lock_version)
    assert fresh.updated_at == row.updated_at > fresh.created_at


def test_a_swap_of_nothing_writes_nothing(row):
    before = Organization.objects.filter(pk=row.pk).values().get()
    assert swap(row, name="Blue Fox") == {} and swap(row) == {}
    assert Organization.objects.filter(pk=row.pk).values().get() == before


def test_of_two_swaps_on_the_same_state_the_second_is_stale(row):
    twin = Organization.objects.get(pk=row.pk)
    swap(row, name="Red Fox")
    with pytest.raises(Stale):
        swap(twin, name="Grey Fox")
    assert twin.name == "Blue Fox" and Organization.objects.get(pk=row.pk).name == "Red Fox"


def test_what_the_person_saw_counts_even_if_nothing_would_change(row):
    swap(row, name="Red Fox")
    for name in ("Red Fox", "Grey Fox"):
        with pytest.raises(Stale):
            swap(row, seen=1, name=name)
    assert swap(row, seen=2, name="Grey Fox")


def test_a_row_that_is_gone_is_stale(row):
    Organization.objects.filter(pk=row.pk).delete()
    with pytest.raises(Stale):
        swap(row, name="Red Fox")


def test_what_somebody_changed_meanwhile_is_not_deleted_unseen(row):
    twin = Organization.objects.get(pk=row.pk)
    swap(row, name="Red Fox")
    with pytest.raises(Stale):
        erase(twin)
    with pytest.raises(Stale):
        erase(row, seen=1)
    assert Organization.objects.get(pk=row.pk).name == "Red Fox"
    erase(row)
    assert not Organization.objects.filter(pk=row.pk).exists()
    with pytest.raises(Stale):
        erase(row)


def test_acts_of_one_request_share_one_event(world, row):
    with using(Context(request_id="r1", ip="203.0.113.1", method="POST", path="/x/", route="x")):
        first, second = record(world.actor, "core.one_done", row), record(world.actor, "core.two_done", row)
    third = record(world.actor, "core.three_done", row)
    assert first.event_id == second.event_id != third.event_id
    event = AuditEvent.objects.get(pk=first.event_id)
    assert (event.request_id, event.ip, event.route, event.user_id) == ("r1", "203.0.113.1", "x", world.owner.pk)
    assert event.workspace_id == world.workspace.pk


def test_a_line_goes_with_its_act(world, row):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(world.actor, "core.undone", row)
        raise RuntimeError
    assert not Activity.objects.filter(verb="core.undone").exists()


def test_a_line_knows_thing_campaign_and_changes(world):
    line = record(
        world.actor, "core.done", world.campaign, changes={"budget": [Decimal("1.10"), None]}, inverse={"a": 1}
    )
    line.refresh_from_db()
    assert (line.subject_type, line.subject_id) == ("campaigns.campaign", str(world.campaign.pk))
    assert line.campaign_id == world.campaign.pk and line.user_name == "Ana Owner"
    assert line.changes == {"budget": ["1.10", None]} and line.inverse == {"a": 1}


def test_the_system_may_act_without_a_workspace(db):
    line = record(SYSTEM, "core.done", factories.person())
    assert line.user_id is None and line.user_name == PHAROS and line.workspace_id is None


def test_whatever_changed_becomes_json(row):
    values = {"day": date(2026, 11, 1), "at": datetime(2026, 11, 1, tzinfo=UTC), "row": row, "n": 1, "list": {1}}
    assert json.loads(json.dumps(plain({**values, 5: (Decimal("2"), row.pk, object)}))) == {
        "day": "2026-11-01",
        "at": "2026-11-01T00:00:00+00:00",
        "row": "Blue Fox",
        "n": 1,
        "list": [1],
        "5": ["2", str(row.pk), str(object)],
    }
