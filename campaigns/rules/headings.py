"""Recognising the lines of a plan that open a section, in markdown, English and Chinese habits of writing."""

import re
import unicodedata
from dataclasses import dataclass

STYLES = ("hashes", "chapter", "han", "digit", "roman", "bracketed", "bold", "titled", "bare")  # strongest first
NUMBERED = frozenset({"chapter", "han", "digit", "roman"})
_LONGEST = 40  # characters; longer lines are sentences unless marked with #
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_HAN = "零一二三四五六七八九十"
_COLONS = ":\uff1a"  # the Chinese colon is written as its code, it looks like the Latin one
_SENTENCE_ENDS = "。.;,!?\uff1b\uff0c\uff01\uff1f"
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"

_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
_HASHES = re.compile(r"^(#{1,6})(?!#)(.*)$")
_BOLD = re.compile(r"^\s*(?:[-*•]\s+)?(?:\*\*|__)([^*_]{1,40})(?:\*\*|__)\s*([:\uff1a]?)\s*(.*)$")
_BRACKETED = re.compile(r"^\s*[【〖]([^】〗]{1,40})[】〗]\s*[:\uff1a]?\s*(.*)$")
_TITLED = re.compile(r"^\s*+([^:\uff1a\t]{1,40}?)\s*[:\uff1a\t]\s*(.*)$")
_NUMBERINGS = {
    "chapter": re.compile(rf"^\s*第\s*({_HAN_NUMBER}|\d{{1,2}})\s*(?:部分|章|节)\s*[、.:\uff1a]?\s*"),
    "han": re.compile(rf"^\s*[(\uff08]?({_HAN_NUMBER})(?:[)\uff09][、.]?|[、.\uff0e:\uff1a]|\s)\s*"),
    "digit": re.compile(r"^\s*[(\uff08]?(\d{1,2}(?:\.\d{1,2})*)(?:[)\uff09]\.?|[、.\uff0e](?!\d)|\s)\s*"),
    "roman": re.compile(r"^\s*[(\uff08]?([IVX]{1,4})(?:[)\uff09]|[、.\uff0e])\s*"),
}


@dataclass(frozen=True)
class Heading:
    """A line that may open a section.

    `level`: count of # or of number parts (1.2 is 2). `rest`: what follows the title on the line. `number`: ordinal.
    """

    style: str
    level: int
    title: str
    rest: str = ""
    number: int | None = None

    @property
    def rank(self):
        """Sorts headings from the strongest to the weakest."""
        return STYLES.index(self.style), self.level


def outline(lines):
    """For each line its Heading or None; lines inside code fences are never headings."""
    found, fence = [], ""
    for line in lines:
        mark = _FENCE.match(line)
        found.append(None if fence or mark else read(line))
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
    return found


def read(line):
    """The Heading a single line may be, or None."""
    line = line.strip()  # also keeps the patterns linear: none may wander through a run of blanks
    if not line or line.startswith("|"):
        return None
    if mark := _HASHES.match(line):
        title = mark[2].strip().rstrip("#").rstrip()
        return Heading("hashes", len(mark[1]), title) if title else None
    return _numbered(line) or _marked(line) or _plain_line(line)


def plain(title):
    """A title without numbering, marks and case, for comparing."""
    text = unicodedata.normalize("NFKC", title).strip().strip("*_#【】〖〗 ")
    for numbering in _NUMBERINGS.values():
        if (rest := numbering.sub("", text)) and rest != text:
            text = rest
            break
    return " ".join(text.strip(" :*_【】").casefold().split())


def _numbered(line):
    for style, numbering in _NUMBERINGS.items():
        if (mark := numbering.match(line)) and (text := line[mark.end() :].strip()):
            title, rest = _cut(text)
            fits = len(title) <= _LONGEST and title[-1] not in _SENTENCE_ENDS
            return Heading(style, mark[1].count(".") + 1, title, rest, _ordinal(mark[1])) if fits else None
    return None


def _marked(line):
    if mark := _BRACKETED.match(line):
        return Heading("bracketed", 1, mark[1].strip(), mark[2].strip())
    mark = _BOLD.match(line)
    if mark and (not mark[3] or mark[2] or mark[1].rstrip()[-1] in _COLONS):
        return Heading("bold", 1, mark[1].strip().rstrip(_COLONS), mark[3].strip())
    return None


def _plain_line(line):
    if mark := _TITLED.match(line):
        return Heading("titled", 1, mark[1].strip(), mark[2].strip())
    text = line.strip()
    return Heading("bare", 1, text) if len(text) <= _LONGEST else None


def _cut(text):
    """A numbered line cut at its colon: title and rest, without the stars of bold type."""
    mark = _TITLED.match(text)
    return (mark[1].strip("*_ "), mark[2].lstrip("*_ ")) if mark else (text.strip("*_ "), "")


def _ordinal(mark):
    if mark in _ROMAN:
        return _ROMAN.index(mark) + 1
    if mark[-1].isdigit():
        return int(mark.rpartition(".")[2])
    tens, ten, ones = mark.rpartition("十")
    count = _HAN.find(tens[-1:] or "一") * 10 if ten else 0
    return count + (_HAN.find(ones[-1:]) if ones else 0)
