"""Rows, columns and letters through both doors: conflicts, order, undo, rows that follow their tasks, findings."""

import json
import threading
import uuid

import pytest
from django.db import connections
from django.utils import timezone
from django_scopes import scope

from accounts.models import Absence
from campaigns.actions import add_delegation, add_function
from core.errors import RuleBroken
from core.models import Activity
from raci import actions
from raci.models import Letter, RaciHolder, RaciRow, cells_of, findings_of
from tests import conftest, factories
from tests.raci.conftest import day, deliverable_of, task_in

CONTENT, LEGAL, CHEN = "Content", "Legal", "Chen Wei"


def save(doors, board, *cells):
    """(row, column, letters, seen?) by a door."""
    keys = ("row", "col", "value", "was"), ("row", "holder", "letters", "seen")
    texts = [[str(one[0].pk), str(one[1].pk), *one[2:]] for one in cells]
    sent, body = ([dict(zip(each, text, strict=False)) for text in texts] for each in keys)
    return doors.act(
        page="letters/",
        sent={"changes": sent},
        api="raci-letters/bulk/",
        body={"campaign": board.campaign.code, "changes": body},
    )


# --- letters --------------------------------------------------------------------------------------------------------


def test_letters_are_set_changed_and_cleared(doors, board):
    assert save(doors, board, (board.writing, board.content, "R"), (board.writing, board.chen, "a/r"))
    assert board.letters() == {("Write copy", CONTENT): "R", ("Write copy", CHEN): "RA"}
    assert save(doors, board, (board.writing, board.content, ""), (board.writing, board.chen, "A"))
    assert board.letters() == {("Write copy", CHEN): "A"}
    line = Activity.objects.filter(verb="raci.letters_set").latest("at")
    assert line.changes["Write copy · Chen Wei"] == ["R/A", "A"] and line.changes["cells"] == [None, 2]


def test_one_bad_cell_refuses_the_batch_and_is_named(doors, board):
    assert not save(doors, board, (board.writing, board.content, "R"), (board.launch, board.chen, "X"))
    assert "none of the letters" in doors.words and not Letter.objects.exists()
    if doors.door == "page":
        (fault,) = doors.answer.json()["errors"]
        assert (fault["row"], fault["col"]) == (str(board.launch.pk), str(board.chen.pk))


def test_headings_carry_no_letters_and_a_cell_is_named_once(doors, board):
    heading = actions.add_row(board.world.actor, campaign=board.campaign, kind="section", title="Before")
    assert not save(doors, board, (heading, board.chen, "R"))
    assert "A heading carries no letters." in doors.words
    assert not save(doors, board, (board.launch, board.chen, "R"), (board.launch, board.chen, "A"))
    assert "This cell is named twice." in doors.words


def test_cells_of_another_campaign_are_unknown(doors, board, other):
    elsewhere = factories.campaign(board.world.workspace, board.world.owner)
    foreign = actions.add_row(board.world.actor, campaign=elsewhere, kind="decision", title="Other")
    for row in (foreign, RaciRow(pk=uuid.uuid4())):
        assert not save(doors, board, (row, board.chen, "R"))
        assert "There is no such row in this matrix." in doors.words


def test_what_somebody_else_set_is_not_overwritten(doors, board):
    board.set((board.writing, board.chen, "I"))
    assert not save(doors, board, (board.writing, board.chen, "R", ""), (board.launch, board.chen, "A", ""))
    assert doors.answer.status_code == 409 and "Somebody else set I here." in doors.words
    assert board.letters() == {("Write copy", CHEN): "I"}
    if doors.door == "page":
        (conflict,) = doors.answer.json()["errors"]
        assert conflict["now"] == "I"
    assert save(doors, board, (board.writing, board.chen, "R", "I"))


def test_two_people_who_set_the_same_letters_agree(doors, board):
    board.set((board.writing, board.chen, "RA"))
    assert save(doors, board, (board.writing, board.chen, "A/R", ""))


def test_the_sheet_saves_an_empty_cell_as_null(world, owner, board):
    board.set((board.writing, board.chen, "R"))
    change = {"row": str(board.writing.pk), "col": str(board.chen.pk), "value": None, "was": "R"}
    answer = owner.post(f"{world.c}/raci/letters/", json.dumps({"changes": [change]}), "application/json")
    assert answer.status_code == 200 and not Letter.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"changes": 5}', '{"changes": [{}]}', '{"changes": [{"row": 1, "col": 2, "value": []}]}']
)
def test_what_no_sheet_sends_is_refused(world, owner, board, body):
    answer = owner.post(f"{world.c}/raci/letters/", body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["detail"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_one_cell_at_once_one_is_told(transactional_db):
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        row = actions.add_row(world.actor, campaign=world.campaign, kind="decision", title="Go")
        column = actions.add_holder(world.actor, campaign=world.campaign, kind="person", user=world.owner)
    together, outcomes = threading.Barrier(2), []

    def write(letters):
        together.wait()
        with scope(workspace=world.workspace.pk):
            try:
                change = actions.Change(row.pk, column.pk, letters, "")
                outcomes.append(actions.set_letters(world.actor, campaign=world.campaign, changes=[change]))
            except RuleBroken as told:
                outcomes.append(told.extra["cells"][0]["now"])
        connections.close_all()

    threads = [threading.Thread(target=write, args=(letters,)) for letters in ("R", "A")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with scope(workspace=world.workspace.pk):
        (kept,) = cells_of(world.campaign).values()
    assert sorted(map(str, outcomes)) == sorted(["1", kept])


# --- rows -----------------------------------------------------------------------------------------------------------


def test_a_decision_is_added_behind_another_row_changed_and_removed(doors, board):
    campaign = board.campaign
    typed = {"kind": "decision", "title": " Budget ", "due_date": "2026-11-09", "is_about_money": "on"}
    body = {**typed, "campaign": campaign.code, "is_about_money": True, "after": str(board.writing.pk)}
    assert doors.act(page="rows/new/", typed=typed, api="raci-rows/", body=body)
    row = RaciRow.objects.get(title="Budget")
    assert (row.due, row.is_about_money) == (day(9), True)
    names = [each.name for each in RaciRow.objects.of(campaign).with_work()]
    expected = ["Write copy", "Go live", "Budget"] if doors.door == "page" else ["Write copy", "Budget", "Go live"]
    assert names == expected
    typed = {"title": "Money", "due_date": "", "lock_version": row.lock_version}
    body = {"title": "Money", "due_date": None, "is_about_money": False}
    one = f"raci-rows/{row.pk}/"
    assert doors.act(page=f"rows/{row.pk}/change/", typed=typed, api=one, body=body, method="patch")
    row.refresh_from_db()
    assert (row.title, row.due_date, row.is_about_money) == ("Money", None, False)
    assert doors.act(page=f"rows/{row.pk}/remove/", api=one, method="delete")
    assert not RaciRow.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("kind", ["task", "nonsense"])
def test_own_titles_are_for_decisions_and_headings(doors, board, kind):
    typed = {"kind": kind, "title": "x"}
    body = {**typed, "campaign": board.campaign.code}
    assert not doors.act(page="rows/new/", typed=typed, api="raci-rows/", body=body)
    assert RaciRow.objects.count() == 2


def test_the_title_of_a_task_is_not_changed_in_the_matrix(board, owner):
    url = f"/api/v1/raci-rows/{board.writing.pk}/"
    answer = owner.patch(url, {"title": "Mine"}, "application/json", headers={"If-Match": "*"})
    assert answer.status_code == 400 and "others follow the plan" in answer.content.decode()
    assert owner.patch(url, {"is_about_money": True}, "application/json", headers={"If-Match": "*"}).status_code == 200


def test_rows_are_made_from_the_plan(doors, board):
    campaign = board.campaign
    wave = factories.phase(campaign, "Wave")
    first, second = task_in(campaign, "Shoot", phase=wave), task_in(campaign, "Launch day", kind="milestone")
    gone = task_in(campaign, "Old", archived_at=timezone.now())
    film = deliverable_of(first, "Film")
    typed, body = {"phase": str(wave.pk)}, {"campaign": campaign.code, "phase": str(wave.pk)}
    assert doors.act(page="rows/from-plan/", typed=typed, api="raci-rows/from-plan/", body=body)
    assert [row.task for row in RaciRow.objects.of(campaign).exclude(task=None)] == [board.task, first]
    typed, body = {"deliverable": str(film.pk)}, {"campaign": campaign.code, "deliverables": [str(film.pk)]}
    assert doors.act(page="rows/from-plan/", typed=typed, api="raci-rows/from-plan/", body=body)
    typed, body = {"task": str(second.pk)}, {"campaign": campaign.code, "tasks": [str(second.pk)]}
    assert doors.act(page="rows/from-plan/", typed=typed, api="raci-rows/from-plan/", body=body)
    everything = {"campaign": campaign.code, "with_deliverables": True}
    page = {"page": "rows/from-plan/", "typed": {"with_deliverables": "on"}}
    assert doors.act(**page, api="raci-rows/from-plan/", body=everything)
    rows = list(RaciRow.objects.of(campaign).with_work())
    assert [(row.name, row.kind) for row in rows[2:]] == [
        ("Shoot", "task"),
        ("Film", "deliverable"),
        ("Launch day", "milestone"),
    ]
    assert gone.pk not in {row.task_id for row in rows}


def test_a_row_follows_its_task(board):
    task, actor = board.task, board.world.actor
    board.set((board.writing, board.chen, "RA"))
    type(task).objects.filter(pk=task.pk).update(title="Write all copy", finish_date=day(20), kind="milestone")
    row = RaciRow.objects.shown().with_work().get(pk=board.writing.pk)
    assert (row.name, row.due, row.shown_kind) == ("Write all copy", day(20), "milestone")
    type(task).objects.filter(pk=task.pk).update(archived_at=timezone.now())
    assert not RaciRow.objects.shown().filter(pk=row.pk).exists()
    assert {one.row for one in findings_of(actor, board.campaign) if one.code.startswith("no_")} == {
        board.launch.pk,
        "",
    }
    with pytest.raises(Exception, match="no such row"):
        board.set((board.writing, board.chen, "R"))
    type(task).objects.filter(pk=task.pk).update(archived_at=None)
    assert RaciRow.objects.shown().filter(pk=row.pk).exists()
    assert cells_of(board.campaign) == {(row.pk, board.chen.pk): "RA"}


def test_rows_and_columns_are_put_into_order(doors, board):
    ids = [str(board.launch.pk), str(board.writing.pk)]
    body = {"campaign": board.campaign.code, "rows": ids}
    assert doors.act(page="rows/order/", sent={"ids": ids}, api="raci-rows/reorder/", body=body)
    assert list(RaciRow.objects.values_list("pk", flat=True)) == [board.launch.pk, board.writing.pk]
    ids = [str(one.pk) for one in (board.chen, board.legal, board.content)]
    body = {"campaign": board.campaign.code, "holders": ids}
    assert doors.act(page="columns/order/", sent={"ids": ids}, api="raci-holders/reorder/", body=body)
    assert [str(pk) for pk in RaciHolder.objects.values_list("pk", flat=True)] == ids


def test_a_row_and_a_column_move_by_a_step_without_scripts(world, owner, board):
    step = {"id": str(board.launch.pk), "by": "-1", "back": "rows"}
    answer = owner.post(f"{world.c}/raci/rows/order/", step)
    assert answer.status_code == 302 and answer["Location"].endswith("/raci/rows/")
    assert list(RaciRow.objects.values_list("pk", flat=True)) == [board.launch.pk, board.writing.pk]
    owner.post(f"{world.c}/raci/rows/order/", step)  # the first stays the first
    assert RaciRow.objects.first().pk == board.launch.pk
    owner.post(f"{world.c}/raci/columns/order/", {"id": str(board.content.pk), "by": "1"})
    assert [one.label for one in RaciHolder.objects.with_names()] == [LEGAL, CONTENT, CHEN]
    for body in ("[]", '{"ids": 5}', "x"):
        assert owner.post(f"{world.c}/raci/rows/order/", body, content_type="application/json").status_code == 422


# --- columns --------------------------------------------------------------------------------------------------------


def test_a_column_is_added_once_and_removed(doors, board):
    agency = factories.organization(board.world.workspace)
    typed = {"kind": "organization", "organization": str(agency.pk)}
    body = {"campaign": board.campaign.code, **typed}
    assert doors.act(page="columns/new/", typed=typed, api="raci-holders/", body=body)
    assert not doors.act(page="columns/new/", typed=typed, api="raci-holders/", body=body)
    assert "This column is there already." in doors.words
    holder = RaciHolder.objects.get(organization=agency)
    assert doors.act(page=f"columns/{holder.pk}/remove/", api=f"raci-holders/{holder.pk}/", method="delete")
    assert not RaciHolder.objects.filter(pk=holder.pk).exists()


def test_a_column_is_one_thing(doors, board):
    typed = {"kind": "person", "function": "sales"}
    body = {"campaign": board.campaign.code, **typed}
    assert not doors.act(page="columns/new/", typed=typed, api="raci-holders/", body=body)
    assert "Name one function, person or organisation." in doors.words


def test_the_whole_team_becomes_columns(world, doors, board):
    add_function(
        world.actor, campaign=world.campaign, function="data", organization=factories.organization(world.workspace)
    )
    for kind, expected in (("function", "Data"), ("person", None), ("organization", "Agency")):
        body = {"campaign": world.campaign.code, "kind": kind}
        assert doors.act(page="columns/team/", typed={"kind": kind}, api="raci-holders/team/", body=body)
        labels = [one.label for one in RaciHolder.objects.with_names()]
        assert expected is None or labels[-1] == expected
    assert labels == [CONTENT, LEGAL, CHEN, "Data", "Agency"]


# --- undo -----------------------------------------------------------------------------------------------------------


def undo_last(world, verb):
    line = Activity.objects.filter(verb=verb).latest("at")
    return world.client().post(f"{world.c}/raci/undo/{line.pk}/", headers={"Accept": "application/json"})


def test_a_removed_row_and_column_come_back_with_their_letters(world, board):
    board.set((board.launch, board.chen, "RA"), (board.launch, board.content, "C"))
    actions.remove_row(world.actor, row=board.launch)
    assert cells_of(board.campaign) == {}
    assert undo_last(world, "raci.row_removed").status_code == 200
    assert board.letters() == {("Go live", CHEN): "RA", ("Go live", CONTENT): "C"}
    assert RaciRow.objects.get(pk=board.launch.pk).due_date == day(10)
    actions.remove_holder(world.actor, holder=board.chen)
    assert undo_last(world, "raci.holder_removed").status_code == 200
    assert board.letters() == {("Go live", CHEN): "RA", ("Go live", CONTENT): "C"}
    assert undo_last(world, "raci.holder_removed").status_code == 200  # twice is once


def test_letters_are_taken_back_unless_somebody_changed_them_since(world, board):
    board.set((board.launch, board.chen, "RA"), (board.writing, board.chen, "R"))
    board.set((board.launch, board.chen, "C"))
    line = Activity.objects.filter(verb="raci.letters_set").earliest("at")
    url = f"{world.c}/raci/undo/{line.pk}/"
    answer = world.client().post(url, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert board.letters() == {("Go live", CHEN): "C", ("Write copy", CHEN): "R"}
    assert Activity.objects.get(pk=line.pk).undone_at is None
    board.set((board.launch, board.chen, "RA"))
    assert world.client().post(url, headers={"Accept": "application/json"}).status_code == 200
    assert board.letters() == {}


def test_rows_that_were_added_stay_once_they_carry_letters(world, board):
    task_in(board.campaign, "Second")
    (row,) = actions.add_from_plan(world.actor, campaign=board.campaign)
    board.set((row, board.chen, "R"))
    assert undo_last(world, "raci.rows_added").status_code == 409
    board.set((row, board.chen, ""))
    assert undo_last(world, "raci.rows_added").status_code == 200
    assert RaciRow.objects.count() == 2


# --- standing -------------------------------------------------------------------------------------------------------


def codes(board):
    """[(code, name of the row)] of the findings."""
    names = {row.pk: row.name for row in RaciRow.objects.of(board.campaign).with_work()}
    return sorted((one.code, names[one.row]) for one in findings_of(board.world.actor, board.campaign))


def test_findings_read_roles_absences_and_delegates(world, board):
    chen = board.chen.user
    board.set((board.writing, board.chen, "RA"), (board.launch, board.content, "RA"))
    assert codes(board) == []
    Absence.objects.create(workspace=world.workspace, user=chen, start_date=day(5), finish_date=day(6))
    assert codes(board) == [("absent", "Write copy")]
    li = factories.member(world.workspace, name="Li Na")
    add_delegation(world.actor, member=board.member, delegate=li, start_date=day(6), finish_date=day(6))
    assert codes(board) == []
    chen.memberships.update(role="viewer")
    assert codes(board) == [("a_without_right", "Go live"), ("a_without_right", "Write copy")]


def test_an_organisation_stands_behind_the_function_it_holds(world, board):
    agency = factories.organization(world.workspace)
    board.set((board.writing, board.legal, "RA"), (board.launch, board.chen, "RA"))
    assert codes(board) == [("a_without_right", "Write copy")]
    add_function(world.actor, campaign=world.campaign, function="legal", organization=agency)
    assert codes(board) == [("a_without_right", "Write copy")]
    buyer = factories.member(world.workspace, name="Bao")
    buyer.memberships.update(organization=agency)
    assert codes(board) == []


def test_a_task_with_a_cost_is_about_money(world, board):
    agency = factories.organization(world.workspace)
    factories.member(world.workspace, name="Bao").memberships.update(organization=agency)
    column = actions.add_holder(world.actor, campaign=world.campaign, kind="organization", organization=agency)
    board.set((board.writing, column, "RA"), (board.launch, board.chen, "RA"))
    assert codes(board) == []
    type(board.task).objects.update(cost_amount=100)
    assert codes(board) == [("organization_on_money", "Write copy")]


def test_a_task_and_its_deliverable_have_one_a(world, board):
    film = deliverable_of(board.task, "Film")
    (row,) = actions.add_from_plan(world.actor, campaign=board.campaign, deliverables=[film])
    cells = [(board.launch, board.chen, "RA"), (board.writing, board.chen, "RA"), (row, board.content, "RA")]
    board.set(*cells)
    assert [one.code for one in findings_of(world.actor, board.campaign)] == ["different_a"]


def test_findings_by_rest(world, owner, board):
    board.set((board.writing, board.chen, "R"))
    answer = owner.get(f"/api/v1/raci-findings/?campaign={board.campaign.code}").json()["results"]
    assert [(one["code"], one["severity"], one["row"]) for one in answer] == [
        ("no_r", "block", str(board.launch.pk)),
        ("no_a", "block", str(board.writing.pk)),
        ("no_a", "block", str(board.launch.pk)),
    ]
    assert answer[0]["detail"] == "“Go live”: nobody is responsible (no R)."
    assert owner.get("/api/v1/raci-findings/").status_code == 400
    assert owner.get("/api/v1/raci-findings/?campaign=nowhere").status_code == 400


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_viewer_changes_nothing(onlooker, board):
    campaign = board.campaign
    assert not save(onlooker, board, (board.writing, board.chen, "R"))
    body = {"campaign": campaign.code, "kind": "decision", "title": "x"}
    assert not onlooker.act(page="rows/new/", typed=body, api="raci-rows/", body=body)
    one = f"raci-rows/{board.launch.pk}/"
    assert not onlooker.act(page=f"rows/{board.launch.pk}/remove/", api=one, method="delete")
    assert not onlooker.act(page="import/", typed={"text": "x"}, api="raci-imports/", body={"campaign": campaign.code})
    assert not Letter.objects.exists() and RaciRow.objects.count() == 2
    text = onlooker.client.get(f"{board.world.c}/raci/").content.decode()
    assert "data-save-url" not in text and "Write copy" in text


def test_the_feed_is_quiet_until_something_changes(world, owner, board):
    url = f"{world.c}/raci/feed/"
    first = owner.get(url)
    assert first.json()["cells"] == []
    assert owner.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    board.set((board.writing, board.chen, "RA"))
    second = owner.get(url, headers={"If-None-Match": first["ETag"]})
    assert second.json()["cells"] == [[str(board.writing.pk), str(board.chen.pk), "RA"]]
    assert second.json()["structure"] == first.json()["structure"]
    actions.remove_row(world.actor, row=board.launch)
    assert owner.get(url).json()["structure"] != first.json()["structure"]


def test_one_row_is_set_by_its_own_page(world, owner, board):
    board.set((board.writing, board.chen, "I"))
    url = f"{world.c}/raci/rows/{board.writing.pk}/"
    assert "checked" in owner.get(url).content.decode()
    data = {f"seen-{board.chen.pk}": "I", f"letters-{board.chen.pk}": ["R", "A"], f"seen-{board.legal.pk}": ""}
    assert owner.post(f"{url}letters/", data).status_code == 302
    assert board.letters() == {("Write copy", CHEN): "RA"}
    stale = owner.post(f"{url}letters/", data, follow=True)
    assert not [each for each in stale.context["messages"] if each.level_tag == "error"]  # the same letters again
    board.set((board.writing, board.chen, "C"))
    stale = owner.post(f"{url}letters/", data, follow=True)
    assert "Somebody else set C here." in stale.content.decode()
    assert board.letters() == {("Write copy", CHEN): "C"}


def test_the_pages_ask_the_same_however_large_the_matrix_is(world, owner, board, assert_budget):
    for n in range(30):
        task_in(board.campaign, f"Task {n}")
    rows = actions.add_from_plan(world.actor, campaign=board.campaign)
    board.set(*((row, board.chen, "RA") for row in rows))
    for name, path in (
        ("matrix", ""),
        ("rows", "rows/"),
        ("feed", "feed/"),
        ("findings", "findings/"),
        ("adding", "adding/"),
    ):
        with assert_budget(f"raci:{name}"):
            assert owner.get(f"{world.c}/raci/{path}").status_code == 200
    with assert_budget("raci:row"):
        owner.get(f"{world.c}/raci/rows/{rows[0].pk}/")
    for noun in ("raci-rows", "raci-holders", "raci-letters", "raci-findings"):
        with assert_budget(f"api:{noun}-list"):
            assert owner.get(f"/api/v1/{noun}/?campaign={board.campaign.code}").status_code == 200
    with assert_budget("raci:save"):
        board_cells = [{"row": str(row.pk), "col": str(board.legal.pk), "value": "C", "was": ""} for row in rows]
        body = json.dumps({"changes": board_cells})
        assert owner.post(f"{world.c}/raci/letters/", body, content_type="application/json").status_code == 200


def test_a_matrix_is_counted_on_the_campaigns_page(world, owner, board):
    board.set((board.writing, board.chen, "RA"), (board.writing, board.content, "A"))
    text = owner.get(f"{world.c}/").content.decode()
    assert "1 row where nobody is responsible or answers for it" in text
    assert "1 row where two answer for it" in text
