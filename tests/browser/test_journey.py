"""The product's main job by hand: plan a campaign, load real exports, match every figure, read what is out of range."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from tests.browser.conftest import NUMBERS

pytestmark = [pytest.mark.browser, pytest.mark.samples]

CARDS = "google_ads_exports/overview_cards_GBsite_USD"
EXPORTS = (
    "google_ads_exports/campaign_report_video_demandgen_INR/Campaign report.csv",
    f"{CARDS}/Time_series(2026.02.05-2026.02.10).csv",
    f"{CARDS}/Devices(2026.02.05-2026.02.10).csv",
    f"{CARDS}/Networks(2026.02.05-2026.02.10).csv",
    "ga4_exports/events_2023/data-export.csv",
    "ga4_exports/home_report_small/data-export.csv",
)
DAYS = [f"2026-02-{day:02}" for day in range(5, 11)]
PLAN = ["20", "40", "40", "40", "40", "20"]
CODE = "CLEAN-26"


class Journey:
    """One person at one screen; every step asserts what it sees."""

    def __init__(self, page, slug):
        self.page, self.slug = page, slug
        self.w, self.c = f"/w/{slug}", f"/w/{slug}/c/{CODE}"

    def fill(self, **values):
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]:visible").first
            field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)

    def send(self, to, selector="main .form-foot .btn.pri"):
        """Press the form's button; the answer is the page `to`."""
        self.page.locator(selector).first.click()
        self.page.wait_for_url(to)

    def choose(self, name, text):
        """Choose the option whose text contains `text`."""
        field = self.page.locator(f"main select[name={name}]:visible")
        value = field.evaluate("(e, text) => [...e.options].find((o) => o.text.includes(text)).value", text)
        field.select_option(value)

    def open(self, path):
        self.page.goto(path)
        assert self.page.locator("h1").count() == 1

    def paste(self, cell, text):
        """Paste into a cell as from a spreadsheet: a clipboard event with tab-separated text."""
        cell.click()
        self.page.evaluate(
            """text => { const data = new DataTransfer(); data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
              new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }""",
            text,
        )

    # --- the plan ---------------------------------------------------------------------------------------------------
    def campaign(self):
        self.open(f"{self.w}/campaigns/new/")
        self.fill(name="Clean London 伦敦保洁", code=CODE, start_date="2025-07-01", finish_date="2026-02-28")
        self.fill(currency="USD", budget_amount="150")
        self.choose("owner", "Ada")
        self.send(f"**{self.c}/**")

    def brief(self):
        for number, goal in enumerate(("Two hundred calls.", "Two hundred calls. 两百个来电。", "Ninety calls."), 1):
            self.open(f"{self.c}/brief/edit/")
            self.fill(**{"section-core_goal": goal, "section-channels": "Search and video."})
            self.page.locator("main [name=note]").fill(f"Draft {number}")
            self.send(f"**{self.c}/brief/")
        self.open(f"{self.c}/brief/versions/")
        for number in (1, 2, 3):
            assert self.page.get_by_text(f"Draft {number}").count()
        self.open(f"{self.c}/brief/compare/?from=1&to=3")
        told = self.page.locator("main").inner_text()
        assert "Two hundred" in told and "Ninety" in told
        assert self.page.locator("main ins, main del, main mark").count()

    def goal(self):
        self.open(f"{self.c}/goals/new/")
        self.fill(title="Be called 接到电话")
        self.send(f"**{self.c}/goals/**")
        self.kpi("Clicks 点击", "clicks", "200")
        self.page.fill("main [name=text]", "\n".join(f"{day}\t{value}" for day, value in zip(DAYS, PLAN, strict=True)))
        self.page.click("main button[name=mode][value=paste]")
        self.page.click("main form:has([name=confirm]) .btn.pri")
        self.page.wait_for_selector("main svg.plan-bars rect")
        assert self.page.locator("main svg.plan-bars rect").count() == len(PLAN)
        self.kpi("Impressions 展示", "impressions", "250")

    def kpi(self, name, metric, target):
        self.open(f"{self.c}/kpis/new/")
        self.fill(name=name, target_value=target, start_date=DAYS[0], finish_date=DAYS[-1])
        self.choose("goal", "Be called")
        options = self.page.locator("main select[name=metric] option")
        labels = {"clicks": ("Clicks", "点击"), "impressions": ("Impressions", "展示", "曝光")}[metric]
        value = next(o.get_attribute("value") for o in options.all() if o.inner_text().startswith(labels))
        self.page.select_option("main select[name=metric]", value)
        self.send(f"**{self.c}/**")


@pytest.fixture(params=[(1440, "light", "en"), (390, "dark", "zh-hans")], ids=["en-1440-light", "zh-390-dark"])
def journey(request, site, window, signed_in):
    """A fresh workspace of one owner, who has signed in by the form."""
    width, theme, language = request.param
    slug = f"journey-{language}-{next(NUMBERS)}"
    email = f"{slug}@pharos.example"
    person = ("--owner-email", email, "--owner-name", "Ada Owner", "--password", "a long way 2 walk")
    site.manage("create_workspace", slug, "--slug", slug, *person, "--language", language, "--currency", "USD")
    page = window(width=width, theme=theme, language=language, state=signed_in(email, "a long way 2 walk"))
    return Journey(page, slug)


def rows(samples, name, skip=0):
    """The rows of a CSV as dicts by header, read by Python's own reader."""
    text = (samples / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO("\n".join(text.splitlines()[skip:]))))


def number(text):
    return Decimal(text.replace("US$", "").replace(",", ""))


def test_a_campaign_from_plan_to_the_figure_out_of_range(journey, samples):
    journey.open(f"{journey.w}/")
    journey.campaign()
    journey.brief()
    journey.goal()
