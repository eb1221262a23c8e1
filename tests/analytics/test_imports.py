"""Files come in, are looked at, asked about, committed, corrected and taken back."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_scopes import scope

from analytics.actions import imports
from analytics.models import ColumnMapping, DailyMetric, Delivery, Fact, FactRevision, Import
from core.errors import Denied, RuleBroken
from core.jobs import run_job
from core.models import Job
from placements.models import AdAccount
from tests import factories

HEAD = "Day,Campaign,Campaign ID,Currency code,Impr.,Clicks,Cost\n"
LINES = [
    "2026-11-01,Spring,11,CNY,1000,50,12.34",
    "2026-11-01,Autumn,12,CNY,2000,70,23.45",
    "2026-11-02,Spring,11,CNY,1100,55,13.01",
    "2026-11-02,Autumn,12,CNY,2100,75,24.02",
]


def report(lines=LINES, name="google.csv", head=HEAD, total=None):
    """A daily campaign report as an upload."""
    text = head + "\n".join(lines) + "\n" + (f"Total: Account,,,,{total}\n" if total else "")
    return SimpleUploadedFile(name, text.encode())


def account_answer(**values):
    return {"account": {"name": "Brand A", "currency": "CNY", "time_zone": "Asia/Shanghai", **values}}


def bring(world, *files, answers=None):
    """Upload, answer and commit."""
    imported = imports.upload_files(world.actor, files=list(files), answers=answers or account_answer())
    return imports.commit_import(world.actor, imported=imported)


def daily():
    """{(day, metric): sum} of the roll-up."""
    found = {}
    for row in DailyMetric.objects.all():
        key = (row.date.day, row.metric)
        found[key] = found.get(key, 0) + row.value
    return found


def state():
    """All facts as a person would compare them."""
    rows = Fact.objects.order_by("object__external_id", "date_from", "metric")
    return list(
        rows.values_list("object__external_id", "date_from", "date_to", "breakdown", "metric", "value", "currency")
    )


def test_a_file_is_looked_at_before_anything_counts(world):
    imported = imports.upload_files(world.actor, files=[report(total="6200,250,72.82")])
    row = imported.files.get()
    assert imported.state == "previewed"
    assert row.report["totals"] == {"impressions": "6200", "clicks": "250", "cost": "72.82"}
    assert row.report["total_rows_skipped"] == 1
    assert [question["code"] for question in row.report["questions"]] == ["account"]
    assert row.report["parts"][0]["rows"] == 4
    assert not Fact.objects.exists()


def test_a_committed_import_counts_to_the_cent(world):
    imported = bring(world, report(total="6200,250,72.82"))
    row = imported.files.get()
    assert imported.state == "committed"
    assert (row.rows, row.changed, row.removed) == (12, 12, 0)
    assert daily()[1, "cost"] + daily()[2, "cost"] == Decimal("72.82")
    account = AdAccount.objects.get()
    assert (account.name, account.currency, account.counting_level) == ("Brand A", "CNY", "campaign")


def test_open_questions_refuse_the_commit(world):
    imported = imports.upload_files(world.actor, files=[report()])
    with pytest.raises(RuleBroken) as refused:
        imports.commit_import(world.actor, imported=imported)
    assert refused.value.code == "questions_open"
    assert list(refused.value.errors) == ["google.csv"]
    assert not Fact.objects.exists()


def test_the_same_file_twice_then_a_corrected_one(world):
    bring(world, report())
    first = state()
    again = bring(world, report(), answers={})
    assert again.files.get().report["same_as"]
    assert (again.files.get().changed, FactRevision.objects.count()) == (0, 0)
    assert state() == first
    corrected = [LINES[0].replace("12.34", "12.99"), *LINES[1:3]]
    last = bring(world, report(corrected), answers={}).files.get()
    assert (last.changed, last.removed) == (1, 3)
    assert {row.old_value: row.new_value for row in FactRevision.objects.filter(metric="cost")} == {
        Decimal("12.34"): Decimal("12.99"),
        Decimal("24.02"): None,
    }
    with scope(workspace=world.workspace.pk):
        assert [line[-2] for line in state() if line[4] == "cost"] == [Decimal(v) for v in ("12.99", "13.01", "23.45")]
    assert daily()[2, "clicks"] == 55


def test_a_corrected_copy_that_lacks_its_last_day_empties_it(world):
    bring(world, report())
    bring(world, report(LINES[:2]), answers={})
    assert {key[0] for key in daily()} == {1}


def test_an_undone_import_leaves_the_figures_as_they_were(world):
    bring(world, report())
    before = state()
    changed = [LINES[0].replace("12.34", "99.99"), LINES[2], "2026-11-02,Winter,13,CNY,1,1,1.00"]
    newer = bring(world, report(changed), answers={})
    assert state() != before
    imports.undo_import(world.actor, imported=newer)
    assert state() == before
    assert daily()[1, "cost"] == Decimal("35.79")
    assert newer.state == "undone"
    imports.undo_import(world.actor, imported=Import.objects.get(state="committed"))
    assert state() == [] and daily() == {}
    assert not Delivery.objects.exists()


def test_undo_refuses_where_newer_deliveries_stand_on_it(world):
    older = bring(world, report())
    bring(world, report([LINES[0].replace("12.34", "1.00"), *LINES[1:]]), answers={})
    with pytest.raises(RuleBroken) as refused:
        imports.undo_import(world.actor, imported=older)
    assert refused.value.code == "changed_since"
    older.refresh_from_db()
    assert older.state == "committed"


def test_undo_refuses_where_a_newer_delivery_removed_a_figure(world):
    older = bring(world, report())
    newer = bring(world, report(LINES[:3]), answers={})
    with pytest.raises(RuleBroken):
        imports.undo_import(world.actor, imported=older)
    imports.undo_import(world.actor, imported=newer)
    imports.undo_import(world.actor, imported=older)
    assert state() == []


def test_two_files_of_one_import_are_undone_together(world):
    bring(world, report(LINES[:1], name="base.csv"))
    before = state()
    moved = LINES[0].replace("12.34", "20.00")
    imported = bring(
        world, report([moved, LINES[1]], name="one.csv"), report([moved.replace("20.00", "30.00")], name="two.csv")
    )
    assert daily()[1, "cost"] == 30
    imports.undo_import(world.actor, imported=imported)
    assert state() == before


def test_the_same_bytes_twice_in_one_upload_are_said(world):
    imported = imports.upload_files(world.actor, files=[report(), report(name="copy.csv")])
    first, second = imported.files.all()
    assert (first.is_skipped, second.is_skipped) == (False, True)
    assert "google.csv" in second.error


def test_a_file_that_is_no_table_is_said_and_the_others_commit(world):
    junk = SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00")
    imported = bring(world, junk, report())
    assert imported.files.get(position=0).error
    assert imported.state == "committed"
    with pytest.raises(RuleBroken):
        bring(world, SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01"))


UNKNOWN = "Tag,Werbung,Sichtkontakte,Ausgabe\n2026-11-01,Spring,10,1.50\n2026-11-02,Spring,20,2.50\n"
MEANING = {"Tag": "date", "Werbung": "campaign", "Sichtkontakte": "impressions", "Ausgabe": "cost"}


def test_an_unknown_layout_is_mapped_once(world):
    given = {**account_answer(platform="shop"), "columns": MEANING, "currency": "EUR"}
    imported = imports.upload_files(world.actor, files=[SimpleUploadedFile("x.csv", UNKNOWN.encode())])
    assert imported.files.get().report["layout"] is None
    imports.answer_questions(world.actor, imported=imported, answers={**given, "remember_as": "Shop report"})
    imports.commit_import(world.actor, imported=imported)
    assert daily() == {
        (1, "impressions"): 10,
        (2, "impressions"): 20,
        (1, "cost"): Decimal("1.5"),
        (2, "cost"): Decimal("2.5"),
    }
    assert set(Fact.objects.filter(metric="cost").values_list("currency", flat=True)) == {"EUR"}
    later = SimpleUploadedFile("y.csv", UNKNOWN.replace("2026-11-0", "2026-11-1").encode())
    again = imports.upload_files(world.actor, files=[later]).files.get()
    assert [question["code"] for question in again.report["questions"]] == ["account"]
    assert again.report["totals"] == {"impressions": "30", "cost": "4.00"}
    imports.forget_mapping(world.actor, mapping=ColumnMapping.objects.get())
    third = SimpleUploadedFile("z.csv", UNKNOWN.replace("2026-11-0", "2026-11-2").encode())
    assert imports.upload_files(world.actor, files=[third]).files.get().report["totals"] != again.report["totals"]


def test_answers_per_file_and_skipping(world):
    files = [report(name="a.csv"), report([line.replace("2026", "2025") for line in LINES], name="b.csv")]
    imported = imports.upload_files(world.actor, files=files)
    answers = {"a.csv": account_answer(), "b.csv": {"skip": True}}
    imports.answer_questions(world.actor, imported=imported, answers=answers)
    imports.commit_import(world.actor, imported=imported)
    assert set(Fact.objects.values_list("date_from__year", flat=True)) == {2026}


def test_files_of_several_levels_ask_once_which_counts(world):
    head = "Day,Currency code,Impr.,Clicks,Cost\n"
    whole = report(["2026-11-01,CNY,3100,130,40.00"], name="account.csv", head=head)
    imported = imports.upload_files(world.actor, files=[report(), whole], answers=account_answer())
    questions = [q for row in imported.files.all() for q in row.report["questions"]]
    assert [(q["code"], q["options"], q["default"]) for q in questions] == [
        ("counting_level", ["account", "campaign"], "account")
    ]
    imports.answer_questions(world.actor, imported=imported, answers={"counting_level": "account"})
    imports.commit_import(world.actor, imported=imported)
    assert daily() == {(1, "impressions"): 3100, (1, "clicks"): 130, (1, "cost"): 40}
    assert AdAccount.objects.get().counting_level == "account"


def work():
    """Run the jobs that wait, as a worker would."""
    for job in Job.objects.filter(state="queued"):
        run_job(job.pk)


def test_a_large_import_is_committed_by_a_job(world, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE_ROWS", 2)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    imported = imports.upload_files(world.actor, files=[report()], answers=account_answer())
    assert imported.state == "uploaded"
    work()
    imported.refresh_from_db()
    assert imported.state == "previewed"
    imports.commit_import(world.actor, imported=imported)
    assert not Fact.objects.exists()
    work()
    imported.refresh_from_db()
    assert (imported.state, Fact.objects.count()) == ("committed", 12)
    assert imports.commit_job(imported).state == "done"


def test_a_viewer_brings_nothing_in(world):
    viewer = factories.actor_of(factories.member(world.workspace, role="viewer"), world.workspace)
    with pytest.raises(Denied):
        imports.upload_files(viewer, files=[report()])
