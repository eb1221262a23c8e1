"""Numbers, days and hours: one strict grammar, round trips, and nothing but Unreadable for junk."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.importers import Unreadable, dates, inspect
from analytics.importers.names import heading, language_of
from analytics.importers.numbers import COMMA, POINT, NotANumber, figure, form_of, is_absent


@pytest.mark.parametrize(
    ("cell", "form", "value", "currency"),
    [
        ("25,881", POINT, "25881", None),
        ("1,23,456.00", POINT, "123456.00", None),
        ("1 234,56", COMMA, "1234.56", None),
        ("1\u00a0234,56", COMMA, "1234.56", None),
        ("1\u202f234\u202f567,8", COMMA, "1234567.8", None),
        ("1.234.567,80", COMMA, "1234567.80", None),
        ("US$1.92", POINT, "1.92", "USD"),
        ("US$-1.92", POINT, "-1.92", "USD"),
        ("-US$1.92", POINT, "-1.92", "USD"),
        ("−3", POINT, "-3", None),
        ("¥1,234.00", POINT, "1234.00", "¥"),
        ("￥12", POINT, None, None),
        ("300,000 CHF", POINT, "300000", "CHF"),
        ("1 234,56 €", COMMA, "1234.56", "EUR"),
        ("144.", POINT, "144", None),
        ("-2e-18", POINT, "0", None),
        ("99.99999999999996", POINT, "100", None),
        ("1.429999948", POINT, "1.429999948", None),
        ("0", POINT, "0", None),
        ("１２３", POINT, None, None),
        ("1_000", POINT, None, None),
        ("(12)", POINT, None, None),
        ("1.2万", POINT, None, None),
        ("12,34", POINT, None, None),
        ("1,234", COMMA, "1.234", None),
        ("1E+999", POINT, None, None),
        ("--5", POINT, None, None),
        ("NaN", POINT, None, None),
        ("USD 5 EUR", POINT, None, None),
        (".", POINT, None, None),
    ],
)
def test_a_cell_is_read_exactly_or_not_at_all(cell, form, value, currency):
    if value is None:
        with pytest.raises(NotANumber):
            figure(cell, form)
    else:
        assert (figure(cell, form).value, figure(cell, form).currency) == (Decimal(value), currency)


def test_a_percent_is_told_as_one():
    assert figure("9.53%") == (Decimal("9.53"), None, True)


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("1,234", "either"),
        ("1.234", "either"),
        ("1,23", COMMA),
        ("1.23", POINT),
        ("1.234,5", COMMA),
        ("0.500", POINT),
        ("1234", None),
        ("abc", None),
        ("", None),
    ],
)
def test_what_a_cell_tells_about_the_decimal_sign(cell, form):
    assert form_of(cell) == form


@pytest.mark.parametrize("cell", [" --", "--", "", "  ", "N/A"])
def test_absent_is_not_zero(cell):
    assert is_absent(cell)
    assert not is_absent("0")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False))
def test_numbers_make_the_round_trip_in_both_ways_of_writing(value):
    english = f"{value:,.4f}"
    german = english.translate(str.maketrans(",.", ".,"))
    french = english.translate(str.maketrans({",": "\u202f", ".": ","}))
    assert figure(english, POINT).value == value
    assert figure(german, COMMA).value == value
    assert figure(french, COMMA).value == value


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_days_make_the_round_trip_in_every_form(day):
    for form in (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%d %b %Y",
        "%B %d, %Y",
        "%a %b %d %Y",
        "%Y年%m月%d日",
        "%d.%m.%Y",
    ):
        assert dates.day(day.strftime(form)) == day, form
    assert dates.day(day.strftime("%d/%m/%Y"), "dmy") == day
    assert dates.day(day.strftime("%m/%d/%Y"), "mdy") == day
    assert dates.span(f"{day} - {day + timedelta(days=6)}") == (day, day + timedelta(days=6))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1.08.2019", date(2019, 8, 1)),
        ("Thu, 5 Feb 2026", date(2026, 2, 5)),
        ("Mon Feb 10 2025", date(2025, 2, 10)),
        ("09/Jan/24 3:54 PM", date(2024, 1, 9)),
        ("5 févr. 2026", date(2026, 2, 5)),
        ("2026-08-01T00:00:00Z", date(2026, 8, 1)),
        ("08/31/2026", None),
        ("01/08/2026", None),
        ("08/08/2026", date(2026, 8, 8)),
        ("2026-02-30", None),
        ("0001", None),
        ("3.14", None),
    ],
)
def test_a_day_is_read_or_left_to_be_settled(cell, day):
    assert dates.day(cell) == day


@pytest.mark.parametrize(
    ("cell", "order"),
    [("01/08/2026", "either"), ("31/08/2026", "dmy"), ("08/31/2026", "mdy"), ("8/8/2026", None), ("2026", None)],
)
def test_what_a_day_tells_about_its_order(cell, order):
    assert dates.order_of(cell) == order


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("00 - 01", 0),
        ("23 - 00", 23),
        ("7", 7),
        ("07:00", 7),
        ("3 PM", 15),
        ("12 AM", 0),
        ("10:00-10:59", 10),
        ("24", None),
        ("0 - 5", None),
    ],
)
def test_hours(cell, hour):
    assert dates.hour(cell) == hour


def test_periods_in_a_cell():
    assert dates.span("2026-08") == (date(2026, 8, 1), date(2026, 8, 31))
    assert dates.span("February 2028") == (date(2028, 2, 1), date(2028, 2, 29))
    assert dates.week("2026-08-03") == (date(2026, 8, 3), date(2026, 8, 9))
    assert dates.nth_day("0007", date(2023, 9, 23)) == date(2023, 9, 30)
    assert dates.day_and_hour("2026080123") == (date(2026, 8, 1), 23)
    assert dates.day_and_hour("2026080124") is None
    assert dates.span("2026-08-09 - 2026-08-03") is None


@pytest.mark.parametrize(
    ("header", "name", "currency"),
    [
        ("Amount spent (EGP)", "cost", "EGP"),
        ("CPM (cost per 1,000 impressions) (EGP)", "cpm", "EGP"),
        ("总花费（元）", "cost", "CNY"),
        ("Clicks (all)", "clicks", None),
        ("点击率(%)", "ctr", None),
        ("展现\t", "impressions", None),
        ("\ufeffDate", "date", None),
        ("# of Impressions", "impressions", None),
        ("Spend [USD]", "cost", "USD"),
        ("cost_micros", "cost", None),
        ("Coût", "cost", None),
        ("Groupe d’annonces", "ad_group", None),
    ],
)
def test_headers_are_found_by_their_normal_form(header, name, currency):
    found = heading(header)
    assert (found.known.name, found.currency) == (name, currency)


def test_the_language_of_a_header():
    assert language_of(["Jour", "Campagne", "Coût", "Clics"]) == "fr"
    assert language_of(["日期", "展现"]) == "zh"
    assert language_of(["a", "b"]) == ""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_random_bytes_never_raise_anything_but_unreadable(content):
    try:
        report = inspect(io.BytesIO(content), name="x.csv").as_dict()
    except Unreadable as problem:
        assert str(problem)
    else:
        assert report["rows"] >= 0


_CELLS = st.sampled_from(
    [
        "Date",
        "Cost",
        "Impr.",
        "Total",
        "日期",
        "消费",
        "1,5",
        "2026-08-01",
        "01/02/2026",
        "--",
        "",
        "US$3",
        '"',
        "#",
        "é",
        "\t",
        "x" * 50,
        "1e9",
    ]
)
_LINES = st.lists(st.lists(_CELLS, max_size=5).map(",".join), max_size=14).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(_LINES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_tables_out_of_odd_pieces_never_raise_anything_but_unreadable(text, encoding):
    answers = {"currency": "EUR", "date_order": "dmy", "number_format": "point", "encoding": "gb18030"}
    try:
        report = inspect(io.BytesIO(text.encode(encoding, "replace")), name="x.csv", answers=answers)
        report.as_dict()
    except Unreadable:
        return
    if report.is_ready:
        assert len(list(report.records())) <= report.rows
