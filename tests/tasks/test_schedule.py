"""Dates of the engine: calendars, milestones, pins, constraints, summaries, floats, planning back, projection."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from core.errors import Invalid, RuleBroken
from tasks.schedule import (
    Calendar,
    Item,
    Link,
    Plan,
    WorkWeek,
    backwards,
    find_cycle,
    format_predecessors,
    parse_predecessors,
    project,
    solve,
)
from tasks.schedule.calendars import country_calendar, without, year_days
from tests.tasks.plans import EVERY_DAY, plain_plan

MONDAY = date(2026, 3, 2)  # a week without holidays follows


def day(number):
    """March of 2026; the 2nd is a Monday."""
    return date(2026, 3, number)


def week_plan(items, links=(), **more):
    return Plan(items, links, {}, more.pop("start", MONDAY), **more)


def spans(schedule):
    """{key: (first, last)} as days of March."""
    return {key: (row.start.day, row.finish.day) for key, row in schedule.rows.items()}


# --- calendars ---


@pytest.mark.parametrize("text", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_swapped_saturdays_and_sundays_of_2026_are_worked(text):
    calendar = country_calendar("CN")
    worked = date.fromisoformat(f"2026-{text}")
    assert calendar.is_working(worked) and worked.weekday() >= 5
    assert calendar.day(calendar.number(worked)) == worked


def test_the_year_2026_in_china():
    calendar = country_calendar("CN")
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert sum(map(calendar.is_working, days)) == calendar.between(days[0], days[-1]) == 248
    assert not any(calendar.is_working(date(2026, 2, n)) for n in range(15, 24))


def test_a_plan_across_new_year_2027_says_what_is_not_published():
    plan = Plan([Item("a", 10)], (), {None: country_calendar("CN")}, date(2026, 12, 28))
    schedule = solve(plan)
    assert schedule["a"].finish == date(2027, 1, 8)
    assert schedule.warnings == [
        "The public holidays and swapped work days of 2027 are not published yet; the usual week counts."
    ]
    with translation.override("zh-hans"):
        assert "2027 调休未公布" in solve(plan).warnings[0]
    assert not solve(replace(plan, start=date(2026, 12, 1))).warnings


def test_a_published_year_is_not_asked_about():
    assert year_days("CN", 2026).is_published and not year_days("CN", 2027).is_published
    assert year_days("DE", 2027).is_published and not country_calendar("DE").is_working(date(2027, 1, 1))
    assert year_days("XX", 2026).exceptions == {}


def test_own_days_win_over_the_countrys():
    calendar = country_calendar("CN", exceptions={date(2026, 2, 14): False, date(2026, 2, 16): True})
    assert not calendar.is_working(date(2026, 2, 14)) and calendar.is_working(date(2026, 2, 16))
    away = without(calendar, [(date(2026, 3, 2), date(2026, 3, 3))])
    assert away.add(date(2026, 3, 2), 0) == date(2026, 3, 4)
    assert country_calendar("CN") is country_calendar("cn")


@pytest.mark.parametrize("first", [date(1999, 12, 30), date(2026, 2, 13), date(2031, 5, 1)])
def test_counting_there_and_back(first):
    calendar = country_calendar("CN", "6")
    for days in range(-700, 700, 37):
        there = calendar.add(first, days)
        assert calendar.is_working(there)
        assert calendar.number(there) - calendar.number(first) == days
    assert calendar.between(first, first - timedelta(1)) == 0


def test_a_week_has_a_working_day():
    with pytest.raises(RuleBroken) as broken:
        WorkWeek.of("0123456")
    assert broken.value.code == "no_working_days"
    with pytest.raises(RuleBroken) as broken:
        solve(week_plan([Item("a", 100_000)]))
    assert broken.value.code == "too_far"


# --- milestones ---


def test_a_milestone_shows_on_the_day_its_work_ends_and_work_goes_on_the_next():
    items = [Item("a", 5), Item("done", 0), Item("b", 2)]
    schedule = solve(week_plan(items, [Link("a", "done"), Link("done", "b")]))
    assert spans(schedule) == {"a": (2, 6), "done": (6, 6), "b": (9, 10)}


def test_a_milestone_that_begins_with_work_shows_on_that_day():
    items = [Item("kickoff", 0), Item("a", 5), Item("b", 1), Item("go", 0)]
    schedule = solve(week_plan(items, [Link("kickoff", "a"), Link("a", "b"), Link("b", "go", "SS")]))
    assert spans(schedule) == {"kickoff": (2, 2), "a": (2, 6), "b": (9, 9), "go": (9, 9)}


@pytest.mark.parametrize(("lasts", "after", "late"), [(4, 6, False), (5, 9, False), (6, 6, True)])
def test_a_fixed_milestone_stays_and_its_link_turns_late(lasts, after, late):
    items = [Item("a", lasts), Item("launch", 0, pinned_start=day(6), is_fixed=True), Item("b", 1)]
    links = [Link("a", "launch"), Link("launch", "b")]
    schedule = solve(week_plan(items, links))
    assert schedule["launch"].start == day(6)
    assert schedule.late_links == ([links[0]] if late else [])
    # What ends on the launch day itself puts the launch at that day's end.
    assert schedule["b"].start == day(9 if lasts >= 5 else 6) if not late else schedule["b"].start >= day(6)


def test_a_fixed_milestone_may_be_on_a_day_off():
    items = [Item("a", 5), Item("launch", 0, pinned_start=day(7), is_fixed=True), Item("b", 1)]
    schedule = solve(week_plan(items, [Link("a", "launch"), Link("launch", "b")]))
    assert spans(schedule) == {"a": (2, 6), "launch": (7, 7), "b": (9, 9)}
    assert not schedule.late_links and schedule["a"].total_float == 0


# --- pins, constraints, deadlines ---


def test_a_pinned_task_stays_and_leads_those_behind_it():
    items = [Item("a", 5), Item("b", 2, pinned_start=day(4)), Item("c", 1)]
    schedule = solve(week_plan(items, [Link("a", "b"), Link("b", "c")]))
    assert spans(schedule) == {"a": (2, 6), "b": (4, 5), "c": (6, 6)}
    assert schedule.late_links == [Link("a", "b")]
    assert schedule["a"].total_float < 0 and schedule["a"].is_critical


def test_a_task_pinned_on_a_day_off_starts_the_next_working_day_and_says_so():
    schedule = solve(week_plan([Item("a", 2, pinned_start=day(7))], titles={"a": "Copy"}))
    assert spans(schedule) == {"a": (9, 10)}
    assert schedule.warnings == ["“Copy” is set on 2026-03-07, which is a day off; it starts on 2026-03-09."]


@pytest.mark.parametrize(
    ("constraint", "on", "span", "missed"),
    [
        ("snet", 5, (5, 6), ""), ("snet", 7, (9, 10), ""), ("snlt", 5, (4, 5), ""), ("snlt", 3, (4, 5), "snlt"),
        ("fnet", 10, (9, 10), ""), ("fnlt", 5, (4, 5), ""), ("fnlt", 4, (4, 5), "fnlt"), ("mso", 6, (6, 9), ""),
        ("mso", 3, (4, 5), "mso"), ("mfo", 10, (9, 10), ""), ("mfo", 4, (4, 5), "mfo"), ("", 9, (4, 5), ""),
        ("asap", 9, (4, 5), ""),
    ],
)  # fmt: skip
def test_constraints_bind_and_links_win(constraint, on, span, missed):
    items = [Item("a", 2), Item("b", 2, constraint=constraint, constraint_date=day(on))]
    schedule = solve(week_plan(items, [Link("a", "b")]))
    assert spans(schedule)["b"] == span
    assert [one.code for one in schedule.missed] == ([missed] if missed else [])
    assert (schedule["b"].total_float < 0) == bool(missed)


def test_float_runs_to_the_deadline_and_may_be_negative():
    items = [Item("a", 2, deadline=day(4)), Item("b", 9), Item("c", 3, deadline=day(3))]
    schedule = solve(week_plan(items))
    assert [schedule[key].total_float for key in "abc"] == [1, 0, -1]
    assert [one[:3] for one in schedule.missed] == [("c", "deadline", day(3))]
    assert schedule.critical == ["b", "c"]


def test_as_late_as_possible_disturbs_nobody():
    items = [Item("a", 1, constraint="alap"), Item("b", 1, constraint="alap"), Item("c", 5), Item("d", 1)]
    schedule = solve(week_plan(items, [Link("a", "b"), Link("b", "d"), Link("c", "d")]))
    assert spans(schedule) == {"a": (5, 5), "b": (6, 6), "c": (2, 6), "d": (9, 9)}
    assert schedule["a"].early_start == MONDAY


# --- summaries ---


def summary_plan(*links):
    items = [Item("p"), Item("a", 2, "p"), Item("q", 1, "p"), Item("b", 4, "q"), Item("x", 3)]
    return week_plan(items, links)


def test_a_summary_spans_its_tasks():
    schedule = solve(summary_plan())
    assert spans(schedule) == {"p": (2, 5), "a": (2, 3), "q": (2, 5), "b": (2, 5), "x": (2, 4)}
    assert schedule["p"].total_float == 0 and schedule["p"].is_critical and schedule.critical == ["b"]


@pytest.mark.parametrize(
    ("link", "starts"),
    [
        (Link("x", "p"), {"a": 5, "b": 5, "x": 2}),
        (Link("x", "p", "FF", 1), {"a": 4, "b": 2, "x": 2}),
        (Link("p", "x"), {"a": 2, "b": 2, "x": 6}),
        (Link("p", "x", "FF", 2), {"a": 2, "b": 2, "x": 5}),
        (Link("p", "x", "SS", 1), {"a": 2, "b": 2, "x": 3}),
    ],
)
def test_links_of_a_summary_act_on_all_its_tasks(link, starts):
    schedule = solve(summary_plan(link))
    assert {key: schedule[key].start.day for key in starts} == starts


def test_a_summarys_start_is_that_of_its_first_task():
    plan = summary_plan(Link("p", "x", "SS", 1))
    late = [
        replace(item, constraint="snet", constraint_date=day(5)) if item.key == "a" else item for item in plan.items
    ]
    assert solve(replace(plan, items=late))["x"].start == day(3)
    both = [
        replace(item, constraint="snet", constraint_date=day(5)) if item.key in "ab" else item for item in plan.items
    ]
    schedule = solve(replace(plan, items=both))
    assert schedule["x"].start == day(6)
    assert schedule["a"].free_float == 0


def test_a_constraint_of_a_summary_binds_its_tasks_and_a_pin_means_nothing():
    plan = summary_plan()
    bound = [replace(plan.items[0], constraint="snet", constraint_date=day(4)), *plan.items[1:]]
    assert spans(solve(replace(plan, items=bound)))["p"] == (4, 9)
    pinned = [replace(plan.items[0], pinned_start=day(4)), *plan.items[1:]]
    schedule = solve(replace(plan, items=pinned))
    assert spans(schedule)["p"] == (2, 5)
    assert "is a summary" in schedule.warnings[0]


# --- circles and nonsense ---


@pytest.mark.parametrize(
    "links",
    [
        [Link("a", "b"), Link("b", "x"), Link("x", "a", "SS")],
        [Link("a", "p")],
        [Link("p", "b", "FF")],
        [Link("p", "x"), Link("x", "q")],
        [Link("x", "x")],
    ],
)
def test_a_circle_is_refused_with_its_path(links):
    plan = replace(summary_plan(*links), titles={"a": "Copy", "x": "Film"})
    parents = {"a": "p", "q": "p", "b": "q"}
    with pytest.raises(RuleBroken) as broken:
        solve(plan)
    assert broken.value.code == "cycle"
    path = broken.value.extra["path"]
    assert path[0] == path[-1] and len(path) > 1
    assert " → ".join(plan.title(key) for key in path) in str(broken.value)
    assert set(find_cycle(links, parents)) == set(path)
    assert find_cycle(links[:-1], parents) is None


def test_a_long_chain_needs_no_deep_stack():
    links = [Link(n, n + 1) for n in range(5000)]
    assert find_cycle(links) is None
    assert len(find_cycle([*links, Link(5000, 0)])) == 5002


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"links": [Link("a", "ghost")]}, "unknown_key"),
        ({"links": [Link("a", "x", "XX")]}, "bad_link"),
        ({"items": [Item("a", parent="ghost")]}, "unknown_key"),
        ({"items": [Item("a", parent="b"), Item("b", parent="a")]}, "cycle"),
        ({"items": [Item("a"), Item("a")]}, "duplicate_key"),
        ({"items": [Item("a", -1)]}, "bad_duration"),
        ({"items": [Item("a", is_fixed=True)]}, "fixed_without_day"),
        ({"items": [Item("a", calendar="ghost")]}, "unknown_key"),
        ({"start": None}, "no_start"),
        ({"direction": "backward"}, "no_finish"),
    ],
)
def test_what_no_schedule_can_be_made_of(change, code):
    plan = replace(week_plan([Item("a"), Item("x")]), **change)
    with pytest.raises(RuleBroken) as broken:
        solve(plan)
    assert broken.value.code == code


def test_an_empty_plan():
    schedule = solve(week_plan([]))
    assert (schedule.rows, schedule.critical, schedule.duration, schedule.start) == ({}, [], 0, None)
    assert backwards(week_plan([]), day(9)).rows == {}


# --- several calendars ---


def test_an_item_counts_in_its_own_calendar_and_lags_in_the_default_one():
    six_days = Calendar(WorkWeek.of("6"))
    items = [Item("a", 5, calendar="agency"), Item("b", 2, calendar="agency"), Item("c", 1), Item("d", 1)]
    links = [Link("a", "b"), Link("b", "c"), Link("a", "d", "FS", 2)]
    plan = Plan(items, links, {"agency": six_days}, MONDAY)
    schedule = solve(plan)
    assert spans(schedule) == {"a": (2, 6), "b": (7, 9), "c": (10, 10), "d": (11, 11)}
    assert schedule["d"].early_start_offset == 7
    assert (schedule["a"].total_float, schedule["b"].free_float) == (1, 0)  # a may use the Saturday
    late = backwards(plan, day(11))
    assert spans(late) == {"a": (3, 7), "b": (9, 10), "c": (11, 11), "d": (11, 11)}


def test_a_lead_among_several_calendars():
    items = [Item("a", 5), Item("b", 1, calendar="all")]
    schedule = solve(Plan(items, [Link("a", "b", "FS", -2)], {"all": EVERY_DAY}, MONDAY))
    assert spans(schedule)["b"] == (5, 5)


# --- planning back ---


def test_everything_is_planned_back_from_the_launch():
    items = [Item("a", 2), Item("b", 3), Item("c", 1), Item("launch", 0)]
    plan = week_plan(items, [Link("a", "b"), Link("b", "launch"), Link("c", "launch")])
    schedule = backwards(plan, day(20))
    assert spans(schedule) == {"a": (16, 17), "b": (18, 20), "c": (20, 20), "launch": (20, 20)}
    assert [schedule[key].total_float for key in ("a", "c")] == [0, 4]
    assert not schedule.missed


def test_what_leads_to_a_fixed_launch_is_done_the_day_before():
    items = [Item("a", 2), Item("launch", 0, pinned_start=day(20), is_fixed=True)]
    assert spans(backwards(week_plan(items, [Link("a", "launch")]), day(20)))["a"] == (18, 19)


def test_planning_back_says_when_it_is_too_late():
    schedule = backwards(week_plan([Item("a", 10)]), day(6))
    assert schedule.missed[0].code == "start" and schedule.missed[0].day == date(2026, 2, 23)


# --- projection ---


def projected(today, *items):
    plan = week_plan(items, [Link("a", "b")])
    return {key: (one.start.day, one.finish.day, one.delay) for key, one in project(plan, solve(plan), today).items()}


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        ({}, 2, {"a": (2, 4, 0), "b": (5, 6, 0)}),
        ({}, 4, {"a": (4, 6, 2), "b": (9, 10, 2)}),
        ({"actual_start": day(3)}, 3, {"a": (3, 5, 1), "b": (6, 9, 1)}),
        ({"actual_start": day(2), "progress": 34}, 5, {"a": (2, 6, 2), "b": (9, 10, 2)}),
        ({"actual_start": day(2), "actual_finish": day(3)}, 4, {"a": (2, 3, -1), "b": (4, 5, -1)}),
        ({"actual_start": day(2), "actual_finish": day(7)}, 7, {"a": (2, 7, 3), "b": (9, 10, 2)}),
        ({"progress": 100}, 3, {"a": (2, 3, -1), "b": (4, 5, -1)}),
    ],
)
def test_how_it_will_end(state, today, expected):
    assert projected(day(today), Item("a", 3, **state), Item("b", 2)) == expected


def test_what_is_fixed_is_projected_on_its_day():
    items = [Item("a", 3), Item("b", 0, pinned_start=day(4), is_fixed=True), Item("c", 2, pinned_start=day(3))]
    assert projected(day(5), *items) == {"a": (5, 9, 3), "b": (4, 4, 0), "c": (5, 6, 2)}


# --- typed links ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("3", [("3", "FS", 0)]),
        ("3FS+2d;5SS", [("3", "FS", 2), ("5", "SS", 0)]),
        ("3fs + 2 天；5 ss，12ff-1 工作日、3a", [("3", "FS", 2), ("5", "SS", 0), ("12", "FF", -1), ("3a", "FS", 0)]),
        ("３ＦＳ＋１ｗ", [("3", "FS", 5)]),
        ("3 5 12SF", [("3", "FS", 0), ("5", "FS", 0), ("12", "SF", 0)]),
        ("A-1", [("A-1", "FS", 0)]),
        ("A-1-2d", [("A-1", "FS", -2)]),
        ("3(完成-完成)+1天", [("3", "FF", 1)]),
    ],
)
def test_typed_links(text, expected):
    ids = {"3", "5", "12", "3a", "A-1"}
    links = parse_predecessors(text, ids)
    assert [(link.predecessor, link.kind, link.lag) for link in links] == expected
    assert parse_predecessors(format_predecessors(links), ids) == links


@pytest.mark.parametrize("text", ["9", "3XX", "3+1.5d", "3+2h", "3FS+99999d", "3;3", "3;;9FS", "+2d", "3 9"])
def test_typed_links_that_are_none(text):
    with pytest.raises(Invalid) as problem:
        parse_predecessors(text, {"3"})
    assert problem.value.code == "bad_predecessor"


def test_plain_offsets_of_the_plan():
    schedule = solve(plain_plan([Item("a", 3), Item("b", 2)], [Link("a", "b", "FS", 1)]))
    assert schedule["b"][7:11] == (4, 6, 4, 6) and schedule.duration == 6
