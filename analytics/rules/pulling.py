"""Rules of a pull: which days it asks for, when the next one is due, and whether its pages make a whole."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

MAX_PAGES = 10_000
SHORTEST_MINUTES = 1


@dataclass(frozen=True)
class Fault:
    """Why a pull is not whole."""

    code: str
    sentence: str


def days_to_pull(today, look_back_days, includes_today):
    """(first, last) day of a scheduled pull: the look-back window up to yesterday, or today where the source has it."""
    last = today if includes_today else today - timedelta(days=1)
    return today - timedelta(days=max(1, look_back_days)), last


def next_pull(now, *, every_minutes, daily_at, zone):
    """The aware instant of the next pull after `now`; None without a schedule.

    A daily time that the clock skips (summer time) runs at the moment the clock jumps to; one it shows twice runs once.
    """
    if every_minutes:
        return now + timedelta(minutes=max(SHORTEST_MINUTES, every_minutes))
    if daily_at is None:
        return None
    local = now.astimezone(zone)
    for ahead in (0, 1, 2):
        wall = datetime.combine(local.date() + timedelta(days=ahead), daily_at, zone)
        instant = wall.astimezone(UTC)
        if instant > now:
            return instant
    return None


def freshness(now, *, last_success_at, is_failing, every_minutes, daily_at):
    """fresh | stale | failing | never: stale when two turns of the schedule (a day where there is none) are missed."""
    if last_success_at is None:
        return "failing" if is_failing else "never"
    if is_failing:
        return "failing"
    return "stale" if now - last_success_at > patience(every_minutes, daily_at) else "fresh"


def patience(every_minutes, daily_at):
    """How long nothing may come before that means something."""
    if every_minutes:
        return max(timedelta(minutes=2 * every_minutes), timedelta(minutes=10))
    return timedelta(hours=26)


def fault_of_page(*, page_hash, seen, cursor_hash, cursors, has_rows, total, first_total, pages):
    """What is wrong with a page after those before it; None when all is well.

    `seen` and `cursors` are the hashes of earlier pages and cursors; a page or a cursor that comes again means a loop.
    """
    if cursor_hash and cursor_hash in cursors:
        return Fault("cursor_loop", _("The platform repeats a page marker, so the pull would never end."))
    if has_rows and page_hash in seen:
        return Fault("page_repeated", _("The platform sent the same page twice."))
    if total is not None and first_total is not None and total != first_total:
        return Fault("total_changed", _("The number of rows changed while the pages were read."))
    if pages >= MAX_PAGES:
        return Fault("too_many_pages", _("More pages than a pull may have."))
    return None


def fault_of_run(*, rows, expected, kept, distinct):
    """Whether the run is short of the total that the platform told; None when it is whole or nothing was told.

    `kept` rows hold figures of the days asked for, of `distinct` objects and days: fewer mean that a row came twice,
    as when pages shift while they are read, or that the rows differ by something the settings do not name.
    """
    if expected is not None and rows != expected:
        return Fault(
            "rows_missing",
            _("The platform tells of %(expected)s rows, %(rows)s arrived.") % {"expected": expected, "rows": rows},
        )
    if distinct < kept:
        return Fault(
            "rows_repeated",
            _("%(count)s rows came twice for the same object and day, so others may be missing.")
            % {"count": kept - distinct},
        )
    return None
