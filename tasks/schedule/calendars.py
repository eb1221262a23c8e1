"""Working days by country, from the public holidays of the `holidays` library, with swapped work days (调休)."""

from datetime import date
from functools import lru_cache

import holidays
from django.utils.translation import gettext as _

from tasks.rules.workdays import Calendar, WorkWeek, YearDays

# Countries whose days off and swapped work days are decreed year by year: before the notice nobody knows them.
DECREED = {"CN"}


@lru_cache(maxsize=512)
def year_days(country, year):
    """The YearDays of a country (ISO 3166, two letters); unknown countries have no public holidays.

    In a year that is not published yet the week alone counts, and the YearDays say so.
    """
    if country not in holidays.list_supported_countries(include_aliases=False):
        return YearDays()
    found = holidays.country_holidays(country, years=year)
    if country in DECREED and year > max(found.special_public_holidays):
        return YearDays(is_published=False)
    swapped = {day: True for day in found.weekend_workdays if day.year == year}
    return YearDays({day: False for day in found if day.year == year and day not in swapped} | swapped)


@lru_cache(maxsize=64)
def _plain(country, days_off):
    return Calendar(WorkWeek.of(days_off), years=_years(country), name=country)


def _years(country):
    def years(year):
        return year_days(country, year)

    return years


def country_calendar(country="", days_off="56", exceptions=None, name=""):
    """The Calendar of a country and a week ("56": Saturday and Sunday off), own exceptions {day: worked} on top.

    Without a country there are no public holidays. One without own exceptions is shared: its years stay worked out.
    """
    plain = _plain((country or "").upper(), "".join(sorted(set(days_off))))
    return plain.with_exceptions(exceptions, name) if exceptions else plain


def without(calendar, absences):
    """A calendar without the days of absences [(first, last), …], both included."""
    days = {
        date.fromordinal(ordinal): False
        for first, last in absences
        for ordinal in range(first.toordinal(), last.toordinal() + 1)
    }
    return calendar.with_exceptions(days)


def unpublished_sentences(calendars, first, last):
    """One sentence a year between two days that is not published yet in one of the calendars."""
    years = sorted({year for calendar in calendars for year in calendar.unpublished(first, last)})
    return [
        _("The public holidays and swapped work days of %(year)s are not published yet; the usual week counts.")
        % {"year": year}
        for year in years
    ]
