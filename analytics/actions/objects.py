"""Objects of the platforms as deliveries name them: found or made in bulk, their latest name kept."""

import hashlib

from django.utils import timezone

from analytics.models import ExternalObject

MOST_CACHED = 200_000
LONGEST_ID, LONGEST_NAME = 300, 500
AT_ONCE = 1000


class Objects:
    """The objects of one account link during one delivery: `(level, external id)` -> key of the row."""

    def __init__(self, link):
        self._link = link
        self._known = {}  # (level, external id) -> [id, name, parent id]
        self._moved = {}  # id -> (name, parent id)

    def find(self, records):
        """Make sure that the objects of the records and their parents exist."""
        if len(self._known) > MOST_CACHED:
            self._known.clear()
        parents = {}
        for record in records:
            if record.parent:
                level, external_id, name = record.parent
                parents[level, fitting(external_id)] = (name, None, None)
        self._ensure(parents)
        wanted = {}
        for record in records:
            parent = self._known[record.parent[0], fitting(record.parent[1])][0] if record.parent else None
            utm = getattr(record, "utm", None)
            wanted[record.level, fitting(record.external_id)] = (record.name, parent, utm)
        self._ensure(wanted)

    def key(self, record):
        """The key of a record's object."""
        return self._known[record.level, fitting(record.external_id)][0]

    def flush(self):
        """Write the names and parents that changed."""
        rows = [ExternalObject(pk=key, name=name, parent_id=parent) for key, (name, parent) in self._moved.items()]
        ExternalObject.objects.bulk_update(rows, ["name", "parent_id"], batch_size=500)
        self._moved = {}

    def _ensure(self, wanted):
        missing = [place for place in wanted if place not in self._known]
        self._read(missing)
        self._make({place: wanted[place] for place in missing if place not in self._known})
        for place, (name, parent, _utm) in wanted.items():
            known = self._known[place]
            name, parent = name[:LONGEST_NAME] or known[1], parent or known[2]
            if known[1:] != [name, parent]:
                known[1:] = [name, parent]
                self._moved[known[0]] = (name, parent)

    def _read(self, places):
        by_level = {}
        for level, external_id in places:
            by_level.setdefault(level, []).append(external_id)
        for level, ids in by_level.items():
            for start in range(0, len(ids), AT_ONCE):
                rows = ExternalObject.objects.filter(
                    account_link=self._link, level=level, external_id__in=ids[start : start + AT_ONCE]
                )
                for key, external_id, name, parent in rows.values_list("pk", "external_id", "name", "parent_id"):
                    self._known[level, external_id] = [key, name, parent]

    def _make(self, wanted):
        now = timezone.now()
        rows = [
            ExternalObject(
                workspace_id=self._link.workspace_id,
                account_link=self._link,
                level=level,
                external_id=external_id,
                name=name[:LONGEST_NAME],
                parent_id=parent,
                utm=utm or {},
                first_seen_at=now,
            )
            for (level, external_id), (name, parent, utm) in wanted.items()
        ]
        for row in ExternalObject.objects.bulk_create(rows, batch_size=500):
            self._known[row.level, row.external_id] = [row.pk, row.name, row.parent_id]


def fitting(external_id):
    """An id that fits its column; a longer one is cut and told apart by its hash."""
    if len(external_id) <= LONGEST_ID:
        return external_id
    return f"{external_id[: LONGEST_ID - 33]}#{hashlib.md5(external_id.encode(), usedforsecurity=False).hexdigest()}"
