"""Imports through the browser's door."""

import pytest

from analytics.models import ColumnMapping, DailyMetric, Fact, Import
from tests.analytics.test_imports import LINES, UNKNOWN, account_answer, bring, report


def data(form):
    """What a browser would send of a bound or unbound form."""
    return {field.html_name: field.value() or "" for field in form}


def test_from_the_drop_zone_to_the_counts(owner, world, assert_budget):
    page = owner.get(f"{world.w}/data/imports/")
    assert b'name="files"' in page.content
    answer = owner.post(f"{world.w}/data/imports/", {"files": [report(total="6200,250,72.82")]})
    place = answer["Location"]
    with assert_budget("analytics:import"):
        page = owner.get(place)
    assert page.status_code == 200
    text = page.content.decode()
    assert "72.82" in text and "Agrees" in text and "Commit the figures" not in text
    refused = owner.post(f"{place}commit/", follow=True)
    assert "open questions" in refused.content.decode()
    answer = owner.post(f"{place}answers/", data(page.context["questions"]))
    assert answer.status_code == 302
    page = owner.get(place)
    assert "Commit the figures" in page.content.decode()
    page = owner.post(f"{place}commit/", follow=True)
    assert "What came of it" in page.content.decode() and "unassigned" in page.content.decode()
    assert Fact.objects.count() == 12
    with assert_budget("analytics:imports"):
        assert "google.csv" in owner.get(f"{world.w}/data/imports/").content.decode()
    owner.post(f"{place}undo/")
    assert Import.objects.get().state == "undone" and not DailyMetric.objects.exists()
    assert owner.get(place).status_code == 200


def test_a_script_gets_the_address(owner, world):
    answer = owner.post(f"{world.w}/data/imports/", {"files": [report()]}, headers={"Accept": "application/json"})
    assert owner.get(answer.json()["url"]).status_code == 200
    answer = owner.post(f"{world.w}/data/imports/", {}, headers={"Accept": "application/json"})
    assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)


def test_one_answer_for_all_files_of_a_platform(owner, world):
    files = [report(LINES[:2], name="a.csv"), report(LINES[2:], name="b.csv")]
    place = owner.post(f"{world.w}/data/imports/", {"files": files})["Location"]
    questions = owner.get(place).context["questions"]
    assert [len(group.files) for group in questions.groups] == [2]
    owner.post(f"{place}answers/", data(questions))
    owner.post(f"{place}commit/")
    assert Fact.objects.count() == 12


def test_columns_of_an_unknown_file_are_explained(owner, world):
    unknown = report([], name="x.csv", head=UNKNOWN)
    place = owner.post(f"{world.w}/data/imports/", {"files": [unknown]})["Location"]
    (file,) = owner.get(place).context["files"]
    form = file["mapping"]
    given = data(form) | {"mapping": str(file["row"].pk), f"{form.prefix}-remember_as": "Shop"}
    meaning = {"Tag": "date", "Werbung": "campaign", "Sichtkontakte": "impressions", "Ausgabe": "cost"}
    given |= {field.html_name: meaning[header] for header, field, _values in form.columns}
    given[f"{form.prefix}-currency"] = "EUR"
    assert owner.post(f"{place}answers/", given).status_code == 302
    (file,) = owner.get(place).context["files"]
    assert file["row"].report["totals"] == {"impressions": "30", "cost": "4.00"}
    assert "Shop" in owner.get(f"{world.w}/data/layouts/").content.decode()
    row = ColumnMapping.objects.get()
    forget = f"{world.w}/data/layouts/{row.pk}/forget/"
    assert owner.post(forget, {"lock_version": row.lock_version + 1}).status_code == 412
    assert owner.post(forget, {"lock_version": row.lock_version}).status_code == 302
    assert not ColumnMapping.objects.exists()


def test_an_impossible_answer_is_said_in_the_form(owner, world):
    place = owner.post(f"{world.w}/data/imports/", {"files": [report()]})["Location"]
    given = data(owner.get(place).context["questions"])
    assert owner.post(f"{place}answers/", {**given, "q0_value": "nobody"}).status_code == 422
    assert owner.post(f"{place}answers/", {**given, "q0_name": ""}).status_code == 422


@pytest.mark.parametrize("act", ["skip", "discard"])
def test_files_and_imports_are_left_out(owner, world, act):
    place = owner.post(f"{world.w}/data/imports/", {"files": [report()]})["Location"]
    file = Import.objects.get().files.get()
    owner.post(f"{place}{act}/", {"file": str(file.pk), "skip": "1"})
    assert owner.get(place).status_code == 200
    owner.post(f"{place}commit/")
    assert not Fact.objects.exists()


def test_strangers_and_viewers(owner, world, stranger, viewer):
    imported = bring(world, report(), answers=account_answer())
    place = imported.get_absolute_url()
    for address in (f"{world.w}/data/imports/", place, f"{place}status/", f"{world.w}/data/layouts/"):
        assert stranger.get(address).status_code == 404
        assert viewer.get(address).status_code == 200
    assert viewer.post(f"{place}undo/").status_code == 403
    assert Fact.objects.count() == 12


def test_readings_are_pasted_by_hand(owner, world, viewer):
    address = f"{world.c}/readings/"
    given = {"metric": "mentions", "channel": "", "first": "2026-11-01", "text": "12\n15\n1.2万"}
    assert owner.post(address, given).status_code == 302
    rows = DailyMetric.objects.filter(campaign=world.campaign, metric="mentions").order_by("date")
    assert [(row.date.day, row.value) for row in rows] == [(1, 12), (2, 15), (3, 12000)]
    assert "12,000" in owner.get(f"{address}?metric=mentions").content.decode()
    for fault in ({"text": "many"}, {"first": ""}, {"metric": "ctr"}, {"text": ""}):
        assert owner.post(address, {**given, **fault}).status_code == 422
    assert viewer.post(address, given).status_code == 403
