"""What a person should know about a file before its figures are taken: one sentence each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Remark:
    """A remark on the file: a stable code, a sentence, and the line and column it is about (0 and "": all of it)."""

    code: str
    text: str
    line: int = 0
    column: str = ""


def of(tables, tallies, notes):
    """All warnings of a file, given its tables, what they come to, and how many rows stand outside of a table."""
    if not tables:
        return [Remark("no_table", _("No table was found: no row looks like a header with rows under it."))]
    found = _about_file(tables, tallies, notes)
    for tally in tallies:
        found += [*_about_rows(tally), *_about_columns(tally), *_about_sums(tally)]
    return list(dict.fromkeys(found))


def _about_file(tables, tallies, notes):
    found = []
    if not any(table.shape.metrics for table in tables):
        found.append(
            Remark("no_figures", _("This file holds no figures that are known here: nothing in it can be counted."))
        )
    elif not any(tally.rows for tally in tallies):
        found.append(Remark("no_rows", _("The file has a header but no rows of data.")))
    if notes:
        text = ngettext(
            "%(count)d row outside of any table was left out.",
            "%(count)d rows outside of any table were left out.",
            notes,
        )
        found.append(Remark("notes", text % {"count": notes}))
    return found


_SENTENCES = {
    "bad_number": lambda: _("Line %(line)d, column “%(column)s”: “%(cell)s” is not a number; the figure was left out."),
    "bad_date": lambda: _(
        "Line %(line)d, column “%(column)s”: “%(cell)s” is not a date or hour; the row was left out."
    ),
    "too_many_cells": lambda: _("Line %(line)d has more cells than the header; its figures were left out."),
    "currencies_differ": lambda: _(
        "Line %(line)d, column “%(column)s”: a second currency (%(cell)s) in one row; the figure was left out."
    ),
}


def _about_rows(tally):
    """Up to three examples of each kind of problem in each column, and how many more there are."""
    for key, count in tally.problems.items():
        for problem in tally.examples[key]:
            given = {"line": problem.line, "column": problem.column, "cell": problem.cell[:60]}
            yield Remark(problem.code, _SENTENCES[problem.code]() % given, problem.line, problem.column)
        more = count - len(tally.examples[key])
        if more:
            text = ngettext("… and %(count)d more such row.", "… and %(count)d more such rows.", more)
            yield Remark(key[0], text % {"count": more}, 0, key[1])


def _about_columns(tally):
    shape = tally.reading.shape
    for column in shape.columns:
        if column.known.kind == "repeated":
            text = _("Column “%(column)s” means the same as an earlier column and was left out.") % {
                "column": column.header
            }
            yield Remark("repeated_column", text, shape.line, column.header)
    unknown = [column.header for column in shape.columns if column.known.kind == "unknown" and column.header]
    if unknown and shape.metrics and shape.layout is None:
        text = _("Columns not known here, left out: %(columns)s.") % {"columns": ", ".join(unknown[:20])}
        yield Remark("unknown_columns", text, shape.line)


def _about_sums(tally):
    for name in tally.disagreeing():
        text = _("No totals row states the sum of the rows for “%(metric)s”: the file may be cut or filtered.")
        yield Remark("totals_disagree", text % {"metric": name})
    if tally.repeated:
        text = ngettext(
            "%(count)d row repeats the object and days of another; their figures are added up.",
            "%(count)d rows repeat the object and days of another; their figures are added up.",
            tally.repeated,
        )
        yield Remark("repeated_rows", text % {"count": tally.repeated})
    if tally.short:
        text = ngettext(
            "%(count)d row has fewer cells than the header.",
            "%(count)d rows have fewer cells than the header.",
            tally.short,
        )
        yield Remark("short_rows", text % {"count": tally.short})
    if len({one for one in tally.indicators if one.strip()}) > 1:
        yield Remark(
            "mixed_results", _("“Results” counts different things from row to row: compare it only within one kind.")
        )
    if tally.is_outside:
        yield Remark("outside_period", _("Some rows lie outside of the period that the file states."))
    if tally.reading.shape.metrics and tally.reading.shape.dating == "none" and tally.is_long:
        yield Remark(
            "multi_day",
            _("The rows cover several days each: they count in totals of that period, not in a daily trend."),
        )
