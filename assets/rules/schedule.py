"""By which day an asset must be handed in, and how that stands."""

from assets.choices import Stage
from assets.rules.stages import OPEN


def submit_by(due_date, lead_days, flight_date, calendar):
    """The day: `lead_days` working days before the first day of the flight, else the stated day, else None.

    A stated day wins only where no lead is given or no flight is known. `calendar` is a tasks.rules.workdays.Calendar.
    """
    if lead_days is None or flight_date is None:
        return due_date
    if not lead_days:
        return flight_date
    return calendar.day(calendar.number(flight_date) - lead_days)


def is_owed(stage):
    """Whether its maker still has to hand something in."""
    return stage in OPEN


def is_overdue(stage, day, *, today):
    """Still being made although its day is over."""
    return day is not None and day < today and is_owed(stage)


OWED = tuple(str(each) for each in OPEN)
DELIVERED = tuple(str(each) for each in Stage if each not in OPEN)
