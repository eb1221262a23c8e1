"""A file as a sheet: titles of columns, and lines with a kind, a title, a due day and the raw text of each cell."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.tabular import Unreadable, short_table
from raci.importers import names

MOST_LINES, MOST_COLUMNS = 2_000, 100
LONGEST_TITLE = 200
QUOTE = "'"  # stands before text that a spreadsheet would take for a formula


@dataclass(frozen=True)
class Line:
    """A row of the file. `kind` is empty where the file does not say; `error` is what cannot be read in its head."""

    number: int
    title: str
    kind: str = ""
    due: str = ""
    is_about_money: bool | None = None
    cells: tuple = ()
    error: str = ""


@dataclass(frozen=True)
class Sheet:
    """The titles of the columns of letters, and the lines."""

    columns: tuple
    lines: tuple
    notes: tuple = field(default=(), compare=False)

    def as_json(self):
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        """The sheet that `as_json` made; ValueError, KeyError or TypeError for anything else."""
        lines = tuple(Line(**{**one, "cells": tuple(map(str, one["cells"]))}) for one in data["lines"])
        return _limited(cls(tuple(map(str, data["columns"])), lines, tuple(map(str, data.get("notes", ())))))


def read(content):
    """The Sheet of a CSV, an .xlsx or Markdown text; Unreadable says in a sentence what is wrong."""
    table = short_table(content)
    head = next(((number, cells) for number, cells in table if _is_head(cells)), None)
    if head is None:
        raise Unreadable(_("No table was found: its first row must name the columns."))
    is_text = not content.startswith(b"PK")  # only text needs the quote that keeps a formula from being one
    return _limited(
        _Reader(head[1], _unquoted if is_text else str.strip).read(
            [line for line in table if line[0] > head[0]], _headings(table, head[0])
        )
    )


def _is_head(cells):
    return not cells[0].startswith("#") and sum(1 for cell in cells if cell.strip()) > 1


def _headings(table, before):
    """The last Markdown heading above the table: the first section."""
    found = [line for line in table if line[0] < before and line[1][0].startswith("#")]
    return found[-1:]


def _limited(sheet):
    if len(sheet.lines) > MOST_LINES or len(sheet.columns) > MOST_COLUMNS:
        raise Unreadable(
            _("A matrix may have at most %(rows)d rows and %(columns)d columns.")
            % {"rows": MOST_LINES, "columns": MOST_COLUMNS}
        )
    if not sheet.columns:
        raise Unreadable(_("There is no column with letters."))
    return sheet


class _Reader:
    """Goes through the lines below a head, which is repeated wherever a new table with the same columns begins."""

    def __init__(self, head, plain):
        self.plain = plain
        self.head = [names.normal(cell) for cell in head]
        self.place = {}
        for name, words in (("kind", names.KIND), ("title", names.TITLE), ("due", names.DUE), ("money", names.MONEY)):
            found = [at for at, cell in enumerate(self.head) if cell in words and at not in self.place.values()]
            if found:
                self.place[name] = found[0]
        self.place.setdefault("title", next(at for at in range(len(head)) if at not in self.place.values()))
        taken = set(self.place.values())
        self.letters = [at for at, cell in enumerate(head) if at not in taken and cell.strip()]
        self.columns = tuple(plain(head[at])[:LONGEST_TITLE] for at in self.letters)

    def read(self, table, headings):
        lines, pending, is_inside = [], headings, True
        for number, cells in table:
            normal = [names.normal(cell) for cell in cells]
            if cells and cells[0].startswith("#"):
                pending, is_inside = [(number, cells)], False
            elif normal == self.head:
                is_inside = True
            elif any(normal) and (is_inside or len(cells) == len(self.head)):
                is_inside = True
                lines += [_section(*heading) for heading in pending]
                pending = []
                lines.append(self.line(number, cells))
        return Sheet(self.columns, tuple(lines))

    def line(self, number, cells):
        cell = lambda name: self._at(cells, self.place.get(name))  # noqa: E731
        kind = names.kind_of(cell("kind")) if cell("kind") else ""
        texts = tuple(self._at(cells, at) for at in self.letters)
        title, errors = self.plain(cell("title")), []
        if not title:
            errors.append(_("The row has no title."))
        if kind is None:
            errors.append(_("“%(text)s” is no kind of row.") % {"text": cell("kind")})
        if not kind and "kind" not in self.place and not any(texts):
            kind = "section"  # a title and nothing else
        money = names.normal(cell("money"))
        if money not in names.YES | names.NO:
            errors.append(_("Say yes or no, not “%(text)s”.") % {"text": money})
        return Line(
            number=number,
            title=title[:LONGEST_TITLE],
            kind=kind or "",
            due=self._day(cell("due"), errors),
            is_about_money=money in names.YES if "money" in self.place else None,
            cells=texts,
            error=" ".join(errors),
        )

    @staticmethod
    def _day(text, errors):
        try:
            return date.fromisoformat(text.replace("/", "-")).isoformat() if text else ""
        except ValueError:
            errors.append(_("Write the day as 2026-11-23, not “%(text)s”.") % {"text": text[:40]})
            return ""

    @staticmethod
    def _at(cells, at):
        return cells[at].strip() if at is not None and at < len(cells) else ""


def _section(number, cells):
    return Line(number=number, title=cells[0].lstrip("#").strip()[:LONGEST_TITLE], kind="section")


def _unquoted(text):
    """Text as it was before an export made it safe for spreadsheets."""
    text = text.strip()
    return text[1:] if text.startswith(QUOTE) and len(text) > 1 and not text[1].isalnum() else text
