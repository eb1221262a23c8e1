"""Rows made once by the product's own actions and written again for each test, without the work of making them."""

from copy import deepcopy

from django.db import connection, transaction

WRITES = ("INSERT", "UPDATE", "DELETE")


class Recording:
    """What `make` writes and returns; each `play` writes the same rows and returns a copy of its own.

    With `on`, `make` is handed what that recording returns, and `play` is asked where that one was played.
    """

    def __init__(self, make, on=None):
        self.make, self.statements = make, []
        with transaction.atomic():
            given = [on.play()] if on else []
            with connection.execute_wrapper(self._keep):
                self.made = make(*given)
            transaction.set_rollback(True)
        if connection.vendor == "postgresql":  # one way there and back instead of thirty
            with connection.cursor() as cursor:
                written = [cursor.mogrify(sql, params).decode() for sql, params in self.statements]
                self.statements = [(";".join(written), None)]

    def _keep(self, execute, sql, params, many, context):
        if sql.lstrip().startswith(WRITES):
            self.statements.append((sql, params))
        return execute(sql, params, many, context)

    def play(self, *given):
        """Where a commit is a real one (transaction=True), what follows it is part of the making: made anew there."""
        if not connection.in_atomic_block:
            return self.make(*given)
        with connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)
        return deepcopy(self.made)
