"""Imports, pushes and readings through the REST door."""

import json
from decimal import Decimal

import pytest

from analytics.models import DailyMetric, Fact, Import
from tests import factories
from tests.analytics.test_imports import HEAD, LINES, account_answer, report

API = "/api/v1"


def post(client, path, body=None):
    return client.post(f"{API}{path}", json.dumps(body or {}), content_type="application/json")


def upload(client, *files, **fields):
    return client.post(f"{API}/imports/", {"files": list(files), **fields})


def test_upload_answer_commit_undo(owner, world):
    answer = upload(owner, report(total="6200,250,72.82"), campaign=world.campaign.code)
    assert answer.status_code == 201, answer.content
    preview = answer.json()
    told = preview["files"][0]
    assert (preview["state"], preview["campaign"]) == ("previewed", world.campaign.code)
    assert (told["layout"], told["platform"], told["rows"], told["total_rows_skipped"]) == (
        "google_ads",
        "google_ads",
        4,
        1,
    )
    assert told["totals"]["cost"] == "72.82"
    assert told["platform_totals"]["Total: Account"]["cost"] == "72.82"
    (question,) = told["questions"]
    place = f"/imports/{preview['id']}"
    refused = post(owner, f"{place}/commit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "questions_open")
    assert post(owner, f"{place}/answers/", {"answers": {question["code"]: question["default"]}}).status_code == 200
    done = post(owner, f"{place}/commit/").json()
    assert (done["state"], done["files"][0]["stored"]) == ("committed", {"figures": 12, "changed": 12, "removed": 0})
    assert sum(DailyMetric.objects.filter(metric="cost").values_list("value", flat=True)) == Decimal("72.82")
    assert post(owner, f"{place}/undo/").json()["state"] == "undone"
    assert not Fact.objects.exists()


def test_answers_come_with_the_files(owner):
    answers = json.dumps({"*": account_answer(), "b.csv": {"skip": True}})
    told = upload(owner, report(name="a.csv"), report(LINES[:1], name="b.csv"), answers=answers).json()
    assert [(row["name"], row["is_skipped"], row["questions"]) for row in told["files"]] == [
        ("a.csv", False, []),
        ("b.csv", True, []),
    ]
    assert post(owner, f"/imports/{told['id']}/commit/").status_code == 200


@pytest.mark.parametrize("fields", [{"answers": "{"}, {"answers": "[1]"}, {"campaign": "NOPE"}], ids=str)
def test_what_cannot_be_read_is_refused(owner, fields):
    assert upload(owner, report(), **fields).status_code == 400
    assert not Import.objects.exists()


def test_no_file_is_refused(owner):
    assert owner.post(f"{API}/imports/", {}).status_code == 400


@pytest.mark.parametrize("body", ["[]", '"x"', "7", "[[1], [2]]"])
def test_a_body_that_is_no_object_is_refused(owner, body):
    answer = owner.post(f"{API}/imports/", body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["errors"][0]["detail"]


def test_an_answer_that_makes_no_sense_is_a_sentence(owner):
    told = upload(owner, report()).json()
    for account in ["nobody", 7, {}, {"name": "X", "currency": "???"}, {"name": "X", "time_zone": "Moon"}]:
        post(owner, f"/imports/{told['id']}/answers/", {"answers": {"account": account}})
        refused = post(owner, f"/imports/{told['id']}/commit/")
        assert 400 <= refused.status_code < 500, account
        assert refused.json()["detail"]
    assert not Fact.objects.exists()


def test_a_stranger_finds_nothing(owner, stranger, viewer):
    told = upload(owner, report()).json()
    place = f"{API}/imports/{told['id']}/"
    assert stranger.get(place).status_code == 404
    for act in ("commit", "answers", "discard", "undo"):
        assert post(stranger, f"/imports/{told['id']}/{act}/", {"answers": {}}).status_code == 404
        assert post(viewer, f"/imports/{told['id']}/{act}/", {"answers": {}}).status_code == 403
    assert stranger.get(f"{API}/imports/").json()["results"] == []
    assert viewer.get(place).status_code == 200


def test_discarded_imports_stay_listed(owner):
    told = upload(owner, report()).json()
    assert post(owner, f"/imports/{told['id']}/discard/").json()["state"] == "discarded"
    assert post(owner, f"/imports/{told['id']}/commit/").status_code == 409
    assert len(owner.get(f"{API}/imports/?state=discarded").json()["results"]) == 1


def test_mappings_are_listed_and_forgotten(owner):
    unknown = report(["2026-11-01,Spring,10"], name="x.csv", head="Tag,Werbung,Sichtkontakte\n")
    answers = {"columns": {"Tag": "date", "Werbung": "campaign", "Sichtkontakte": "impressions"}, "remember_as": "Shop"}
    told = upload(owner, unknown).json()
    told = post(owner, f"/imports/{told['id']}/answers/", {"answers": answers}).json()
    assert told["files"][0]["totals"] == {"impressions": "10"}
    (mapping,) = owner.get(f"{API}/column-mappings/").json()["results"]
    assert (mapping["name"], mapping["answers"]["columns"]["Sichtkontakte"]) == ("Shop", "impressions")
    place = f"{API}/column-mappings/{mapping['id']}/"
    assert owner.delete(place).status_code == 428
    assert owner.delete(place, headers={"If-Match": owner.get(place)["ETag"]}).status_code == 204


def row(ad_account, **values):
    given = {"account": str(ad_account.pk), "object_id": "7", "object_name": "Spring", "date": "2026-11-01"}
    return {**given, "metrics": {"clicks": 5, "cost": "1.25"}, **values}


def test_pushed_rows_count(owner, world):
    account = factories.ad_account(world.workspace)
    answer = post(owner, "/facts/", {"rows": [row(account), row(account, date="2026-11-02", currency="USD")]})
    assert (answer.status_code, answer.json()) == (201, {"rows": 4, "changed": 4, "removed": 0, "matched": 0})
    assert post(owner, "/facts/", {"rows": [row(account)]}).json()["changed"] == 0
    assert post(owner, "/facts/", {"rows": [row(account), row(account, metrics={"clicks": 6})]}).json()["changed"] == 1
    found = {(d.date.day, d.metric, d.currency): d.value for d in DailyMetric.objects.all()}
    assert found[1, "cost", "CNY"] == found[2, "cost", "USD"] == Decimal("1.25")
    assert found[1, "clicks", ""] == 6


@pytest.mark.parametrize(
    "fault",
    [
        {"account": "019a0000-0000-7000-8000-000000000000"},
        {"date": "2026-02-30"},
        {"date_to": "2026-10-01"},
        {"metrics": {"nonsense": 1}},
        {"metrics": {"ctr": "0.1"}},
        {"metrics": {}},
        {"metrics": {"clicks": "many"}},
        {"metrics": {"clicks": "1e15"}},
        {"currency": "XXX"},
        {"hour": 24},
        {"level": "galaxy"},
        {"object_id": "x" * 301},
    ],
    ids=str,
)
def test_one_faulty_row_refuses_all_and_is_named(owner, world, fault):
    account = factories.ad_account(world.workspace)
    refused = post(owner, "/facts/", {"rows": [row(account), row(account, **fault)]})
    assert refused.status_code == 400
    assert all(error["attr"].startswith("rows.1") for error in refused.json()["errors"]), refused.json()
    assert not Fact.objects.exists()


def test_an_account_of_another_workspace_is_unknown(owner, world, other):
    refused = post(owner, "/facts/", {"rows": [row(factories.ad_account(other.workspace))]})
    assert refused.status_code == 400


def readings(world, *rows, **values):
    return {"campaign": world.campaign.code, "metric": "mentions", "rows": [*rows], **values}


def test_readings_by_hand_count_for_the_campaign(owner, world):
    rows = [{"date": f"2026-11-0{day}", "value": str(day * 10)} for day in (1, 2, 4)]
    assert post(owner, "/readings/", readings(world, *rows, channel="social")).status_code == 201
    found = DailyMetric.objects.filter(campaign=world.campaign, channel__code="social", metric="mentions")
    assert {row.date.day: row.value for row in found} == {1: 10, 2: 20, 4: 40}
    post(owner, "/readings/", readings(world, {"date": "2026-11-02", "value": None}, channel="social"))
    assert {row.date.day for row in found.all()} == {1, 4}
    assert all(row.is_complete for row in found.all())


@pytest.mark.parametrize(
    "fault", [{"metric": "ctr"}, {"metric": "x"}, {"campaign": "X"}, {"channel": "x"}, {"rows": []}], ids=str
)
def test_readings_that_make_no_sense_are_refused(owner, world, fault):
    given = readings(world, {"date": "2026-11-02", "value": "1"})
    assert post(owner, "/readings/", {**given, **fault}).status_code == 400


def test_a_viewer_writes_nothing(viewer, world):
    assert upload(viewer, report()).status_code == 403
    assert post(viewer, "/readings/", readings(world, {"date": "2026-11-02", "value": "1"})).status_code == 403
    assert post(viewer, "/facts/", {"rows": []}).status_code == 403


def test_the_list_of_imports_asks_few_queries(owner, assert_budget):
    for number in range(3):
        upload(owner, report([LINES[0].replace("Spring", f"S{number}")], head=HEAD))
    with assert_budget("api:imports-list"):
        assert len(owner.get(f"{API}/imports/").json()["results"]) == 3
