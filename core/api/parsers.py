"""The one JSON parser: refuses depth over 32, NUL, lone surrogates, NaN and Infinity."""

import json
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32
MAX_EXPONENT = 400
UNFIT = gettext_lazy("The text holds a character that cannot be stored.")


class Unacceptable(ValueError):
    """The JSON breaks a limit of ours."""


def strict_loads(raw):
    """Read JSON bytes or text; raise ValueError where a database or a later reader would choke."""
    text = raw.decode("utf-8") if isinstance(raw, bytes | bytearray | memoryview) else raw
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_number)
    except RecursionError as error:
        raise Unacceptable(_("The JSON is nested too deeply.")) from error
    _check(value, MAX_DEPTH)
    return value


def _refuse_constant(name):
    raise Unacceptable(_("%(name)s is not a number.") % {"name": name})


def _number(digits):
    """A number with a point or exponent, exact; an absurd exponent would cost later readers gigabytes."""
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = None
    if value is None or abs(value.adjusted()) > MAX_EXPONENT:
        raise Unacceptable(_("A number is out of range."))
    return value


def _check(value, depth):
    """Refuse more than `depth` levels, NUL and lone surrogates anywhere in the value."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict | list):
        if not depth:
            raise Unacceptable(_("The JSON is nested too deeply."))
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _check(item, depth - 1)


def _check_text(text):
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unacceptable(UNFIT) from error
    if "\x00" in text:
        raise Unacceptable(UNFIT)


class StrictJSONParser(JSONParser):
    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return strict_loads(stream.read())
        except ValueError as error:
            raise ParseError(_("The body is not JSON we can read: %(why)s") % {"why": str(error)[:200]}) from error
