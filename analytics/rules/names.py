"""Names of objects made comparable: case, width, separators and ways of writing a date no longer differ."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_DATE = re.compile(
    r"(?<!\d)(20\d{2})(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|"  # 20261111
    r"(?:年|[-/._ ])(1[0-2]|0?[1-9])(?:月|[-/._ ])(3[01]|[12]\d|0?[1-9])日?)(?!\d)"  # 2026-11-11, 2026年11月11日
)
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_CHINESE = re.compile(rf"[{_CJK}]")


@lru_cache(maxsize=50_000)
def tokens(name):
    """The words of a name in small half-width letters; a date is one word `20261111`; Chinese runs stay whole."""
    text = unicodedata.normalize("NFKC", name or "").casefold()
    return tuple(_TOKEN.findall(_DATE.sub(_compact, text)))


def _compact(found):
    year, month, day = (part for part in found.groups() if part)
    return f" {year}{int(month):02d}{int(day):02d} "


@lru_cache(maxsize=50_000)
def pieces(name):
    """The words of a name with each Chinese character on its own, to look for a value inside a Chinese run."""
    return tuple(piece for word in tokens(name) for piece in (word if is_chinese(word) else (word,)))


def is_chinese(word):
    """Whether a word of `tokens` is a run of Chinese characters."""
    return bool(_CHINESE.match(word))


def normalised(name):
    """A name as its words, joined by single spaces; equal names differ in nothing that means something."""
    return " ".join(tokens(name))


def without_dates(words):
    """The words that are no date."""
    return [word for word in words if not is_date(word)]


def is_date(word):
    """Whether a word is a whole date as `tokens` writes it."""
    return bool(re.fullmatch(r"20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", word))


@lru_cache(maxsize=50_000)
def grams(words):
    """What two names (tuples of words) are compared by at first: Latin words and pairs of Chinese characters."""
    found = set()
    for word in words:
        pairs = [word[at : at + 2] for at in range(len(word) - 1)] if is_chinese(word) else []
        found.update(pairs or [word])
    return frozenset(found)


def likeness(one, other):
    """How alike two lists of words are, 0 to 100: whatever their order, dates apart."""
    first, second = sorted(without_dates(one)), sorted(without_dates(other))
    if not first or not second:
        return 0
    return round(100 * SequenceMatcher(None, " ".join(first), " ".join(second), autojunk=False).ratio())


def contains(words, phrase):
    """Whether the words of `phrase` (both tuples) stand in `words` next to each other, whole words only."""
    size = len(phrase)
    return size > 0 and any(words[at : at + size] == phrase for at in range(len(words) - size + 1))
