"""The period a report states about itself: in the lines above its header, or in the name of its file."""

import re
import unicodedata
from dataclasses import dataclass

from analytics.importers import dates

_WORDS = r"[^\W\d_]{3,9}"
_TOKEN = re.compile(
    rf"[0-9]{{4}}年[0-9]{{1,2}}月[0-9]{{1,2}}日|[0-9]{{4}}[-/._][0-9]{{1,2}}[-/._][0-9]{{1,2}}(?![0-9])|(?<![0-9])[12][0-9]{{7}}(?![0-9])|"
    rf"[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-][0-9]{{4}}(?![0-9])|{_WORDS}\.?[ -][0-9]{{1,2}},?[ -][0-9]{{4}}(?![0-9])|"
    rf"(?<![0-9])[0-9]{{1,2}}\.?[ -]{_WORDS}\.?[ -][0-9]{{4}}(?![0-9])"
)
_MADE = re.compile(r"generat|created|download|exported|生成|下载|导出时间|généré|erstellt", re.IGNORECASE)
_START = re.compile(r"\b(?:start|from|début)\b|开始", re.IGNORECASE)
_END = re.compile(r"\b(?:end|to|until|fin)\b|结束", re.IGNORECASE)
_LABEL = re.compile(r"date|period|range|day|时间|日期|期间|période|zeitraum|datum", re.IGNORECASE)
_BRACKETED = re.compile(r"[(（\[][^)）\]]*[)）\]]")


@dataclass(frozen=True)
class Stated:
    """First and last day a text states; `sure` is false where the day may mean something else (the day of download)."""

    first: object
    last: object
    sure: bool = True


def _days(text, order):
    """All days named in a text, left to right."""
    tokens = (token.replace("_", "-") for token in _TOKEN.findall(text))
    return [one for one in (dates.day(token, order) for token in tokens) if one]


def slashed(lines):
    """The day tokens of the lines, for what they tell about the order of day and month."""
    return [token for line in lines for token in _TOKEN.findall(unicodedata.normalize("NFKC", line))]


def in_lines(lines, order=None):
    """The period stated above a header; None if none is. The time at which the file was made is not a period."""
    start = end = None
    for line in lines:
        line = unicodedata.normalize("NFKC", line)
        found = [] if _MADE.search(line) else _days(line, order)
        if len(found) == 2 and found[0] <= found[1]:
            return Stated(*found)
        if len(found) == 1:
            start, end = _taken(line, found[0], start, end, order)
    return Stated(start, end) if start and end and start <= end else None


def _taken(line, day, start, end, order):
    """(start, end) after a line that names a single day."""
    if _START.search(line):
        return day, end
    if _END.search(line):
        return start, day
    if _LABEL.search(line) or dates.day(line.strip(' "#,'), order):
        return start or day, end or day
    return start, end


def in_name(name, order=None):
    """The period in a file name: two days anywhere, or one in brackets; a lone day elsewhere is only a suggestion."""
    name = unicodedata.normalize("NFKC", name)
    found = _days(name, order)
    if len(found) == 2 and found[0] <= found[1]:
        return Stated(*found)
    if len(found) != 1:
        return None
    return Stated(found[0], found[0], sure=any(_days(part, order) for part in _BRACKETED.findall(name)))
