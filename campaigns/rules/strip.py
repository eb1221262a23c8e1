"""Where days stand on a strip of time: shares of its width in percent."""

from datetime import timedelta
from typing import NamedTuple

MOST_MARKS = 8


class Place(NamedTuple):
    """Left edge and width of a bar, in percent of the strip."""

    x: float
    w: float


def share(start, finish, first, last):
    """The Place of the days start … finish on the strip first … last (all included)."""
    whole = (last - first).days + 1
    left = (start - first).days
    return Place(round(left / whole * 100, 2), round(((finish - start).days + 1) / whole * 100, 2))


def marks(first, last):
    """[(percent, date)] of evenly spaced marks for the strip's axis."""
    days = (last - first).days + 1
    step = max(1, -(-days // MOST_MARKS))
    return [(round(n / days * 100, 2), first + timedelta(n)) for n in range(0, days, step)]
