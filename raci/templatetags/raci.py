"""Words of this app's templates: the letters of a row, as the list by row shows them."""

from functools import lru_cache

from django import template
from django.utils.html import format_html_join

from core.templatetags.pharos import spans

register = template.Library()


@register.simple_tag
def lettered(cells):
    """The letters of a row, each with the name of its column (`(name, "RA")`): a page has a thousand."""
    return spans([(_marks(text), name) for name, text in cells])


@lru_cache(maxsize=256)
def _marks(text):
    return format_html_join("", '<i class="letter {}">{}</i>', ((letter, letter) for letter in text))
