"""Codes of placements and the tagged links built from them."""

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from core.errors import Invalid

LONGEST = 40
_FORM = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*")
_WORD = re.compile(r"[A-Za-z0-9]+")


def clean_code(code):
    """A placement's code as it is stored (upper case). Raises Invalid when it cannot be one."""
    text = unicodedata.normalize("NFKC", code).strip().upper()
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        sentence = _("A code has up to 40 letters A-Z, digits and single hyphens, such as SEM-BRAND-01.")
        raise Invalid(sentence, code="code_invalid", errors={"code": sentence})
    return text


def suggest_code(name, channel, *, taken=()):
    """A free code out of the channel's code and the Latin words of the name: SEM-BRAND; else SEM-01."""
    used = {code.upper() for code in taken}
    stem = re.sub(r"[^A-Z0-9]+", "-", channel.upper()).strip("-")[:12].strip("-") or "P"
    words = [word.upper() for word in _WORD.findall(unicodedata.normalize("NFKC", name))]
    words = [word for word in words if word != stem]
    base = "-".join([stem, *words])[:28].strip("-") if words else ""
    if base and base not in used:
        return base
    prefix = base or stem
    return next(code for n in range(2 if base else 1, len(used) + 3) if (code := f"{prefix}-{n:02d}") not in used)


def copy_name(name):
    """The name of a copy."""
    return _("%(name)s (copy)") % {"name": name[:180]}


def source_of(platform, channel):
    """utm_source of a placement: the Latin words of its platform, else the channel's code."""
    words = _WORD.findall(unicodedata.normalize("NFKC", platform))
    return "_".join(words).lower() or channel


def tagged_url(url, *, source, medium, campaign, content):
    """The landing page with its UTM values; those it carries already are replaced, never doubled. "" without a page."""
    if not url:
        return ""
    parts = urlsplit(url)
    own = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not key.startswith("utm_")]
    tags = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign, "utm_content": content}
    query = urlencode([*own, *((key, value.lower()) for key, value in tags.items() if value)])
    return urlunsplit(parts._replace(query=query))
