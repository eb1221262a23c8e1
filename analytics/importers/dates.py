"""Days, periods and hours as the platforms write them. An ambiguous day/month is told as such, never guessed."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

DMY, MDY = "dmy", "mdy"

_MONTH_NAMES = (
    "jan january janv janvier januar|feb february févr février februar|mar march mars märz mär|apr april avr avril|"
    "may mai|jun june juin juni|jul july juil juillet juli|aug august août|sep sept september septembre|"
    "oct october octobre okt oktober|nov november novembre|dec december déc décembre dez dezember"
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_NAMES.split("|"), 1) for word in words.split()}
_WEEKDAYS = (
    "mon monday lun lundi mo montag 星期一 周一|tue tues tuesday mar mardi di dienstag 星期二 周二|"
    "wed wednesday mer mercredi mi mittwoch 星期三 周三|thu thur thurs thursday jeu jeudi do donnerstag 星期四 周四|"
    "fri friday ven vendredi fr freitag 星期五 周五|sat saturday sam samedi sa samstag 星期六 周六|"
    "sun sunday dim dimanche so sonntag 星期日 星期天 周日"
)
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS.split("|")) for word in words.split()}
_WORD = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_NAME = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_TIME = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<y>[0-9]{{4}})(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<d>[0-9]{{1,2}}){_TIME}",
        r"(?P<y>[12][0-9]{3})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        rf"(?P<y>[0-9]{{4}})年(?P<m>[0-9]{{1,2}})月(?P<d>[0-9]{{1,2}})日{_TIME}(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?",
        rf"{_DAY_NAME}(?P<d>[0-9]{{1,2}})(?:\.|st|nd|rd|th|er)?[ \-/]+(?P<word>{_WORD})\.?,?[ \-/]+"
        rf"(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}",
        rf"{_DAY_NAME}(?P<word>{_WORD})\.?[ \-]+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?[ \-]+(?P<y>[0-9]{{4}}){_TIME}",
        rf"(?P<d>[0-9]{{1,2}})\.(?P<m>[0-9]{{1,2}})\.(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}",
    )
)
_SLASHED = re.compile(
    rf"(?P<a>[0-9]{{1,2}})(?P<sep>[/-])(?P<b>[0-9]{{1,2}})(?P=sep)(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_DAY_HOUR = re.compile(r"([12][0-9]{3}[0-9]{2}[0-9]{2})([0-9]{2})")
_MONTH = re.compile(
    r"(?P<y>[0-9]{4})(?:[-/.年]?(?P<m>[0-9]{2})月?|[-/.年](?P<m1>[0-9])月?)|"
    rf"(?P<word>{_WORD})\.? (?P<y2>[0-9]{{4}})",
    re.I,
)
_HOUR = re.compile(
    r"(?P<h>[0-9]{1,2})(?::00)?(?::00)?(?:\s*[-–—~至]\s*(?P<to>[0-9]{1,2})(?::(?:00|59))?(?::(?:00|59))?)?(?:时|点|h)?"
)
_HOUR12 = re.compile(r"(?P<h>[0-9]{1,2})(?::00)?\s*(?P<half>[AaPp])\.?[Mm]\.?")
_BETWEEN = re.compile(r"(?<!\s)\s++(?:[-–—~]|to|bis|au)\s+|(?<!\s)\s*+(?:[–—~至]|到)\s*", re.IGNORECASE)
_TIGHT = re.compile(r"([0-9]{4}([-/.]?)[0-9]{2}\2[0-9]{2})\s*-\s*([0-9]{4}\2[0-9]{2}\2[0-9]{2})")


def _clean(cell):
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def _made(year, month, day):
    """The day, or None if the calendar has no such day."""
    year = int(year) + 2000 if len(str(year)) == 2 else int(year)
    try:
        return date(year, int(month), int(day)) if 1990 <= year <= 2100 else None
    except ValueError:
        return None


@lru_cache(maxsize=32768)
def day(cell, order=None):
    """The day a cell names; None if it is none or if `order` (dmy | mdy) would have to be known."""
    text = _clean(cell) if cell.isascii() or len(cell) < 40 else ""
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = parts.get("m") or _MONTHS[parts["word"].casefold()]
            return _made(parts["y"], month, parts["d"])
    return _slashed(text, order)


def _slashed(text, order):
    found = _SLASHED.fullmatch(text)
    if not found:
        return None
    a, b, year = int(found["a"]), int(found["b"]), found["y"]
    if a == b or order:
        return _made(year, a, b) if order == MDY else _made(year, b, a)
    return None


@lru_cache(maxsize=32768)
def order_of(cell):
    """What a cell tells about the order of day and month: dmy | mdy, "either", or None where it tells nothing."""
    found = _SLASHED.fullmatch(_clean(cell)) if len(cell) < 40 else None
    if not found or found["a"] == found["b"]:
        return None
    a, b = int(found["a"]), int(found["b"])
    if a > 12 or b > 12:
        return DMY if b <= 12 else MDY if a <= 12 else None
    return "either"


@lru_cache(maxsize=8192)
def span(cell, order=None):
    """First and last day of a cell that names a day, a period (`a - b`) or a whole month; None if it names none."""
    one = day(cell, order)
    if one:
        return one, one
    text = _clean(cell)
    tight = _TIGHT.fullmatch(text)
    ends = [tight[1], tight[3]] if tight else _BETWEEN.split(text)
    if len(ends) == 2:
        first, last = day(ends[0], order), day(ends[1], order)
        return (first, last) if first and last and first <= last else None
    return month(text)


def month(cell):
    """First and last day of the month a cell names (2026-08, Aug 2026, 2026年8月); None if it names none."""
    found = _MONTH.fullmatch(_clean(cell))
    if not found:
        return None
    number = found["m"] or found["m1"] or _MONTHS[found["word"].casefold()]
    first = _made(found["y"] or found["y2"], number, 1)
    return (first, first.replace(day=monthrange(first.year, first.month)[1])) if first else None


def week(cell, order=None):
    """The seven days of the week a cell names by its first day; None if it names none."""
    whole = span(cell, order)
    if whole is None or whole[0] != whole[1]:
        return whole
    return whole[0], whole[0] + timedelta(days=6)


def nth_day(cell, start):
    """The day that is `cell` (0000, 0001 …) days after `start`; None if the cell is no such count."""
    text = cell.strip()
    return start + timedelta(days=int(text)) if re.fullmatch(r"[0-9]{1,4}", text) and start else None


def day_and_hour(cell):
    """Day and hour of YYYYMMDDHH; None if the cell is none."""
    found = _DAY_HOUR.fullmatch(cell.strip())
    one = day(found[1]) if found else None
    return (one, int(found[2])) if one and int(found[2]) < 24 else None


@lru_cache(maxsize=1024)
def hour(cell):
    """The hour 0–23 a cell names (`00 - 01`, 7, 07:00, 3 PM); None if it names none."""
    text = _clean(cell)
    if found := _HOUR12.fullmatch(text):
        number = int(found["h"])
        return number % 12 + (12 if found["half"] in "pP" else 0) if 1 <= number <= 12 else None
    found = _HOUR.fullmatch(text)
    if not found or int(found["h"]) > 23:
        return None
    if found["to"] and (int(found["to"]) - int(found["h"])) % 24 not in {0, 1}:
        return None
    return int(found["h"])


def is_weekday(cell):
    """Whether a cell is a day's name (Monday, 星期一, lundi)."""
    return cell.strip().rstrip(".").casefold() in WEEKDAYS
