"""The acts on tasks: what they write, what follows, what they refuse."""

import pytest
from django.utils import timezone

from campaigns.actions import archive_kpi, create_goal, create_kpi
from core.errors import Denied, Invalid, RuleBroken, Stale
from core.models import Activity
from tasks import actions
from tasks.models import Dependency, Task, WorkPlan
from tests import factories
from tests.tasks.conftest import dates, day, fresh, link, make


def test_a_chain_is_planned_from_the_start_of_the_campaign(world, chain):
    brief, design, launch = chain
    assert dates(brief, design, launch) == [(2, 4), (5, 6), (6, 6)]
    assert all(task.is_critical and task.total_float == 0 for task in chain)
    assert WorkPlan.objects.get().start_date == world.campaign.start_date


def test_a_longer_task_pushes_what_waits_for_it(world, chain):
    brief, design, launch = chain
    outcome = actions.update_task(world.actor, task=brief, duration_days=5)
    assert dates(brief, design, launch) == [(2, 6), (9, 10), (10, 10)]
    assert {change["title"] for change in outcome.changes} == {"Brief", "Design", "Launch"}
    moved = next(change for change in outcome.changes if change["title"] == "Design")
    assert moved["start_date"] == ["2026-11-05", "2026-11-09"]


def test_only_rows_that_changed_are_counted_up(world, chain):
    brief, design, _launch = chain
    other = make(world, "Elsewhere")
    before = fresh(brief).lock_version
    actions.update_task(world.actor, task=fresh(design), duration_days=4)
    assert fresh(brief).lock_version == before
    assert fresh(other).lock_version == other.lock_version + 1  # its float grew


def test_a_title_counts_the_plan_up_but_moves_nothing(world, chain, django_assert_max_num_queries):
    plan = WorkPlan.objects.get()
    actions.update_task(world.actor, task=chain[0], title="Brief, second edition")
    assert WorkPlan.objects.get().lock_version == plan.lock_version + 1
    assert "edition" in fresh(chain[0]).search_text


def test_a_circle_is_refused_with_its_path(world, chain):
    with pytest.raises(RuleBroken) as refused:
        link(world, chain[2], chain[0])
    assert refused.value.code == "cycle"
    assert all(f"{title}" in str(refused.value) for title in ("Brief", "Design", "Launch"))
    assert Dependency.objects.count() == 2


def test_a_task_is_linked_once_and_never_to_itself(world, chain):
    with pytest.raises(Invalid):
        link(world, chain[0], chain[1])
    with pytest.raises(RuleBroken):
        link(world, chain[0], chain[0])


def test_typed_predecessors(world, chain):
    _brief, _design, launch = chain
    assert actions.predecessors_text(launch) == "2"
    actions.set_predecessors(world.actor, task=launch, text="1SS+2d; 2FS+1d")
    assert actions.predecessors_text(launch) == "2FS+1d; 1SS+2d"
    actions.set_predecessors(world.actor, task=launch, text="")
    assert not Dependency.objects.filter(successor=launch).exists()
    with pytest.raises(Invalid):
        actions.set_predecessors(world.actor, task=launch, text="99")


def test_a_new_start_moves_a_task_and_what_waits_for_it(world, chain):
    brief, design, launch = chain
    actions.update_task(world.actor, task=design, start_date=day(9))
    assert dates(brief, design, launch) == [(2, 4), (9, 10), (10, 10)]
    assert fresh(design).constraint == "snet"
    actions.update_task(world.actor, task=fresh(design), start_date=None)
    assert dates(design, launch) == [(5, 6), (6, 6)]


def test_a_new_finish_changes_the_duration(world, chain):
    actions.update_task(world.actor, task=chain[1], finish_date=day(10))
    assert fresh(chain[1]).duration_days == 4
    assert dates(chain[1], chain[2]) == [(5, 10), (10, 10)]


def test_a_move_may_be_looked_at_before(world, chain):
    before = [(row.lock_version, row.start_date) for row in fresh(*chain)]
    lines = Activity.objects.count()
    outcome = actions.propose_move(world.actor, task=chain[0], start_date=day(9))
    assert [change["title"] for change in outcome.changes] == ["Brief", "Design", "Launch"]
    assert outcome.activity is None
    assert [(row.lock_version, row.start_date) for row in fresh(*chain)] == before
    assert Activity.objects.count() == lines


def test_a_fixed_milestone_stays_and_the_arrow_turns_red(world, chain):
    _brief, design, launch = chain
    actions.update_task(world.actor, task=launch, is_fixed=True, start_date=day(9))
    assert dates(launch) == [(9, 9)]
    outcome = actions.move_task(world.actor, task=fresh(design), start_date=day(10))
    assert dates(design, launch) == [(10, 11), (9, 9)]
    late = Dependency.objects.get(successor=launch)
    assert late.is_late and outcome.late_links == [late.pk]
    with pytest.raises(RuleBroken) as refused:
        actions.move_task(world.actor, task=fresh(launch), start_date=day(12))
    assert refused.value.code == "fixed"
    actions.update_task(world.actor, task=fresh(launch), start_date=day(12))  # said in so many words
    assert dates(launch) == [(12, 12)]


@pytest.mark.parametrize(("buffer", "expected"), [("keep", (13, 16)), ("use", (11, 12)), ("ignore", (11, 12))])
def test_a_move_keeps_uses_or_ignores_the_gap(world, buffer, expected):
    first = make(world, "First", duration_days=2)
    second = make(world, "Second", duration_days=2, start_date=day(11))
    link(world, first, second)
    actions.move_task(world.actor, task=fresh(first), start_date=day(4), buffer=buffer)
    assert dates(first, second) == [(4, 5), expected]


def test_several_move_at_once(world, chain):
    brief, design, _launch = chain
    moves = [(brief, {"start_date": day(3)}), (design, {"start_date": day(10)})]
    actions.move_tasks(world.actor, campaign=world.campaign, moves=moves, buffer="use")
    assert dates(brief, design) == [(3, 5), (10, 11)]
    assert Activity.objects.filter(verb="tasks.tasks_rescheduled").count() == 1


def test_planning_back_from_the_launch(world, chain):
    actions.plan_back_from_launch(world.actor, campaign=world.campaign, launch_date=day(20))
    assert dates(*chain) == [(16, 18), (19, 20), (20, 20)]
    with pytest.raises(Invalid):
        actions.update_work_plan(world.actor, campaign=world.campaign, launch_date=None)


# --- outline --------------------------------------------------------------------------------------------------------


def test_a_summary_takes_dates_state_and_progress_from_its_sub_tasks(world):
    above = make(world, "Shoot")
    first = make(world, "Cast", parent=above, duration_days=2)
    second = make(world, "Film", parent=above, duration_days=2)
    link(world, first, second)
    assert fresh(above).is_summary and dates(above) == [(2, 5)]
    actions.change_task_state(world.actor, task=fresh(first), state="done")
    above = fresh(above)
    assert (above.state, above.progress) == ("in_progress", 50)
    actions.change_task_state(world.actor, task=fresh(second), state="done")
    assert (fresh(above).state, fresh(above).progress) == ("done", 100)
    with pytest.raises(RuleBroken) as refused:
        actions.change_task_state(world.actor, task=fresh(above), state="todo")
    assert refused.value.code == "summary"


def test_indent_outdent_up_down(world):
    one, two, three = (make(world, title) for title in ("One", "Two", "Three"))
    actions.step_task(world.actor, task=two, step="indent")
    assert fresh(two).parent_id == one.pk
    actions.step_task(world.actor, task=fresh(two), step="outdent")
    assert fresh(two).parent_id is None
    actions.step_task(world.actor, task=fresh(three), step="up")
    order = Task.objects.filter(parent=None).order_by("position").values_list("title", flat=True)
    assert list(order) == ["One", "Three", "Two"]
    with pytest.raises(RuleBroken):
        actions.step_task(world.actor, task=fresh(one), step="indent")


def test_a_task_stands_neither_below_itself_nor_too_deep(world):
    tasks = [make(world, "Level 1")]
    for level in range(2, 9):
        tasks.append(make(world, f"Level {level}", parent=tasks[-1]))
    with pytest.raises(RuleBroken) as refused:
        make(world, "Level 9", parent=tasks[-1])
    assert refused.value.code == "too_deep"
    with pytest.raises(RuleBroken) as refused:
        actions.place_task(world.actor, task=fresh(tasks[0]), parent=tasks[3])
    assert refused.value.code == "own_descendant"
    milestone = make(world, "Launch", kind="milestone")
    with pytest.raises(RuleBroken):
        make(world, "Below", parent=milestone)


def test_archive_takes_sub_tasks_along_and_restore_brings_them_back_with_links(world, chain):
    above = make(world, "Group")
    actions.place_task(world.actor, task=chain[1], parent=above)
    actions.archive_task(world.actor, task=fresh(above))
    assert fresh(chain[1]).archived_at is not None
    assert dates(chain[2]) == [(2, 2)]  # nothing leads to it any more
    actions.restore_task(world.actor, task=fresh(above))
    assert dates(*chain) == [(2, 4), (5, 6), (6, 6)]


def test_a_copy_has_sub_tasks_links_and_people_and_is_not_begun(world):
    above = make(world, "Shoot", assignees=[world.owner])
    first = make(world, "Cast", parent=above, duration_days=2, assignees=[world.owner])
    second = make(world, "Film", parent=above)
    link(world, first, second, lag_days=1)
    actions.change_task_state(world.actor, task=fresh(first), state="done")
    copy = actions.duplicate_task(world.actor, task=fresh(above)).task
    assert copy.title == "Shoot (copy)" and list(copy.assignees.all()) == [world.owner]
    parts = list(copy.children.order_by("position"))
    assert [part.title for part in parts] == ["Cast", "Film"] and parts[0].state == "todo"
    assert Dependency.objects.get(successor=parts[1]).lag_days == 1


# --- states ---------------------------------------------------------------------------------------------------------


def test_states_and_what_follows_from_them(world, chain):
    brief = chain[0]
    actions.change_task_state(world.actor, task=brief, state="in_progress")
    assert brief.actual_start == actions.today_of(world.campaign)
    actions.report_progress(world.actor, task=brief, progress=60)
    assert (brief.state, brief.progress) == ("in_progress", 60)
    actions.report_progress(world.actor, task=brief, progress=100)
    assert (brief.state, brief.actual_finish) == ("done", actions.today_of(world.campaign))
    actions.change_task_state(world.actor, task=brief, state="in_progress")
    assert (brief.progress, brief.actual_finish) == (99, None)
    with pytest.raises(RuleBroken) as refused:
        actions.change_task_state(world.actor, task=brief, state="blocked")
    assert refused.value.code == "problem_needed"


def test_a_cancelled_task_holds_nobody_up(world, chain):
    actions.change_task_state(world.actor, task=chain[1], state="cancelled")
    assert dates(chain[2]) == [(2, 2)]
    actions.change_task_state(world.actor, task=chain[1], state="todo")
    assert dates(*chain) == [(2, 4), (5, 6), (6, 6)]


def test_assignees_report_and_others_only_watch(world, chain):
    approver = factories.member(world.workspace, role="approver", name="Ann Approver")
    actor = factories.actor_of(approver, world.workspace)
    with pytest.raises(Denied):
        actions.change_task_state(actor, task=chain[0], state="in_progress")
    actions.update_task(world.actor, task=chain[0], assignees=[approver])
    actions.change_task_state(actor, task=fresh(chain[0]), state="in_progress")
    with pytest.raises(Denied):
        actions.update_task(actor, task=fresh(chain[0]), title="Mine")


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"duration_days": 2001}, "duration_days"),
        ({"effort_hours": -1}, "effort_hours"),
        ({"deadline": day(1).replace(year=1999)}, "deadline"),
        ({"constraint": "mso"}, "constraint_date"),
        ({"kind": "milestone", "duration_days": 3}, "duration_days"),
        ({"is_fixed": True}, "start_date"),
        ({"start_date": day(10), "finish_date": day(9)}, "finish_date"),
    ],
)
def test_what_a_task_may_not_be(world, values, field):
    with pytest.raises(Invalid) as refused:
        make(world, **{"title": "Task", **values})
    assert field in refused.value.errors
    assert not Task.objects.exists()


def test_things_of_other_campaigns_and_workspaces_are_refused(world, other):
    second = factories.campaign(world.workspace, world.owner)
    foreign = actions.create_task(world.actor, campaign=second, title="Other").task
    mine = make(world)
    with pytest.raises(Invalid):
        link(world, foreign, mine)
    with pytest.raises(Invalid):
        actions.place_task(world.actor, task=mine, parent=foreign)
    with pytest.raises(Invalid):
        actions.update_task(world.actor, task=mine, assignees=[other.owner])


def test_what_somebody_else_changed_is_not_overwritten(world, chain):
    seen = chain[0].lock_version
    actions.update_task(world.actor, task=fresh(chain[0]), title="Theirs")
    for act in (
        lambda: actions.update_task(world.actor, task=fresh(chain[0]), seen=seen, title="Mine"),
        lambda: actions.update_task(world.actor, task=fresh(chain[0]), seen=seen, assignees=[world.owner]),
        lambda: actions.move_task(world.actor, task=chain[0], start_date=day(9)),
    ):
        with pytest.raises(Stale):
            act()


# --- many -----------------------------------------------------------------------------------------------------------


def test_many_are_edited_in_one_act(world, chain):
    phase = factories.phase(world.campaign)
    outcome = actions.edit_tasks(
        world.actor, campaign=world.campaign, tasks=list(chain), phase=phase, assignees=[world.owner], shift_days=2
    )
    assert [task.phase_id for task in fresh(*chain)] == [phase.pk] * 3
    assert dates(*chain) == [(4, 6), (9, 10), (10, 10)]
    assert Activity.objects.get(pk=outcome.activity).verb == "tasks.tasks_edited"


def test_when_one_of_many_refuses_nothing_is_written(world, chain):
    actions.change_task_state(world.actor, task=chain[2], state="cancelled")
    with pytest.raises(RuleBroken) as refused:
        actions.edit_tasks(world.actor, campaign=world.campaign, tasks=list(fresh(*chain)), state="done")
    assert list(refused.value.errors) == [str(chain[2].pk)]
    assert fresh(chain[0]).state == "todo"


def test_many_are_archived_with_their_sub_tasks(world, chain):
    below = make(world, "Below", parent=chain[0])
    actions.edit_tasks(world.actor, campaign=world.campaign, tasks=[fresh(chain[0])], archive=True)
    assert fresh(below).archived_at is not None and fresh(chain[1]).archived_at is None
    assert fresh(below).archived_at <= timezone.now()


# --- around the tasks -----------------------------------------------------------------------------------------------


def test_a_kpi_that_a_task_serves_is_not_archived(world, chain):
    goal = create_goal(world.actor, campaign=world.campaign, title="Be known")
    kpi = create_kpi(world.actor, goal=goal, name="Searches")
    actions.update_task(world.actor, task=chain[0], kpis=[kpi])
    with pytest.raises(RuleBroken) as refused:
        archive_kpi(world.actor, kpi=kpi)
    assert refused.value.code == "in_use" and refused.value.extra["things"] == ["Brief"]
    actions.archive_task(world.actor, task=fresh(chain[0]))
    archive_kpi(world.actor, kpi=kpi)


def test_tasks_are_found_by_the_search_in_chinese_too(world, owner):
    task = make(world, "拍摄主视觉海报")
    found = owner.get(f"{world.w}/search/?q=海报").content.decode()
    assert "拍摄主视觉海报" in found and str(task.pk) in found
