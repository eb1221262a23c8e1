"""Goals and KPIs: the lint, progress, state, rolling up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules import goals

WHOLE = goals.Leaf(
    metric="brand_searches",
    unit="count",
    direction="increase",
    baseline=D(1000),
    baseline_source="Search Console",
    baseline_date=date(2026, 10, 1),
    target=D(1500),
    start_date=date(2026, 10, 20),
    finish_date=date(2026, 11, 11),
    owner="Li Na",
    campaign_start=date(2026, 10, 15),
    campaign_finish=date(2026, 11, 30),
)


def codes(leaf):
    return [finding.code for finding in goals.lint(leaf)]


def test_a_complete_kpi_has_no_findings():
    assert goals.lint(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"metric": ""}, "metric_missing"),
        ({"unit": ""}, "unit_missing"),
        ({"direction": ""}, "direction_missing"),
        ({"baseline": None}, "baseline_missing"),
        ({"baseline_source": ""}, "baseline_source_missing"),
        ({"baseline_date": None}, "baseline_date_missing"),
        ({"baseline_date": date(2026, 10, 25)}, "baseline_too_late"),
        ({"target": None}, "target_missing"),
        ({"target": D("1000.00")}, "target_is_baseline"),
        ({"target": D(900)}, "direction_contradicts"),
        ({"direction": "decrease"}, "direction_contradicts"),
        ({"start_date": None}, "period_missing"),
        ({"finish_date": None}, "period_missing"),
        ({"finish_date": date(2026, 12, 1)}, "period_outside_campaign"),
        ({"start_date": date(2026, 10, 10)}, "period_outside_campaign"),
        ({"owner": None}, "owner_missing"),
        ({"kind": "unique"}, "channel_missing"),
        ({"kind": "average"}, "channel_missing"),
    ],
)
def test_the_lint_names_exactly_what_is_wrong(change, code):
    leaf = replace(WHOLE, **change)

    assert codes(leaf) == [code]
    assert goals.lint(leaf)[0].sentence.endswith(".")


def test_a_reversed_period_a_zero_baseline_and_a_kept_figure():
    assert codes(replace(WHOLE, start_date=date(2026, 11, 12))) == ["period_reversed"]
    assert codes(replace(WHOLE, baseline=D(0))) == []
    assert codes(replace(WHOLE, direction="keep", baseline=None)) == []
    assert codes(replace(WHOLE, kind="unique", channel="social")) == []


def test_an_empty_kpi_lacks_everything():
    assert codes(goals.Leaf()) == [
        "metric_missing",
        "unit_missing",
        "direction_missing",
        "baseline_missing",
        "target_missing",
        "period_missing",
        "owner_missing",
    ]


def test_a_wish_needs_a_kpi_or_goals_below():
    assert [finding.code for finding in goals.lint_goal(kpis=0, children=0)] == ["wish_without_kpi"]
    assert goals.lint_goal(kpis=1, children=0) == []
    assert goals.lint_goal(kpis=0, children=2) == []


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "direction", "expected"),
    [
        (D(1000), D(1500), D(1250), "increase", D("0.5")),
        (D(1000), D(1500), D(1600), "increase", D("1.2")),
        (D(1000), D(1500), D(900), "increase", D("-0.2")),
        (None, D(200), D(50), "increase", D("0.25")),
        (D(100), D(100), D(100), "increase", D(1)),
        (D(100), D(100), D(99), "increase", D(0)),
        (D(80), D(60), D(70), "decrease", D("0.5")),
        (D(80), D(60), D(90), "decrease", D("-0.5")),
        (None, D(50), D(40), "decrease", D(1)),
        (None, D(50), D(100), "decrease", D("0.5")),
        (None, D(0), D(3), "decrease", D(0)),
        (None, D(100), D(109), "keep", D(1)),
        (None, D(100), D(85), "keep", D("0.5")),
        (None, D(100), D(300), "keep", D(0)),
        (None, D(0), D(1), "keep", D(0)),
        (None, D(0), D(0), "keep", D(1)),
        (D(1), D(2), None, "increase", None),
        (D(1), None, D(2), "increase", None),
    ],
)
def test_progress(baseline, target, actual, direction, expected):
    assert goals.progress(baseline, target, actual, direction) == expected


AMOUNT = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(baseline=AMOUNT, target=AMOUNT, actual=AMOUNT)
def test_progress_is_one_or_more_exactly_when_an_increase_is_reached(baseline, target, actual):
    done = goals.progress(baseline, target, actual, "increase")

    assert (done >= D("0.99995")) == (actual >= target) or abs(actual - target) <= abs(target - baseline) / 10000


@given(baseline=AMOUNT, target=AMOUNT, actual=AMOUNT)
def test_a_decrease_is_an_increase_seen_in_a_mirror(baseline, target, actual):
    assert goals.progress(baseline, target, actual, "decrease") == goals.progress(
        -baseline, -target, -actual, "increase"
    )


PLAN = {date(2026, 11, 1): D(10), date(2026, 11, 2): D(30), date(2026, 11, 3): D(60)}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 10, 31), D(0)),
        (date(2026, 11, 1), D("0.1")),
        (date(2026, 11, 2), D("0.4")),
        (date(2026, 12, 1), D(1)),
    ],
)
def test_expected_progress_follows_the_daily_plan(on, expected):
    assert goals.expected_progress(on, PLAN) == expected


def test_without_a_plan_nothing_is_expected():
    assert goals.expected_progress(date(2026, 11, 1), {}) is None
    assert goals.expected_progress(date(2026, 11, 1), {date(2026, 11, 1): D(0)}) is None


@pytest.mark.parametrize(
    ("done", "expected", "state"),
    [
        (None, D("0.5"), "no_data"),
        (D("0.5"), D("0.5"), "on_track"),
        (D("0.475"), D("0.5"), "on_track"),
        (D("0.47"), D("0.5"), "at_risk"),
        (D("0.40"), D("0.5"), "at_risk"),
        (D("0.39"), D("0.5"), "off_track"),
        (D("0.9"), None, "at_risk"),
        (D(0), D(0), "on_track"),
        (D("-0.1"), D(0), "off_track"),
    ],
)
def test_state(done, expected, state):
    assert goals.state(done, expected) == state


def test_roll_up_by_mean_and_weight_leaves_out_what_has_no_data_and_says_so():
    parts = [goals.Part(done=D("0.5"), weight=D(3)), goals.Part(done=D("0.9"), weight=D(1)), goals.Part(weight=D(5))]

    assert goals.roll_up(parts, "mean") == (D("0.7"), 2, 1)
    assert goals.roll_up(parts, "weighted") == (D("0.6"), 2, 1)
    assert goals.roll_up(parts, "none") == (None, 0, 0)


def test_roll_up_by_sum_counts_every_target():
    parts = [
        goals.Part(baseline=D(0), target=D(100), actual=D(50)),
        goals.Part(target=D(300)),
        goals.Part(baseline=D(100), target=D(200), actual=D(150)),
    ]

    assert goals.roll_up(parts, "sum") == (D("0.2"), 2, 1)


@pytest.mark.parametrize("how", ["sum", "mean", "weighted"])
def test_roll_up_without_any_data(how):
    assert goals.roll_up([], how) == (None, 0, 0)
    assert goals.roll_up([goals.Part(target=D(5))], how) == (None, 0, 1)
    assert goals.roll_up([goals.Part(done=D(1), weight=D(0))], "weighted").done is None
