"""Passkeys in a real browser with a virtual authenticator; and a browser that knows none."""

import pytest

from tests.browser.conftest import sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "pat@pharos.example", "passkeys need a name"
ABLE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
ABLE |= {"isUserVerified": True}
WITHOUT = "delete window.PublicKeyCredential"  # as in WeChat's browser


@pytest.fixture
def by_name(site):
    """The same site by its name: passkeys do not belong to a bare address."""
    if EMAIL not in site.manage(
        "shell", "-c", "from accounts.models import User; print([u.email for u in User.objects.all()])"
    ):
        site.manage("create_person", EMAIL, "Pat Passkey", "--password", PASSWORD)
    return Site(site.url.replace("127.0.0.1", "localhost"), site.data)


@pytest.fixture
def page(chromium, by_name):
    context = chromium.new_context(base_url=by_name.url)
    context.set_default_timeout(20_000)
    found = context.new_page()
    found.faults = []
    found.on("console", lambda message: message.type == "error" and found.faults.append(message.text))
    found.on("pageerror", lambda error: found.faults.append(str(error)))
    yield found
    context.close()


def plug_in(page):
    """An authenticator that says yes at once."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": ABLE})


def leave(page):
    page.goto("/sign-out/")
    page.click("main button")
    page.wait_for_url("**/sign-in/")


def test_a_passkey_is_added_signs_in_and_is_removed(page, by_name):
    plug_in(page)
    sign_in(page, by_name, EMAIL, PASSWORD)
    page.goto("/me/security/")
    page.click("a[href='/me/security/passkeys/new/']")
    page.fill("[name=name]", "Virtual key")
    page.click("form[data-do=add] .btn.pri")
    page.wait_for_url("**/recovery-codes/")
    leave(page)
    page.click("form[action='/sign-in/passkey/'] button")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/me/security/")
    assert page.get_by_text("Virtual key").count()
    page.click("a[href*='/passkeys/'][href$='/remove/']")
    page.click("main .btn.bad")
    page.wait_for_url("**/me/security/")
    assert not page.get_by_text("Virtual key").count() and not page.faults


@pytest.mark.parametrize("why", ["no passkeys", "bare address"])
def test_a_browser_without_passkeys_has_everything_else(page, by_name, site, why):
    if why == "no passkeys":
        page.add_init_script(WITHOUT)
        place = by_name
    else:
        place = site
    page.goto(f"{place.url}/sign-in/")
    page.wait_for_load_state("networkidle")
    assert not page.locator("form[action='/sign-in/passkey/']").is_visible()
    sign_in(page, place, EMAIL, PASSWORD)
    page.goto(f"{place.url}/me/security/")
    page.wait_for_selector("[data-without-passkeys]:visible")
    assert not page.locator("[data-with-passkeys]").is_visible()
    page.click("a[href='/me/security/app/']")
    page.wait_for_selector("img[src^='data:image/svg']")
    assert page.locator("img[src^='data:image/svg']").evaluate("image => image.naturalWidth") > 0
    assert not page.faults
