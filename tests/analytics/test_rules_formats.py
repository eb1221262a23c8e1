"""How much a figure changed."""

from decimal import Decimal as D

import pytest

from analytics.rules import formats


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
