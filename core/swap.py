"""Compare-and-swap on `lock_version`: nobody's change vanishes unseen."""

from django.db.models import F
from django.utils import timezone

from core.errors import Stale


def swap(row, *, seen=None, **changes):
    """Write `changes` to `row` if its lock_version is still `seen` (default: the one in hand); else raise Stale.

    Returns {field: [before, after]} of what really changed. Writes nothing when nothing changed.
    """
    diff = {name: [getattr(row, name), value] for name, value in changes.items() if getattr(row, name) != value}
    seen = row.lock_version if seen is None else seen
    if not diff:
        if row.lock_version != seen:
            raise Stale()
        return {}
    now = timezone.now()
    values = {name: after for name, (_, after) in diff.items()} | {"updated_at": now}
    mine = type(row)._base_manager.filter(pk=row.pk, lock_version=seen)
    if not mine.update(**values, lock_version=F("lock_version") + 1):
        raise Stale()
    for name, (_before, after) in diff.items():
        setattr(row, name, after)
    row.lock_version, row.updated_at = seen + 1, now
    return diff


def erase(row, *, seen=None):
    """Delete `row` if its lock_version is still `seen` (default: the one in hand); else raise Stale."""
    mine = type(row)._base_manager.filter(pk=row.pk)
    seen = row.lock_version if seen is None else seen
    if not mine.filter(lock_version=seen).update(lock_version=F("lock_version") + 1):  # holds the row until it is gone
        raise Stale()
    mine.delete()
