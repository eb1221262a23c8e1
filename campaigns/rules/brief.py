"""Rules of the brief: its sections, splitting a pasted text into them, comparing two versions, what is material."""

import difflib
import re
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.rules import headings

LABELS = {
    "strategic_intent": gettext_lazy("Strategic intent"),
    "core_goal": gettext_lazy("Core goal"),
    "personas": gettext_lazy("Audience personas"),
    "core_message": gettext_lazy("Core message"),
    "offers": gettext_lazy("Offers"),
    "channels": gettext_lazy("Channels"),
    "kpis": gettext_lazy("KPIs"),
    "budget_frame": gettext_lazy("Budget frame"),
}
MATERIAL = frozenset({"core_goal", "kpis", "personas", "core_message", "offers"})
FREE = "free:"  # key of a free section: this prefix and its heading as written

_ALIASES = {
    "strategic_intent": (
        "strategic intent, strategy, background, context, strategic context, purpose, why, "
        "战略意图, 战略, 策略, 背景, 战略背景, 背景与意图, 市场背景, 策略意图, 传播策略"
    ),
    "core_goal": (
        "core goal, core goals, goal, goals, objective, objectives, primary objective, business goal, business goals, "
        "business objective, business objectives, 核心目标, 目标, 核心目的, 目的, 营销目标, 业务目标, 传播目标, 总目标"
    ),
    "personas": (
        "audience personas, audience persona, persona, personas, target audience, target audiences, audience, "
        "audiences, target group, target customers, icp, 受众画像, 受众, 目标受众, 目标人群, 人群画像, 用户画像, "
        "目标用户, 人群, 目标客群, 消费者画像, 目标消费者"
    ),
    "core_message": (
        "core message, core messages, message, messages, messaging, key message, key messages, main message, slogan, "
        "proposition, value proposition, 核心信息, 核心讯息, 主信息, 传播信息, 核心卖点, 卖点, 沟通信息, 核心主张, "
        "主张, 口号, 传播主题, 核心创意"
    ),
    "offers": (
        "offers, offer, promotion, promotions, deal, deals, incentive, incentives, 优惠, 优惠方案, 促销, 促销机制, "
        "优惠机制, 活动机制, 权益, 利益点, 促销方案, 福利, 活动优惠, 价格机制"
    ),
    "channels": (
        "channels, channel, channel mix, channel plan, channel strategy, media, media plan, media mix, media strategy, "
        "渠道, 渠道策略, 渠道组合, 投放渠道, 传播渠道, 媒介, 媒介策略, 媒体, 媒体组合, 渠道规划, 媒介组合, 推广渠道"
    ),
    "kpis": (
        "kpi, kpis, key performance indicators, metrics, success metrics, measurement, measures of success, targets, "
        "关键绩效指标, 关键指标, 指标, 考核指标, 绩效指标, 衡量指标, 衡量标准, 效果指标, 数据指标, kpi指标"
    ),
    "budget_frame": (
        "budget frame, budget, budgets, budget framework, budget overview, media budget, total budget, "
        "预算, 预算框架, 总预算, 费用, 预算分配, 费用预算, 预算范围, 预算规划"
    ),
}
_SECTION_OF = {alias.strip(): key for key, listed in _ALIASES.items() for alias in listed.split(",")}
_PARTS = re.compile(r"(?<!\s)\s*+(?:[/&+|、,()—–-]|\band\b|与|和|及)\s*")
_FILLERS = re.compile(r"^(?:(?:the|our|campaign|project|main)\s+|(?:本次|本案|项目|活动|营销|整体|主要)+(?=..))")
_LONGEST_COMPOSED = 24  # characters of "goals, KPIs & budget"; longer ones are sentences unless marked with #
_LONGEST_KEY = 60  # characters: what a column of section keys holds
_MOST_TOKENS = 1000  # a line with more words is compared as a whole
_MOST_LINES = 2000  # above, lines that come very often no longer anchor the comparison (it would take minutes)


def section_of(title, *, exact=False):
    """The section a heading names ("3. KPIs & metrics" -> "kpis"), or None; `exact`: nothing but its name."""
    words = headings.plain(title)
    parts = () if exact else _PARTS.split(words)
    return next((key for part in (words, *parts) if (key := _known(part))), None)


def label(key):
    """What a person reads above a section: the label of a known one, the heading of a free one."""
    return LABELS.get(key) or key.removeprefix(FREE) or _("Introduction")


def in_order(keys):
    """Section keys in the order of the brief: known ones first, free ones as they came."""
    known = list(LABELS)
    return sorted(keys, key=lambda key: known.index(key) if key in LABELS else len(known))


def to_rows(sections):
    """Sections as they are stored: a list of {"key", "title", "text"} in the brief's order.

    `title` is a free section's heading; it is empty for known sections, whose label follows the reader's language.
    """
    return [
        {"key": key, "title": "" if key in LABELS else key.removeprefix(FREE), "text": sections[key]}
        for key in in_order(sections)
    ]


def from_rows(rows):
    """{section key: text} of stored rows."""
    return {row["key"]: row["text"] for row in rows}


def _known(words):
    return _SECTION_OF.get(words) or _SECTION_OF.get(_FILLERS.sub("", words))


def split(text):
    """{section key: markdown} of a pasted or loaded text; what belongs to no known section becomes a free section.

    Headings are read as markdown, numbered ("1. Core goal", "一、核心目标"), bold, 【…】 and "Title:" lines. Nothing is
    lost: a recognised heading that says more than its section's name stays as the first line of the section.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    sections, key, body = {}, FREE, []
    for line, heading in zip(lines, _openings(headings.outline(lines)), strict=True):
        if heading is None:
            body.append(line)
            continue
        _put(sections, key, body)
        key, body = _opened(sections, heading)
    _put(sections, key, body)
    if not sections[FREE]:
        del sections[FREE]
    return sections


def _opened(sections, heading):
    """The key of the section a heading opens, and the first lines of its body."""
    rest = [heading.rest] if heading.rest else []
    key = _key(heading)
    key = key or _free_key(sections, heading.title)
    said = heading.title in key or section_of(heading.title, exact=True)
    return key, rest if said else [f"**{heading.title}**", "", *rest]


def _free_key(sections, title):
    """A free key for a heading; a long heading is cut (and stays whole in the section's text)."""
    room = _LONGEST_KEY - len(FREE) - len(" (99)")
    stem = FREE + (title if len(title) <= room else f"{title[: room - 1]}…")
    key, count = stem, 1
    while key in sections:
        count += 1
        key = f"{stem} ({count})"
    return key


def _put(sections, key, body):
    markdown = "\n".join(body).strip("\n").rstrip()
    before = sections.get(key, "")
    sections[key] = f"{before}\n\n{markdown}" if before and markdown else before or markdown


def _key(heading):
    """The known section a possible heading names; weak forms must name it and nothing else."""
    weak = heading.style in ("bold", "titled", "bare") or (
        heading.style != "hashes" and len(heading.title) > _LONGEST_COMPOSED
    )
    return section_of(heading.title, exact=weak)


def _openings(possible):
    """Which possible headings really open a section: the document's own habit decides (others become None)."""
    keyed = [(heading, _key(heading)) for heading in possible if heading]
    main = _main_rank(keyed)
    settled = {key for heading, key in keyed if key and heading.rank <= main}
    current, numbers, result = None, {}, []
    for heading in possible:
        opens = heading is not None and (
            _opens_known(heading, main, settled) if _key(heading) else _opens_free(heading, main, current, numbers)
        )
        if heading and heading.number is not None:
            last_opened, _item = numbers.get(heading.rank, (0, None))
            numbers[heading.rank] = (heading.number, None) if opens else (last_opened, heading.number)
        current = heading if opens else current
        result.append(heading if opens else None)
    return result


def _main_rank(keyed):
    """The rank at which the document writes its sections: the strongest that names two of ours, else any of ours.

    A document that names none is cut at its highest level of # that comes more than once (the title stands alone).
    """
    named = {}
    for heading, key in keyed:
        if key:
            named.setdefault(heading.rank, set()).add(key)
    strong = [rank for rank, keys in named.items() if len(keys) > 1] or list(named)
    if strong:
        return min(strong)
    hashes = [heading.rank for heading, _none in keyed if heading.style == "hashes"]
    return min([rank for rank in hashes if hashes.count(rank) > 1] or hashes, default=(-1, 0))


def _opens_known(heading, main, settled):
    return heading.rank <= main or _key(heading) not in settled


def _opens_free(heading, main, current, numbers):
    """An unknown heading opens a free section where it stands on the level of the sections, and is no list item."""
    if heading.style in ("titled", "bare"):
        return False
    beside = heading.rank == main or (current is not None and heading.rank == current.rank)
    if heading.style == "hashes":
        return beside or heading.rank <= main
    if heading.number is not None:
        last_opened, last_item = numbers.get(heading.rank, (0, None))
        return beside and heading.number == last_opened + 1 and last_item != last_opened
    return beside


@dataclass(frozen=True)
class Row:
    """One row of a side-by-side comparison: `kind` equal | insert | delete | replace, and both sides.

    A side is a tuple of (kind, text) spans, kind equal | insert | delete; None where that side has no line.
    """

    kind: str
    old: tuple | None
    new: tuple | None


def diff(old_sections, new_sections):
    """{section key: rows} of two versions of a brief, every section of either, in the brief's order."""
    keys = in_order(dict.fromkeys([*new_sections, *old_sections]))
    return {key: diff_text(old_sections.get(key, ""), new_sections.get(key, "")) for key in keys}


def diff_text(old, new):
    """The side-by-side rows of two texts; changed lines carry word-level spans (single characters in Chinese)."""
    old_lines, new_lines = _lines(old), _lines(new)
    long = max(len(old_lines), len(new_lines)) > _MOST_LINES
    matcher = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=long)
    rows = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        rows += [_row(kind, left, right) for left, right in zip_longest(old_lines[i1:i2], new_lines[j1:j2])]
    return rows


def changed_sections(old_sections, new_sections):
    """Keys of the sections whose text differs; white space at line ends and empty lines around do not count."""
    keys = in_order(dict.fromkeys([*new_sections, *old_sections]))
    return [key for key in keys if _lines(old_sections.get(key, "")) != _lines(new_sections.get(key, ""))]


def is_material_change(old_sections, new_sections):
    """Whether confirmations of the old version no longer hold (core goal, KPIs, personas, core message, offers)."""
    return not MATERIAL.isdisjoint(changed_sections(old_sections, new_sections))


def _lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


def _row(kind, old, new):
    if kind == "equal":
        return Row(kind, (("equal", old),), (("equal", new),))
    if old is None:
        return Row("insert", None, (("insert", new),))
    if new is None:
        return Row("delete", (("delete", old),), None)
    return Row("replace", *_spans(old, new))


_TOKEN = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+|\s+|.", re.DOTALL)


def _spans(old, new):
    """Both sides of a changed line as spans; lines with nothing in common are shown whole."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(a), len(b)) > _MOST_TOKENS:
        return (("delete", old),), (("insert", new),)
    left, right = [], []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left.append(("equal" if kind == "equal" else "delete", "".join(a[i1:i2])))
        right.append(("equal" if kind == "equal" else "insert", "".join(b[j1:j2])))
    return tuple(span for span in left if span[1]), tuple(span for span in right if span[1])
