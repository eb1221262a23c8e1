"""When a recurring task comes: patterns in words, the RRULE that keeps them, the dates they name."""

import re
from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import listed
from tasks.choices import Pattern, Shift

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_APART = 52  # weeks or months between two dates
FARTHEST = 31  # days that a date may be shifted
ONCE = {
    Pattern.DAILY: gettext_lazy("every day"),
    Pattern.WEEKLY: gettext_lazy("every week on %(days)s"),
    Pattern.MONTHLY_DAY: gettext_lazy("every month on day %(day)d"),
    Pattern.MONTHLY_LAST: gettext_lazy("every month on the last working day"),
}
OFTEN = {
    Pattern.DAILY: gettext_lazy("every %(n)d days"),
    Pattern.WEEKLY: gettext_lazy("every %(n)d weeks on %(days)s"),
    Pattern.MONTHLY_DAY: gettext_lazy("every %(n)d months on day %(day)d"),
    Pattern.MONTHLY_LAST: gettext_lazy("every %(n)d months on the last working day"),
}
RULE = re.compile(
    r"FREQ=(?P<freq>DAILY|WEEKLY|MONTHLY)(;INTERVAL=(?P<every>[1-9]\d?))?"
    r"(;BYDAY=(?P<weekdays>(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*))?(;BYMONTHDAY=(?P<day>-1|[1-9]\d?))?",
    re.ASCII,
)


def rule_of(pattern, *, every=1, weekdays=(), month_day=1):
    """The RRULE of a pattern. `weekdays` are numbers, Monday is 0."""
    _check_number("every", every, MOST_APART)
    if pattern == Pattern.DAILY:
        return f"FREQ=DAILY;INTERVAL={every}"
    if pattern == Pattern.WEEKLY:
        return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(DAYS[day] for day in _weekdays(weekdays))}"
    if pattern == Pattern.MONTHLY_DAY:
        _check_number("month_day", month_day, 31)
    return f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={month_day if pattern == Pattern.MONTHLY_DAY else -1}"


def _check_number(field, number, most):
    if not isinstance(number, int) or not 1 <= number <= most:
        sentence = _("Use a number from 1 to %(most)d.") % {"most": most}
        raise Invalid(sentence, code="out_of_range", errors={field: sentence})


def _weekdays(weekdays):
    found = sorted({int(day) for day in weekdays})
    if not found or not 0 <= found[0] <= found[-1] <= 6:
        sentence = _("Choose at least one day of the week.")
        raise Invalid(sentence, code="no_weekday", errors={"weekdays": sentence})
    return found


def pattern_of(rule):
    """What `rule_of` was given: {pattern, every, weekdays, month_day}."""
    found = parsed(rule)
    day = int(found["day"] or 1)
    pattern = {"DAILY": Pattern.DAILY, "WEEKLY": Pattern.WEEKLY}.get(found["freq"])
    pattern = pattern or (Pattern.MONTHLY_LAST if day == -1 else Pattern.MONTHLY_DAY)
    weekdays = [DAYS.index(code) for code in (found["weekdays"] or "").split(",") if code]
    return {"pattern": pattern, "every": int(found["every"] or 1), "weekdays": weekdays, "month_day": max(day, 1)}


def parsed(rule):
    """The parts of a rule, or Invalid: rules come by REST too."""
    found = RULE.fullmatch(rule)
    parts = found.groupdict() if found else {}
    fits = {"DAILY": (False, False), "WEEKLY": (True, False), "MONTHLY": (False, True)}
    is_whole = found and (bool(parts["weekdays"]), bool(parts["day"])) == fits[parts["freq"]]
    if not is_whole or int(parts["every"] or 1) > MOST_APART or int(parts["day"] or 1) > 31:
        sentence = _("Pharos does not know this rule of repetition.")
        raise Invalid(sentence, code="unknown_rule", errors={"rule": sentence})
    return parts


def in_words(rule):
    """The rule as a sentence: "every 2 weeks on Monday, Thursday"."""
    told = pattern_of(rule)
    days = listed((weekday_names()[day] for day in told["weekdays"]), get_language())
    words = ONCE if told["every"] == 1 else OFTEN
    return words[told["pattern"]] % {"n": told["every"], "day": told["month_day"], "days": days}


def weekday_names():
    """Monday to Sunday in the language at hand."""
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def occurrences(rule, *, start, finish, since, until, shift, is_working):
    """[(occurrence, day)] with occurrences from `since` to `until`, both included: the date the rule names and the
    day on which the work is to start. `is_working(day)` knows the calendar; a shifted day may lie past `until`."""
    is_last = pattern_of(rule)["pattern"] == Pattern.MONTHLY_LAST
    until = min(until, finish) if finish else until
    if until < max(start, since):
        return []
    named = _dates(rule, start, max(start, since), until)
    pairs = [(day, shifted(day, Shift.PREVIOUS if is_last else shift, is_working)) for day in named]
    return [(named, day) for named, day in pairs if day is not None]


def refuse_period():
    """A pattern ends on or after its first day."""
    sentence = _("The last day lies before the first one.")
    raise Invalid(sentence, code="period", errors={"finish_date": sentence})


def _dates(rule, start, since, until):
    day = pattern_of(rule)["month_day"]
    if day > 28:  # in a shorter month its last day
        days = ",".join(str(each) for each in range(28, day + 1))
        rule = rule.replace(f"BYMONTHDAY={day}", f"BYMONTHDAY={days};BYSETPOS=-1")
    found = rrulestr(f"RRULE:{rule}", dtstart=datetime(start.year, start.month, start.day))
    first, last = (datetime(day.year, day.month, day.day) for day in (since, until))
    return [moment.date() for moment in found.between(first, last, inc=True)]


def shifted(day: date, shift, is_working):
    """The day the work starts; None when the date is left out."""
    if shift == Shift.STAY or is_working(day):
        return day
    if shift == Shift.SKIP:
        return None
    step = timedelta(1 if shift == Shift.NEXT else -1)
    for distance in range(1, FARTHEST + 1):
        if is_working(day + distance * step):
            return day + distance * step
    return day
