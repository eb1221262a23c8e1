"""Row locks: `FOR UPDATE` on PostgreSQL; on SQLite the single writer (BEGIN IMMEDIATE) is the lock."""

from django.db import connection


def locked(queryset):
    """The same rows, locked until the transaction ends where the database can."""
    return queryset.select_for_update() if connection.features.has_select_for_update else queryset
