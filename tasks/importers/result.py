"""What a file with a plan holds, in the words of this project."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.errors import Invalid
from tasks.rules.plan import Item, Plan

MOST_TASKS = 20_000
MOST_LINKS = 100_000
DEEPEST_OUTLINE = 30
LONGEST_TASK = 30_000  # working days: what a task's row can hold
NAMED = 5  # tasks that a sentence names


class Unreadable(Invalid):
    """The file cannot be read as a plan: a sentence that says why."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class ImportedBaseline:
    """One saved state of a task: `number` 0…10 as in MS Project."""

    number: int
    start: date | None
    finish: date | None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedTask:
    """A line of a plan. `start` and `finish` are what the file says; `duration` working days of its `calendar`."""

    id: str
    name: str
    duration: int
    parent: str | None = None
    calendar: str | None = None
    constraint: str = ""
    constraint_date: date | None = None
    deadline: date | None = None
    pinned_start: date | None = None
    start: date | None = None
    finish: date | None = None
    actual_start: date | None = None
    actual_finish: date | None = None
    progress: int = 0
    effort_hours: Decimal | None = None
    cost: Decimal | None = None
    resources: tuple = ()  # names
    notes: str = ""
    baselines: tuple = ()


@dataclass(slots=True)
class ImportedPlan:
    """A plan read from a file. `links` are tasks.rules.plan.Link by task id; `calendars` {key: Calendar}, None is the
    plan's own. `warnings` say what could not be kept as it was."""

    layout: str
    tasks: list = field(default_factory=list)
    links: list = field(default_factory=list)
    calendars: dict = field(default_factory=dict)
    start: date | None = None
    finish: date | None = None
    direction: str = "forward"
    currency: str = ""
    warnings: list = field(default_factory=list)

    def plan(self, start, calendars=None):
        """The Plan for the schedule engine, from the file's own start or else the one given.

        `calendars` replace those of the file; tasks then count in the default one where theirs is not among them.
        """
        known = self.calendars if calendars is None else calendars
        items = [
            Item(
                key=task.id,
                duration=task.duration,
                parent=task.parent,
                calendar=task.calendar if task.calendar in known else None,
                constraint=task.constraint,
                constraint_date=task.constraint_date,
                deadline=task.deadline,
                pinned_start=task.pinned_start,
                actual_start=task.actual_start,
                actual_finish=task.actual_finish,
                progress=task.progress,
            )
            for task in self.tasks
        ]
        titles = {task.id: task.name for task in self.tasks}
        return Plan(items, self.links, known, self.start or start, self.finish, self.direction, titles)

    def differences(self, days):
        """Sentences for tasks whose days in the file are not those of `days` {id: (start, finish)}."""
        found = []
        for task in self.tasks:
            start, finish = days[task.id]
            if task.start and task.finish and (task.start, task.finish) != (start, finish):
                found.append(
                    _("“%(task)s” is %(start)s to %(finish)s in the file and %(new_start)s to %(new_finish)s here.")
                    % {
                        "task": task.name,
                        "start": task.start.isoformat(),
                        "finish": task.finish.isoformat(),
                        "new_start": start.isoformat(),
                        "new_finish": finish.isoformat(),
                    }
                )
        return found


def named(names):
    """The first names of a list, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - NAMED}


def refuse_too_many(count):
    """Raise Unreadable for more tasks than a plan may have."""
    if count > MOST_TASKS:
        raise Unreadable(_("The file has more than %(count)s tasks.") % {"count": f"{MOST_TASKS:,}"})
