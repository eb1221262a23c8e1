"""Codes of assets: short, ASCII, unique in the campaign, and what file names are matched by."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import Invalid

LONGEST = 40
STEMS = {"copy": "TXT", "image": "IMG", "video": "VID", "h5": "H5", "edm": "EDM", "document": "DOC"}
_FORM = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*")
_WORD = re.compile(r"[A-Za-z0-9]+")


def clean(code):
    """An asset's code as it is stored (upper case). Raises Invalid when it cannot be one."""
    text = unicodedata.normalize("NFKC", code).strip().upper()
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        sentence = _("A code has up to 40 letters A-Z, digits and single hyphens, such as IMG-FEED-01.")
        raise Invalid(sentence, code="code_invalid", errors={"code": sentence})
    return text


def suggest(title, kind, *, taken=()):
    """A free code out of the kind and the Latin words of the title: IMG-LAUNCH-FEED; else IMG-01."""
    used, stem = {code.upper() for code in taken}, STEMS[kind]
    words = [word.upper() for word in _WORD.findall(unicodedata.normalize("NFKC", title))]
    base = "-".join([stem, *(word for word in words if word != stem)])[:28].strip("-") if words else ""
    if base and base != stem and base not in used:
        return base
    prefix = base or stem
    start = 2 if base and base != stem else 1
    return next(code for n in range(start, len(used) + 3) if (code := f"{prefix}-{n:02d}") not in used)
