"""Typed links, as in the column "predecessors" of a spreadsheet: "3", "3FS+2d; 5SS", "12FF-1"."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Invalid

KINDS = ("FS", "SS", "FF", "SF")
MOST_LINKS = 200  # of one task
LONGEST_LAG = 9999  # working days
_SEPARATORS = re.compile(r"[;,、\n\r\t|]+")
_LONGEST = 500  # characters of one link
_LINK = re.compile(
    r"(?P<id>.+?)\s*(?:(?P<kind>FS|SS|FF|SF)\s*)?(?:(?P<sign>[+-])\s*(?P<lag>\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s]*))?",
    re.IGNORECASE,
)
_DAYS = {"", "d", "day", "days", "天", "日", "工作日", "个工作日", "t"}
_WEEKS = {"w", "wk", "week", "weeks", "周"}
_CHINESE_KINDS = {"完成-开始": "FS", "开始-开始": "SS", "完成-完成": "FF", "开始-完成": "SF"}
_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-"})


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A predecessor as typed: `predecessor` is the key, `lag` working days (a lead is negative)."""

    predecessor: Any
    kind: str = "FS"
    lag: int = 0


def parse_predecessors(text, ids):
    """The TypedLinks of a cell. `ids` {what people type (text): key}, or a set of keys that are typed as they are.

    Separators are ; , | and their Chinese forms, 、, line breaks, and spaces between links. Lags are +2d, +2 天, -1w (a
    week is five days). An empty cell is no link. Raises Invalid `bad_predecessor`, which quotes what
    could not be read.
    """
    known = ids if hasattr(ids, "get") else {str(each): each for each in ids}
    parts = [part.strip() for part in _SEPARATORS.split(_plain(str(text or "")))]
    parts = [part for part in parts if part]
    if len(parts) > MOST_LINKS:
        raise _bad(_("At most %(count)s predecessors a task.") % {"count": MOST_LINKS})
    found = [link for part in parts for link in _parse_all(part, known)]
    _check_once([link.predecessor for link in found], known)
    return found


def _check_once(keys, known):
    """No predecessor is named twice."""
    twice = next((key for key, count in Counter(keys).items() if count > 1), None)
    if twice is not None:
        typed = next((text for text, each in known.items() if each == twice), twice)
        raise _bad(_("The predecessor %(id)s is named twice.") % {"id": typed})


def format_predecessors(links, ids=None):
    """The text of links that `parse_predecessors` reads back. `ids` {key: what people type}; `links` have predecessor,
    kind and lag."""
    return "; ".join(_format(link, (ids or {}).get(link.predecessor, link.predecessor)) for link in links)


def _format(link, name):
    lag = f"{link.lag:+d}d" if link.lag else ""
    kind = link.kind if link.kind != "FS" or lag or str(name)[-2:].upper() in KINDS else ""
    return f"{name}{kind}{lag}"


def _plain(text):
    """Full-width signs and digits as ASCII; names of link kinds in Chinese as codes."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    for name, kind in _CHINESE_KINDS.items():
        text = text.replace(f"({name})", kind).replace(name, kind)
    return text


def _parse_all(part, known):
    """One link, or several that only spaces divide."""
    words = part.split()
    try:
        return [_parse(part, known)]
    except Invalid:
        if len(words) < 2:
            raise
        try:
            return [_parse(word, known) for word in words]
        except Invalid:
            pass
        raise


def _parse(part, known):
    if part in known:  # an id may look like anything
        return TypedLink(known[part])
    match = _LINK.fullmatch(part) if len(part) <= _LONGEST else None
    key = known.get(match["id"].strip()) if match else None
    if match and key is None and match["kind"] is None and match["lag"] is None:
        raise _bad(_("There is no task %(id)s to wait for.") % {"id": part})
    if not match:
        raise _bad(_("“%(text)s” is no link. Type for example 3, 3FS+2d or 5SS.") % {"text": part})
    if key is None:
        raise _bad(_("There is no task %(id)s to wait for.") % {"id": match["id"].strip()})
    return TypedLink(key, (match["kind"] or "FS").upper(), _lag(match, part))


def _lag(match, part):
    if match["lag"] is None:
        return 0
    unit, amount = match["unit"].lower(), float(match["lag"])
    if unit in _WEEKS:
        amount *= 5
    elif unit not in _DAYS:
        raise _bad(_("“%(text)s”: a lag counts working days, like +2d.") % {"text": part})
    if amount != int(amount) or amount > LONGEST_LAG:
        raise _bad(_("“%(text)s”: a lag counts whole working days, at most 9999.") % {"text": part})
    return int(amount) if match["sign"] == "+" else -int(amount)


def _bad(sentence):
    return Invalid(sentence, code="bad_predecessor")
