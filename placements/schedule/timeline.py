"""The flight timeline: where each flight, phase and weekend stands on a line of days, in percent."""

from dataclasses import dataclass
from datetime import date

from placements.schedule.days import is_weekend


@dataclass(frozen=True)
class Bar:
    """A stretch of days cut to the shown ones: `x` and `width` in percent; the days themselves are uncut."""

    x: str
    width: str
    first: date
    last: date


@dataclass(frozen=True)
class Tick:
    """A mark of the axis."""

    x: str
    day: date
    is_month: bool


def percent(part, whole):
    """A share in percent as text that a data attribute takes."""
    return f"{part * 100 / whole:.4f}".rstrip("0").rstrip(".")


def bar(first, last, days):
    """The Bar of a stretch, or None when no day of it is shown."""
    if last < days[0] or first > days[-1]:
        return None
    start, end = max(first, days[0]), min(last, days[-1])
    return Bar(percent((start - days[0]).days, len(days)), percent((end - start).days + 1, len(days)), first, last)


def bars(stretches, days):
    """The Bars of (first, last) pairs that are shown."""
    return [found for first, last in stretches if (found := bar(first, last, days))]


def weekends(days):
    """One Bar per run of weekend days."""
    runs = []
    for day in filter(is_weekend, days):
        if runs and (day - runs[-1][1]).days == 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return bars(runs, days)


def axis(days, scale):
    """Ticks: every day, or every Monday; the first of a month is marked."""
    if scale == "day":
        chosen = list(enumerate(days))
    else:
        chosen = [(n, day) for n, day in enumerate(days) if n == 0 or day.weekday() == 0]
        if len(chosen) > 1 and chosen[1][0] < 4:
            del chosen[0]
        step = -(-len(chosen) // 16)
        chosen = chosen[::step]
    return [Tick(percent(n, len(days)), day, day.day == 1) for n, day in chosen]


def place_of(day, days):
    """Where a day begins, in percent; None when it is not shown."""
    return percent((day - days[0]).days, len(days)) if days[0] <= day <= days[-1] else None
