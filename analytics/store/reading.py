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
from core.ids import made
from core.money import MILLIONTHS

BY_PLACEMENT, WHOLE = "analytics_dailymetric", "analytics_dailytotal"  # the roll-up, and it added up over placements
LINKS = "analytics_objectlink"  # which objects' figures belong to which campaign and placement
RECORDS = "analytics_kpisource"  # the source of record of a KPI
METRICS, PLACEMENTS, PLANNED = "campaigns_metric", "placements_placement", "placements_dayallocation"
_CURRENCY = f"(SELECT p.currency FROM {PLACEMENTS} p WHERE p.id = placement_id)"  # of what is planned
DAYS, SUM = ("date", "date_to"), "sum"
IN_ORDER = ("campaign_id", "metric", *DAYS, "currency")  # as the index of `WHOLE` has them within a workspace


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


def sums(parts, by, currency=""):
    """Rows `{part, …by, metric, currency, sum, incomplete: whether any is still arriving}` of `{name: Rows}`. Money of
    `currency` is of all days together, without a date: only other money needs the rate of its day."""
    names, columns = list(parts), [*by, "metric", "currency"]
    apart = {"date": f"CASE WHEN currency = %s THEN NULL ELSE {_bare('date')} END"} if currency and "date" in by else {}
    shown = ", ".join(apart.get(column) or _bare(column) for column in columns)
    grouped = [str(place) if column in apart else column for place, column in enumerate(columns, 2)]
    folded = [_folded(rows, by) for rows in parts.values()]
    texts = [
        _text(f"{number}, {shown}, {added}, COUNT(*) FILTER (WHERE NOT is_complete)", rows, grouped)
        for number, (rows, added) in enumerate(folded)
    ]
    asked = [Rows(rows.table, rows.where, (*[currency] * len(apart), *rows.values)) for rows, _added in folded]
    read = [names.__getitem__, *map(_reader, columns), _reader(SUM), None]
    keys = ("part", *columns, SUM, "incomplete")
    return [dict(zip(keys, row, strict=True)) for row in _read(texts, asked, read)]


def sums_of_periods(rows, by, periods):
    """Rows `{…by, metric, currency, name: sum or None for each of the periods}` of `{name: (first, last)}`."""
    columns, (rows, added) = [*by, "metric", "currency"], _folded(rows, by)
    if len(periods) > 1:  # of a single one the rows are those of its days
        added += " FILTER (WHERE date >= %s AND date_to <= %s)"
    shown = ", ".join([*map(_bare, columns), *[added] * len(periods)])
    days = [day.isoformat() for period in periods.values() for day in period] if len(periods) > 1 else []
    read = [*map(_reader, columns), *[_reader(SUM)] * len(periods)]
    asked = Rows(rows.table, rows.where, (*days, *rows.values))
    keys = (*columns, *periods)
    return [dict(zip(keys, row, strict=True)) for row in _read([_text(shown, rows, columns)], [asked], read)]


def _folded(rows, by):
    """(rows, SQL of their sum). SQLite sorts what is not summed in the order of an index: it first adds the accounts
    and channels of each day up, so that only days are left to be sorted."""
    if dialect.is_postgres() or rows.table != WHOLE or set(by) - {"campaign_id"}:
        return rows, _added()
    shown = f"{', '.join(IN_ORDER)}, {_added()} AS value, MIN(is_complete) AS is_complete"
    return Rows(f"({_text(shown, rows, IN_ORDER)})", ("TRUE",), rows.values), "SUM(value)"


def distinct(parts, by):
    """Tuples of the different values that columns have in the rows of all parts."""
    shown = ", ".join(map(_bare, by))
    texts = [_text(shown, rows, by) for rows in parts]
    return _read(texts, parts, [_reader(column) for column in by])


def listed(rows, columns, order=""):
    """Tuples of columns of all rows."""
    text = _selected(", ".join(columns), rows) + (order and f" ORDER BY {order}")
    return _read([text], [rows], [_reader(column) for column in columns])


def planned(rows, through, currency=""):
    """Tuples (placement, planned in all, planned up to that day) of the media schedule, of one currency or of all."""
    rows, added = rows.that(f"{_CURRENCY} = %s", currency) if currency else rows, _added("amount")
    asked = Rows(rows.table, rows.where, (through.isoformat(), *rows.values))
    text = _text(f"placement_id, {added}, {added} FILTER (WHERE date <= %s)", asked, ["placement_id"])
    return _read([text], [asked], [_reader("placement_id"), _reader(SUM), _reader(SUM)])


def planned_otherwise(rows, currency):
    """Tuples (placement, currency, day, planned) of the media schedule in any other currency."""
    rows = rows.that(f"{_CURRENCY} <> %s", currency)
    text = _text(f"placement_id, {_CURRENCY}, {_bare('date')}, {_added('amount')}", rows, ["placement_id", "date"])
    return _read([text], [rows], [_reader("placement_id"), None, _reader("date"), _reader(SUM)])


def _added(column="value"):
    return f"SUM({column})" if dialect.is_postgres() else MILLIONTHS.format(column)


def _text(shown, rows, grouped):
    return f"{_selected(shown, rows)} GROUP BY {', '.join(grouped)}"


def _selected(shown, rows):
    return f"SELECT {shown} FROM {rows.table} WHERE {' AND '.join(rows.where)}"


def _read(texts, parts, read):
    """What the statements find, made column by column into what it stands for."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), [value for rows in parts for value in rows.values])
        columns = zip(*cursor.fetchall(), strict=True)
    meant = [_meant(make, column) if make else column for make, column in zip(read, columns, strict=False)]
    return list(zip(*meant, strict=True))


def _meant(make, column):
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
    return date.fromisoformat if column in DAYS else made if column == "id" or column.endswith("_id") else None


def _of_millionths(value):
    return Decimal(value).scaleb(-6)
