"""A file as titles of columns and lines of cells."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.tabular import Unreadable, short_table

MOST_LINES, MOST_COLUMNS, LONGEST_CELL = 2_000, 60, 10_000


@dataclass(frozen=True)
class Sheet:
    """`titles` of the columns (two may be alike), `lines` as (number in the file, cells)."""

    titles: tuple
    lines: tuple

    def as_json(self):
        return {"titles": list(self.titles), "lines": [[number, list(cells)] for number, cells in self.lines]}

    @classmethod
    def from_json(cls, data):
        """The sheet that `as_json` made; ValueError, KeyError or TypeError for anything else."""
        lines = tuple((int(number), tuple(map(str, cells))) for number, cells in data["lines"])
        return _limited(cls(tuple(map(str, data["titles"])), lines))


def read(content):
    """The Sheet of a CSV, an .xlsx or a Markdown table; Unreadable says in a sentence what is wrong."""
    table = [(number, cells) for number, cells in short_table(content) if any(cell.strip() for cell in cells)]
    head = next((at for at, (_n, cells) in enumerate(table) if sum(1 for cell in cells if cell.strip()) > 1), None)
    if head is None:
        raise Unreadable(_("No table was found: its first row must name the columns."))
    titles = tuple(cell.strip()[:120] for cell in table[head][1])
    lines = [(number, cells) for number, cells in table[head + 1 :] if not cells[0].startswith("#")]
    return _limited(Sheet(titles, tuple((number, _fitted(cells, len(titles))) for number, cells in lines)))


def _fitted(cells, width):
    """The cells of a line, as many as there are titles; what stands beyond them is kept in the last one."""
    cells = [cell.strip()[:LONGEST_CELL] for cell in cells]
    cells += [""] * (width - len(cells))
    beyond = " ".join(filter(None, cells[width:]))
    return (*cells[: width - 1], " ".join(filter(None, (cells[width - 1], beyond))))


def _limited(sheet):
    if len(sheet.lines) > MOST_LINES or len(sheet.titles) > MOST_COLUMNS:
        words = {"rows": MOST_LINES, "columns": MOST_COLUMNS}
        raise Unreadable(_("A register may have at most %(rows)d rows and %(columns)d columns.") % words)
    if not sheet.lines:
        raise Unreadable(_("The table has no row below its titles."))
    return sheet
