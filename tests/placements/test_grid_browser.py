"""The day grid in a real Chromium against the real server: typed, pasted, undone, saved, still there after a reload."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django_scopes import scope
from playwright.sync_api import expect

from placements import actions
from placements.actions.days import Cell
from placements.models import DayAllocation
from tests import conftest, factories
from tests.placements.conftest import day, plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """text => { const data = new DataTransfer(); data.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""


@pytest.fixture
def grid(live_server, chromium):
    """(page, world, two placements) with the grid of November open, signed in as the owner."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        rows = plan(world, "First"), plan(world, "Second", currency="USD", budget_amount=Decimal(50))
        page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.goto(f"{live_server.url}/sign-in/?next={world.c}/placements/grid/")
        page.fill("input[name=login]", get_user_model().objects.get(pk=world.owner.pk).email)
        page.fill("input[name=password]", factories.PASSWORD)
        page.click("main button.pri")
        page.wait_for_selector("[role=grid]")
        yield page, world, rows
        page.close()


def at(page, row, on):
    return page.locator(f"tbody tr[data-row='{row.pk}'] td[data-col='{on}']")


def saved(page):
    expect(page.locator("[data-state=saved]")).to_be_visible(timeout=10_000)


def planned():
    """{(code, day): amount} of everything stored."""
    return {(row.placement.code, row.date.day): row.amount for row in DayAllocation.objects.select_related("placement")}


def test_typed_pasted_undone_and_kept(grid):
    page, _world, (first, second) = grid
    at(page, first, day(1)).click()
    page.keyboard.type("1,200.50")
    page.keyboard.press("Enter")
    saved(page)
    assert planned() == {(first.code, 1): Decimal("1200.50")}

    at(page, first, day(2)).click()
    page.evaluate(PASTE, "10\t¥20\r\n1.2万\t\r\n")
    expect(at(page, second, day(2))).to_have_text("12,000.00")
    saved(page)
    assert planned() == {
        (first.code, 1): Decimal("1200.50"), (first.code, 2): 10, (first.code, 3): 20, (second.code, 2): 12000,
    }  # fmt: skip

    page.keyboard.press("Control+z")
    expect(at(page, second, day(2))).to_have_text("")
    saved(page)
    page.reload()
    page.wait_for_selector("[role=grid]")
    expect(at(page, first, day(1))).to_have_text("1,200.50")
    expect(at(page, first, day(2))).to_have_text("")
    assert planned() == {(first.code, 1): Decimal("1200.50")}


def test_sums_and_what_is_left_follow_each_key(grid):
    page, _world, (first, second) = grid
    at(page, second, day(1)).click()
    page.keyboard.type("60")
    page.keyboard.press("Tab")
    usd = page.locator("tfoot tr[data-group=USD]")
    expect(usd.locator("[data-sum-all]")).to_have_text("60.00")
    expect(usd.locator("[data-budget]")).to_have_text("-10.00")
    expect(page.locator("tfoot tr[data-group=CNY] [data-sum-all]")).to_have_text("0.00")
    row = page.locator(f"tbody tr[data-row='{first.pk}']")
    expect(row.locator("[data-budget]")).to_have_text("1,000.00")
    expect(page.locator("#findings")).to_contain_text("more than the budget", timeout=10_000)


def test_a_conflict_is_shown_at_its_cell_and_can_be_decided(grid):
    page, world, (first, _second) = grid
    actions.set_days(world.actor, campaign=world.campaign, cells=[Cell(first.pk, day(1), "amount", Decimal(300))])
    at(page, first, day(1)).click()
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    expect(at(page, first, day(1))).to_have_attribute("aria-invalid", "true", timeout=10_000)
    assert planned() == {(first.code, 1): 300}
    at(page, first, day(1)).click()
    page.keyboard.press("Control+s")
    saved(page)
    assert planned() == {(first.code, 1): 500}


def test_a_figure_the_currency_cannot_hold_is_refused_in_place(grid):
    page, _world, (first, _second) = grid
    at(page, first, day(1)).click()
    page.evaluate(PASTE, "1.005\tabc\t7")
    expect(at(page, first, day(1))).to_have_attribute("aria-invalid", "true")
    expect(at(page, first, day(2))).to_have_text("abc")
    expect(at(page, first, day(3))).to_have_text("7.00")
    page.wait_for_timeout(1500)
    assert planned() == {(first.code, 3): 7}


def test_many_are_changed_together_and_an_archive_is_undone(grid):
    page, world, (first, _second) = grid
    page.click(".tabs >> text=List")
    page.wait_for_selector("table [data-all]")
    page.locator("[data-all]").check()
    page.click("text=Change together")
    page.select_option("#bulk_state", "booked")
    page.click("text=Change them")
    expect(page.locator(".toast")).to_contain_text("2 placements changed.")
    assert set(world.campaign.placements.values_list("state", flat=True)) == {"booked"}

    page.click(f"tbody >> text={first.name}")
    page.click("main button[popovertarget=more]")
    page.click("#more >> text=Archive")
    page.click(".toast >> text=Undo")
    expect(page.locator("h1")).to_have_text(first.name)
    assert world.campaign.placements.filter(archived_at=None).count() == 2
