"""What a sheet would change in a matrix: which rows and columns are there, new or unknown, and each cell."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from raci.importers.names import FUNCTIONS, normal
from raci.rules.letters import has_support, parse, shown

NEW, SKIP = "new", "skip"
SUPPORTS = ("C", "R")


@dataclass(frozen=True)
class Place:
    """A row or column that a title may mean: "row:<id>", "task:<id>", "holder:<id>", "function:content" …"""

    key: str
    name: str
    kind: str = ""
    due: str = ""
    is_about_money: bool = False
    words: frozenset = frozenset()  # further names it goes by


@dataclass(frozen=True)
class Known:
    """The matrix and the plan as they are: rows and columns, what may become one, letters by (row key, column key)."""

    rows: tuple = ()
    work: tuple = ()
    holders: tuple = ()
    people: tuple = ()
    letters: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What the person decided: {column title: key, "skip"}, {line number: key, "new", "skip"}, what an S becomes."""

    columns: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    support: str = "C"


@dataclass
class ColumnPlan:
    """A column of the file: the place it means (None: unknown yet), and whether that is in the matrix already."""

    at: int
    title: str
    place: Place | None
    state: str  # there, added, unknown, skipped


@dataclass
class RowPlan:
    """A line of the file: the place it means, or a new row of its kind."""

    line: object
    place: Place | None
    kind: str
    state: str  # there, added, skipped
    changes: dict = field(default_factory=dict)  # due_date, is_about_money of a row that is there
    note: str = ""


@dataclass(frozen=True)
class CellPlan:
    """A cell whose letters would change."""

    line: int
    column: int
    before: str
    after: str

    @property
    def was(self):
        return shown(self.before)

    @property
    def becomes(self):
        return shown(self.after)

    @property
    def state(self):
        return "added" if not self.before else "changed" if self.after else "removed"


@dataclass(frozen=True)
class Fault:
    """What stands against the import, at its place in the file."""

    line: int
    column: str
    detail: str


@dataclass
class Preview:
    """All that an import would do; it can be applied when nothing is unknown and nothing at fault."""

    columns: list
    rows: list
    cells: list
    faults: list
    has_support: bool
    support: str

    @property
    def is_ready(self):
        return not self.faults and all(one.state != "unknown" for one in self.columns)

    @property
    def unknown(self):
        return [one for one in self.columns if one.state == "unknown"]

    def counted(self):
        """{what: how many} for the summary."""
        count = lambda things, state: sum(1 for one in things if one.state == state)  # noqa: E731
        return {
            "rows_added": count(self.rows, "added"),
            "rows_changed": sum(1 for one in self.rows if one.changes),
            "columns_added": count(self.columns, "added"),
            "cells_added": count(self.cells, "added"),
            "cells_changed": count(self.cells, "changed"),
            "cells_removed": count(self.cells, "removed"),
        }

    @property
    def changes_anything(self):
        return any(self.counted().values())

    @property
    def digest(self):
        """Equal for previews that would do the same: a commit names the one that was looked at."""
        rows = [[one.line.number, one.state, one.kind, one.place and one.place.key, one.changes] for one in self.rows]
        columns = [[one.at, one.state, one.place and one.place.key] for one in self.columns]
        cells = [[one.line, one.column, one.before, one.after] for one in self.cells]
        return hashlib.sha256(json.dumps([rows, columns, cells], default=str).encode()).hexdigest()[:32]


def preview(sheet, known, answers):
    """The Preview of a sheet against what is known."""
    faults = []
    columns = _columns(sheet, known, answers, faults)
    rows = _rows(sheet, known, answers, faults)
    cells, has_s = _cells(rows, columns, known, answers.support, faults)
    return Preview(columns, rows, cells, faults, has_s, answers.support)


def _by_name(places):
    found = defaultdict(list)
    for place in places:
        for name in {normal(place.name), *place.words}:
            found[name].append(place)
    return found


def _columns(sheet, known, answers, faults):
    """Each column by what was answered, else by its name among columns, functions, people and organisations."""
    there, people = _by_name(known.holders), _by_name(known.people)
    by_key = {place.key: place for place in (*known.holders, *known.people)}
    found, taken = [], {}
    for at, title in enumerate(sheet.columns):
        answer = answers.columns.get(title)
        if answer == SKIP:
            found.append(ColumnPlan(at, title, None, "skipped"))
            continue
        place = by_key.get(answer) if answer else _single(there, people, title, taken)
        if place is not None and place.key in taken:
            sentence = _("“%(one)s” and “%(other)s” are the same column.") % {"one": taken[place.key], "other": title}
            faults.append(Fault(0, title, sentence))
        if place is not None:
            taken[place.key] = title
        found.append(ColumnPlan(at, title, place, _state(place, "holder:")))
    return found


def _single(there, people, title, taken):
    """The only place of a name that is still free: first one of the matrix, then one that may become a column."""
    for places in (there, people):
        free = [one for one in places.get(normal(title), ()) if one.key not in taken]
        if len(free) == 1 or (free and places is there):
            return free[0]
    return None


def _state(place, prefix):
    if place is None:
        return "unknown"
    return "there" if place.key.startswith(prefix) else "added"


def _rows(sheet, known, answers, faults):
    """Each line by what was answered, else by title: a row of the matrix, work of the plan, or a new row."""
    there, work = _by_name(known.rows), _by_name(known.work)
    by_key = {place.key: place for place in (*known.rows, *known.work)}
    found, taken = [], set()
    for line in sheet.lines:
        if line.error:
            faults.append(Fault(line.number, "", line.error))
        answer = answers.rows.get(line.number, "")
        if answer == SKIP:
            found.append(RowPlan(line, None, "", "skipped"))
            continue
        place = by_key.get(answer) or (None if answer == NEW else _same_title(there, work, line, taken))
        if answer not in ("", NEW) and by_key.get(answer) is None:
            faults.append(Fault(line.number, "", _("There is no such row or task here.")))
        if place is not None and place.key in taken:
            faults.append(Fault(line.number, "", _("Two rows of the file mean “%(name)s”.") % {"name": place.name}))
        found.append(_row_plan(line, place))
        taken |= {place.key} if place else set()
    return found


def _same_title(there, work, line, taken):
    for places in (there, work):
        free = [one for one in places.get(normal(line.title), ()) if one.key not in taken]
        wanted = [one for one in free if one.kind == line.kind] or (free if line.kind != "section" else [])
        fitting = [one for one in wanted if line.kind == "section" or one.kind != "section"]
        if fitting and (places is there or len(fitting) == 1):
            return fitting[0]
    return None


def _row_plan(line, place):
    if place is not None:
        state = "there" if place.key.startswith("row:") else "added"
        return RowPlan(line, place, place.kind, state, _changed(line, place) if state == "there" else {})
    kind = "section" if line.kind == "section" else "decision"
    note = ""
    if line.kind in ("task", "milestone", "deliverable"):
        note = _("The plan has no work of this title; the row is added as a decision.")
    return RowPlan(line, None, kind, "added", note=note)


def _changed(line, place):
    """What the file says differently about a row that is there; days of work follow the plan."""
    changes = {}
    if place.kind == "decision" and line.due and line.due != place.due:
        changes["due_date"] = [place.due, line.due]
    is_told = line.is_about_money is not None and place.kind != "section"
    if is_told and line.is_about_money != place.is_about_money:
        changes["is_about_money"] = [place.is_about_money, line.is_about_money]
    return changes


def _cells(rows, columns, known, support, faults):
    """The cells that would change, and whether any uses an S."""
    used = [column for column in columns if column.state != "skipped"]
    found, has_s = [], False
    for row in rows:
        if row.kind == "section":
            _check_heading(row, faults)
        elif row.state != "skipped":
            has_s = any([has_s, *(has_support(_text(row, column)) for column in used)])
            found += [cell for column in used if (cell := _cell(row, column, known, support, faults))]
    return found, has_s


def _check_heading(row, faults):
    if any(row.line.cells):
        faults.append(Fault(row.line.number, "", _("A heading carries no letters.")))


def _text(row, column):
    return row.line.cells[column.at] if column.at < len(row.line.cells) else ""


def _cell(row, column, known, support, faults):
    """What would change in a cell; None when nothing would, or when it cannot be read."""
    after, odd = parse(_text(row, column), support)
    if odd:
        sentence = _("“%(text)s” is none of the letters R, A, C, I, S.") % {"text": odd}
        return faults.append(Fault(row.line.number, column.title, sentence))
    before = known.letters.get((row.place and row.place.key, column.place and column.place.key), "")
    return CellPlan(row.line.number, column.at, before, after) if before != after else None


def function_words(code):
    """The names a function goes by."""
    return frozenset(FUNCTIONS.get(code, ()))


def as_lines(rows, holders, letters, kinds):
    """(head, lines) of a matrix as it leaves: what `read` takes in again. `kinds` are the words for the kinds."""
    head = [_("Kind"), _("Row"), _("Due"), _("About money"), *_unlike([one.name for one in holders])]
    yes, no = _("yes"), _("no")
    lines = [
        [
            kinds[row.kind],
            row.name,
            row.due or "",
            "" if row.kind == "section" else yes if row.is_about_money else no,
            *(shown(letters.get((row.key, one.key), "")) for one in holders),
        ]
        for row in rows
    ]
    return head, lines


def _unlike(titles):
    """Titles, the second of equal ones numbered."""
    seen = defaultdict(int)
    found = []
    for title in titles:
        seen[title] += 1
        found.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return found
