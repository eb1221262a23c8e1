"""Values of MS Project XML: texts, days, durations in minutes."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
MOST_MONEY = Decimal(10) ** 15


def text_of(element, name):
    """The text of a child, "" when there is none."""
    return (element.findtext(name) or "").strip()


def number_of(element, name):
    """The whole number of a child, None when there is none."""
    text = text_of(element, name)
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def is_yes(element, name):
    """Whether a child says 1 or true."""
    return text_of(element, name).lower() in ("1", "true")


def day_of(element, name):
    """The day of a child that holds a date and time, None when there is none."""
    try:
        return datetime.fromisoformat(text_of(element, name)).date()
    except ValueError:
        return None


def moment_of(element, name):
    """The date and time of a child without its zone, None when there is none."""
    try:
        return datetime.fromisoformat(text_of(element, name)).replace(tzinfo=None)
    except ValueError:
        return None


def hours_of(text):
    """Hours of work as Decimal, None when there are none."""
    minutes = minutes_of(text)
    return (Decimal(str(minutes)) / 60).quantize(Decimal("0.01")) if minutes else None


def money_of(element, name):
    """An amount; the format counts hundredths. None when there is none or nothing."""
    try:
        amount = Decimal(text_of(element, name) or 0)
    except InvalidOperation:
        return None
    return (amount / 100).quantize(Decimal("0.01")) if amount.is_finite() and 0 < amount < MOST_MONEY else None


def minutes_of(text):
    """Minutes of a duration like PT16H30M0S, None when it is none."""
    match = _DURATION.fullmatch(text) if text else None
    if not match:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 1440 + hours * 60 + minutes + seconds / 60
