"""Targets by day: spreading to the last digit, the pasted column, the check of the sum."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules import targets
from core.errors import RuleBroken

MONDAY = date(2026, 11, 2)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
START = date(2026, 10, 20)
COLON, COMMA, OPEN, CLOSE = "\uff1a", "\uff0c", "\uff08", "\uff09"


def test_what_rounding_leaves_goes_to_the_first_days():
    assert list(targets.spread(D(10), WEEK[:3]).values()) == [D(4), D(3), D(3)]
    assert list(targets.spread(D("0.10"), WEEK[:3]).values()) == [D("0.1"), D(0), D(0)]
    assert list(targets.spread(D(1), WEEK[:3], places=2).values()) == [D("0.34"), D("0.33"), D("0.33")]
    assert list(targets.spread(D(-10), WEEK[:3]).values()) == [D(-4), D(-3), D(-3)]


def test_weekday_weights_follow_the_calendar():
    plan = targets.spread(D(90), WEEK, "weekday_weights", weights=[1, 1, 1, 1, 1, 2, 2])

    assert list(plan.values()) == [D(10)] * 5 + [D(20)] * 2


@given(
    total=st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(any),
    places=st.integers(0, 4),
)
def test_shares_add_up_exactly_and_none_is_off_by_a_unit(total, weights, places):
    split = targets.shares(total, [D(one) for one in weights], places=places)

    assert sum(split) == total
    unit = D(1).scaleb(-max(places, 2))
    for share, weight in zip(split, weights, strict=True):
        exact = total * weight / sum(weights)
        assert abs(share - exact) <= max(unit, D(1))
        assert weight or share == 0


@pytest.mark.parametrize("weights", [[0] * 7, [1, 2], None, [1, 1, 1, 1, 1, 1, -1]])
def test_useless_weights_are_refused(weights):
    with pytest.raises(RuleBroken) as refused:
        targets.spread(D(10), WEEK, "weekday_weights", weights=weights)
    assert refused.value.code == "weights_wrong"


def test_no_days_are_refused():
    with pytest.raises(RuleBroken) as refused:
        targets.spread(D(10), [])
    assert refused.value.code == "no_days"


def test_a_pasted_column_fills_the_days_in_order():
    rows = targets.parse_pasted_column("1\n2\n3")

    assert targets.spread(D(6), WEEK[:3], "paste", pasted=rows) == dict(zip(WEEK[:3], [D(1), D(2), D(3)], strict=True))


def test_pasted_dates_fill_their_days_and_the_others_are_zero():
    rows = targets.parse_pasted_column("2026-11-03\t5")

    assert targets.spread(D(5), WEEK[:2], "paste", pasted=rows) == {WEEK[0]: D(0), WEEK[1]: D(5)}


@pytest.mark.parametrize(
    ("text", "code"),
    [("1\n2", "column_length"), ("2026-12-24\t5", "day_outside_period"), ("1\n2\n3\n4", "column_length")],
)
def test_a_column_that_does_not_fit_the_period_is_refused(text, code):
    with pytest.raises(RuleBroken) as refused:
        targets.spread(D(5), WEEK[:3], "paste", pasted=targets.parse_pasted_column(text))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", "1200"),
        ("1,234,567.89", "1234567.89"),
        ('"1,234"', "1234"),
        ("1 234,50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("12,34,567", "1234567"),
        ("1.2万", "12000"),
        ("3亿", "300000000"),
        ("2.5k", "2500"),
        ("1.2M", "1200000"),
        ("12.5%", "0.125"),
        ("\uff11\uff12\uff05", "0.12"),
        ("¥1,200.00", "1200"),
        ("\uffe51,200元", "1200"),
        ("US$ 5".replace("US", ""), "5"),
        ("(1,234)", "-1234"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("0", "0"),
        ("-0", "0"),
        (".5", "0.5"),
        ("1000000", "1000000"),
    ],
)
def test_figures_as_people_write_them(text, value):
    assert targets.parse_pasted_column(text) == [(None, D(value))]
    assert str(targets.parse_pasted_column(text)[0][1]) == value


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("2026/11/1", date(2026, 11, 1)),
        ("2026.11.1", date(2026, 11, 1)),
        ("2026年11月1日", date(2026, 11, 1)),
        ("2026年11月1日 星期日", date(2026, 11, 1)),
        (f"11月1日{OPEN}周日{CLOSE}", date(2026, 11, 1)),
        ("1月5日", date(2027, 1, 5)),
        ("10/20", date(2026, 10, 20)),
        ("10/19", date(2027, 10, 19)),
        ("20261101", date(2026, 11, 1)),
        ("2026-11-01 00:00:00", date(2026, 11, 1)),
        ("13/11/2026", date(2026, 11, 13)),
        ("11/13/2026", date(2026, 11, 13)),
        ("11/11/2026", date(2026, 11, 11)),
        ("1-Nov", date(2026, 11, 1)),
        ("1 Nov 2026", date(2026, 11, 1)),
        ("Nov 1, 2026", date(2026, 11, 1)),
        ("November 1st", date(2026, 11, 1)),
        ("2月29日", date(2028, 2, 29)),
    ],
)
def test_dates_as_people_write_them(cell, day):
    assert targets.parse_pasted_column(f"{cell}\t1,500", start=START) == [(day, D(1500))]
    assert targets.parse_pasted_column(f"{cell},1500", start=START) == [(day, D(1500))]
    assert targets.parse_pasted_column(f'{cell},"1,500"', start=START) == [(day, D(1500))]


def test_a_header_row_and_empty_rows_around_are_no_data():
    assert targets.parse_pasted_column("\n日期\t目标\r\n2026-11-01\t1万\r\n2026-11-02\t2万\r\n\r\n") == [
        (date(2026, 11, 1), D(10000)),
        (date(2026, 11, 2), D(20000)),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\nabc\n3", "Row 2: “abc” is not a number."),
        ("1\n\n3", "Row 2: there is no figure; write 0 if none is meant."),
        ("目标\n1\nx", "Row 3: “x” is not a number."),
        ("2026-11-01\t", "Row 1: there is no figure; write 0 if none is meant."),
        ("hello\t5", "Row 1: “hello” is not a date."),
        ("2026-13-01\t5", "Row 1: “2026-13-01” is not a date."),
        ("02/03/2026\t5", "Row 1: “02/03/2026” can be read in two ways; write year-month-day."),
        ("1999-01-01\t5", "Row 1: the year of “1999-01-01” cannot be right."),
        ("1\t2\t3", "Row 1: there are 3 columns, one or two are expected."),
        ("999999999亿", "Row 1: “999999999亿” is too large."),
        ("1\n2026-11-01\t2", "Some rows have a date and some have none."),
        ("2026-11-01\t1\n2026-11-01\t2", "2026-11-01 is there twice."),
        ("NaN1", "Row 1: “NaN1” is not a number."),
        ("1e5", "Row 1: “1e5” is not a number."),
        ("", "There is no figure in it."),
        ("目标", "There is no figure in it."),
    ],
)
def test_wrong_rows_are_named_by_their_number(text, said):
    with pytest.raises(RuleBroken) as refused:
        targets.parse_pasted_column(text, start=START)
    assert refused.value.code == "column_wrong"
    assert str(refused.value) == said


def test_at_most_five_wrong_rows_and_4000_rows():
    with pytest.raises(RuleBroken) as refused:
        targets.parse_pasted_column("1\n" + "x\n" * 9)
    assert str(refused.value).count("Row") == 5
    with pytest.raises(RuleBroken):
        targets.parse_pasted_column("1\n" * 4001)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        rows = targets.parse_pasted_column(text, start=START)
    except RuleBroken as refused:
        assert str(refused)
    else:
        assert rows and all(value.is_finite() for _day, value in rows)


@given(st.lists(st.decimals(min_value=0, max_value=10**10, places=2), min_size=1, max_size=40))
def test_what_a_spreadsheet_writes_is_read_back(values):
    text = "\n".join(f"{value:,}" for value in values)

    assert [value for _day, value in targets.parse_pasted_column(text)] == values


def test_the_sum_is_checked_against_the_target():
    assert targets.check_total(D(10), [D(4), D("6.0")]) is None
    with pytest.raises(RuleBroken) as short:
        targets.check_total(D(10000), [D(9900)])
    assert str(short.value) == "The figures add up to 9,900, 100 short of the target of 10,000."
    with pytest.raises(RuleBroken) as above:
        targets.check_total(D(10), [D("10.5")])
    assert "0.5 above the target of 10" in str(above.value)
