"""A plan as a table: id, name, duration_days, predecessors, in any order, with English or Chinese column names."""

import csv
import math
import re
from io import StringIO

from django.utils.translation import gettext as _

from core.errors import Invalid
from tasks.importers.result import (
    LONGEST_TASK,
    MOST_LINKS,
    ImportedPlan,
    ImportedTask,
    Unreadable,
    named,
    refuse_too_many,
)
from tasks.rules.plan import Link
from tasks.rules.predecessors import parse_predecessors

NAMES = {
    "id": {"id", "no", "no.", "number", "key", "编号", "序号", "任务编号", "任务id"},
    "name": {"name", "title", "task", "task name", "名称", "任务", "任务名称", "标题"},
    "duration": {
        "duration_days",
        "duration",
        "days",
        "duration (days)",
        "工期",
        "工期(天)",
        "工期天数",
        "天数",
        "持续时间",
    },
    "predecessors": {"predecessors", "predecessor", "depends on", "前置任务", "前置", "紧前任务", "紧前工作"},
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(?:d|day|days|天|日|工作日|个工作日)?", re.IGNORECASE)
LONGEST_CELL = 10_000


def read_table(text):
    """The ImportedPlan of CSV text; Unreadable names the row and what is wrong there."""
    rows = _rows(text)
    columns, warnings = _columns(rows[0][1])
    lines = [(number, _cells(cells, columns)) for number, cells in rows[1:]]
    refuse_too_many(len(lines))
    if not lines:
        raise Unreadable(_("The table has no tasks."))
    plan = ImportedPlan("csv", warnings=warnings)
    ids, rounded = _ids(lines), []
    for number, line in lines:
        duration, exact = _duration(number, line["duration"])
        name = line["name"] or line["id"]
        if not exact:
            rounded.append(name)
        plan.tasks.append(ImportedTask(line["id"], name[:200], duration))
        plan.links += _links(number, line, ids)
    if len(plan.links) > MOST_LINKS:
        raise Unreadable(_("The file has more than %(count)s links.") % {"count": f"{MOST_LINKS:,}"})
    if rounded:
        words = {"names": named(rounded)}
        plan.warnings.append(_("Durations were rounded up to whole working days: %(names)s.") % words)
    return plan


def _rows(text):
    """[(row number, cells)] of the rows that are not empty, the header first."""
    first = text.lstrip("\r\n ").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        rows = [(number, row) for number, row in enumerate(reader, 1) if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise Unreadable(_("The table cannot be read: %(problem)s.") % {"problem": problem}) from problem
    if any(len(cell) > LONGEST_CELL for _number, row in rows for cell in row):
        raise Unreadable(_("A cell is longer than %(count)s characters.") % {"count": f"{LONGEST_CELL:,}"})
    return rows


def _columns(header):
    """({field: place}, warnings) of a header row."""
    places, ignored = {}, []
    for place, cell in enumerate(header):
        name = " ".join(cell.lower().replace("（", "(").replace("）", ")").split())
        field = next((field for field, names in NAMES.items() if name in names), None)
        if field and field not in places:
            places[field] = place
        elif name:
            ignored.append(cell.strip())
    missing = [name for field, name in (("id", "id"), ("duration", "duration_days")) if field not in places]
    if missing:
        raise Unreadable(
            _("The table needs the columns id, name, duration_days, predecessors; missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    words = {"names": named(ignored)}
    return places, [_("Columns that are not read: %(names)s.") % words] if ignored else []


def _cells(cells, columns):
    return {
        field: cells[columns[field]].strip() if field in columns and columns[field] < len(cells) else ""
        for field in NAMES
    }


def _ids(lines):
    """{id: id} of all rows; every row needs one of its own."""
    ids = {}
    for number, line in lines:
        if not line["id"]:
            raise _bad(number, _("there is no id."))
        if line["id"] in ids:
            raise _bad(number, _("the id %(id)s is there twice.") % {"id": line["id"]})
        ids[line["id"]] = line["id"]
    return ids


def _duration(number, text):
    """(working days, whether the file said just that)."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise _bad(number, _("“%(text)s” is no duration in days.") % {"text": text})
    days = float(match[1])
    if days > LONGEST_TASK:
        raise _bad(number, _("a task lasts at most %(count)s days.") % {"count": f"{LONGEST_TASK:,}"})
    return math.ceil(days), days == int(days)


def _links(number, line, ids):
    try:
        typed = parse_predecessors(line["predecessors"], ids)
    except Invalid as problem:
        raise _bad(number, str(problem)) from problem
    return [Link(each.predecessor, line["id"], each.kind, each.lag) for each in typed]


def _bad(number, sentence):
    return Unreadable(_("Row %(number)s: %(sentence)s") % {"number": number, "sentence": sentence})
