"""Assets in a real Chromium: thirty files dropped, the board by keyboard, hostile files that run nowhere."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SCRIPT = "window.top.__xss = 1"
SPACE = "xmlns='http://www.w3.org"
HOSTILE = {
    "a.svg": ("image/svg+xml", f"<svg {SPACE}/2000/svg' onload='{SCRIPT}'><script>{SCRIPT}</script></svg>"),
    "b.html": ("text/html", f"<!doctype html><script>{SCRIPT}</script>"),
    "c.xhtml": ("application/xhtml+xml", f"<html {SPACE}/1999/xhtml'><script>{SCRIPT}</script></html>"),
    "d.gif": ("image/gif", f"GIF89a/*        */=1;{SCRIPT}"),
    "e.png": ("image/png", SCRIPT),
    "f.js": ("text/javascript", SCRIPT),
}
HAND_IN = """async ([code, files]) => {
    const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = {"Pharos-Workspace": "petrel", "X-CSRFToken": csrf};
    const made = [];
    for (const [name, [type, text]] of Object.entries(files)) {
        const asset = {campaign: code, title: `hostile ${name}`, kind: "image"};
        const json = {...headers, "Content-Type": "application/json"};
        const opened = await fetch("/api/v1/assets/", {method: "POST", headers: json, body: JSON.stringify(asset)});
        const form = new FormData();
        form.append("asset", (await opened.json()).id);
        form.append("file", new File([text], name, {type}));
        const answer = await fetch("/api/v1/asset-versions/", {method: "POST", headers, body: form});
        made.push((await answer.json()).id);
    }
    return made;
}"""
LOAD = """url => ["script", "iframe", "img", "object", "embed"].forEach((tag) => {
    const one = document.createElement(tag);
    one[tag === "object" ? "data" : "src"] = url;
    document.body.append(one);
})"""


def picture(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (63, 79, 217)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def assets_url(site, window, signed_in):
    """(a page, the address of the winter launch's assets)."""
    page = window(state=signed_in())
    page.goto("/w/petrel/campaigns/")
    href = page.get_attribute("a[href*='/c/WINTER']", "href")
    code = href.split("/c/")[1].split("/")[0]
    return page, f"/w/petrel/c/{code}/assets/", code


def test_dropped_files_find_their_assets(assets_url):
    page, url, _code = assets_url
    page.goto(url + "upload/")
    while page.locator("#places tbody button").count():  # of another visit
        page.locator("#places tbody button").first.click()
    names = {"IMG-STORY_v9.png": (1080, 1920), "feed picture v9.png": (1080, 1080)}
    files = [{"name": name, "mimeType": "image/png", "buffer": picture(*size)} for name, size in names.items()]
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Find their assets").click()
    chosen = page.locator("#places select")
    expect(chosen).to_have_count(2)
    labels = {one.evaluate("one => one.selectedOptions[0].textContent").split(" ")[0] for one in chosen.all()}
    assert labels == {"IMG-STORY", "IMG-FEED-01"}
    page.get_by_role("button", name="Hand them in").click()
    expect(page.locator("#toasts").get_by_text("2 versions are handed in.")).to_be_visible()


def test_the_board_moves_by_keyboard(assets_url):
    page, url, _code = assets_url
    page.goto(url + "board/")
    link = page.locator(".lane[data-state=creation] .ticket a.cover").first
    title = link.inner_text()
    link.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".lane[data-state=editing]").get_by_text(title, exact=True)).to_be_visible()


@pytest.fixture
def unguarded(chromium, site, signed_in):
    """A window in which refusals of the browser are what is wanted."""
    context = chromium.new_context(storage_state=signed_in(), base_url=site.url)
    yield context.new_page()
    context.close()


def test_hostile_files_run_nowhere(assets_url, unguarded):
    _page, url, code = assets_url
    unguarded.goto(url + "new/")
    made = unguarded.evaluate(HAND_IN, [code, HOSTILE])
    assert len(made) == len(HOSTILE) and all(made)
    for key in made:
        for address in (f"{url}versions/{key}/file/", f"/api/v1/asset-versions/{key}/content/"):
            unguarded.evaluate(LOAD, address)
    unguarded.wait_for_timeout(3000)
    assert unguarded.evaluate("window.__xss") is None
    unguarded.evaluate(f"() => {{ {SCRIPT}; }}")  # the control: what ran would have been seen
    assert unguarded.evaluate("window.__xss") == 1
