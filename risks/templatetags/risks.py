"""Words of the pages of risks."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()
DAY, HOUR = 1440, 60


@register.filter
def duration(minutes):
    """Minutes as people say them: 30 min, 2 h, 2 h 30 min, 3 days."""
    if minutes and minutes % DAY == 0:
        return ngettext("%(n)d day", "%(n)d days", minutes // DAY) % {"n": minutes // DAY}
    if minutes and minutes >= HOUR:
        hours = ngettext("%(n)d h", "%(n)d h", minutes // HOUR) % {"n": minutes // HOUR}
        return f"{hours} {duration(minutes % HOUR)}" if minutes % HOUR else hours
    return ngettext("%(n)d min", "%(n)d min", minutes or 0) % {"n": minutes or 0}


@register.filter
def clock(due, now):
    """How long there is left, or how long it is overdue: "in 1 h 5 min", as the island goes on saying it."""
    minutes, (d, h, m) = int(abs((due - now).total_seconds())) // 60, _("d h min").split(" ")
    if minutes < HOUR:
        words = f"{minutes} {m}"
    elif minutes < DAY:
        words = f"{minutes // HOUR} {h} {minutes % HOUR} {m}"
    else:
        words = f"{minutes // DAY} {d} {minutes % DAY // HOUR} {h}"
    return (_("overdue {t}") if due < now else _("in {t}")).replace("{t}", words)


@register.filter
def figure(value):
    """A logged figure without empty digits, in groups of three."""
    return "–" if value is None else f"{value.normalize():,f}"
