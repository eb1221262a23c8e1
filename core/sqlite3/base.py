"""SQLite with a queue before its one writer.

SQLite lets whoever waits look again after growing pauses, and whoever has just written begin anew at once: under many
writers the same few win, others wait half a minute and are then told that the database is locked. Here one thread at a
time asks for the writer and the others stand in line behind it; whoever wants to write again goes to the end.
"""

from threading import Lock

from django.db import OperationalError
from django.db.backends.sqlite3 import base

TURN = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self):
        if not TURN.acquire(timeout=self.settings_dict["OPTIONS"]["timeout"]):
            raise OperationalError("database is locked")
        try:
            super()._start_transaction_under_autocommit()
        finally:
            TURN.release()
