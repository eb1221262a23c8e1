"""Different values for many rows in one statement: UPDATE … FROM a JSON list, on both databases."""

import json
from uuid import UUID

from django.db import connection
from django.utils import timezone

TYPES = {"UUIDField": "uuid", "DateField": "date", "DateTimeField": "timestamptz", "BooleanField": "boolean"}
TYPES |= {"IntegerField": "integer", "SmallIntegerField": "integer", "PositiveSmallIntegerField": "integer"}
TYPES |= {"PositiveIntegerField": "integer", "CharField": "text", "TextField": "text", "DecimalField": "numeric"}
TYPES |= {"JSONField": "jsonb", "ForeignKey": "uuid", "OneToOneField": "uuid"}


def write(model, fields, rows):
    """Give rows of a Record model new values and count their `lock_version` up; return how many were written.

    `rows` are tuples (id, lock_version seen, value of each field …). A row whose lock_version is another one by now is
    left alone: fewer written than given means that somebody was quicker.
    """
    rows = list(rows)
    if not rows:
        return 0
    columns = [model._meta.get_field(name) for name in ("id", "lock_version", *fields)]
    plain = _plain_sqlite if connection.vendor == "sqlite" else _plain
    kinds = [field.get_internal_type() for field in columns]
    listed = json.dumps([list(map(plain, columns, kinds, row)) for row in rows])
    sql = _statement(model._meta.db_table, columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, [_now(), listed])
        return cursor.rowcount


def _now():
    now = timezone.now()
    return connection.ops.adapt_datetimefield_value(now) if connection.vendor == "sqlite" else now


def _plain(field, kind, value):
    """A value as JSON holds it and PostgreSQL reads it."""
    return value if value is None or isinstance(value, bool | int) or kind == "JSONField" else str(value)


def _plain_sqlite(field, kind, value):
    """A value as SQLite stores it."""
    if value is None or isinstance(value, bool | int):
        return value
    if kind == "DateField":
        return str(value)
    return value.hex if isinstance(value, UUID) else field.get_db_prep_save(value, connection)


def _statement(table, columns):
    name = connection.ops.quote_name
    table = name(table)
    values = ", ".join(f"{_value(field, number)} AS {name(field.column)}" for number, field in enumerate(columns))
    source = "jsonb_array_elements(%s::jsonb) AS one(value)" if connection.vendor == "postgresql" else "json_each(%s)"
    sets = "".join(f", {name(field.column)} = v.{name(field.column)}" for field in columns[2:])
    return (
        f"UPDATE {table} SET lock_version = {table}.lock_version + 1, updated_at = %s{sets} "
        f"FROM (SELECT {values} FROM {source}) AS v "
        f"WHERE {table}.id = v.id AND {table}.lock_version = v.lock_version"
    )


def _value(field, number):
    """The expression that reads one value of a listed row."""
    if connection.vendor != "postgresql":
        return f"json_extract(value, '$[{number}]')"
    kind = TYPES[field.get_internal_type()]
    if kind == "jsonb":
        return f"one.value -> {number}"
    return f"CAST(one.value ->> {number} AS {kind})"
