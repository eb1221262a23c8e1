"""One row of a table read: a totals row, or the figures of one object on its days."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from analytics.importers import dates, numbers
from analytics.importers.names import MONEY
from analytics.importers.shape import OWN, TIMES, Shape, is_total_label

_MILLIONTH = Decimal("0.000001")
_PATH = " › "
_FREE_TEXT = frozenset({"keyword", "search_term", "page", "event"})


class Record(NamedTuple):
    """The figures of one object and its days, ready to become facts. `breakdown` is "" for the object as a whole.

    `account` is the account's id or name where the file names it. `parent` is (level, external id, name).
    Tables with the same header have the same `table` number: their rows add up; those of others state figures again.
    """

    level: str
    external_id: str
    name: str
    parent: tuple | None
    date_from: date
    date_to: date
    hour: int | None
    breakdown: str
    currency: str | None
    values: dict
    account: str | None = None
    line: int = 0
    table: int = 0


class Problem(NamedTuple):
    """What was wrong with a row: bad_number | bad_date | too_many_cells | currencies_differ, and where."""

    code: str
    line: int
    column: str
    cell: str


@dataclass
class Figures:
    """A row's metrics: values by code, the currency of the money among them, and what could not be read."""

    values: dict = field(default_factory=dict)
    currency: str | None = None
    problems: list = field(default_factory=list)
    is_undenominated: bool = False


@dataclass
class Reading:
    """How to read the rows of one table: its shape and everything that had to be settled or asked."""

    shape: Shape
    form: str = numbers.POINT
    order: str | None = None
    period: tuple | None = None
    currency: str | None = None
    signs: dict = field(default_factory=dict)
    is_order_open: bool = False
    own: frozenset = frozenset()  # dimensions that turned out to belong to the object instead of splitting it
    totals: set = field(default_factory=set)  # lines without any name that turned out to be totals

    # --- totals -----------------------------------------------------------------------------------------------------
    def total_label(self, line, cells):
        """The label of a totals row, wherever it stands; None for a row of data."""
        width = len(self.shape.header)
        places = [*self.shape.labelled, *range(width, len(cells))]
        at = next((at for at in places if at < len(cells) and cells[at] and is_total_label(cells[at])), None)
        if at is None and line in self.totals:
            return "—"
        if at is None or not self._names_nothing_but(cells, at):
            return None
        return None if self._may_be_a_name(at, cells[at]) and line not in self.totals else cells[at].strip()

    def _may_be_a_name(self, at, label):
        """Whether people may have typed the label as a search word, or a page or event be called so."""
        return (
            self.shape.level in _FREE_TEXT
            and at == self.shape.chain[-1][2]
            and not any(sign in label for sign in ":：")
        )

    def is_doubtful(self, cells):
        """Whether only the sums can tell if a row is a total: it has no name, or `total` may be its name."""
        if not self.shape.naming:
            return False
        if all(_cell(cells, at) is None for at in self.shape.naming):
            return True
        at = self.shape.chain[-1][2]
        name = _cell(cells, at) if at is not None else None
        return (
            name is not None
            and is_total_label(name)
            and self._may_be_a_name(at, name)
            and self._names_nothing_but(cells, at)
        )

    def _names_nothing_but(self, cells, label):
        """Whether no other cell names or dates anything, so that the label is no campaign called Total."""
        splitting = [*self.shape.naming, *(at for _name, at in self.shape.breakdowns)]
        days = [at for name, at in self.shape.dimensions.items() if name in TIMES]
        checked = splitting if label in splitting or label in days else splitting + days
        return all(at == label or _cell(cells, at) is None for at in checked)

    # --- figures ----------------------------------------------------------------------------------------------------
    def figures(self, line, cells):
        """The row's Figures. A row wider than its header is shifted somewhere: none of its figures is trusted."""
        found = Figures()
        if any(cell.strip() for cell in cells[len(self.shape.header) :]):
            found.problems.append(Problem("too_many_cells", line, "", ""))
            return found
        at = self.shape.dimensions.get("currency")
        stated = _cell(cells, at) if at is not None else None
        for column in self.shape.metrics:
            cell = _cell(cells, column.index)
            if cell is not None:
                self._add(found, column, cell, line, stated)
        return found

    def _add(self, found, column, cell, line, stated):
        try:
            figure = numbers.figure(cell, self.form)
        except numbers.NotANumber:
            if not numbers.is_absent(cell):
                found.problems.append(Problem("bad_number", line, column.header, cell))
            return
        name = column.known.name
        if figure.percent:
            found.problems.append(Problem("bad_number", line, column.header, cell))
        elif name not in MONEY:
            found.values[name] = figure.value
        else:
            self._add_money(found, column, figure, line, stated)

    def _add_money(self, found, column, figure, line, stated):
        """Money keeps the currency of its cell, else of the row, else of its header, else of the file."""
        currency = figure.currency or stated or column.currency or self.currency
        currency = self.signs.get(currency, currency)
        if currency is None or len(currency) != 3:
            currency, found.is_undenominated = self.currency, self.currency is None
        if found.currency and currency and currency != found.currency:
            found.problems.append(Problem("currencies_differ", line, column.header, currency))
            return
        found.currency = found.currency or currency
        found.values[column.known.name] = (
            numbers.EXACT.multiply(figure.value, _MILLIONTH) if column.known.micros else figure.value
        )

    # --- days -------------------------------------------------------------------------------------------------------
    def days(self, cells):
        """(first day, last day, hour or None) of the row; None where the cell that should date it does not."""
        dating = self.shape.dating
        if dating == "none":
            return (*self.period, None) if self.period else None
        cell = _cell(cells, self.shape.dimensions[dating])
        if cell is None:
            return None
        if dating == "date_hour":
            found = dates.day_and_hour(cell)
            return (found[0], found[0], found[1]) if found else None
        found = self._span(dating, cell, cells)
        return (*found, None) if found else None

    def _from_start(self, cell, cells):
        first = dates.day(cell, self.order)
        last = dates.day(_cell(cells, self.shape.dimensions["period_end"]) or "", self.order)
        return (first, last) if first and last and first <= last else None

    def _span(self, dating, cell, cells):
        if dating == "nth_day":
            one = dates.nth_day(cell, self.period and self.period[0])
            return (one, one) if one else None
        if dating == "week":
            return dates.week(cell, self.order)
        if dating == "month":
            found = dates.span(cell, self.order)
            return dates.month(found[0].isoformat()[:7]) if found and found[0] == found[1] else found
        if dating == "period_start":
            return self._from_start(cell, cells)
        return dates.span(cell, self.order)

    def when(self, cells):
        """(days() with the hour of the hour column, ""), or (None, the cell that is no day or hour)."""
        found = self.days(cells)
        if found is None:
            at = self.shape.dimensions.get(self.shape.dating)
            return None, (_cell(cells, at) or "") if at is not None else ""
        hour = self._hour(cells)
        if hour is False:
            return None, _cell(cells, self.shape.dimensions["hour"])
        return (found[0], found[1], found[2] if hour is None else hour), ""

    def _hour(self, cells):
        """The row's hour; None where there is none, False where the cell is no hour."""
        cell = _cell(cells, self.shape.dimensions["hour"]) if "hour" in self.shape.dimensions else None
        if cell is None:
            return None
        hour = dates.hour(cell)
        return False if hour is None else hour

    # --- object -----------------------------------------------------------------------------------------------------
    def record(self, line, cells, figures, when):
        """The Record of a row whose figures and days are read."""
        first, last, hour = when
        objects = self._objects(cells)
        level, external_id, name = objects[-1]
        account = objects[0][1] if objects[0][0] == "account" else None
        parent = next(
            (
                one
                for one in reversed(objects[:-1])
                if not (level in {"keyword", "search_term"} and one[0] in {"ad", "keyword"})
            ),
            None,
        )
        split = self.breakdown(cells, hour if first != last else None)
        hour = hour if first == last else None
        currency = figures.currency if any(code in MONEY for code in figures.values) else None
        return Record(
            level, external_id, name, parent, first, last, hour, split, currency, figures.values, account or None, line
        )

    def _objects(self, cells):
        """(level, external id, name) of the row's objects, from the account down to the finest one this row names."""
        found, path = [("account", "", "")], []
        for level, id_at, name_at in self.shape.chain:
            identity = _cell(cells, id_at) if id_at is not None else None
            name = _cell(cells, name_at) if name_at is not None else None
            if identity is None and name is None:
                continue
            if level == "account":
                found = [(level, identity or name, name or identity)]
                continue
            path.append(name or identity)
            found.append((level, identity or _PATH.join(path), name or identity))
        return found

    def breakdown(self, cells, hour=None):
        """`device=Computers|network=Search`: what splits the object's figures, in a fixed order; "" for nothing."""
        pairs = [(name, _cell(cells, at)) for name, at in self.shape.breakdowns if name not in self.own]
        if hour is not None:
            pairs.append(("hour", f"{hour:02d}"))
        stated = sorted((name, " ".join(value.replace("|", "/").split())) for name, value in pairs if value is not None)
        return "|".join(f"{name}={value}" for name, value in stated)


def owned(shape):
    """The dimensions that may belong to the table's objects themselves: only where objects have ids of their own."""
    at = shape.chain[-1][1] if shape.chain else None
    return (
        OWN & {name for name, _at in shape.breakdowns}
        if at is not None and shape.level in {"ad_group", "ad", "keyword"}
        else frozenset()
    )


def _cell(cells, at):
    """The cell's text, or None where it is absent (` --`, empty, or the row is shorter)."""
    if at is None or at >= len(cells):
        return None
    cell = cells[at].strip()
    return None if cell in numbers.DASHES else cell
