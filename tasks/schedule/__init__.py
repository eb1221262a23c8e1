"""The schedule engine: a plan of items, links and calendars in, dates, floats and the critical path out.

Whole working days, inclusive dates; semantics as in MS Project where it has one. Nothing here reads the clock or the
database; the same plan gives the same answer. What decides where an item is:

- Links are kept, and win over constraints; what a constraint or deadline cannot get is in `Schedule.missed`.
- Pinned and fixed items stay where they are; links they break are in `Schedule.late_links`, the red arrows.
- A summary begins with its first task and ends with its last. Links into it act on every task below it; links from it
  wait for its last finish (FS, FF) or its first start (SS, SF).
- A duration counts in the item's own calendar, a lag in the default calendar.
- A milestone that waits for work shows on the day that work ends, and what follows it starts the next working day. A
  pinned one shows on its day: what follows may start that day, unless what leads to it ends on that day.
- Total float counts to the end of the plan, or to a deadline or constraint that comes first; free float to the
  earliest successor, or to the end of the plan where there is none.
"""

from tasks.rules.plan import Item, Link, Plan
from tasks.rules.predecessors import format_predecessors, parse_predecessors
from tasks.rules.workdays import Calendar, WorkWeek, YearDays
from tasks.schedule.cycles import find_cycle
from tasks.schedule.moving import Change, move
from tasks.schedule.projecting import project
from tasks.schedule.results import Conflict, Dates, Missed, Projected
from tasks.schedule.solving import Schedule, backwards, solve

__all__ = [
    "Calendar",
    "Change",
    "Conflict",
    "Dates",
    "Item",
    "Link",
    "Missed",
    "Plan",
    "Projected",
    "Schedule",
    "WorkWeek",
    "YearDays",
    "backwards",
    "find_cycle",
    "format_predecessors",
    "move",
    "parse_predecessors",
    "project",
    "solve",
]
