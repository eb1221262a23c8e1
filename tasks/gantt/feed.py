"""The whole plan of a campaign in one compact answer: columns instead of rows, numbers instead of words.

Ten thousand tasks are one answer of less than a megabyte. `tasks` and `links` hold one column per name in `fields` and
`link_fields`; a column of equal values is that value alone. Ids are one text: 16 bytes each, in base64. A day is its
distance from `epoch` (0 = none), a kind or state its place in the list of them, a parent or an end of a link the place
of its task, a phase, channel or person the place in its list (-1 = none).

The columns are written as JSON here: those of the database are taken apart at their commas, and the text of each
different value is made once; numbers and titles pass through as the database wrote them. That is most of the time that
would be spent on turning every value into an object and back into text.
"""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import compress, repeat

from tasks.choices import LinkKind, TaskKind, TaskState

EPOCH = date(2000, 1, 1)
FIELDS = ["id", "parent", "phase", "kind", "title", "state", "start", "finish", "duration", "progress"]
FIELDS += ["total_float", "free_float", "flags", "projected_finish", "organization", "channel", "assignees"]
FIELDS += ["lock_version", "effort", "deadline"]
LINK_FIELDS = ["predecessor", "successor", "kind", "lag", "late"]
CRITICAL, SUMMARY, PINNED, FIXED, PROBLEM = 1, 2, 4, 8, 16
NUMBERS = {"duration", "progress", "total_float", "free_float", "flags", "lock_version", "effort", "lag", "late"}
KINDS, STATES, LINKS = TaskKind.values, TaskState.values, LinkKind.values


@dataclass
class Source:
    """What the feed is made of, as the database gives it: ids and days are texts."""

    written: list  # the columns of the tasks, as in FIELDS without assignees; bare, the titles a JSON list
    written_links: list  # the columns in LINK_FIELDS, bare
    written_assignees: list  # tasks, the person of each, bare; also of tasks that are not there
    problems: set = field(default_factory=set)  # ids of tasks with an open problem
    phases: list = field(default_factory=list)  # (id, name, start, finish, is_promotion)
    people: list = field(default_factory=list)  # (id, name)
    channels: list = field(default_factory=list)  # (id, label)
    organizations: list = field(default_factory=list)  # (id, name)
    baseline: dict | None = None  # {"id", "name", "tasks": [(task, start, finish)]}

    @cached_property
    def ids(self):
        """The ids of the tasks."""
        return pieces(self.written[0])

    @cached_property
    def doing(self):
        """Per task its person, None or a tuple of several."""
        tasks, people = map(pieces, self.written_assignees)
        found = dict(zip(tasks, people, strict=True))
        if len(found) < len(tasks):
            several = {}
            for task, person in zip(tasks, people, strict=True):
                several.setdefault(task, []).append(person)
            found |= {task: tuple(each) for task, each in several.items() if len(each) > 1}
        return list(map(found.get, self.ids))

    @cached_property
    def groups(self):
        """Which people do a task together."""
        return {one for one in set(self.doing) if isinstance(one, tuple)}

    @cached_property
    def at_work(self):
        """The ids of those who have a task to do."""
        return (set(self.doing) - self.groups - {None}).union(*self.groups)

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
        each = (
            (task, (one,) if isinstance(one, str) else one or ())
            for task, one in zip(self.ids, self.doing, strict=True)
        )
        return [(task, key) for task, keys in each for key in sorted(keys, key=order.get)]


class Json(str):
    """Written JSON, which stands in the answer as it is."""


class Texts(dict):
    """What values are in the feed, as texts by how the database wrote them; `write` is asked once for each."""

    def __init__(self, write):
        super().__init__(null="0")
        self.write = write

    def __missing__(self, written):
        self[written] = text = str(self.write(written))
        return text


def number_of(value):
    """A number, without a point if it is whole."""
    number = float(value)
    return int(number) if number == int(number) else round(number, 2)


def day_number(day):
    """A day, or its text, as a number; no day is 0."""
    return (date.fromisoformat(str(day)[:10]) - EPOCH).days if day else 0


def day_of(number):
    """The day of a number of the feed; None for 0."""
    return EPOCH + timedelta(days=number) if number else None


def places(rows):
    """{id: place} of rows that begin with their id; what is not there has the place -1."""
    return {None: -1} | {row[0]: place for place, row in enumerate(rows)}


def plain(key):
    """An id as its 32 digits."""
    return str(key).replace("-", "")


def pieces(written):
    """The values of a bare column as the database wrote them."""
    return written.split(",") if written else []


def values(name, written):
    """The values of a column of this name."""
    if name in NUMBERS or name == "title":
        return json.loads(written if name == "title" else f"[{written}]")
    return [None if one == "null" else one for one in pieces(written)]


def packed(written):
    """A column of ids as one text."""
    return b64encode(bytes.fromhex(plain(written).replace(",", ""))).decode()


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


def mapped(texts, written):
    """A column of what the values of a written one are in the feed."""
    one = only(written)
    return column(_each(texts, written)) if one is None else texts[one]


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
    ids, days = source.ids, Texts(day_number)
    where = dict(zip(ids, _numbers(len(ids)), strict=True))
    phases = [[key, name, *map(day_number, days), int(wave)] for key, name, *days, wave in source.phases]
    built = {
        "epoch": EPOCH.isoformat(),
        "fields": FIELDS,
        "kinds": KINDS,
        "states": STATES,
        "count": len(ids),
        "tasks": _tasks(source, ids, where, days) if ids else [],
        "link_fields": LINK_FIELDS,
        "link_kinds": LINKS,
        **_links(source.written_links, where),
        "phases": [[plain(key), *phase] for key, *phase in phases],
        "people": [[plain(key), name] for key, name in source.people],
        "channels": [[plain(key), name] for key, name in source.channels],
        "organizations": [[plain(key), name] for key, name in source.organizations],
        "baseline": _baseline(source.baseline, where),
    }
    return built, _span({*map(int, days.values()), *(day for phase in phases for day in phase[2:4])})


@lru_cache(maxsize=1)
def _numbers(count):
    """The places of so many rows as texts, kept: to make them takes twice as long as to say who stands where."""
    return list(map(str, range(count)))


def _tasks(source, ids, where, days):
    """The columns in the order of FIELDS."""
    _ids, parents, phases, kinds, titles, states, starts, ends, durations, progress = source.written[:10]
    total, free, flags, projected, organizations, channels, versions, efforts, deadlines = source.written[10:]
    ends, late = pieces(ends), pieces(projected)
    projected = [days[one] if one != end else "0" for one, end in zip(late, ends, strict=True)]
    found = (
        column(list(map(where.get, pieces(parents), repeat("-1")))),
        mapped(_places(source.phases), phases),
        mapped(_listed(KINDS), kinds),
        titles,
        mapped(_listed(STATES), states),
        mapped(days, starts),
        column(list(map(days.__getitem__, ends))),
        *map(passed, (durations, progress, total, free)),
        _flags(ids, flags, source.problems),
        column(projected),
        mapped(_places(source.organizations), organizations),
        mapped(_places(source.channels), channels),
        column(_assigned(source)),
        passed(versions),
        mapped(Texts(number_of), efforts),
        mapped(days, deadlines),
    )
    return Json(f"[{','.join((_json(packed(source.written[0])), *found))}]")


def _each(texts, written):
    """Every value of a written column as its text."""
    return list(map(texts.__getitem__, pieces(written)))


def _places(rows):
    """{id: its place as text} of rows that begin with their id."""
    return {"null": "-1"} | {row[0]: str(place) for place, row in enumerate(rows)}


def _listed(words):
    """{word: its place in the list of them, as text}."""
    return {word: str(place) for place, word in enumerate(words)}


def _flags(ids, flags, problems):
    if not problems:
        return passed(flags)
    numbers = zip(ids, pieces(flags), strict=True)
    return column([str(int(flag) | PROBLEM) if key in problems else flag for key, flag in numbers])


def _assigned(source):
    """Per task the place of its person: -1 for nobody, a list in the order of their names for several."""
    texts = {None: "-1", **_places(source.people)}
    for several in source.groups:
        texts[several] = f"[{','.join(sorted(map(texts.get, several), key=int))}]"
    return list(map(texts.__getitem__, source.doing))


def _links(written, where):
    """The columns of links between tasks that are there."""
    ends = [list(map(where.get, pieces(each))) for each in written[:2]]
    if None in ends[0] or None in ends[1]:
        kept = [before is not None and after is not None for before, after in zip(*ends, strict=True)]
        ends = [list(compress(each, kept)) for each in ends]
        written = [",".join(compress(pieces(each), kept)) for each in written]
    if not ends[0]:
        return {"link_count": 0, "links": []}
    found = *map(column, ends), mapped(_listed(LINKS), written[2]), *map(passed, written[3:])
    return {"link_count": len(ends[0]), "links": Json(f"[{','.join(found)}]")}


def _baseline(baseline, where):
    if baseline is None:
        return None
    places = ((where.get(task), days) for task, *days in baseline["tasks"])
    rows = [[int(place), *map(day_number, days)] for place, days in places if place]
    return {"id": plain(baseline["id"]), "name": baseline["name"], "tasks": rows}


def _span(numbers):
    """(first, last) day of numbers; None without any."""
    found = numbers - {0}
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
