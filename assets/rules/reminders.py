"""When a reviewer is reminded by itself. Pure: on plain values."""

OCCASIONS = ("tomorrow", "today", "overdue")


def due_reminder(due, day_before, today, reminded):
    """The reminder that is due now, "" for none: the working day before, on the day, and once when it is past."""
    if today > due:
        occasion = "overdue"
    elif today == due:
        occasion = "today"
    else:
        occasion = "tomorrow" if today >= day_before else ""
    known = OCCASIONS.index(reminded) if reminded else -1
    return occasion if occasion and OCCASIONS.index(occasion) > known else ""
