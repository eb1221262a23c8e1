"""No figure is counted twice and none is lost: model.md's facts as plain rows."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.rules import counting
from analytics.rules.counting import Counting, Fact, Link, Stated
from analytics.rules.periods import Period

FIRST = date(2026, 11, 1)
MONTH = Period(FIRST, date(2026, 11, 30))
KINDS = {"cost": "additive", "clicks": "additive", "reach": "unique", "time": "average", "ctr": "derived"}
ACCOUNTS = {"A": Counting("campaign", ("pull", "file")), "B": Counting("account", ("pull", "file"))}


def fact(value=1, *, account="A", level="campaign", object="c1", day=1, to=None, hour=None, **rest):
    start = FIRST + timedelta(days=day - 1)
    end = start if to is None else FIRST + timedelta(days=to - 1)
    row = {"breakdown": "", "metric": "cost", "currency": None, "source": "pull"} | rest
    return Fact(account, level, object, start, end, hour, value=D(value), **row)


def cost(facts, period=MONTH, **more):
    return counting.totals(facts, ACCOUNTS, KINDS, period, **more).values.get(("cost", None), D(0))


def test_only_the_counting_level_counts():
    facts = [fact(10), fact(4, level="ad", object="a1"), fact(6, level="ad", object="a2"), fact(10, level="account")]
    assert cost(facts) == 10


def test_only_rows_without_breakdown_count():
    assert cost([fact(10), fact(7, breakdown="device=Mobile"), fact(3, breakdown="device=Desktop")]) == 10


def test_the_first_source_that_has_a_day_counts():
    facts = [fact(10, source="file"), fact(11, source="pull"), fact(5, day=2, source="file")]
    assert cost(facts) == 16
    assert counting.sources_of_days(facts, ACCOUNTS) == {("A", FIRST): "pull", ("A", date(2026, 11, 2)): "file"}


def test_a_source_has_a_day_only_with_rows_that_can_count():
    facts = [fact(10, source="file"), fact(11, source="pull", breakdown="device=Mobile"), fact(9, level="ad")]
    assert cost(facts) == 10


def test_the_second_source_adds_nothing_to_a_day_the_first_has():
    facts = [fact(10, source="pull", object="c1"), fact(3, source="file", object="c2")]
    assert cost(facts) == 10


def test_sources_without_a_place_in_the_order_come_last_by_name():
    facts = [fact(1, source="z"), fact(2, source="k"), fact(4, day=2, source="z"), fact(8, day=2, source="file")]
    assert cost(facts) == 10


def test_an_hour_and_its_day_are_never_together():
    facts = [fact(10), *[fact(1, hour=hour) for hour in range(9)]]
    assert cost(facts) == 10
    assert cost(facts[1:]) == 9


def test_hours_count_for_the_object_and_metric_without_a_day():
    facts = [fact(10), fact(3, hour=8, metric="clicks"), fact(4, hour=9, object="c2")]
    found = counting.totals(facts, ACCOUNTS, KINDS, MONTH).values
    assert found == {("cost", None): D(14), ("clicks", None): D(3)}


def test_currencies_are_never_added():
    facts = [fact(10, currency="CNY"), fact(5, object="c2", currency="USD")]
    assert counting.totals(facts, ACCOUNTS, KINDS, MONTH).values == {("cost", "CNY"): D(10), ("cost", "USD"): D(5)}


def test_rows_of_several_days_count_in_a_period_that_covers_them():
    facts = [fact(70, day=1, to=7, source="file")]
    assert cost(facts) == 70
    assert cost(facts, Period(FIRST, date(2026, 11, 6))) == 0
    assert counting.daily_sums(facts, ACCOUNTS, KINDS) == {}


def test_rows_of_several_days_give_way_to_daily_figures():
    facts = [fact(70, day=1, to=7, source="file"), fact(9, day=7, object="c9")]
    found = counting.totals(facts, ACCOUNTS, KINDS, MONTH)
    assert found.values == {("cost", None): D(9)}
    assert [row.value for row in found.left_out] == [D(70)]
    assert found.spans == ()


def test_daily_figures_of_another_account_do_not_matter():
    assert cost([fact(70, day=1, to=7), fact(9, day=3, account="B", level="account")]) == 79


def test_of_overlapping_spans_the_longest_counts():
    facts = [fact(30, day=1, to=30, source="file"), fact(7, day=1, to=7), fact(8, day=8, to=14)]
    assert cost(facts) == 30
    assert cost(facts, Period(FIRST, date(2026, 11, 14))) == 15


def test_of_equal_spans_the_better_source_counts():
    facts = [fact(30, day=1, to=7, source="file"), fact(31, day=1, to=7, source="pull")]
    assert cost(facts) == 31


def test_objects_of_one_span_are_summed():
    facts = [fact(30, day=1, to=7), fact(12, day=1, to=7, object="c2"), fact(1, day=1, to=7, hour=3)]
    assert cost(facts) == 42


def test_unique_metrics_are_listed_never_summed():
    facts = [
        fact(100, metric="reach", object="c1"),
        fact(150, metric="reach", object="c2"),
        fact(180, metric="reach", level="account", object="A", to=30),
        fact(99, metric="reach", level="account", object="A", to=30, source="file"),
        fact(42, metric="time", object="c1"),
        fact(7, metric="reach", breakdown="age=18"),
        fact(7, metric="reach", hour=3),
        fact(10),
    ]
    found = counting.totals(facts, ACCOUNTS, KINDS, MONTH)
    assert found.values == {("cost", None): D(10)}
    assert set(found.not_additive["reach"]) == {
        Stated("A", "campaign", "c1", FIRST, FIRST, D(100)),
        Stated("A", "campaign", "c2", FIRST, FIRST, D(150)),
        Stated("A", "account", "A", FIRST, date(2026, 11, 30), D(180)),
    }
    assert [stated.value for stated in found.not_additive["time"]] == [D(42)]


def test_stated_figures_of_a_longer_period_are_not_shown():
    facts = [fact(180, metric="reach", to=30)]
    assert counting.not_additive(facts, ACCOUNTS, KINDS, Period(FIRST, date(2026, 11, 29))) == {}


def test_derived_and_unknown_metrics_are_not_summed():
    assert counting.totals([fact(1, metric="ctr"), fact(1, metric="odd")], ACCOUNTS, KINDS, MONTH).values == {}


def test_an_account_without_settings_counts_campaigns():
    assert counting.totals([fact(5, account="new")], {}, KINDS, MONTH).values == {("cost", None): D(5)}


def test_matched_and_unassigned_are_the_platforms_total():
    links = [Link("c1", "P1", None, FIRST), Link("c1", "P2", date(2026, 11, 2), None)]
    facts = [fact(1), fact(2, day=2), fact(4, object="c2"), fact(8, object="c1", day=10, to=12, source="file")]
    assert cost(facts, links=links, placements={"P1"}) == 1
    assert cost(facts, links=links, placements={"P2"}) == 10
    assert cost(facts, links=links, placements={None}) == 4
    assert cost(facts, links=links) == 15


def test_a_span_across_two_placements_is_unassigned():
    links = [Link("c1", "P1", None, FIRST), Link("c1", "P2", date(2026, 11, 2), None)]
    assert cost([fact(8, day=1, to=3)], links=links, placements={None}) == 8


FACTS = st.lists(
    st.builds(
        fact,
        st.integers(-50, 500),
        account=st.sampled_from("AB"),
        level=st.sampled_from(["campaign", "account", "ad"]),
        object=st.sampled_from(["c1", "c2", "c3"]),
        day=st.integers(1, 6),
        hour=st.none() | st.integers(0, 2),
        breakdown=st.sampled_from(["", "", "device=m"]),
        metric=st.sampled_from(["cost", "clicks", "reach"]),
        currency=st.sampled_from([None, "CNY"]),
        source=st.sampled_from(["pull", "file", "other"]),
    ),
    max_size=25,
)
SPANS = st.lists(
    st.builds(
        lambda value, first, length, source: fact(value, day=first, to=first + length, source=source),
        st.integers(1, 500),
        st.integers(1, 10),
        st.integers(1, 9),
        st.sampled_from(["pull", "file"]),
    ),
    max_size=6,
)
LINKS = st.lists(st.builds(Link, st.sampled_from(["c1", "c2"]), st.sampled_from(["P1", "P2"])), max_size=3)


@given(FACTS, SPANS, st.randoms())
def test_the_order_of_rows_does_not_matter(facts, spans, random):
    rows = facts + spans
    shuffled = random.sample(rows, len(rows))
    one, other = (counting.totals(each, ACCOUNTS, KINDS, MONTH) for each in (rows, shuffled))
    assert one.values == other.values
    assert set(one.spans) == set(other.spans)


@given(FACTS)
def test_a_total_is_the_sum_of_its_days(facts):
    sums = defaultdict(D)
    for (_account, _placement, _day, metric, currency), value in counting.daily_sums(facts, ACCOUNTS, KINDS).items():
        sums[metric, currency] += value
    assert counting.totals(facts, ACCOUNTS, KINDS, MONTH).values == dict(sums)


@given(FACTS, SPANS, LINKS)
def test_parts_add_up_to_the_whole(facts, spans, links):
    whole = counting.totals(facts + spans, ACCOUNTS, KINDS, MONTH, links).values
    parts = defaultdict(D)
    for chosen in ({"P1"}, {"P2"}, {None}):
        found = counting.totals(facts + spans, ACCOUNTS, KINDS, MONTH, links, chosen)
        for key, value in found.values.items():
            parts[key] += value
    assert {key: value for key, value in parts.items() if key in whole} == whole


@given(FACTS)
def test_each_day_of_an_account_has_one_source_one_level_and_no_hour_beside_its_day(facts):
    counted = counting.counted(facts, ACCOUNTS)
    sources = defaultdict(set)
    for row in counted:
        sources[row.account, row.date_from].add(row.source)
        assert row.breakdown == "" and row.level == ACCOUNTS[row.account].level
    assert all(len(found) == 1 for found in sources.values())
    hours = {(r.account, r.object, r.date_from, r.metric) for r in counted if r.hour is not None}
    days = {(r.account, r.object, r.date_from, r.metric) for r in counted if r.hour is None}
    assert not hours & days


@given(FACTS)
def test_rows_of_lower_sources_change_nothing_on_days_the_first_has(facts):
    pulls = [row for row in facts if row.source == "pull"]
    days = {(row.account, row.date_from) for row in counting.countable(pulls, ACCOUNTS)}
    lower = [row for row in facts if row.source != "pull" and (row.account, row.date_from) in days]
    assert counting.counted(pulls + lower, ACCOUNTS) == counting.counted(pulls, ACCOUNTS)


@given(FACTS, SPANS)
@settings(max_examples=60)
def test_no_day_of_an_account_is_counted_twice(facts, spans):
    found = counting.totals(facts + spans, ACCOUNTS, KINDS, MONTH)
    daily = {(row.account, row.date_from) for row in counting.counted(facts + spans, ACCOUNTS)}
    groups = {(row.account, row.date_from, row.date_to, row.source) for row in found.spans}
    taken = [(account, day) for account, a, b, _source in groups for day in counting.days_between(a, b)]
    assert len(taken) == len(set(taken))
    assert not daily & set(taken)
    assert len(found.spans) + len(found.left_out) <= len(spans)


@pytest.mark.parametrize("metric", ["reach", "time"])
@given(facts=FACTS)
@settings(max_examples=30)
def test_stated_metrics_never_get_into_sums(metric, facts):
    rows = [row._replace(metric=metric) for row in facts]
    assert counting.totals(rows, ACCOUNTS, KINDS, MONTH).values == {}
