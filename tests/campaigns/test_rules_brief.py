"""The brief: splitting a pasted text, comparing versions, what is material."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.rules import brief, cards, headings

COLON = "\uff1a"

ENGLISH = """# Aurora 10 launch

One page for everybody.

## 1. Strategic intent
Win back the students.

## 2. Core goal
100,000 new buyers.
### How we got there
Last year brought 80,000.

## Audience personas
- Students
- Young parents

## Key messages
Real fruit. No gimmicks.

## Offers
Deposit 50, back 100.

## Channel mix
Search, KOL.

## KPIs & measurement
CTR 2 %

## Budget
CNY 1,200,000

## Timeline
20 Oct to 11 Nov
"""


def test_markdown_headings_at_the_level_of_the_sections_split_the_text():
    sections = brief.split(ENGLISH)

    assert list(sections) == [
        "free:Aurora 10 launch",
        "strategic_intent",
        "core_goal",
        "personas",
        "core_message",
        "offers",
        "channels",
        "kpis",
        "budget_frame",
        "free:Timeline",
    ]
    assert sections["core_goal"] == "100,000 new buyers.\n### How we got there\nLast year brought 80,000."
    assert sections["personas"] == "- Students\n- Young parents"
    assert sections["kpis"] == "**KPIs & measurement**\n\nCTR 2 %"
    assert sections["free:Aurora 10 launch"] == "One page for everybody."


def test_chinese_numbering_splits_and_lists_inside_a_section_stay_there():
    text = """双11 策划案
一、项目背景
去年增长放缓。
二、核心目标
1. 新客 10 万
2. 成交额 3000 万
三、目标人群
1、年轻妈妈
2、白领
四、时间安排
10 月 20 日预售
五、预算框架
120 万"""
    sections = brief.split(text)

    assert sections == {
        "free:": "双11 策划案",
        "strategic_intent": "去年增长放缓。",
        "core_goal": "1. 新客 10 万\n2. 成交额 3000 万",
        "personas": "1、年轻妈妈\n2、白领",
        "free:时间安排": "10 月 20 日预售",
        "budget_frame": "120 万",
    }


def test_a_numbered_list_in_the_style_of_the_headings_is_not_taken_for_headings():
    text = """1. 核心目标
新客 10 万
2. 受众画像
1. 年轻妈妈
2. 白领
3. 学生
3. 核心信息
一杯好水
4. 时间安排
11 月"""

    assert brief.split(text) == {
        "core_goal": "新客 10 万",
        "personas": "1. 年轻妈妈\n2. 白领\n3. 学生",
        "core_message": "一杯好水",
        "free:时间安排": "11 月",
    }


@pytest.mark.parametrize(
    ("line", "key", "body"),
    [
        ("核心目标" + COLON + "拉新 10 万", "core_goal", "拉新 10 万"),
        ("Core goal: 100,000 buyers", "core_goal", "100,000 buyers"),
        ("Budget\tCNY 1.2m", "budget_frame", "CNY 1.2m"),
        ("**Target audience:** students", "personas", "students"),
        ("**受众画像**", "personas", ""),
        ("- **Slogan:** Real fruit", "core_message", "Real fruit"),
        ("【优惠机制】满 300 减 50", "offers", "满 300 减 50"),
        ("(三)渠道策略", "channels", ""),
        ("\uff08三\uff09渠道策略", "channels", ""),
        ("第四部分 预算", "budget_frame", ""),
        ("3.2 关键指标", "kpis", ""),
        ("IV. Offers", "offers", ""),
        ("1、**核心卖点**" + COLON + "真水果", "core_message", "真水果"),
        ("## 六、KPI", "kpis", ""),
        ("Our objectives", "core_goal", ""),
        ("本次活动目标", "core_goal", ""),
    ],
)
def test_each_way_to_write_a_heading_is_understood(line, key, body):
    text = f"{line}\nthe words below"

    assert brief.split(text) == {key: f"{body}\nthe words below".strip()}


@pytest.mark.parametrize(
    "line",
    [
        "Our channels are described in the appendix that follows on the next page.",
        "1. 目标、渠道、预算都要在 11 月前由各负责人全部确认完毕并归档",
        "https://example.com/kpi",
        "| KPI | Target |",
        "618 活动回顾",
    ],
)
def test_sentences_addresses_and_table_rows_open_no_section(line):
    assert brief.split(f"{line}\nmore") == {"free:": f"{line}\nmore"}


def test_headings_inside_a_code_fence_are_text():
    text = "## Goals\n```\n## KPIs\n# Budget\n```\nafter"

    assert brief.split(text) == {"core_goal": "```\n## KPIs\n# Budget\n```\nafter"}


def test_a_section_that_comes_twice_is_joined_and_equal_free_headings_stay_apart():
    text = "# Goal\na\n# Notes\nb\n# Goal\nc\n# Notes\nd"

    assert brief.split(text) == {"core_goal": "a\n\nc", "free:Notes": "b", "free:Notes (2)": "d"}


def test_a_long_heading_is_cut_in_the_key_and_whole_in_the_text():
    title = "What happens on the day before the launch and on each of the days after it"
    (key, text), (second, _text) = brief.split(f"# {title}\nx\n# {title}\ny").items()

    assert len(key) <= 60 and len(second) <= 60 and key != second
    assert text == f"**{title}**\n\nx"


def test_sections_are_stored_as_rows_in_the_order_of_the_brief():
    sections = {"free:Timeline": "x", "kpis": "CTR", "core_goal": "a"}
    rows = brief.to_rows(sections)

    assert rows == [
        {"key": "core_goal", "title": "", "text": "a"},
        {"key": "kpis", "title": "", "text": "CTR"},
        {"key": "free:Timeline", "title": "Timeline", "text": "x"},
    ]
    assert brief.from_rows(rows) == sections


def test_windows_line_ends_and_an_empty_text():
    assert brief.split("# Goal\r\na\r\nb") == {"core_goal": "a\nb"}
    assert brief.split("") == {}
    assert brief.split("\n\n") == {}


@pytest.mark.parametrize(("text", "number"), [("十", 10), ("三", 3), ("十二", 12), ("二十", 20), ("二十一", 21)])
def test_chinese_ordinals(text, number):
    assert headings.read(f"{text}、附录").number == number


def words_of(text):
    return sorted(re.findall(r"\w", text))


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "# Timeline",
                "## 时间安排",
                "1. Notes",
                "2. More",
                "一、附录",
                "```",
                "**Risks**",
                "",
                "- item",
                "价格" + COLON + "199",
            ]
        ),
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30),
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(lines=LINES)
def test_no_word_of_the_text_is_lost(lines):
    text = "\n".join(lines)
    sections = brief.split(text)

    kept = "\n".join(brief.label(key) + "\n" + body for key, body in sections.items() if key != brief.FREE)
    kept += sections.get(brief.FREE, "")
    missing = [letter for letter in set(words_of(text)) if words_of(text).count(letter) > words_of(kept).count(letter)]
    numbering = re.compile(r"[\dIVXivx一二三四五六七八九十第部分章节]")
    assert all(numbering.match(letter) for letter in missing)


SAMPLE_SECTIONS = [
    "free:Agentic Marketing Org - Mega Prompt",
    "free:The Prompt",
    "free:Prompt Systematization",
    "free:Continuous Improvement",
    "free:What You'll Get",
    "free:Tips",
]


@pytest.mark.samples
def test_a_real_document_of_350_lines_keeps_every_line():
    samples = Path(os.environ.get("PHAROS_SAMPLES", "../shared/data"))
    path = samples / "campaign_briefs" / "brief.md"
    if not path.exists():
        pytest.skip("The sample files are not here.")
    text = path.read_text(encoding="utf-8")
    sections = brief.split(text)
    kept = [*"\n".join(sections.values()).splitlines(), *map(brief.label, sections)]

    assert [
        line for line in text.splitlines() if line.strip() and line.lstrip("# ") not in kept and line not in kept
    ] == []
    assert list(sections) == SAMPLE_SECTIONS


@pytest.mark.parametrize("line", [" " * 60_000 + "x", "# a" + " " * 60_000 + "b", "#" * 60_000 + "x", "1. " * 30_000])
def test_odd_lines_cost_no_time(line):
    started = time.perf_counter()
    brief.split(line)

    assert time.perf_counter() - started < 1


# --- comparing ---


def test_a_changed_line_shows_the_changed_words_only():
    rows = brief.diff_text("Reach 100,000 new buyers\nby November", "Reach 120,000 new buyers\nby November")

    assert rows[0].kind == "replace"
    assert rows[0].old == (("equal", "Reach "), ("delete", "100,000"), ("equal", " new buyers"))
    assert rows[0].new == (("equal", "Reach "), ("insert", "120,000"), ("equal", " new buyers"))
    assert rows[1] == brief.Row("equal", (("equal", "by November"),), (("equal", "by November"),))


def test_chinese_is_compared_by_character():
    (row,) = brief.diff_text("目标是拉新十万", "目标是促活十万")

    assert row.old == (("equal", "目标是"), ("delete", "拉新"), ("equal", "十万"))
    assert row.new == (("equal", "目标是"), ("insert", "促活"), ("equal", "十万"))


def test_inserted_and_deleted_lines_leave_the_other_side_empty():
    assert brief.diff_text("a\nb", "a\nb\nc")[-1] == brief.Row("insert", None, (("insert", "c"),))
    assert brief.diff_text("a\nb", "b")[0] == brief.Row("delete", (("delete", "a"),), None)


def test_a_very_long_line_is_compared_as_a_whole():
    (row,) = brief.diff_text("目" * 4000, "标" * 10)

    assert row.old == (("delete", "目" * 4000),)


@given(old=st.text(alphabet="ab 目标\n", max_size=40), new=st.text(alphabet="ab 目标\n", max_size=40))
def test_each_side_of_a_comparison_reads_as_its_text(old, new):
    rows = brief.diff_text(old, new)

    def side(pick):
        return ["".join(text for _kind, text in pick(row)) for row in rows if pick(row) is not None]

    assert side(lambda row: row.old) == [line.rstrip() for line in old.strip().splitlines()]
    assert side(lambda row: row.new) == [line.rstrip() for line in new.strip().splitlines()]


def test_sections_are_compared_in_the_order_of_the_brief():
    old = {"kpis": "CTR", "core_goal": "a", "free:Timeline": "x"}
    new = {"free:Risks": "y", "core_goal": "a  \n", "kpis": "CVR"}

    assert list(brief.diff(old, new)) == ["core_goal", "kpis", "free:Risks", "free:Timeline"]
    assert brief.changed_sections(old, new) == ["kpis", "free:Risks", "free:Timeline"]


@pytest.mark.parametrize("key", sorted(brief.LABELS))
def test_what_is_material(key):
    material = key in {"core_goal", "kpis", "personas", "core_message", "offers"}

    assert brief.is_material_change({key: "before"}, {key: "after"}) is material
    assert brief.is_material_change({}, {key: "new"}) is material
    assert not brief.is_material_change({key: "same"}, {key: "same\n"})


def test_labels():
    assert str(brief.label("core_goal")) == "Core goal"
    assert brief.label("free:Timeline") == "Timeline"
    assert brief.label("free:") == "Introduction"


def test_cards_stand_as_a_list_below_their_text():
    personas = [
        {"name": "Commuter", "description": "25 to 34", "needs": "Quiet,\ncomfort", "channels": ""},
        {"name": "Student"},
    ]
    texts = cards.as_texts([{"key": "personas", "text": "Two groups."}], personas, [])
    first, second = cards.PERSONA["description"], cards.PERSONA["needs"]
    assert texts["personas"] == (
        f"Two groups.\n\n- Commuter\n  - {first}: 25 to 34\n  - {second}: Quiet, comfort\n- Student"
    )
