"""Expected ranges."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import ranges
from analytics.rules.ranges import Range
from core.errors import RuleBroken

DAY = date(2026, 11, 11)


@pytest.mark.parametrize(
    ("value", "low", "high", "place"),
    [
        (10, 10, 20, "inside"),
        (20, 10, 20, "inside"),
        (9, 10, 20, "below"),
        (21, 10, 20, "above"),
        (9, None, 20, "inside"),
        (99, 10, None, "inside"),
        (None, 10, 20, "no_data"),
        (0, 10, 20, "below"),
    ],
)
def test_where_a_figure_lies(value, low, high, place):
    assert ranges.judge(value, low, high).place == place


@pytest.mark.parametrize(
    ("direction", "below", "above"),
    [("increase", "worse", "better"), ("decrease", "better", "worse"), ("neutral", "unusual", "unusual")],
)
def test_what_it_means_depends_on_the_desired_direction(direction, below, above):
    assert ranges.judge(1, 5, 9, direction).state == below
    assert ranges.judge(10, 5, 9, direction).state == above
    assert ranges.judge(7, 5, 9, direction).state == "ok"
    assert ranges.judge(None, 5, 9, direction).state == "unknown"


def test_a_figure_still_arriving_is_not_judged():
    judgement = ranges.judge(1, 5, 9, "increase", complete=False)
    assert (judgement.place, judgement.state, judgement.is_out) == ("partial", "unknown", False)


def test_missing_is_missing_even_when_partial():
    assert ranges.judge(None, 5, 9, complete=False).place == "no_data"


def test_a_range_of_the_plan_needs_the_plan():
    expected = Range(D(80), D(120), ranges.PLAN_PERCENT)
    assert expected.bounds(D(1000)) == (D(800), D(1200))
    assert expected.bounds() is None
    assert ranges.judge_day(D(700), expected, plan=D(1000)).place == "below"
    assert ranges.judge_day(D(700), expected).place == "no_plan"
    assert ranges.judge_day(None, expected).place == "no_data"


def test_a_negative_plan_keeps_its_bounds_in_order():
    assert Range(D(80), D(120), ranges.PLAN_PERCENT).bounds(D(-100)) == (D(-120), D(-80))
    assert Range(D(80), None, ranges.PLAN_PERCENT).bounds(D(-100)) == (None, D(-80))


@pytest.mark.parametrize(("low", "high", "code"), [(None, None, "range_empty"), (D(2), D(1), "range_crossed")])
def test_a_range_must_say_something(low, high, code):
    with pytest.raises(RuleBroken) as caught:
        Range(low, high)
    assert caught.value.code == code


def test_a_series_with_gaps():
    days = [DAY + timedelta(days=step) for step in range(6)]
    values = {days[0]: D(5), days[1]: D(15), days[3]: D(25), days[4]: D(2), days[5]: D(3)}
    found = ranges.judge_series(days, values, Range(D(10), D(20)), direction="increase", partial={days[5]})
    assert [j.place for j in found] == ["below", "inside", "no_data", "above", "below", "partial"]
    assert [j.day for j in found] == days
    assert ranges.count_places(found) == {"below": 2, "inside": 1, "no_data": 1, "above": 1, "partial": 1}
    assert ranges.days_out_in_a_row(found) == 2
    assert ranges.days_out_in_a_row(found[:2]) == 0


def test_the_band_has_only_days_with_bounds():
    expected = Range(D(50), None, ranges.PLAN_PERCENT)
    other = DAY + timedelta(days=1)
    assert ranges.band([DAY, other], expected, {other: D(10)}) == [(other, D(5), None)]
    assert ranges.band([DAY], Range(D(1), D(2))) == [(DAY, D(1), D(2))]


@given(st.decimals(-1000, 1000), st.decimals(-1000, 1000), st.decimals(-1000, 1000))
def test_every_figure_has_exactly_one_place(value, one, other):
    low, high = sorted((one, other))
    place = ranges.judge(value, low, high).place
    assert (place == "inside") == (low <= value <= high)
    assert (place == "below") == (value < low)
