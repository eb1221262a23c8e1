"""Names of time zones."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones():
    """Every zone's name; read once, since finding them opens hundreds of files."""
    return frozenset(available_timezones())
