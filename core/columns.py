"""Many rows read as one value a column: the database writes it, and a single row has to be fetched."""

from itertools import islice

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, BinaryField, CharField, F, Func, UUIDField

NO_KEY = bytes(16)
UNSORTED = "SET LOCAL enable_sort = off"
LISTED = {"sqlite": "json_group_array({})", "postgresql": "json_agg({})::text"}
BARE = {"sqlite": "group_concat(COALESCE({}, 'null'))", "postgresql": "string_agg(COALESCE({}::text, 'null'), ',')"}
FULL = {"sqlite": "group_concat({})", "postgresql": "string_agg({}::text, ',')"}  # of what is never null
PACKED = {
    "sqlite": f"group_concat(COALESCE({{}}, '{NO_KEY.hex()}'), '')",
    "postgresql": rf"string_agg(COALESCE(uuid_send({{}}), '\x{NO_KEY.hex()}'::bytea), '')",
}


class Made(dict):
    """What the values of a column stand for, `make` asked once for each different one; None stays None."""

    def __init__(self, make):
        super().__init__({None: None})
        self.make = make

    def __missing__(self, value):
        self[value] = made = self.make(value)
        return made


class Digits(Func):
    """An id as its 32 digits, without the work of making an id of each."""

    template = "%(expressions)s"  # as SQLite keeps it
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="encode(uuid_send(%(expressions)s), 'hex')", **extra)


class Packed(Aggregate):
    """The ids of a group as one value; `packed` makes its bytes of it."""

    output_field = BinaryField()

    def as_sql(self, compiler, connection, **extra):
        template = PACKED[connection.vendor].format("%(expressions)s")
        return super().as_sql(compiler, connection, template=template, **extra)


def packed(found):
    """The bytes of ids as the database gives them, 16 each: digits on SQLite."""
    return bytes.fromhex(found) if isinstance(found, str) else bytes(found or b"")


def columns(rows, *values):
    """The JSON text of a list for each of `values`, names of columns or expressions, in the order of `rows`.

    A day is an ISO text. Ids, truths and decimals are as the database writes them, which is not everywhere the same.
    """
    return columns_of((rows, values))[0]


def columns_of(*asked):
    """As `columns`, for each (rows, values): one question for all of them."""
    found = iter(_fetched([_selected(rows, values, [LISTED] * len(values)) for rows, values in asked]))
    return [[text or "[]" for text in islice(found, len(values))] for _rows, values in asked]


def bare_columns(rows, *values, typed=(), along=""):
    """As `columns`, but each is its values as they are with a comma between two of them, null for none: days, numbers
    and words of our own. Ids are bytes, 16 each, NO_KEY for none. What people typed is named in `typed` and stays a
    JSON list.

    `along` names the index that has the order of `rows`. Both databases are told to walk it, where they would gather
    and sort the rows first; PostgreSQL until the end of the transaction, which outside of one is this statement.
    """
    ways = [LISTED if value in typed else _way(rows.model, value) for value in values]
    opening = f"{UNSORTED}; " if along and connection.vendor == "postgresql" else ""
    written = _fetched([_selected(rows, values, ways, along)], opening)
    return [_bare(found, way) for found, way in zip(written, ways, strict=True)]


def _way(model, value):
    """How a column is written."""
    field = model._meta.get_field(value) if isinstance(value, str) else None
    if isinstance(getattr(field, "target_field", field), UUIDField):
        return PACKED
    return BARE if field is None or field.null else FULL


def _bare(found, way):
    return packed(found) if way is PACKED else found or ("[]" if way is LISTED else "")


def _selected(rows, values, ways, along=""):
    """(SELECT of an aggregate each of the values, its parameters); of NULLs where there is nothing."""
    vendor = connection.vendor
    rows = rows.order_by() if along and vendor == "sqlite" else rows
    named = {f"c{n}": F(value) if isinstance(value, str) else value for n, value in enumerate(values)}
    try:
        sql, params = rows.annotate(**named).values_list(*named).query.sql_with_params()
    except EmptyResultSet:
        return f"SELECT {', '.join(['NULL'] * len(named))}", ()
    if along and vendor == "sqlite":
        table, index = map(connection.ops.quote_name, (rows.model._meta.db_table, along))
        sql = sql.replace(f"FROM {table}", f"FROM {table} INDEXED BY {index}", 1)
    listed = ", ".join(way[vendor].format(name) for way, name in zip(ways, named, strict=True))
    return f"SELECT {listed} FROM ({sql}) AS chosen", params


def _fetched(selected, opening=""):
    """The one row that each of the statements has, side by side."""
    parts = [f"({sql}) AS part{n}" for n, (sql, _params) in enumerate(selected)]
    with connection.cursor() as cursor:
        cursor.execute(f"{opening}SELECT * FROM {', '.join(parts)}", [one for _sql, own in selected for one in own])
        return cursor.fetchone()
