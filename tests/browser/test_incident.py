"""In an emergency: a playbook is started from the phone in two taps, its steps are done by one each."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.test_looks import grave_faults

pytestmark = pytest.mark.browser

C = f"/w/petrel/c/WINTER-{date.today().year}"


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh-hans", "dark")])
def test_a_playbook_starts_from_the_phone_in_two_taps(window, signed_in, language, theme):
    page = window(width=390, language=language, theme=theme, state=signed_in())
    page.goto(f"{C}/")
    page.locator(f"main a[href$='{C}/incidents/start/']").first.click()  # one
    page.wait_for_url("**/incidents/start/")
    assert not grave_faults(page)
    level = page.locator("button.lvl.orange").first
    assert level.bounding_box()["height"] >= 44
    level.click()  # two
    page.wait_for_url(lambda url: "/incidents/" in url and "start" not in url)
    assert page.locator(".run li.is-open").count() >= 5
    assert page.locator("[data-due]").first.text_content().strip()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not grave_faults(page)
    done = page.locator(".run li.is-done").count()
    tap = page.locator(".run li.is-open button.tap").first
    assert tap.bounding_box()["height"] >= 44
    tap.click()
    page.locator(".run li.is-done").nth(done).wait_for()
    page.locator(".toast button").first.click()  # undo
    expect(page.locator(".run li.is-done")).to_have_count(done)
    page.goto(f"{C}/")
    page.locator("#incident-banner .incident").first.wait_for()


def test_the_heat_map_filters_by_keyboard(window, signed_in):
    page = window(state=signed_in())
    page.goto(f"{C}/risks/")
    everything = page.locator("table.register tbody tr").count()
    cell = page.locator(".risk-map td a").first
    count = int(cell.text_content())
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "p=" in url and "i=" in url)
    assert page.locator("table.register tbody tr").count() == count < everything
    page.locator(".risk-map td.on a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "p=" not in url)
    assert page.locator("table.register tbody tr").count() == everything


def test_a_figure_asks_for_its_name_and_value(window, signed_in):
    page = window(state=signed_in())
    page.goto(f"{C}/incidents/")
    page.locator("tbody th a").first.click()
    assert not page.locator(".entry .figures").is_visible()
    page.locator(".entry label", has_text="Figure").first.click()
    page.fill(".entry [name=figure_name]", "Mentions 提及量")
    page.fill(".entry [name=value]", "1234")
    page.click(".entry .form-foot button")
    page.wait_for_url("**#timeline")
    assert page.locator(".log b:has(.k)").first.text_content() == "Mentions 提及量1,234"  # the colon is drawn


def test_what_others_do_comes_by_itself(window, signed_in):
    mine, theirs = window(state=signed_in()), window(state=signed_in())
    for page in (mine, theirs):
        page.goto(f"{C}/incidents/")
        page.locator("tbody th a").first.click()
        page.wait_for_selector(".run")
    done = mine.locator(".run li.is-done").count()
    theirs.locator(".run li.is-open button.tap").first.click()
    expect(theirs.locator(".run li.is-done")).to_have_count(done + 1)
    mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the page is looked at again
    expect(mine.locator(".run li.is-done")).to_have_count(done + 1)
    expect(mine.locator("#log li").first).to_contain_text("Done")
