"""The rules of the matrix: letters read and written, and each finding exactly as planted."""

from datetime import date, timedelta

import pytest

from core.errors import Invalid
from raci.rules import letters as rules
from raci.rules.lint import OVERLOAD, Away, Holder, Row, Team, lint, overlap, vacuum
from raci.rules.sentences import LABELS, SENTENCES, sentence

# --- letters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("", ""),
        ("R", "R"),
        ("a/r", "RA"),
        ("R / A", "RA"),
        ("I, c", "CI"),
        ("ＲＡ", "RA"),
        ("**R/A**", "RA"),
        ("负责、审批", "RA"),
        ("知会", "I"),
        ("Accountable", "A"),
        ("–", ""),
        (None, ""),
        ("RRR", "R"),
    ],
)
def test_letters_are_read_from_what_people_write(text, letters):
    assert rules.parse(text) == (letters, "")


@pytest.mark.parametrize("text", ["X", "R/Q", "=R", "yes", "S"])
def test_what_is_no_letter_is_named(text):
    assert rules.parse(text)[1]
    with pytest.raises(Invalid):
        rules.check(text)


@pytest.mark.parametrize(("text", "support", "letters"), [("S", "C", "C"), ("A/S", "R", "RA"), ("支持", "C", "C")])
def test_support_becomes_what_was_chosen(text, support, letters):
    assert rules.parse(text, support) == (letters, "")
    assert rules.has_support(text)


@pytest.mark.parametrize("text", ["", "R/A", "X", "S/X"])
def test_no_support_is_asked_about_where_there_is_none(text):
    assert not rules.has_support(text)


def test_a_cell_is_shown_with_its_letters_apart():
    assert rules.shown("RA") == "R/A" and rules.shown("") == ""


# --- lint -----------------------------------------------------------------------------------------------------------

MONDAY = date(2026, 11, 2)
ANA, BO, CY = "ana", "bo", "cy"
P_ANA = Holder("p-ana", "person", "Ana", frozenset({ANA}))
P_BO = Holder("p-bo", "person", "Bo", frozenset({BO}))
F_COPY = Holder("f-copy", "function", "Content", frozenset({BO, CY}))
F_NONE = Holder("f-none", "function", "Legal")
AGENCY = Holder("o-agency", "organization", "Agency", frozenset({CY}))
HOLDERS = [P_ANA, P_BO, F_COPY, F_NONE, AGENCY]
TEAM = {"names": {ANA: "Ana", BO: "Bo", CY: "Cy"}, "approvers": frozenset({ANA, CY})}


def row(n=1, **values):
    return Row(f"r{n}", f"Row {n}", MONDAY, MONDAY + timedelta(4), **values)


def codes(rows, letters, **team):
    """[(code, row ids)] of the findings; `letters` is {(row number, holder): text}."""
    cells = {(f"r{n}", holder.id): text for (n, holder), text in letters.items()}
    return [(one.code, one.rows) for one in lint(rows, HOLDERS, cells, Team(**(TEAM | team)))]


def test_a_row_in_order_has_no_finding():
    assert codes([row()], {(1, P_BO): "R", (1, P_ANA): "A"}) == []
    assert codes([row()], {(1, P_ANA): "RA"}) == []


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ({}, ["no_r", "no_a"]),
        ({(1, P_ANA): "A"}, ["no_r"]),
        ({(1, P_BO): "R"}, ["no_a"]),
        ({(1, P_ANA): "RA", (1, AGENCY): "A"}, ["two_a"]),
        ({(1, P_BO): "RA"}, ["a_without_right"]),
        ({(1, P_ANA): "R", (1, F_NONE): "A"}, ["a_without_right"]),
        ({(1, P_ANA): "A", (1, F_NONE): "R"}, ["nobody_behind"]),
        ({(1, P_ANA): "R", (1, F_COPY): "A"}, []),
        ({(1, P_ANA): "R", (1, AGENCY): "A"}, []),
    ],
)
def test_what_a_row_lacks(letters, found):
    assert codes([row()], letters) == [(code, ("r1",)) for code in found]


def test_an_organisation_does_not_answer_for_money():
    assert codes([row(is_about_money=True)], {(1, P_ANA): "R", (1, AGENCY): "A"}) == [
        ("organization_on_money", ("r1",))
    ]
    assert codes([row(is_about_money=True)], {(1, P_ANA): "RA"}) == []


def test_away_on_the_due_day_without_somebody_standing_in():
    due = MONDAY + timedelta(4)
    away = Away(ANA, due, due + timedelta(3))
    letters = {(1, P_ANA): "RA"}
    assert codes([row()], letters, absences=(away,)) == [("absent", ("r1",))]
    assert codes([row()], letters, absences=(Away(ANA, MONDAY, due - timedelta(1)),)) == []
    assert codes([row(is_done=True)], letters, absences=(away,)) == []
    assert codes([row()], letters, absences=(away,), delegations=(Away(ANA, due, due, BO),)) == []
    late = Away(ANA, due + timedelta(1), due + timedelta(9), BO)
    assert codes([row()], letters, absences=(away,), delegations=(late,)) == [("absent", ("r1",))]
    both_away = (away, Away(BO, due, due))
    assert codes([row()], letters, absences=both_away, delegations=(Away(ANA, due, due, BO),)) == [("absent", ("r1",))]


def test_a_function_is_away_only_when_all_behind_it_are():
    due = MONDAY + timedelta(4)
    letters = {(1, P_ANA): "A", (1, F_COPY): "R"}
    assert codes([row()], letters, absences=(Away(BO, due, due),)) == []
    assert codes([row()], letters, absences=(Away(BO, due, due), Away(CY, due, due))) == [("absent", ("r1",))]


def test_too_many_rows_in_one_week():
    rows = [row(n) for n in range(1, OVERLOAD + 2)]
    letters = {(n, P_ANA): "RA" for n in range(1, OVERLOAD + 2)}
    assert codes(rows, letters) == [("overload", tuple(one.id for one in rows))]
    assert codes(rows[1:], {cell: text for cell, text in letters.items() if cell[0] > 1}) == []
    later = [*rows[:-1], Row(rows[-1].id, "Late", MONDAY + timedelta(7), MONDAY + timedelta(9))]
    assert codes(later, letters) == []
    done = [*rows[:-1], Row(rows[-1].id, "Done", MONDAY, MONDAY, is_done=True)]
    assert codes(done, letters) == []


def test_work_of_a_function_weighs_on_the_only_person_behind_it():
    alone = Holder("f-data", "function", "Data", frozenset({ANA}))
    rows = [row(n) for n in range(1, OVERLOAD + 2)]
    cells = {(one.id, alone.id): "RA" for one in rows}
    assert [one.code for one in lint(rows, [alone], cells, Team(**TEAM))] == ["overload"]
    shared = {(one.id, F_COPY.id): "RA" for one in rows}
    assert lint(rows, HOLDERS, shared, Team(**TEAM)) == []


def test_two_rows_about_one_deliverable_have_one_a():
    about = {"subjects": frozenset({("deliverable", 1)})}
    rows = [row(1, **about), row(2, **about), row(3)]
    third = {(3, P_ANA): "RA"}
    assert codes(rows, {(1, P_ANA): "RA", (2, P_ANA): "RA", **third}) == []
    assert codes(rows, {(1, P_ANA): "RA", (2, AGENCY): "RA", **third}) == [("different_a", ("r1", "r2"))]


def test_a_member_without_any_letter():
    letters = {(1, P_ANA): "RA"}
    found = codes([row()], letters, members=(ANA, BO))
    assert found == [("no_letter", ())]
    assert codes([row()], {(1, P_ANA): "RA", (1, F_COPY): "I"}, members=(ANA, BO, CY)) == []


def test_what_blocks_comes_first():
    rows = [row(1, is_about_money=True), row(2)]
    found = codes(rows, {(1, P_ANA): "R", (1, AGENCY): "A", (2, P_ANA): "R"})
    assert [code for code, _rows in found] == ["no_a", "organization_on_money"]


def test_vacuum_and_overlap_count_rows():
    rows = [row(n) for n in (1, 2, 3)]
    cells = {("r1", "p-ana"): "RA", ("r2", "p-ana"): "RA", ("r2", "p-bo"): "A", ("r3", "p-bo"): "R"}
    assert vacuum(rows, cells) == ["r3"] and overlap(rows, cells) == ["r2"]
    same = [row(n, subjects=frozenset({("name", "x")})) for n in (1, 2)]
    assert overlap(same, {("r1", "p-ana"): "RA", ("r2", "p-bo"): "RA"}) == ["r1", "r2"]


def test_every_finding_has_its_words():
    values = dict.fromkeys(("title", "name", "names", "day", "count"), "x")
    assert set(SENTENCES) == set(LABELS)
    for code in SENTENCES:
        finding = type("F", (), {"code": code, "values": values})
        assert "%" not in sentence(finding)
