"""Reading figures as people type and paste them: 1,234.50 · ¥1,234 · 1.2万 · empty."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Invalid

UNITS = {"千": 3, "万": 4, "亿": 8}
_SYMBOL = re.compile(r"^([-+]?)(?:CN¥|US\$|HK\$|[¥$€£])")
_SPACES = re.compile(r"[\s'’]")
_COMMA_GROUPS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
_POINT_GROUPS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+,\d*")
_COMMA_DECIMAL = re.compile(r"[-+]?\d+,\d*")
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)", re.ASCII)
_LONGEST = 40


def parse_figure(text):
    """The Decimal somebody typed; None for an empty cell or a dash (clear). Raises Invalid rather than guess."""
    raw = _SPACES.sub("", unicodedata.normalize("NFKC", str(text or "")))
    raw = _SYMBOL.sub(r"\1", raw)
    if raw in {"", "-", "--", "–", "—"}:
        return None
    places = UNITS.get(raw[-1], 0)
    number = _grouped(raw[:-1] if places else raw)
    if len(raw) > _LONGEST or not _PLAIN.fullmatch(number):
        raise Invalid(_("“%(text)s” is not a number.") % {"text": str(text)[:40]}, code="not_a_number")
    return Decimal(number).scaleb(places)


def _grouped(raw):
    if _COMMA_GROUPS.fullmatch(raw):
        return raw.replace(",", "")
    if _POINT_GROUPS.fullmatch(raw):
        return raw.replace(".", "").replace(",", ".")
    if _COMMA_DECIMAL.fullmatch(raw):
        return raw.replace(",", ".")
    return raw
