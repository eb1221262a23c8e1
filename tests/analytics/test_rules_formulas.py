"""Formula KPIs and the metric catalogue."""

import re
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import formulas, metrics
from core.errors import Invalid, PharosError, RuleBroken

STANDARD = metrics.standard()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("clicks", D(40)),
        ("cost / clicks", D("2.5")),
        ("(leads + orders) / clicks", D("0.25")),
        ("leads + orders / clicks", D("6.1")),
        ("cost - orders - leads", D(90)),
        ("cost / orders / clicks", D("0.625")),
        ("-orders + 10", D(6)),
        ("2 * -(orders)", D(-8)),
        ("cost*1000/impressions", D(100)),
        ("COST ÷ Clicks", D("2.5")),
        ("（leads＋orders）×2", D(20)),
        ("0.5 * leads", D(3)),
    ],
)
def test_a_formula_is_reckoned_as_in_school(formula, expected):
    values = {"clicks": D(40), "cost": D(100), "leads": D(6), "orders": D(4), "impressions": D(1000)}
    assert formulas.evaluate(formula, values) == expected


@pytest.mark.parametrize(
    "formula", ["cost / clicks", "1 / (clicks - clicks)", "cost / (clicks * 5)", "cost + 1 / clicks"]
)
def test_division_by_zero_is_undefined(formula):
    assert formulas.evaluate(formula, {"cost": D(5), "clicks": D(0)}) is None


def test_a_metric_without_figure_is_undefined_unless_it_counts_as_something():
    assert formulas.evaluate("revenue - refunds", {"revenue": D(10)}) is None
    assert formulas.evaluate("revenue - refunds", {"revenue": D(10)}, absent=D(0)) == D(10)


@pytest.mark.parametrize(
    ("formula", "code", "words"),
    [
        ("", "formula_empty", "empty"),
        ("   ", "formula_empty", "empty"),
        (None, "formula_empty", "empty"),
        ("clicks +", "formula_syntax", "too early"),
        ("clicks clicks", "formula_syntax", "“clicks” is not expected at character 8"),
        ("(clicks", "formula_bracket", "not closed"),
        ("clicks)", "formula_syntax", "“)” is not expected at character 7"),
        ("clicks ** 2", "formula_syntax", "“*” is not expected at character 9"),
        ("__import__('os')", "formula_syntax", "“'” at character 12"),
        ("clicks % 2", "formula_syntax", "“%” at character 8"),
        ("1e9 * clicks", "formula_syntax", "“e9” is not expected at character 2"),
        ("点击", "formula_syntax", "“点” at character 1"),
        ("+clicks", "formula_syntax", "“+” is not expected at character 1"),
        ("(" * 30 + "clicks" + ")" * 30, "formula_too_deep", "too many brackets"),
        ("-" * 30 + "clicks", "formula_too_deep", "too many brackets"),
        ("clicks+" * 40 + "1", "formula_too_long", "200 characters"),
    ],
)
def test_a_wrong_formula_says_where(formula, code, words):
    with pytest.raises(Invalid) as caught:
        formulas.parse(formula)
    assert caught.value.code == code
    assert words in str(caught.value)


@given(st.text(max_size=60) | st.text(alphabet="()+-*/ .0123456789abc_", max_size=60))
def test_any_text_is_a_formula_or_a_sentence(text):
    try:
        result = formulas.evaluate(text, {"a": D(1), "b": D(2), "c": D(0)})
    except PharosError as refused:
        assert str(refused)
    else:
        assert result is None or isinstance(result, D)


NUMBERS = st.integers(0, 999).map(str)
TREES = st.recursive(
    NUMBERS | st.sampled_from("abc"),
    lambda part: st.tuples(part, st.sampled_from("+-*/"), part).map(lambda three: f"({''.join(three)})"),
    max_leaves=12,
)


@given(TREES)
def test_a_formula_means_what_the_language_means(text):
    names = {"a": D(3), "b": D(7), "c": D(0)}
    written = "".join(f"D({part})" if part.isdigit() else part for part in re.split(r"(\d+)", text))
    try:
        expected = eval(written, {"D": D, **names})
    except ArithmeticError:
        expected = None
    found = formulas.evaluate(text, names)
    if expected is None or found is None:
        assert found is expected
    else:
        assert abs(found - expected) <= abs(expected) * D("1e-20") + D("1e-20")


def test_metrics_of_names_each_once_in_order():
    assert metrics.metrics_of("(orders + LEADS) / clicks + orders") == ["orders", "leads", "clicks"]


def test_beyond_all_meaning_is_undefined():
    assert formulas.evaluate("a * a * a", {"a": D("1e400000")}) is None


def test_every_derived_metric_of_the_catalogue_is_reckoned_from_summable_ones():
    derived = [metric for metric in STANDARD.values() if metric.kind == "derived"]
    assert {"ctr", "cpc", "cpm", "cvr", "cpa", "roas", "cpl", "vtr", "net_revenue"} <= {m.code for m in derived}
    for metric in derived:
        assert set(STANDARD.leaves(metric.code)) <= set(STANDARD.additive())


def test_every_metric_has_both_names_and_known_words():
    for metric in STANDARD.values():
        assert metric.name("en") and metric.name("zh-hans") and metric.name("en") != ""
        assert metric.kind in ("additive", "unique", "average", "derived")
        assert metric.unit in ("count", "money", "ratio", "seconds")
        assert metric.direction in ("increase", "decrease", "neutral")
        assert bool(metric.formula) == (metric.kind == "derived")
    assert STANDARD["clicks"].name("zh-Hans") == "点击量"
    assert STANDARD["clicks"].name("fr") == "Clicks"


@pytest.mark.parametrize(
    "code", ["reach", "users", "new_users", "total_users", "unique_visitors", "average_engagement_time"]
)
def test_unique_and_average_metrics_are_stated_only(code):
    assert STANDARD[code].is_stated_only
    assert not STANDARD[code].is_additive
    assert code not in STANDARD.additive()


def test_derived_metrics_are_undefined_rather_than_zero():
    values = {"impressions": D(0), "clicks": D(0), "cost": D("12.5")}
    found = metrics.derive(["ctr", "cpc", "cpa", "cost", "orders"], values, STANDARD)
    assert found == {"ctr": None, "cpc": None, "cpa": None, "cost": D("12.5"), "orders": None}


def test_known_figures():
    values = {
        "impressions": D(20000),
        "clicks": D(500),
        "cost": D(1000),
        "conversions": D(25),
        "conversion_value": D(3000),
    }
    found = metrics.derive(["ctr", "cpc", "cpm", "cvr", "cpa", "roas"], values, STANDARD)
    assert found == {"ctr": D("0.025"), "cpc": D(2), "cpm": D(50), "cvr": D("0.05"), "cpa": D(40), "roas": D(3)}


def test_a_formula_may_name_a_derived_metric():
    grown = STANDARD.with_formula("margin", "net_revenue - cost", unit="money")
    assert grown.leaves("margin") == ["revenue", "refunds", "cost"]
    assert grown.value("margin", {"revenue": D(100), "refunds": D(10), "cost": D(30)}) == D(60)
    assert grown.value("margin", {"revenue": D(100), "cost": D(30)}, absent=D(0)) == D(70)
    assert "margin" not in STANDARD


def test_formulas_in_a_circle_are_refused():
    once = STANDARD.with_formula("one", "clicks + 1")
    twice = once.with_formula("two", "one * 2")
    with pytest.raises(RuleBroken) as caught:
        twice.with_formula("one", "two / 2")
    assert caught.value.code == "formula_circular"


@pytest.mark.parametrize(
    ("formula", "code"), [("clicks / nonsense", "metric_unknown"), ("1 + 2", "formula_without_metric")]
)
def test_a_formula_kpi_names_known_metrics(formula, code):
    with pytest.raises(Invalid) as caught:
        metrics.check_formula(formula, STANDARD)
    assert caught.value.code == code


def test_what_may_be_summed_over_days():
    assert [STANDARD.is_additive(code) for code in ("cost", "net_revenue", "cpc", "reach")] == [
        True,
        True,
        False,
        False,
    ]
    assert not STANDARD.with_formula("x", "clicks + 1").is_additive("x")
