"""What the operator answered to the questions of a report; nonsense is dropped, and the question is asked again."""

from dataclasses import dataclass, field

from analytics.importers import dates, numbers
from analytics.importers.names import meaning_of, normal
from core.money import is_currency

LEVELS = ("account", "campaign", "ad_group", "ad", "keyword", "search_term", "page", "event")


@dataclass(frozen=True)
class Answers:
    """Answers given now or remembered for the layout; `columns` maps a normalised header to its name or None."""

    columns: dict = field(default_factory=dict)
    level: str | None = None
    currency: str | None = None
    period: tuple | None = None
    date_order: str | None = None
    encoding: str | None = None
    number_format: str | None = None


def understood(given):
    """The Answers in a plain dict (as JSON gives it), keeping only what makes sense."""
    given = given if isinstance(given, dict) else {}
    columns = given.get("columns")
    columns = columns if isinstance(columns, dict) else {}
    return Answers(
        columns={normal(str(header)): name for header, name in columns.items() if name is None or _is_name(name)},
        level=_one_of(given.get("level"), LEVELS),
        currency=given["currency"] if is_currency(given.get("currency")) else None,
        period=_period(given.get("period")),
        date_order=_one_of(given.get("date_order"), (dates.DMY, dates.MDY)),
        encoding=given.get("encoding") if isinstance(given.get("encoding"), str) else None,
        number_format=_one_of(given.get("number_format"), (numbers.POINT, numbers.COMMA)),
    )


def _is_name(name):
    return isinstance(name, str) and meaning_of(name) is not None


def _one_of(value, allowed):
    return value if value in allowed else None


def _period(given):
    """(first, last) of {"from": "2026-08-01", "to": "2026-08-31"}, or None."""
    if not isinstance(given, dict):
        return None
    first, last = (dates.day(str(given.get(end, ""))) for end in ("from", "to"))
    return (first, last) if first and last and first <= last else None
