"""Words of this app's templates: a platform as people call it."""

from django import template

from placements.rules.platforms import platform_name

register = template.Library()


@register.filter
def platform(code):
    """The platform's name for its code; a dash where none is given."""
    return platform_name(code) if code else "–"
