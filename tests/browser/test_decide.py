"""A reviewer decides on ten things by keyboard in under a minute; nothing happens while an input method composes."""

import time

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from assets import actions
from assets.models import Verdict
from tests import conftest, factories
from tests.browser.conftest import SIZES, sign_in
from tests.browser.site import Guard, Site
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THINGS = 10


@pytest.fixture
def desk(transactional_db, live_server, chromium):
    """Ten texts that wait for the owner's verdict, and a browser in which they are signed in."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        maker = factories.member(world.workspace, name="Mia Maker")
        route = factories.review_route(world.campaign)
        route.levels.get().users.set([world.owner])
        for number in range(THINGS):
            asset = factories.asset(world.campaign, f"Line {number}", stage="editing", maker=maker, route=route)
            factories.asset_version(asset, text=f"Words {number}", uploader=maker)
            actions.submit_for_review(factories.actor_of(maker, world.workspace), asset=asset)
        guard = Guard()
        url = live_server.url.replace("localhost", "127.0.0.1")
        context = chromium.new_context(viewport=SIZES[1440], base_url=url)
        page = guard.watch(context.new_page())
        sign_in(page, Site(url, None), world.owner.email, PASSWORD)
        yield world, page
        context.close()
        assert not guard.faults, "\n".join(guard.faults)


def test_ten_things_in_under_a_minute(desk):
    world, page = desk
    page.goto(f"{world.w}/reviews/")
    page.get_by_role("link", name="Begin").click()
    start = time.monotonic()
    for number in range(THINGS):
        expect(page.locator("[data-verdict]")).to_be_visible()
        here = page.url
        if number % 3 == 2:
            page.keyboard.press("3")
            page.keyboard.type("Say it shorter")
        else:
            page.keyboard.press("1")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, here=here: url != here)
    took = time.monotonic() - start
    assert took < 60
    expect(page.get_by_text("Nothing waits for your verdict")).to_be_visible()
    said = list(Verdict.objects.values_list("decision", flat=True))
    assert (said.count("approve"), said.count("changes_required")) == (7, 3)


def test_nothing_happens_while_an_input_method_composes(desk):
    world, page = desk
    page.goto(f"{world.w}/reviews/")
    page.get_by_role("link", name="Begin").click()
    expect(page.locator("[data-verdict]")).to_be_visible()
    here = page.url
    for key in ("1", "j", "Enter"):
        page.evaluate(
            """key => document.dispatchEvent(new KeyboardEvent("keydown",
               {key, ctrlKey: key === "Enter", isComposing: true, bubbles: true}))""",
            key,
        )
    assert page.url == here and not page.locator("input[name=decision]:checked").count()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != here)
    page.keyboard.press("k")
    page.wait_for_url(here)
    assert not Verdict.objects.exists()
