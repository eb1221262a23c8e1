"""Sums of the roll-up, asked by text: the ORM takes longer to make such a question than the database to answer it.

`Rows` are narrowed word by word, as a queryset is; who may see them is said by whoever begins with `Rows`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from analytics.store import dialect
from core.money import MILLIONTHS

BY_PLACEMENT, WHOLE = "analytics_dailymetric", "analytics_dailytotal"  # the roll-up, and it added up over placements
LINKS = "analytics_objectlink"  # which objects' figures belong to which campaign and placement
DAYS, SUM = ("date", "date_to"), "sum"


@dataclass(frozen=True)
class Rows:
    """Rows of a table of the roll-up that fit all conditions."""

    table: str
    where: tuple = ()
    values: tuple = ()

    def that(self, condition, *values):
        """Those for which a condition holds as well."""
        return Rows(self.table, (*self.where, condition), (*self.values, *values))

    def of(self, column, key):
        """Those of one thing; None: those of none."""
        return self.that(f"{column} = %s", dialect.key(key)) if key else self.that(f"{column} IS NULL")

    def among(self, column, values: Iterable):
        """Those with one of the values, keys or words."""
        values = [dialect.key(value) if isinstance(value, UUID) else value for value in values]
        return self.that(f"{column} IN ({dialect.slots(values)})", *values) if values else self.none()

    def none(self):
        """No row at all."""
        return self.that("1 = 0")

    def of_days(self, first: date, last: date):
        """Daily rows of the days and period rows that lie wholly within them."""
        return self.that("date >= %s AND date_to <= %s", first.isoformat(), last.isoformat())

    def only_days(self):
        """Without the rows that state a whole period."""
        return self.that("date_to = date")

    def of_accounts_used_by(self, campaign):
        """Those of the ad accounts that a campaign's figures or its placements are in."""
        used = "SELECT 1 FROM {} u WHERE u.ad_account_id = a.id AND u.workspace_id = a.workspace_id"
        used += " AND u.campaign_id = %s"
        ways = " OR ".join(f"EXISTS ({used.format(table)})" for table in ("placements_placement", WHOLE))
        keys = [dialect.key(campaign.workspace_id), dialect.key(campaign.pk), dialect.key(campaign.pk)]
        accounts = f"SELECT a.id FROM placements_adaccount a WHERE a.workspace_id = %s AND ({ways})"
        return self.that(f"ad_account_id IN ({accounts})", *keys)


def sums(parts, by):
    """Rows `{part, …by, metric, currency, sum, incomplete: number of rows still arriving}` of `{name: Rows}`."""
    names, columns = list(parts), [*by, "metric", "currency"]
    asked = f"{', '.join(map(_bare, columns))}, {_added()}, COUNT(*) FILTER (WHERE NOT is_complete)"
    texts = [_text(f"{number}, {asked}", rows, columns) for number, rows in enumerate(parts.values())]
    read = [names.__getitem__, *map(_reader, columns), _reader(SUM), None]
    keys = ("part", *columns, SUM, "incomplete")
    return [dict(zip(keys, row, strict=True)) for row in _read(texts, parts.values(), read)]


def sums_of_periods(rows, by, periods):
    """Rows `{…by, metric, currency, name: sum or None for each of the periods}` of `{name: (first, last)}`."""
    columns, added = [*by, "metric", "currency"], _added()
    if len(periods) > 1:  # of a single one the rows are those of its days
        added += " FILTER (WHERE date >= %s AND date_to <= %s)"
    shown = ", ".join([*map(_bare, columns), *[added] * len(periods)])
    days = [day.isoformat() for period in periods.values() for day in period] if len(periods) > 1 else []
    read = [*map(_reader, columns), *[_reader(SUM)] * len(periods)]
    asked = Rows(rows.table, rows.where, (*days, *rows.values))
    keys = (*columns, *periods)
    return [dict(zip(keys, row, strict=True)) for row in _read([_text(shown, rows, columns)], [asked], read)]


def distinct(parts, by):
    """Tuples of the different values that columns have in the rows of all parts."""
    shown = ", ".join(map(_bare, by))
    texts = [_text(shown, rows, by) for rows in parts]
    return _read(texts, parts, [_reader(column) for column in by])


def _added():
    return "SUM(value)" if dialect.is_postgres() else MILLIONTHS.format("value")


def _text(shown, rows, grouped):
    return f"SELECT {shown} FROM {rows.table} WHERE {' AND '.join(rows.where)} GROUP BY {', '.join(grouped)}"


def _read(texts, parts, read):
    """What the statements find, made column by column into what it stands for."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), [value for rows in parts for value in rows.values])
        columns = zip(*cursor.fetchall(), strict=True)
    made = [_made(make, column) if make else column for make, column in zip(read, columns, strict=False)]
    return list(zip(*made, strict=True))


def _made(make, column):
    """What the values of a column stand for, made once for each different one; None stays None."""
    known = {value: None if value is None else make(value) for value in set(column)}
    return map(known.__getitem__, column)


def _bare(column):
    """A column without its type, which SQLite would have read for each single row."""
    return column if dialect.is_postgres() or column not in DAYS else f"+{column}"


def _reader(column):
    """What makes the values of a column; None where the database has made them."""
    if dialect.is_postgres():
        return None
    if column == SUM:
        return _of_millionths
    return date.fromisoformat if column in DAYS else UUID if column.endswith("_id") else None


def _of_millionths(value):
    return Decimal(value).scaleb(-6)
