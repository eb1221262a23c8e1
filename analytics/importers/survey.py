"""The first pass over a file: which tables it holds, and what their cells tell about numbers, days and hours."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from analytics.importers import dates, numbers, periods, tables
from analytics.importers.layouts import recognise
from analytics.importers.shape import Shape
from core.tabular import Unreadable

_KEPT = 200  # ambiguous days kept to be tried against the stated period


@dataclass
class Evidence:
    """What the cells of a table tell about its decimal sign, its order of day and month, and its odd columns."""

    forms: set = field(default_factory=set)
    orders: set = field(default_factory=set)
    ambiguous: set = field(default_factory=set)
    weekdays: bool = False
    day_hours: set = field(default_factory=set)

    def add_form(self, cell):
        """Note what a figure tells about the decimal sign."""
        if form := numbers.form_of(cell):
            self.forms.add(form)

    def add_day(self, cell):
        """Note what a day tells about the order of day and month."""
        for part in cell.split(" - "):
            if order := dates.order_of(part):
                self.orders.add(order)
                if order == "either" and len(self.ambiguous) < _KEPT:
                    self.ambiguous.add(part)


@dataclass
class Table:
    """A table found in the file: where it stands, its shape, and the evidence of its cells."""

    sheet: str
    shape: Shape
    evidence: Evidence = field(default_factory=Evidence)

    def note(self, cells):
        """Take evidence from a row of data."""
        evidence, width = self.evidence, len(cells)
        if not evidence.forms & {numbers.POINT, numbers.COMMA}:
            for at, counts in self._figures:
                if at < width and cells[at] and (counts or numbers.form_of(cells[at]) != "either"):
                    evidence.add_form(cells[at])
        for at in self._days:
            if at < width and cells[at]:
                evidence.add_day(cells[at])
        self._note_odd(cells)

    def __post_init__(self):
        columns = self.shape.columns
        # A ratio may prove the decimal sign (0,85), but 1,234 in it is no reason to ask.
        self._figures = [(c.index, c.is_metric) for c in columns if c.is_metric or c.known.kind == "derived"]
        self._days = self.shape.dated_columns
        self._odd = [(name, self.shape.dimensions[name]) for name in ("date", "hour") if name in self.shape.dimensions]

    def _note_odd(self, cells):
        """A `Day` column may hold weekdays, an `Hour` or `Date` column YYYYMMDDHH."""
        for name, at in self._odd:
            if at >= len(cells):
                continue
            if name == "date" and dates.is_weekday(cells[at]):
                self.evidence.weekdays = True
            elif dates.day_and_hour(cells[at]):
                self.evidence.day_hours.add(name)

    def settle_columns(self):
        """Rename the columns whose cells are not what their header says."""
        if self.evidence.weekdays:
            self.shape.rename("date", "day_of_week")
        for name in self.evidence.day_hours:
            self.shape.rename(name, "date_hour")


def survey(source, answers):
    """(the Tables of a source in their order, how many rows stand outside of any table)."""
    found, notes = [], 0
    for sheet in source.sheets:
        table = None
        for row in tables.split(source.rows(sheet)):
            if row.kind == "header":
                table = _table(sheet, row, answers, found)
                found.append(table)
            elif row.kind == "row":
                table.note(row.cells)
            else:
                notes += any(tables.is_value(cell) for cell in row.cells)
    for table in found:
        table.settle_columns()
    return found, notes


def _table(sheet, row, answers, earlier):
    """A new Table; one with an unknown header belongs to the layout of those before it on the sheet."""
    layout = recognise(row.cells, row.preamble)
    if layout is None and earlier and earlier[-1].sheet == sheet:
        layout = earlier[-1].shape.layout
    return Table(sheet, Shape(row, layout, answers, title=sheet or _title(row.preamble)))


def _title(preamble):
    """The last line above a header that is a title, not a setting."""
    lines = (line.strip(" #") for line in reversed(preamble))
    return next(
        (line for line in lines if line and not any(sign in line for sign in ":：") and not line.startswith("---")), ""
    )


def walk(source, tables_found):
    """Yield (index of the table, Row) for every row of data, in the order of the survey."""
    at = -1
    for sheet in source.sheets:
        for row in tables.split(source.rows(sheet)):
            if row.kind == "header":
                at += 1
                if at == len(tables_found) or row.cells != tables_found[at].shape.header:
                    raise Unreadable(_("The file was changed while it was being read."))
            elif row.kind == "row":
                yield at, row


def stated_period(table, name, order):
    """(Stated or None, "period" | "file_name" | None): what the table or the file's name says about its days."""
    if found := periods.in_lines(table.shape.preamble, order):
        return found, "period"
    found = periods.in_name(name, order)
    return (found, "file_name") if found else (None, None)
