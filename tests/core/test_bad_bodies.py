"""What no form of ours sends, and somebody does: ids that are none, rows of digits that no machine should reckon."""

import json

import pytest

from accounts.models import WorkCalendar
from campaigns.importers import presentation, word
from campaigns.models import BudgetLine
from core.text import whole
from tasks.models import Task
from tests import factories
from tests.payloads import PAYLOADS

NO_ID = "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"
ENDLESS = "9" * 5000  # more digits than Python reads


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7", 7), ("0", 0), ("999999999", 999_999_999), ("1000000000", None), (ENDLESS, None), ("-1", None)),
        *((one, None) for one in ("٣", "²", "", None, "1.5", *PAYLOADS[:3])),
    ],
)
def test_a_whole_number_is_read_or_passed_over(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("name", ["placements", "assets"])
def test_chosen_rows_whose_ids_are_none_are_passed_over(world, owner, name):
    field = name.removesuffix("s")
    answer = owner.post(f"{world.c}/{name}/bulk/", {field: [NO_ID, "x" * 36], "owner": str(world.owner.pk)})
    assert answer.status_code == 302


def test_no_line_is_not_every_line(world, owner):
    """An id that is left empty chooses nothing."""
    lines = [
        BudgetLine.objects.create(
            workspace=world.workspace, campaign=world.campaign, name=name, currency="CNY", planned_date="2026-11-01"
        )
        for name in ("Search", "Social")
    ]
    assert owner.post(f"{world.c}/budget/lock/", {"line": [""]}).status_code == 404
    assert not BudgetLine.objects.exclude(locked_at=None).exists() and len(lines) == 2


def test_no_version_is_not_every_version(world, owner):
    version = factories.asset_version(factories.asset(world.campaign), text="Warm all winter")
    before = Task.objects.count()
    answer = owner.post(f"{world.w}/material/replace/", {"q": "Warm", "version": [""]})
    assert answer.status_code == 302 and Task.objects.count() == before and version.pk


@pytest.mark.parametrize("row", [NO_ID, "x", 7, None, [], {}, "x" * 36])
def test_a_cell_of_no_row_is_refused(world, owner, row):
    body = {"changes": [{"row": row, "col": "2026-11-05", "value": "1"}]}
    answer = owner.post(f"{world.c}/placements/grid/save/", json.dumps(body), "application/json")
    assert answer.status_code == 422 and "could not be read" in answer.json()["detail"]


def test_a_column_by_endless_digits_is_none(world, owner):
    sheet = {"columns": ["Name", "Planned"], "rows": [["Search", "100"]]}
    typed = {"step": "look", "sheet": json.dumps(sheet), "column-name": ENDLESS, "column-planned": "1"}
    assert owner.post(f"{world.c}/budget/import/", typed).status_code in (200, 422)


def test_a_version_by_endless_digits_is_none(world, owner):
    asset = factories.asset(world.campaign)
    version = factories.asset_version(asset)
    typed = {"back": "compare", "to": ENDLESS, "text": "Shorter", "shape": "whole"}
    assert owner.post(f"{world.c}/assets/versions/{version.pk}/pins/", typed).status_code in (302, 422)


@pytest.mark.parametrize("year", [ENDLESS, "x", "1999", "2101"])
def test_a_year_by_endless_digits_is_refused(world, owner, year):
    calendar = WorkCalendar.objects.get(workspace=world.workspace)
    assert owner.get(f"/api/v1/work-calendars/{calendar.pk}/year/?year={year}").status_code == 400
    assert owner.get(f"{world.w}/settings/calendars/{calendar.pk}/?year={year}").status_code == 200  # this year's


class Element(dict):
    def find(self, _path):
        return self


@pytest.mark.parametrize("value", [ENDLESS, "--5", "x", ""])
def test_numbers_of_documents_that_are_none_are_passed_over(value):
    assert presentation._offset(Element(y=value)) == float("inf")
    assert word._number(Element({f"{word.W}val": value})) is None


def test_offsets_of_slides_are_read():
    assert [presentation._offset(Element(y=value)) for value in ("5", "-5")] == [5, -5]
