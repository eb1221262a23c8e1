"""The one JSON parser: refuses depth over 32, NUL, lone surrogates, NaN and Infinity."""

import json
from decimal import Decimal

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32


class Unacceptable(ValueError):
    """The JSON breaks a limit of ours."""


def strict_loads(raw):
    """Read JSON bytes or text; raise ValueError where a database or a later reader would choke."""
    text = raw.decode("utf-8") if isinstance(raw, bytes | bytearray | memoryview) else raw
    _check_depth(text)
    value = json.loads(text, parse_constant=_refuse_constant, parse_float=Decimal)
    _check_strings(value)
    return value


def _refuse_constant(name):
    raise Unacceptable(_("%(name)s is not a number.") % {"name": name})


def _check_depth(text):
    depth = deepest = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            escaped, in_string = (char == "\\" and not escaped), (char != '"' or escaped)
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    if deepest > MAX_DEPTH:
        raise Unacceptable(_("The JSON is nested too deeply."))


def _check_strings(value):
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise Unacceptable(_("The text holds a character that cannot be stored."))
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_strings(key)
            _check_strings(item)
    elif isinstance(value, list):
        for item in value:
            _check_strings(item)


class StrictJSONParser(JSONParser):
    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return strict_loads(stream.read())
        except (ValueError, RecursionError, UnicodeDecodeError) as error:
            raise ParseError(_("The body is not JSON we can read: %(why)s") % {"why": str(error)[:200]}) from error
