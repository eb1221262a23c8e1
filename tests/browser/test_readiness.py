"""The readiness board in a real Chromium: it turns green line by line, then the campaign goes live from it."""

from datetime import date
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope
from playwright.sync_api import expect

from campaigns import actions
from campaigns.actions import budget
from campaigns.models import Campaign, Metric, ReadinessSnapshot
from raci.models import Letter, RaciHolder, RaciRow
from tests import conftest
from tests.browser.conftest import LOCALES, SIZES, sign_in
from tests.browser.site import Guard, Site
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Launch:
    """A campaign whose plan is ready, and what mends each line of its board."""

    def __init__(self, world):
        self.world, self.actor, self.campaign = world, world.actor, world.campaign

    def mends(self):
        """(code of a line, what mends it), in the order in which people do it."""
        return {
            "brief_written": self.brief,
            "kpi_measurable": self.kpi,
            "raci_clean": self.matrix,
            "budget_locked": self.budget,
            "accounts_proven": lambda: self.access("Shop", "tool"),
            "tracking_tested": lambda: self.access("GA4", "tracking"),
            f"signed:{self.line.pk}": self.sign,
        }

    def prepare(self):
        Campaign.objects.filter(pk=self.campaign.pk).update(state="ready")
        owner = self.world.owner
        self.line = actions.add_readiness_line(self.actor, campaign=self.campaign, title="Load test", owner=owner)

    def brief(self):
        actions.save_brief(self.actor, campaign=self.campaign, sections=[{"key": "core_goal", "text": "Buyers"}])

    def kpi(self):
        goal = actions.create_goal(self.actor, campaign=self.campaign, title="Be known", owner=self.world.owner)
        actions.create_kpi(
            self.actor,
            goal=goal,
            name="Search clicks",
            metric=Metric.objects.get(code="clicks"),
            baseline_value=Decimal(0),
            baseline_source="Search Console",
            baseline_date=date(2026, 10, 1),
            target_value=Decimal(3000),
            start_date=date(2026, 11, 1),
            finish_date=date(2026, 11, 30),
            owner=self.world.owner,
        )

    def matrix(self):
        common = {"workspace": self.world.workspace, "campaign": self.campaign}
        row = RaciRow.objects.create(kind="decision", title="Launch", position=1, **common)
        holder = RaciHolder.objects.create(kind="person", user=self.world.owner, position=1, **common)
        for letter in "RA":
            Letter.objects.create(row=row, holder=holder, letter=letter, **common)

    def budget(self):
        budget.create_budget_line(self.actor, campaign=self.campaign, name="Media", planned_amount=Decimal(1000))
        budget.lock_budget(self.actor, campaign=self.campaign)

    def access(self, name, kind):
        item = actions.add_access_item(self.actor, campaign=self.campaign, name=name, kind=kind, owner=self.world.owner)
        actions.prove_access(self.actor, item=item, note="A test order came through")

    def sign(self):
        actions.sign_readiness_line(self.actor, line=self.line, evidence="4,000 requests a second")


@pytest.fixture
def launch(transactional_db):
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        made = Launch(world)
        made.prepare()
        yield made


def window(chromium, live_server, launch, guard, *, width=1440, language="en", theme="light"):
    site = Site(live_server.url.replace("localhost", "127.0.0.1"), None)
    context = chromium.new_context(
        viewport=SIZES[width], locale=LOCALES[language], color_scheme=theme, base_url=site.url
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    page = guard.watch(context.new_page())
    sign_in(page, site, launch.world.owner.email, PASSWORD)
    return page


def ask_again(page):
    """The board asks when its page comes back into sight, not only every twenty seconds."""
    with page.expect_response(lambda answer: answer.url.endswith("/readiness/board/")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_it_turns_green_line_by_line_and_the_campaign_goes_live(chromium, live_server, launch):
    guard = Guard()
    page = window(chromium, live_server, launch, guard)
    page.goto(f"{launch.world.c}/readiness/")
    expect(page.locator(".go b")).to_have_text("No-go")
    red = page.locator(".ready-lines li[data-state=block]")
    for code, mend in launch.mends().items():
        line = page.locator(f'[data-key="{code}"]')
        before = red.count()
        if line.get_attribute("data-state") == "ok":
            continue
        mend()
        ask_again(page)
        expect(line).to_have_attribute("data-state", "ok")
        expect(line).to_have_class("changed")
        assert red.count() <= before
    expect(page.locator(".go b")).to_have_text("Go")
    page.reload()
    page.get_by_role("button", name="Launch", exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name="Launch").click()
    expect(page.get_by_role("heading", name="Launched")).to_be_visible()
    assert Campaign.objects.get(pk=launch.campaign.pk).state == "live"
    kept = ReadinessSnapshot.objects.get()
    assert (kept.is_launch, kept.blocks, kept.is_intact) == (True, 0, True)
    assert not guard.faults, guard.faults


def test_nothing_is_asked_twice_while_nothing_changes(chromium, live_server, launch):
    page = window(chromium, live_server, launch, Guard())
    page.goto(f"{launch.world.c}/readiness/")
    with page.expect_response(lambda answer: answer.url.endswith("/readiness/board/")) as asked:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert asked.value.status == 304


@pytest.mark.parametrize(("width", "language", "theme"), [(1440, "en", "dark"), (390, "zh-hans", "light")])
def test_its_pages_are_accessible_and_fit(chromium, live_server, launch, width, language, theme):
    guard = Guard()
    launch.access("GA4", "tracking")
    kept = actions.keep_snapshot(launch.actor, campaign=launch.campaign)
    page = window(chromium, live_server, launch, guard, width=width, language=language, theme=theme)
    item = launch.campaign.access_items.get()
    for path in (
        "readiness/",
        "readiness/kept/",
        f"readiness/kept/{kept.pk}/",
        f"readiness/lines/{launch.line.pk}/",
        "readiness/lines/new/",
        "access/",
        "access/new/",
        f"access/{item.pk}/",
    ):
        page.goto(f"{launch.world.c}/{path}")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert not found, (path, [(one["id"], one["nodes"][0]["html"]) for one in found])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert not guard.faults, guard.faults
