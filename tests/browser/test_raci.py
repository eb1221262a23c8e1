"""The matrix in a real Chromium: 200 × 30 cells by keyboard and by paste, conflicts, order, files, the phone."""

import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect

from raci import actions
from raci.models import Letter, RaciHolder, RaciRow, cells_of
from tests import conftest, factories
from tests.browser.conftest import LOCALES, SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """text => { const data = new DataTransfer(); data.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
COPIED = """() => { const data = new DataTransfer(); document.activeElement.dispatchEvent(
    new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
    return data.getData("text/plain"); }"""
TICKS = """keys => { const took = []; for (const key of keys) { const start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    document.body.offsetHeight; took.push(performance.now() - start); } return took; }"""


class Desk:
    """A world with a matrix, and windows in which its owner is signed in."""

    def __init__(self, chromium, live_server, world):
        self.chromium, self.live_server, self.world = chromium, live_server, world

    def fill(self, rows, holders):
        """A matrix of decisions and persons, made row by row as the product makes them."""
        campaign, workspace = self.world.campaign, self.world.workspace
        people = [factories.member(workspace, name=f"Person {n:02}") for n in range(holders)]
        common = {"workspace": workspace, "campaign": campaign}
        RaciHolder.objects.bulk_create(
            RaciHolder(kind="person", user=user, position=at, **common) for at, user in enumerate(people)
        )
        RaciRow.objects.bulk_create(
            RaciRow(kind="decision", title=f"Decision {n:03}", position=n, **common) for n in range(rows)
        )
        self.rows = list(RaciRow.objects.all())
        self.holders = list(RaciHolder.objects.all())

    def open(self, path="raci/", *, width=1440, theme="light", language="en"):
        """A page of the campaign in a look."""
        url = self.live_server.url
        context = self.chromium.new_context(
            viewport=SIZES[width], color_scheme=theme, locale=LOCALES[language], base_url=url, has_touch=width < 500
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": url}])
        page = context.new_page()
        page.goto(f"/sign-in/?next={self.world.c}/{path}")
        page.fill("input[name=login]", get_user_model().objects.get(pk=self.world.owner.pk).email)
        page.fill("input[name=password]", factories.PASSWORD)
        page.click("main button.pri")
        page.wait_for_selector("[role=grid]" if path == "raci/" and width > 500 else "main h1")
        return page

    def cell(self, page, row, column):
        return page.locator(f"tr[data-row='{self.rows[row].pk}'] td").nth(column)

    def stored(self):
        """{(row number, column number): letters}."""
        rows = {row.pk: at for at, row in enumerate(self.rows)}
        holders = {one.pk: at for at, one in enumerate(self.holders)}
        return {(rows[row], holders[one]): text for (row, one), text in cells_of(self.world.campaign).items()}


@pytest.fixture
def desk(live_server, browser):
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        yield Desk(browser, live_server, world)


def saved(page, seconds=30):
    expect(page.locator("[data-state=saved]")).to_be_visible(timeout=seconds * 1000)


def text_of(locator):
    return locator.text_content().strip()


def test_letters_are_toggled_cleared_filled_copied_and_undone(desk):
    desk.fill(6, 4)
    page = desk.open()
    desk.cell(page, 0, 0).click()
    page.keyboard.type("ar")
    assert text_of(desk.cell(page, 0, 0)) == "RA"
    page.keyboard.type("a")
    assert text_of(desk.cell(page, 0, 0)) == "R"
    page.keyboard.press("ArrowRight")
    page.keyboard.type("A")
    page.keyboard.press("Shift+ArrowLeft")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    saved(page)
    assert desk.stored() == {(n, 0): "R" for n in range(4)} | {(n, 1): "A" for n in range(4)}
    assert page.evaluate(COPIED) == "\r\n".join(["R\tA"] * 4)
    page.keyboard.press("Delete")
    saved(page)
    assert desk.stored() == {}
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(page)
    assert desk.stored() == {(0, 0): "R", (0, 1): "A"}
    page.keyboard.press("Control+Shift+z")
    saved(page)
    assert len(desk.stored()) == 8
    page.keyboard.press("Control+End")
    assert page.evaluate("document.activeElement.closest('tr').dataset.row") == str(desk.rows[-1].pk)
    page.keyboard.press("Control+Home")
    page.keyboard.press("x")
    assert text_of(desk.cell(page, 0, 0)) == "R"


def test_two_hundred_rows_by_thirty_columns_without_lag(desk):
    desk.fill(200, 30)
    page = desk.open()
    assert page.locator("td[role=gridcell], .letters td").count() == 6000
    desk.cell(page, 0, 0).click()
    took = page.evaluate(TICKS, ["r", "ArrowRight", "a", "ArrowDown", "c", "ArrowLeft", "i"] * 10)
    print(f"keys: median {sorted(took)[len(took) // 2]:.1f} ms, slowest {max(took):.1f} ms")
    desk.cell(page, 0, 0).click()
    block = "\r\n".join("\t".join(("R/A", "C", "I")[(r + c) % 3] for c in range(30)) for r in range(200))
    start = time.perf_counter()
    page.evaluate(PASTE, block)
    print(f"paste of 6000 cells: {(time.perf_counter() - start) * 1000:.0f} ms")
    saved(page, 120)
    assert len(desk.stored()) == 6000 and Letter.objects.count() == 8000
    page.keyboard.press("Control+z")
    saved(page, 120)
    assert set(desk.stored()) <= {(r, c) for r in range(11) for c in range(3)}
    head, pin = page.locator("thead th[data-col]").first, page.locator("tbody th.pin").first
    before = head.bounding_box()["y"], pin.bounding_box()["x"]
    page.locator(".sheet > .scroll").evaluate("el => el.scrollTo(900, 3000)")
    assert (head.bounding_box()["y"], pin.bounding_box()["x"]) == before  # both stay in sight


def test_a_menu_opens_with_enter_and_works_by_mouse(desk):
    desk.fill(3, 3)
    page = desk.open()
    desk.cell(page, 1, 1).click()
    page.keyboard.press("Enter")
    menu = page.locator(".letter-menu")
    expect(menu).to_be_visible()
    menu.locator("[data-letter=R]").click()
    page.keyboard.press("a")
    expect(menu.locator("[data-letter=A]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    saved(page)
    assert desk.stored() == {(1, 1): "RA"}
    desk.cell(page, 1, 1).dblclick()
    menu.locator("[data-act=clear]").click()
    saved(page)
    assert desk.stored() == {}


def test_keys_of_an_input_method_toggle_once(desk):
    desk.fill(2, 2)
    page = desk.open()
    desk.cell(page, 0, 0).click()
    page.evaluate("""() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key: "Process", code: "KeyR", keyCode: 229, bubbles: true, cancelable: true}))""")
    assert text_of(desk.cell(page, 0, 0)) == "R"


def test_what_is_no_letter_stays_at_its_cell(desk):
    desk.fill(3, 3)
    page = desk.open()
    desk.cell(page, 0, 0).click()
    page.evaluate(PASTE, "R/A\tyes\r\nc\tI\r\n")
    expect(desk.cell(page, 0, 1)).to_have_attribute("aria-invalid", "true")
    page.wait_for_timeout(1500)
    assert desk.stored() == {(0, 0): "RA", (1, 0): "C", (1, 1): "I"}


def test_two_people_never_overwrite_each_other(desk):
    desk.fill(3, 3)
    page = desk.open()
    cell = lambda row, column, letters: actions.Change(desk.rows[row].pk, desk.holders[column].pk, letters)  # noqa: E731
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=[cell(0, 0, "I")])
    desk.cell(page, 0, 0).click()
    page.keyboard.type("r")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("a")
    expect(desk.cell(page, 0, 0)).to_have_attribute("aria-invalid", "true", timeout=10_000)
    page.wait_for_timeout(1500)
    assert desk.stored() == {(0, 0): "I", (1, 0): "A"}
    desk.cell(page, 0, 0).click()
    expect(page.locator(".tip")).to_contain_text("Somebody else set I here.")
    page.keyboard.press("Enter")
    page.click(".letter-menu [data-act=theirs]")
    saved(page)
    assert text_of(desk.cell(page, 0, 0)) == "I"
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=[cell(0, 0, "C")])
    page.keyboard.type("a")
    expect(desk.cell(page, 0, 0)).to_have_attribute("aria-invalid", "true", timeout=10_000)
    page.keyboard.press("Control+s")
    saved(page)
    assert desk.stored()[0, 0] == "AI"


def test_letters_of_others_arrive_and_new_rows_too(desk):
    desk.fill(2, 2)
    page = desk.open()
    change = actions.Change(desk.rows[1].pk, desk.holders[1].pk, "RA")
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=[change])
    look = "document.dispatchEvent(new Event('visibilitychange'))"  # as when the person comes back to the page
    page.evaluate(look)
    expect(desk.cell(page, 1, 1)).to_have_text("RA")
    actions.add_row(desk.world.actor, campaign=desk.world.campaign, kind="decision", title="New one")
    page.evaluate(look)
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody")).to_contain_text("New one")


def test_rows_and_columns_move_with_alt_and_arrows(desk):
    desk.fill(3, 3)
    page = desk.open()
    desk.cell(page, 2, 0).click()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("tbody tr").nth(1)).to_have_attribute("data-row", str(desk.rows[2].pk))
    page.wait_for_function(f"document.activeElement.closest('tr')?.dataset.row === '{desk.rows[2].pk}'")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("thead th[data-col]").nth(1)).to_have_attribute("data-col", str(desk.holders[0].pk))
    assert [row.title for row in RaciRow.objects.all()] == ["Decision 000", "Decision 002", "Decision 001"]


def test_only_rows_with_findings_are_shown_and_walked(desk):
    desk.fill(4, 2)
    change = lambda row, letters: actions.Change(desk.rows[row].pk, desk.holders[0].pk, letters)  # noqa: E731
    changes = [change(0, "RA"), change(1, "RA"), change(2, "R")]
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=changes)
    page = desk.open()
    page.get_by_label("Only rows with findings").check()
    expect(page.locator("tbody tr:visible")).to_have_count(2)
    desk.cell(page, 2, 0).click()
    page.keyboard.type("a")
    saved(page)
    expect(page.locator("tbody tr:visible")).to_have_count(1, timeout=10_000)
    page.locator("#raci-findings a").first.click()
    assert page.evaluate("document.activeElement.closest('tr').dataset.row") == str(desk.rows[3].pk)


def test_a_file_is_previewed_and_applied(desk):
    desk.fill(2, 2)
    page = desk.open("raci/import/")
    page.fill("textarea[name=text]", "Work\tPerson 00\tGrowth\nDecision 000\tR/A\tS\nNew one\tR\tA\n")
    page.click("main form .btn.pri")
    expect(page.locator("main")).to_contain_text("support, of RASCI")
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    page.select_option("select[name=column-1]", label="Person 01")
    page.get_by_label("R responsible").check()
    page.click("main button[value=look]")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".toast")).to_contain_text("The file is applied.")
    expect(page.locator("tbody tr")).to_have_count(3)
    letters = {(row.title, text) for row in RaciRow.objects.all() for text in cells_of(row.campaign, row=row).values()}
    assert letters == {("Decision 000", "RA"), ("Decision 000", "R"), ("New one", "R"), ("New one", "A")}
    page.click(".toast >> text=Undo")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert desk.stored() == {}


def test_the_phone_lists_rows_and_sets_their_letters(desk):
    desk.fill(5, 3)
    change = actions.Change(desk.rows[0].pk, desk.holders[0].pk, "R")
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=[change])
    page = desk.open(width=390)
    expect(page.locator(".raci-rows li")).to_have_count(5)
    expect(page.locator("table.letters")).to_be_hidden()
    page.locator(".raci-rows li a").first.click()
    panel = page.locator("#peek")
    expect(panel).to_contain_text("Person 02")
    box = panel.locator(".ticks label").first.bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    panel.locator("fieldset").nth(1).locator("label").nth(1).click()
    panel.get_by_role("button", name="Save the letters").click()
    page.wait_for_url("**/raci/rows/**")
    assert desk.stored() == {(0, 0): "R", (0, 1): "A"}


LOOKS = [(1440, "light", "en"), (1440, "dark", "zh-hans"), (390, "light", "zh-hans"), (390, "dark", "en")]


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_everybody_can_use_the_pages(desk, width, theme, language):
    desk.fill(4, 3)
    actions.add_row(desk.world.actor, campaign=desk.world.campaign, kind="section", title="Later")
    changes = [actions.Change(desk.rows[0].pk, one.pk, letter) for one, letter in zip(desk.holders, "RAC", strict=True)]
    actions.set_letters(desk.world.actor, campaign=desk.world.campaign, changes=changes)
    RaciRow.objects.filter(pk=desk.rows[1].pk).update(due_date=timezone.localdate() + timedelta(5))
    page = desk.open("raci/", width=width, theme=theme, language=language)
    row = f"raci/rows/{desk.rows[0].pk}/"
    for path in ("raci/", "raci/rows/", "raci/import/", "raci/adding/", "raci/adding/?for=columns", row, "team/"):
        page.goto(f"{desk.world.c}/{path}")
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [
            (one["id"], one["nodes"][0]["html"][:160]) for one in found if one["impact"] in ("serious", "critical")
        ]
        assert not grave, (path, grave)
