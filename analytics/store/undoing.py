"""A delivery taken back: its figures are again what they were before, and the history says so.

Works on the state: each figure the delivery wrote must still be as it left it, else nothing is undone.
"""

from django.db import connection

from analytics.store import dialect
from analytics.store.merging import Change

_KEY = ("object_id", "date_from", "date_to", "hour", "breakdown", "metric")
_KEYS = ", ".join(_KEY)


def _same_key(one, other):
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in _KEY)


def conflicts(workspace_id, origin_ids):
    """How many figures that these deliveries wrote were changed or removed by others since."""
    origins = [dialect.key(origin) for origin in origin_ids]
    several = dialect.slots(origins)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT COUNT(*) FROM analytics_factrevision r LEFT JOIN analytics_fact f ON {_same_key("f", "r")}
            WHERE r.workspace_id = %s AND (
                (r.origin_id IN ({several}) AND r.new_value IS NULL AND f.id IS NOT NULL
                    AND f.origin_id NOT IN ({several}))
                OR (r.origin_id IN ({several}) AND r.new_value IS NOT NULL
                    AND (f.id IS NULL OR f.origin_id NOT IN ({several}))
                    AND NOT EXISTS (SELECT 1 FROM analytics_factrevision own WHERE {_same_key("own", "r")}
                        AND own.origin_id IN ({several}) AND own.id > r.id AND own.new_value IS NULL AND f.id IS NULL))
                OR (r.old_origin_id IN ({several}) AND r.origin_id NOT IN ({several})
                    AND (f.id IS NULL OR f.origin_id NOT IN ({several}))))""",
            [dialect.key(workspace_id), *origins * 8],
        )
        return cursor.fetchone()[0]


def undo(workspace_id, links, origin_ids, undo_id, at):
    """Put back what the facts were before these deliveries. Returns `{link id: Change}` for the links given."""
    workspace, origins = dialect.key(workspace_id), [dialect.key(origin) for origin in origin_ids]
    with connection.cursor() as cursor:
        _find_earlier(cursor, workspace, origins)
        changes = {link: _touched(cursor, link, origins) for link in links}
        _note(cursor, workspace, origins, dialect.key(undo_id), dialect.moment(at))
        cursor.execute(
            f"DELETE FROM analytics_fact WHERE workspace_id = %s AND origin_id IN ({dialect.slots(origins)})",
            [workspace, *origins],
        )
        _restore(cursor, workspace, dialect.moment(at))
    return changes


def _find_earlier(cursor, workspace, origins):
    """pharos_earlier: of each figure the deliveries moved or removed, what it was before the first of them.

    A figure that one of them had brought itself was nothing before.
    """
    key = dialect.uuid_type()
    dialect.fresh_table(
        cursor,
        "pharos_earlier",
        "object_id bigint, date_from date, date_to date, hour smallint, breakdown varchar(200), metric varchar(40), "
        f"value numeric(24, 6), currency varchar(3), origin_id {key}",
        index="object_id",
    )
    several = dialect.slots(origins)
    cursor.execute(
        f"""INSERT INTO pharos_earlier SELECT {_KEYS}, old_value, currency, old_origin_id FROM analytics_factrevision r
        WHERE r.workspace_id = %s AND r.origin_id IN ({several}) AND r.old_value IS NOT NULL
        AND r.old_origin_id NOT IN ({several})
        AND NOT EXISTS (SELECT 1 FROM analytics_factrevision b WHERE {_same_key("b", "r")}
            AND b.origin_id IN ({several}) AND b.id < r.id)""",
        [workspace, *origins * 3],
    )


def _touched(cursor, link, origins):
    change, several = Change(), dialect.slots(origins)
    cursor.execute(
        f"""SELECT DISTINCT f.date_from, f.date_to FROM analytics_fact f
        WHERE f.account_link_id = %s AND f.origin_id IN ({several})
        UNION SELECT DISTINCT e.date_from, e.date_to FROM pharos_earlier e
        JOIN analytics_externalobject o ON o.id = e.object_id WHERE o.account_link_id = %s""",
        [dialect.key(link), *origins, dialect.key(link)],
    )
    change.touch(cursor.fetchall())
    return change


def _note(cursor, workspace, origins, undo_id, at):
    """The history of the undoing: figures that go or go back, then those that come back from nothing."""
    columns = f"workspace_id, {_KEYS}, old_value, new_value, currency, at, origin_id, old_origin_id"
    keys = ", ".join(f"f.{name}" for name in _KEY)
    cursor.execute(
        f"""INSERT INTO analytics_factrevision ({columns})
        SELECT f.workspace_id, {keys}, f.value, e.value, f.currency, %s, %s, f.origin_id
        FROM analytics_fact f LEFT JOIN pharos_earlier e ON {_same_key("e", "f")}
        WHERE f.workspace_id = %s AND f.origin_id IN ({dialect.slots(origins)})""",
        [at, undo_id, workspace, *origins],
    )
    keys = ", ".join(f"e.{name}" for name in _KEY)
    cursor.execute(
        f"""INSERT INTO analytics_factrevision ({columns})
        SELECT o.workspace_id, {keys}, NULL, e.value, e.currency, %s, %s, NULL
        FROM pharos_earlier e JOIN analytics_externalobject o ON o.id = e.object_id
        LEFT JOIN analytics_fact f ON {_same_key("f", "e")} WHERE f.id IS NULL""",
        [at, undo_id],
    )


def _restore(cursor, workspace, at):
    keys = ", ".join(f"e.{name}" for name in _KEY)
    cursor.execute(
        f"""INSERT INTO analytics_fact (workspace_id, account_link_id, {_KEYS}, value, currency, is_final, fetched_at,
            origin_id)
        SELECT %s, o.account_link_id, {keys}, e.value, e.currency, %s, %s, e.origin_id
        FROM pharos_earlier e JOIN analytics_externalobject o ON o.id = e.object_id""",
        [workspace, False, at],
    )
