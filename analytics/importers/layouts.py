"""Known export layouts: layouts.json says by which headers one is recognised; no other code asks for a platform."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from analytics.importers.names import heading, normal


@dataclass(frozen=True)
class Layout:
    """One export layout: its code, its platform, the currency to suggest, and headers that mean something else here."""

    code: str
    platform: str
    currency: str | None = None
    any: tuple = ()
    exact: tuple = ()
    preamble: tuple = ()
    names: dict = field(default_factory=dict, hash=False)


@cache
def layouts():
    """All known layouts, in the order in which they are tried."""
    described = json.loads(Path(__file__).with_name("layouts.json").read_text(encoding="utf-8"))
    return tuple(Layout(**one) for one in described)


def plain(header):
    """The header's normalised cells, without the bracket that states a currency or unit."""
    return [_plain(cell) for cell in header]


def _plain(cell):
    name = normal(cell)
    found = heading(cell)
    if found.currency is None and not name.endswith(("(%)", "(元)")):
        return name
    cut = name
    while "(" in cut or "[" in cut:
        cut = cut[: max(cut.rfind("("), cut.rfind("["))].strip()
        if heading(cut).known:
            return cut
    return name


def recognise(header, preamble=()):
    """The layout whose signature the header carries, the most telling signature first; None if it is unknown."""
    cells = [cell for cell in plain(header) if cell]
    have, words = set(cells), " ".join(preamble).casefold()
    best, weight = None, 0
    for layout in layouts():
        score = max((len(signature) for signature in layout.any if have.issuperset(signature)), default=0)
        if any(cells == signature for signature in layout.exact):
            score = max(score, len(cells) + 1)
        if any(sign in words for sign in layout.preamble):
            score += 10
        if score > weight:
            best, weight = layout, score
    return best


def fingerprint(headers):
    """A stable mark of a file's headers, by which a mapping given once is found again."""
    text = "\x1e".join("\x1f".join(normal(cell) for cell in header) for header in headers)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
