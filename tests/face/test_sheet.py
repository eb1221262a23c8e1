"""The day grid in a real Chromium: typing, pasting as from Excel, undo, exact sums, batched saving, refusals."""

import json
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
TYPES = {".js": "text/javascript", ".css": "text/css"}
DAYS = ["2026-11-01", "2026-11-02", "2026-11-03"]
PAGE = """<!doctype html><html lang="en"><head><title>Sheet</title><link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/css/data.css"><script type="module" src="/static/js/app.js"></script></head>
<body hx-headers:inherited='{{"X-CSRFToken": "token"}}'><div id="toasts" popover="manual"></div>
<script type="application/json" id="strings">{{"saved": "saved", "dirty": "dirty {{n}}"}}</script>
<div data-island="grid" data-src="/static/js/grid.js" data-save-url="/save/" data-version="1"><span data-state></span>
<table class="cells"><thead><tr><th>Name</th>{head}</tr></thead><tbody>{body}</tbody>
<tfoot><tr><th>Total</th>{foot}<td data-sum-all></td></tr></tfoot></table></div></body></html>"""


def page_html():
    """A plan of two placements and three days, 10.10 in every cell."""
    head = "".join(f'<th data-col="{day}">{day}</th>' for day in DAYS)
    cells = "".join(f'<td data-col="{day}">10.10</td>' for day in DAYS)
    rows = "".join(f'<tr data-row="{row}"><th>{row}</th>{cells}<td data-sum-row></td></tr>' for row in "ab")
    foot = "".join(f'<td data-sum-col="{day}"></td>' for day in DAYS)
    return PAGE.format(head=head, body=rows, foot=foot)


class Server:
    """Answers the page's requests from the static folder and keeps what was saved."""

    def __init__(self):
        self.saved, self.answers = [], []

    def answer(self, route):
        path = route.request.url.removeprefix("http://pharos.test")
        if path == "/save/":
            self.saved.append(route.request.post_data_json)
            status, data = self.answers.pop(0) if self.answers else (200, {"version": len(self.saved) + 1})
            return route.fulfill(status=status, content_type="application/json", body=json.dumps(data))
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            return route.fulfill(
                body=file.read_bytes(), content_type=TYPES.get(file.suffix, "application/octet-stream")
            )
        return route.fulfill(body=page_html(), content_type="text/html")


@pytest.fixture
def sheet(chromium):
    """(page, server) with the plan open."""
    page, server = chromium.new_page(), Server()
    yield opened(page, server), server
    page.close()


def opened(page, server):
    page.route("**/*", server.answer)
    page.goto("http://pharos.test/")
    page.wait_for_selector("[role=grid]")
    return page


def cell(page, row, day):
    return page.locator(f"tr[data-row={row}] td[data-col='{DAYS[day]}']")


def paste(page, text):
    """Paste as a spreadsheet would: a clipboard event with tab-separated text."""
    script = """text => { const data = new DataTransfer(); data.setData("text/plain", text);
        const options = {clipboardData: data, bubbles: true, cancelable: true};
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", options)) }"""
    page.evaluate(script, text)


@pytest.mark.browser
def test_typing_walks_on_sums_exactly_and_saves_in_one_batch(sheet):
    page, server = sheet
    cell(page, "a", 0).click()
    page.keyboard.type("1,234.5")
    page.keyboard.press("Enter")
    page.keyboard.type("0.2")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-state=saved]")
    assert cell(page, "a", 0).inner_text() == "1,234.50"
    assert page.inner_text("[data-sum-all]") == "1,275.10"
    assert page.evaluate("document.activeElement.dataset.col") == DAYS[1]
    first, second = (
        {"row": "a", "col": DAYS[0], "value": "1234.5", "was": "10.1"},
        {"row": "b", "col": DAYS[0], "value": "0.2", "was": "10.1"},
    )
    assert server.saved == [{"changes": [first, second], "version": 1}]


@pytest.mark.browser
def test_a_pasted_block_keeps_what_is_no_number_and_does_not_send_it(sheet):
    page, server = sheet
    cell(page, "a", 0).click()
    paste(page, '"1,000.25"\t1.2万\tabc\r\n¥5\t\t1 234,50\r\n')
    page.wait_for_timeout(1200)
    assert [cell(page, "a", day).inner_text() for day in range(3)] == ["1,000.25", "12,000.00", "abc"]
    assert [cell(page, "b", day).inner_text() for day in range(3)] == ["5.00", "", "1,234.50"]
    assert cell(page, "a", 2).get_attribute("aria-invalid") == "true"
    assert [change["value"] for change in server.saved[0]["changes"]] == ["1000.25", "12000", "5", None, "1234.5"]


@pytest.mark.browser
def test_a_paste_is_one_step_of_undo(sheet):
    page, _ = sheet
    cell(page, "a", 0).click()
    paste(page, "1\t2\t3")
    page.keyboard.press("Control+z")
    assert page.inner_text("[data-sum-all]") == "60.60"
    page.keyboard.press("Control+Shift+z")
    assert page.inner_text("[data-sum-all]") == "36.30"


@pytest.mark.browser
def test_a_refused_cell_keeps_its_input_and_the_others_are_sent_again(sheet):
    page, server = sheet
    refusal = {"detail": "Refused", "errors": [{"row": "a", "col": DAYS[0], "detail": "Over the budget line."}]}
    server.answers = [(422, refusal)]
    cell(page, "a", 0).click()
    paste(page, "900\t20")
    page.wait_for_timeout(2200)
    assert cell(page, "a", 0).inner_text() == "900.00"
    assert cell(page, "a", 0).get_attribute("aria-invalid") == "true"
    assert [change["value"] for change in server.saved[1]["changes"]] == ["20"]


@pytest.mark.browser
def test_a_stale_plan_keeps_the_input_and_is_not_sent_again(sheet):
    page, server = sheet
    server.answers = [(412, {"detail": "Changed by Li Na."})]
    cell(page, "b", 1).click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-state=error]")
    page.wait_for_timeout(1200)
    assert cell(page, "b", 1).inner_text() == "7.00"
    assert len(server.saved) == 1


@pytest.mark.browser
def test_a_finger_opens_a_day_with_the_second_tap(chromium):
    context, server = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True), Server()
    page = opened(context.new_page(), server)
    cell(page, "a", 1).tap()
    assert cell(page, "a", 1).locator("input").count() == 0
    cell(page, "a", 1).tap()
    cell(page, "a", 1).locator("input").fill("7.5")
    cell(page, "b", 0).tap()
    page.wait_for_selector("[data-state=saved]")
    assert "7.5" in json.dumps(server.saved)
    context.close()


@pytest.mark.browser
def test_the_sheet_opens_at_today(chromium, monkeypatch):
    monkeypatch.setattr("tests.face.test_sheet.DAYS", [f"2026-11-{day:02}" for day in range(1, 31)])
    html = page_html().replace('<th data-col="2026-11-20">', '<th class="today" data-col="2026-11-20">')
    monkeypatch.setattr(
        "tests.face.test_sheet.page_html",
        lambda: (
            html.replace('data-island="grid"', 'data-island="grid" class="sheet"')
            .replace("<table", '<div class="scroll"><table')
            .replace("</table>", "</table></div>")
        ),
    )
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    opened(page, Server())
    assert page.locator("th.today").evaluate(
        "th => { const x = th.getBoundingClientRect().left; return x > 0 && x < innerWidth - 40; }"
    )
    page.close()
