"""The bars of one placement's plan per day, as figures of an SVG drawing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from placements.rules.plan import is_flown
from placements.schedule.days import days_between, is_weekend

HEIGHT = 64
STEP = 10  # units a day


@dataclass(frozen=True)
class PlanBar:
    """One day: place, size and what it stands for. `y` counts from above."""

    x: int
    y: int
    height: int
    day: date
    value: Decimal | None
    is_weekend: bool
    is_out: bool


@dataclass(frozen=True)
class Drawing:
    bars: list
    width: int
    height: int = HEIGHT
    bar_width: int = STEP - 2


def draw(figures, flights):
    """The Drawing of {day: Decimal} over the days of flights and plan; None when there is nothing to draw."""
    known = [*figures, *(day for flight in flights for day in flight)]
    if not known or not any(figures.values()):
        return None
    days = days_between(min(known), max(known))[:400]
    top = max(figures.values())
    return Drawing([_bar(n, day, figures.get(day), top, flights) for n, day in enumerate(days)], len(days) * STEP)


def _bar(n, day, value, top, flights):
    height = int((value or 0) * HEIGHT / top)
    height = max(height, 2) if value else 0
    return PlanBar(n * STEP, HEIGHT - height, height, day, value, is_weekend(day), not is_flown(day, flights))
