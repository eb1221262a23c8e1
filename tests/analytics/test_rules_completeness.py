"""Completeness of sources by day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import completeness
from analytics.rules.completeness import Delivery, Run, Schedule

SHANGHAI = Schedule(ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 11, 20)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def state(deliveries, now="2026-11-23T12:00", schedule=SHANGHAI, day=DAY):
    return completeness.day_state(day, deliveries, schedule, at(now))


def test_a_day_ends_in_the_zone_of_the_account():
    assert SHANGHAI.settled_at(DAY) == at("2026-11-21T00:00")  # midnight there is 16:00 UTC, eight hours later
    assert SHANGHAI.due_at(DAY) == at("2026-11-21T02:00")


def test_a_day_of_the_clock_change_is_an_hour_longer():
    berlin = Schedule(ZoneInfo("Europe/Berlin"), settle=timedelta())
    assert berlin.settled_at(date(2026, 10, 25)) - berlin.settled_at(date(2026, 10, 24)) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("delivered", "now", "expected"),
    [
        (None, "2026-11-21T01:59", "pending"),
        (None, "2026-11-21T02:00", "missing"),
        ("2026-11-20T10:00", "2026-11-20T11:00", "partial"),
        ("2026-11-20T23:59", "2026-11-23T11:00", "partial"),
        ("2026-11-21T00:00", "2026-11-21T00:01", "complete"),
    ],
)
def test_the_state_of_a_day(delivered, now, expected):
    deliveries = [Delivery(DAY, DAY, at(delivered))] if delivered else []
    assert state(deliveries, now) == expected


def test_a_delivery_may_say_itself_whether_it_is_whole():
    late, early = at("2026-11-22T09:00"), at("2026-11-20T09:00")
    assert state([Delivery(DAY, DAY, late, whole=False)]) == "partial"
    assert state([Delivery(DAY, DAY, early, whole=True)]) == "complete"


def test_a_broken_off_pull_takes_nothing_away():
    whole, broken = Delivery(DAY, DAY, at("2026-11-21T09:00")), Delivery(DAY, DAY, at("2026-11-22T09:00"), False)
    assert state([whole, broken]) == "complete"


def test_a_delivery_of_other_days_does_not_help():
    assert state([Delivery(date(2026, 11, 1), date(2026, 11, 19), at("2026-11-22T09:00"))]) == "missing"


def test_days_a_source_does_not_deliver_for_are_left_out():
    workdays = Schedule(ZoneInfo("UTC"), weekdays=frozenset(range(5)))
    days = [DAY + timedelta(days=step) for step in range(4)]  # Friday to Monday
    found = completeness.day_states(
        days, iter([Delivery(DAY, DAY, at("2026-11-22T09:00"))]), workdays, at("2026-11-23T12:00")
    )
    assert found == {DAY: "complete", date(2026, 11, 23): "pending"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], None),
        (["complete", "complete"], "complete"),
        (["complete", "missing"], "partial"),
        (["missing", "missing"], "missing"),
        (["complete", "pending"], "pending"),
        (["pending", "missing"], "partial"),
        (["complete", "partial", "pending"], "partial"),
    ],
)
def test_several_sources_of_one_day(states, expected):
    assert completeness.combine(states) == expected


def test_a_source_that_does_not_owe_a_day_has_no_say():
    saturday = date(2026, 11, 21)
    found = completeness.combine_days([{DAY: "complete", saturday: "complete"}, {DAY: "missing"}])
    assert found == {DAY: "partial", saturday: "complete"}


STATES = {
    DAY + timedelta(days=step): kind
    for step, kind in enumerate(["complete", "complete", "missing", "partial", "pending"])
}


def test_counts_and_what_to_fetch():
    assert completeness.count(STATES) == {"missing": 1, "partial": 1, "pending": 1, "complete": 2}
    assert completeness.worst(STATES) == "missing"
    assert completeness.worst({}) is None
    assert completeness.days_to_fetch(STATES) == [date(2026, 11, 22), date(2026, 11, 23)]


def test_runs_join_neighbours_of_one_state():
    assert completeness.runs(STATES)[0] == Run(DAY, date(2026, 11, 21), "complete")
    apart = {DAY: "complete", DAY + timedelta(days=2): "complete"}
    assert len(completeness.runs(apart)) == 2


def test_weeks_begin_on_monday():
    grid = completeness.weeks(STATES)
    assert [row[0][0] for row in grid] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert grid[0][4] == (DAY, "complete") and grid[0][0] == (date(2026, 11, 16), None)
    assert completeness.weeks({}) == []


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 1)), st.sampled_from(completeness.WORST_FIRST)))
def test_runs_and_weeks_keep_every_day(states):
    spread = {
        run.first + timedelta(days=step): run.state
        for run in completeness.runs(states)
        for step in range((run.last - run.first).days + 1)
    }
    assert spread == states
    assert {day: kind for row in completeness.weeks(states) for day, kind in row if kind} == states
    assert sum(completeness.count(states).values()) == len(states)


@given(st.lists(st.integers(0, 96)), st.integers(0, 96))
def test_more_deliveries_never_make_a_day_worse(hours, more):
    start = at("2026-11-20T00:00")
    deliveries = [Delivery(DAY, DAY, start + timedelta(hours=hour)) for hour in hours]
    rank = ("complete", "partial", "pending", "missing").index
    later = [*deliveries, Delivery(DAY, DAY, start + timedelta(hours=more))]
    assert rank(state(later)) <= rank(state(deliveries))
