"""Figures in the reader's language."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules import formats


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        ("12.34", "12.3", "12.3"),
        (999, "999", "999"),
        ("999.96", "1K", "1,000"),
        (1250, "1.3K", "1,250"),
        (9999, "10K", "9,999"),
        ("9999.96", "10K", "1万"),
        (12345, "12.3K", "1.2万"),
        (949999, "950K", "95万"),
        (999949, "999.9K", "100万"),
        (999950, "1M", "100万"),
        (3400000, "3.4M", "340万"),
        (99999999, "100M", "1亿"),
        (123456789, "123.5M", "1.2亿"),
        (10**12, "1T", "1万亿"),
        (-1234567, "-1.2M", "-123.5万"),
        ("-0.01", "0", "0"),
        (None, "–", "–"),
    ],
)
def test_compact(value, english, chinese):
    value = None if value is None else D(value)
    assert formats.compact(value) == english
    assert formats.compact(value, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("amount", "currency", "full", "short"),
    [
        ("1234.5", "CNY", "¥1,234.50", "¥1.2K"),
        ("-5", "USD", "-$5.00", "-$5"),
        ("0.834", "EUR", "€0.83", "€0.83"),
        ("1234.5", "JPY", "JP¥1,235", "JP¥1.2K"),
        ("12", "AED", "AED 12.00", "AED 12"),
        ("12", "XYZ", "XYZ 12.00", "XYZ 12"),
        ("12", None, "12.00", "12"),
        ("-0.001", "CNY", "¥0.00", "¥0.00"),
        (None, "CNY", "–", "–"),
    ],
)
def test_money(amount, currency, full, short):
    amount = None if amount is None else D(amount)
    assert formats.money(amount, currency) == full
    assert formats.money(amount, currency, short=True) == short


def test_money_in_chinese():
    assert formats.money(D("382000"), "CNY", "zh-hans", short=True) == "¥38.2万"
    assert formats.money(D("-1200000000"), "CNY", "zh-hans", short=True) == "-¥12亿"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("0.0412", "ratio", 4, "4.12%"),
        ("3.254", "ratio", 2, "3.25"),
        ("0.5", "ratio", None, "50.00%"),
        ("83.4", "seconds", 1, "1:23"),
        ("3700", "seconds", 1, "1:01:40"),
        ("-83", "seconds", 1, "-1:23"),
        ("12345", "count", 0, "12.3K"),
        ("12345", "money", 2, "¥12.3K"),
        (None, "ratio", 4, "–"),
        (None, "seconds", 1, "–"),
    ],
)
def test_a_figure_is_written_by_its_unit(value, unit, decimals, expected):
    value = None if value is None else D(value)
    assert formats.figure(value, unit, currency="CNY", decimals=decimals) == expected


def test_a_figure_in_full():
    assert formats.figure(D("12345.50"), "money", currency="CNY", short=False, decimals=2) == "¥12,345.50"
    assert formats.figure(D("12345.50"), "count", short=False, decimals=2) == "12,345.5"
    assert formats.figure(D("12345"), "count", "zh-hans", short=False) == "12,345"


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        (D(125), D(100), "+25.0%"),
        (D(98), D(100), "-2.0%"),
        (D(1), D(0), "–"),
        (None, D(1), "–"),
        (D(-50), D(-100), "+50.0%"),
        (D(1), D(1), "0.0%"),
    ],
)
def test_changes(new, old, words):
    assert formats.signed_percent(formats.change(new, old)) == words


@given(st.decimals(-(10**15), 10**15, allow_nan=False), st.sampled_from(["en", "zh-hans"]))
def test_compact_stays_short_and_near(value, language):
    text = formats.compact(value, language)
    assert len(text) <= 10
    sizes = {
        "万亿": D(10) ** 12,
        "亿": D(10) ** 8,
        "万": D(10) ** 4,
        "T": D(10) ** 12,
        "B": D(10) ** 9,
        "M": D(10) ** 6,
        "K": D(1000),
    }
    sign = next((sign for sign in sizes if text.endswith(sign)), "")
    shown = D(text.removesuffix(sign).replace(",", "")) * sizes.get(sign, D(1))
    assert abs(shown - value) <= sizes.get(sign, D(1)) * D("0.05")


@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=4))
def test_plain_can_be_read_back(value):
    assert D(formats.plain(value, 4).replace(",", "")) == value
