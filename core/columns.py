"""Many rows read as one text a column: the database writes it, and a single row has to be fetched."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F

LISTED = {"sqlite": "json_group_array({})", "postgresql": "json_agg({})::text"}
BARE = {"sqlite": "group_concat(COALESCE({}, 'null'))", "postgresql": "string_agg(COALESCE({}::text, 'null'), ',')"}


class Made(dict):
    """What the values of a column stand for, `make` asked once for each different one; None stays None."""

    def __init__(self, make):
        super().__init__({None: None})
        self.make = make

    def __missing__(self, value):
        self[value] = made = self.make(value)
        return made


def columns(rows, *values, along=""):
    """The JSON text of a list for each of `values`, names of columns or expressions, in the order of `rows`.

    A day is an ISO text. Ids, truths and decimals are as the database writes them, which is not everywhere the same.
    `along` names the index that has that order. SQLite is told to walk it, where it would gather the rows first.
    """
    return [text or "[]" for text in _written(rows, values, along, [LISTED] * len(values))]


def bare_columns(rows, *values, typed=(), along=""):
    """As `columns`, but each is its values as they are with a comma between two of them, null for none: ids, days,
    numbers and words of our own. What people typed is named in `typed` and stays a JSON list."""
    ways = [LISTED if value in typed else BARE for value in values]
    written = _written(rows, values, along, ways)
    return [text or ("[]" if way is LISTED else "") for text, way in zip(written, ways, strict=True)]


def _written(rows, values, along, ways):
    """What an aggregate each makes of the values; None where there is nothing."""
    walks = along and connection.vendor == "sqlite"
    rows = rows.order_by() if walks else rows
    named = {f"c{n}": F(value) if isinstance(value, str) else value for n, value in enumerate(values)}
    try:
        sql, params = rows.annotate(**named).values_list(*named).query.sql_with_params()
    except EmptyResultSet:
        return [None] * len(values)
    if walks:
        table = connection.ops.quote_name(rows.model._meta.db_table)
        sql = sql.replace(f"FROM {table}", f"FROM {table} INDEXED BY {connection.ops.quote_name(along)}", 1)
    listed = ", ".join(way[connection.vendor].format(name) for way, name in zip(ways, named, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {listed} FROM ({sql}) AS chosen", params)
        return cursor.fetchone()
