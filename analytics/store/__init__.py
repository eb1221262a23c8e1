"""The store: figures written and rolled up by sets of rows, the same on PostgreSQL and SQLite.

The only hand-written SQL of analytics. All of it runs inside the caller's transaction and leaves nothing but rows of
the tables it names.
"""

from analytics.store.merging import Change, Scope, merge, remove_unmarked
from analytics.store.rolling import Account, roll_up
from analytics.store.staging import Stage
from analytics.store.undoing import conflicts, undo

__all__ = ["Account", "Change", "Scope", "Stage", "conflicts", "merge", "remove_unmarked", "roll_up", "undo"]
