"""A campaign's states and its code."""

import ast
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.choices import CampaignState, MetricKind, MetricUnit
from campaigns.rules import codes, states
from core.errors import RuleBroken
from core.money import is_currency

ALL = frozenset(states.GUARDS)
ALLOWED = {
    ("draft", "start_planning"): "planning",
    ("planning", "make_ready"): "ready",
    ("ready", "launch"): "live",
    ("live", "pause"): "paused",
    ("paused", "resume"): "live",
    ("live", "start_closing"): "closing",
    ("closing", "close"): "closed",
    **{(state, "cancel"): "cancelled" for state in ("draft", "planning", "ready", "live", "paused", "closing")},
}


@pytest.mark.parametrize("state", CampaignState.values)
@pytest.mark.parametrize("name", states.TRANSITIONS)
def test_each_move_from_each_state(state, name):
    if (state, name) in ALLOWED:
        assert states.move(state, name, met=ALL) == ALLOWED[state, name]
        return
    with pytest.raises(RuleBroken) as refused:
        states.move(state, name, met=ALL)
    assert refused.value.code == "wrong_state"


def test_what_is_open_to_a_state():
    assert [one.name for one in states.open_to("live")] == ["pause", "start_closing", "cancel"]
    assert states.open_to("closed") == []
    assert states.open_to("cancelled") == []


@pytest.mark.parametrize("name", [name for name, one in states.TRANSITIONS.items() if one.guards])
def test_a_guard_that_is_not_met_refuses_in_its_own_words(name):
    transition = states.TRANSITIONS[name]
    source = next(iter(transition.sources))
    for guard in transition.guards:
        with pytest.raises(RuleBroken) as refused:
            states.move(source, name, met=ALL - {guard})
        assert refused.value.code == guard
        assert str(refused.value) == str(states.GUARDS[guard])


def test_all_obstacles_are_named_at_once():
    assert list(states.obstacles("start_planning", set())) == ["dates_set", "owner_set"]
    assert states.obstacles("resume", set()) == {}


def test_an_unknown_move_is_refused():
    with pytest.raises(RuleBroken):
        states.move("draft", "fly")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Double 11", "D11-2026"),
        ("双11 大促", "D11-2026"),
        ("2027 双十一", "D11-2027"),
        ("618 年中大促", "618-2026"),
        ("Black Friday", "BF-2026"),
        ("Aurora", "AURORA-2026"),
        ("Internationalisation", "INTERNAT-2026"),
        ("Aurora 10 launch", "A10L-2026"),
        ("Q4 Brand Push", "Q4BP-2026"),
        ("Été à la mer", "EALM-2026"),
        ("Aurora 新品上市", "AURORA-2026"),
        ("新品上市", "C-2026-01"),
        ("", "C-2026-01"),
        ("  !! ", "C-2026-01"),
    ],
)
def test_a_code_is_suggested_from_the_name(name, code):
    assert codes.suggest(name, 2026) == code


def test_a_suggested_code_is_free():
    assert codes.suggest("Double 11", 2026, taken=["d11-2026", "D11-2026-2"]) == "D11-2026-3"
    assert codes.suggest("新品上市", 2026, taken=["C-2026-01", "C-2026-02"]) == "C-2026-03"


@given(st.text(max_size=80), st.integers(2000, 2100))
def test_every_suggestion_is_a_valid_code(name, year):
    code = codes.suggest(name, year)

    assert codes.clean(code) == code


def test_a_code_is_cleaned():
    assert codes.clean(" d11-2026 ") == "D11-2026"
    assert codes.clean("\uff24\uff11\uff11") == "D11"


@pytest.mark.parametrize("code", ["", "A", "双11", "A B", "-A", "A-", "A--B", "A/B", "A" * 25, "../AA"])
def test_what_cannot_be_a_code_is_refused(code):
    with pytest.raises(RuleBroken) as refused:
        codes.clean(code)
    assert refused.value.code == "code_invalid"


def test_words_of_addresses_are_reserved():
    with pytest.raises(RuleBroken) as refused:
        codes.clean("new")
    assert refused.value.code == "code_reserved"


# --- reference data ---

DATA = Path(__file__).parents[2] / "campaigns" / "data"


def rows_of(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["metrics", "channels", "markets"])
def test_reference_data_has_unique_ascii_codes_and_both_languages(name):
    rows = rows_of(name)

    assert len({row["code"] for row in rows}) == len(rows)
    assert all(row["code"].isascii() and row["label"]["en"] and row["label"]["zh-hans"] for row in rows)


def test_metrics_are_complete_and_formulas_speak_of_metrics_only():
    rows = rows_of("metrics")
    plain = {row["code"] for row in rows if row["kind"] != "derived"}

    for row in rows:
        assert row["kind"] in MetricKind.values
        assert row["unit"] in MetricUnit.values
        assert row["direction"] in ("increase", "decrease", "neutral")
        assert 0 <= row["decimals"] <= 4
        assert (row["formula"] is not None) == (row["kind"] == "derived")
        if row["formula"]:
            named = {node.id for node in ast.walk(ast.parse(row["formula"])) if isinstance(node, ast.Name)}
            assert named and named <= plain


def test_markets_have_a_currency_and_a_zone():
    for row in rows_of("markets"):
        assert is_currency(row["currency"])
        assert ZoneInfo(row["zone"])
