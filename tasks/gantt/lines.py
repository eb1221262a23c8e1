"""The plan as lines in the order one reads them, numbered: for the table, the print and the workbook."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from tasks.gantt.feed import CRITICAL, EPOCH, FIXED, PINNED, PROBLEM, SUMMARY, day_of, places
from tasks.rules import checks
from tasks.rules.predecessors import TypedLink, format_predecessors

GROUPS = ("phase", "owner", "channel")


@dataclass
class Line:
    """A group, a summary, a task or a milestone."""

    wbs: str  # 2.1.3: place in the tree
    title: str
    depth: int
    kind: str  # group, task, milestone
    number: int | None = None  # running number of the outline: what predecessors are typed by
    key: str = ""
    state: str = ""
    start: date | None = None
    finish: date | None = None
    projected: date | None = None
    deadline: date | None = None
    duration: int | None = None
    progress: int = 0
    total_float: int | None = None
    free_float: int | None = None
    effort: Decimal | None = None
    flags: int = 0
    people: list = field(default_factory=list)
    channel: str = ""
    organization: str = ""
    predecessors: str = ""
    baseline: tuple | None = None  # (start, finish)

    @property
    def pk(self):
        return UUID(self.key) if self.key else None

    is_group = property(lambda self: self.kind == "group")
    is_milestone = property(lambda self: self.kind == "milestone")
    is_critical = property(lambda self: bool(self.flags & CRITICAL))
    is_summary = property(lambda self: bool(self.flags & SUMMARY))
    has_problem = property(lambda self: bool(self.flags & PROBLEM))
    is_held = property(lambda self: bool(self.flags & (PINNED | FIXED)))

    @property
    def slip(self):
        """Calendar days the end moved since the baseline; None without one."""
        return (self.finish - self.baseline[1]).days if self.baseline and self.finish and self.baseline[1] else None


class Sheet:
    """All lines of a plan, grouped."""

    def __init__(self, source, group="phase", *, nobody="–"):
        self.source, self.group, self.nobody = source, group if group in GROUPS else "phase", nobody
        self.where = places(source.tasks)
        self.children = defaultdict(list)
        for place, row in enumerate(source.tasks):
            self.children[self.where.get(row[1], -1)].append(place)
        self.people = defaultdict(list)
        for task, name in source.assignees:
            self.people[task].append(name)
        self.words = dict(source.channels), dict(source.organizations)
        kept = (source.baseline or {}).get("tasks", [])
        self.kept = {task: (day_of(start), day_of(end)) for task, start, end in kept}
        self.outline = {key: n for n, key in enumerate(checks.outline([row[:2] for row in source.tasks]), 1)}
        self.numbers = self._numbers()

    def _numbers(self):
        """{place: number in the tree}, counted within phases: 2.1.3 is the third step of the first task of phase 2."""
        found = {}

        def count(rows, prefix):
            for n, place in enumerate(rows, 1):
                found[place] = f"{prefix}{n}"
                count(self.children[place], f"{prefix}{n}.")

        for n, (_key, _name, rows) in enumerate(self._phases(), 1):
            count(rows, f"{n}.")
        return found

    def _phases(self):
        """(id, name, top tasks) of each phase, those without one last."""
        phases = places(self.source.phases)
        rows = defaultdict(list)
        for place in self.children[-1]:
            rows[phases.get(self.source.tasks[place][2], -1)].append(place)
        found = [(phase[0], phase[1], rows[n]) for n, phase in enumerate(self.source.phases)]
        return [*found, *([(None, self.nobody, rows[-1])] if rows[-1] else [])]

    def lines(self):
        """Every line, in order."""
        if self.group == "phase":
            return [line for n, group in enumerate(self._phases(), 1) for line in self._phase(n, *group)]
        return [line for name, rows in self._gathered() for line in self._gathering(name, rows)]

    def _phase(self, number, key, name, rows):
        frame = next((phase[2:4] for phase in self.source.phases if phase[0] == key), (None, None))
        inside = [line for place in rows for line in self._branch(place, 1)]
        head = Line(str(number), name, 0, "group", key=key or "", start=frame[0], finish=frame[1])
        return [_spanned(head, inside), *inside]

    def _branch(self, place, depth):
        yield self.line(place, depth)
        for child in self.children[place]:
            yield from self._branch(child, depth + 1)

    def _gathered(self):
        """(name, places of tasks) per person or channel; a task of two people stands below both."""
        found = defaultdict(list)
        for place, row in enumerate(self.source.tasks):
            if self.children[place]:
                continue
            names = self.people[row[0]] if self.group == "owner" else [self.words[0].get(row[15], "")]
            for name in [one for one in names if one] or [""]:
                found[name].append(place)
        order = sorted(name for name in found if name)
        return [(name, found[name]) for name in order] + ([(self.nobody, found[""])] if "" in found else [])

    def _gathering(self, name, rows):
        inside = [self.line(place, 1) for place in rows]
        return [_spanned(Line("", name, 0, "group"), inside), *inside]

    def line(self, place, depth):
        row = self.source.tasks[place]
        problem = PROBLEM if row[0] in self.source.problems else 0
        return Line(
            self.numbers.get(place, ""),
            row[4],
            depth,
            row[3],
            self.outline[row[0]],
            row[0],
            state=row[5],
            start=row[6],
            finish=row[7],
            projected=row[7] if row[13] == EPOCH else row[13],
            deadline=row[18],
            duration=row[8],
            progress=row[9],
            total_float=row[10],
            free_float=row[11],
            effort=Decimal(str(row[17])).normalize() if row[17] else None,
            flags=int(row[12]) | problem,
            people=self.people[row[0]],
            channel=self.words[0].get(row[15], ""),
            organization=self.words[1].get(row[14], ""),
            predecessors=self.predecessors.get(row[0], ""),
            baseline=self.kept.get(row[0]),
        )

    @cached_property
    def predecessors(self):
        """{task: "3FS+2d; 5SS"} in the numbers of the outline."""
        found = defaultdict(list)
        known = (link for link in self.source.links if link[0] in self.outline)
        for before, after, kind, lag, _late in sorted(known, key=lambda link: self.outline[link[0]]):
            found[after].append(TypedLink(before, kind, lag))
        return {task: format_predecessors(links, self.outline) for task, links in found.items()}


def _spanned(head, lines):
    """The head of a group with the span of its tasks, its share of work done, and whether a task of it is critical."""
    starts, ends = [one.start for one in lines if one.start], [one.finish for one in lines if one.finish]
    if starts and ends:
        head.start, head.finish = min(starts), max(ends)
    work = [(one.duration or 0, one.progress) for one in lines if not one.is_summary]
    total = sum(weight for weight, _done in work)
    head.progress = round(sum(weight * done for weight, done in work) / total) if total else 0
    return head
