"""The second pass: sums of the data rows, totals rows apart, what could not be read, and whether it all agrees."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from analytics.importers.names import MONEY, NOT_ADDITIVE
from analytics.importers.numbers import EXACT
from analytics.importers.reading import Problem, Reading

LISTED = 100  # unique figures and totals rows listed in a report
_WATCHED = 100_000  # rows among which rows of the same object and days are looked for
_NAMELESS = 20
_HALF_CENT = Decimal("0.005")


@dataclass
class Tally:
    """What the rows of one table come to."""

    reading: Reading
    rows: int = 0
    skipped: int = 0
    sums: dict = field(default_factory=dict)  # (metric, currency or None) -> Decimal
    unique: dict = field(default_factory=dict)  # metric -> [{"label", "value"}]
    stated: dict = field(default_factory=dict)  # label -> {metric: Decimal}
    problems: Counter = field(default_factory=Counter)  # (code, column) -> how many
    examples: dict = field(default_factory=dict)  # (code, column) -> first Problems
    first: object = None
    last: object = None
    undenominated: set = field(default_factory=set)  # signs seen on money without a currency ("" = none at all)
    indicators: set = field(default_factory=set)
    repeated: int = 0
    short: int = 0
    nameless: list = field(default_factory=list)
    _keys: set = field(default_factory=set)
    _objects: set = field(default_factory=set)
    _splits: bool = False

    def add(self, line, cells):
        """Count one row."""
        label = self.reading.total_label(line, cells)
        if label is not None:
            self._add_total(line, cells, label)
        elif self.reading.is_doubtful(cells) and len(self.nameless) < _NAMELESS:
            self.nameless.append((line, cells))
        else:
            self._add_data(line, cells)

    def finish(self):
        """Decide on doubtful rows: those equal to the sum of all others are totals, the rest is data."""
        for line, cells in self.nameless:
            figures = self.reading.figures(line, cells)
            if self.rows and figures.values and self._agrees(figures.values):
                self.reading.totals.add(line)
                self._add_total(line, cells, self.reading.total_label(line, cells))
            else:
                self._add_data(line, cells)
        self.nameless = []
        if self._splits:
            self.reading.own = frozenset()
        self._keys, self._objects = set(), set()

    def _add_total(self, line, cells, label):
        self.skipped += 1
        name, number = label, 2
        while name in self.stated:
            name, number = f"{label} ({number})", number + 1
        if len(self.stated) < LISTED:
            self.stated[name] = self.reading.figures(line, cells[: len(self.reading.shape.header)]).values

    def _add_data(self, line, cells):
        self.rows += 1
        figures = self.reading.figures(line, cells)
        self._note_problems(figures.problems)
        if not self.reading.shape.metrics:
            return
        self.short += len(cells) < len(self.reading.shape.header)
        when, wrong = self.reading.when(cells)
        if when is None and self._is_datable():
            self._note_problems([_bad_date(self.reading.shape, line, wrong)])
            return
        self._count(line, cells, figures, when)

    def _is_datable(self):
        """Whether rows have days of their own, so that one without is at fault (else they are still to be asked)."""
        shape = self.reading.shape
        if shape.dating == "nth_day":
            return self.reading.period is not None
        return shape.dating != "none" and not self.reading.is_order_open

    def _count(self, line, cells, figures, when):
        for name, value in figures.values.items():
            if name in NOT_ADDITIVE:
                self._list_unique(name, value, cells)
            else:
                self._add(name, value, figures.currency)
        if figures.is_undenominated:
            self.undenominated |= _signs(cells)
        at = self.reading.shape.dimensions.get("result_indicator")
        if at is not None and "results" in figures.values and len(self.indicators) < 10:
            self.indicators.add(cells[at])
        if when:
            self._widen(*when[:2])
        if when or self.reading.shape.dating == "none":
            self._watch(line, cells, figures, when)

    def _widen(self, first, last):
        self.first = min(self.first or first, first)
        self.last = max(self.last or last, last)

    def _add(self, name, value, currency):
        key = (name, currency if name in MONEY else None)
        self.sums[key] = EXACT.add(self.sums[key], value) if key in self.sums else value

    def _list_unique(self, name, value, cells):
        listed = self.unique.setdefault(name, [])
        if len(listed) < LISTED:
            named = [cells[at].strip() for at in self.reading.shape.telling if at < len(cells)]
            listed.append({"label": " · ".join(cell for cell in named if cell)[:200], "value": format(value, "f")})

    def _watch(self, line, cells, figures, when):
        """Notice rows of the same object, days and breakdown, and objects that dimensions such as age split."""
        if len(self._keys) >= _WATCHED:
            return
        one = self.reading.record(line, cells, figures, when or (None, None, None))
        key = hash((one.account, one.parent, one.external_id, one.date_from, one.date_to, one.hour, one.breakdown))
        split = hash((key, self._own_cells(cells)))
        self._splits = self._splits or key in self._objects
        self.repeated += split in self._keys
        self._objects.add(key)
        self._keys.add(split)

    def _own_cells(self, cells):
        shape = self.reading.shape
        return tuple(cells[at] for name, at in shape.breakdowns if name in self.reading.own and at < len(cells))

    def _note_problems(self, problems):
        for problem in problems:
            key = (problem.code, problem.column)
            self.problems[key] += 1
            if self.problems[key] <= 3:
                self.examples.setdefault(key, []).append(problem)

    @property
    def period(self):
        """(first, last) day of the table: as stated, widened to its rows where these say more; or None."""
        stated, rows = self.reading.period, (self.first, self.last) if self.first else None
        if not stated or not rows or self.reading.shape.dating in {"none", "nth_day"}:
            return stated or rows
        return min(stated[0], rows[0]), max(stated[1], rows[1])

    @property
    def is_outside(self):
        """Whether rows lie outside of the period that the file states."""
        return bool(self.reading.period and self.first and self.period != self.reading.period)

    @property
    def is_long(self):
        """Whether the table's one period is longer than a day."""
        return bool(self.period and self.period[0] != self.period[1])

    def additive(self):
        """Metric -> sum, of the metrics that add up in one currency."""
        counts = Counter(name for name, _currency in self.sums)
        return {name: value for (name, _currency), value in self.sums.items() if counts[name] == 1}

    def _agrees(self, values):
        """Whether a row's figures are the sums of the data rows, within half a cent for each of them."""
        slack = _HALF_CENT * max(self.rows, 1)
        shared = [(value, sums[name]) for sums in [self.additive()] for name, value in values.items() if name in sums]
        return bool(shared) and all(abs(value - total) <= slack for value, total in shared)

    def disagreeing(self):
        """Metrics of which no totals row, whatever its scope, states the sum of the data rows."""
        slack, wrong = _HALF_CENT * max(self.rows, 1), []
        for name, total in self.additive().items():
            stated = [values[name] for values in self.stated.values() if name in values]
            if stated and all(abs(value - total) > slack for value in stated):
                wrong.append(name)
        return wrong


def _bad_date(shape, line, cell):
    from_column = next((c.header for c in shape.columns if c.known.name in {shape.dating, "hour"}), "")
    return Problem("bad_date", line, from_column, cell)


def _signs(cells):
    """The signs of money that several currencies share, as the cells hold them; "" where there is none."""
    return {sign for sign in "$¥" if any(sign in cell for cell in cells)} or {""}
