"""The whole plan of a campaign in one compact answer: columns instead of rows, numbers instead of words.

Ten thousand tasks are one answer of less than a megabyte. `tasks` and `links` hold one column per name in `fields` and
`link_fields`; a column of equal values is that value alone. Ids are one text: 16 bytes each, in base64. A day is its
distance from `epoch` (0 = none), a kind or state its place in the list of them, a parent or an end of a link the place
of its task, a phase, channel or person the place in its list (-1 = none).

The columns are written as JSON here: ids are looked up as bytes, words are replaced by their numbers; days, numbers,
titles and places in lists pass through as the database wrote them. That is most of the time that would be spent on
turning every value into an object and back into text.
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
KEYS = {"id", "parent", "predecessor", "successor"}
DAYS = {"start", "finish", "projected_finish", "deadline"}
WORDS = {"kind", "state"}
KINDS, STATES, LINKS = TaskKind.values, TaskState.values, LinkKind.values


@dataclass
class Source:
    """What the feed is made of, as the database gives it: ids are their 32 digits, or bytes in columns."""

    written: list  # the columns of the tasks, as in FIELDS without assignees; bare, the titles a JSON list
    written_links: list  # the columns in LINK_FIELDS, bare
    work: list  # (person, name, tasks as bytes) in the order of names; also of tasks that are not there
    problems: set = field(default_factory=set)  # ids of tasks with an open problem
    phases: list = field(default_factory=list)  # (id, name, start, finish, is_promotion)
    channels: list = field(default_factory=list)  # (id, label)
    organizations: list = field(default_factory=list)  # (id, name)
    baseline: dict | None = None  # {"id", "name", "tasks": [(task, start, finish)]}, days as numbers

    @cached_property
    def where(self):
        """The place of each task by its id, as bytes; the place is text."""
        ids = unpacked(self.written[0])
        return dict(zip(ids, _numbers(len(ids)), strict=True))

    @cached_property
    def at_work(self):
        """(person, name, ids of tasks) of those who have a task to do."""
        found = ((person, name, unpacked(tasks)) for person, name, tasks in self.work)
        return [one for one in found if not self.where.keys().isdisjoint(one[2])]

    @property
    def people(self):
        """(id, name) of those who have a task to do."""
        return [(person, name) for person, name, _tasks in self.at_work]

    @cached_property
    def tasks(self):
        """The tasks as rows."""
        names = [name for name in FIELDS if name != "assignees"]
        return list(zip(*map(self._values, names, self.written), strict=True))

    @cached_property
    def links(self):
        """The links as rows."""
        return list(zip(*map(self._values, LINK_FIELDS, self.written_links), strict=True))

    @property
    def assignees(self):
        """(task, name), the people of a task in the order of their names."""
        return [(task.hex(), name) for _person, name, tasks in self.at_work for task in tasks if task in self.where]

    def _values(self, name, written):
        """The values of a column of this name: ids as digits, days and words as such."""
        if name in KEYS:
            return [None if key == NO_KEY else key.hex() for key in unpacked(written)]
        if name in WORDS:
            return pieces(written)
        values = json.loads(written or "[]" if name == "title" else f"[{written}]")
        if name in DAYS:
            return [day if day is None else EPOCH + timedelta(days=day) for day in values]
        rows = {"phase": self.phases, "organization": self.organizations, "channel": self.channels}.get(name)
        return values if rows is None else [rows[place][0] if place >= 0 else None for place in values]


class Json(bytes):
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


def column(texts):
    """A column of written values, or the one value that all of them are; a list would be taken for a column."""
    is_one = texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts) and texts[0][0] != "["
    return texts[0] if is_one else f"[{','.join(texts)}]"


def passed(written):
    """A column of numbers as the database wrote it, or the one number that all of them are."""
    return only(written) or f"[{written}]"


def only(written):
    """The one value that all of a column are, as written; None where they differ."""
    first, count = written.partition(",")[0], written.count(",") + 1
    return first if len(written) == count * (len(first) + 1) - 1 and written.count(first) == count else None


def listed(words, written):
    """A column of words as their places in the list of them. The longest first: one may be in another."""
    for word in sorted(words, key=len, reverse=True):
        written = written.replace(word, str(words.index(word)))
    return passed(written)


def days(written):
    """A column of days; none is 0."""
    return passed(written.replace("null", "0"))


def dumped(answer):
    """The JSON of an answer of which some values are written already, in bytes: few of them are more than ASCII."""
    written = ((name, value if isinstance(value, Json) else _json(value)) for name, value in answer.items())
    return b"{" + b",".join(_json(name) + b":" + value for name, value in written) + b"}"


def _json(value):
    return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":")).encode()


def _written(columns):
    return Json(b"[" + b",".join(column.encode() for column in columns) + b"]")


def build(source):
    """(the lists of the feed, the first and the last day in it or None)."""
    where = source.where
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
    return _written(
        (
            f'"{b64encode(ids).decode()}"',
            column(list(map(where.get, unpacked(parents), repeat("-1")))),
            passed(phases),
            listed(KINDS, kinds),
            titles,
            listed(STATES, states),
            *map(days, (starts, ends)),
            *map(passed, (durations, progress, total, free)),
            _flags(where, flags, source.problems),
            days(projected),
            *map(passed, (organizations, channels)),
            column(_assigned(source)),
            passed(versions),
            _efforts(efforts),
            days(deadlines),
        )
    )


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
    found = {}
    for place, (_person, _name, tasks) in enumerate(source.at_work):
        own = dict.fromkeys(tasks, str(place))
        for task in found.keys() & own.keys():
            own[task] = f"[{found[task].strip('[]')},{place}]"
        found |= own
    return list(map(found.get, source.where, repeat("-1")))


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
    found = (*map(column, ends), listed(LINKS, written[0]), *map(passed, written[1:]))
    return {"link_count": len(ends[0]), "links": _written(found)}


def _baseline(baseline, where):
    if baseline is None:
        return None
    places = ((where.get(bytes.fromhex(task)), days) for task, *days in baseline["tasks"])
    return baseline | {"tasks": [[int(place), *(day or 0 for day in days)] for place, days in places if place]}


def _span(written, phases):
    """(first, last) day of tasks and phases; None without any."""
    named = dict(zip((name for name in FIELDS if name != "assignees"), written, strict=True))
    found = set().union(*(_different(named[name]) for name in DAYS)) - {"null"}
    found = {*map(int, found), *(day for phase in phases for day in phase[2:4])} - {0}
    return (day_of(min(found)), day_of(max(found))) if found else None


def _different(written):
    """The values of a column, each once."""
    one = only(written)
    return {one} if one else set(pieces(written))


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
