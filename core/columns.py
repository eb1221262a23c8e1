"""Many rows read as one value a column: the database writes it, and a single row has to be fetched."""

from functools import cached_property
from inspect import signature
from itertools import islice
from uuid import UUID

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


class Placed(Func):
    """The place of an id as text in a list of them, which `Prepared.rows` is given by this name; -1 where it is not."""

    template = "CASE %(expressions)s /*%(name)s*/ ELSE '-1' END"
    output_field = CharField()

    def __init__(self, key, name, **extra):
        super().__init__(key, name=name, **extra)


class Packed(Aggregate):
    """The ids of a group as one value; `packed` makes its bytes of it."""

    output_field = BinaryField()

    def as_sql(self, compiler, connection, **extra):
        template = PACKED[connection.vendor].format("%(expressions)s")
        return super().as_sql(compiler, connection, template=template, **extra)


class Prepared:
    """A question asked again and again about other ids. What Django makes of it is worked out once, which takes longer
    than most answers. `make` is given the ids and gives (sql, params)."""

    def __init__(self, make):
        self.make = make

    @cached_property
    def statement(self):
        """The SQL, and per parameter (it, its place among the ids or None)."""
        ids = [UUID(int=number) for number in range(1, len(signature(self.make).parameters) + 1)]
        sql, params = self.make(*ids)
        where = {_sent(key): place for place, key in enumerate(ids)}
        return sql, [(param, where.get(param)) for param in params]

    def rows(self, *ids, **lists):
        """The rows as the database gives them; `lists` are ids, as digits, for each `Placed`."""
        sql, params = self.statement
        for name, keys in lists.items():
            found = " ".join(f"WHEN '{key}' THEN '{place}'" for place, key in enumerate(keys))
            sql = sql.replace(f"/*{name}*/", found or "WHEN NULL THEN ''")
        with connection.cursor() as cursor:
            cursor.execute(sql, [param if place is None else _sent(ids[place]) for param, place in params])
            return cursor.fetchall()


def _sent(key):
    """An id as the database is asked for it."""
    return UUIDField().get_db_prep_value(key, connection)


def digits(key):
    """The digits of an id as the database gives it."""
    return key if isinstance(key, str) else key.hex


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


def listed(rows, *values):
    """(sql, params) of the columns that `columns` gives."""
    return _selected(rows, values, [LISTED] * len(values))


def bare(rows, *values, typed=(), along=""):
    """As `listed`, but each column is its values as they are with a comma between two of them, null for none: days,
    numbers and words of our own. Ids are bytes, 16 each, NO_KEY for none. What people typed is named in `typed` and
    stays a JSON list.

    `along` names the index that has the order of `rows`, which SQLite is told to walk; see `unsorted`.
    """
    return _selected(rows, values, [LISTED if value in typed else _way(rows.model, value) for value in values], along)


def bare_columns(rows, *values, typed=()):
    """The columns of `bare`, as the database gives them: None where there is no row."""
    return _fetched([bare(rows, *values, typed=typed)])


def unsorted(statement):
    """A statement for which PostgreSQL walks an index in the order asked for, where it would gather and sort the rows
    first; until the end of the transaction, which outside of one is this statement."""
    sql, params = statement
    return f"{UNSORTED}; {sql}" if connection.vendor == "postgresql" else sql, params


def _way(model, value):
    """How a column is written."""
    field = model._meta.get_field(value) if isinstance(value, str) else value.output_field
    if isinstance(getattr(field, "target_field", field), UUIDField):
        return PACKED
    return BARE if field.null else FULL


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


def side_by_side(*selected):
    """One statement of several that have one row each."""
    parts = [f"({sql}) AS part{n}" for n, (sql, _params) in enumerate(selected)]
    return f"SELECT * FROM {', '.join(parts)}", [one for _sql, own in selected for one in own]


def _fetched(selected):
    with connection.cursor() as cursor:
        cursor.execute(*side_by_side(*selected))
        return cursor.fetchone()
