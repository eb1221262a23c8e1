"""The letters of a cell: read from what people type and paste, and written in one order."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _

from core.errors import Invalid

ORDER = "RACI"
SUPPORT = "S"  # of RASCI: helps those who are responsible
WORDS = {
    "负责": "R",
    "执行": "R",
    "审批": "A",
    "拍板": "A",
    "批准": "A",
    "咨询": "C",
    "知会": "I",
    "告知": "I",
    "支持": "S",
}
WORDS |= {"responsible": "R", "accountable": "A", "consulted": "C", "informed": "I", "supportive": "S", "support": "S"}
EMPTY = {"", "-", "–", "—", "/"}
MARKS = re.compile(r"[\s/,;、，；+&|.()（）*]+")


def parse(text, support=""):
    """(letters in the order RACI, what cannot be read); an S counts as `support`, which is C or R."""
    plain = unicodedata.normalize("NFKC", str(text or "")).strip()
    if plain in EMPTY:
        return "", ""
    found, odd = set(), []
    for piece in filter(None, MARKS.split(plain)):
        letters = WORDS.get(piece.lower()) or piece.upper()
        letters = letters.replace(SUPPORT, support) if support else letters
        if set(letters) <= set(ORDER):
            found |= set(letters)
        else:
            odd.append(piece)
    return in_order("".join(sorted(found))), " ".join(odd)


@lru_cache(maxsize=256)  # a matrix has thousands of cells and a dozen different ones
def in_order(letters):
    return "".join(letter for letter in ORDER if letter in letters)


def shown(letters):
    """As a sheet shows them: "R/A"."""
    return "/".join(letters)


def has_support(text):
    """Whether a cell uses the S of RASCI."""
    return bool(parse(text)[1]) and not parse(text, "C")[1]


def check(text):
    """The letters of a cell, or Invalid."""
    letters, odd = parse(text)
    if odd:
        raise Invalid(_("“%(text)s” is none of the letters R, A, C, I.") % {"text": odd}, code="letters")
    return letters
