"""Row locks: `FOR UPDATE` on PostgreSQL; on SQLite the single writer (BEGIN IMMEDIATE) is the lock. And what it means
that a lock was not given."""

import logging
import sqlite3
from contextlib import contextmanager

from django.db import OperationalError, connection

logger = logging.getLogger("pharos.locks")
SQLITE_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # in the low byte; the rest says which kind
STATES = {  # of PostgreSQL
    "55P03": "no lock in time",
    "40P01": "deadlock",
    "40001": "others wrote what this read",
    "57014": "the statement took too long",
    "25P03": "the transaction waited too long",
    "53300": "too many connections",
    "57P01": "the server stops",
    "57P02": "the server broke down",
    "57P03": "the server starts",
}


def locked(queryset, *, no_key=False, skip=False):
    """The same rows, locked until the transaction ends where the database can. `no_key`: others may still refer to
    them, which is enough where keys stay as they are. `skip`: but for those that others have locked."""
    if not connection.features.has_select_for_update:
        return queryset
    return queryset.select_for_update(no_key=no_key, skip_locked=skip)


def is_busy(error):
    """Whether a database error says that somebody else is in the way, or that nobody answers: worth another try later.

    Whatever else the database complains of (a column that is not there, a full disk) is a fault of ours.
    """
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE_CODES
    state = getattr(cause, "pgcode", None)  # None: there was no answer at all
    return connection.vendor == "postgresql" and (state is None or state in STATES or state.startswith("08"))


@contextmanager
def let_be(what):
    """Where a busy database is no reason to fail: a note that may be missing."""
    try:
        yield
    except OperationalError as error:
        if not is_busy(error):
            raise
        logger.warning("%s was left out: %s", what, error)
