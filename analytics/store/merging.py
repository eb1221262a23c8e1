"""A staged delivery becomes facts: what moved is written with its revision, what vanished leaves a tombstone.

Per slice of days a constant number of statements; a row that says what is known already is compared and left alone.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from analytics.choices import DAY
from analytics.store import dialect

KEY = ("object_id", "date_from", "date_to", "hour", "breakdown", "metric")
_KEYS = ", ".join(KEY)
_MOVED = "(i.value <> i.old_value OR i.currency <> i.old_currency)"
_FACT_OF_KEY = " AND ".join(f"f.{name} = s.{name}" for name in KEY)


@dataclass(frozen=True)
class Scope:
    """What a delivery speaks of: an account of a source, a level, breakdown dimensions, days (both included).

    `metrics` None: of every metric; else figures of others are left alone. `additive` are the metrics whose repeated
    rows add up. `settled` is the last day whose figures are final. `owns` False: nothing vanishes.
    """

    workspace_id: UUID
    account_link_id: UUID
    level: str
    dimensions: tuple
    day_from: date
    day_to: date
    origin_id: UUID
    at: datetime
    settled: date
    additive: Collection = frozenset()
    metrics: Collection | None = None
    owns: bool = True
    marks: bool = False


@dataclass
class Change:
    """What a delivery did: rows by kind, the days (and whether periods of several days) whose figures moved."""

    rows: int = 0
    added: int = 0
    moved: int = 0
    removed: int = 0
    days: set = field(default_factory=set)
    has_spans: bool = False

    @property
    def changed(self):
        """How many figures are not what they were."""
        return self.added + self.moved

    def touch(self, pairs):
        """Note (first day, last day) pairs of figures that moved."""
        for first, last in pairs:
            if first == last:
                self.days.add(as_day(first))
            else:
                self.has_spans = True


def merge(stage, scope):
    """Write the staged rows as facts of the scope and return the Change."""
    change = Change(rows=stage.rows)
    with connection.cursor() as cursor, dialect.lookups(cursor):
        _prepare(cursor)
        dialect.insert_rows(cursor, "pharos_span", ("date_from", "date_to"), sorted(stage.spans))
        for first, last in stage.slices(scope.day_from.isoformat(), scope.day_to.isoformat()):
            _merge_slice(cursor, stage, scope, change, first, last)
    return change


def remove_unmarked(scope):
    """Delete the facts of the scope that carry another origin than its own, and return the Change."""
    change = Change()
    with connection.cursor() as cursor, dialect.lookups(cursor):
        _prepare(cursor)
        first, last = scope.day_from.isoformat(), scope.day_to.isoformat()
        origin = [dialect.key(scope.origin_id)]
        change.removed = remove_where(cursor, scope, change, first, last, "f.origin_id <> %s", origin)
    return change


def as_day(value):
    """A day as either database gives it, as a date."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _prepare(cursor):
    dialect.fresh_table(
        cursor,
        "pharos_incoming",
        "object_id bigint, date_from date, date_to date, hour smallint, breakdown varchar(200), metric varchar(40), "
        "value numeric(24, 6), currency varchar(3), fact_id bigint, old_value numeric(24, 6), "
        f"old_currency varchar(3), old_origin {dialect.uuid_type()}",
    )
    dialect.fresh_table(cursor, "pharos_seen", "fact_id bigint PRIMARY KEY")
    dialect.fresh_table(cursor, "pharos_gone", "fact_id bigint")
    dialect.fresh_table(cursor, "pharos_span", "date_from date, date_to date")


def _merge_slice(cursor, stage, scope, change, first, last):
    dialect.empty_table(cursor, "pharos_incoming")
    seen = _compare(cursor, stage, scope, first, last)
    standing, unsettled = _standing(cursor, stage, scope, first, last)
    if scope.owns and standing and not _is_all_there(cursor, stage, scope, seen, first, last, standing):
        change.removed += _remove(cursor, stage, scope, change, seen, first, last)
    if moved := _note_moved(cursor, scope):
        _update(cursor, scope)
    change.moved += moved
    change.added += _insert(cursor, scope)
    if scope.marks:
        _mark(cursor, scope)
    cursor.execute(f"SELECT DISTINCT date_from, date_to FROM pharos_incoming i WHERE i.fact_id IS NULL OR {_MOVED}")
    change.touch(cursor.fetchall())
    if unsettled:
        _settle(cursor, scope, first, last)


def _compare(cursor, stage, scope, first, last):
    """Fill pharos_incoming: rows beside the fact that has their key already. Returns the table that has each key once.

    Where the staged rows do, those that say what is known already are left out.
    """
    staged, values = _staged(stage, scope, first, last)
    is_whole = stage.may_repeat or scope.marks
    new_or_moved = "f.id IS NULL OR s.value <> f.value OR s.currency <> f.currency"
    cursor.execute(
        f"""INSERT INTO pharos_incoming
        SELECT s.object_id, s.date_from, s.date_to, s.hour, s.breakdown, s.metric, s.value, s.currency,
               f.id, f.value, f.currency, f.origin_id
        FROM ({staged}) s LEFT JOIN analytics_fact f ON {_FACT_OF_KEY} {"" if is_whole else f"WHERE {new_or_moved}"}""",
        values,
    )
    dialect.analyse(cursor, "pharos_incoming (fact_id)")
    return "pharos_incoming" if is_whole else "pharos_stage"


def _staged(stage, scope, first, last):
    """SQL of the staged rows with one row per key: repeated rows of additive metrics add up, else the greatest."""
    source = "FROM pharos_stage WHERE date_from BETWEEN %s AND %s"
    if not stage.may_repeat:
        return f"SELECT {_KEYS}, value, currency {source}", [first, last]
    additive = sorted(scope.additive) or [""]
    value = f"CASE WHEN metric IN ({dialect.slots(additive)}) THEN {dialect.exact_sum('value')} ELSE MAX(value) END"
    figures = f"{_KEYS}, {value} AS value, MAX(currency) AS currency"
    if len(stage.parts) == 1:
        return f"SELECT {figures} {source} GROUP BY {_KEYS}", [*additive, first, last]
    newest = f"ROW_NUMBER() OVER (PARTITION BY {_KEYS} ORDER BY part DESC)"
    inner = f"SELECT {figures}, {newest} AS place {source} GROUP BY {_KEYS}, part"
    return f"SELECT {_KEYS}, value, currency FROM ({inner}) p WHERE place = 1", [*additive, first, last]


def _note_moved(cursor, scope):
    """Write the revisions of figures that move, and return how many these are."""
    cursor.execute(
        f"""INSERT INTO analytics_factrevision (workspace_id, {_KEYS}, old_value, new_value, currency, at, origin_id,
            old_origin_id)
        SELECT %s, {_KEYS}, old_value, value, old_currency, %s, %s, old_origin
        FROM pharos_incoming i WHERE i.fact_id IS NOT NULL AND {_MOVED}""",
        [dialect.key(scope.workspace_id), dialect.moment(scope.at), dialect.key(scope.origin_id)],
    )
    return cursor.rowcount


def _update(cursor, scope):
    """Give figures that moved their new value."""
    cursor.execute(
        f"""UPDATE analytics_fact SET value = i.value, currency = i.currency, is_final = i.date_to <= %s,
            fetched_at = %s, origin_id = %s
        FROM pharos_incoming i WHERE i.fact_id IS NOT NULL AND analytics_fact.id = i.fact_id AND {_MOVED}""",
        [scope.settled.isoformat(), dialect.moment(scope.at), dialect.key(scope.origin_id)],
    )


def _insert(cursor, scope):
    """Write new figures. Returns how many."""
    cursor.execute(
        f"""INSERT INTO analytics_fact (workspace_id, account_link_id, {_KEYS}, value, currency, is_final, fetched_at,
            origin_id)
        SELECT %s, %s, {_KEYS}, value, currency, date_to <= %s, %s, %s
        FROM pharos_incoming WHERE fact_id IS NULL""",
        [
            dialect.key(scope.workspace_id),
            dialect.key(scope.account_link_id),
            scope.settled.isoformat(),
            dialect.moment(scope.at),
            dialect.key(scope.origin_id),
        ],
    )
    return cursor.rowcount


def _mark(cursor, scope):
    """Give figures that did not move this origin too, so that what was not seen can be told at the end."""
    cursor.execute(
        f"""UPDATE analytics_fact SET fetched_at = %s, origin_id = %s
        FROM pharos_incoming i WHERE analytics_fact.id = i.fact_id AND NOT {_MOVED}""",
        [dialect.moment(scope.at), dialect.key(scope.origin_id)],
    )


_GRAINS = {
    "day": f"(f.date_from = f.date_to AND f.hour = {DAY})",
    "hour": f"(f.date_from = f.date_to AND f.hour <> {DAY})",
    "span": "EXISTS (SELECT 1 FROM pharos_span p WHERE p.date_from = f.date_from AND p.date_to = f.date_to)",
}


def _standing(cursor, stage, scope, first, last):
    """(facts of the scope that the delivery speaks of, facts of its days that have settled and are not yet final)."""
    inside, given = _inside(scope, "f", first, last)
    cursor.execute(
        f"""SELECT COUNT(CASE WHEN o.level = %s AND {inside} AND {_spoken_of(stage)} THEN 1 END),
            COUNT(CASE WHEN f.date_to <= %s AND NOT f.is_final THEN 1 END)
        FROM analytics_fact f JOIN analytics_externalobject o ON o.id = f.object_id
        WHERE f.workspace_id = %s AND f.account_link_id = %s AND f.date_from BETWEEN %s AND %s""",
        [scope.level, *given, scope.settled.isoformat(), *_account(scope), first, last],
    )
    return cursor.fetchone()


def _is_all_there(cursor, stage, scope, seen, first, last, standing):
    """Whether the delivery holds every fact that stands in the scope: its keys less the new ones are as many.

    No two facts and no two rows share a key, and all that makes a fact one of the scope is in its key and its object.
    So each of those rows is a fact of the scope and each another one, and none is left over when both are as many.
    """
    if stage.levels != {scope.level}:
        return False
    inside, values = _inside(scope, "s", first, last)
    cursor.execute(
        f"""SELECT (SELECT COUNT(*) FROM {seen} s WHERE {inside})
            - (SELECT COUNT(*) FROM pharos_incoming s WHERE s.fact_id IS NULL AND {inside})""",
        [*values, *values],
    )
    return cursor.fetchone()[0] == standing


def _remove(cursor, stage, scope, change, seen, first, last):
    """Delete facts of the scope that the delivery lacks; each leaves a revision without new value."""
    dialect.empty_table(cursor, "pharos_seen")
    cursor.execute(
        f"""INSERT INTO pharos_seen SELECT f.id FROM {seen} s JOIN analytics_fact f ON {_FACT_OF_KEY}
        WHERE s.date_from BETWEEN %s AND %s""",
        [first, last],
    )
    unseen = f"NOT EXISTS (SELECT 1 FROM pharos_seen i WHERE i.fact_id = f.id) AND {_spoken_of(stage)}"
    return remove_where(cursor, scope, change, first, last, unseen, [])


def _spoken_of(stage):
    """SQL of the facts `f` that a delivery speaks of: of all where it is empty.

    Hours split a day, and a period of several days is a figure of its own: a delivery of days says nothing of those.
    """
    return f"({' OR '.join(_GRAINS[grain] for grain in sorted(stage.grains)) or '1 = 1'})"


def remove_where(cursor, scope, change, first, last, condition, values):
    """Delete the facts `f` of the scope's days first … last for which the condition holds. Returns how many."""
    inside, given = in_scope(scope, first, last)
    dialect.empty_table(cursor, "pharos_gone")
    cursor.execute(
        f"""INSERT INTO pharos_gone SELECT f.id FROM analytics_fact f
        JOIN analytics_externalobject o ON o.id = f.object_id WHERE {inside} AND {condition}""",
        [*given, *values],
    )
    if not cursor.rowcount:
        return 0
    cursor.execute(
        f"""INSERT INTO analytics_factrevision (workspace_id, {_KEYS}, old_value, new_value, currency, at, origin_id,
            old_origin_id)
        SELECT workspace_id, {_KEYS}, value, NULL, currency, %s, %s, origin_id
        FROM analytics_fact WHERE id IN (SELECT fact_id FROM pharos_gone)""",
        [dialect.moment(scope.at), dialect.key(scope.origin_id)],
    )
    cursor.execute(
        "SELECT DISTINCT date_from, date_to FROM analytics_fact WHERE id IN (SELECT fact_id FROM pharos_gone)"
    )
    change.touch(cursor.fetchall())
    cursor.execute("DELETE FROM analytics_fact WHERE id IN (SELECT fact_id FROM pharos_gone)")
    return cursor.rowcount


def in_scope(scope, first, last):
    """(condition on fact `f` and its object `o`, values): the facts a scope owns in the days first … last."""
    inside, values = _inside(scope, "f", first, last)
    condition = f"f.workspace_id = %s AND f.account_link_id = %s AND o.level = %s AND {inside}"
    return condition, [*_account(scope), scope.level, *values]


def _account(scope):
    return [dialect.key(scope.workspace_id), dialect.key(scope.account_link_id)]


def _inside(scope, row, first, last):
    """(condition on the key of a row, values): whether the scope speaks of it, in first … last."""
    condition = f"{row}.date_from BETWEEN %s AND %s AND {row}.date_to <= %s"
    values = [first, last, scope.day_to.isoformat()]
    if not scope.dimensions:
        condition += f" AND {row}.breakdown = ''"
    else:
        names = [name.replace("!", "!!").replace("_", "!_").replace("%", "!%") for name in scope.dimensions]
        condition += f" AND {row}.breakdown LIKE %s ESCAPE '!'"
        condition += f" AND LENGTH({row}.breakdown) - LENGTH(REPLACE({row}.breakdown, '|', '')) = %s"
        values += ["|".join(f"{name}=%" for name in names), len(names) - 1]
    if scope.metrics is not None:
        known = sorted(scope.metrics) or [""]
        condition += f" AND {row}.metric IN ({dialect.slots(known)})"
        values += known
    return condition, values


def _settle(cursor, scope, first, last):
    """Figures whose days have settled by now are final, also where they did not move."""
    settled = scope.settled.isoformat()
    cursor.execute(
        """UPDATE analytics_fact SET is_final = %s WHERE workspace_id = %s AND account_link_id = %s
           AND date_from BETWEEN %s AND %s AND date_to <= %s AND is_final = %s""",
        [True, *_account(scope), first, min(last, settled), settled, False],
    )
