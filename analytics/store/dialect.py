"""What differs between the two databases: keys, exact sums, and how many rows at once come in."""

from contextlib import contextmanager
from io import StringIO

from django.db import connection

from core.money import MILLIONTHS

TAB = "\t"
AT_ONCE = 400  # rows of one INSERT … VALUES: few parameters more than SQLite's oldest limit would be slower anyway


def is_postgres():
    """Whether the database is PostgreSQL (else it is SQLite)."""
    return connection.vendor == "postgresql"


def key(value):
    """A UUID (or None) as this database takes it."""
    return value if value is None or connection.features.has_native_uuid_field else value.hex


def uuid_type():
    """The column type of keys in temporary tables."""
    return "uuid" if is_postgres() else "char(32)"


def exact_sum(column):
    """SQL for a sum without rounding noise: SQLite keeps decimals as binary fractions, so it adds millionths."""
    if is_postgres():
        return f"SUM({column})"
    return f"{MILLIONTHS.format(column)} / 1000000.0"


def moment(value):
    """An aware time as this database takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def slots(values):
    """`%s, %s, …`, one for each value."""
    return ", ".join(["%s"] * len(values))


def fresh_table(cursor, name, columns, index=None):
    """An empty temporary table of this connection. `index` is a column by which rows are looked up.

    The index also saves PostgreSQL from its own guesses: of a table that was never analysed it expects a single row.
    """
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns})")
    if index:
        schema = "" if is_postgres() else "temp."  # PostgreSQL puts an index beside its table
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {schema}{name}_{index} ON {name} ({index})")
    empty_table(cursor, name)


def empty_table(cursor, name):
    """Take all rows out of a temporary table."""
    cursor.execute(f"TRUNCATE {name}" if is_postgres() else f"DELETE FROM {name}")


def along(index):
    """SQL behind a table's name: read it along this index. PostgreSQL finds the way by its statistics."""
    return "" if is_postgres() else f"INDEXED BY {index}"


@contextmanager
def lookups(cursor):
    """Join row by row through an index, as SQLite always does.

    Left to itself, PostgreSQL reads the whole fact table to compare some thousand figures with it, and what a delivery
    costs then grows with all that came before it. Ways that are switched off count as so dear that it would also
    compile each statement to machine code first, a quarter of a second for a handful of rows.
    """
    _let_join_whole_tables(cursor, "off")
    yield
    _let_join_whole_tables(cursor, "DEFAULT")


def _let_join_whole_tables(cursor, state):
    if is_postgres():
        for way in ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "jit"):
            cursor.execute(f"SET LOCAL {way} TO {state}")


def analyse(cursor, table):
    """Tell PostgreSQL how large a temporary table has become; without it, joins are planned for a handful of rows."""
    if is_postgres():
        cursor.execute(f"ANALYZE {table}")


def insert_rows(cursor, table, columns, rows):
    """Write a few rows (tuples) by INSERT … VALUES, some hundred at once."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = ", ".join(f"({slots(columns)})" for _row in some)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [value for row in some for value in row]
        )


def load_figures(cursor, table, columns, groups):
    """Write many rows given as (what is common, what is of each): COPY on PostgreSQL, one statement on SQLite.

    Returns how many. Both are made as they are read: SQLite's driver takes each before the next one is made (Django's
    cursor would keep them all), for the garbage collector walks through what is kept.
    """
    if is_postgres():
        text = StringIO(_copy_text([(common, list(some)) for common, some in groups], len(columns)))
        cursor.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)
    else:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        rows = (common + each for common, some in groups for each in some)
        with connection.wrap_database_errors:
            super(type(cursor.cursor), cursor.cursor).executemany(statement, rows)
    return cursor.rowcount


def _copy_text(groups, width):
    """Rows as COPY reads them; hardly ever do they hold anything that must be escaped."""
    lines = [_copy_lines(map(str, common), some) for common, some in groups]
    text, rows = "".join(lines), sum(len(some) for _common, some in groups)
    if text.count("\t") == rows * (width - 1) and text.count("\n") == rows and "\\" not in text and "\r" not in text:
        return text
    escaped = ((map(_escaped, common), [map(_escaped, each) for each in some]) for common, some in groups)
    return "".join([_copy_lines(common, some) for common, some in escaped])


def _copy_lines(common, some):
    before = TAB.join(common)
    return "".join([f"{before}\t{TAB.join(each)}\n" for each in some])


def _escaped(value):
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
