"""What a file holds, as a person and a program want it told, and its rows as records."""

from django.utils.translation import gettext as _

from analytics.importers import warnings
from analytics.importers.answers import understood
from analytics.importers.layouts import fingerprint
from analytics.importers.names import MONEY
from analytics.importers.numbers import EXACT
from analytics.importers.settle import Settled
from analytics.importers.source import Source
from analytics.importers.survey import survey, walk
from analytics.importers.tally import LISTED, Tally
from core.errors import RuleBroken


def inspect(path_or_file, name=None, answers=None):
    """Read an export and report what it holds, without keeping anything. Raises Unreadable for what is no table.

    `path_or_file` is a path or a binary file; `name` its name where the file does not know it; `answers` what a person
    answered to an earlier report's questions (see answers.Answers), or the mapping remembered for its fingerprint.
    """
    given = understood(answers)
    source = Source(path_or_file, name=name, encoding_answer=given.encoding)
    tables, notes = survey(source, given)
    settled = Settled(source, tables, given)
    tallies = [Tally(reading) for reading in settled.readings]
    for at, row in walk(source, tables):
        tallies[at].add(row.line, row.cells)
    for tally in tallies:
        tally.finish()
    undenominated = set().union(*(tally.undenominated for tally in tallies))
    if undenominated:
        settled.ask_currency(tables, undenominated)
    return Report(source, tables, settled, tallies, notes)


class Report:
    """A file understood as far as it can be: layout, tables, sums, what was left out and what must be asked."""

    def __init__(self, source, tables, settled, tallies, notes):
        self._source, self._tables, self._settled, self._tallies = source, tables, settled, tallies
        self.name, self.encoding, self.delimiter = source.name, source.encoding, source.delimiter
        self.questions = settled.questions
        self.warnings = warnings.of(tables, tallies, notes)
        layout = next((table.shape.layout for table in tables if table.shape.layout), None)
        self.layout, self.platform = (layout.code, layout.platform) if layout else (None, None)
        self.fingerprint = fingerprint([table.shape.header for table in tables])

    @property
    def is_ready(self):
        """Whether records() can be had: nothing is left to ask."""
        return not self.questions

    @property
    def rows(self):
        """Rows of data in all tables."""
        return sum(tally.rows for tally in self._tallies)

    @property
    def problems(self):
        """How many cells and rows could not be read and were left out."""
        return sum(sum(tally.problems.values()) for tally in self._tallies)

    @property
    def period(self):
        """(first day, last day) of all tables, or None where it is not known."""
        known = [period for tally in self._tallies if (period := tally.period)]
        return (min(first for first, _last in known), max(last for _first, last in known)) if known else None

    @property
    def currencies(self):
        """ISO codes of all money in the file; of its headers where it has no rows."""
        counted = {currency for tally in self._tallies for _name, currency in tally.sums if currency}
        return sorted(counted) or sorted({code for table in self._tables for code in table.shape.stated_currencies})

    def records(self):
        """Yield a Record for each row of data with figures, streamed. RuleBroken while a question is open."""
        if self.questions:
            raise RuleBroken(_("Answer the open questions about this file first."), code="questions_open")
        headers = [tuple(table.shape.header) for table in self._tables]
        groups = [headers.index(header) for header in headers]
        for at, row in walk(self._source, self._tables):
            reading = self._settled.readings[at]
            if reading.total_label(row.line, row.cells) is not None:
                continue
            figures = reading.figures(row.line, row.cells)
            when, _wrong = reading.when(row.cells)
            if figures.values and when:
                yield reading.record(row.line, row.cells, figures, when)._replace(table=groups[at])

    def samples(self, count=5):
        """The first rows of data of each table, as written: what a person looks at to say what a column means."""
        found = [[] for _table in self._tables]
        for at, row in walk(self._source, self._tables):
            if len(found[at]) < count:
                found[at].append(row.cells)
        return [
            {"header": table.shape.header, "columns": _columns(table.shape), "rows": rows}
            for table, rows in zip(self._tables, found, strict=True)
        ]

    def totals(self):
        """Metric -> sum of the data rows. Tables of one header add up; else the least split one speaks for a metric.

        Money in several currencies is a dict by currency, as it has no one sum.
        """
        groups = {}
        for tally in self._tallies:
            groups.setdefault(tuple(tally.reading.shape.header), []).append(tally)
        ordered = sorted(
            groups.values(),
            key=lambda group: (bool(group[0].reading.shape.breakdowns), group[0].reading.shape.level != "account"),
        )
        found = {}
        for group in ordered:
            for name, value in _summed(group).items():
                found.setdefault(name, value)
        return found

    def as_dict(self):
        """The report as JSON holds it (figures as decimal strings)."""
        tables = [self._table(at) for at in range(len(self._tables))]
        return self._file(tables) | {
            "rows": self.rows,
            "total_rows_skipped": sum(tally.skipped for tally in self._tallies),
            "columns": _merged([table["columns"] for table in tables]),
            "totals": {name: _text(value) for name, value in self.totals().items()},
            "not_additive": _listed(table["not_additive"] for table in tables),
            "platform_totals": _labelled(table["platform_totals"] for table in tables),
            "tables": tables if len(tables) > 1 else [],
            "warnings": [warning.text for warning in self.warnings],
            "questions": [question.as_dict() for question in self.questions],
        }

    def _file(self, tables):
        """What kind of file it is, and of which days and currency its figures are."""
        currencies = self.currencies
        return {
            "layout": self.layout,
            "platform": self.platform,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header_row": tables[0]["header_row"] if tables else None,
            "date_source": tables[0]["date_source"] if tables else "ask",
            "period": _period(self.period),
            "currency": currencies[0] if len(currencies) == 1 else currencies or None,
        }

    def _table(self, at):
        """One table of the file, in the same words as the whole."""
        tally, shape = self._tallies[at], self._tables[at].shape
        return {
            "title": shape.title,
            "header_row": shape.line,
            "level": shape.level,
            "breakdowns": [name for name, _at in shape.breakdowns if name not in tally.reading.own],
            "date_source": self._settled.date_sources[at],
            "period": _period(tally.period),
            "rows": tally.rows,
            "total_rows_skipped": tally.skipped,
            "columns": _columns(shape),
            "totals": {name: _text(value) for name, value in _summed([tally]).items()},
            "not_additive": tally.unique,
            "platform_totals": {
                label: {name: _text(value) for name, value in values.items()} for label, values in tally.stated.items()
            },
        }


def _summed(tallies):
    """Metric -> Decimal of several tallies; money in more than one currency -> {currency: Decimal}."""
    by_currency = {}
    for tally in tallies:
        for (name, currency), value in tally.sums.items():
            sums = by_currency.setdefault(name, {})
            sums[currency] = EXACT.add(sums[currency], value) if currency in sums else value
    return {
        name: next(iter(sums.values())) if len(sums) == 1 or name not in MONEY else _named(sums)
        for name, sums in by_currency.items()
    }


def _named(sums):
    return {currency or "?": value for currency, value in sums.items()}


def _text(value):
    """A Decimal, or Decimals by currency, as plain strings."""
    return {key: format(one, "f") for key, one in value.items()} if isinstance(value, dict) else format(value, "f")


def _period(period):
    return {"from": period[0].isoformat(), "to": period[1].isoformat()} if period else None


def _columns(shape):
    """Header -> meaning; a header that stands twice is numbered."""
    found = {}
    for column in shape.columns:
        name, number = column.header, 2
        while name in found:
            name, number = f"{column.header} ({number})", number + 1
        found[name] = column.label
    return found


def _merged(columns):
    found = {}
    for table in columns:
        for header, label in table.items():
            found[header] = found.get(header) or label
    return found


def _listed(lists):
    """Unique figures of all tables, by metric."""
    found = {}
    for table in lists:
        for name, values in table.items():
            found.setdefault(name, []).extend(values[: LISTED - len(found.get(name, []))])
    return found


def _labelled(totals):
    """Totals rows of all tables, by label."""
    found = {}
    for table in totals:
        for label, values in table.items():
            name, number = label, 2
            while name in found:
                name, number = f"{label} ({number})", number + 1
            found[name] = values
    return found
