"""The panel of a placement tells what was done in words."""

import pytest
from django.utils import translation

from placements.rules.logbook import lines

STATES = {"planned": "geplant", "live": "läuft"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": ["planned", "live"]}, ["State: geplant → läuft"]),
        ({"state": ["planned", "gone"]}, ["State: geplant → gone"]),
        ({"kpis": [[], ["Clicks", "Leads"]]}, ["KPIs: – → Clicks, Leads"]),
        ({"odd": [None, {"a": 1}]}, ["odd: – → {'a': 1}"]),
        ({"rank": [1, 2]}, []),
    ],
)
def test_codes_are_told_in_words(changes, expected):
    with translation.override("en"):
        assert lines(changes, {"state": "State", "kpis": "KPIs"}, {"state": STATES}) == expected
