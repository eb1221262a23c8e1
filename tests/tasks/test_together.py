"""Two people who move one plan at the same moment: their acts come one after the other."""

import threading

import pytest
from django.db import OperationalError, connections
from django_scopes import scope

from core.errors import PharosError
from tasks import actions
from tasks.actions import plan as planning
from tasks.models import Task, WorkPlan
from tests import conftest
from tests.tasks.conftest import dates, link, make

TOGETHER = 2.0  # seconds one waits for the other in the middle of its act


@pytest.fixture
def fork(transactional_db):
    """Copy, film and launch, not yet linked."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        copy, film, launch = (make(world, title) for title in ("Copy", "Film", "Launch"))
        yield world, copy, film, launch


def both_at_once(monkeypatch, world, tasks, launch):
    """Two threads link a task each to the launch and meet between reading and writing, if they can; the outcomes."""
    meeting, outcomes, solve = threading.Barrier(2), {}, planning.solve

    def solve_together(plan):
        try:
            meeting.wait(TOGETHER)
        except threading.BrokenBarrierError:
            pass  # the other one waits for the lock: so it should
        return solve(plan)

    monkeypatch.setattr(planning, "solve", solve_together)

    def act(task, lag):
        with scope(workspace=world.workspace.pk):
            try:
                link(world, task, Task.objects.get(pk=launch.pk), lag_days=lag)
                outcomes[task.title] = "done"
            except (PharosError, OperationalError) as error:  # stale, or a deadlock
                outcomes[task.title] = type(error).__name__
        connections.close_all()

    threads = [threading.Thread(target=act, args=(task, lag)) for task, lag in zip(tasks, (8, 12), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(planning, "solve", solve)
    return outcomes


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_acts_on_one_plan_come_one_after_the_other(monkeypatch, fork):
    world, copy, film, launch = fork
    assert both_at_once(monkeypatch, world, (copy, film), launch) == {"Copy": "done", "Film": "done"}
    assert dates(copy, film, launch) == [(2, 2), (2, 2), (19, 19)]
    before = WorkPlan.objects.get().lock_version
    assert actions.refresh_plan(world.actor, campaign=world.campaign).changes == []
    assert WorkPlan.objects.get().lock_version == before  # nothing was left to be worked out


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_them_would_fail(monkeypatch, fork):
    """The negative control: the same two acts without the lock of the plan do meet, and one of them fails."""
    world, copy, film, launch = fork
    monkeypatch.setattr(planning, "locked", lambda rows: rows)
    outcomes = list(both_at_once(monkeypatch, world, (copy, film), launch).values())
    assert outcomes.count("done") == 1, outcomes
