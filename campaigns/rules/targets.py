"""Rules of targets by wave and by day: spreading a total to the last digit, reading a pasted column."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from core.errors import RuleBroken

EVEN = "even"
WEEKDAY_WEIGHTS = "weekday_weights"
PASTE = "paste"
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_ROWS = 4000
_MOST_SHOWN = 5  # wrong rows named in one sentence
_MOST_PLACES = 6
_MOST_DIGITS = 14  # before the point: the money columns of the database hold no more

_ZERO = Decimal(0)
_FACTORS = {
    "万亿": Decimal(10**12), "亿": Decimal(10**8), "万": Decimal(10**4), "千": Decimal(1000), "百": Decimal(100),
    "k": Decimal(1000), "m": Decimal(10**6), "bn": Decimal(10**9), "b": Decimal(10**9), "%": Decimal("0.01"),
    "‰": Decimal("0.001"), "": Decimal(1),
}  # fmt: skip
_LONGEST = 200  # characters of a figure
_NUMBER = re.compile(
    r"(?P<sign>[-+\u2212]?)(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|[$€£¥₩₹])?\s*(?P<minus>[-\u2212]?)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:[.,]\d+)?|"
    r"\d{1,3}(?:\.\d{3})+,\d+|\d+(?:\.\d+)?|\.\d+)"
    r"\s*(?P<factor>万亿|亿|万|千|百|k|m|bn|b|%|‰)?\s*(?:元|美元|CNY|RMB|USD|EUR|GBP|HKD|JPY|€)?",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:[,\s]*\(?(?:(?:周|星期)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\)?)?"
_CLOCK = r"(?:[T\s]\d{1,2}:\d{2}(?::\d{2})?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = [
    re.compile(form + _CLOCK + _WEEKDAY, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?:\s*[日号])?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})(?:\s*[日号])?",
        r"(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<year>\d{4})",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![/\d])",
        rf"(?P<day>\d{{1,2}})[\s-]{_MONTH}(?:(?:[\s-]+|,\s+)(?P<year>20\d\d)(?!\d))?",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>20\d\d)(?!\d))?",
    )
]


def shares(total, weights, *, places=0):
    """`total` split in proportion to `weights` into amounts of `places` digits that add up to it exactly.

    What rounding leaves over goes, one smallest unit each, to the largest remainders (the earlier one on a tie).
    """
    weight = sum(weights, _ZERO)
    if not weights or weight <= 0 or min(weights) < 0:
        raise RuleBroken(
            _("The weights must not be negative, and one of them must be above zero."), code="weights_wrong"
        )
    unit = Decimal(1).scaleb(-max(places, _places_of(total)))
    exact = [abs(total) * one / weight for one in weights]
    down = [value.quantize(unit, ROUND_DOWN) for value in exact]
    left = int((abs(total) - sum(down, _ZERO)) / unit)
    order = sorted((n for n, one in enumerate(weights) if one), key=lambda n: (down[n] - exact[n], n))
    for n in order[:left]:
        down[n] += unit
    return [value.copy_sign(total) if value else _ZERO for value in down]


def _places_of(value):
    return max(0, -value.normalize().as_tuple().exponent)


def spread(target, days, kind=EVEN, *, weights=None, pasted=None, places=0):
    """{day: amount} of a target over `days` (dates in order), exact to the last digit.

    `kind`: even; weekday_weights with seven `weights`, Monday first; paste with the rows of `parse_pasted_column`,
    whose sum may differ from the target (`check_total` says so).
    """
    days = list(days)
    if not days:
        raise RuleBroken(_("There are no days to spread the target over."), code="no_days")
    if kind == PASTE:
        return _pasted(days, pasted or [])
    if kind == WEEKDAY_WEIGHTS:
        if not weights or len(weights) != 7:
            raise RuleBroken(_("Give seven weights, Monday first."), code="weights_wrong")
        by_day = [Decimal(weights[day.weekday()]) for day in days]
    else:
        by_day = [Decimal(1)] * len(days)
    return dict(zip(days, shares(target, by_day, places=places), strict=True))


def _pasted(days, rows):
    allowed = set(days)
    if any(day for day, _value in rows):
        if outside := [day for day, _value in rows if day not in allowed]:
            raise RuleBroken(
                _("%(day)s lies outside the period.") % {"day": outside[0].isoformat()}, code="day_outside_period"
            )
        return {**dict.fromkeys(days, _ZERO), **dict(rows)}
    if len(rows) != len(days):
        raise RuleBroken(
            _("The column has %(rows)d figures, the period has %(days)d days.")
            % {"rows": len(rows), "days": len(days)},
            code="column_length",
        )
    return {day: value for day, (_none, value) in zip(days, rows, strict=True)}


def check_total(target, amounts):
    """RuleBroken when amounts do not add up to the target, saying by how much they miss it."""
    total = sum(amounts, _ZERO)
    if total == target:
        return
    named = {"total": total, "target": target, "gap": abs(total - target)}
    facts = {name: f"{value.normalize():,f}" for name, value in named.items()}
    if total < target:
        sentence = _("The figures add up to %(total)s, %(gap)s short of the target of %(target)s.")
    else:
        sentence = _("The figures add up to %(total)s, %(gap)s above the target of %(target)s.")
    raise RuleBroken(sentence % facts, code="total_differs")


def parse_pasted_column(text, *, start=None):
    """[(date or None, Decimal)] of a pasted column of figures, or of two columns, date and figure.

    Takes tabs, commas or semicolons between the two, thousands marks, 万 and 亿, %, currencies, Chinese and English
    dates; a first row of words is a header. A date without year falls on or after `start` (the period's first day).
    RuleBroken names the wrong rows, counted from 1.
    """
    lines = [(number, line.strip(" \r")) for number, line in enumerate(text.strip("\r\n").split("\n"), 1)]
    if len(lines) > MOST_ROWS:
        raise RuleBroken(_("That are more than %(most)d rows.") % {"most": MOST_ROWS}, code="column_wrong")
    if lines and not re.search(r"\d", lines[0][1]):
        lines = lines[1:]
    rows, wrong = [], []
    for number, line in lines:
        try:
            rows.append(_row(unicodedata.normalize("NFKC", line), start))
        except ValueError as error:
            wrong.append(_("Row %(number)d: %(problem)s") % {"number": number, "problem": error})
    wrong += _contradictions(rows) if not wrong else []
    if wrong or not rows:
        raise RuleBroken(" ".join(wrong[:_MOST_SHOWN]) or _("There is no figure in it."), code="column_wrong")
    return rows


def _contradictions(rows):
    days = [day for day, _value in rows]
    if any(days) and not all(days):
        return [_("Some rows have a date and some have none.")]
    twice = [one for one, after in pairwise(sorted(filter(None, days))) if one == after]
    return [_("%(day)s is there twice.") % {"day": twice[0].isoformat()}] if twice else []


def _row(line, start):
    """(date or None, Decimal) of one row; ValueError with a sentence."""
    cells = [cell.strip().strip('"').strip() for cell in line.rstrip("\t").split("\t")]
    if len(cells) > 2:
        raise ValueError(_("there are %(count)d columns, one or two are expected.") % {"count": len(cells)})
    if len(cells) == 2:
        day = _whole_date(cells[0], start)
        return day, _number(cells[1])
    day, rest = _leading_date(cells[0].replace('"', ""), start)
    return day, _number(rest)


def _whole_date(cell, start):
    day, rest = _leading_date(cell, start)
    if day is None or rest:
        raise ValueError(_("“%(text)s” is not a date.") % {"text": cell[:40]})
    return day


def _leading_date(text, start):
    """A date at the beginning of a row and what follows behind its separator; (None, text) when there is none."""
    for form in _DATES:
        mark = form.match(text)
        if mark and (mark.end() == len(text) or text[mark.end()] in ",; "):
            return _date(mark, start), text[mark.end() :].strip(",; ")
    return None, text


def _date(mark, start):
    parts = mark.groupdict()
    month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else parts.get("month")
    day = parts.get("day")
    if "one" in parts:
        day, month = _day_and_month(int(parts["one"]), int(parts["two"]), mark[0])
    try:
        if parts.get("year"):
            found = date(int(parts["year"]), int(month), int(day))
        else:
            found = _next(int(month), int(day), start)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is not a date.") % {"text": mark[0]}) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(_("the year of “%(text)s” cannot be right.") % {"text": mark[0]})
    return found


def _day_and_month(one, two, text):
    if one > 12 or one == two:
        return one, two
    if two > 12:
        return two, one
    raise ValueError(_("“%(text)s” can be read in two ways; write year-month-day.") % {"text": text})


def _next(month, day, start):
    """The first such day on or after `start`."""
    if start is None:
        raise ValueError
    for year in range(start.year, start.year + 5):  # 29 February comes every four years
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= start:
            return found
    raise ValueError


def _number(text):
    """The figure a cell holds, whatever marks, factor and sign it is written with."""
    if not text:
        raise ValueError(_("there is no figure; write 0 if none is meant."))
    inner = text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text
    mark = _NUMBER.fullmatch(inner) if len(inner) <= _LONGEST else None
    if not mark:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    value = _plain(mark["digits"]) * _FACTORS[(mark["factor"] or "").lower()]
    if value.adjusted() >= _MOST_DIGITS:
        raise ValueError(_("“%(text)s” is too large.") % {"text": text[:40]})
    is_minus = inner is not text or mark["sign"] in ("-", "\u2212") or bool(mark["minus"])
    return _signed(round(value, _MOST_PLACES), is_minus)


def _plain(digits):
    """Digits with their marks as a number; in 1.234,50 and 1 234,50 the comma is the point."""
    digits = digits.replace(" ", "")
    if re.search(r"\.\d{3},|^[\d]+,\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    return Decimal(digits.replace(",", ""))


def _signed(value, is_minus):
    """The value without empty digits; there is no minus zero."""
    value = value.normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return -value if is_minus and value else value
