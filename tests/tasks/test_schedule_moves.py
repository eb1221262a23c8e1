"""Moving: the cascade before it is saved, gaps kept, used or ignored; and what must hold for any plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.errors import RuleBroken
from tasks.schedule import Item, Link, Plan, backwards, find_cycle, move, solve
from tasks.schedule.calendars import country_calendar

MONDAY = date(2026, 3, 2)


def day(number):
    return date(2026, 3, number)


def spans(schedule):
    return {key: tuple(each.day for each in schedule.days(key)) for key in schedule.rows}


def chain(**more):
    """a → b → c; b has a gap of two days."""
    items = [Item("a", 2), Item("b", 2, constraint="snet", constraint_date=day(6)), Item("c", 1)]
    return Plan(items, [Link("a", "b"), Link("b", "c")], {}, MONDAY, **more)


def moved(plan, key, **how):
    change = move(plan, solve(plan), key, **how)
    again = solve(change.plan)
    assert {one: again.days(one) for one in again.rows} == {one: change.schedule.days(one) for one in again.rows}
    return change


@pytest.mark.parametrize(
    ("buffer", "expected"),
    [
        ("keep", {"a": (3, 4), "b": (9, 10), "c": (11, 11)}),
        ("use", {"a": (3, 4), "b": (6, 9), "c": (10, 10)}),
        ("ignore", {"a": (3, 4), "b": (6, 9), "c": (10, 10)}),
    ],
)
def test_a_day_later(buffer, expected):
    change = moved(chain(), "a", start=day(3), buffer=buffer)
    assert spans(change.schedule) == expected
    assert not change.conflicts
    assert change.changes["a"] == ((day(2), day(3)), (day(3), day(4)))
    assert ("b" in change.changes) == (buffer == "keep")


@pytest.mark.parametrize(
    ("buffer", "expected", "late"),
    [
        ("keep", {"a": (6, 9), "b": (12, 13), "c": (16, 16)}, []),
        ("use", {"a": (6, 9), "b": (10, 11), "c": (12, 12)}, []),
        ("ignore", {"a": (6, 9), "b": (6, 9), "c": (10, 10)}, [Link("a", "b")]),
    ],
)
def test_farther_than_the_gap(buffer, expected, late):
    change = moved(chain(), "a", start=day(6), buffer=buffer)
    assert spans(change.schedule) == expected
    assert [one.link for one in change.conflicts] == late == change.schedule.late_links


def test_a_longer_duration_pushes_what_waits_for_the_finish():
    change = moved(chain(), "a", duration=3, buffer="keep")
    assert spans(change.schedule) == {"a": (2, 4), "b": (9, 10), "c": (11, 11)}
    assert change.items["a"].duration == 3


def test_links_hold_what_is_moved_too_early_and_say_so():
    change = moved(chain(titles={"c": "Film"}), "c", start=day(3))
    assert spans(change.schedule)["c"] == (10, 10)
    assert [one[:3] for one in change.conflicts] == [
        ("held", "c", "“Film” cannot start before 2026-03-10: its links do not allow it.")
    ]
    assert not change.changes


def test_a_fixed_milestone_stays_and_turns_the_arrow_red():
    plan = chain()
    plan = replace(
        plan,
        items=[*plan.items, Item("launch", 0, pinned_start=day(11), is_fixed=True)],
        links=[*plan.links, Link("c", "launch")],
    )
    change = moved(plan, "a", start=day(6), buffer="use")
    assert spans(change.schedule)["launch"] == (11, 11)
    assert [(one.code, one.link) for one in change.conflicts] == [("late_link", Link("c", "launch"))]
    with pytest.raises(RuleBroken) as broken:
        move(plan, solve(plan), "launch", start=day(12))
    assert broken.value.code == "fixed"


def test_a_pinned_task_goes_where_it_is_told():
    plan = chain()
    plan = replace(plan, items=[*plan.items[:2], replace(plan.items[2], pinned_start=day(12))])
    change = moved(plan, "c", start=day(5))
    assert spans(change.schedule)["c"] == (5, 5)
    assert change.schedule.late_links == [Link("b", "c")]


def test_moving_a_summary_moves_its_tasks():
    items = [Item("p"), Item("a", 2, "p"), Item("b", 1, "p"), Item("fix", 0, "p", pinned_start=day(4), is_fixed=True)]
    plan = Plan([*items, Item("x", 1)], [Link("a", "b"), Link("p", "x")], {}, MONDAY, titles={"fix": "Go"})
    change = moved(plan, "p", start=day(4))
    assert spans(change.schedule) == {"p": (4, 6), "a": (4, 5), "b": (6, 6), "fix": (4, 4), "x": (9, 9)}
    assert [(one.code, one.key) for one in change.conflicts] == [("fixed", "fix")]
    with pytest.raises(RuleBroken):
        move(plan, solve(plan), "p", duration=3)


def test_a_milestone_held_on_a_morning_stays_there_when_moved_to_where_it_is():
    items = [Item("a", 3), Item("m", 0, constraint="snet", constraint_date=day(7))]
    plan = Plan(items, [Link("a", "m", "FS", 2)], {}, MONDAY)
    assert spans(solve(plan))["m"] == (9, 9)
    assert not moved(plan, "m", start=day(9)).changes
    assert spans(moved(plan, "m", start=day(6)).schedule)["m"] == (6, 6)


def test_a_constraint_missed_by_a_move_is_said():
    plan = chain()
    plan = replace(plan, items=[*plan.items[:2], replace(plan.items[2], deadline=day(10))])
    change = moved(plan, "a", start=day(3), buffer="keep")
    assert [(one.code, one.key) for one in change.conflicts] == [("missed", "c")]


def test_in_a_plan_made_backwards_what_leads_to_it_makes_room():
    plan = backwards(chain(), day(20)).plan
    before = solve(plan)
    assert spans(before)["c"] == (20, 20)
    change = moved(plan, "c", start=day(18))
    assert spans(change.schedule) == {"a": (12, 13), "b": (16, 17), "c": (18, 18)}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"key": "ghost", "start": MONDAY}, "unknown_key"),
        ({"key": "a", "duration": -1}, "bad_duration"),
        ({"key": "a", "start": MONDAY, "buffer": "maybe"}, "bad_buffer"),
    ],
)
def test_moves_that_mean_nothing(how, code):
    plan = chain()
    with pytest.raises(RuleBroken) as broken:
        move(plan, solve(plan), how.pop("key"), **how)
    assert broken.value.code == code


# --- for any plan ---

SLOW = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def plans(draw, pins=True):
    """A plan of summaries and tasks with links of all kinds between tasks, in the Chinese calendar."""
    count = draw(st.integers(2, 9))
    items = [Item("p0"), Item("p1", parent="p0")]
    for n in range(count):
        more = {}
        if draw(st.integers(0, 4)) == 0:
            more = {"constraint": "snet", "constraint_date": MONDAY + timedelta(draw(st.integers(0, 30)))}
        elif pins and draw(st.integers(0, 6)) == 0:
            more = {"pinned_start": MONDAY + timedelta(draw(st.integers(0, 30))), "is_fixed": draw(st.booleans())}
        parent = draw(st.sampled_from([None, "p0", "p1"]))
        items.append(Item(n, draw(st.integers(0, 6)), parent, **more))
    links = {}
    for _ in range(draw(st.integers(1, 12))):
        pair = tuple(sorted(draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))))
        links[pair] = Link(*pair, draw(st.sampled_from(["FS", "SS", "FF", "SF"])), draw(st.integers(-3, 4)))
    return Plan(items, list(links.values()), {None: country_calendar("CN")}, MONDAY)


def movable(plan, kind=object):
    """Keys of what may be moved; there must be one."""
    keys = [item.key for item in plan.items if isinstance(item.key, kind) and not item.is_fixed]
    assume(keys)
    return keys


def moments(schedule, key):
    """(start, finish) as working-day numbers, a finish being the morning after."""
    positions, i = schedule.state.positions, schedule.state.net.index[key]
    return positions[2 * i], positions[2 * i + 1]


def broken(schedule):
    """Links that are not kept, read off the positions alone."""
    found = []
    for link in schedule.plan.links:
        before = moments(schedule, link.predecessor)["FS FF".find(link.kind) >= 0]
        after = moments(schedule, link.successor)["FF SF".find(link.kind) >= 0]
        if after < before + link.lag:
            found.append(link)
    return found


@SLOW
@given(plans())
def test_no_task_starts_before_its_links_allow(plan):
    schedule = solve(plan)
    assert broken(schedule) == schedule.late_links
    pinned = {item.key for item in plan.items if item.pinned_start}
    assert {link.successor for link in schedule.late_links} <= pinned
    calendar = plan.calendar
    for item in plan.items:
        row = schedule[item.key]
        if item.duration and item.key.__class__ is not str:
            assert calendar.is_working(row.start) and calendar.between(row.start, row.finish) == item.duration
        assert row.start <= row.finish and row.free_float >= 0


@SLOW
@given(plans(pins=False))
def test_late_is_not_before_early_and_backward_not_before_forward(plan):
    schedule = solve(plan)
    late = backwards(plan, schedule.finish)
    for key, row in schedule.rows.items():
        assert row.late_start >= row.early_start and row.late_finish >= row.early_finish
        assert row.total_float >= 0
        assert late[key].start >= row.start and late[key].finish >= row.finish
    assert any(schedule[key].is_critical for key in schedule.rows)


@SLOW
@given(plans(), st.data())
def test_a_move_makes_no_circle_and_lasts(plan, data):
    key, buffer = data.draw(st.sampled_from(movable(plan))), data.draw(st.sampled_from(["keep", "use", "ignore"]))
    before = solve(plan)
    change = moved(plan, key, start=MONDAY + timedelta(data.draw(st.integers(0, 40))), buffer=buffer)
    parents = {item.key: item.parent for item in plan.items}
    assert find_cycle(change.plan.links, parents) is None
    for item in plan.items:
        if item.is_fixed:
            assert change.schedule.days(item.key) == before.days(item.key)
    differing = {one for one in before.rows if before.days(one) != change.schedule.days(one)}
    assert differing == change.changes.keys()
    assert set(broken(change.schedule)) == set(change.schedule.late_links)


@SLOW
@given(plans(), st.data())
def test_there_and_back_restores_every_date(plan, data):
    key = data.draw(st.sampled_from(movable(plan, int)))
    buffer = data.draw(st.sampled_from(["keep", "use", "ignore"]))
    before = solve(plan)
    start = before.days(key)[0]
    there = move(plan, before, key, start=start + timedelta(data.draw(st.integers(0, 40))), buffer=buffer)
    back = move(there.plan, there.schedule, key, start=start, buffer=buffer)
    assert {one: back.schedule.days(one) for one in before.rows} == {one: before.days(one) for one in before.rows}


@SLOW
@given(plans(), st.data())
def test_using_gaps_there_and_back_restores_every_date_from_anywhere(plan, data):
    key = data.draw(st.sampled_from(movable(plan, int)))
    before = solve(plan)
    there = move(plan, before, key, start=MONDAY + timedelta(data.draw(st.integers(0, 40))), buffer="use")
    back = move(there.plan, there.schedule, key, start=before.days(key)[0], buffer="use")
    assert {one: back.schedule.days(one) for one in before.rows} == {one: before.days(one) for one in before.rows}
