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
    """One figure; `look` says in words of the style sheet that it is a weekend, or a day outside the flights."""

    key: str
    value: Decimal | None
    look: str


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
    """The foot of one group (a currency, or all quantities): [(day, sum, is weekend, of it in no shown row)], and as
    `base` what no shown cell holds."""

    group: str
    sums: list
    base: Decimal
    total: Decimal
    budget: Decimal | None
    rest: Decimal | None


@dataclass(frozen=True)
class Whole:
    """What the placements of a group come to, those of other pages too: {day: sum}, and what they may cost."""

    by_day: dict
    budget: Decimal | None = None

    @property
    def total(self):
        return sum(self.by_day.values(), ZERO)


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


def build(lines, days, *, measure="amount", today=None, wholes=None):
    """The Grid of Lines over a run of days; `wholes` is {group: Whole} where there are more placements than lines."""
    rows = [_row(line, days, measure) for line in lines]
    wholes = _wholes(rows) if wholes is None else wholes
    return Grid(
        months=months(days),
        heads=[Head(day, day.isoformat(), is_weekend(day), day == today) for day in days],
        rows=rows,
        totals=[
            _total(group, [row for row in rows if row.line.group == group], days, wholes[group]) for group in wholes
        ],
        places=_places(lines, measure, wholes),
    )


def _row(line, days, measure):
    cells = [Cell(day.isoformat(), line.figures.get(day), _look(day, line.flights)) for day in days]
    inside = sum((cell.value for cell in cells if cell.value is not None), ZERO)
    total = sum(line.figures.values(), ZERO)
    has_rest = measure == "amount" and line.budget is not None
    return Row(line, cells, total - inside, total, line.budget - total if has_rest else None)


def _look(day, flights):
    if is_flown(day, flights):
        return "weekend" if is_weekend(day) else ""
    return "weekend off" if is_weekend(day) else "off"


def _wholes(rows):
    """{group: Whole} of the rows themselves."""
    by_day, budgets = {}, {}
    for row in rows:
        sums = by_day.setdefault(row.line.group, {})
        for day, value in row.line.figures.items():
            sums[day] = sums.get(day, ZERO) + value
        if row.rest is not None:
            budgets[row.line.group] = budgets.get(row.line.group, ZERO) + row.line.budget
    return {group: Whole(sums, budgets.get(group)) for group, sums in by_day.items()}


def _total(group, rows, days, whole):
    here = [sum((row.cells[n].value or ZERO for row in rows), ZERO) for n in range(len(days))]
    sums = [(day, whole.by_day.get(day, ZERO), shown) for day, shown in zip(days, here, strict=True)]
    return Total(
        group=group,
        sums=[(day.isoformat(), value, is_weekend(day), value - shown) for day, value, shown in sums],
        base=whole.total - sum(here, ZERO),
        total=whole.total,
        budget=whole.budget,
        rest=None if whole.budget is None else whole.budget - whole.total,
    )


def _places(lines, measure, wholes):
    """Digits behind the point that the whole sheet shows."""
    if measure == "amount":
        return max((minor_digits(currency) for currency in wholes), default=2)
    values = [value for line in lines for value in line.figures.values()]
    values += [value for whole in wholes.values() for value in whole.by_day.values()]
    return max((-_exponent(value) for value in values), default=0)


def _exponent(value):
    return min(0, value.normalize().as_tuple().exponent)
