"""SQLite with a queue before its one writer.

SQLite lets whoever waits look again after growing pauses, and whoever has just written begin anew at once: under many
writers the same few win, others wait half a minute and are then told that the database is locked. Here one thread at a
time asks for the writer and the others stand in line behind it; whoever wants to write again goes to the end.

Ids that were read are kept: a page reads the same thousand again and again.
"""

import sqlite3
from threading import Lock

from django.db.backends.sqlite3 import base

from core.ids import made

TURN = Lock()


def waited_too_long():
    """What SQLite itself says to whoever waits too long."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


class DatabaseOperations(base.DatabaseOperations):
    def convert_uuidfield_value(self, value, expression, connection):
        return None if value is None else made(value)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def _start_transaction_under_autocommit(self):
        if not TURN.acquire(timeout=self.settings_dict["OPTIONS"]["timeout"]):
            with self.wrap_database_errors:
                raise waited_too_long()
        try:
            super()._start_transaction_under_autocommit()
        finally:
            TURN.release()
