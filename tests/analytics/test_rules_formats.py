"""A metric's figure by its unit."""

from decimal import Decimal as D

import pytest

from analytics.rules import formats


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
