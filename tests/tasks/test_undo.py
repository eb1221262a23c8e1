"""Undo and redo: every date comes back, and nothing that somebody else did is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RuleBroken
from core.models import Activity
from tasks import actions
from tasks.models import Dependency, Task, WorkPlan
from tests import factories
from tests.tasks.conftest import dates, day, fresh, link, make

COLUMNS = ("title", "parent_id", "start_date", "finish_date", "duration_days", "state", "progress", "constraint")
COLUMNS += ("constraint_date", "is_pinned", "is_fixed", "position", "archived_at", "total_float", "is_critical")
COLUMNS += ("actual_start", "actual_finish", "projected_finish", "is_summary", "phase_id")


def picture(world):
    """Everything of the plan that a person sees."""
    tasks = {row[0]: row[1:] for row in Task.objects.filter(archived_at=None).values_list("pk", *COLUMNS)}
    links = set(Dependency.objects.values_list("pk", "predecessor", "successor", "kind", "lag_days", "is_late"))
    people = set(Task.assignees.through.objects.filter(task__archived_at=None).values_list("task_id", "user_id"))
    frame = set(WorkPlan.objects.values_list("direction", "start_date", "launch_date", "calendar"))
    return tasks, links, people, frame


def undo(world, actor=None, **which):
    return actions.undo_change(actor or world.actor, campaign=world.campaign, **which)


def redo(world, actor=None):
    return actions.redo_change(actor or world.actor, campaign=world.campaign)


ACTS = {
    "move": lambda w, c: actions.move_task(w.actor, task=c[0], start_date=day(10)),
    "resize": lambda w, c: actions.update_task(w.actor, task=c[1], duration_days=7),
    "title": lambda w, c: actions.update_task(w.actor, task=c[1], title="Another"),
    "people": lambda w, c: actions.update_task(w.actor, task=c[1], assignees=[w.owner]),
    "fix": lambda w, c: actions.update_task(w.actor, task=c[2], is_fixed=True, start_date=day(4)),
    "state": lambda w, c: actions.change_task_state(w.actor, task=c[0], state="done"),
    "cancel": lambda w, c: actions.change_task_state(w.actor, task=c[1], state="cancelled"),
    "progress": lambda w, c: actions.report_progress(w.actor, task=c[0], progress=40),
    "create": lambda w, c: make(w, "New", parent=c[0], start_date=day(11)),
    "copy": lambda w, c: actions.duplicate_task(w.actor, task=c[0]),
    "archive": lambda w, c: actions.archive_task(w.actor, task=c[1]),
    "place": lambda w, c: actions.step_task(w.actor, task=c[0], step="down"),
    "order": lambda w, c: actions.reorder_tasks(w.actor, campaign=w.campaign, tasks=[c[2], c[0]]),
    "link": lambda w, c: link(w, c[0], c[2], kind="SS", lag_days=9),
    "typed": lambda w, c: actions.set_predecessors(w.actor, task=c[2], text="1FS+6d"),
    "unlink": lambda w, c: actions.unlink(w.actor, link=Dependency.objects.filter(successor=c[1]).get()),
    "relink": lambda w, c: actions.update_link(w.actor, link=Dependency.objects.get(successor=c[1]), lag_days=4),
    "bulk": lambda w, c: actions.edit_tasks(w.actor, campaign=w.campaign, tasks=c, shift_days=3, assignees=[w.owner]),
    "frame": lambda w, c: actions.update_work_plan(w.actor, campaign=w.campaign, start_date=day(9)),
    "launch": lambda w, c: actions.plan_back_from_launch(w.actor, campaign=w.campaign, launch_date=day(27)),
}


@pytest.mark.parametrize("act", ACTS)
def test_undo_restores_and_redo_repeats(world, chain, act):
    before = picture(world)
    ACTS[act](world, list(fresh(*chain)))
    after = picture(world)
    assert after != before
    undo(world)
    assert picture(world) == before
    redo(world)
    assert picture(world) == after
    undo(world)
    assert picture(world) == before


def test_an_indent_is_undone_with_the_summary_it_made(world, chain):
    lone = make(world, "Elsewhere", duration_days=9)
    other = make(world, "Below")
    before = picture(world)
    actions.step_task(world.actor, task=fresh(other), step="indent")
    assert fresh(lone).is_summary and dates(lone) == [(2, 2)]
    undo(world)
    assert picture(world) == before and dates(lone) == [(2, 12)]


SAFE = [name for name in ACTS if name not in ("cancel", "archive", "copy", "create", "unlink", "relink", "typed")]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(SAFE), min_size=2, max_size=6))
def test_undo_of_many_acts_restores_every_date(world, chain, names):
    """Undo as often as there were acts: the plan is as it was; redo as often: as it became."""
    pictures, done = [picture(world)], 0
    for name in names:
        try:
            ACTS[name](world, list(fresh(*chain)))
        except Exception as refusal:
            assert getattr(refusal, "code", ""), refusal  # a rule said no; nothing was written
            continue
        if picture(world) != pictures[-1]:
            pictures.append(picture(world))
            done += 1
    for number in range(done, 0, -1):
        undo(world)
        assert picture(world) == pictures[number - 1]
    for number in range(1, done + 1):
        redo(world)
        assert picture(world) == pictures[number]
    for _number in range(done):
        undo(world)
    assert picture(world) == pictures[0]


def test_nothing_to_undo_and_nothing_to_redo(world, chain):
    with pytest.raises(RuleBroken) as refused:
        redo(world)
    assert refused.value.code == "nothing_to_undo"
    colleague = factories.actor_of(factories.member(world.workspace), world.workspace)
    with pytest.raises(RuleBroken):
        undo(world, colleague)


def test_what_somebody_changed_since_is_not_lost(world, chain):
    colleague = factories.actor_of(factories.member(world.workspace, name="Li Na"), world.workspace)
    actions.move_task(world.actor, task=chain[0], start_date=day(10))
    actions.update_task(colleague, task=fresh(chain[1]), duration_days=6)
    with pytest.raises(RuleBroken) as refused:
        undo(world)
    assert refused.value.code == "changed_since"
    assert "Li Na" in str(refused.value) and "Design" in str(refused.value)
    assert refused.value.extra["since"]["by"] == "Li Na"
    undo(world, colleague)  # theirs can be undone, and then mine too
    undo(world)
    assert dates(*chain) == [(2, 4), (5, 6), (6, 6)]


def test_an_act_elsewhere_does_not_stand_in_the_way(world, chain):
    lone = make(world, "Elsewhere")
    actions.update_task(world.actor, task=fresh(lone), description="mine")
    colleague = factories.actor_of(factories.member(world.workspace), world.workspace)
    actions.update_task(colleague, task=fresh(chain[2]), description="theirs")
    undo(world)
    assert fresh(lone).description == "" and fresh(chain[2]).description == "theirs"


def test_acts_of_others_are_not_undone(world, chain):
    colleague = factories.actor_of(factories.member(world.workspace), world.workspace)
    outcome = actions.move_task(world.actor, task=chain[0], start_date=day(10))
    with pytest.raises(RuleBroken) as refused:
        undo(world, colleague, activity=outcome.activity)
    assert refused.value.code == "not_yours"
    undo(world, activity=outcome.activity)
    with pytest.raises(RuleBroken) as refused:
        undo(world, activity=outcome.activity)
    assert refused.value.code == "undone_already"
    assert Activity.objects.filter(verb="tasks.change_undone").count() == 1


def test_acts_that_undo_needs_not_write_again_stand_in_nobodys_way(world, chain):
    """People are no columns of the row: its counter grew all the same, and the title before can still be undone."""
    before = picture(world)
    for act in ("title", "people", "progress"):
        ACTS[act](world, list(fresh(*chain)))
    for _act in range(3):
        undo(world)
    assert picture(world) == before
