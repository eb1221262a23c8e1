"""Many people at one plan: moves, links, changes and undo by eight at once end as if they had come one by one."""

import random
import threading

import pytest
from django.db import DatabaseError, connections
from django_scopes import scope

from core.errors import PharosError
from core.models import Activity
from tasks import actions
from tasks.actions import loading
from tasks.actions import plan as planning
from tasks.actions import tasks as single
from tasks.models import Dependency, Task, WorkPlan
from tasks.schedule import solve
from tests import conftest, factories
from tests.tasks.conftest import day, make

PEOPLE, ACTS, TASKS = 8, 8, 24


@pytest.fixture
def plan(transactional_db):
    """Tasks that nobody has linked yet, and eight people who plan them."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        for number in range(TASKS):
            make(world, f"Task {number}", duration_days=1 + number % 4)
        people = [factories.member(world.workspace, role="manager", name=f"Person {n}") for n in range(PEOPLE)]
        yield world, [factories.actor_of(person, world.workspace) for person in people]


def move(actor, campaign, chance):
    task = chance.choice(list(Task.objects.filter(campaign=campaign)))
    actions.move_task(actor, task=task, start_date=day(chance.randint(2, 27)), buffer=chance.choice(["keep", "use"]))


def link(actor, campaign, chance):
    before, after = chance.sample(list(Task.objects.filter(campaign=campaign)), 2)
    actions.link_tasks(actor, predecessor=before, successor=after, lag_days=chance.randint(-1, 3))


def update(actor, campaign, chance):
    task = chance.choice(list(Task.objects.filter(campaign=campaign)))
    duration = chance.randint(1, 6)
    actions.update_task(actor, task=task, description=f"{actor.user} says {duration}", duration_days=duration)


def take_back(actor, campaign, chance):
    actions.undo_change(actor, campaign=campaign)


EACH = (move, link, update, take_back)


def all_at_once(world, people):
    """What came of all acts: {name: how often}; a refusal by its code, a fault of the database by its type."""
    outcomes, start = [], threading.Barrier(len(people))

    def work(number, actor):
        chance = random.Random(number)
        start.wait()
        for turn in range(ACTS):
            act = EACH[(number + turn) % len(EACH)]
            with scope(workspace=world.workspace.pk):
                try:
                    act(actor, world.campaign, chance)
                    outcomes.append(act.__name__)
                except PharosError as refused:
                    outcomes.append(refused.code)
                except DatabaseError as fault:
                    outcomes.append(type(fault).__name__)
        connections.close_all()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {name: outcomes.count(name) for name in sorted(set(outcomes))}


def stored(campaign):
    """{task: (start, finish)} as the tables say."""
    return {pk: tuple(days) for pk, *days in Task.objects.filter(campaign=campaign).values_list("pk", *single.DAYS)}


def worked_out(campaign):
    """{task: (start, finish)} as a fresh solve of what was decided says."""
    schedule = solve(loading.Loaded(WorkPlan.objects.get(campaign=campaign)).plan)
    return {key: (row.start, row.finish) for key, row in schedule.rows.items()}


def lost(campaign):
    """What the logbook says was done and neither undone nor there: links, and the last words on a task."""
    lines = Activity.objects.filter(campaign_id=campaign.pk, undone_at=None).order_by("at", "pk")
    made = {key for line in lines for label, key, _v in (line.inverse or {}).get("made", ()) if "depend" in label}
    gone = made - {str(key) for key in Dependency.objects.filter(campaign=campaign).values_list("pk", flat=True)}
    said = {}
    for line in lines.filter(verb="tasks.task_changed"):
        if "description" in line.changes:
            said[line.subject_id] = line.changes["description"][1]
    now = {str(pk): text for pk, text in Task.objects.filter(campaign=campaign).values_list("pk", "description")}
    return gone, {key: (text, now[key]) for key, text in said.items() if now[key] != text}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_people_at_one_plan_lose_nothing(plan):
    world, people = plan
    outcomes = all_at_once(world, people)
    assert sum(outcomes.values()) == PEOPLE * ACTS
    assert not [name for name in outcomes if name.endswith("Error")], outcomes
    assert sum(outcomes.get(act.__name__, 0) for act in EACH) > PEOPLE, outcomes  # how many of each is chance
    assert stored(world.campaign) == worked_out(world.campaign)
    assert lost(world.campaign) == (set(), {})
    before = WorkPlan.objects.get(campaign=world.campaign).lock_version
    assert actions.refresh_plan(world.actor, campaign=world.campaign).changes == []
    assert WorkPlan.objects.get(campaign=world.campaign).lock_version == before


def _run_into_each_other(world, people):
    """Whether one round of acts failed by what others wrote, or left what no calculation gives."""
    outcomes = all_at_once(world, people)
    wrong = stored(world.campaign) != worked_out(world.campaign) or lost(world.campaign) != (set(), {})
    return wrong or any(name.endswith("Error") for name in outcomes)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_run_into_each_other(plan, monkeypatch):
    """The control: without the lock of the plan, acts fail by what others wrote, or dates are not those of the plan."""
    world, people = plan
    monkeypatch.setattr(planning, "locked", lambda rows: rows)
    assert any(_run_into_each_other(world, people) for _ in range(3))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_undo_the_same_act_once(plan):
    """Of two who press Undo at once one is told that there is nothing left of theirs."""
    world, _people = plan
    task = Task.objects.get(title="Task 3")
    done = actions.update_task(world.actor, task=task, duration_days=9).activity
    start, told = threading.Barrier(2), []

    def press():
        with scope(workspace=world.workspace.pk):
            start.wait()
            try:
                actions.undo_change(world.actor, campaign=world.campaign, activity=done)
                told.append("done")
            except PharosError as refused:
                told.append(refused.code)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "undone_already"]
    assert Task.objects.get(pk=task.pk).duration_days == 4
