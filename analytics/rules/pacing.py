"""Pacing: is the money spent as planned, and where will it end? A straight line with a band, no more."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, pstdev

UNDER, ON_PLAN, OVER, UNPLANNED = "under", "on_plan", "over", "unplanned"
TOLERANCE = Decimal("0.10")
WINDOW = 7  # days the forecast looks back
SPREAD = Decimal("1.2816")  # of ten outcomes eight lie within so many standard deviations
FEWEST = 3


@dataclass(frozen=True)
class Day:
    """The cumulated spend expected on a coming day, and between what it may lie."""

    day: date
    low: Decimal
    middle: Decimal
    high: Decimal


def pace(spent, planned):
    """Spent as a share of what was planned so far; None where nothing was."""
    return spent / planned if planned and spent is not None else None


def state(share, tolerance=TOLERANCE):
    """under, on_plan or over, within a tenth; unplanned where there is no plan."""
    if share is None:
        return UNPLANNED
    if share < 1 - tolerance:
        return UNDER
    return OVER if share > 1 + tolerance else ON_PLAN


def forecast(actual, through, last):
    """The coming days up to `last`: the mean of the latest whole days goes on, the band widens with their scatter.

    `actual` is `{day: Decimal}` up to `through`. Fewer than three days with figures: no forecast. Spend never falls.
    """
    latest = [actual[day] for day in sorted(actual) if day <= through][-WINDOW:]
    if len(latest) < FEWEST or last <= through:
        return []
    spent = sum((value for day, value in actual.items() if day <= through), Decimal(0))
    step, scatter = mean(latest), SPREAD * pstdev(latest)
    found = []
    for number in range(1, (last - through).days + 1):
        middle = spent + step * number
        width = scatter * Decimal(number).sqrt()
        found.append(Day(through + timedelta(days=number), max(spent, middle - width), middle, middle + width))
    return found
