"""Column names as the platforms write them: names.json holds them by language, this module finds one."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from core.money import is_currency

UNIQUE = frozenset({"users", "new_users", "total_users", "reach", "unique_visitors"})
AVERAGES = frozenset({"average_engagement_time", "average_position"})
NOT_ADDITIVE = UNIQUE | AVERAGES
MONEY = frozenset({"cost", "conversion_value", "revenue", "gmv", "refunds", "deposits"})

# How a currency is written in a header's bracket or in a cell. `$` and `¥` stand for several: they stay a question.
_MARKS = (
    "US$ USD|$US USD|$ $|¥ ¥|元 CNY|人民币 CNY|CN¥ CNY|RMB CNY|JP¥ JPY|円 JPY|€ EUR|£ GBP|₹ INR|Rs. INR|₩ KRW|₽ RUB|"
    "₫ VND|฿ THB|₺ TRY|₪ ILS|₱ PHP|zł PLN|HK$ HKD|NT$ TWD|A$ AUD|AU$ AUD|CA$ CAD|C$ CAD|S$ SGD|SG$ SGD|NZ$ NZD|R$ BRL|"
    "MX$ MXN|港元 HKD|美元 USD|欧元 EUR|英镑 GBP|日元 JPY|台币 TWD"
)
CURRENCY_MARKS = dict(pair.split() for pair in _MARKS.split("|"))
_BRACKET = re.compile(r"(?<!\s)\s*+[(\[]([^()\[\]]*)[)\]]\s*$")
_PREFIX = re.compile(r"^(?:# of |#of |metrics\.|segments\.)")


@dataclass(frozen=True)
class Known:
    """What a header means: kind metric | derived | dimension | ignored, in which languages, in millionths or not."""

    kind: str
    name: str | None
    languages: frozenset = frozenset()
    micros: bool = False


@dataclass(frozen=True)
class Heading:
    """A header cell taken apart: what it means (or None) and the currency it states."""

    known: Known | None
    currency: str | None = None


@lru_cache(maxsize=8192)
def normal(text):
    """A header as names.json compares it: NFKC, case folded, tabs and underscores as one space, plain apostrophes."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("_", " ").replace("\ufeff", "")
    return _PREFIX.sub("", " ".join(text.casefold().split()))


def currency_of(mark):
    """The ISO code of a mark such as `US$`, `EGP` or `元`; `$` and `¥` say too little and stay; None for no mark."""
    mark = unicodedata.normalize("NFKC", mark.strip())
    return mark if is_currency(mark) else CURRENCY_MARKS.get(mark)


def _described():
    return json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))


@cache
def vocabulary():
    """All known names: normalised header -> Known. The first meaning of a name wins, its languages add up."""
    described, found = _described(), {}
    for kind, section in (("metric", "metrics"), ("derived", "derived"), ("dimension", "dimensions")):
        for name, by_language in described[section].items():
            for language, headers in by_language.items():
                for header in headers:
                    _add(found, normal(header), Known(kind, name, frozenset({language})))
    for name, headers in described["micros"].items():
        for header in headers:
            _add(found, normal(header), Known("metric", name, frozenset({"en"}), micros=True))
    for header in described["ignored"]:
        _add(found, normal(header), Known("ignored", None))
    return found


def _add(found, header, known):
    earlier = found.get(header)
    if earlier is None:
        found[header] = known
    elif (earlier.kind, earlier.name) == (known.kind, known.name):
        found[header] = Known(known.kind, known.name, earlier.languages | known.languages, known.micros)


@cache
def _names():
    return {known.name for known in vocabulary().values() if known.name}


def meaning_of(name):
    """The Known for a metric or dimension name of an operator's mapping; None if there is no such name."""
    if name.startswith("derived:"):
        return Known("derived", name.removeprefix("derived:"))
    return next((Known(k.kind, k.name) for k in vocabulary().values() if k.name == name), None)


@lru_cache(maxsize=4096)
def heading(text):
    """Take a header cell apart. A bracket is tried as part of the name first, then as currency, `%` or unit."""
    known, currency, rest = vocabulary().get(normal(text)), None, unicodedata.normalize("NFKC", text)
    while known is None and (bracket := _BRACKET.search(rest)):
        mark = currency_of(bracket[1])
        if mark is None and bracket[1].strip() not in {"%", "次", "个", "人", "秒", "s"}:
            break
        currency, rest = currency or mark, rest[: bracket.start()]
        known = vocabulary().get(normal(rest))
    return Heading(known, currency)


def recognised(cells):
    """How many of a row's cells are known column names."""
    return sum(1 for cell in cells if cell and len(cell) < 120 and heading(cell).known)


def language_of(header):
    """The language most of a header's known names are written in: en | zh | fr | de, "" where nothing tells."""
    votes = {}
    for cell in header:
        known = heading(cell).known
        if known and len(known.languages) == 1:
            (language,) = known.languages
            votes[language] = votes.get(language, 0) + 1
    return max(votes, key=votes.get) if votes else ""


@cache
def chinese():
    """The known names written in Chinese characters."""
    return frozenset(header for header in vocabulary() if any("\u4e00" <= sign <= "\u9fff" for sign in header))
