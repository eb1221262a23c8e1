"""Output standards: what may be demanded of each kind of asset, and what a measured file lacks, in words.

A finding is stored without its language: {"code", "severity", "got", "wants"}; `sentence` says it to the reader.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Invalid
from core.text import trimmed

BLOCK, WARN = "block", "warn"
RATIO = re.compile(r"([1-9]\d{0,3})\s*[:：/x×]\s*([1-9]\d{0,3})")
RATIO_TOLERANCE = 0.01
SECONDS_TOLERANCE = 0.1  # players round, encoders add a frame
IMAGE_TYPES = ("png", "jpeg", "webp", "gif")
VIDEO_TYPES = ("mp4", "mov", "webm")
DOCUMENT_TYPES = ("pdf", "docx", "pptx", "xlsx")
CODECS = ("h264", "h265", "vp9", "av1", "prores")
LARGEST = 10_000_000


@dataclass(frozen=True)
class Demand:
    """One thing that may be demanded: `sort` is whole, ratio, flag or one of `choices`."""

    code: str
    label: object
    sort: str = "whole"
    choices: tuple = ()


WIDTH, HEIGHT = Demand("width", gettext_lazy("Width (px)")), Demand("height", gettext_lazy("Height (px)"))
PICTURE_RATIO = Demand("ratio", gettext_lazy("Aspect ratio (such as 9:16)"), "ratio")
MAX_KB = Demand("max_kb", gettext_lazy("At most KB"))


def _flag(code, label):
    return Demand(code, label, "flag")


def _formats(choices):
    return Demand("formats", gettext_lazy("File types"), "some", choices)


DEMANDS = {
    "copy": (
        Demand("min_characters", gettext_lazy("At least characters")),
        Demand("max_characters", gettext_lazy("At most characters")),
        Demand("max_lines", gettext_lazy("At most lines")),
    ),
    "image": (WIDTH, HEIGHT, PICTURE_RATIO, MAX_KB, _formats(IMAGE_TYPES)),
    "video": (
        *(WIDTH, HEIGHT, PICTURE_RATIO, MAX_KB),
        Demand("min_seconds", gettext_lazy("At least seconds")),
        Demand("max_seconds", gettext_lazy("At most seconds")),
        Demand("codecs", gettext_lazy("Codecs"), "some", CODECS),
        _formats(VIDEO_TYPES),
    ),
    "h5": (
        Demand("max_load_kb", gettext_lazy("Load weight at most KB")),
        _flag("title", gettext_lazy("Has a title")),
        _flag("form", gettext_lazy("Has a form")),
        _flag("tracking", gettext_lazy("Has tracking")),
    ),
    "edm": (
        Demand("min_width", gettext_lazy("At least px wide")),
        Demand("max_width", gettext_lazy("At most px wide")),
        MAX_KB,
        _flag("sender", gettext_lazy("Names its sender")),
        _flag("opt_out", gettext_lazy("Has an opt-out link")),
    ),
    "document": (MAX_KB, Demand("max_pages", gettext_lazy("At most pages")), _formats(DOCUMENT_TYPES)),
}


# --- what is demanded ---------------------------------------------------------------------------------------------


def clean(kind, demands):
    """The demands of a kind as they are stored; empty ones are left out. Invalid names the first that is wrong."""
    known = {one.code: one for one in DEMANDS[kind]}
    for code in demands:
        if code not in known:
            _refuse(code, _("“%(code)s” cannot be demanded of this kind.") % {"code": str(code)[:40]})
    given = {code: value for code, value in demands.items() if value is not False and value not in (None, "", [])}
    found = {code: _cleaned(known[code], value) for code, value in given.items()}
    for low, high in (("min_characters", "max_characters"), ("min_seconds", "max_seconds"), ("min_width", "max_width")):
        if low in found and high in found and found[low] > found[high]:
            _refuse(high, _("The most is less than the least."))
    return found


def _refuse(code, sentence):
    raise Invalid(sentence, code="demand_invalid", errors={code: sentence})


def _cleaned(demand, value):
    if demand.sort == "flag":
        return value if value is True else _refuse(demand.code, _("Say true or false."))
    if demand.sort == "some":
        wanted = value if isinstance(value, list | tuple) else [value]
        if not all(one in demand.choices for one in wanted):
            _refuse(demand.code, _("Choose among: %(choices)s.") % {"choices": ", ".join(demand.choices)})
        return [one for one in demand.choices if one in wanted]
    return _ratio(demand, value) if demand.sort == "ratio" else _whole(demand, value)


def _whole(demand, value):
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or value != int(value) or not 0 < value <= LARGEST:
        _refuse(demand.code, _("Give a whole number above zero."))
    return int(value)


def _ratio(demand, value):
    found = RATIO.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        _refuse(demand.code, _("Write a ratio as 9:16."))
    return f"{found[1]}:{found[2]}"


def said(demands):
    """The demands in one line: 1080 × 1080 px · ≤ 500 KB · PNG, JPEG."""
    parts = [_size_said(demands), demands.get("ratio", "")]
    parts += [
        _span(demands, "min_width", "max_width", _("%(n)s px wide")) if "min_width" in demands else "",
        _most(demands, "max_width", _("%(n)s px wide")) if "min_width" not in demands else "",
        _most(demands, "max_kb", "%(n)s KB"),
        _most(demands, "max_load_kb", _("%(n)s KB load")),
        _span(demands, "min_seconds", "max_seconds", _("%(n)s s")),
        _span(demands, "min_characters", "max_characters", _("%(n)s characters")),
        _("one line") if demands.get("max_lines") == 1 else _most(demands, "max_lines", _("%(n)s lines")),
        _most(demands, "max_pages", _("%(n)s pages")),
        ", ".join(_names(demands.get("codecs", ()))),
        ", ".join(_names(demands.get("formats", ()))),
    ]
    parts += [str(text) for code, text in FLAGS.items() if demands.get(code)]
    return " · ".join(part for part in parts if part)


FLAGS = {
    "title": gettext_lazy("title"),
    "form": gettext_lazy("form"),
    "tracking": gettext_lazy("tracking"),
    "sender": gettext_lazy("sender"),
    "opt_out": gettext_lazy("opt-out"),
}
NAMES = {"h264": "H.264", "h265": "H.265", "prores": "ProRes"}


def named(code):
    """A file type or codec as people write it."""
    return NAMES.get(code, code.upper())


def _names(codes):
    return [named(code) for code in codes]


def _size_said(demands):
    if "width" in demands and "height" in demands:
        return f"{demands['width']} × {demands['height']} px"
    if "width" in demands:
        return _("%(n)s px wide") % {"n": demands["width"]}
    return _("%(n)s px high") % {"n": demands["height"]} if "height" in demands else ""


def _most(demands, code, words):
    return "≤ " + words % {"n": f"{demands[code]:,}"} if code in demands else ""


def _span(demands, low, high, words):
    """5–15 s, ≤ 15 s, ≥ 5 s."""
    least, most = demands.get(low), demands.get(high)
    if least and most:
        return words % {"n": f"{least:,}–{most:,}" if least != most else f"{most:,}"}
    if least:
        return "≥ " + words % {"n": f"{least:,}"}
    return _most(demands, high, words)


# --- what a file lacks --------------------------------------------------------------------------------------------


def findings(kind, demands, measures):
    """What a measured version lacks of its standard, blocks first."""
    if measures.get("problem"):
        return [_finding(measures["problem"], got=measures.get("type", ""))]
    found = [*_of_size(demands, measures), *_of_weight(demands, measures), *_of_length(demands, measures)]
    found += [*_of_type(demands, measures), *_of_flags(demands, measures), *_beside(kind, measures)]
    return sorted(found, key=lambda one: one["severity"] != BLOCK)


def _finding(code, *, got="", wants="", severity=BLOCK):
    return {"code": code, "severity": severity, "got": got, "wants": wants}


def _of_size(demands, measures):
    width, height = measures.get("width"), measures.get("height")
    wanted = demands.get("width", width), demands.get("height", height)
    if width and height and (width, height) != wanted:
        yield _finding("pixels", got=[width, height], wants=list(wanted))
    elif width and height and "ratio" in demands:
        across, down = (int(part) for part in demands["ratio"].split(":"))
        if abs(width / height - across / down) > RATIO_TOLERANCE * across / down:
            yield _finding("ratio", got=[width, height], wants=demands["ratio"])
    least, most = demands.get("min_width", 0), demands.get("max_width", LARGEST)
    if width and not least <= width <= most and ("min_width" in demands or "max_width" in demands):
        yield _finding("layout_width", got=width, wants=[least, most])


def _of_weight(demands, measures):
    for code, measure in (("max_kb", "kb"), ("max_load_kb", "load_kb"), ("max_pages", "pages"), ("max_lines", "lines")):
        if code in demands and measures.get(measure) is not None and measures[measure] > demands[code]:
            yield _finding(code, got=measures[measure], wants=demands[code])


def _of_length(demands, measures):
    seconds, characters = measures.get("seconds"), measures.get("characters")
    if seconds is not None:
        if seconds > demands.get("max_seconds", LARGEST) + SECONDS_TOLERANCE:
            yield _finding("max_seconds", got=seconds, wants=demands["max_seconds"])
        if seconds < demands.get("min_seconds", 0) - SECONDS_TOLERANCE:
            yield _finding("min_seconds", got=seconds, wants=demands["min_seconds"])
    if characters is not None:
        if characters > demands.get("max_characters", LARGEST):
            yield _finding("max_characters", got=characters, wants=demands["max_characters"])
        if characters < demands.get("min_characters", 0):
            yield _finding("min_characters", got=characters, wants=demands["min_characters"])


def _of_type(demands, measures):
    for code, measure in (("formats", "type"), ("codecs", "codec")):
        got = measures.get(measure)
        if code in demands and got and got not in demands[code]:
            yield _finding(code, got=got, wants=demands[code])


def _of_flags(demands, measures):
    for code in FLAGS:
        if demands.get(code) and not measures.get(code):
            yield _finding(f"no_{code}")


def _beside(kind, measures):
    """What no standard asks for, but a person should know."""
    if measures.get("mode") == "CMYK":
        yield _finding("cmyk", severity=WARN)
    if kind == "video" and measures.get("has_sound") is False:
        yield _finding("silent", severity=WARN)
    if measures.get("left_out"):
        yield _finding("left_out", got=measures["left_out"], severity=WARN)


def blocks(found):
    """Findings that stand against the next stage."""
    return [one for one in found if one["severity"] == BLOCK]


PROBLEMS = {
    "unreadable": gettext_lazy("The file cannot be read; it may be damaged."),
    "not_an_image": gettext_lazy("This is no PNG, JPEG, WebP or GIF: it is kept, but neither shown nor checked."),
    "not_a_video": gettext_lazy("This is no MP4, MOV or WebM video: it is kept, but neither shown nor checked."),
    "not_a_document": gettext_lazy("This type of file is kept, but neither shown nor checked."),
    "not_text": gettext_lazy("This is no text that can be read: it is kept, but not checked."),
    "too_many_pixels": gettext_lazy("The picture has more than 50 million pixels and is not opened."),
    "too_long_to_check": gettext_lazy("Checking took too long or too much memory and was stopped."),
    "no_answer": gettext_lazy("The page could not be loaded."),
    "no_title": gettext_lazy("It has no title."),
    "no_form": gettext_lazy("It has no form."),
    "no_tracking": gettext_lazy("No tracking code was found."),
    "no_sender": gettext_lazy("It does not name its sender."),
    "no_opt_out": gettext_lazy("It has no opt-out link."),
    "cmyk": gettext_lazy("Its colours are CMYK; screens need RGB."),
    "silent": gettext_lazy("It has no sound."),
    "left_out": gettext_lazy("Not everything the page loads could be weighed."),
}


def sentence(finding):
    """A finding in words: “1200×627, needs 1080×1080”."""
    code, got, wants = finding["code"], finding["got"], finding["wants"]
    if code in PROBLEMS:
        return str(PROBLEMS[code])
    return _SENTENCES[code](got, wants)


def _n(value):
    return trimmed(Decimal(str(value)), 1)


def _needs(got, wants):
    return _("%(got)s, needs %(wants)s") % {"got": got, "wants": wants}


def _pixels(size):
    return "×".join(str(side) for side in size)


def _wide(got, wants):
    words = {"got": got, "least": wants[0], "most": wants[1]}
    if not wants[0]:
        return _("%(got)s px wide, at most %(most)s px") % words
    return _("%(got)s px wide, needs %(least)s to %(most)s px") % words


def _at_most(unit):
    def said_of(got, wants):
        return _("%(got)s, at most %(wants)s") % {"got": unit(got), "wants": unit(wants)}

    return said_of


def _at_least(unit):
    def said_of(got, wants):
        return _("%(got)s, at least %(wants)s") % {"got": unit(got), "wants": unit(wants)}

    return said_of


def _kb(value):
    return f"{_n(value)} KB"


def _load(value):
    return _("%(n)s KB load") % {"n": _n(value)}


def _seconds(value):
    return _("%(n)s s") % {"n": _n(value)}


def _characters(value):
    return ngettext("%(n)d character", "%(n)d characters", value) % {"n": value}


def _lines(value):
    return ngettext("%(n)d line", "%(n)d lines", value) % {"n": value}


def _pages(value):
    return ngettext("%(n)d page", "%(n)d pages", value) % {"n": value}


_SENTENCES = {
    "pixels": lambda got, wants: _needs(_pixels(got), _pixels(wants)),
    "ratio": lambda got, wants: _needs(_pixels(got), wants),
    "layout_width": _wide,
    "max_kb": _at_most(_kb),
    "max_load_kb": _at_most(_load),
    "max_pages": _at_most(_pages),
    "max_lines": _at_most(_lines),
    "max_seconds": _at_most(_seconds),
    "min_seconds": _at_least(_seconds),
    "max_characters": _at_most(_characters),
    "min_characters": _at_least(_characters),
    "formats": lambda got, wants: _needs(named(got), ", ".join(_names(wants))),
    "codecs": lambda got, wants: _needs(named(got), ", ".join(_names(wants))),
}


def measured(measures):
    """What was measured, in one line: PNG · 1080 × 1080 px · 312 KB."""
    size = f"{measures['width']} × {measures['height']} px" if "width" in measures and "height" in measures else ""
    parts = [
        named(measures["type"]) if measures.get("type") in (*IMAGE_TYPES, *VIDEO_TYPES, *DOCUMENT_TYPES) else "",
        size or (_wide_only(measures) if "width" in measures else ""),
        _seconds(measures["seconds"]) if "seconds" in measures else "",
        named(measures["codec"]) if measures.get("codec") else "",
        _pages(measures["pages"]) if "pages" in measures else "",
        _characters(measures["characters"]) if "characters" in measures else "",
        _load(measures["load_kb"]) if "load_kb" in measures else "",
        _kb(measures["kb"]) if "kb" in measures and "load_kb" not in measures else "",
        ", ".join(measures["tracking"]) if measures.get("tracking") else "",
    ]
    return " · ".join(part for part in parts if part)


def _wide_only(measures):
    return _("%(n)s px wide") % {"n": measures["width"]}
