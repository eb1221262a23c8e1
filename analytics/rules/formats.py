"""How much a figure changed, in words."""

from decimal import Decimal

from core.text import is_zero, percent


def change(new, old):
    """The relative change between two figures (0.25: a quarter more); None where one is missing or the old is zero."""
    if new is None or old is None or old == 0:
        return None
    return (Decimal(new) - Decimal(old)) / abs(Decimal(old))


def signed_percent(ratio, decimals=1):
    """A change as per cent with its sign: +4.1%, -2.0%, 0.0%."""
    text = percent(ratio, decimals)
    return f"+{text}" if ratio is not None and ratio > 0 and not is_zero(text) else text
