"""What a remark may point at, and where it is in words. Pure: on plain values."""

from decimal import Decimal

from django.utils.translation import gettext as _

from assets.choices import Shape
from core.errors import Invalid

LONGEST_REMARK = 4000
MOST_PAGES, MOST_SECONDS = 10_000, 86_400
ROUNDED = 0.1  # measures of a video are rounded to a tenth of a second
PLACE = ("page", "seconds", "x", "y", "width", "height", "start", "end")
NEEDS = {
    Shape.POINT: ("x", "y"),
    Shape.BOX: ("x", "y", "width", "height"),
    Shape.RANGE: ("start", "end"),
    Shape.WHOLE: (),
}


def _refused(field, sentence):
    return Invalid(sentence, code="place", errors={field: sentence})


def place_of(shape, given, *, text="", pages=None, length=None):
    """The columns of a remark's place, the others None. Raises Invalid at the field that does not fit.

    Shares of width and height lie between 0 and 1 and a box ends inside; characters count in `text`, end excluded;
    a page is one of `pages`, seconds lie within `length` (both None: not known yet).
    """
    place = dict.fromkeys(PLACE) | {"page": given.get("page"), "seconds": given.get("seconds")}
    for name in NEEDS[shape]:
        if given.get(name) is None:
            raise _refused(name, _("Say where the remark belongs."))
        place[name] = given[name]
    if text and shape in (Shape.POINT, Shape.BOX):
        raise _refused("shape", _("Select the words that the remark is about."))
    _check_shares(place)
    _check_range(place, len(text))
    _check_time(place, pages or MOST_PAGES, MOST_SECONDS if length is None else length + ROUNDED)
    return place


def _check_shares(place):
    for name, extent in (("x", "width"), ("y", "height")):
        start, size = place[name], place[extent]
        if start is None:
            continue
        if size is not None and not 0 < size <= 1:
            raise _refused(extent, _("A box has a width and a height."))
        if not (0 <= start <= 1 and start + (size or Decimal(0)) <= 1):
            raise _refused(name, _("The remark lies outside of the picture."))


def _check_range(place, length):
    if place["start"] is not None and not 0 <= place["start"] < place["end"] <= length:
        raise _refused("start", _("This range is not in the text."))


def _check_time(place, pages, length):
    if place["page"] is not None and not 1 <= place["page"] <= pages:
        raise _refused("page", _("There is no such page."))
    if place["seconds"] is not None and not 0 <= place["seconds"] <= length:
        raise _refused("seconds", _("The video is not that long."))


def check_remark(text):
    """A remark says something, and not a book. Returns it without space around."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid(_("Write the remark."), code="text", errors={"text": _("Write the remark.")})
    if len(text) > LONGEST_REMARK:
        sentence = _("Write at most %(most)d characters.") % {"most": LONGEST_REMARK}
        raise Invalid(sentence, code="text", errors={"text": sentence})
    return text


def clock(seconds):
    """A second of a video as people say it: 1:02.4."""
    minutes, rest = divmod(round(float(seconds), 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"


def said(place):
    """Where a remark is, in words: "page 2 · 0:03.5 · 27 % from the left, 55 % from the top"."""
    found = [_("page %(page)d") % {"page": place["page"]}] if place["page"] else []
    found += [clock(place["seconds"])] if place["seconds"] is not None else []
    if place["x"] is not None:
        spot = {"x": round(place["x"] * 100), "y": round(place["y"] * 100)}
        found.append(_("%(x)d%% from the left, %(y)d%% from the top") % spot)
    return " · ".join(found)
