"""Every sample file of exports: read right or honestly asked, sums checked against plain arithmetic of another tool."""

import csv
import io
import re
import sqlite3
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.importers import inspect

pytestmark = pytest.mark.samples


def plain(text):
    """A cell's figure with everything but digits, point and minus cut off: another way than the importer's."""
    return Decimal(re.sub(r"[^0-9.\-]", "", text) or 0)


def sums(lines, *columns):
    """Column -> sum over the rows of a CSV text, by csv alone."""
    rows = list(csv.DictReader(lines))
    return {column: sum((plain(row[column] or "") for row in rows), Decimal(0)) for column in columns}


def codes(report):
    return [question.code for question in report.questions]


def test_google_campaign_report(samples):
    report = inspect(samples / "google_ads_exports/campaign_report_video_demandgen_INR/Campaign report.csv")
    told = report.as_dict()
    assert (told["layout"], told["header_row"], told["rows"], told["total_rows_skipped"]) == ("google_ads", 3, 2, 4)
    assert (told["date_source"], told["period"]) == ("period", {"from": "2025-07-08", "to": "2025-07-31"})
    assert (told["currency"], told["questions"]) == ("INR", [])
    assert told["totals"] == {
        "cost": "2565.93",
        "impressions": "46168",
        "interactions": "22061",
        "conversions": "15.00",
    }
    assert told["platform_totals"]["Total: Account"]["cost"] == "2565.92"
    assert not any(warning.code == "totals_disagree" for warning in report.warnings)


def test_google_structure_is_no_report(samples):
    (file,) = (samples / "google_ads_exports/campaign_structure_xlsx").iterdir()
    report = inspect(file)
    assert (report.layout, report.totals(), len(report.as_dict()["tables"])) == ("google_ads_editor", {}, 3)
    assert [warning.code for warning in report.warnings] == ["no_figures"]
    assert list(report.records()) == []


NAMES = {"Cost": "cost", "Clicks": "clicks", "Impressions": "impressions", "Conversions": "conversions"}


def test_google_overview_cards(samples):
    files = sorted((samples / "google_ads_exports/overview_cards_GBsite_USD").iterdir())
    assert len(files) == 10
    for file in files:
        report = inspect(file)
        text = file.read_text(encoding="utf-8")
        header = next(csv.reader(io.StringIO(text)))
        expected = sums(io.StringIO(text), *(set(header) & set(NAMES)))
        assert report.totals() == {NAMES[column]: value for column, value in expected.items()}, file.name
        assert (report.layout, report.questions, report.rows) == ("google_ads", [], text.strip().count("\n")), file.name
        assert report.as_dict()["date_source"] == ("column" if header[0] == "Date" else "file_name"), file.name
        assert set(report.currencies) == ({"USD"} if "Cost" in header else set()), file.name
        assert len(list(report.records())) == report.rows
    days = list(
        inspect(next(file for file in files if file.name == "Time_series(2026.02.05-2026.02.10).csv")).records()
    )
    assert [record.date_from for record in days] == [date(2026, 2, 5) + timedelta(days=n) for n in range(6)]
    assert {(record.level, record.breakdown, record.hour) for record in days} == {("account", "", None)}


def test_ga4_events_of_a_year(samples):
    file = samples / "ga4_exports/events_2023/data-export.csv"
    report = inspect(file)
    lines = file.read_text(encoding="utf-8").splitlines()[9:]
    assert report.totals()["events"] == sums(lines, "Event count")["Event count"] == 304804
    told = report.as_dict()
    assert (told["layout"], told["header_row"], told["rows"]) == ("ga4", 10, 39)
    assert told["period"] == {"from": "2023-01-01", "to": "2023-12-31"}
    assert "total_users" in told["not_additive"] and "total_users" not in told["totals"]
    assert codes(report) == ["currency"]  # of the revenue, which GA4 states without one
    records = list(inspect(file, answers={"currency": "EUR"}).records())
    assert (len(records), records[0].level, records[0].external_id) == (39, "event", "page_view")


def test_ga4_home_with_its_many_tables(samples):
    file = samples / "ga4_exports/home_report_small/data-export.csv"
    report = inspect(file)
    told = report.as_dict()
    assert (told["layout"], len(told["tables"])) == ("ga4", 14)
    assert told["period"] == {"from": "2023-09-23", "to": "2023-10-20"}
    assert (told["totals"]["sessions"], told["totals"]["page_views"], told["totals"]["events"]) == ("7", "33", "85")
    assert {"users", "new_users", "average_engagement_time"} <= set(told["not_additive"])
    users = [r for r in inspect(file, answers={"currency": "EUR"}).records() if "users" in r.values and not r.breakdown]
    assert [(r.date_from, r.values["users"]) for r in users if r.values["users"]] == [
        (date(2023, 9, 23) + timedelta(days=n), value) for n, value in ((0, 1), (16, 1), (22, 2), (23, 1), (24, 1))
    ]


def test_kag_facebook_to_the_last_digit(samples):
    file = samples / "kag_facebook/KAG_campaigns_916_936.csv"
    report = inspect(file)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    base = sqlite3.connect(":memory:")
    base.execute("create table kag (impressions int, clicks int, nanos int, results int, conversions int)")
    base.executemany(
        "insert into kag values (?, ?, ?, ?, ?)",
        [
            (
                r["Impressions"],
                r["Clicks"],
                int(Decimal(r["Spent"]).scaleb(9)),
                r["Total_Conversion"],
                r["Approved_Conversion"],
            )
            for r in rows
        ],
    )
    names = ("impressions", "clicks", "cost", "results", "conversions")
    found = base.execute("select sum(impressions), sum(clicks), sum(nanos), sum(results), sum(conversions) from kag")
    expected = dict(zip(names, map(Decimal, found.fetchone()), strict=True))
    expected["cost"] = expected["cost"].scaleb(-9)
    assert report.totals() == expected
    assert (report.layout, report.rows, codes(report)) == (None, 518, ["period", "currency"])
    answers = {"period": {"from": "2017-08-17", "to": "2017-10-05"}, "currency": "USD"}
    records = list(inspect(file, answers=answers).records())
    assert sum(record.values["cost"] for record in records) == expected["cost"]
    assert {(record.level, record.breakdown, record.currency) for record in records} == {("ad", "", "USD")}
    assert len({record.external_id for record in records}) == 518
    assert {record.parent[0] for record in records} == {"ad_group"}


def test_meta_sample_with_commas_and_currency_in_the_header(samples):
    report = inspect(samples / "platform_headers/meta_en_campaign_sample.utf8.csv")
    told = report.as_dict()
    assert (told["layout"], told["currency"], told["date_source"], told["rows"]) == ("meta", "EGP", "column", 2)
    assert told["totals"]["cost"] == "190.0" and told["not_additive"]["reach"][0]["value"] == "1988"
    first, second = report.records()
    assert (first.name, first.date_from, first.date_to) == (
        "Campaign, with comma",
        date(2023, 7, 23),
        date(2026, 8, 22),
    )
    assert "results" not in second.values and second.values["reach"] == 0


# Skeleton -> (encoding as the platform writes it, rows to fill it with, layout, level, sums, currency or the question).
SKELETONS = {
    "baidu_search_campaign_daily_2016.gbk.csv": (
        "gbk",
        [
            '2016-04-20,品牌词,演示账户,"1,200",36,88.50,3.00%,2.46,1,0,--',
            "2016-04-20,通用词,演示账户,800,4,11.50,0.50%,2.88,0,0,--",
        ],
        (
            "baidu_search",
            "campaign",
            {"impressions": "2000", "clicks": "40", "cost": "100.00", "conversions": "1"},
            "ask",
        ),
    ),
    "baidu_search_hourly_2017.gbk.csv": (
        "gbk",
        ["2017-10-09,0,演示账户,品牌词,100,3,4.50,3.00%,1.50", "2017-10-09,23,演示账户,品牌词,50,1,1.25,2.00%,1.25"],
        ("baidu_search", "campaign", {"impressions": "150", "clicks": "4", "cost": "5.75"}, "ask"),
    ),
    "google_ads_en_report_editor.utf-8.csv": (
        "utf-8",
        [
            'Enabled,Brand,EUR,50.00,Eligible,Search,2026-07-14,101,"1,000",12.30,30,2.00',
            "Paused,Generic,EUR,20.00,Paused,Search,2026-07-15,102,10,0.70,1,0.00",
            'Total: Account, --,EUR, --, --, --, --, --,"1,010",13.00,31,2.00',
        ],
        (
            "google_ads",
            "campaign",
            {"impressions": "1010", "cost": "13.00", "clicks": "31", "conversions": "2.00"},
            "EUR",
        ),
    ),
    "meta_en_campaign.utf-8.csv": (
        "utf-8",
        [
            "2026-08-01,2026-08-31,Summer,active,7-day click,3,Website Purchase,900,1.1,2.5,7.5,990,7.57,"
            "12,0.62,1.2,15,1.5,0.5,9,0.83"
        ],
        (
            "meta",
            "campaign",
            {"results": "3", "cost": "7.5", "impressions": "990", "link_clicks": "12", "clicks": "15"},
            "EGP",
        ),
    ),
    "meta_zh_default.utf-8.csv": (
        "utf-8",
        ["2026-08-01,2026-08-31,夏季,active,3,网站购物,2.5,7.5,990,900,点击后 7 天"],
        ("meta", "campaign", {"results": "3", "cost": "7.5", "impressions": "990"}, "USD"),
    ),
    "sogou_daily_2017.utf-8.csv": (
        "gb18030",
        ["1,2017-10-09,演示,品牌,700,300,1000,30.00%,2.33,200", "2,2017-10-09,演示,通用,300,32,344,9.30%,9.37,31"],
        ("sogou", "campaign", {"cost": "1000", "clicks": "332", "impressions": "1344"}, "ask"),
    ),
    "toutiao_feed_2017.utf-8.csv": (
        "utf-8-sig",
        [
            "2017-12-11,11,计划甲,22,组乙,1000,30,3.00,1.5,45,45.00",
            "2017-12-12,11,计划甲,22,组乙,500,10,2.00,1.5,30,15.00",
        ],
        ("toutiao_feed", "ad_group", {"impressions": "1500", "clicks": "40", "cost": "60.00"}, "CNY"),
    ),
    "uc_feed_daily.utf-8.csv": (
        "utf-16",
        ["2017-12-11,5,演示,77,计划,1000,30,45.00,3.00%,1.50,45.00"],
        ("uc_feed", "campaign", {"impressions": "1000", "clicks": "30", "cost": "45.00"}, "ask"),
    ),
}


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_skeletons_filled_with_rows_in_their_encodings(samples, skeleton):
    encoding, rows, (layout, level, totals, currency) = SKELETONS[skeleton]
    head = (samples / "platform_headers/skeletons" / skeleton).read_text(
        encoding="gb18030" if ".gbk." in skeleton else "utf-8"
    )
    content = (head.rstrip("\r\n") + "\r\n" + "\r\n".join(rows) + "\r\n").encode(encoding)
    told = inspect(io.BytesIO(content), name=skeleton).as_dict()
    assert (told["layout"], told["rows"]) == (layout, sum(not row.startswith("Total") for row in rows))
    assert {name: told["totals"][name] for name in totals} == totals
    assert (told["currency"] or "ask") == currency
    assert [question["code"] for question in told["questions"]] == (["currency"] if currency == "ask" else [])
    records = list(inspect(io.BytesIO(content), name=skeleton, answers={"currency": "CNY"}).records())
    assert {record.level for record in records} == {level}
    assert sum(record.values["cost"] for record in records) == Decimal(totals["cost"])


def test_the_sogou_totals_row_is_reported_not_counted(samples):
    told = inspect(samples / "platform_headers/skeletons/sogou_daily_2017.utf-8.csv").as_dict()
    assert (told["rows"], told["total_rows_skipped"]) == (0, 1)
    assert told["platform_totals"]["总计"] == {"cost": "1000", "clicks": "332", "impressions": "1344"}


@pytest.mark.parametrize(
    ("path", "column", "metric", "factor"),
    [
        ("ads_api_seeds/google_ads/account_stats_data.csv", "cost_micros", "cost", Decimal("0.000001")),
        ("ads_api_seeds/google_ads/campaign_stats_data.csv", "cost_micros", "cost", Decimal("0.000001")),
        ("ads_api_seeds/google_ads/keyword_stats_data.csv", "impressions", "impressions", 1),
        ("ads_api_seeds/facebook/facebook_ads_basic_ad_data.csv", "spend", "cost", 1),
        ("ab_tests/campaign_control_test/control_group.csv", "Spend [USD]", "cost", 1),
        ("ab_tests/campaign_control_test/test_group.csv", "# of Purchase", "orders", 1),
    ],
)
def test_sums_of_api_seeds_and_tests(samples, path, column, metric, factor):
    with (samples / path).open(encoding="utf-8", newline="") as stream:
        expected = sums(stream, column)[column] * factor
    assert inspect(samples / path).totals()[metric] == expected


@pytest.mark.parametrize(
    "folder", ["uci_bank", "risk_registers", "content_calendars", "mmm", "ads_api_seeds", "ab_tests"]
)
def test_every_other_table_is_read_without_fault(samples, folder):
    files = list((samples / folder).rglob("*.csv"))
    assert files
    for file in files:
        told = inspect(file).as_dict()
        assert told["rows"] > 0 and told["header_row"] == 1
        assert told["layout"] is not None or told["warnings"] or told["questions"]
