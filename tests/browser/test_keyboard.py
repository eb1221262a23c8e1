"""Everything by keyboard: skip link, palette, dialogs, menus, tables, the day grid."""

import pytest

from tests.browser.test_looks import C, W

pytestmark = pytest.mark.browser

INSIDE = """document.activeElement === document.body
  || document.querySelector("#bulk-edit").contains(document.activeElement)"""  # the browser's own bar lies between


@pytest.fixture
def page(window, signed_in):
    return window(state=signed_in())


def focused(page, what):
    """A property of the element that has the focus."""
    return page.evaluate(f"document.activeElement.{what}")


def opened(page, path):
    page.goto(path)
    page.wait_for_load_state("networkidle")


def test_the_first_tab_skips_to_the_content(page):
    opened(page, f"{W}/")
    page.keyboard.press("Tab")
    assert focused(page, "className") == "skip"
    page.keyboard.press("Enter")
    assert focused(page, "id") == "main"


def test_the_palette_finds_and_opens(page):
    opened(page, f"{W}/")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    assert page.evaluate("document.querySelector('#palette').contains(document.activeElement)")
    page.keyboard.type("Winter launch")
    page.wait_for_selector("#palette [role=option][aria-selected=true] >> text=Winter launch")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{C}/**")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#palette:not([open])", state="attached")


def test_letters_go_to_pages(page):
    opened(page, f"{W}/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(f"**{W}/campaigns/")


def test_a_dialog_keeps_the_focus_and_gives_it_back(page):
    opened(page, f"{C}/placements/")
    page.locator("[name=placement]").first.check()
    page.locator("[data-dialog=bulk-edit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#bulk-edit[open]")
    for _step in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(INSIDE), "the focus left the open dialog"
    page.keyboard.press("Escape")
    page.wait_for_selector("#bulk-edit:not([open])", state="attached")
    assert focused(page, "dataset.dialog") == "bulk-edit"


def test_a_menu_opens_steps_and_closes(page):
    opened(page, f"{C}/placements/")
    page.locator("[popovertarget=export]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#export:popover-open")
    page.keyboard.press("ArrowDown")
    assert "export" in focused(page, "href")
    page.keyboard.press("Escape")
    assert page.locator("#export:popover-open").count() == 0
    assert focused(page, "getAttribute('popovertarget')") == "export"


def test_a_table_is_sorted_by_keyboard(page):
    opened(page, f"{C}/placements/")
    page.locator("thead th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**o=*")
    assert page.locator("thead th[aria-sort]").count() == 1


def test_the_day_grid_is_walked_and_left(page):
    opened(page, f"{C}/placements/grid/")
    page.wait_for_selector("[role=grid]")
    page.locator("td[data-col][tabindex='0']").focus()
    start = focused(page, "dataset.col")
    page.keyboard.press("ArrowRight")
    assert focused(page, "dataset.col") > start
    page.keyboard.press("ArrowLeft")
    assert focused(page, "dataset.col") == start
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert focused(page, "tagName") != "TD"
