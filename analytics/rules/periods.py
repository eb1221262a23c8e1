"""Periods of a page: named or custom, with the period they are compared with, read from and written to the address.

Days are inclusive at both ends. "Today" is handed in: it is the campaign's or account's day, never the server's.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Invalid

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST = 1830  # five years of days: more is no page but an export
DEFAULT = "last_28_days"
CUSTOM = "custom"
PERIODS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "last_7_days": gettext_lazy("Last 7 days"),
    "last_14_days": gettext_lazy("Last 14 days"),
    "last_28_days": gettext_lazy("Last 28 days"),
    "last_30_days": gettext_lazy("Last 30 days"),
    "this_week": gettext_lazy("This week"),
    "last_week": gettext_lazy("Last week"),
    "this_month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "campaign_to_date": gettext_lazy("Campaign to date"),
    CUSTOM: gettext_lazy("Custom"),
}
NO_COMPARISON = "none"
COMPARISONS = {
    NO_COMPARISON: gettext_lazy("No comparison"),
    "previous_period": gettext_lazy("Previous period"),
    "same_weekdays": gettext_lazy("Same weekdays before"),
    "last_year": gettext_lazy("Last year"),
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included; `name` is one of PERIODS."""

    first: date
    last: date
    name: str = CUSTOM

    def __contains__(self, day):
        return self.first <= day <= self.last

    def __len__(self):
        return (self.last - self.first).days + 1

    def days(self):
        """Each day in order."""
        return [self.first + timedelta(days=step) for step in range(len(self))]

    def covers(self, first, last):
        """Whether all days from `first` to `last` belong to it."""
        return self.first <= first and last <= self.last


def today_in(zone, now):
    """The day it is in a zone (ZoneInfo or its name) at an aware instant. Raises ValueError on a naive one."""
    if now.tzinfo is None:
        raise ValueError("an aware instant is needed")
    return now.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def clamp(day):
    """The day, moved into the years 2000 to 2100."""
    return min(max(day, EARLIEST), LATEST)


def named(name, today, campaign=None):
    """The period of a name. `campaign` is `(start_date, finish_date)`, needed for "campaign to date".

    "Last n days" end yesterday, since today is not whole yet; this week, this month and campaign to date end today.
    Raises Invalid where the name is unknown or the campaign has no dates or has not begun.
    """
    if name not in PERIODS or name == CUSTOM:
        raise Invalid(_("There is no period called “%(name)s”.") % {"name": name}, code="period_unknown")
    first, last = _campaign_days(today, campaign) if name == "campaign_to_date" else _BOUNDS[name](today)
    return Period(clamp(first), clamp(last), name)


def custom(first, last):
    """A period of one's own, moved into 2000–2100. Raises Invalid where it ends before it begins or is too long."""
    if first > last:
        raise Invalid(_("The period ends before it begins."), code="period_reversed")
    period = Period(clamp(first), clamp(last), CUSTOM)
    if len(period) > LONGEST:
        raise Invalid(_("A period may have %(count)d days at most.") % {"count": LONGEST}, code="period_too_long")
    return period


def compared(period, how):
    """The period to compare with, or None. Raises Invalid where `how` is unknown.

    `previous_period`: as many days just before, whole months against the month before; `same_weekdays`: moved back by
    whole weeks until it no longer overlaps; `last_year`: the same dates a year earlier (29 February becomes the 28th).
    """
    if how not in COMPARISONS:
        raise Invalid(_("There is no comparison called “%(name)s”.") % {"name": how}, code="comparison_unknown")
    if how == NO_COMPARISON:
        return None
    first, last = _SHIFTS[how](period)
    return Period(clamp(first), clamp(last), CUSTOM)


@dataclass(frozen=True)
class Choice:
    """What a page shows: a period and the one it is compared with (None: no comparison)."""

    period: Period
    comparison: Period | None = None
    compare: str = NO_COMPARISON

    def query(self):
        """The address parameters this choice is read from again, as a dict in a fixed order."""
        query = {"period": self.period.name}
        if self.period.name == CUSTOM:
            query |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return query if self.compare == NO_COMPARISON else query | {"compare": self.compare}


def read(params, today, campaign=None, default=DEFAULT):
    """The choice of a page from its address parameters `period`, `from`, `to`, `compare`.

    Dates alone (`from` and `to` without `period`) mean a custom period. Raises Invalid with a sentence.
    """
    is_custom = params.get("from") or params.get("to")
    name = params.get("period") or (CUSTOM if is_custom else _usual(default, today, campaign))
    period = _read_custom(params) if name == CUSTOM else named(name, today, campaign)
    how = params.get("compare") or NO_COMPARISON
    return Choice(period, compared(period, how), how)


def _usual(default, today, campaign):
    """The period of an address that names none; of a campaign that ended before it, all its days."""
    first, last = campaign or (None, None)
    is_past = first and last and last < named(default, today, campaign).first
    return "campaign_to_date" if is_past else default


def _read_custom(params):
    return custom(_read_day(params.get("from")), _read_day(params.get("to")))


def _read_day(text):
    if not text:
        raise Invalid(_("A custom period needs its first and its last day."), code="period_incomplete")
    try:
        return date.fromisoformat(text if _ISO.fullmatch(text) else "")
    except ValueError as cause:
        message = _("“%(text)s” is not a day; write it as 2026-11-23.") % {"text": text[:20]}
        raise Invalid(message, code="period_day") from cause


def _campaign_days(today, campaign):
    first, last = campaign or (None, None)
    if first is None:
        raise Invalid(_("“Campaign to date” needs a campaign with a start date."), code="period_without_campaign")
    if first > today:
        raise Invalid(_("The campaign has not begun yet."), code="period_not_begun")
    return first, min(today, last or today)


def _last(count):
    return lambda today: (today - timedelta(days=count), today - timedelta(days=1))


def _monday(day):
    return day - timedelta(days=day.weekday())


def _last_week(today):
    monday = _monday(today) - timedelta(days=7)
    return monday, monday + timedelta(days=6)


def _last_month(today):
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


_BOUNDS = {
    "today": lambda today: (today, today),
    "yesterday": _last(1),
    "last_7_days": _last(7),
    "last_14_days": _last(14),
    "last_28_days": _last(28),
    "last_30_days": _last(30),
    "this_week": lambda today: (_monday(today), today),
    "last_week": _last_week,
    "this_month": lambda today: (today.replace(day=1), today),
    "last_month": _last_month,
}


def _previous(period):
    if period.name in ("this_month", "last_month"):
        return _month_before(period)
    return period.first - timedelta(days=len(period)), period.first - timedelta(days=1)


def _month_before(period):
    before = period.first - timedelta(days=1)
    is_whole = period.last.day == monthrange(period.last.year, period.last.month)[1]
    return before.replace(day=1), before if is_whole else before.replace(day=min(period.last.day, before.day))


def _same_weekdays(period):
    weeks = timedelta(weeks=-(-len(period) // 7))
    return period.first - weeks, period.last - weeks


def _last_year(period):
    return _year_before(period.first), _year_before(period.last)


def _year_before(day):
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


_SHIFTS = {"previous_period": _previous, "same_weekdays": _same_weekdays, "last_year": _last_year}
