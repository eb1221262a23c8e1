"""Search text: segmented at write so that Chinese words are found, the same on both databases."""

import re
import unicodedata

import rjieba
from django.db.models import Q

CJK = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[\w]+", re.UNICODE)


def normalise(text: str) -> str:
    """Full-width to half-width, lower case, one space."""
    return " ".join(unicodedata.normalize("NFKC", text or "").lower().split())


def segmented(*texts: str) -> str:
    """Search text of some strings: the words and, for Chinese, the segments, between spaces."""
    plain = normalise(" ".join(t for t in texts if t))
    words = WORD.findall(plain)
    pieces = [piece for word in words if CJK.search(word) for piece in rjieba.cut_for_search(word)]
    return f" {' '.join(dict.fromkeys([*words, *pieces]))} " if words else ""


def matching(query: str, field: str = "search_text") -> Q:
    """Rows whose search text holds every word of the query (as the beginning of a word)."""
    condition = Q()
    for word in WORD.findall(normalise(query))[:8]:
        segments = rjieba.cut(word) if CJK.search(word) else [word]
        for segment in segments:
            prefix = "" if CJK.search(segment) else " "
            condition &= Q(**{f"{field}__contains": prefix + segment})
    return condition
