"""Time zones: their names, and which day it is in one."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone


@cache
def time_zones():
    """Every zone's name; read once, since finding them opens hundreds of files."""
    return frozenset(available_timezones())


def today_in(zone):
    """The day it is now in the zone of that name."""
    return timezone.localdate(timezone=ZoneInfo(zone))
