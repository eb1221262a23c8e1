"""The shape of one table: what each column means, whose figures the rows are, and how the rows are dated."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analytics.importers.answers import LEVELS
from analytics.importers.layouts import Layout
from analytics.importers.names import MONEY, Known, heading, language_of, meaning_of, normal

# A column that describes the object of the row and never splits its figures.
_STATES = {"status", "campaign_type", "attribution", "result_indicator", "bid_strategy", "optimization_score"}
_PLANS = {"budget", "budget_name", "budget_type"}
ATTRIBUTES = frozenset(_STATES | _PLANS | {"row_number", "currency", "account", "account_id"})
TIMES = frozenset({"date", "week", "month", "nth_day", "date_hour", "period_start", "period_end", "period"})
IDENTITIES = {
    "account": ("account_id", "account"),
    "campaign": ("campaign_id", "campaign"),
    "ad_group": ("ad_group_id", "ad_group"),
    "ad": ("ad_id", "ad"),
    "keyword": ("keyword_id", "keyword"),
    "search_term": (None, "search_term"),
    "page": (None, "page"),
    "event": (None, "event_name"),
}
OWN = frozenset(
    {"age", "gender", "interest", "match_type"}
)  # may belong to the object itself: an ad made for women of 30–34
_TOTAL = re.compile(
    r"(?:grand |overall |sub-?)?totals?(?: général| general)?(?:\s*[::].*)?|sous-total(?:\s*:.*)?|"
    r"(?:合计|总计|总和|汇总|共计|小计|总共|全部合计)(?:\s*[::((].*)?|(?:gesamt|gesamtsumme|summe|zwischensumme|insgesamt)(?:\s*:.*)?|"
    r"results from [0-9,]+ .*|来自\s*[0-9,]+\s*个.*|average|avg\.?|平均|平均值|均值|moyenne|durchschnitt",
    re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def is_total_label(cell):
    """Whether a cell is the label of a totals (or averages) row: `Total: Account`, 合计, Grand total."""
    return len(cell) < 80 and bool(_TOTAL.fullmatch(cell.strip().replace("：", ":").replace("（", "(")))


@dataclass(frozen=True)
class Column:
    """One column: its place, its header as written and what it means. `currency` is what its header states."""

    index: int
    header: str
    known: Known
    currency: str | None = None

    @property
    def is_metric(self):
        """Whether its figures are facts (a derived ratio is not)."""
        return self.known.kind == "metric"

    @property
    def label(self):
        """Name for the report: metric, dimension, `derived:ctr` or None."""
        return f"derived:{self.known.name}" if self.known.kind == "derived" else self.known.name


def columns_of(header, layout: Layout | None, answers):
    """The columns of a header. A metric or dimension that appears twice keeps its first column only."""
    taken, columns = set(), []
    for index, cell in enumerate(header):
        found = heading(cell)
        known = _meaning(cell, found.known, layout, answers)
        if known.kind in {"metric", "dimension"} and known.name not in ATTRIBUTES - {"currency"}:
            known = Known("repeated", None) if known.name in taken else known
            taken.add(known.name)
        columns.append(Column(index, cell.strip().strip("\ufeff"), known, found.currency))
    return columns


def _meaning(cell, known, layout, answers):
    name = normal(cell)
    if name in answers.columns:
        return meaning_of(answers.columns[name]) if answers.columns[name] else Known("ignored", None)
    if layout and name in layout.names:
        return meaning_of(layout.names[name])
    return known or Known("unknown", None)


class Shape:
    """A table's columns and what follows from them."""

    def __init__(self, row, layout, answers, title=""):
        self.header, self.line, self.preamble = row.cells, row.line, list(row.preamble)
        self.layout, self.title = layout, title
        self.language = language_of(row.cells)
        self.columns = columns_of(row.cells, layout, answers)
        self._asked_level = answers.level

    def rename(self, old, new):
        """Let the column of one dimension be another."""
        self.columns = [
            Column(c.index, c.header, Known("dimension", new), c.currency) if c.known == self._known(old) else c
            for c in self.columns
        ]
        for name in ("dimensions", "metrics", "level", "chain", "breakdowns", "labelled", "naming"):
            self.__dict__.pop(name, None)

    def _known(self, name):
        return next((c.known for c in self.columns if c.known.kind == "dimension" and c.known.name == name), None)

    @cached_property
    def dimensions(self):
        """Dimension name -> column index (the first of its name)."""
        found = {}
        for column in self.columns:
            if column.known.kind == "dimension":
                found.setdefault(column.known.name, column.index)
        return found

    @cached_property
    def metrics(self):
        """The columns that hold facts; cost first among money, so that its currency leads the row."""
        return sorted((c for c in self.columns if c.is_metric), key=lambda c: c.known.name != "cost")

    @property
    def has_money(self):
        """Whether a column holds money."""
        return any(column.known.name in MONEY for column in self.metrics)

    @property
    def stated_currencies(self):
        """ISO codes in the headers of money."""
        return {c.currency for c in self.metrics if c.known.name in MONEY and c.currency and len(c.currency) == 3}

    @cached_property
    def level(self):
        """The finest object the columns name; the operator's answer where it has columns here."""
        present = [level for level in LEVELS if any(name in self.dimensions for name in IDENTITIES[level])]
        if self._asked_level in present:
            return self._asked_level
        return present[-1] if present else "account"

    @cached_property
    def chain(self):
        """(level, index of its id or None, index of its name or None) from the account down to the table's level."""
        levels = LEVELS[: LEVELS.index(self.level) + 1]
        places = ((level, *(self.dimensions.get(name) for name in IDENTITIES[level])) for level in levels)
        return [place for place in places if place[1] is not None or place[2] is not None]

    @cached_property
    def naming(self):
        """Indexes of the columns that name the objects below the account."""
        return [at for level, *places in self.chain if level != "account" for at in places if at is not None]

    @cached_property
    def breakdowns(self):
        """(dimension, index) of the columns that split an object's figures, by name; times and attributes do not."""
        used = {name for level, *_rest in self.chain for name in IDENTITIES[level]}
        unsplit = used | ATTRIBUTES | TIMES | {"hour"} | ({"day_of_week"} if self.dating != "none" else set())
        return sorted((name, at) for name, at in self.dimensions.items() if name not in unsplit)

    @property
    def telling(self):
        """Indexes of the columns that tell a row from the others: its days, object and breakdown."""
        return sorted({*self.naming, *self.dated_columns, *(at for _name, at in self.breakdowns)} | self._counted)

    @property
    def _counted(self):
        return {self.dimensions[name] for name in ("nth_day", "date_hour", "hour") if name in self.dimensions}

    @cached_property
    def labelled(self):
        """Indexes of all columns that hold no figures: where a totals label may stand."""
        return [c.index for c in self.columns if not c.is_metric and c.known.kind != "derived"]

    @property
    def dating(self):
        """How rows are dated: date_hour | date | nth_day | week | month | period_start | period | none."""
        order = ("date_hour", "date", "nth_day", "week", "month", "period_start", "period")
        found = next((name for name in order if name in self.dimensions), "none")
        return "none" if found == "period_start" and "period_end" not in self.dimensions else found

    @property
    def dated_columns(self):
        """Indexes of the columns that hold days."""
        return [at for name, at in self.dimensions.items() if name in TIMES - {"nth_day", "date_hour"}]
