"""Rules behind the pages: outline, weeks, workload, recurrence."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Invalid
from tasks.rules import recurrences, weeks, workload
from tasks.rules.outline import arranged, outline

NOV = [date(2026, 11, n) for n in range(1, 31)]


def is_weekday(day):
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        ([1, 2, 3, 4], "abcd"),
        ([1, 2, 1, 4], "cabd"),
        ([3, 2, 3, 4], "bcad"),
        ([4, 3, 2, 1], "dcba"),
        ([9, 2, 3, 0], "dbca"),
    ],
)
def test_numbers_give_an_order(numbers, order):
    assert "".join(arranged("abcd", numbers)) == order


def named(rule, since, until, shift="next", start=date(2026, 1, 1), finish=None, is_working=is_weekday):
    found = recurrences.occurrences(
        rule, start=start, finish=finish, since=since, until=until, shift=shift, is_working=is_working
    )
    return [(one.isoformat()[5:], day.isoformat()[5:]) for one, day in found]


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"pattern": "daily", "every": 2}, "FREQ=DAILY;INTERVAL=2"),
        ({"pattern": "weekly", "weekdays": ["3", "0"]}, "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH"),
        ({"pattern": "monthly_day", "month_day": 31}, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=31"),
        ({"pattern": "monthly_last", "every": 3}, "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"),
    ],
)
def test_patterns_become_rules_and_come_back(asked, rule):
    assert recurrences.rule_of(**asked) == rule
    told = recurrences.pattern_of(rule)
    assert recurrences.rule_of(**told) == rule
    assert recurrences.in_words(rule)


@pytest.mark.parametrize(
    "rule",
    ["", "FREQ=YEARLY", "FREQ=DAILY;COUNT=9", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32",
     "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=-2"],
)  # fmt: skip
def test_other_rules_are_refused(rule):
    with pytest.raises(Invalid):
        recurrences.parsed(rule)


@pytest.mark.parametrize(
    "wrong", [{"pattern": "weekly"}, {"pattern": "daily", "every": 0}, {"pattern": "monthly_day", "month_day": 40}]
)
def test_patterns_are_checked(wrong):
    with pytest.raises(Invalid):
        recurrences.rule_of(**wrong)


def test_days_off_are_shifted():
    weekly = "FREQ=WEEKLY;INTERVAL=1;BYDAY=SA"
    assert named(weekly, NOV[0], NOV[13]) == [("11-07", "11-09"), ("11-14", "11-16")]
    assert named(weekly, NOV[0], NOV[6], "previous") == [("11-07", "11-06")]
    assert named(weekly, NOV[0], NOV[6], "skip") == []
    assert named(weekly, NOV[0], NOV[6], "stay") == [("11-07", "11-07")]


def test_swapped_work_days_count():
    assert named("FREQ=WEEKLY;BYDAY=SA", NOV[0], NOV[6], is_working=lambda day: True) == [("11-07", "11-07")]


def test_the_last_working_day_and_short_months():
    last = "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1"
    assert named(last, date(2026, 1, 1), date(2026, 2, 28)) == [("01-31", "01-30"), ("02-28", "02-27")]
    day31 = "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=31"
    found = [one for one, _day in named(day31, date(2026, 1, 1), date(2026, 4, 30), "stay")]
    assert found == ["01-31", "02-28", "03-31", "04-30"]


def test_intervals_count_from_the_first_day_and_end_with_the_last():
    every_second = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    found = named(every_second, NOV[0], NOV[29], start=date(2026, 11, 2), finish=NOV[19])
    assert found == [("11-02", "11-02"), ("11-16", "11-16")]
    assert named("FREQ=DAILY;INTERVAL=10", NOV[0], NOV[29], "stay", start=NOV[4]) == [
        ("11-05", "11-05"), ("11-15", "11-15"), ("11-25", "11-25"),
    ]  # fmt: skip
    assert named(every_second, NOV[9], NOV[5]) == []


def test_the_outline_keeps_trees_together():
    rows = [("a", None, 1), ("b", "a", 2), ("c", None, 2), ("d", "gone", 1), ("e", "b", 1)]
    found = outline(rows, groups=[2, 1], headings=True)
    assert [(line.group, line.key, line.depth, line.children) for line in found] == [
        (2, None, 0, 1), (2, "c", 0, 0),
        (1, None, 0, 4), (1, "a", 0, 1), (1, "b", 1, 1), (1, "e", 2, 0), (1, "d", 0, 0),
    ]  # fmt: skip


def test_bars_of_a_week_do_not_overlap():
    tasks = [
        ("a", NOV[0], NOV[3]),
        ("b", NOV[2], NOV[2]),
        ("c", NOV[4], NOV[20]),
        ("d", NOV[2], NOV[3]),
        ("e", NOV[20], NOV[21]),
    ]
    bars, hidden = weeks.bars(NOV[1], tasks, lines=2)
    assert [(bar.key, bar.column, bar.span, bar.line, bar.is_begun, bar.is_on) for bar in bars] == [
        ("a", 1, 3, 1, True, False), ("d", 2, 2, 2, False, False), ("c", 4, 5 - 1, 1, False, True),
    ]  # fmt: skip
    assert hidden == {2: 1}
    assert weeks.other_month(date(2026, 12, 9), 1) == date(2027, 1, 1)
    assert weeks.other_month(date(2026, 1, 9), -1) == date(2025, 12, 1)


def test_effort_is_spread_over_working_days_and_people():
    work = workload.Work("t", NOV[4], NOV[9], Decimal(24), ("p", "q"))  # Thursday to Tuesday: 4 working days
    found = workload.loads([work], ["p"], [NOV[1], NOV[8]], lambda _person, day: is_weekday(day))
    assert [found["p", monday].hours for monday in (NOV[1], NOV[8])] == [6, 6]
    assert found["p", NOV[1]].capacity == 40 and found["p", NOV[1]].state == "some"


def test_work_of_somebody_absent_does_not_vanish():
    work = workload.Work("t", NOV[1], NOV[2], Decimal(8), ("p",))
    load = workload.loads([work], ["p"], [NOV[1]], lambda _person, _day: False)["p", NOV[1]]
    assert (load.hours, load.capacity, load.state, load.percent) == (8, 0, "over", 100)
