"""A seat's passkey in a real browser with a virtual authenticator: made, used at the door, used as proof, removed."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import LOCALES, SIZES
from tests.browser.site import Site
from tests.browser.test_partner_looks import DOOR, EMAIL, PIN, P
from tests.browser.test_passkeys import WITHOUT, plug_in

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PHAROS_SHOTS", "")
KNOWN = """
from accounts.models import Seat, SeatDevice
from accounts.rules.doors import token_hash
from django.utils import timezone
seat = Seat._base_manager.get(email="{email}", removed_at=None)
kept = {{"workspace_id": seat.workspace_id, "seen_at": timezone.now(), "label": "Chrome"}}
SeatDevice._base_manager.get_or_create(seat=seat, key_hash=token_hash("{key}"), defaults=kept)
"""


@pytest.fixture
def by_name(site):
    """The same site by its name: passkeys do not belong to a bare address."""
    return Site(site.url.replace("127.0.0.1", "localhost"), site.data)


@pytest.fixture(params=[(390, "zh-hans", "dark"), (1440, "en", "light")], ids=["phone", "desk"])
def page(request, chromium, by_name):
    width, language, theme = request.param
    look = {"viewport": SIZES[width], "color_scheme": theme, "locale": LOCALES[language]}
    context = chromium.new_context(base_url=by_name.url, **look)
    context.set_default_timeout(20_000)
    found = context.new_page()
    found.faults, found.look = [], f"{language}_{theme}_{width}"
    found.on("console", lambda message: message.type == "error" and found.faults.append(message.text))
    found.on("pageerror", lambda error: found.faults.append(str(error)))
    yield found
    context.close()


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"seat-{name}_{page.look}.png", full_page=True)


def open_door(page):
    page.goto("/door/")
    for name, value in DOOR.items():
        page.fill(f"[name={name}]", value)
    page.click("main button.pri")
    page.wait_for_url("**/door/seats/")


def by_pin(page, site):
    """Sit down by the PIN, on a device where the seat is known."""
    key = f"device-{page.look}".ljust(43, "x")
    site.manage("shell", "-c", KNOWN.format(key=key, email=EMAIL))
    page.context.add_cookies([{"name": "device", "value": key, "url": site.url}])
    page.goto("/door/seats/")
    page.click(".who a[href*='seat=']")
    page.fill("[name=pin]", PIN)  # the sixth digit sends it
    page.wait_for_url("**/partner/")


def lock(page):
    page.goto(f"{P}/me/")
    page.locator("form[action='/door/lock/']").first.evaluate("form => form.submit()")
    page.wait_for_url("**/door/seats/**")


def test_a_seat_lives_by_its_passkey(page, by_name):
    plug_in(page)
    open_door(page)
    by_pin(page, by_name)
    page.goto(f"{P}/me/")
    add = page.locator("form[data-do=add]")
    add.locator("[name=name]").fill("工作手机 Work phone")
    shot(page, "add")
    add.locator(".form-foot button").click()
    page.wait_for_selector("b:text('Work phone')")
    shot(page, "own")

    lock(page)
    shot(page, "who")
    page.click(".by-passkey button")  # nobody is named: whoever has a passkey for this door
    page.wait_for_url("**/partner/")
    lock(page)
    page.click(".who a[href*='seat=']")
    page.wait_for_selector("form[action^='/door/passkey/?seat='] button:visible")
    shot(page, "pin")
    page.click("form[action^='/door/passkey/?seat='] button")
    page.wait_for_url("**/partner/")

    make_stale(by_name)
    page.goto(f"{P}/seats/new/")
    page.fill("[name=name]", "Nina")
    page.fill("[name=email]", "nina@northlight.example")
    page.click(".passkey-step button")
    page.wait_for_selector("[data-done]:visible")
    assert not page.locator("[name=seat_pin]").is_visible()
    shot(page, "step")
    page.click("main .form-foot button.pri")
    page.wait_for_selector("img[src^='data:image/svg']")  # the invitation is made

    make_stale(by_name)
    page.goto(f"{P}/me/")
    page.locator("form[action$='/remove/'] button").click()
    page.locator("dialog[open] .bad, dialog[open] .pri").first.click()
    page.wait_for_selector("main .pin-card .passkey-step button:visible")
    shot(page, "proof")
    page.click(".pin-card .passkey-step button")  # the page in between goes off by itself
    page.wait_for_url("**/partner/me/")
    assert not page.get_by_text("Work phone", exact=False).locator("visible=true").count() or "Work phone" not in (
        page.locator("ul.lines b").all_inner_texts()
    )
    faults = [one for one in page.faults if "status of 403" not in one]
    assert not faults, faults


def make_stale(site):
    """Six minutes have passed."""
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta; from accounts.models import SeatSession as S; from django.db.models import F; "
        "S._base_manager.update(proved_at=F('proved_at') - timedelta(minutes=6))",
    )


def test_a_browser_without_passkeys_has_its_pin(page, by_name):
    page.add_init_script(WITHOUT)
    open_door(page)
    assert not page.locator(".by-passkey button").is_visible()
    by_pin(page, by_name)
    page.goto(f"{P}/me/")
    page.wait_for_selector("[data-without-passkeys]:visible")
    assert not page.locator("form[data-do=add]").is_visible()
    shot(page, "without")
    assert not page.faults
