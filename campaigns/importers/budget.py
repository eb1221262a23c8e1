"""Budget lines from a table: which column means what, what each row would add or change, and what stands against it."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.choices import BudgetCategory
from campaigns.rules.budget import amount_fault
from campaigns.rules.figures import parse_figure
from core.errors import Invalid
from core.money import is_currency
from core.tabular import Unreadable, short_table

MOST_ROWS, MOST_COLUMNS, LONGEST_NAME, LONGEST_NOTE = 1000, 60, 160, 5000
HEADS = {
    "name": {
        *("name", "line", "budget line", "item", "budget item", "description", "科目", "预算科目", "名称", "项目")
    },
    "category": {"category", "type", "kind", "类别", "类型", "费用类别", "分类"},
    "planned_amount": {
        *("planned", "plan", "amount", "budget", "budget amount", "计划", "计划金额", "预算", "预算金额")
    }
    | {"金额", "amount without tax", "不含税金额", "net amount"},
    "currency": {"currency", "币种", "货币"},
    "tax_rate": {"tax", "tax %", "tax rate", "vat", "vat %", "税率", "税率 %", "税率%"},
    "phase": {"phase", "wave", "阶段", "波段"},
    "channel": {"channel", "media", "渠道", "媒体"},
    "organization": {
        "agency",
        "vendor",
        "agency or vendor",
        "supplier",
        "organisation",
        "organization",
        "代理商",
        "供应商",
        "代理商或供应商",
    },
    "owner": {"owner", "responsible", "负责人", "所有者", "归属人"},
    "note": {"note", "notes", "remark", "remarks", "comment", "备注", "说明"},
}
SUMS = {"total", "sum", "subtotal", "grand total", "合计", "小计", "总计", "总额"}
CATEGORIES = {
    BudgetCategory.MEDIA: {
        "media",
        "media buying",
        "paid media",
        "advertising",
        "媒介",
        "媒介采买",
        "媒体",
        "投放",
        "广告",
    },
    BudgetCategory.PRODUCTION: {"production", "creative", "制作", "创意制作", "物料制作"},
    BudgetCategory.KOL: {"kol", "kol fees", "influencer", "influencers", "达人", "达人费用", "红人"},
    BudgetCategory.AGENCY: {"agency", "agency fees", "agency fee", "服务费", "代理服务费", "代理费"},
    BudgetCategory.TECHNOLOGY: {"technology", "tech", "tools", "software", "技术", "技术费用", "工具"},
    BudgetCategory.EVENT: {"event", "events", "线下活动", "活动", "活动执行"},
    BudgetCategory.PROMOTION: {
        "promotion",
        "gifts",
        "vouchers",
        "gifts and vouchers",
        "赠品",
        "优惠券",
        "赠品与优惠券",
    },
    BudgetCategory.RESEARCH: {"research", "调研", "研究"},
    BudgetCategory.CONTINGENCY: {"contingency", "reserve", "预备金", "备用金", "机动"},
    BudgetCategory.OTHER: {"other", "misc", "其他", "其它"},
}
LINKS = ("phase", "channel", "organization", "owner")


def normal(text):
    """A name without what does not matter: width, case, spaces at its ends and doubled ones."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


@dataclass(frozen=True)
class Sheet:
    """Titles of columns, and rows of (line number, cells)."""

    columns: tuple
    rows: tuple

    def as_json(self):
        return {"columns": self.columns, "rows": self.rows}

    @classmethod
    def from_json(cls, data):
        """The sheet that `as_json` made; ValueError, KeyError or TypeError for anything else."""
        rows = tuple((int(number), tuple(map(str, cells))) for number, cells in data["rows"])
        return _limited(cls(tuple(map(str, data["columns"])), rows))


@dataclass(frozen=True)
class Known:
    """The campaign as it is: {normal name: key} of each kind, lines as {normal name: their values}."""

    currency: str
    lines: dict = field(default_factory=dict)
    phase: dict = field(default_factory=dict)
    channel: dict = field(default_factory=dict)
    organization: dict = field(default_factory=dict)
    owner: dict = field(default_factory=dict)
    locked: frozenset = frozenset()


@dataclass
class Entry:
    """What one row does: adds a line, changes the one of its name, or nothing; faults by field."""

    number: int
    name: str
    values: dict
    faults: dict
    state: str = "added"  # added, changed, same, skipped


@dataclass
class Preview:
    """All that a table would do to the budget."""

    entries: list
    mapping: dict
    fault: str = ""  # what stands against the whole

    @property
    def faults(self):
        return [(one.number, name, text) for one in self.entries for name, text in one.faults.items()]

    @property
    def is_ready(self):
        return not self.fault and not self.faults and any(one.state in ("added", "changed") for one in self.entries)

    def counted(self):
        return {state: sum(one.state == state for one in self.entries) for state in ("added", "changed", "same")}

    @property
    def digest(self):
        """Names what the preview shows, so that a commit does that and nothing else."""
        told = [[one.number, one.state, sorted((k, str(v)) for k, v in one.values.items())] for one in self.entries]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def read(content):
    """The Sheet of a CSV, an .xlsx or a Markdown table; Unreadable says in a sentence what is wrong."""
    table = [(number, list(map(_unquoted, cells))) for number, cells in short_table(content)]
    at = next((n for n, (_number, cells) in enumerate(table) if sum(bool(cell) for cell in cells) > 1), None)
    if at is None:
        raise Unreadable(_("No table was found: its first row must name the columns."))
    rows = [(number, tuple(cells)) for number, cells in table[at + 1 :] if any(cells)]
    return _limited(Sheet(tuple(table[at][1]), tuple(rows)))


def _limited(sheet):
    if len(sheet.rows) > MOST_ROWS or len(sheet.columns) > MOST_COLUMNS:
        words = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise Unreadable(_("A budget may have at most %(rows)d rows and %(columns)d columns.") % words)
    return sheet


def _unquoted(text):
    """Text as it was before an export made it safe for spreadsheets."""
    text = text.strip()
    return text[1:] if text.startswith("'") and len(text) > 1 and not text[1].isalnum() else text


def guess(sheet):
    """{field: position of the column} by the words at the head of the columns."""
    found = {}
    for name, words in HEADS.items():
        fitting = [at for at, title in enumerate(sheet.columns) if normal(title) in words and at not in found.values()]
        if fitting:
            found[name] = fitting[0]
    return found


def preview(sheet, mapping, known):
    """The Preview of a sheet whose columns mean what `mapping` {field: position} says."""
    if "name" not in mapping:
        return Preview([], mapping, _("Say which column names the line."))
    entries, seen = [], set()
    for number, cells in sheet.rows:
        texts = {name: cells[at] if at < len(cells) else "" for name, at in mapping.items()}
        entry = _entry(number, texts, known)
        if normal(entry.name) in seen:
            entry.faults["name"] = _("A row above has the same name.")
        seen |= {normal(entry.name)} if entry.state != "skipped" else set()
        entries.append(entry)
    return Preview(entries, mapping)


def _entry(number, texts, known):
    name = " ".join(texts["name"].split())[:LONGEST_NAME]
    if normal(name).rstrip(":：") in SUMS or not any(texts.values()):
        return Entry(number, name, {}, {}, "skipped")
    before, values, faults = known.lines.get(normal(name)), {}, {}
    if not name:
        faults["name"] = _("The row has no name.")
    for each, text in texts.items():
        if each != "name" and text:
            try:
                values[each] = _value(each, text, known)
            except Invalid as error:
                faults[each] = str(error)
    currency = values.get("currency") or (before["currency"] if before else known.currency)
    if fault := amount_fault(values.get("planned_amount"), currency):
        faults["planned_amount"] = fault
    if before is None:
        return Entry(number, name, values, faults)
    changes = {key: value for key, value in values.items() if before[key] != value}
    if changes and normal(name) in known.locked:
        faults["name"] = _("“%(name)s” is locked. Unlock it first.") % {"name": name}
    return Entry(number, name, changes, faults, "changed" if changes else "same")


def _value(name, text, known):
    """The value a cell means; Invalid says why it means none."""
    if name in LINKS:
        found = getattr(known, name).get(normal(text))
        if found is None:
            raise Invalid(_("“%(text)s” is not known here.") % {"text": text[:60]})
        return found
    return _READ.get(name, _plain)(text)


def _plain(text):
    return text[:LONGEST_NOTE]


def _category(text):
    for value, words in CATEGORIES.items():
        if normal(text) in words or normal(text) == value:
            return str(value)
    raise Invalid(_("“%(text)s” is no category.") % {"text": text[:60]})


def _currency(text):
    code = normal(text).upper()
    code = {"RMB": "CNY", "人民币": "CNY", "¥": "CNY", "$": "USD", "美元": "USD"}.get(code, code)
    if not is_currency(code):
        raise Invalid(_("Use a three-letter ISO 4217 currency code."))
    return code


def _tax(text):
    rate = parse_figure(text.rstrip("%％ ")) or Decimal(0)
    if not 0 <= rate <= 100:
        raise Invalid(_("Use a percentage between 0 and 100."))
    return rate.quantize(Decimal("0.001"))


def _amount(text):
    return parse_figure(text) or Decimal(0)


_READ = {"category": _category, "currency": _currency, "tax_rate": _tax, "planned_amount": _amount}
