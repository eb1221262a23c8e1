"""Expected range: is a figure inside, below or above, and is that good? A day without data is a state of its own."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import RuleBroken

FIXED, PLAN_PERCENT = "fixed", "plan_percent"
INSIDE, BELOW, ABOVE = "inside", "below", "above"
NO_DATA, PARTIAL, NO_PLAN = "no_data", "partial", "no_plan"
OK, BETTER, WORSE, UNUSUAL, UNKNOWN = "ok", "better", "worse", "unusual", "unknown"


@dataclass(frozen=True)
class Range:
    """An expected range. `fixed`: bounds in the metric's unit; `plan_percent`: per cent of the day's plan (80 … 120).

    Either bound may be None (open). Raises RuleBroken where it says nothing or its bounds are crossed.
    """

    low: Decimal | None
    high: Decimal | None
    kind: str = FIXED

    def __post_init__(self):
        if self.low is None and self.high is None:
            raise RuleBroken(_("An expected range needs a lower or an upper bound."), code="range_empty")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise RuleBroken(
                _("The lower bound of the expected range lies above its upper bound."), code="range_crossed"
            )

    def bounds(self, plan=None):
        """`(low, high)` in the metric's unit for a day with this plan; None where a plan is needed and absent."""
        if self.kind == FIXED:
            return self.low, self.high
        if plan is None:
            return None
        ends = (_share(plan, self.low), _share(plan, self.high))
        return ends if plan >= 0 else ends[::-1]


@dataclass(frozen=True)
class Judgement:
    """One figure against its range: `place` (inside, below, above, no_data, partial, no_plan) and what that means."""

    place: str
    state: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    day: object = None

    @property
    def is_out(self):
        """Whether the figure is known to lie outside its range."""
        return self.place in (BELOW, ABOVE)


def judge(value, low, high, direction="neutral", complete=True, day=None):
    """Place one figure in its range. The bounds belong to the range; None is open.

    `direction` is the metric's desired one: outside on the desired side is `better`, on the other `worse`; a neutral
    metric is `unusual` on both. A figure that is still arriving (`complete=False`) is not judged.
    """
    place = _place(value, low, high, complete)
    return Judgement(place, _meaning(place, direction), value, low, high, day)


def judge_day(value, expected, *, plan=None, direction="neutral", complete=True, day=None):
    """Place one figure in a Range; where the day's plan is missing, the place is `no_plan`."""
    bounds = expected.bounds(plan)
    if bounds is None:
        return Judgement(NO_DATA if value is None else NO_PLAN, UNKNOWN, value, day=day)
    return judge(value, *bounds, direction, complete, day)


def judge_series(days, values, expected, *, plans=None, direction="neutral", partial=()):
    """A judgement for each day in order. `values` and `plans` are `{day: Decimal}`; absent days are `no_data`."""
    plans = plans or {}
    return [
        judge_day(
            values.get(day), expected, plan=plans.get(day), direction=direction, complete=day not in partial, day=day
        )
        for day in days
    ]


def band(days, expected, plans=None):
    """`[(day, low, high)]` of the days that have bounds, for drawing."""
    found = ((day, expected.bounds((plans or {}).get(day))) for day in days)
    return [(day, *bounds) for day, bounds in found if bounds]


def count_places(judgements):
    """How many days lie where: `{place: count}`."""
    return dict(Counter(judgement.place for judgement in judgements))


def days_out_in_a_row(judgements):
    """For how many judged days the series has been out of range up to its end; other days do not break it."""
    judged = [j for j in judgements if j.place in (INSIDE, BELOW, ABOVE)]
    run = 0
    for judgement in reversed(judged):
        if not judgement.is_out:
            break
        run += 1
    return run


def _place(value, low, high, complete):
    if value is None:
        return NO_DATA
    if not complete:
        return PARTIAL
    if low is not None and value < low:
        return BELOW
    return ABOVE if high is not None and value > high else INSIDE


def _meaning(place, direction):
    if place == INSIDE:
        return OK
    if place not in (BELOW, ABOVE):
        return UNKNOWN
    if direction not in ("increase", "decrease"):
        return UNUSUAL
    return BETTER if (place == ABOVE) == (direction == "increase") else WORSE


def _share(plan, percent):
    return None if percent is None else plan * percent / 100
