"""Which asset a dropped file is for: by code, title and size in its name, by its pixels, by what is still missing."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import rjieba

SURE, LIKELY = 100, 40  # points: the code stands in the name; enough of its words or its size do
MOST_OFFERED = 5
_SIZE = re.compile(r"(?<!\d)(\d{2,5})\s*[x×*X_]\s*(\d{2,5})(?!\d)")
_VERSION = re.compile(r"(?:^|[\s_.\-(])v(?:er)?\.?\s*\d+(?=$|[\s_.\-)])|final|终稿|定稿|修改|copy|副本", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
KINDS = {
    "image": {"png", "jpg", "jpeg", "webp", "gif", "svg", "psd", "tif", "tiff", "bmp"},
    "video": {"mp4", "mov", "webm", "avi", "mkv", "m4v"},
    "copy": {"txt", "md"},
    "edm": {"html", "htm", "eml"},
    "h5": {"html", "htm", "zip"},
    "document": {"pdf", "docx", "pptx", "xlsx", "doc", "ppt", "xls", "key", "zip"},
}


@dataclass(frozen=True)
class Dropped:
    """A file as it came: its name, and width and height where its first bytes say them."""

    name: str
    size: tuple | None = None


@dataclass(frozen=True)
class Target:
    """An asset a file may be for: its demanded size where its standard says one, whether it has a version."""

    key: object
    code: str
    title: str
    kind: str
    size: tuple | None = None
    is_waiting: bool = True


@dataclass(frozen=True)
class Match:
    """The targets a file may be for, the best first, each with its points and why; `chosen` when one is clear."""

    offers: list = field(default_factory=list)  # (points, target, reasons)
    chosen: object = None


def match(files, targets):
    """A Match for each file. No target is chosen for two files: the better one gets it."""
    known = [(target, _plain(target.code), _words(target.title)) for target in targets]
    found = [_offers(file, known) for file in files]
    order = sorted(range(len(files)), key=lambda n: -(found[n][0][0] if found[n] else 0))
    taken, chosen = set(), {}
    for number in order:
        target = _clear(found[number], taken)
        if target is not None:
            taken.add(target.key)
            chosen[number] = target.key
    return [Match(offers[:MOST_OFFERED], chosen.get(number)) for number, offers in enumerate(found)]


def _clear(offers, taken):
    """The target that stands out among those not taken; None when two are equally good or none is good enough."""
    free = [offer for offer in offers if offer[1].key not in taken]
    if not free or free[0][0] < LIKELY or (len(free) > 1 and free[1][0] == free[0][0]):
        return None
    return free[0][1]


def _offers(file, known):
    path = PurePosixPath(file.name.replace("\\", "/"))
    ending, stem = path.suffix.lower().lstrip("."), _VERSION.sub(" ", path.stem)
    named = _named_size(stem)
    size, name, words = file.size or named, _plain(stem), _words(stem)
    offers = []
    for target, code, title in known:
        if ending and ending not in KINDS[target.kind]:
            continue
        points, reasons = _points(target, code, title, name, words, size)
        if points:
            offers.append((points + (1 if target.is_waiting else 0), target, reasons))
    return sorted(offers, key=lambda offer: (-offer[0], offer[1].code))


def _points(target, code, title, name, words, size):
    """(points, reasons) of one target: `code`, `title` (words and share of them), `size`."""
    points, reasons = 0, []
    if code and _holds(name, code):
        points, reasons = SURE + len(code), ["code"]
    shared = len(title & words)
    if shared:
        points += round(60 * shared / len(title))
        reasons.append("title")
    if size and target.size == size:
        points += LIKELY
        reasons.append("size")
    elif size and target.size and not reasons:
        return 0, []
    elif size and target.size:
        points -= 20
    return max(points, 0), reasons


def _holds(name, code):
    """The code as a whole, not as the beginning of another one (IMG-1 is not in IMG-10)."""
    return re.search(rf"(?<![a-z0-9]){re.escape(code)}(?![a-z0-9])", name) is not None


def _plain(text):
    """Lower case, half width, any run of other signs one hyphen."""
    return re.sub(r"[^a-z0-9\u3400-\u9fff]+", "-", unicodedata.normalize("NFKC", text).lower()).strip("-")


def _words(text):
    """Words of a name or title: Latin ones as they are, Chinese ones as segments; sizes are no words."""
    plain = _SIZE.sub(" ", unicodedata.normalize("NFKC", text).lower())
    found = set()
    for word in _WORD.findall(plain):
        found |= {word} if word.isascii() else set(rjieba.cut(word))
    return {word for word in found if len(word) > 1 or not word.isascii()}


def _named_size(stem):
    found = _SIZE.search(unicodedata.normalize("NFKC", stem))
    return (int(found[1]), int(found[2])) if found else None
