"""The day grid: saving many cells, faults and conflicts per cell, sums, the workbook, the timeline."""

import io
import json
import time
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest

from core.errors import Invalid, RuleBroken
from core.models import Activity
from placements import actions
from placements.actions.days import Cell
from placements.models import DayAllocation, Placement
from placements.schedule import days as calendar
from placements.schedule import grid, timeline
from placements.schedule.plan_bars import draw
from tests import factories
from tests.placements.conftest import day, plan

D = Decimal
BOTH = pytest.mark.parametrize("door", ["page", "api"])


def save(door, world, api, changes, measure="amount"):
    """Send [(placement, day, value)] by a door; the status. `was` goes along where a fourth item says so."""
    if door == "page":
        body = {"changes": [dict(zip(("row", "col", "value", "was"), _texts(each), strict=False)) for each in changes]}
        url = f"{world.c}/placements/grid/save/?measure={measure}"
        return api.client.post(url, json.dumps(body), content_type="application/json")
    rows = [{"placement": str(row.pk), "date": str(on), measure: _rest(value, measure)} for row, on, value in changes]
    return api.post("day-allocations/bulk/", {"campaign": world.campaign.code, "changes": rows})


def _texts(change):
    row, on, *values = change
    return [str(row.pk), str(on), *(None if value is None else str(value) for value in values)]


def _rest(value, measure):
    return value if value is None or measure == "quantity" else {"amount": str(value), "currency": "CNY"}


def planned(placement, measure="amount"):
    return dict(placement.days.values_list("date", measure))


# --- saving ---------------------------------------------------------------------------------------------------------


@BOTH
def test_cells_are_written_changed_and_cleared(door, world, api, placement):
    assert save(door, world, api, [(placement, day(1), "10.50"), (placement, day(2), "20")]).status_code == 200
    assert planned(placement) == {day(1): D("10.50"), day(2): D(20)}
    assert save(door, world, api, [(placement, day(1), None), (placement, day(2), "21")]).status_code == 200
    assert planned(placement) == {day(2): D(21)}
    assert placement.days.get().lock_version == 2
    assert Activity.objects.filter(verb="placements.days_set", subject_id=str(placement.pk)).count() == 2


@BOTH
def test_a_quantity_stands_beside_the_amount(door, world, api, placement):
    save(door, world, api, [(placement, day(1), "10")])
    assert save(door, world, api, [(placement, day(1), "5000")], "quantity").status_code == 200
    assert placement.days.values_list("amount", "quantity").get() == (10, 5000)
    save(door, world, api, [(placement, day(1), None)])
    assert placement.days.values_list("amount", "quantity").get() == (None, 5000)
    save(door, world, api, [(placement, day(1), None)], "quantity")
    assert not placement.days.exists()


@BOTH
@pytest.mark.parametrize("value", ["1.005", "-1", "100000000000000"])
def test_one_bad_cell_refuses_the_batch_and_is_named(door, value, world, api, placement):
    response = save(door, world, api, [(placement, day(1), "1"), (placement, day(2), value)])
    assert response.status_code in (400, 422)
    assert not DayAllocation.objects.exists()
    if door == "page":
        assert [(error["row"], error["col"]) for error in response.json()["errors"]] == [
            (str(placement.pk), "2026-11-02")
        ]


@BOTH
def test_closed_placements_keep_their_plan(door, world, api, placement):
    actions.move_placement(world.actor, placement=placement, state="cancelled", reason="no stock")
    assert save(door, world, api, [(placement, day(1), "1")]).status_code in (400, 422)


@BOTH
def test_cells_of_another_campaign_are_unknown(door, world, api, other, placement):
    theirs = factories.placement(other.campaign)
    elsewhere = factories.placement(factories.campaign(world.workspace, world.owner))
    sentences = set()
    for row in (theirs, elsewhere, Placement(code="none")):
        response = save(door, world, api, [(row, day(1), "1")])
        assert response.status_code in (400, 422)
        sentences.add(response.json()["detail"])
    assert len(sentences) == 1


def test_a_cell_somebody_else_changed_is_not_overwritten(world, api, placement):
    save("page", world, api, [(placement, day(1), "10", None), (placement, day(2), "10", None)])
    response = save("page", world, api, [(placement, day(1), "30", "5"), (placement, day(2), "30", "10")])
    assert response.status_code == 409
    assert [(error["col"], error["now"]) for error in response.json()["errors"]] == [("2026-11-01", "10")]
    assert planned(placement) == {day(1): 10, day(2): 10}
    assert save("page", world, api, [(placement, day(1), "30", "10")]).status_code == 200


def test_two_people_who_enter_the_same_figure_agree(world, api, placement):
    save("page", world, api, [(placement, day(1), "10", None)])
    assert save("page", world, api, [(placement, day(1), "10.00", None)]).status_code == 200


def test_money_of_another_currency_is_refused(world, api, placement):
    change = {"placement": str(placement.pk), "date": "2026-11-01", "amount": {"amount": "1", "currency": "USD"}}
    answer = api.post("day-allocations/bulk/", {"campaign": world.campaign.code, "changes": [change]})
    assert (answer.status_code, answer.json()["code"]) == (400, "cells_invalid")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"changes": 1}', b'{"changes": [{"row": 1}]}', b'{"changes": [1]}'])
def test_what_is_no_batch_is_refused(world, owner, body):
    url = f"{world.c}/placements/grid/save/"
    assert owner.post(url, body, content_type="application/json").status_code == 422


def test_a_batch_has_a_largest_size(world, placement, monkeypatch):
    monkeypatch.setattr("placements.actions.days.LARGEST_BATCH", 1)
    with pytest.raises(Invalid):
        actions.set_days(
            world.actor, campaign=world.campaign, cells=[Cell(placement.pk, day(n), "amount", None) for n in (1, 2)]
        )


def test_a_whole_schedule_in_one_go(world, django_assert_max_num_queries):
    """60 placements by 120 days: one transaction, few statements, a few seconds at most."""
    channel = factories.channel(world.workspace)
    rows = [factories.placement(world.campaign, channel=channel) for _ in range(60)]
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(120)]
    cells = [Cell(row.pk, on, "amount", D(n + 1)) for n, row in enumerate(rows) for on in days]
    began = time.perf_counter()
    with django_assert_max_num_queries(200):  # SQLite takes 999 values a statement
        assert actions.set_days(world.actor, campaign=world.campaign, cells=cells) == 7200
    assert time.perf_counter() - began < 20
    assert DayAllocation.objects.count() == 7200
    assert actions.set_days(world.actor, campaign=world.campaign, cells=cells) == 0
    stale = [Cell(rows[0].pk, days[0], "amount", D(5), was=D(9))]
    with pytest.raises(RuleBroken):
        actions.set_days(world.actor, campaign=world.campaign, cells=stale)


# --- what the grid shows --------------------------------------------------------------------------------------------


def line(currency="CNY", budget=None, **values):
    return grid.Line(id="x", code="X", name="X", currency=currency, budget=budget, group=currency, **values)


def test_sums_are_per_currency_and_count_what_is_not_shown():
    flights = ((day(1), day(30)),)
    lines = [
        line(budget=D(100), flights=flights, figures={day(1): D(30), day(20): D(50)}),
        line(flights=flights, figures={day(2): D(5)}),
        line("USD", budget=D(1), flights=flights, figures={day(1): D(2)}),
    ]
    built = grid.build(lines, [day(1), day(2), day(3)])
    assert [(row.base, row.total, row.rest) for row in built.rows] == [(50, 80, 20), (0, 5, None), (0, 2, -1)]
    cny, usd = built.totals
    assert [(value, elsewhere) for _day, value, _weekend, elsewhere in cny.sums] == [(30, 0), (5, 0), (0, 0)]
    assert (cny.base, cny.total, cny.budget, cny.rest) == (50, 85, 100, 15)
    assert (usd.group, usd.total, usd.rest) == ("USD", 2, -1)


def test_the_foot_counts_rows_of_other_pages(world, owner, monkeypatch):
    rows = [plan(world, f"Row {n}", budget_amount=D(100)) for n in range(3)]
    cells = [Cell(row.pk, day(1), "amount", D(10 * n)) for n, row in enumerate(rows, 1)]
    actions.set_days(world.actor, campaign=world.campaign, cells=cells)
    monkeypatch.setattr("placements.views.grid.PAGE", 2)
    for page, shown, elsewhere in ((1, 2, 30), (2, 1, 30)):
        built = owner.get(f"{world.c}/placements/grid/", {"page": page}).context["grid"]
        (total,) = built.totals
        assert len(built.rows) == shown
        assert (total.total, total.budget, total.rest, total.sums[0][1]) == (60, 300, 240, 60)
        assert total.sums[0][3] == total.base == elsewhere


def test_cells_know_weekends_and_days_outside_the_flights():
    built = grid.build([line(flights=((day(1), day(1)),))], [day(1), day(2)])
    assert [cell.look for cell in built.rows[0].cells] == ["weekend", "off"]
    assert built.months == [(day(1), 2)]


def test_places_follow_the_finest_currency_or_quantity():
    assert grid.build([line("JPY"), line("KWD")], []).places == 3
    assert grid.build([line(figures={day(1): D("1.5000"), day(2): D(200)})], [], measure="quantity").places == 1


def test_long_campaigns_show_a_window():
    first, last, today = date(2026, 1, 1), date(2026, 12, 31), day(23)
    shown = calendar.window(first, last, today=today)
    assert len(shown.days) == 62 and shown.first <= today <= shown.last
    assert shown.shifted(-1)[1] == shown.first - timedelta(days=1)
    assert calendar.window(day(1), day(30), today=today).is_whole
    assert calendar.window(first, last, today=today, asked_first=last).shifted(1) is None
    longest = calendar.window(first, last, today=today, asked_first=first, asked_last=date(2030, 1, 1))
    assert len(longest.days) == calendar.LONGEST_WINDOW


def test_bars_of_the_timeline_are_cut_to_the_shown_days():
    days = calendar.days_between(day(1), day(10))
    bar = timeline.bar(date(2026, 10, 1), day(5), days)
    assert (bar.x, bar.width, bar.first) == ("0", "50", date(2026, 10, 1))
    assert timeline.bar(day(11), day(12), days) is None
    assert [(one.first, one.last) for one in timeline.weekends(days)] == [(day(1), day(1)), (day(7), day(8))]
    assert [tick.day for tick in timeline.axis(days, "week")] == [day(2), day(9)]
    assert len(timeline.axis(days, "day")) == 10


def test_the_bars_of_a_plan_mark_days_outside_the_flights():
    drawn = draw({day(1): D(10), day(3): D(5)}, ((day(1), day(2)),))
    assert [(bar.height, bar.is_out) for bar in drawn.bars] == [(64, False), (0, False), (32, True)]
    assert draw({}, ((day(1), day(2)),)) is None


@pytest.mark.parametrize("measure", ["amount", "quantity"])
def test_the_page_shows_cells_and_conflicts(world, owner, placement, measure):
    cells = [Cell(placement.pk, day(20), measure, D(1500))]
    actions.set_days(world.actor, campaign=world.campaign, cells=cells)
    response = owner.get(f"{world.c}/placements/grid/?measure={measure}")
    page = response.content.decode()
    assert 'data-v="1500' in page and ">1,500" in page
    assert "planned outside the flights" in page
    assert "planned outside the flights" in owner.get(f"{world.c}/placements/grid/findings/").content.decode()


def test_odd_windows_do_no_harm(world, owner, placement):
    odd = ("from=x&to=y", "from=2026-11-30&to=2026-11-01", "from=0001-01-01", "to=9999-12-31", "from=2100-12-31")
    for query in odd:
        assert owner.get(f"{world.c}/placements/grid/?{query}").status_code == 200
        assert owner.get(f"{world.c}/placements/timeline/?scale=day&{query}").status_code == 200


# --- the workbook ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sheet(world, owner):
    """The exported schedule of three placements in two currencies, one with a name like a formula."""
    first = plan(world, "=HYPERLINK(evil)", position="+1", note="@x")
    second = plan(world, "Second", flights=[(day(28), date(2026, 12, 2))])
    third = plan(world, "Third", currency="USD", budget_amount=D("99.90"))
    for row in (first, second, third):
        actions.spread_budget(world.actor, placement=row, mode="even")
    response = owner.get(f"{world.c}/placements/grid/export/")
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def head(sheet):
    return {sheet.cell(1, x).value: x for x in range(1, sheet.max_column + 1) if sheet.cell(1, x).value}


def test_the_head_is_fixed_and_months_are_merged(sheet):
    at = head(sheet)
    assert sheet.freeze_panes == "E3"
    merged = {str(each) for each in sheet.merged_cells.ranges}
    november = openpyxl.utils.get_column_letter(at["2026-11"])
    last_november = openpyxl.utils.get_column_letter(at["2026-12"] - 1)
    assert f"{november}1:{last_november}1" in merged
    assert sheet.cell(2, at["2026-11"]).value.date() == day(1)
    weekend, weekday = sheet.cell(2, at["2026-11"]), sheet.cell(2, at["2026-11"] + 1)
    assert weekend.fill.fgColor.rgb != weekday.fill.fgColor.rgb


def test_totals_are_formulas_and_text_is_text(sheet):
    at = head(sheet)
    total = at["Total"]
    letter = openpyxl.utils.get_column_letter
    first, last = letter(at["2026-11"]), letter(total - 1)
    assert sheet.cell(3, total).value == f"=SUM({first}3:{last}3)"
    assert sheet.cell(3, total + 1).value == f"={letter(at['Budget'])}3-{letter(total)}3"
    assert sheet.cell(6, total).value.startswith("=SUMIF(") and '"CNY"' in sheet.cell(6, total).value
    assert '"USD"' in sheet.cell(7, total).value
    for row in sheet.iter_rows(min_row=3, max_row=5):
        for cell in row[: at["Budget"]]:
            assert cell.data_type != "f", cell.coordinate
    assert sheet.cell(3, at["Placement"]).value == "=HYPERLINK(evil)"
    assert sheet.cell(3, at["Ad format / position"]).value == "+1"


def test_formulas_carry_their_results(world, owner, sheet):
    content = owner.get(f"{world.c}/placements/grid/export/").content
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    total = head(values)["Total"]
    assert [values.cell(y, total).value for y in (3, 4, 5)] == [1000, 1000, pytest.approx(99.9)]
    assert [values.cell(y, total).value for y in (6, 7)] == [2000, pytest.approx(99.9)]
    assert [values.cell(y, total + 1).value for y in (6, 7)] == [0, 0]


def test_the_columns_speak_chinese(world, owner, placement):
    owner.cookies["django_language"] = "zh-hans"
    content = owner.get(f"{world.c}/placements/grid/export/").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.cell(3, 1).value == placement.code
    assert sheet.cell(3, head(sheet)["2026-11"]).value is None


def test_an_empty_schedule_is_a_workbook_too(world, owner):
    content = owner.get(f"{world.c}/placements/grid/export/").content
    assert openpyxl.load_workbook(io.BytesIO(content)).active.max_row == 2
