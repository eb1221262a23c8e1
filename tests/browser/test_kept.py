"""What somebody typed outlives the end of the session: it stands in the form again, and nobody else sees it."""

import pytest
from playwright.sync_api import expect

from tests import conftest, factories
from tests.browser.conftest import SIZES, sign_in
from tests.browser.site import Guard, Site
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Open the season before the others wake up. 抢在别人之前。"


@pytest.fixture
def desk(transactional_db, live_server, chromium):
    """The owner at a watched browser."""
    world = conftest.build()
    guard = Guard()
    site = Site(live_server.url.replace("localhost", "127.0.0.1"), None)
    context = chromium.new_context(viewport=SIZES[1440], base_url=site.url)
    context.set_default_timeout(20_000)
    page = guard.watch(context.new_page())
    sign_in(page, site, world.owner.email, PASSWORD)
    yield world, page, site
    context.close()
    assert not guard.faults, "\n".join(guard.faults)


def lose_session(world, page):
    page.goto(f"{world.c}/settings/")
    page.fill("[name=brand_tone]", TEXT)
    page.context.clear_cookies(name="sessionid")
    page.locator("main form:has([name=brand_tone]) button:not([type=button])").last.click()
    page.wait_for_url("**/sign-in/?next=**")


def sign_in_again(page, email):
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main .btn.pri").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_the_text_is_in_the_form_again_and_can_be_saved(desk):
    world, page, _site = desk
    lose_session(world, page)
    sign_in_again(page, world.owner.email)
    expect(page.locator("[name=brand_tone]")).to_have_value(TEXT)
    expect(page.locator("#toasts")).to_contain_text("What you had typed is in the form again")
    page.locator("main form:has([name=brand_tone]) button:not([type=button])").last.click()
    page.wait_for_load_state("networkidle")
    world.campaign.refresh_from_db()
    assert world.campaign.brand_tone == TEXT
    page.reload()
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_the_next_person_in_the_same_tab_does_not_see_it(desk):
    world, page, _site = desk
    other = factories.member(world.workspace, name="Olga Other", role="owner")
    lose_session(world, page)
    sign_in_again(page, other.email)
    page.goto(f"{world.c}/settings/")
    expect(page.locator("[name=brand_tone]")).not_to_have_value(TEXT)
    assert page.evaluate("sessionStorage.getItem('typed')") is None


def test_a_form_that_expired_since_one_signed_in_elsewhere_keeps_its_text_too(desk):
    world, page, site = desk
    page.goto(f"{world.c}/settings/")
    page.fill("[name=brand_tone]", TEXT)
    page.locator("main form:has([name=brand_tone]) [name=csrfmiddlewaretoken]").evaluate(
        "el => el.value = 'x'.repeat(64)"
    )
    page.locator("main form:has([name=brand_tone]) button:not([type=button])").last.click()
    expect(page.get_by_text("This form has expired")).to_be_visible()
    page.goto(f"{site.url}{world.w}/")
    expect(page.locator("#toasts")).to_contain_text("What you had typed is kept")
    page.locator("#toasts a").click()
    expect(page.locator("[name=brand_tone]")).to_have_value(TEXT)
