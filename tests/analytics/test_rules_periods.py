"""Periods and what they are compared with."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import periods
from analytics.rules.periods import Period
from core.errors import Invalid

TODAY = date(2026, 11, 23)  # a Monday
CAMPAIGN = (date(2026, 10, 20), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("yesterday", "2026-11-22", "2026-11-22"),
        ("last_7_days", "2026-11-16", "2026-11-22"),
        ("last_14_days", "2026-11-09", "2026-11-22"),
        ("last_28_days", "2026-10-26", "2026-11-22"),
        ("last_30_days", "2026-10-24", "2026-11-22"),
        ("this_week", "2026-11-23", "2026-11-23"),
        ("last_week", "2026-11-16", "2026-11-22"),
        ("this_month", "2026-11-01", "2026-11-23"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("campaign_to_date", "2026-10-20", "2026-11-23"),
    ],
)
def test_named_periods(name, first, last):
    period = periods.named(name, TODAY, CAMPAIGN)
    assert (period.first.isoformat(), period.last.isoformat(), period.name) == (first, last, name)


def test_campaign_to_date_ends_with_the_campaign():
    over = (date(2026, 10, 1), date(2026, 11, 12))
    assert periods.named("campaign_to_date", TODAY, over).last == date(2026, 11, 12)
    assert periods.named("campaign_to_date", TODAY, (TODAY, None)).last == TODAY


@pytest.mark.parametrize(
    ("name", "campaign", "code"),
    [
        ("fortnight", None, "period_unknown"),
        ("custom", None, "period_unknown"),
        ("campaign_to_date", None, "period_without_campaign"),
        ("campaign_to_date", (None, None), "period_without_campaign"),
        ("campaign_to_date", (date(2026, 12, 1), date(2026, 12, 9)), "period_not_begun"),
    ],
)
def test_a_period_that_is_not_there_says_why(name, campaign, code):
    with pytest.raises(Invalid) as caught:
        periods.named(name, TODAY, campaign)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("period", "how", "first", "last"),
    [
        ("last_7_days", "previous_period", "2026-11-09", "2026-11-15"),
        ("last_7_days", "same_weekdays", "2026-11-09", "2026-11-15"),
        ("last_30_days", "previous_period", "2026-09-24", "2026-10-23"),
        ("last_30_days", "same_weekdays", "2026-09-19", "2026-10-18"),
        ("yesterday", "same_weekdays", "2026-11-15", "2026-11-15"),
        ("yesterday", "last_year", "2025-11-22", "2025-11-22"),
        ("this_month", "previous_period", "2026-10-01", "2026-10-23"),
        ("last_month", "previous_period", "2026-09-01", "2026-09-30"),
        ("campaign_to_date", "last_year", "2025-10-20", "2025-11-23"),
    ],
)
def test_comparisons(period, how, first, last):
    compared = periods.compared(periods.named(period, TODAY, CAMPAIGN), how)
    assert (compared.first.isoformat(), compared.last.isoformat()) == (first, last)


def test_the_last_days_of_months_are_compared_with_days_that_exist():
    march = periods.named("this_month", date(2027, 3, 30))
    assert periods.compared(march, "previous_period").last == date(2027, 2, 28)
    leap = periods.custom(date(2028, 2, 29), date(2028, 2, 29))
    assert periods.compared(leap, "last_year").first == date(2027, 2, 28)


def test_no_comparison_and_an_unknown_one():
    period = periods.named("yesterday", TODAY)
    assert periods.compared(period, "none") is None
    with pytest.raises(Invalid):
        periods.compared(period, "yesteryear")


def test_today_is_the_day_of_the_zone():
    instant = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert periods.today_in("Asia/Shanghai", instant) == date(2026, 11, 23)
    assert periods.today_in(ZoneInfo("America/New_York"), instant) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="aware"):
        periods.today_in("UTC", datetime(2026, 11, 22, 17, 30))


def test_reading_the_address():
    assert periods.read({}, TODAY).period.name == "last_28_days"
    over = (date(2026, 2, 1), date(2026, 3, 31))
    assert periods.read({}, TODAY, over).period == Period(*over, "campaign_to_date")
    assert periods.read({"period": "last_7_days"}, TODAY, over).period.name == "last_7_days"
    just_over = (date(2026, 9, 1), date(2026, 10, 26))  # its last day is the first of the last 28
    assert periods.read({}, TODAY, just_over).period.name == "last_28_days"
    assert periods.read({}, TODAY, (date(2027, 1, 1), None)).period.name == "last_28_days"
    assert periods.read({"period": "last_week", "compare": "last_year"}, TODAY).comparison.first == date(2025, 11, 16)
    choice = periods.read({"from": "2026-11-01", "to": "2026-11-11"}, TODAY)
    assert choice.period == Period(date(2026, 11, 1), date(2026, 11, 11), "custom")
    assert choice.query() == {"period": "custom", "from": "2026-11-01", "to": "2026-11-11"}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"period": "custom"}, "period_incomplete"),
        ({"from": "2026-11-01"}, "period_incomplete"),
        ({"from": "1.11.2026", "to": "2026-11-11"}, "period_day"),
        ({"from": "2026-02-30", "to": "2026-11-11"}, "period_day"),
        ({"from": "2026-11-1 or 1=1", "to": "2026-11-11"}, "period_day"),
        ({"from": "20261101", "to": "2026-11-11"}, "period_day"),
        ({"from": "２０２６-11-01", "to": "2026-11-11"}, "period_day"),
        ({"from": "2026-11-12", "to": "2026-11-11"}, "period_reversed"),
        ({"from": "2001-01-01", "to": "2026-11-11"}, "period_too_long"),
        ({"period": "last_7_days", "compare": "x"}, "comparison_unknown"),
        ({"period": "<script>"}, "period_unknown"),
    ],
)
def test_a_wrong_address_gets_a_sentence(params, code):
    with pytest.raises(Invalid) as caught:
        periods.read(params, TODAY)
    assert caught.value.code == code


def test_days_are_moved_into_the_century():
    period = periods.custom(date(1900, 1, 1), date(2000, 1, 5))
    assert (period.first, period.last) == (date(2000, 1, 1), date(2000, 1, 5))
    assert periods.compared(period, "previous_period") == Period(date(2000, 1, 1), date(2000, 1, 1))
    assert periods.custom(date(2100, 12, 30), date(9999, 12, 31)).last == date(2100, 12, 31)


def test_a_period_knows_its_days():
    period = Period(date(2026, 2, 27), date(2026, 3, 1))
    assert len(period) == 3 and period.days() == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert date(2026, 2, 28) in period and date(2026, 3, 2) not in period
    assert period.covers(date(2026, 2, 28), date(2026, 3, 1))
    assert not period.covers(date(2026, 2, 28), date(2026, 3, 2))


NAMES = st.sampled_from([name for name in periods.PERIODS if name != "custom"])
DAYS = st.dates(date(2005, 1, 1), date(2095, 1, 1))


@given(NAMES, st.sampled_from(list(periods.COMPARISONS)), DAYS)
def test_a_choice_survives_the_address(name, how, today):
    campaign = (today - timedelta(days=9), today + timedelta(days=9))
    choice = periods.Choice(periods.named(name, today, campaign), None, how)
    again = periods.read(choice.query(), today, campaign)
    assert (again.period, again.compare) == (choice.period, how)


@given(DAYS, st.integers(0, 700), st.sampled_from(["previous_period", "same_weekdays"]))
def test_a_comparison_is_as_long_and_lies_before(first, length, how):
    period = periods.custom(first, first + timedelta(days=length))
    compared = periods.compared(period, how)
    assert len(compared) == len(period)
    assert compared.last < period.first
    if how == "same_weekdays":
        assert compared.first.weekday() == period.first.weekday()
        assert (period.first - compared.last).days <= 7


@given(DAYS, st.sampled_from(["last_7_days", "last_week", "this_week", "last_month", "this_month"]))
def test_named_periods_never_reach_beyond_today(today, name):
    period = periods.named(name, today)
    assert period.first <= period.last <= today
    if name in ("last_week", "this_week"):
        assert period.first.weekday() == 0
