"""Numbers as the platforms write them. One strict grammar: what it does not know is an error, never a guess."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from analytics.importers.names import CURRENCY_MARKS, currency_of

POINT, COMMA = "point", "comma"
DASHES = frozenset({"", "--", "-", "—", "–"})
ABSENT = DASHES | frozenset({"n/a", "na", "null", "none", "not available", "不可用", "暂无数据"})
EXACT = Context(prec=60)  # sums of two million figures stay exact

_SPACES = " \u00a0\u202f\u2009"
_GROUPS = {
    POINT: r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}",  # the second form is Indian: 1,23,456
    COMMA: r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+",
}
_NUMBER = {
    form: re.compile(
        rf"[+-]?(?:{groups}|[0-9]{{1,3}}(?:[{_SPACES}'][0-9]{{3}})+|[0-9]+)?(?:{mark})?(?:[eE][+-]?[0-9]{{1,2}})?"
    )
    for form, groups, mark in ((POINT, _GROUPS[POINT], r"\.[0-9]*"), (COMMA, _GROUPS[COMMA], ",[0-9]+"))
}
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?")  # most cells: read without taking them apart
_MARKS = "|".join(sorted((re.escape(mark) for mark in CURRENCY_MARKS), key=len, reverse=True))
_LONGEST = 200  # characters; whatever is longer is no figure
_DRESSED = re.compile(
    rf"(?P<minus>[-+−]?)\s*(?P<before>{_MARKS}|[A-Z]{{3}})?\s*(?P<core>[-+−]?[0-9.,][0-9.,eE+\-'{_SPACES}]*?)"
    rf"\s*(?P<percent>%?)\s*(?P<after>{_MARKS}|[A-Z]{{3}})?"
)


class Figure(NamedTuple):
    """A number read from a cell: its exact value, the currency or bare sign it states, whether it is a percent."""

    value: Decimal
    currency: str | None = None
    percent: bool = False


class NotANumber(ValueError):
    """The cell holds something that is no number in the file's way of writing."""


def is_absent(cell):
    """Whether a cell says "not available": empty, ` --`, n/a. A zero is not absent."""
    return cell.strip().casefold() in ABSENT


def _mark(dressed, cell):
    """The one currency mark beside a number, if any; NotANumber if it is unknown or there are two."""
    mark = dressed["before"] or dressed["after"]
    if mark and (currency_of(mark) is None or (dressed["before"] and dressed["after"])):
        raise NotANumber(cell)
    return mark


@lru_cache(maxsize=65536)
def figure(cell, form=POINT):
    """Read one cell as a Figure; NotANumber if it is none. `form` says which sign the decimals follow."""
    if form == POINT and _PLAIN.fullmatch(cell):
        return Figure(Decimal(cell))
    dressed = _DRESSED.fullmatch(cell.strip()) if len(cell) <= _LONGEST else None
    if not dressed or (dressed["minus"] and dressed["core"][0] in "+-−"):
        raise NotANumber(cell)
    core = dressed["core"].strip().replace("−", "-")
    if not _NUMBER[form].fullmatch(core) or not any("0" <= sign <= "9" for sign in core):
        raise NotANumber(cell)
    mark = _mark(dressed, cell)
    value = _exact(core, form)
    value = -value if dressed["minus"] in {"-", "−"} else value
    return Figure(_settled(value, cell), currency_of(mark) if mark else None, bool(dressed["percent"]))


def _exact(core, form):
    """The Decimal of a core that the grammar has accepted."""
    grouping = "," if form == POINT else "."
    for sign in (grouping, "'", *_SPACES):
        core = core.replace(sign, "")
    return Decimal(core.replace(",", "."))


def _settled(value, cell):
    """Without the noise of binary fractions (-2e-18 is 0, 99.99999999999996 is 100); NotANumber if beyond use."""
    if value.as_tuple().exponent < -12:
        value = value.quantize(Decimal("1e-10"), rounding=ROUND_HALF_EVEN, context=EXACT) if value else Decimal(0)
        value = value.normalize(EXACT)
    if value.adjusted() > 15:
        raise NotANumber(cell)
    if not value:
        return value.copy_abs() if value.as_tuple().exponent >= -12 else Decimal(0)
    return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))


@lru_cache(maxsize=65536)
def form_of(cell):
    """What a cell tells about the decimal sign: point | comma, "either" (1,234), or None where it tells nothing."""
    point, comma = (_value(cell, form) for form in (POINT, COMMA))
    if point == comma:
        return None
    if point is not None and comma is not None:
        return "either"
    return COMMA if point is None else POINT


def _value(cell, form):
    try:
        return figure(cell, form).value
    except NotANumber:
        return None
