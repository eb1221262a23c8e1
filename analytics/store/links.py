"""Whose figures an object's are: its own link, else that of its nearest linked ancestor, day by day."""

from datetime import date, timedelta

from analytics.store import dialect

FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)
_DEEPEST = 8


def assignments(cursor, account):
    """[(object id, first day, last day, campaign, placement, channel)] of the account's objects at its level.

    The intervals of one object never overlap: a nearer link goes before a farther one, a later start before an earlier.
    """
    by_object = {}
    for object_id, *candidate in _candidates(cursor, account):
        by_object.setdefault(object_id, []).append(candidate)
    return [(found, *row) for found, candidates in by_object.items() for row in effective(candidates)]


def _candidates(cursor, account):
    """(object, valid_from, valid_to, campaign, placement, channel), the one that counts first before the others."""
    cursor.execute(
        f"""WITH RECURSIVE chain (object_id, ancestor_id, depth) AS (
            SELECT id, id, 0 FROM analytics_externalobject
            WHERE account_link_id IN ({dialect.slots(account.links)}) AND level = %s
            UNION ALL
            SELECT c.object_id, o.parent_id, c.depth + 1 FROM chain c
            JOIN analytics_externalobject o ON o.id = c.ancestor_id
            WHERE o.parent_id IS NOT NULL AND c.depth < {_DEEPEST})
        SELECT c.object_id, k.valid_from, k.valid_to, k.campaign_id, k.placement_id, p.channel_id
        FROM chain c JOIN analytics_objectlink k ON k.object_id = c.ancestor_id
        LEFT JOIN placements_placement p ON p.id = k.placement_id
        ORDER BY c.object_id, c.depth, COALESCE(k.valid_from, %s) DESC""",
        [*map(dialect.key, account.links), account.level, FIRST],
    )
    return cursor.fetchall()


def effective(candidates):
    """Candidates `(valid_from, valid_to, …)`, best first, cut so that each day belongs to the first that has it."""
    free, found = [(FIRST, LAST)], []
    for valid_from, valid_to, *plan in candidates:
        first, last = _day(valid_from) or FIRST, _day(valid_to) or LAST
        found += [(max(first, start), min(last, end), *plan) for start, end in free if start <= last and first <= end]
        free = [piece for start, end in free for piece in _without(start, end, first, last)]
    return found


def _without(start, end, first, last):
    """What is left of start … end when first … last is taken out."""
    if last < start or end < first:
        return [(start, end)]
    left = [(start, first - timedelta(days=1))] if start < first else []
    return [*left, (last + timedelta(days=1), end)] if last < end else left


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value
