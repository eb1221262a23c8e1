"""What real exports do, one test each: preambles, totals, encodings, currencies, dates, several tables, odd cells."""

import io
import json
import os
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook

from analytics.importers import Unreadable, inspect
from analytics.importers.names import NOT_ADDITIVE, vocabulary
from core.errors import RuleBroken


def read(text, name="export.csv", encoding="utf-8", **answers):
    """The report on a text in an encoding."""
    return inspect(io.BytesIO(text.encode(encoding) if isinstance(text, str) else text), name=name, answers=answers)


def codes(report):
    return [question.code for question in report.questions]


GOOGLE = """Campaign report
"July 8, 2026 - July 31, 2026"
Campaign status,Campaign,Campaign type,Currency code,Avg. CPM,Impr.,Interactions,Cost
Enabled,Video views,Video,INR,64.20,"25,881","20,127",1661.67
Enabled,MH,Demand Gen,INR, --,"20,287", --,904.26
Total: Campaigns, --, --,INR,55.58,"46,168","20,127",2565.92
Total: Account,,,INR,55.58,"46,168","20,127",2565.92
Total: Video,,Video,INR,64.20,"25,881","20,127",1661.67
"""


def test_preamble_absent_cells_thousands_and_several_totals_rows():
    report = read(GOOGLE)
    told = report.as_dict()
    assert (told["layout"], told["header_row"], told["rows"], told["total_rows_skipped"]) == ("google_ads", 3, 2, 3)
    assert told["totals"] == {"cost": "2565.93", "impressions": "46168", "interactions": "20127"}
    assert list(told["platform_totals"]) == ["Total: Campaigns", "Total: Account", "Total: Video"]
    assert told["platform_totals"]["Total: Video"]["cost"] == "1661.67"
    assert (told["date_source"], told["period"]) == ("period", {"from": "2026-07-08", "to": "2026-07-31"})
    first, second = report.records()
    assert (first.level, first.name, first.date_from, first.date_to) == (
        "campaign",
        "Video views",
        date(2026, 7, 8),
        date(2026, 7, 31),
    )
    assert first.values["cost"] == Decimal("1661.67") and first.currency == "INR"
    assert "interactions" not in second.values  # " --" is absent, not zero


@pytest.mark.parametrize(
    "row",
    [
        "总计,--,--,1000,332",
        "合计,,,1000,332",
        "--,--,总计,1000,332",
        "2026-08-01,A,小计,1000,332",
        ",,,1000,332,Grand total",
        "总计,1000",
    ],
)
def test_a_totals_row_is_never_counted_wherever_its_label_stands(row):
    header, data = "日期,账户,推广计划,消耗,点击数", "2026-08-01,A,品牌,700,300\n2026-08-01,A,通用,300,32"
    for rows in (f"{row}\n{data}", f"{data}\n{row}"):
        told = read(f"{header}\n{rows}\n", currency="CNY").as_dict()
        assert (told["rows"], told["total_rows_skipped"], told["totals"]) == (2, 1, {"cost": "1000", "clicks": "332"})
        assert len(told["platform_totals"]) == 1


def test_a_campaign_called_total_with_a_day_and_an_id_is_data():
    report = read("Day,Campaign ID,Campaign,Clicks\n2026-08-01,7,Total,5\n2026-08-01,8,Total War: Rome,6\n")
    assert (report.rows, report.totals()) == (2, {"clicks": Decimal(11)})


def test_a_row_without_a_name_is_a_total_only_if_it_is_the_sum():
    header = "Campaign name,Impressions,Amount spent (USD)\n"
    summed = read(header + ",30,3.00\nA,10,1.00\nB,20,2.00\n", "Jul-1-2026-Jul-31-2026.csv")
    assert (summed.rows, summed.as_dict()["platform_totals"]) == (2, {"—": {"impressions": "30", "cost": "3.00"}})
    assert [record.name for record in summed.records()] == ["A", "B"]
    other = read(header + ",31,3.00\nA,10,1.00\nB,20,2.00\n", "Jul-1-2026-Jul-31-2026.csv")
    assert (other.rows, other.totals()["impressions"]) == (3, 61)
    assert [record.level for record in other.records()] == ["account", "campaign", "campaign"]


def test_a_search_word_total_is_data_unless_it_is_the_sum():
    header, name = "Search,Cost,Clicks,Impressions,Conversions\n", "Searches(Search_2026.02.05-2026.02.10).csv"
    word = read(header + "total,US$1.00,1,9,0.00\nshoes,US$2.00,2,5,0.00\n", name)
    assert (word.rows, word.totals()["clicks"]) == (2, 3)
    assert sorted(record.name for record in word.records()) == ["shoes", "total"]
    summed = read(header + "total,US$3.00,3,14,0.00\nhats,US$1.00,1,9,0.00\nshoes,US$2.00,2,5,0.00\n", name)
    assert (summed.rows, summed.totals()["clicks"]) == (2, 3)
    assert [record.name for record in summed.records()] == ["hats", "shoes"]


def test_uploads_and_streams_that_cannot_be_rewound():
    content = GOOGLE.encode()
    uploaded = inspect(SimpleUploadedFile("Campaign report.csv", content))
    assert (uploaded.name, uploaded.rows) == ("Campaign report.csv", 2)
    read_end, write_end = os.pipe()
    os.write(write_end, content)
    os.close(write_end)
    with open(read_end, "rb") as pipe:
        piped = inspect(pipe, name="Campaign report.csv")
        assert (piped.rows, len(list(piped.records()))) == (2, 2)


def test_a_total_that_nobody_reaches_is_told():
    report = read("Campaign,Impr.,Clicks\nA,10,1\nTotal: Account,50,1\n", "x(2026.08.01).csv")
    assert [warning.code for warning in report.warnings] == ["totals_disagree"]


@pytest.mark.parametrize(
    ("encoding", "told", "delimiter"),
    [
        ("utf-8-sig", "utf-8-sig", ","),
        ("utf-16", "utf-16-le", "\t"),
        ("gb18030", "gb18030", ","),
        ("gbk", "gb18030", "\t"),
        ("utf-8", "utf-8", "|"),
    ],
)
def test_encodings_and_delimiters(encoding, told, delimiter):
    rows = [
        "数据生成时间：2016-04-21 16:28",
        "1. 时间范围：20160420",
        "",
        "日期,推广计划,账户,展现,点击,消费",
        "2016-04-20,品牌词,演示,1200,36,88.50",
    ]
    report = read("\r\n".join(rows).replace(",", delimiter), encoding=encoding)
    assert (report.encoding, report.delimiter, report.layout, report.rows) == (told, delimiter, "baidu_search", 1)
    assert codes(report) == ["currency"] and report.questions[0].default == "CNY"
    (record,) = read("\r\n".join(rows).replace(",", delimiter), encoding=encoding, currency="CNY").records()
    assert (record.name, record.account, record.currency, record.values["cost"]) == (
        "品牌词",
        "演示",
        "CNY",
        Decimal("88.50"),
    )
    assert record.parent == ("account", "演示", "演示")


def test_big_endian_utf16():
    report = read(b"\xfe\xff" + "Day\tCost (EUR)\n2026-08-01\t5\n".encode("utf-16-be"))
    assert (report.encoding, report.as_dict()["totals"]) == ("utf-16-be", {"cost": "5"})


def test_an_encoding_that_nothing_proves_is_asked_and_then_taken():
    text = "Jour;Campagne;Coût (EUR);Clics\n01/08/2026;Été;1 234,56;3\n"
    asked = read(text, encoding="cp1252")
    assert codes(asked) == ["encoding"] and asked.questions[0].default == "cp1252"
    report = inspect(io.BytesIO(text.encode("cp1252")), name="x.csv", answers={"encoding": "cp1252"})
    (record,) = report.records()
    assert (record.name, record.values["cost"], record.date_from) == ("Été", Decimal("1234.56"), date(2026, 8, 1))


def test_french_export_reads_comma_decimals_and_day_first():
    report = read(
        "Jour;Campagne;Impr.;Coût (EUR)\n01/08/2026;Rentrée;1 234;1 234,56\n02/08/2026;Rentrée;987;0,5\n",
        encoding="utf-8-sig",
    )
    told = report.as_dict()
    assert (told["delimiter"], told["currency"], told["totals"]) == (
        ";",
        "EUR",
        {"cost": "1235.06", "impressions": "2221"},
    )
    assert told["period"] == {"from": "2026-08-01", "to": "2026-08-02"}


def test_a_decimal_sign_that_nothing_proves_is_asked():
    text = "foo;impressions;spend [EUR];date\nx;1.234;1.500;2026-08-01\n"
    assert codes(read(text)) == ["number_format"]
    assert read(text, number_format="comma").totals() == {"cost": Decimal(1500), "impressions": Decimal(1234)}
    assert read(text, number_format="point").totals()["cost"] == Decimal("1.500")


def test_columns_are_optional_and_found_by_name():
    report = read(
        "Campaign,Avg. cost,Cost,Interactions,Impr.\nV,0.08,1661.67,9,10\n", "x(2026.08.01).csv", currency="INR"
    )
    assert report.as_dict()["columns"] == {
        "Campaign": "campaign",
        "Avg. cost": "derived:average_cost",
        "Cost": "cost",
        "Interactions": "interactions",
        "Impr.": "impressions",
    }
    assert report.totals() == {"cost": Decimal("1661.67"), "interactions": 9, "impressions": 10}


def test_currency_in_column_header_and_cell_and_several_in_one_file():
    report = read("Day,Currency code,Cost\n2026-08-01,USD,1.50\n2026-08-01,CNY,10\n2026-08-02,USD,2\n")
    assert report.as_dict()["currency"] == ["CNY", "USD"]
    assert report.as_dict()["totals"] == {"cost": {"USD": "3.50", "CNY": "10"}}
    assert read("Day,Amount spent (EGP)\n2026-08-01,3\n").currencies == ["EGP"]
    assert [record.currency for record in read("Day,Cost\n2026-08-01,US$1.92\n").records()] == ["USD"]


def test_a_bare_sign_of_money_is_asked_with_a_suggestion():
    dollars = read("Day,Cost\n2026-08-01,$1.92\n")
    assert [(q.code, q.default) for q in dollars.questions] == [("currency", "USD")]
    yen = read('Day,Cost\n2026-08-01,"¥1,234.00"\n')
    assert [(q.code, q.options) for q in yen.questions] == [("currency", ["CNY", "JPY"])]
    assert read('日期,消费\n2026-08-01,"¥1,234.00"\n').currencies == ["CNY"]
    assert codes(read("Day,Clicks\n2026-08-01,4\n")) == []  # no money, nothing to ask


def test_a_currency_line_above_the_header_is_believed():
    assert read("Currency: SEK\n\nDay,Cost,Clicks\n2026-08-01,5,1\n").currencies == ["SEK"]


def test_no_date_anywhere_is_asked_never_guessed():
    asked = read("Campaign,Impr.,Clicks\nA,10,1\n")
    assert (asked.as_dict()["date_source"], asked.as_dict()["period"], codes(asked)) == ("ask", None, ["period"])
    with pytest.raises(RuleBroken):
        next(asked.records())
    given = read("Campaign,Impr.,Clicks\nA,10,1\n", period={"from": "2026-08-01", "to": "2026-08-31"})
    assert [(r.date_from, r.date_to) for r in given.records()] == [(date(2026, 8, 1), date(2026, 8, 31))]


def test_a_lone_day_in_a_file_name_is_only_a_suggestion():
    asked = read("Campaign,Impr.,Clicks\nA,10,1\n", "report_2026-08-01.csv")
    assert [(q.code, q.default) for q in asked.questions] == [("period", {"from": "2026-08-01", "to": "2026-08-01"})]


def test_hours_of_the_day_in_the_file_name():
    report = read(
        "Hour,Clicks,Impressions,Avg. CPC,Cost\n00 - 01,0,4,US$0.00,US$0.00\n01 - 02,2,9,US$1.00,US$2.00\n",
        "Time_series(2026.02.05).csv",
    )
    assert (report.layout, report.as_dict()["date_source"]) == ("google_ads", "file_name")
    assert [(r.date_from, r.hour, r.breakdown) for r in report.records()] == [
        (date(2026, 2, 5), 0, ""),
        (date(2026, 2, 5), 1, ""),
    ]


def test_weekday_and_hour_over_a_period_are_a_breakdown():
    report = read(
        "Day,Start Hour,Impressions\nSunday,00,3\nSunday,01,4\nMonday,00,5\n",
        "Day_&_hour(Day_Hour_2026.02.05-2026.02.10).csv",
    )
    assert report.as_dict()["columns"]["Day"] == "day_of_week"
    assert [r.breakdown for r in report.records()] == [
        "day_of_week=Sunday|hour=00",
        "day_of_week=Sunday|hour=01",
        "day_of_week=Monday|hour=00",
    ]
    assert {(r.date_from, r.date_to, r.hour) for r in report.records()} == {(date(2026, 2, 5), date(2026, 2, 10), None)}
    assert not any(w.code == "repeated_rows" for w in report.warnings)


GA4 = """# ----------------------------------------
# Report CSV Export
# Account: Acme, Inc
# ----------------------------------------
#
# Start date: 20230923
# End date: 20231020
Nth day,Users
0000,1
0007,2

# Start date: 20230923
# End date: 20231020
Session default channel group,Sessions
Organic Social,7

# What are your top conversions?
# Start date: 20230923
# End date: 20231020
Event name,Conversions


#
# Start date: 20231001
# End date: 20231020
Event name,Event count
,61,Grand total
page_view,60
scroll,1
"""


def test_several_tables_with_periods_of_their_own():
    report = read(GA4)
    told = report.as_dict()
    assert (told["layout"], len(told["tables"]), told["rows"], told["total_rows_skipped"]) == ("ga4", 4, 5, 1)
    assert [table["header_row"] for table in told["tables"]] == [8, 14, 20, 26]
    assert told["tables"][3]["period"] == {"from": "2023-10-01", "to": "2023-10-20"}
    assert told["totals"] == {"sessions": "7", "events": "61"}
    assert told["platform_totals"] == {"Grand total": {"events": "61"}}
    assert [value["value"] for value in told["not_additive"]["users"]] == ["1", "2"]
    records = list(report.records())
    assert [(r.level, r.date_from, r.date_to) for r in records[:2]] == [
        ("account", date(2023, 9, d), date(2023, 9, d)) for d in (23, 30)
    ]
    assert records[2].breakdown == "channel_group=Organic Social"
    assert (records[3].level, records[3].external_id, records[3].values) == (
        "event",
        "page_view",
        {"events": Decimal(60)},
    )


def test_day_and_hour_in_one_cell():
    report = read("Date + hour (YYYYMMDDHH),Sessions,Users\n2026080113,5,4\n")
    assert [(r.date_from, r.hour) for r in report.records()] == [(date(2026, 8, 1), 13)]
    report = read("Date,Sessions,Users\n2026080123,5,4\n")
    assert [(r.date_from, r.hour) for r in report.records()] == [(date(2026, 8, 1), 23)]


@pytest.mark.parametrize(("other", "day"), [("31/08/2026", date(2026, 8, 1)), ("08/31/2026", date(2026, 1, 8))])
def test_day_and_month_are_settled_by_other_rows(other, day):
    report = read(f"Date,Clicks\n01/08/2026,1\n{other},2\n")
    assert next(report.records()).date_from == day


def test_day_and_month_are_settled_by_the_stated_period_or_asked():
    text = "Date,Clicks\n01/08/2026,1\n02/08/2026,2\n"
    assert [r.date_from.month for r in read(text, "x_2026-08-01_2026-08-31.csv").records()] == [8, 8]
    asked = read(text)
    assert [(q.code, q.options) for q in asked.questions] == [("date_order", ["dmy", "mdy"])]
    assert [r.date_from for r in read(text, date_order="mdy").records()] == [date(2026, 1, 8), date(2026, 2, 8)]


def test_odd_header_cells_and_short_rows():
    header = '日期,推广计划,"展现\t",点击,"CPM (cost per 1,000 impressions) (EGP)",消费（元）'
    text = f"{header}\n2026-08-01,A,10,1,5,2\n2026-08-01,B,20,2\n"
    report = read(text)
    assert list(report.as_dict()["columns"].values()) == [
        "date",
        "campaign",
        "impressions",
        "clicks",
        "derived:cpm",
        "cost",
    ]
    assert (report.totals(), report.currencies) == ({"cost": 2, "impressions": 30, "clicks": 3}, ["CNY"])
    assert "short_rows" in {warning.code for warning in report.warnings}


def test_a_row_wider_than_its_header_is_not_trusted():
    report = read("Day,Campaign,Cost,Clicks\n2026-08-01,A,1,234.50,7\n2026-08-01,B,5,1\n", currency="USD")
    assert report.totals() == {"cost": 5, "clicks": 1}
    assert [(w.code, w.line) for w in report.warnings] == [("too_many_cells", 2)]


@pytest.mark.parametrize("ctr", ["0.0248", "2.48%", "2.48"])
def test_ratios_are_recognised_and_never_stored_or_summed(ctr):
    report = read(f"Day,Impr.,Clicks,CTR,Avg. CPC\n2026-08-01,100,0,{ctr}, --\n")
    (record,) = report.records()
    assert record.values == {"impressions": 100, "clicks": 0}
    assert report.as_dict()["columns"]["CTR"] == "derived:ctr"


def test_micros_and_rounding_noise():
    report = read(
        "date,customer_id,campaign_id,cost_micros,clicks\n2026-08-01,1,7,20836690,-2e-18\n2026-08-01,1,8,13445490,99.99999999999996\n",
        currency="USD",
    )
    assert report.totals() == {"cost": Decimal("34.282180"), "clicks": Decimal(100)}


def test_unique_and_average_metrics_are_listed_not_summed():
    told = read(
        "Day,Campaign name,Impressions,Reach,Amount spent (USD)\n2026-08-01,A,10,7,1\n2026-08-02,A,10,7,1\n"
    ).as_dict()
    assert told["not_additive"] == {
        "reach": [{"label": "2026-08-01 · A", "value": "7"}, {"label": "2026-08-02 · A", "value": "7"}]
    }
    assert "reach" not in told["totals"]
    assert {"users", "reach", "unique_visitors", "average_engagement_time"} <= NOT_ADDITIVE


def test_an_unreadable_figure_is_left_out_and_told_with_row_and_column():
    report = read("Day,Clicks,Impr.\n2026-08-01,１２,5\nnonsense,3,4\n")
    assert report.totals() == {"impressions": 5}
    assert [(w.code, w.line, w.column) for w in report.warnings] == [
        ("bad_number", 2, "Clicks"),
        ("bad_date", 3, "Day"),
    ]
    assert len(list(report.records())) == 1


def test_levels_parents_and_paths_of_names():
    named = read(
        "Day,Campaign,Ad group,Search term,Match type,Clicks\n"
        "2026-08-01,C,G,shoes,Exact,1\n2026-08-01,C,G,shoes,Broad,2\n"
    )
    first, second = named.records()
    assert (first.level, first.external_id, first.name, first.parent) == (
        "search_term",
        "C › G › shoes",
        "shoes",
        ("ad_group", "C › G", "G"),
    )
    assert (first.breakdown, second.breakdown) == ("match_type=Exact", "match_type=Broad")
    by_id = next(read("Day,Campaign ID,Campaign,Clicks\n2026-08-01,77,C,1\n").records())
    assert (by_id.external_id, by_id.name) == ("77", "C")


def test_toutiao_calls_the_campaign_an_ad_group():
    header = (
        "时间,广告计划id,广告计划,广告组id,广告组,展示数,点击数,点击率(%),"
        "平均点击单价(元),平均千次展现费用(元),总花费(元)"
    )
    (record,) = read(f"{header}\n2017-12-11,11,计划甲,22,组乙,1000,30,3.00,1.5,45,45.00\n").records()
    assert (record.level, record.external_id, record.parent, record.currency) == (
        "ad_group",
        "11",
        ("campaign", "22", "组乙"),
        "CNY",
    )


def test_age_and_gender_split_an_object_or_belong_to_it():
    header = "date,ad_id,age,gender,Impressions\n"
    own = read(header + "2026-08-01,1,30-34,M,10\n2026-08-01,2,30-34,F,20\n")
    assert [r.breakdown for r in own.records()] == ["", ""]
    split = read(header + "2026-08-01,1,30-34,M,10\n2026-08-01,1,30-34,F,20\n")
    assert [r.breakdown for r in split.records()] == ["age=30-34|gender=M", "age=30-34|gender=F"]


def test_week_and_month_columns_are_rows_of_several_days():
    (week,) = read("Week,Clicks\n2026-08-03,5\n").records()
    assert (week.date_from, week.date_to) == (date(2026, 8, 3), date(2026, 8, 9))
    (month,) = read("Month,Clicks\n2026-08,5\n").records()
    assert (month.date_from, month.date_to) == (date(2026, 8, 1), date(2026, 8, 31))


def test_a_remembered_mapping_settles_an_unknown_file():
    text = "wann;wieviel;zeug\n01/08/2026;1.500;x\n"
    unknown = read(text)
    assert (unknown.layout, unknown.totals(), len(unknown.fingerprint)) == (None, {}, 32)
    mapping = {
        "columns": {"wann": "date", "wieviel": "cost", "zeug": None},
        "date_order": "dmy",
        "number_format": "comma",
        "currency": "EUR",
    }
    report = read(text, **mapping)
    (record,) = report.records()
    assert (record.date_from, record.values, record.currency) == (date(2026, 8, 1), {"cost": Decimal(1500)}, "EUR")
    assert report.fingerprint == unknown.fingerprint
    assert read(text, columns={"wann": "nonsense"}, period="x", currency="zz").totals() == {}


def test_the_level_can_be_answered():
    report = read("Day,Campaign,Ad group,Clicks\n2026-08-01,C,G,1\n", level="campaign")
    assert [r.level for r in report.records()] == ["campaign"]


def test_a_second_column_of_the_same_meaning_is_left_out_and_told():
    report = read("Day,Clicks,Clicks (all)\n2026-08-01,5,6\n")
    assert (report.totals(), [w.code for w in report.warnings]) == ({"clicks": 5}, ["repeated_column"])


def test_prose_and_empty_reports():
    prose = read("Dear all,\nhere are no figures.\n")
    assert (prose.layout, prose.rows, [w.code for w in prose.warnings]) == (None, 0, ["no_table"])
    assert [w.code for w in read("Day,Clicks,Impr.\n").warnings] == ["no_rows"]
    assert [w.code for w in read("age;job\n30;clerk\n").warnings] == ["no_figures"]


def workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_with_several_sheets():
    rows = [
        ["Campaign report"],
        ["Day", "Campaign", "Clicks", "Cost (USD)"],
        [date(2026, 8, 1), "A", 3, 0.1],
        [date(2026, 8, 2), "A", 4, 0.2],
    ]
    report = read(workbook(("August", rows), ("September", [*rows[:2], [date(2026, 9, 1), "A", 5, 1.0]])), "x.xlsx")
    told = report.as_dict()
    assert [(table["title"], table["rows"], table["header_row"]) for table in told["tables"]] == [
        ("August", 2, 2),
        ("September", 1, 2),
    ]
    assert (told["totals"], told["period"]) == (
        {"cost": "1.3", "clicks": "12"},
        {"from": "2026-08-01", "to": "2026-09-01"},
    )
    assert [r.date_from for r in report.records()] == [date(2026, 8, 1), date(2026, 8, 2), date(2026, 9, 1)]


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return stream.getvalue()


def archive_of_text():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("report.csv", "Day,Clicks\n2026-08-01,5\n")
    return stream.getvalue()


UNREADABLE = {
    "empty": b"",
    "spaces": b" \r\n\r\n",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "pdf": b"%PDF-1.7 stream",
    "old xls or password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "nul": b"Day,Clicks\n2026-08-01,5\x00\n",
    "binary": bytes(range(1, 32)) * 40,
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "cut utf-16": "Day\tClicks\n".encode("utf-16") + b"\x41",
    "cut zip": b"PK\x03\x04" + bytes(200),
    "zip of a csv": archive_of_text(),
    "bomb": bomb(),
    "open quote": b'Day,Campaign,Clicks\n2026-08-01,"A,5\n2026-08-02,B,6\n',
    "huge cell": b"Day,Clicks\n2026-08-01," + b"5" * 200_000 + b"\n",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_table_is_refused_with_a_sentence(kind):
    with pytest.raises(Unreadable) as refused:
        read(UNREADABLE[kind], "report.csv")
    assert str(refused.value).endswith(".")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unreadable):
        inspect(tmp_path / "none.csv")


def test_the_report_has_the_keys_scripts_rely_on():
    keys = (
        "layout platform encoding delimiter header_row date_source period currency rows total_rows_skipped columns "
        "totals not_additive platform_totals tables warnings questions"
    )
    assert list(read(GOOGLE).as_dict()) == keys.split()


def test_metric_codes_are_those_of_the_catalogue():
    with open("campaigns/data/metrics.json", encoding="utf-8") as stream:
        catalogue = {metric["code"] for metric in json.load(stream)}
    assert {known.name for known in vocabulary().values() if known.kind == "metric"} <= catalogue


def test_the_command_prints_json_or_a_summary_or_refuses(tmp_path, capsys):
    file = tmp_path / "x(2026.08.01).csv"
    file.write_text("Campaign,Impr.,Clicks\nA,10,1\n")
    call_command("inspect_export", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["totals"] == {"impressions": "10", "clicks": "1"}
    with translation.override("en"):
        call_command("inspect_export", str(file))
    assert "impressions" in capsys.readouterr().out
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(CommandError) as refused:
        call_command("inspect_export", str(tmp_path / "empty.csv"), "--json")
    assert refused.value.returncode == 2
