"""What differs between the two databases: keys, exact sums, and how many rows at once come in."""

from io import StringIO

from django.db import connection

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
    return f"SUM(CAST(ROUND({column} * 1000000) AS INTEGER)) / 1000000.0"


def moment(value):
    """An aware time as this database takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def slots(values):
    """`%s, %s, …`, one for each value."""
    return ", ".join(["%s"] * len(values))


def fresh_table(cursor, name, columns, index=None):
    """An empty temporary table of this connection. `index` is a column that SQLite looks rows up by."""
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns})")
    if index and not is_postgres():
        cursor.execute(f"CREATE INDEX IF NOT EXISTS temp.{name}_{index} ON {name} ({index})")
    cursor.execute(f"TRUNCATE {name}" if is_postgres() else f"DELETE FROM {name}")


def insert_rows(cursor, table, columns, rows):
    """Write a few rows (tuples) by INSERT … VALUES, some hundred at once."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = ", ".join(f"({slots(columns)})" for _row in some)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values}", [value for row in some for value in row]
        )


def load_rows(cursor, table, columns, rows):
    """Write many rows (tuples of plain values, None as NULL): COPY on PostgreSQL, one prepared statement on SQLite."""
    if is_postgres():
        text = StringIO("".join(f"{_copy_line(row)}\n" for row in rows))
        cursor.cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)
    else:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({slots(columns)})"
        cursor.executemany(statement, rows)


def _copy_line(row):
    return "\t".join(["\\N" if value is None else _escaped(value) for value in row])


def _escaped(value):
    text = str(value)
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
