"""A matrix from a file: what is read, what the preview says, the act and its undo; out and in again unchanged."""

import csv
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from core.errors import Invalid
from core.export import csv_bytes, xlsx_bytes
from core.models import Activity
from core.tabular import Unreadable
from raci import actions
from raci.actions.imports import look_at, sheet_of
from raci.importers import Answers, read
from raci.models import RaciHolder, RaciRow, cells_of
from raci.models.leaving import table_of
from tests import factories
from tests.raci.conftest import day, deliverable_of, task_in

PLAIN = "Task,Content,Legal,Chen Wei\nWrite copy,R/A,C,I\nGo live,R,A,\nName the price,,A,R\n"


def texts(sheet):
    return [(line.kind, line.title, line.cells) for line in sheet.lines]


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_its_encodings(encoding, delimiter):
    text = delimiter.join(["任务", "市场部", "法务"]) + "\n" + delimiter.join(["撰写文案", "负责", "R/A"]) + "\n"
    sheet = read(text.encode(encoding))
    assert sheet.columns == ("市场部", "法务")
    assert texts(sheet) == [("", "撰写文案", ("负责", "R/A"))]


def test_heads_may_say_kind_due_and_money():
    sheet = read(b"Kind,Row,Due,About money,Ana\nDecision,Go,2026/11/03,yes,A\nheading,Part,,,\ntask,Copy,,no,R\n")
    go, part, copy = sheet.lines
    assert (go.kind, go.due, go.is_about_money, go.cells) == ("decision", "2026-11-03", True, ("A",))
    assert (part.kind, part.title, copy.kind, copy.is_about_money) == ("section", "Part", "task", False)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Decision,Go,3.11.26,yes,A", "Write the day as 2026-11-23"),
        ("riddle,Go,,yes,A", "is no kind of row"),
        ("Decision,Go,,perhaps,A", "Say yes or no"),
        ("Decision,,,yes,A", "The row has no title."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_line(line, words):
    (found,) = read(f"Kind,Row,Due,About money,Ana\n{line}\n".encode()).lines
    assert words in found.error


def test_a_title_alone_is_a_heading_and_tables_repeat_their_head():
    one = "## One\n| Work | Ana |\n|---|:-:|\n| Copy | **R/A** |\n\n"
    text = f"# Plan\n\n{one}## Two\n\n| Work | Ana |\n|---|---|\n| Film | S |\n\n## Notes\n- x\n"
    assert texts(read(text.encode())) == [
        ("section", "One", ()),
        ("", "Copy", ("R/A",)),
        ("section", "Two", ()),
        ("", "Film", ("S",)),
    ]
    assert texts(read(b"Work,Ana\nPart one,\nCopy,R\n"))[0] == ("section", "Part one", ("",))


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"just words", b"PK\x03\x04broken", b"\x00\x01\x02", b'a,b\n"open,1\n', b"\xff\xfe\x00"]
)
def test_what_is_no_table_is_refused_in_words(content):
    with pytest.raises(Unreadable, match=r"\w+ \w+"):
        read(content)
    with pytest.raises(Invalid):
        sheet_of(content)


def test_a_workbook_is_read_and_a_formula_is_text():
    book = openpyxl.Workbook()
    for cells in (["Task", "Ana"], ["=1+1", "R"], ["Film", "R/A"]):
        book.active.append(cells)
    book.active["A2"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    assert [line.title for line in read(out.getvalue()).lines] == ["=1+1", "Film"]


@pytest.mark.samples
def test_the_rasci_of_a_real_team(samples, world):
    content = (samples / "raci/rasci_marketing/RASCI.md").read_bytes()
    sheet = read(content)
    assert sheet.columns == ("Strategy", "Creative", "Growth", "Content", "Analytics")
    assert [line.title for line in sheet.lines if line.kind == "section"] == [
        f"{name} Activities" for name in ("Strategic", "Creative", "Growth", "Content", "Analytics")
    ]
    seen = look_at(world.actor, campaign=world.campaign, sheet=sheet)
    assert [one.place and one.place.key for one in seen.columns] == [
        "function:marketing",
        "function:design",
        None,
        "function:content",
        "function:data",
    ]
    assert seen.has_support and not seen.is_ready and not seen.faults
    answers = Answers(columns={"Growth": "function:sales"}, support="R")
    activity, _seen = actions.apply_import(world.actor, campaign=world.campaign, sheet=sheet, answers=answers)
    assert RaciRow.objects.count() == 34 and RaciHolder.objects.count() == 5
    letters = {
        (row.title, one.label): cells_of(world.campaign).get((row.pk, one.pk))
        for row in RaciRow.objects.filter(title__in=("Brand strategy", "Campaign concepts"))
        for one in RaciHolder.objects.with_names()
    }
    assert letters["Brand strategy", "Marketing"] == "A" and letters["Brand strategy", "Design"] == "R"
    assert letters["Campaign concepts", "Design"] == "RA" and letters["Campaign concepts", "Sales"] == "R"  # an S
    actions.undo(world.actor, campaign=world.campaign, activity=activity)
    assert not RaciRow.objects.exists() and not RaciHolder.objects.exists()


# --- the preview ----------------------------------------------------------------------------------------------------


def look(board, text=PLAIN, **answers):
    return look_at(board.world.actor, campaign=board.campaign, sheet=read(text.encode()), answers=Answers(**answers))


def test_each_change_is_told(board):
    board.set((board.writing, board.content, "R"), (board.launch, board.chen, "C"), (board.writing, board.chen, "I"))
    seen = look(board)
    assert [one.state for one in seen.columns] == ["there"] * 3
    assert [(one.kind, one.state) for one in seen.rows] == [
        ("task", "there"),
        ("decision", "there"),
        ("decision", "added"),
    ]
    assert [(one.line, one.column, one.before, one.after, one.state) for one in seen.cells] == [
        (2, 0, "R", "RA", "changed"),
        (2, 1, "", "C", "added"),
        (3, 0, "", "R", "added"),
        (3, 1, "", "A", "added"),
        (3, 2, "C", "", "removed"),
        (4, 1, "", "A", "added"),
        (4, 2, "", "R", "added"),
    ]
    assert seen.is_ready and not seen.has_support


def test_work_of_the_plan_is_found_by_its_title(board):
    shoot = task_in(board.campaign, "Shoot")
    film = deliverable_of(shoot, "Film")
    seen = look(board, "Task,Chen Wei\nSHOOT ,R\nFilm,A\nNobody knows,I\n")
    keys = [one.place and one.place.key for one in seen.rows]
    assert keys == [f"task:{shoot.pk}", f"deliverable:{film.pk}", None]
    seen = look(board, "Task,Chen Wei\nNobody knows,I\nTrash,R\n", rows={2: f"task:{shoot.pk}", 3: "skip"})
    assert [(one.state, one.kind) for one in seen.rows] == [("added", "task"), ("skipped", "")]


def test_faults_are_named_at_their_cells(board):
    seen = look(board, "Task,Chen Wei,chen wei\nWrite copy,R,X\nWrite copy,Q,\n")
    faults = [(one.line, one.column) for one in seen.faults]
    assert (2, "chen wei") in faults and (3, "Chen Wei") in faults
    assert not seen.is_ready
    with pytest.raises(Invalid):
        actions.apply_import(board.world.actor, campaign=board.campaign, sheet=read(b"Task,Chen Wei\nGo live,X\n"))


def test_a_person_of_another_workspace_is_unknown(board, other):
    seen = look(board, "Task,Somebody\nGo live,R\n", columns={"Somebody": f"person:{other.owner.pk}"})
    assert [one.state for one in seen.columns] == ["unknown"] and not seen.is_ready


# --- applying -------------------------------------------------------------------------------------------------------


def load(doors, board, text=PLAIN, *, digest=None, **answers):
    """Apply a text by a door."""
    if doors.door == "api":
        body = {"campaign": board.campaign.code, "text": text, **answers}
        return doors.act(page="", api="raci-imports/", body=body | ({"digest": digest} if digest else {}))
    typed = {
        "step": "apply",
        "sheet": json.dumps(read(text.encode()).as_json()),
        "support": answers.get("support", "C"),
    }
    titles = read(text.encode()).columns
    typed |= {f"column-{titles.index(title)}": key for title, key in answers.get("columns", {}).items()}
    return doors.act(page="import/", typed=typed | ({"digest": digest} if digest else {}), api="")


def undo(doors, board):
    line = Activity.objects.filter(verb="raci.matrix_imported").latest("at")
    client = board.world.client()
    if doors.door == "api":
        return client.post(f"/api/v1/raci-imports/{line.pk}/undo/")
    return client.post(f"{board.world.c}/raci/undo/{line.pk}/", headers={"Accept": "application/json"})


def test_a_file_is_applied_as_one_act_and_taken_back(doors, board):
    board.set((board.writing, board.content, "R"), (board.launch, board.chen, "C"))
    before = board.letters()
    assert load(doors, board)
    assert Activity.objects.filter(verb="raci.matrix_imported").count() == 1
    new = RaciRow.objects.get(title="Name the price")
    assert cells_of(board.campaign, row=new) == {(new.pk, board.legal.pk): "A", (new.pk, board.chen.pk): "R"}
    assert undo(doors, board).status_code in (200, 204)
    assert board.letters() == before and RaciRow.objects.count() == 2
    assert undo(doors, board).status_code in (200, 204)  # twice is once


def test_an_import_is_not_taken_back_over_somebodys_letters(doors, board):
    assert load(doors, board)
    board.set((board.launch, board.content, "I"))
    assert undo(doors, board).status_code == 409
    assert RaciRow.objects.count() == 3


def test_what_changed_since_the_preview_is_looked_at_again(doors, board):
    digest = look(board).digest
    board.set((board.writing, board.content, "I"))
    assert not load(doors, board, digest=digest)
    assert "The matrix has changed since the preview." in doors.words
    assert load(doors, board, digest=look(board).digest)


def test_columns_are_made_of_functions_persons_and_organisations(doors, board):
    agency = factories.organization(board.world.workspace, "Blue Media")
    text = "Task,Analytics,Blue Media,Growth\nGo live,R,A,I\n"
    assert not load(doors, board, text)
    assert "Growth" in doors.words
    assert load(doors, board, text, columns={"Growth": "skip"})
    made = RaciHolder.objects.exclude(pk__in=[board.content.pk, board.legal.pk, board.chen.pk])
    assert [(one.kind, one.function, one.organization) for one in made.with_names()] == [
        ("function", "data", None),
        ("organization", "", agency),
    ]


def test_support_becomes_what_was_chosen(doors, board):
    text = "Task,Chen Wei\nGo live,A/S\n"
    assert load(doors, board, text, support="R")
    assert board.letters() == {("Go live", "Chen Wei"): "RA"}


def test_a_file_that_changes_nothing_is_no_act(doors, board):
    assert load(doors, board)
    assert not load(doors, board)
    assert "The file changes nothing." in doors.words


def test_days_and_marks_of_decisions_are_changed_and_set_back(doors, board):
    text = "Kind,Row,Due,About money,Chen Wei\nDecision,Go live,2026-11-12,yes,\n"
    assert load(doors, board, text)
    board.launch.refresh_from_db()
    assert (board.launch.due_date, board.launch.is_about_money) == (day(12), True)
    assert undo(doors, board).status_code in (200, 204)
    board.launch.refresh_from_db()
    assert (board.launch.due_date, board.launch.is_about_money) == (day(10), False)


def test_the_preview_by_both_doors_writes_nothing(world, owner, board):
    file = SimpleUploadedFile("m.csv", PLAIN.encode())
    page = owner.post(f"{world.c}/raci/import/", {"file": file})
    assert page.status_code == 200 and page.context["counted"]["cells_added"] == 7
    file = SimpleUploadedFile("m.csv", PLAIN.encode())
    data = {"campaign": board.campaign.code, "file": file, "preview": "true"}
    answer = owner.post("/api/v1/raci-imports/", data)
    assert answer.status_code == 200
    assert (answer.json()["counted"]["cells_added"], answer.json()["activity"]) == (7, None)
    assert answer.json()["digest"] == page.context["seen"].digest
    assert not cells_of(board.campaign) and RaciRow.objects.count() == 2


@pytest.mark.parametrize("sheet", ["", "[]", "{}", '{"columns": [], "lines": []}', '{"columns": ["a"], "lines": [5]}'])
def test_a_preview_nobody_made_is_refused(world, owner, board, sheet):
    answer = owner.post(f"{world.c}/raci/import/", {"step": "apply", "sheet": sheet, "support": "C"})
    assert answer.status_code == 422


# --- out and in again -----------------------------------------------------------------------------------------------


def exported(campaign, actor, kind="csv"):
    name, head, lines = table_of(actor, campaign)
    return csv_bytes(head, lines) if kind == "csv" else xlsx_bytes([(name, head, lines)])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_csv_to_xlsx_to_csv_is_unchanged(world, board, language):
    actor = world.actor
    actions.add_row(actor, campaign=board.campaign, kind="section", title="=2+2", after=board.writing)
    actions.add_row(actor, campaign=board.campaign, kind="decision", title="价格 “x”, y", is_about_money=True)
    actions.remove_row(actor, row=board.writing)
    board.set((board.launch, board.chen, "RA"), (board.launch, board.legal, "C"))
    second, third = (factories.campaign(world.workspace, world.owner) for _ in range(2))
    with translation.override(language):
        first = exported(board.campaign, actor)
        actions.apply_import(actor, campaign=second, sheet=read(first))
        actions.apply_import(actor, campaign=third, sheet=read(exported(second, actor, "xlsx")))
        assert exported(third, actor) == first
        assert not look_at(actor, campaign=third, sheet=read(first)).changes_anything
    rows = list(csv.reader(io.StringIO(first.decode("utf-8-sig"))))
    assert "'=2+2" in [row[1] for row in rows]  # no formula for a spreadsheet


def test_the_export_by_both_doors(world, owner, board):
    board.set((board.launch, board.chen, "RA"))
    page = owner.get(f"{world.c}/raci/export/?as=csv").content
    assert page == owner.get(f"/api/v1/raci-rows/export/?campaign={board.campaign.code}&as=csv").content
    lines = page.decode("utf-8-sig").splitlines()
    assert lines[0] == "Kind,Row,Due,About money,Content,Legal,Chen Wei"
    assert lines[2] == "Decision,Go live,2026-11-10,no,,,R/A"
    book = openpyxl.load_workbook(io.BytesIO(owner.get(f"{world.c}/raci/export/?as=xlsx").content))
    assert [cell.value for cell in book.active[3]][-1] == "R/A"
