"""What an act changed of the plan, row by row: for the logbook, for the answer, and to undo it."""

from campaigns.actions.writing import visible_changes
from core.audit import plain
from core.batch import write
from core.errors import Stale
from core.swap import swap


class Trace:
    """Collects the changes of one act. `old` and `new` values stand side by side so that undo and redo are the same."""

    def __init__(self):
        self.rows = {}  # (label, id) → [version before, version after, {column: before}, {column: after}]
        self.made = []  # rows of links that did not exist before
        self.gone = []  # rows of links that exist no more, with all their columns
        self.sets = []  # (task id, relation, ids before)
        self.given = set()  # ids of organisations that tasks were given to

    def swap(self, row, *, seen=None, **changes):
        """As core.swap, and remembered."""
        version = row.lock_version
        diff = swap(row, seen=seen, **changes)
        if diff:
            values = {column_of(row, field): tuple(map(key_of, pair)) for field, pair in diff.items()}
            self.note(row._meta.label_lower, row.pk, version, row.lock_version, values)
            if "organization_id" in values:
                self.give(row)
        return diff

    def note(self, label, key, before, after, values=None):
        """A row counted up from one version to another; `values` {column: (before, after)} of what was decided."""
        values = values or {}
        entry = self.rows.setdefault((label, str(key)), [before, after, {}, {}])
        entry[1] = after
        entry[2] = {**{column: pair[0] for column, pair in values.items()}, **entry[2]}
        entry[3] |= {column: pair[1] for column, pair in values.items()}

    def before(self, label, key):
        """{column: value before} of a row, as far as the act decided it."""
        entry = self.rows.get((label, str(key)))
        return entry[2] if entry else {}

    def __bool__(self):
        return bool(self.rows or self.made or self.gone or self.sets)

    def related(self, task, name, rows):
        """Give a task these related rows; [names before, names after], empty when nothing changed."""
        relation = getattr(task, name)
        before, after = {each.pk: str(each) for each in relation.all()}, {each.pk: str(each) for each in rows}
        if before.keys() == after.keys():
            return {}
        relation.set(rows)
        getattr(task, "_prefetched_objects_cache", {}).clear()
        self.sets.append([str(task.pk), name, [str(key) for key in before]])
        return {name: [sorted(before.values()), sorted(after.values())]}

    def born(self, row):
        """A link was made."""
        self.made.append([row._meta.label_lower, str(row.pk), row.lock_version])
        self.give(row)

    def give(self, row):
        """A task is with an organisation now."""
        if row._meta.label_lower == "tasks.task" and row.organization_id is not None:
            self.given.add(row.organization_id)

    def dead(self, row):
        """A link is taken away; call before it is."""
        columns = {field.attname: plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}
        self.gone.append([row._meta.label_lower, columns])

    def count_up(self, row, seen=None):
        """A part of the row changed: its counter grows. Stale when somebody was quicker."""
        seen = row.lock_version if seen is None else seen
        if not write(type(row), (), [(row.pk, seen)]):
            raise Stale()
        row.lock_version = seen + 1
        self.note(row._meta.label_lower, row.pk, seen, seen + 1)

    def inverse(self):
        """What undo goes by, ready for the logbook. What was made is gone by undo, whatever happened to it after."""
        made = [(label, key) for label, key, _version in self.made]
        versions = {at: entry[1] for at, entry in self.rows.items()}
        rows = [[label, key, *entry] for (label, key), entry in self.rows.items() if (label, key) not in set(made)]
        born = [[label, key, versions.get((label, key), version)] for label, key, version in self.made]
        return plain({"rows": rows, "made": born, "gone": self.gone, "sets": self.sets})


def column_of(row, field):
    """The column behind a field: `parent` is kept as `parent_id`."""
    return row._meta.get_field(field).attname


def key_of(value):
    """A related row as its id, anything else as it is."""
    return getattr(value, "pk", value)


def shown(diff):
    """A diff without what the machine derives."""
    return {field: change for field, change in visible_changes(diff).items() if field != "position"}
