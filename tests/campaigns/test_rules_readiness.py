"""Rules of access and of the readiness board: plain values in, plain values out."""

import json
from datetime import date, datetime, timedelta

import pytest

from campaigns.choices import AccessState, LineGroup, LineState
from campaigns.rules import access, readiness
from core.errors import Invalid

TODAY = date(2026, 11, 20)


def ago(days):
    return TODAY - timedelta(days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, "to_request"),
        ({"requested": ago(3)}, "requested"),
        ({"requested": ago(3), "granted": ago(2)}, "granted"),
        ({"proven": ago(0)}, "proven"),
        ({"requested": ago(30), "granted": ago(20), "proven": ago(7)}, "proven"),
        ({"granted": ago(20), "proven": ago(8)}, "stale"),
        ({"proven": ago(1), "expires": TODAY}, "proven"),
        ({"proven": ago(1), "expires": ago(1)}, "expired"),
        ({"expires": ago(1)}, "expired"),
    ],
)
def test_how_far_an_access_is(days, expected):
    known = {"requested": None, "granted": None, "expires": None, "proven": None, **days}
    assert access.state(**known, today=TODAY) == expected


@pytest.mark.parametrize(
    ("left", "soon"), [(-1, False), (0, True), (access.WARNING_DAYS, True), (access.WARNING_DAYS + 1, False)]
)
def test_two_weeks_before_its_end_an_access_is_pointed_out(left, soon):
    assert access.is_expiring(TODAY + timedelta(left), TODAY) is soon
    assert not access.is_expiring(None, TODAY)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((ago(1), ago(2), None), "granted_date"),
        ((None, ago(2), ago(3)), "expires_date"),
        ((ago(2), ago(2), ago(2)), None),
        ((None, None, ago(9)), None),
    ],
)
def test_days_come_in_their_order(days, field):
    if field is None:
        return access.check_days(*days)
    with pytest.raises(Invalid) as refused:
        access.check_days(*days)
    assert list(refused.value.errors) == [field]


def item(name, state="proven", *, is_expiring=False):
    return access.Standing(name, "tool", AccessState(state), is_expiring)


def test_the_line_of_accounts_names_what_is_not_proven():
    assert access.proven([])[0] == LineState.WARN
    assert access.proven([item("A"), item("B")])[::2] == (LineState.OK, None)
    state, detail, count = access.proven([item("A"), item("B", "stale"), item("C", "expired")])
    assert (state, count) == (LineState.BLOCK, 2)
    assert "B (proof is old)" in detail and "C (expired)" in detail and "A" not in detail.partition(":")[2]
    assert access.proven([item("A", is_expiring=True)])[::2] == (LineState.WARN, 1)


def test_no_tracking_at_all_blocks():
    assert access.tracked([])[0] == LineState.BLOCK
    assert access.tracked([item("GA4", "granted")])[0] == LineState.BLOCK
    assert access.tracked([item("GA4")])[0] == LineState.OK


def test_accounts_that_are_used_but_not_listed_are_named_the_first_of_them():
    assert access.listed([])[::2] == (LineState.OK, None)
    state, detail, count = access.listed([f"Account {n}" for n in range(6)])
    assert (state, count) == (LineState.BLOCK, 6)
    assert "Account 3" in detail and "Account 4" not in detail and "2 more" in detail


@pytest.mark.parametrize(
    ("signed", "left", "expected"),
    [
        (False, None, "block"),
        (False, 10, "block"),
        (True, None, "ok"),
        (True, 4, "ok"),
        (True, 3, "warn"),
        (True, 0, "warn"),
        (True, -1, "block"),
    ],
)
def test_a_signature_turns_red_when_it_ends(signed, left, expected):
    expires = None if left is None else TODAY + timedelta(left)
    assert readiness.signed_state(signed, expires, TODAY) == expected


def test_a_signature_in_words():
    common = {"owner": "Ana", "needed": "Shift plan", "evidence": "Seen", "expires": ago(1), "today": TODAY}
    assert readiness.signature(**common, by=None, at=None) == "Not signed yet; Ana signs. Needed: Shift plan"
    at = datetime(2026, 11, 18, 9, 30)
    said = readiness.signature(**common, by="Ana", at=at)
    assert said == "Signed by Ana, 2026-11-18 09:30: Seen · ended on 2026-11-19"
    assert readiness.signature(**{**common, "expires": None}, by="Ana", at=at).endswith("09:30: Seen")


def line(code, state="ok", group="plan"):
    return readiness.Line(code, code.title(), LineState(state), group=LineGroup(group))


def test_the_board_in_one_word():
    board = [line("a"), line("b", "warn"), line("c", "block")]
    assert (readiness.summary(board).is_ready, readiness.summary(board).blocks) == (False, 1)
    assert readiness.summary(board[:2]).is_ready
    assert readiness.summary([]).is_ready
    assert readiness.objections(board) == ["C"]


def test_groups_stand_in_the_order_of_the_board_and_lines_as_they_came():
    board = [line("d", group="added"), line("c", group="risks"), line("a"), line("b")]
    assert [one.code for one in readiness.in_order(board)] == ["a", "b", "c", "d"]


def test_a_digest_is_that_of_the_bytes_whatever_the_order_of_keys():
    words = {"en": [line("a")], "zh-hans": [readiness.Line("a", "简报", LineState.OK)]}
    content = readiness.content_of(
        {"code": "双11"}, [line("a")], words, at="2026-11-20T10:00:00+00:00", by={}, is_launch=True, override_reason=""
    )
    turned = json.loads(json.dumps(content, sort_keys=True))
    assert readiness.digest(content) == readiness.digest(dict(reversed(turned.items())))
    assert "双11".encode() in readiness.canonical(content)
    assert [one.label for one in readiness.lines_in(turned, "zh-hans")] == ["简报"]
    assert [one.label for one in readiness.lines_in(turned, "fr")] == ["A"]
    turned["lines"][0]["state"] = "block"
    assert readiness.digest(content) != readiness.digest(turned)


@pytest.mark.parametrize(("words", "has_file", "fine"), [("", False, False), (" ", False, False), ("x", False, True)])
def test_a_signature_needs_words_or_a_file(words, has_file, fine):
    readiness.check_evidence("", True)
    if fine:
        return readiness.check_evidence(words, has_file)
    with pytest.raises(Invalid):
        readiness.check_evidence(words, has_file)
