"""The small line of a tile."""

import re
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from analytics.charts import sparkline


def test_a_rising_line():
    assert sparkline([D(0), D(5), D(10)], 100, 20) == {
        "line": "M0,18L50,10L100,2",
        "area": "M0,18L50,10L100,2L100,20L0,20Z",
        "band": None,
    }


def test_a_gap_breaks_the_line():
    found = sparkline([1, 2, None, 2, 1], 40, 32)
    assert found["line"].count("M") == 2 and found["area"].count("Z") == 2


def test_a_point_between_gaps_is_a_dot():
    found = sparkline([None, 3, None], 40, 32)
    assert found["line"] == "M20,16h.01" and found["area"] == ""


def test_nothing_to_draw():
    assert sparkline([]) == sparkline([None, None], low=1, high=2) == {"line": "", "area": "", "band": None}


def test_a_flat_line_lies_in_the_middle():
    assert sparkline([7, 7], 10, 32)["line"] == "M0,16L10,16"


def test_the_range_belongs_to_the_picture():
    found = sparkline([10, 20], 10, 24, low=D(0), high=D(40))
    assert found["band"] == {"y": 2.0, "height": 20.0}
    assert found["line"] == "M0,17L10,12"


def test_open_bounds_reach_the_edge():
    assert sparkline([0, 20], 10, 24, low=10)["band"] == {"y": 0.0, "height": 12.0}
    assert sparkline([0, 20], 10, 24, high=10)["band"] == {"y": 12.0, "height": 12.0}


NUMBERS = st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2), max_size=40)


@given(NUMBERS, st.none() | st.integers(-100, 100), st.none() | st.integers(-100, 100))
def test_every_point_lies_inside_the_box(values, low, high):
    if None not in (low, high) and low > high:
        low, high = high, low
    found = sparkline(values, 120, 32, low, high)
    points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", found["line"])
    assert len(points) == sum(value is not None for value in values)
    assert all(0 <= float(x) <= 120 and 0 <= float(y) <= 32 for x, y in points)
    if found["band"]:
        assert found["band"]["height"] >= 0 and 0 <= found["band"]["y"] <= 32
