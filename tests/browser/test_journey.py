"""The product's main job by hand: plan a campaign, load real exports, match every figure, read what is out of range."""

import csv
import re
from base64 import b64encode
from decimal import Decimal
from io import StringIO
from secrets import token_hex

import pytest

from tests.browser.test_looks import grave_faults

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
DROP = """files => {
  const data = new DataTransfer();
  for (const { name, data: text } of files)
    data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
  document.querySelector("form.drop label").dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
METRICS = {"clicks": ("Clicks", "点击"), "impressions": ("Impressions", "展示", "曝光")}
PLAN = ["20", "40", "40", "40", "40", "20"]
CODE = "CLEAN-26"


class Journey:
    """One person at one screen; every step asserts what it sees."""

    def __init__(self, page, slug):
        self.page, self.slug, self.grave = page, slug, {}
        self.w, self.c = f"/w/{slug}", f"/w/{slug}/c/{CODE}"

    def fill(self, **values):
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]:visible").first
            field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)

    def send(self, to, selector="main .form-foot .btn.pri"):
        """Press the form's button; the answer is the page `to`."""
        self.page.locator(selector).first.click()
        self.page.wait_for_url(to)
        self.look()

    def look(self):
        """What would keep somebody from using the page, by its address; each address once."""
        address = self.page.url.split("?")[0]
        if address not in self.grave:
            self.page.wait_for_load_state("networkidle")
            self.grave[address] = grave_faults(self.page)

    def choose(self, name, text):
        """Choose the option whose text contains `text`."""
        field = self.page.locator(f"main select[name={name}]:visible")
        value = field.evaluate("(e, text) => [...e.options].find((o) => o.text.includes(text)).value", text)
        field.select_option(value)

    def open(self, path):
        self.page.goto(path)
        assert self.page.locator("h1").count() == 1
        self.look()

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
        self.metric(metric)
        self.send(f"**{self.c}/**")

    def metric(self, code):
        """Choose a metric of the vocabulary by its code."""
        options = self.page.locator("main select[name=metric] option")
        value = next(one.get_attribute("value") for one in options.all() if one.inner_text().startswith(METRICS[code]))
        self.page.select_option("main select[name=metric]", value)

    # --- the schedule -----------------------------------------------------------------------------------------------
    def placement(self, name, first, last, currency, budget):
        self.open(f"{self.c}/placements/new/")
        self.fill(name=name, currency=currency, budget_amount=budget)
        self.page.select_option("main [name=channel]", index=1)
        self.page.fill("main [name$='-0-start_date']", first)
        self.page.fill("main [name$='-0-finish_date']", last)
        self.send(lambda url: "/placements/new/" not in url)

    def schedule(self):
        self.placement("Search London", DAYS[0], DAYS[-1], "USD", "120")
        self.placement("Search partners", DAYS[0], DAYS[-1], "USD", "30")
        self.placement("Video India", "2025-07-08", "2025-07-31", "INR", "2600")
        self.open(f"{self.c}/placements/grid/?from={DAYS[0]}&to={DAYS[-1]}")
        self.page.wait_for_selector("[role=grid]")
        block = "20\t20\t20\t20\t20\t20\r\n5\t5\t5\t5\t5\t5\r\n"
        self.paste(self.page.locator(f"tr[data-row] td[data-col='{DAYS[0]}']").first, block)
        self.page.wait_for_selector("#grid [data-state=saved]")
        self.page.reload()
        self.page.wait_for_selector("[role=grid]")
        sums = self.page.locator("[data-sum-row]").all_inner_texts()
        assert [Decimal(text.replace(",", "") or 0) for text in sums] == [120, 30, 0]

    # --- the figures ------------------------------------------------------------------------------------------------
    def drop(self, files):
        """All files let go of over the zone at once."""
        self.open(f"{self.w}/data/imports/")
        sent = [{"name": file.name, "data": b64encode(file.read_bytes()).decode()} for file in files]
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(DROP, sent)
        assert self.page.locator("form.drop .files li").count() == len(files)
        self.send("**/data/imports/*-*/", "form.drop .btn.pri")
        assert self.page.locator("section[id^=file-]").count() == len(files)

    def answer(self):
        """Answer every question that is open; each round may bring another."""
        for _round in range(4):
            form = self.page.locator("#questions form")
            if not form.count():
                return
            for money in form.locator("select:has(option[value=USD]):visible").all():
                if not money.input_value():  # GA4 states no currency
                    money.select_option("USD")
            form.locator(".btn.pri").click()
            self.page.wait_for_load_state()
        raise AssertionError("questions without end")

    def commit(self):
        self.send("**/data/imports/*-*/", "form[action$='/commit/'] button")
        self.page.wait_for_selector("form[action$='/undo/']")

    def match(self, platform):
        """All that is unassigned, in two goes; with what is matched it stays the platform's total to the cent."""
        assert self.unassigned() == {sign: [cost, cost] for sign, cost in platform.items()}
        self.link("Google Ads USD")
        assert self.unassigned() == {"$": [0, platform["$"]], "₹": [platform["₹"]] * 2}
        self.link("")
        assert self.page.locator("[name=object]").count() == 0

    def unassigned(self):
        """{sign of the currency: [unassigned, the platform's total]} as the head of the page says them."""
        self.open(f"{self.w}/data/unassigned/")
        told = re.findall(r"(\$|₹)\s?([\d,.]+)", self.page.locator(".page-head p").inner_text())
        return {sign: [figure(amount) for other, amount in told if other == sign] for sign, _amount in told}

    def link(self, start):
        """Match the objects whose name begins with `start`."""
        belongs = {"Google Ads USD": "Search London", "Video views": "Video India", "MH-m-sand": "Video India"}
        for row in self.page.locator("main tbody tr").all():
            name = row.locator("th").inner_text()
            if not name.startswith(start):
                continue
            line = next((line for start, line in belongs.items() if name.startswith(start)), "")
            option = f"#plans option[value*='{line or CODE + ' ·'}']"
            row.locator("input[list=plans]").fill(self.page.locator(option).first.get_attribute("value"))
            row.locator("[name=object]").check()
        self.send("**/data/unassigned/", "form[action$='/link/'] .btn.pri")

    # --- what they say ----------------------------------------------------------------------------------------------
    def dashboard(self, first, last, path=""):
        self.open(f"{self.c}/dashboard/{path}?period=custom&from={first}&to={last}")
        self.page.wait_for_selector("main .skeleton", state="detached")
        self.look()

    def tile(self, metric):
        """The exact figure of a tile: shown in thousands, it stands in the title."""
        shown = self.page.locator(f".tile:has(a[href*='metrics={metric}']) strong")
        return figure(shown.get_attribute("title") or shown.inner_text())

    def totals(self, first, last, expected):
        self.dashboard(first, last)
        assert {metric: self.tile(metric) for metric in expected} == expected

    def out_of_range(self):
        """Expect 10 to 20 clicks a day; the list, the tile and the list of what is out say that the days were not."""
        self.open(f"{self.c}/ranges/")
        self.metric("clicks")
        self.fill(low="10", high="20")
        self.send(f"**{self.c}/ranges/")
        assert self.page.locator("main tbody tr").count() == 1
        self.dashboard(DAYS[0], DAYS[-1])
        assert self.page.locator(".tile:has(a[href*='metrics=clicks']) .st.bad").count() == 1
        assert self.page.locator("#part-attention li").count() == 1
        assert figure(self.page.locator("#part-attention li b").inner_text()) == 6

    def drill_down(self, expected):
        """From the dashboard's line to the figures behind the placement, of the same days."""
        self.dashboard(DAYS[0], DAYS[-1])
        self.page.locator("#part-placements tbody th a", has_text="Search London").click()
        self.page.wait_for_url("**/placements/*/figures/**")
        self.look()
        assert DAYS[0] in self.page.url
        told = [figure(text) for text in self.page.locator(".tile strong").all_inner_texts()[:3]]
        assert told == [expected[metric] for metric in ("cost", "impressions", "clicks")]
        rows = self.page.locator("main table").last.locator("tbody tr")
        assert rows.count() == len(DAYS)


LOOKS = ((1440, "light", "en"), (1440, "dark", "zh-hans"), (390, "light", "zh-hans"), (390, "dark", "en"))  # each pair


@pytest.fixture(params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def journey(request, site, window, signed_in):
    """A fresh workspace of one owner, who has signed in by the form."""
    width, theme, language = request.param
    slug = f"journey-{token_hex(4)}"
    email = f"{slug}@pharos.example"
    person = ("--owner-email", email, "--owner-name", "Ada Owner", "--password", "a long way 2 walk")
    site.manage("create_workspace", slug, "--slug", slug, *person, "--language", language, "--currency", "USD")
    page = window(width=width, theme=theme, language=language, state=signed_in(email, "a long way 2 walk"))
    return Journey(page, slug)


def rows(samples, name, skip=0):
    """The rows of a CSV as dicts by header, read by Python's own reader."""
    text = (samples / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO("\n".join(text.splitlines()[skip:]))))


def total(lines, column):
    return sum(figure(line[column]) for line in lines)


def figure(text):
    """The number in a text: US$1,234.50 is 1234.50."""
    return Decimal(re.sub(r"[^0-9.]", "", text))


def spent(lines, **columns):
    """What the platform's own file says, summed by a reader that knows nothing of the product."""
    return {metric: total(lines, column) for metric, column in columns.items()}


def test_a_campaign_from_plan_to_the_figure_out_of_range(journey, samples):
    bought = [row for row in rows(samples, EXPORTS[0], skip=2) if not row["Campaign status"].startswith("Total")]
    july = spent(bought, cost="Cost", impressions="Impr.", conversions="Conversions")
    week = spent(rows(samples, EXPORTS[1]), cost="Cost", clicks="Clicks", impressions="Impressions")
    journey.open(f"{journey.w}/")
    journey.campaign()
    journey.brief()
    journey.goal()
    journey.schedule()
    journey.drop([samples / name for name in EXPORTS])
    journey.answer()
    journey.commit()
    journey.match({"$": week["cost"], "₹": july["cost"]})
    journey.totals(DAYS[0], DAYS[-1], week)
    journey.totals("2025-07-08", "2025-07-31", july)
    journey.out_of_range()
    journey.drill_down(week)
    assert not any(journey.grave.values()), journey.grave
