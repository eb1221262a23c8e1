"""The whole plan of a campaign in one compact answer: columns instead of rows, numbers instead of words.

Ten thousand tasks are one answer of less than a megabyte. `tasks` and `links` hold one column per name in `fields` and
`link_fields`; a column of equal values is that value alone. Ids are one text: 16 bytes each, in base64. A day is its
distance from `epoch` (0 = none), a kind or state its place in the list of them, a parent or an end of a link the place
of its task, a phase, channel or person the place in its list (-1 = none).

The columns are written as JSON here: ids are looked up as bytes, words are replaced by their numbers; days, numbers and
titles pass through as the database wrote them. That is most of the time that would be spent on turning every value into
an object and back into text.
"""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import compress, repeat
from struct import Struct

from tasks.choices import LinkKind, TaskKind, TaskState

EPOCH = date(2000, 1, 1)
FIELDS = ["id", "parent", "phase", "kind", "title", "state", "start", "finish", "duration", "progress"]
FIELDS += ["total_float", "free_float", "flags", "projected_finish", "organization", "channel", "assignees"]
FIELDS += ["lock_version", "effort", "deadline"]
LINK_FIELDS = ["predecessor", "successor", "kind", "lag", "late"]
CRITICAL, SUMMARY, PINNED, FIXED, PROBLEM = 1, 2, 4, 8, 16
NO_KEY = bytes(16)
KEYS = {"id", "parent", "phase", "organization", "channel", "predecessor", "successor"}
DAYS = {"start", "finish", "projected_finish", "deadline"}
NUMBERS = {"duration", "progress", "total_float", "free_float", "flags", "lock_version", "effort", "lag", "late"}
KINDS, STATES, LINKS = TaskKind.values, TaskState.values, LinkKind.values


@dataclass
class Source:
    """What the feed is made of, as the database gives it: ids are their 32 digits, or bytes in columns."""

    written: list  # the columns of the tasks, as in FIELDS without assignees; bare, the titles a JSON list
    written_links: list  # the columns in LINK_FIELDS, bare
    work: list  # (person, tasks as bytes); also of tasks that are not there
    problems: set = field(default_factory=set)  # ids of tasks with an open problem
    phases: list = field(default_factory=list)  # (id, name, start, finish, is_promotion)
    people: list = field(default_factory=list)  # (id, name)
    channels: list = field(default_factory=list)  # (id, label)
    organizations: list = field(default_factory=list)  # (id, name)
    baseline: dict | None = None  # {"id", "name", "tasks": [(task, start, finish)]}, days as numbers

    @cached_property
    def ids(self):
        """The ids of the tasks, as bytes."""
        return unpacked(self.written[0])

    @cached_property
    def doing(self):
        """Per task who does it, with commas between several people; None for nobody."""
        found = {}
        for person, tasks in self.work:
            own = dict.fromkeys(unpacked(tasks), person)
            for task in found.keys() & own.keys():
                own[task] = f"{found[task]},{person}"
            found |= own
        return list(map(found.get, self.ids))

    @cached_property
    def groups(self):
        """Who does a task: one person or several together, as in `doing`."""
        return set(self.doing) - {None}

    @property
    def at_work(self):
        """The ids of those who have a task to do."""
        return {person for group in self.groups for person in group.split(",")}

    @cached_property
    def tasks(self):
        """The tasks as rows."""
        names = [name for name in FIELDS if name != "assignees"]
        return list(zip(*map(values, names, self.written), strict=True))

    @cached_property
    def links(self):
        """The links as rows."""
        return list(zip(*map(values, LINK_FIELDS, self.written_links), strict=True))

    @cached_property
    def assignees(self):
        """(task, person), the people of a task in the order of their names."""
        order = places(self.people)
        groups = {group: sorted(group.split(","), key=order.get) for group in self.groups} | {None: []}
        return [(task.hex(), key) for task, group in zip(self.ids, self.doing, strict=True) for key in groups[group]]


class Json(str):
    """Written JSON, which stands in the answer as it is."""


def number_of(value):
    """A number, without a point if it is whole."""
    number = float(value)
    return int(number) if number == int(number) else round(number, 2)


def day_number(day):
    """A day as a number; no day is 0."""
    return (day - EPOCH).days if day else 0


def day_of(number):
    """The day of a number of the feed; None for 0."""
    return EPOCH + timedelta(days=number) if number else None


def places(rows):
    """{id: place} of rows that begin with their id; what is not there has the place -1."""
    return {None: -1} | {row[0]: place for place, row in enumerate(rows)}


def pieces(written):
    """The values of a bare column as the database wrote them."""
    return written.split(",") if written else []


def unpacked(keys):
    """The ids of a column, as bytes."""
    return Struct("16s" * (len(keys) // 16)).unpack(keys)


def values(name, written):
    """The values of a column of this name: ids as digits, days as such."""
    if name in KEYS:
        return [None if key == NO_KEY else key.hex() for key in unpacked(written)]
    if name in DAYS | NUMBERS or name == "title":
        found = json.loads(written if name == "title" else f"[{written}]")
        return found if name not in DAYS else [day if day is None else EPOCH + timedelta(days=day) for day in found]
    return pieces(written)


def column(texts):
    """A column of written values, or the one value that all of them are; a list would be taken for a column."""
    is_one = texts and texts.count(texts[0]) == len(texts) and texts[0][0] != "["
    return texts[0] if is_one else f"[{','.join(texts)}]"


def passed(written):
    """A column of numbers as the database wrote it, or the one number that all of them are."""
    return only(written) or f"[{written}]"


def only(written):
    """The one value that all of a column are, as written; None where they differ."""
    first, count = written.partition(",")[0], written.count(",") + 1
    return first if len(written) == count * (len(first) + 1) - 1 and written.count(first) == count else None


def placed(rows, keys):
    """A column of the places of ids among rows that begin with their id."""
    texts = {NO_KEY: "-1"} | {bytes.fromhex(row[0]): str(place) for place, row in enumerate(rows)}
    first = keys[:16]
    if keys == first * (len(keys) // 16):
        return texts[first]
    return column(list(map(texts.__getitem__, unpacked(keys))))


def listed(words, written):
    """A column of words as their places in the list of them. The longest first: one may be in another."""
    for word in sorted(words, key=len, reverse=True):
        written = written.replace(word, str(words.index(word)))
    return passed(written)


def days(written):
    """A column of days; none is 0."""
    return passed(written.replace("null", "0"))


def dumped(answer):
    """The JSON of an answer of which some values are written already."""
    parts = (
        f"{json.dumps(name)}:{value if isinstance(value, Json) else _json(value)}" for name, value in answer.items()
    )
    return f"{{{','.join(parts)}}}"


def _json(value):
    return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))


def build(source):
    """(the lists of the feed, the first and the last day in it or None)."""
    where = dict(zip(source.ids, _numbers(len(source.ids)), strict=True))
    phases = [[key, name, *map(day_number, days), int(wave)] for key, name, *days, wave in source.phases]
    built = {
        "epoch": EPOCH.isoformat(),
        "fields": FIELDS,
        "kinds": KINDS,
        "states": STATES,
        "count": len(where),
        "tasks": _tasks(source, where) if where else [],
        "link_fields": LINK_FIELDS,
        "link_kinds": LINKS,
        **_links(source.written_links, where),
        "phases": phases,
        "people": source.people,
        "channels": source.channels,
        "organizations": source.organizations,
        "baseline": _baseline(source.baseline, where),
    }
    return built, _span(source.written, phases)


@lru_cache(maxsize=1)
def _numbers(count):
    """The places of so many rows as texts, kept: to make them takes twice as long as to say who stands where."""
    return list(map(str, range(count)))


def _tasks(source, where):
    """The columns in the order of FIELDS."""
    ids, parents, phases, kinds, titles, states, starts, ends, durations, progress = source.written[:10]
    total, free, flags, projected, organizations, channels, versions, efforts, deadlines = source.written[10:]
    found = (
        f'"{b64encode(ids).decode()}"',
        column(list(map(where.get, unpacked(parents), repeat("-1")))),
        placed(source.phases, phases),
        listed(KINDS, kinds),
        titles,
        listed(STATES, states),
        *map(days, (starts, ends)),
        *map(passed, (durations, progress, total, free)),
        _flags(source.ids, flags, source.problems),
        days(projected),
        placed(source.organizations, organizations),
        placed(source.channels, channels),
        column(_assigned(source)),
        passed(versions),
        _efforts(efforts),
        days(deadlines),
    )
    return Json(f"[{','.join(found)}]")


def _flags(ids, flags, problems):
    if not problems:
        return passed(flags)
    numbers = zip(ids, pieces(flags), strict=True)
    problems = set(map(bytes.fromhex, problems))
    return column([str(int(flag) | PROBLEM) if key in problems else flag for key, flag in numbers])


def _efforts(written):
    if only(written) == "null":
        return "0"
    efforts = pieces(written)
    numbers = {"null": "0"} | {one: str(number_of(one)) for one in {*efforts} - {"null"}}
    return column(list(map(numbers.get, efforts)))


def _assigned(source):
    """Per task the place of its person: -1 for nobody, a list in the order of their names for several."""
    order = {row[0]: place for place, row in enumerate(source.people)}
    texts = {None: "-1"}
    for group in source.groups:
        found = sorted(map(order.get, group.split(",")))
        texts[group] = str(found[0]) if len(found) == 1 else _json(found)
    return list(map(texts.__getitem__, source.doing))


def _links(written, where):
    """The columns of links between tasks that are there."""
    ends = [list(map(where.get, unpacked(each))) for each in written[:2]]
    written = written[2:]
    if None in ends[0] or None in ends[1]:
        kept = [before is not None and after is not None for before, after in zip(*ends, strict=True)]
        ends = [list(compress(each, kept)) for each in ends]
        written = [",".join(compress(pieces(each), kept)) for each in written]
    if not ends[0]:
        return {"link_count": 0, "links": []}
    found = *map(column, ends), listed(LINKS, written[0]), *map(passed, written[1:])
    return {"link_count": len(ends[0]), "links": Json(f"[{','.join(found)}]")}


def _baseline(baseline, where):
    if baseline is None:
        return None
    places = ((where.get(bytes.fromhex(task)), days) for task, *days in baseline["tasks"])
    return baseline | {"tasks": [[int(place), *(day or 0 for day in days)] for place, days in places if place]}


def _span(written, phases):
    """(first, last) day of tasks and phases; None without any."""
    named = dict(zip((name for name in FIELDS if name != "assignees"), written, strict=True))
    found = set().union(*(pieces(named[name]) for name in DAYS)) - {"null"}
    found = {*map(int, found), *(day for phase in phases for day in phase[2:4])} - {0}
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
