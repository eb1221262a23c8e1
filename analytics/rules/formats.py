"""A metric's figure in words of the reader's language by its unit; per cent, spans of time, changes."""

from decimal import Decimal

from core.text import MINUS, MISSING, compact, is_zero, money, plain, rounded, trimmed


def percent(ratio, decimals=1):
    """A share of one as per cent: 0.0412 is 4.1%."""
    return MISSING if ratio is None else plain(Decimal(ratio) * 100, decimals) + "%"


def seconds(value):
    """A span as minutes and seconds: 83 is 1:23, 3,700 is 1:01:40."""
    if value is None:
        return MISSING
    whole = int(rounded(abs(Decimal(value)), 0))
    hours, rest = divmod(whole, 3600)
    clock = f"{rest // 60}:{rest % 60:02d}" if not hours else f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return MINUS + clock if value < 0 and whole else clock


def change(new, old):
    """The relative change between two figures (0.25: a quarter more); None where one is missing or the old is zero."""
    if new is None or old is None or old == 0:
        return None
    return (Decimal(new) - Decimal(old)) / abs(Decimal(old))


def signed_percent(ratio, decimals=1):
    """A change as per cent with its sign: +4.1%, -2.0%, 0.0%."""
    text = percent(ratio, decimals)
    return f"+{text}" if ratio is not None and ratio > 0 and not is_zero(text) else text


def figure(value, unit="count", language="en", *, currency=None, short=True, decimals=None):
    """A metric's figure by its unit: count, money, ratio or seconds.

    `decimals` is how exactly the metric is kept (a click-through rate of four is shown as 4.12%). A ratio that means
    times rather than a share (return on ad spend) is kept with two: 3.25.
    """
    if unit == "money":
        return money(value, currency, language, short=short, decimals=decimals if not short else None)
    if unit == "seconds":
        return seconds(value)
    if unit == "ratio":
        return _ratio(value, 4 if decimals is None else decimals)
    return compact(value, language) if short else trimmed(value, decimals or 0)


def _ratio(value, decimals):
    return percent(value, decimals - 2) if decimals > 2 else plain(value, decimals)
