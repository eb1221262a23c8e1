"""Row locks: `FOR UPDATE` on PostgreSQL; on SQLite the single writer (BEGIN IMMEDIATE) is the lock."""

from django.db import connection


def locked(queryset, *, no_key=False, skip=False):
    """The same rows, locked until the transaction ends where the database can. `no_key`: others may still refer to
    them, which is enough where keys stay as they are. `skip`: but for those that others have locked."""
    if not connection.features.has_select_for_update:
        return queryset
    return queryset.select_for_update(no_key=no_key, skip_locked=skip)
