"""PostgreSQL with ids that are kept: a page reads the same thousand again and again."""

from django.db.backends.postgresql import base
from psycopg2.extensions import new_type, register_type

from core.ids import made

UUID_OIDS = (2950,)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        register_type(new_type(UUID_OIDS, "UUID", _read), connection)
        return connection


def _read(text, cursor):
    return None if text is None else made(text)
