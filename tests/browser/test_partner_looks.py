"""Every page of partners in every look: it fits, it can be used by all, nothing leaves the machine."""

import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from tests.browser.conftest import look_of
from tests.browser.test_looks import LOOKS, W, check, shown

pytestmark = pytest.mark.browser

DOOR = {"name": "northlight", "password": "petrel-and-northlight"}
EMAIL, PIN = "ying@northlight.example", "204861"
PATIENCE = 20  # seconds until a mail is written on a busy machine
P = f"{W}/partner"
PAGES = {
    "home": f"{P}/",
    "tasks": f"{P}/tasks/",
    "assets": f"{P}/assets/",
    "placements": f"{P}/placements/",
    "questions": f"{P}/questions/",
    "brief": f"{P}/brief/",
    "reviews": f"{P}/reviews/",
    "archive": f"{P}/archive/",
    "seats": f"{P}/seats/",
    "seat-new": f"{P}/seats/new/",
    "password": f"{P}/seats/password/",
    "own": f"{P}/me/",
    "pin": f"{P}/me/pin/",
    "who": "/door/seats/",
}
FOLLOWED = {
    "task": (f"{P}/tasks/", "main a[href*='/partner/tasks/']"),
    "asset": (f"{P}/assets/", "main a[href*='/partner/assets/']"),
    "placement": (f"{P}/placements/", "main a[href*='/partner/placements/']"),
    "question": (f"{P}/questions/", "main a[href*='/partner/questions/']"),
    "seat": (f"{P}/seats/", "main a[href*='/partner/seats/']:not([href*='/new/']):not([href*='/password/'])"),
    "upload": (f"{P}/assets/", "main a[href*='/upload/']"),
}


def code_of(site, since):
    """The code in the mail to the seat that was written after `since`; it is written once the page has answered."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for mail in mails_of(site, since):
            found = re.search(r"\b\d{6}\b", mail["body"])
            if mail["to"] == [EMAIL] and found:
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail with a code in {PATIENCE} seconds")


def mails_of(site, since):
    """The mails since then, newest first."""
    with sqlite3.connect(site.data / "pharos.sqlite3") as database:
        rows = database.execute(
            "SELECT payload FROM core_outboxmessage WHERE kind='mail' AND created_at > ? ORDER BY created_at DESC",
            [f"{since:%Y-%m-%d %H:%M:%S.%f}"],
        )
        return [json.loads(payload) for (payload,) in rows]


@pytest.fixture(scope="module")
def seated(chromium, site):
    """The state of a browser at whose keyboard the agency's lead is."""
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/door/")
    for name, value in DOOR.items():
        page.fill(f"[name={name}]", value)
    page.click("main button.pri")
    page.goto("/door/code/")
    page.fill("[name=email]", EMAIL)
    asked_at = datetime.now(UTC)
    page.click("main button.pri")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", code_of(site, asked_at))
    page.click("main button.pri")
    page.wait_for_selector("[name=pin]")
    page.fill("[name=pin]", PIN)  # the sixth digit sends it
    page.wait_for_url("**/partner/")
    yield context.storage_state()
    context.close()


@pytest.fixture(scope="module")
def addresses(chromium, site, seated):
    context = chromium.new_context(base_url=site.url, storage_state=seated)
    page, found = context.new_page(), {}
    for name, (start, link) in FOLLOWED.items():
        page.goto(start)
        found[name] = urljoin(start, page.locator(link).first.get_attribute("href")).split("?")[0]
    context.close()
    return found


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def window(request, chromium, site, seated):
    width, theme, language = request.param
    context = look_of(chromium, site, state=seated, width=width, theme=theme, language=language)
    yield f"{language}_{theme}_{width}", context
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *FOLLOWED])
def test_a_partners_page_fits_and_can_be_used_by_all(window, guard, addresses, name):
    look, context = window
    check(shown(context, guard, PAGES.get(name) or addresses[name], f"partner-{name}_{look}"))
