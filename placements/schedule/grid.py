"""The day grid: placements down, dates across, with totals per currency and what is left of each budget."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.money import minor_digits
from placements.rules.plan import is_flown
from placements.schedule.days import is_weekend, months

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A placement as schedule and workbook see it. `figures` is {day: Decimal} of one measure; `words` its columns."""

    id: str
    code: str
    name: str
    currency: str
    budget: Decimal | None = None
    flights: tuple = ()
    figures: dict = field(default_factory=dict)
    is_open: bool = True
    group: str = ""
    state: str = ""
    state_label: str = ""
    words: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """A column: a day; `key` is its ISO form."""

    day: date
    key: str
    is_weekend: bool
    is_today: bool


@dataclass(frozen=True)
class Cell:
    """One figure; `is_out` when the day lies outside the flights."""

    key: str
    value: Decimal | None
    is_weekend: bool
    is_out: bool


@dataclass(frozen=True)
class Row:
    """A placement's cells in the window; `base` is what is planned outside it, `total` everything."""

    line: Line
    cells: list
    base: Decimal
    total: Decimal
    rest: Decimal | None


@dataclass(frozen=True)
class Total:
    """The foot of one group (a currency, or all quantities): [(day, sum, is weekend)], and all outside the window."""

    group: str
    sums: list
    base: Decimal
    total: Decimal
    budget: Decimal | None
    rest: Decimal | None


@dataclass(frozen=True)
class Grid:
    months: list
    heads: list
    rows: list
    totals: list
    places: int

    @property
    def format(self):
        """The argument of `floatformat`: places, with groups of thousands."""
        return f"{self.places}g"


def build(lines, days, *, measure="amount", today=None):
    """The Grid of Lines over a run of days."""
    rows = [_row(line, days, measure) for line in lines]
    groups = list(dict.fromkeys(line.group for line in lines))
    return Grid(
        months=months(days),
        heads=[Head(day, day.isoformat(), is_weekend(day), day == today) for day in days],
        rows=rows,
        totals=[_total(group, [row for row in rows if row.line.group == group], days) for group in groups],
        places=_places(lines, measure),
    )


def _row(line, days, measure):
    cells = [
        Cell(day.isoformat(), line.figures.get(day), is_weekend(day), not is_flown(day, line.flights)) for day in days
    ]
    inside = sum((cell.value for cell in cells if cell.value is not None), ZERO)
    total = sum(line.figures.values(), ZERO)
    has_rest = measure == "amount" and line.budget is not None
    return Row(line, cells, total - inside, total, line.budget - total if has_rest else None)


def _total(group, rows, days):
    sums = [(day, sum((row.cells[n].value or ZERO for row in rows), ZERO)) for n, day in enumerate(days)]
    budgets = [row.line.budget for row in rows if row.rest is not None]
    total = sum((row.total for row in rows), ZERO)
    return Total(
        group=group,
        sums=[(day.isoformat(), value, is_weekend(day)) for day, value in sums],
        base=sum((row.base for row in rows), ZERO),
        total=total,
        budget=sum(budgets, ZERO) if budgets else None,
        rest=sum(budgets, ZERO) - total if budgets else None,
    )


def _places(lines, measure):
    """Digits behind the point that the whole sheet shows."""
    if measure == "amount":
        return max((minor_digits(line.currency) for line in lines), default=2)
    return max((-_exponent(value) for line in lines for value in line.figures.values()), default=0)


def _exponent(value):
    return min(0, value.normalize().as_tuple().exponent)
