"""Spreading a total over days, exact to the minor unit."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from core.errors import Invalid

MODES = ("even", "weekdays", "front")


def flight_days(flights):
    """Every day of the flights (first, last), each once, in order."""
    days = {start + timedelta(days=n) for start, finish in flights for n in range((finish - start).days + 1)}
    return sorted(days)


def weights_of(days, mode, weekdays=()):
    """A weight per day: `even` 1; `weekdays` those of Monday … Sunday; `front` falling from first to last day."""
    if mode == "even":
        return [Decimal(1)] * len(days)
    if mode == "front":
        return [Decimal(len(days) - n) for n in range(len(days))]
    if mode == "weekdays":
        if len(weekdays) != 7 or any(weight < 0 for weight in weekdays):
            sentence = _("Give seven weights from Monday to Sunday, none below zero.")
            raise Invalid(sentence, code="weights", errors={"weekdays": sentence})
        return [Decimal(weekdays[day.weekday()]) for day in days]
    sentence = _("Spread evenly, by weekday or front-loaded.")
    raise Invalid(sentence, code="mode", errors={"mode": sentence})


def spread(total, days, weights, places):
    """{day: Decimal} that adds up to `total` exactly, in steps of 10^-places, by largest remainder (early days first).

    Raises Invalid when there are no days, no weight at all, or a total finer than the step.
    """
    if not days:
        raise Invalid(_("There are no days to spread over: give the placement a flight."), code="no_days")
    step = Decimal(1).scaleb(-places)
    if total < 0 or total != total.quantize(step):
        sentence = _("At most %(places)d decimal places, and not below zero.") % {"places": places}
        raise Invalid(sentence, code="total", errors={"total": sentence})
    whole = sum(weights, Decimal(0))
    if not whole:
        raise Invalid(_("At least one of these days needs a weight."), code="weights")
    units = int(total / step)
    exact = [Fraction(weight) * units / Fraction(whole) for weight in weights]
    parts = [int(share) for share in exact]
    by_rest = sorted(range(len(days)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_rest[: units - sum(parts)]:
        parts[n] += 1
    return {day: part * step for day, part in zip(days, parts, strict=True)}
