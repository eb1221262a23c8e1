"""What a careless or hostile client sends to the matrix: a clear sentence, nothing lost, no fault of ours."""

import json

import pytest

from raci.models import RaciRow
from tests.raci.conftest import deliverable_of, task_in


@pytest.mark.parametrize("what", ["rows", "columns"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, None),
        ({"by": "1"}, None),
        ("", "application/json"),
        ("[]", "application/json"),
        ('{"ids": 5}', "application/json"),
        ('{"ids": ["\\ud800"]}', "application/json"),
        ("[" * 10_000, "application/json"),
    ],
)
def test_an_order_that_is_none_is_refused(board, owner, what, body, kind):
    sent = {"content_type": kind} if kind else {}
    answer = owner.post(f"{board.world.c}/raci/{what}/order/", body, **sent)
    assert answer.status_code == 422 and answer.json()["code"] == "unreadable"


def test_rows_of_archived_work_are_refused(board, owner):
    gone = task_in(board.campaign, "Gone", archived_at="2026-11-02T00:00:00Z")
    part = deliverable_of(gone, "Also gone")
    for name, thing in (("tasks", gone), ("deliverables", part)):
        body = {"campaign": board.campaign.code, name: [str(thing.pk)]}
        answer = owner.post("/api/v1/raci-rows/from-plan/", json.dumps(body), "application/json")
        assert answer.status_code == 409 and answer.json()["code"] == "archived"
    assert not RaciRow.objects.filter(task=gone).exists()


@pytest.mark.parametrize("text", ["RAXS", " " * 45 + "X", "R" * 41, 5, [], {}, False])
def test_letters_that_are_none_leave_the_cell(board, owner, text):
    """Nothing of what was typed is cut off: a cell is written whole or not at all."""
    board.set((board.writing, board.chen, "R"))
    cell = {"row": str(board.writing.pk), "col": str(board.chen.pk), "value": text}
    answer = owner.post(f"{board.world.c}/raci/letters/", json.dumps({"changes": [cell]}), "application/json")
    assert answer.status_code == 422 and answer.json()["detail"]
    assert list(board.letters().values()) == ["R"]


def test_twenty_thousand_and_one_cells_are_refused(board, owner):
    cell = {"row": str(board.writing.pk), "col": str(board.chen.pk), "value": "R"}
    body = json.dumps({"changes": [cell] * 20_001})
    answer = owner.post(f"{board.world.c}/raci/letters/", body, "application/json")
    assert answer.status_code == 422 and answer.json()["code"] == "too_many_cells"
    assert not board.letters()
