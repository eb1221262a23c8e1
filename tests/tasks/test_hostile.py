"""What a careless or hostile client sends to the work: a clear sentence, nothing lost, no fault of ours."""

import json
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from core.errors import Stale
from tasks import actions
from tasks.actions import moves, recurrences
from tasks.models import Recurrence, Task
from tests import factories
from tests.tasks.conftest import day, fresh, make
from tests.tasks.test_recurrences import pattern, today

JSON = {"Accept": "application/json"}


def at(world, path):
    return f"{world.c}/tasks/{path}"


@pytest.mark.parametrize("name", ["start_date", "finish_date"])
def test_a_new_task_without_a_day_may_say_so(world, api, name):
    made = api.post("tasks/", {"campaign": world.campaign.code, "title": "Copy", name: None})
    assert made.status_code == 201 and made.json()["start_date"] == "2026-11-02"


def test_ids_that_are_none_choose_nothing(world, owner, chain):
    for key in ("z" * 8 + "-zzzz-zzzz-zzzz-" + "z" * 12, "-" * 36, "", str(uuid.uuid4())):
        answer = owner.post(at(world, "bulk/"), {"task": [key], "state": "done"}, headers=JSON)
        assert answer.status_code == 422 and answer.json()["code"] == "nothing_chosen", key
    assert set(Task.objects.values_list("state", flat=True)) == {"todo"}


def test_more_tasks_than_fit_are_refused_not_cut(world, owner, chain):
    keys = [str(uuid.uuid4()) for _ in range(500)] + [str(chain[0].pk)]
    answer = owner.post(at(world, "bulk/"), {"task": keys, "state": "done"}, headers=JSON)
    assert answer.status_code == 422 and answer.json()["code"] == "too_many"


@pytest.mark.parametrize("path", ["tasks/bulk/", "tasks/reorder/", "tasks/moves/", "tasks/", "recurrences/"])
def test_twenty_thousand_ids_are_refused_at_once(world, owner, path):
    keys = [str(uuid.uuid4()) for _ in range(20_000)]
    body = {"campaign": world.campaign.code, "title": "T", "tasks": keys, "assignees": keys, "rule": "FREQ=DAILY"}
    body |= {"moves": [{"task": key, "duration_days": 1} for key in keys], "start_date": "2026-11-02"}
    with CaptureQueriesContext(connection) as asked:
        answer = owner.post(f"/api/v1/{path}", json.dumps(body), "application/json")
    assert answer.status_code == 400 and len(asked) < 20


def test_steps_of_an_archived_task_say_so(world, hands):
    """Also when all above it is archived as well."""
    above, below = make(world, "Above"), None
    below = make(world, "Below", parent=above)
    actions.archive_task(world.actor, task=fresh(below))
    actions.archive_task(world.actor, task=fresh(above))
    for step in ("indent", "outdent", "up", "down"):
        page, api = f"c/{world.campaign.code}/tasks/{below.pk}/step/", f"tasks/{below.pk}/place/"
        assert not hands.act(page=page, typed={"step": step}, api=api, body={"step": step})
        assert "archived" in hands.words


def test_a_predecessor_named_twice_is_named_as_typed(world, hands, chain):
    page, api = f"c/{world.campaign.code}/tasks/{chain[2].pk}/cell/", f"tasks/{chain[2].pk}/predecessors/"
    typed = {"field": "predecessors", "value": "1;1"}
    assert not hands.act(page=page, typed=typed, api=api, body={"text": "1;1"})
    assert "The predecessor 1 is named twice." in hands.words


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=00"),
        *("FREQ=MONTHLY;BYMONTHDAY=-0", "FREQ=MONTHLY;BYMONTHDAY=00", "FREQ=MONTHLY;BYMONTHDAY=-9"),
        *("FREQ=DAILY;INTERVAL=٣", "FREQ=MONTHLY;BYMONTHDAY=٣", "FREQ=DAILY\nEXRULE:FREQ=SECONDLY"),
    ],
)
def test_rules_that_are_bombs_are_unknown(world, api, rule):
    body = {"campaign": world.campaign.code, "title": "R", "rule": rule, "start_date": "2000-01-01"}
    answer = api.post("recurrences/", body)
    assert answer.status_code == 400 and answer.json()["code"] == "unknown_rule"
    assert not Recurrence.objects.exists()


def test_a_year_of_days_is_made_in_one_act(world):
    """One task a day for a year is planned in once, not 366 times."""
    started = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        pattern(world, ahead_days=365, duration_days=3)
    assert Task.objects.count() == 366 and time.monotonic() - started < 10
    assert len([one for one in asked if "accounts_workcalendar" in one["sql"]]) < 5
    first = Task.objects.order_by("occurrence_date").first()
    assert first.start_date >= today() and first.constraint == "snet"
    actions.undo_change(world.actor, campaign=world.campaign)
    assert not Task.objects.filter(archived_at=None).exists()


def test_recurring_tasks_keep_their_days_in_a_plan_made_backwards(world):
    make(world, "Launch", kind="milestone")
    launch = today() + timedelta(60)
    actions.plan_back_from_launch(world.actor, campaign=world.campaign, launch_date=launch)
    pattern(world, shift="next")
    made = Task.objects.filter(recurrence__isnull=False)
    assert made.count() == 4 and all(today() <= task.start_date < launch - timedelta(40) for task in made)


def test_who_left_the_workspace_gets_no_recurring_task(world):
    gone = factories.member(world.workspace, name="Gone Soon")
    row = pattern(world, assignees=[gone, world.owner], ahead_days=0)
    Membership.objects.filter(user=gone).delete()
    Task.objects.all().delete()
    (made,) = recurrences.make_recurring(world.actor, recurrence=row)
    assert list(made.assignees.all()) == [world.owner]


# --- in the same moment -----------------------------------------------------------------------------------------------


def meanwhile(monkeypatch, module, act):
    """Let somebody do `act` between the reading of a request and its lock on the plan."""
    original = module.work_plan_of

    def late(*args):
        monkeypatch.setattr(module, "work_plan_of", original)
        act()
        return original(*args)

    monkeypatch.setattr(module, "work_plan_of", late)


CHANGES = {
    "renamed": lambda world, task: actions.update_task(world.actor, task=task, title="Theirs"),
    "moved": lambda world, task: actions.move_task(world.actor, task=task, start_date=day(18)),
    "archived": lambda world, task: actions.archive_task(world.actor, task=task),
    "cancelled": lambda world, task: actions.change_task_state(world.actor, task=task, state="cancelled"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("act", ["move", "moves", "update"])
def test_a_change_just_before_the_lock_is_not_overwritten(world, chain, monkeypatch, act, change):
    mine, theirs = fresh(chain[0]), fresh(chain[0])
    module = moves if act != "update" else actions.tasks
    meanwhile(monkeypatch, module, lambda: CHANGES[change](world, theirs))
    acts = {
        "move": lambda: actions.move_task(world.actor, task=mine, start_date=day(10), seen=mine.lock_version),
        "moves": lambda: actions.move_tasks(
            world.actor, campaign=world.campaign, moves=[(mine, {"start_date": day(10)})]
        ),
        "update": lambda: actions.update_task(world.actor, task=mine, start_date=day(10), seen=mine.lock_version),
    }
    with pytest.raises(Stale):
        acts[act]()
    assert fresh(chain[0]).start_date != day(10)


def test_placing_what_was_just_archived_is_stale(world, chain, monkeypatch):
    mine, theirs = fresh(chain[0]), fresh(chain[0])
    meanwhile(monkeypatch, actions.tasks, lambda: actions.archive_task(world.actor, task=theirs))
    with pytest.raises(Stale):
        actions.place_task(world.actor, task=mine, position=2)
