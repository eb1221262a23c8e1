"""The plan as the schedule engine takes it: items, links, calendars. Plain values, no behaviour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tasks.rules.workdays import Calendar

STARTS_AT = ("snet", "snlt", "mso")
FINISHES_AT = ("fnet", "fnlt", "mfo")


@dataclass(frozen=True, slots=True)
class Item:
    """A task, a milestone or a summary (an item that is another one's parent).

    `duration` counts whole working days of the item's calendar, 0 is a milestone; a summary's is ignored, its dates
    are its children's. `calendar` is a key of Plan.calendars, None the default. `constraint` is "" or one of
    tasks.choices.Constraint, with its day. A pinned item starts on `pinned_start` whatever its links say (on the next
    working day if it has work to do; a milestone stays on that very day). `is_fixed`: it never moves, not even when
    everything around it does; it needs `pinned_start`. Actual days and `progress` (0…100) count in `project` only.
    """

    key: Any
    duration: int = 1
    parent: Any = None
    calendar: Any = None
    constraint: str = ""
    constraint_date: date | None = None
    deadline: date | None = None
    pinned_start: date | None = None
    is_fixed: bool = False
    actual_start: date | None = None
    actual_finish: date | None = None
    progress: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """The successor waits for the predecessor. `lag` counts working days of the default calendar, a lead is negative.

    FS: it starts after the other's finish; SS: not before the other's start; FF: it finishes not before the other's
    finish; SF: it finishes not before the other's start.
    """

    predecessor: Any
    successor: Any
    kind: str = "FS"
    lag: int = 0


@dataclass(frozen=True)
class Plan:
    """Everything the engine needs. `calendars` {key: Calendar}; the key None is the default (Monday to Friday).

    `direction` "forward" plans from `start`; "backward" plans everything as late as possible before the end of
    `finish`. `titles` {key: text} name items in sentences.
    """

    items: Sequence[Item]
    links: Sequence[Link] = ()
    calendars: Mapping = field(default_factory=dict)
    start: date | None = None
    finish: date | None = None
    direction: str = "forward"
    titles: Mapping = field(default_factory=dict)

    @property
    def calendar(self):
        """The default calendar."""
        return self.calendars.get(None) or MONDAY_TO_FRIDAY

    def title(self, key):
        """What a sentence calls an item."""
        return str(self.titles.get(key, key))


MONDAY_TO_FRIDAY = Calendar()
