"""The whole plan of a campaign in one compact answer: columns instead of rows, numbers instead of words.

Ten thousand tasks are one answer of less than a megabyte. `tasks` and `links` hold one column per name in `fields` and
`link_fields`; a column of equal values is that value alone. Ids are one text: 16 bytes each, in base64. A day is its
distance from `epoch` (0 = none), a kind or state its place in the list of them, a parent or an end of a link the place
of its task, a phase, channel or person the place in its list (-1 = none).

The columns are written as JSON here, from texts made once per different value; what the database wrote already passes
through. That is most of the time that would be spent on turning every value into an object and back into text.
"""

import json
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

    written: list  # JSON lists: the columns of the tasks, as in FIELDS without assignees
    written_links: list  # JSON lists: the columns in LINK_FIELDS
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
        return list(zip(*map(json.loads, self.written), strict=True))

    @cached_property
    def links(self):
        """The links as rows."""
        return list(zip(*map(json.loads, self.written_links), strict=True))


class Json(str):
    """Written JSON, which stands in the answer as it is."""


class Texts(dict):
    """What values are in the feed, as texts; `write` says it of each different value once."""

    def __init__(self, write):
        self.write = write

    def __missing__(self, value):
        self[value] = text = str(self.write(value))
        return text


def number_of(value):
    """A number, without a point if it is whole; none is 0."""
    number = float(value or 0)
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


def packed(keys):
    """Ids as one text."""
    return b64encode(bytes.fromhex("".join(keys).replace("-", ""))).decode()


def column(texts):
    """A column of written values, or the one value that all of them are."""
    texts = texts if isinstance(texts, list) else list(texts)
    return texts[0] if texts and texts.count(texts[0]) == len(texts) else f"[{','.join(texts)}]"


def passed(written):
    """A column of numbers as the database wrote it, or the one number that all of them are."""
    listed = written[1:-1].replace(" ", "")
    first = listed.partition(",")[0]
    return first if listed == ",".join([first] * (listed.count(",") + 1)) else f"[{listed}]"


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
    ids, days = json.loads(source.written[0]), Texts(day_number)
    where = dict(zip(ids, map(str, range(len(ids))), strict=True))
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


def _tasks(source, ids, where, days):
    """The columns in the order of FIELDS."""
    _ids, parents, phases, kinds, titles, states, starts, ends, durations, progress = source.written[:10]
    total, free, flags, projected, organizations, channels, versions, efforts, deadlines = source.written[10:]
    ends = _each(days, ends)
    found = (
        column([where.get(key, "-1") for key in json.loads(parents)]),
        column(_each(_places(source.phases), phases)),
        column(_each(_listed(KINDS), kinds)),
        titles,
        column(_each(_listed(STATES), states)),
        column(_each(days, starts)),
        column(ends),
        *map(passed, (durations, progress, total, free)),
        _flags(ids, flags, source.problems),
        column(["0" if late == end else late for late, end in zip(_each(days, projected), ends, strict=True)]),
        column(_each(_places(source.organizations), organizations)),
        column(_each(_places(source.channels), channels)),
        column(_assigned(source, where)),
        passed(versions),
        column(_each(Texts(number_of), efforts)),
        column(_each(days, deadlines)),
    )
    return Json(f"[{','.join((_json(packed(ids)), *found))}]")


def _each(texts, written):
    """Every value of a written column as its text."""
    return list(map(texts.__getitem__, json.loads(written)))


def _places(rows):
    """{id: its place as text} of rows that begin with their id."""
    return {key: str(place) for key, place in places(rows).items()}


def _listed(words):
    """{word: its place in the list of them, as text}."""
    return {word: str(place) for place, word in enumerate(words)}


def _flags(ids, flags, problems):
    if not problems:
        return passed(flags)
    numbers = zip(ids, json.loads(flags), strict=True)
    return column([str(flag | PROBLEM if key in problems else flag) for key, flag in numbers])


def _assigned(source, where):
    """Per task the place of its person: -1 for nobody, a list for several."""
    person_at, single = _places(source.people), dict(source.assignees)
    found = [person_at[single.get(key)] for key in where]
    if len(single) == len(source.assignees):
        return found
    several = {}
    for task, person in source.assignees:
        several.setdefault(task, []).append(person_at[person])
    for task, people in several.items():
        if task in where and len(people) > 1:
            found[int(where[task])] = f"[{','.join(people)}]"
    return found


def _links(written, where):
    """The columns of links between tasks that are there."""
    before, after = ([where.get(key, "") for key in json.loads(ends)] for ends in written[:2])
    kinds, lags, late = _each(_listed(LINKS), written[2]), *(_each(Texts(int), each) for each in written[3:])
    found = list(zip(before, after, kinds, lags, late, strict=True))
    if "" in before or "" in after:
        found = [row for row in found if row[0] and row[1]]
    listed = ",".join(map(column, zip(*found, strict=True)))
    return {"link_count": len(found), "links": Json(f"[{listed}]")}


def _baseline(baseline, where):
    if baseline is None:
        return None
    kept = ((int(where[task]), days) for task, *days in baseline["tasks"] if task in where)
    rows = [[place, *map(day_number, days)] for place, days in kept]
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
