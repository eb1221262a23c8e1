"""What a remark may point at. Pure: on plain values."""

from decimal import Decimal

from django.utils.translation import gettext as _

from assets.choices import Shape
from core.errors import Invalid, RuleBroken

LONGEST_REMARK = 4000
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
    _check_shares(place)
    if shape == Shape.RANGE and not 0 <= place["start"] < place["end"] <= len(text):
        raise _refused("start", _("This range is not in the text."))
    if place["page"] is not None and not 1 <= place["page"] <= (pages or place["page"]):
        raise _refused("page", _("There is no such page."))
    if place["seconds"] is not None and not 0 <= place["seconds"] <= (length or place["seconds"]):
        raise _refused("seconds", _("The video is not that long."))
    return place


def _check_shares(place):
    for name, extent in (("x", "width"), ("y", "height")):
        start, size = place[name], place[extent] or Decimal(0)
        if start is not None and not (0 <= start <= 1 and 0 <= size <= 1 and start + size <= 1):
            raise _refused(name, _("The remark lies outside of the picture."))


def check_remark(text):
    """A remark says something, and not a book."""
    text = text.strip()
    if not text:
        raise Invalid(_("Write the remark."), code="text", errors={"text": _("Write the remark.")})
    if len(text) > LONGEST_REMARK:
        sentence = _("Write at most %(most)d characters.") % {"most": LONGEST_REMARK}
        raise Invalid(sentence, code="text", errors={"text": sentence})
    return text


def check_settled(count):
    """Nothing is approved while remarks that must be settled are open."""
    if count:
        raise RuleBroken(
            _("%(count)d remarks must be settled first. Resolve them, or ask for changes.") % {"count": count},
            code="open_remarks",
        )
