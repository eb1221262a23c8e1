"""The whole plan of a campaign in one compact answer: columns instead of rows, numbers instead of words.

Ten thousand tasks are one answer of less than a megabyte. `tasks` and `links` hold one column per name in `fields` and
`link_fields`; a column of equal values is that value alone. Ids are one text: 16 bytes each, in base64. A day is its
distance from `epoch` (0 = none), a kind or state its place in the list of them, a parent or an end of a link the place
of its task, a phase, channel or person the place in its list (-1 = none).
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from tasks.choices import LinkKind, TaskKind, TaskState

EPOCH = date(2000, 1, 1)
FIELDS = ["id", "parent", "phase", "kind", "title", "state", "start", "finish", "duration", "progress"]
FIELDS += ["total_float", "free_float", "flags", "projected_finish", "organization", "channel", "assignees"]
FIELDS += ["lock_version", "effort", "deadline"]
LINK_FIELDS = ["predecessor", "successor", "kind", "lag", "late"]
CRITICAL, SUMMARY, PINNED, FIXED, PROBLEM = 1, 2, 4, 8, 16
KINDS, STATES, LINKS = TaskKind.values, TaskState.values, LinkKind.values


@dataclass
class Source:
    """What the feed is made of, as the database gives it: ids and days are texts."""

    columns: list  # of the tasks, as in FIELDS without assignees
    link_columns: list  # as in LINK_FIELDS
    assignees: list  # (task, person)
    problems: set = field(default_factory=set)  # ids of tasks with an open problem
    phases: list = field(default_factory=list)  # (id, name, start, finish, is_promotion)
    people: list = field(default_factory=list)  # (id, name)
    channels: list = field(default_factory=list)  # (id, label)
    organizations: list = field(default_factory=list)  # (id, name)
    baseline: dict | None = None  # {"id", "name", "tasks": [(task, start, finish)]}

    @cached_property
    def tasks(self):
        """The tasks as rows."""
        return list(zip(*self.columns, strict=True))

    @cached_property
    def links(self):
        """The links as rows."""
        return list(zip(*self.link_columns, strict=True))


class Numbers(dict):
    """Numbers of texts, each text read once; whole ones without a point, none is 0."""

    def __missing__(self, text):
        number = float(text or 0)
        self[text] = number = int(number) if number == int(number) else round(number, 2)
        return number


class Days(dict):
    """Days as numbers, each text read once; no day is 0."""

    def __missing__(self, text):
        number = (date.fromisoformat(str(text)[:10]) - EPOCH).days if text else 0
        self[text] = number
        return number


def day_of(number):
    """The day of a number of the feed; None for 0."""
    return EPOCH + timedelta(days=number) if number else None


def places(rows):
    """{id: place} of rows that begin with their id; what is not there has the place -1."""
    return {None: -1} | {row[0]: place for place, row in enumerate(rows)}


def plain(key):
    """An id as its 32 digits."""
    return str(key).replace("-", "")


def packed(keys):
    """Ids as one text."""
    return b64encode(bytes.fromhex("".join(keys).replace("-", ""))).decode()


def column(values):
    """Values as they stand, or the one that all of them are."""
    values = values if isinstance(values, list) else list(values)
    return values[0] if values and values.count(values[0]) == len(values) else values


def build(source):
    """The lists of the feed."""
    ids = source.columns[0]
    days, where = Days(), dict(zip(ids, range(len(ids)), strict=True))
    return {
        "epoch": EPOCH.isoformat(),
        "fields": FIELDS,
        "kinds": KINDS,
        "states": STATES,
        "count": len(ids),
        "tasks": _tasks(source, where, days) if ids else [],
        "link_fields": LINK_FIELDS,
        "link_kinds": LINKS,
        **_links(source.link_columns, where),
        "phases": [
            [plain(key), name, days[start], days[end], int(wave)] for key, name, start, end, wave in source.phases
        ],
        "people": [[plain(key), name] for key, name in source.people],
        "channels": [[plain(key), name] for key, name in source.channels],
        "organizations": [[plain(key), name] for key, name in source.organizations],
        "baseline": _baseline(source.baseline, where, days),
    }


def _tasks(source, where, days):
    """The columns in the order of FIELDS."""
    ids, parents, phases, kinds, titles, states, starts, ends, durations, progress = source.columns[:10]
    total, free, flags, projected, organizations, channels, versions, efforts, deadlines = source.columns[10:]
    day = days.__getitem__
    ends = list(map(day, ends))
    found = (
        [where.get(key, -1) for key in parents],
        map(places(source.phases).__getitem__, phases),
        map(_listed(KINDS), kinds),
        titles,
        map(_listed(STATES), states),
        map(day, starts),
        ends,
        durations,
        progress,
        total,
        free,
        _flags(ids, flags, source.problems),
        [0 if late == end else late for late, end in zip(map(day, projected), ends, strict=True)],
        map(places(source.organizations).__getitem__, organizations),
        map(places(source.channels).__getitem__, channels),
        _assigned(source, where),
        versions,
        map(Numbers().__getitem__, efforts),
        map(day, deadlines),
    )
    return [packed(ids), *map(column, found)]


def _listed(words):
    """word -> its place in the list of them."""
    return {word: place for place, word in enumerate(words)}.__getitem__


def _flags(ids, flags, problems):
    if not problems:
        return flags
    return [flag | PROBLEM if key in problems else flag for key, flag in zip(ids, flags, strict=True)]


def _assigned(source, where):
    """Per task the place of its person: -1 for nobody, a list for several."""
    person_at, single = places(source.people), dict(source.assignees)
    found = [person_at[single.get(key)] for key in where]
    if len(single) == len(source.assignees):
        return found
    several = {}
    for task, person in source.assignees:
        several.setdefault(task, []).append(person_at[person])
    for task, people in several.items():
        if task in where and len(people) > 1:
            found[where[task]] = people
    return found


def _links(columns, where):
    """The columns of links between tasks that are there."""
    ends = [[where.get(key, -1) for key in keys] for keys in columns[:2]]
    found = list(zip(*ends, map(_listed(LINKS), columns[2]), *columns[3:], strict=True))
    if -1 in ends[0] or -1 in ends[1]:
        found = [row for row in found if row[0] >= 0 and row[1] >= 0]
    return {"link_count": len(found), "links": list(map(column, zip(*found, strict=True)))}


def _baseline(baseline, where, days):
    if baseline is None:
        return None
    rows = [[where[task], days[start], days[end]] for task, start, end in baseline["tasks"] if task in where]
    return {"id": plain(baseline["id"]), "name": baseline["name"], "tasks": rows}


def span(built):
    """(first, last) day of the tasks and phases of a feed; None without any."""
    found = [number for row in built["phases"] for number in row[2:4] if number]
    for name in ("start", "finish", "projected_finish", "deadline"):
        values = built["tasks"][FIELDS.index(name)] if built["tasks"] else []
        found += filter(None, values if isinstance(values, list) else [values])
    return (day_of(min(found)), day_of(max(found))) if found else None


def ranges(is_off, first, last):
    """[[first, last]] of runs of days off between two days, as numbers."""
    found, day = [], first
    while day <= last:
        if is_off(day):
            number = (day - EPOCH).days
            if found and found[-1][1] == number - 1:
                found[-1][1] = number
            else:
                found.append([number, number])
        day += timedelta(days=1)
    return found
