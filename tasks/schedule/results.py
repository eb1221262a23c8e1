"""What the engine answers with."""

from datetime import date
from typing import Any, NamedTuple

from tasks.rules.plan import Link


class Dates(NamedTuple):
    """One item of a schedule. Days are inclusive; a milestone starts and finishes on the same day.

    `…_offset` count working days of the default calendar from the project's start; a finish offset is the start offset
    plus the duration (critical path method). Floats are whole working days of the item's calendar; a summary has the
    least of its tasks', and is critical when one of them is. Negative total float: a deadline, a constraint or a fixed
    item cannot be met.
    """

    key: Any
    start: date
    finish: date
    early_start: date
    early_finish: date
    late_start: date
    late_finish: date
    early_start_offset: int
    early_finish_offset: int
    late_start_offset: int
    late_finish_offset: int
    total_float: int
    free_float: int
    is_critical: bool


class Missed(NamedTuple):
    """A day that the plan does not keep. `code`: snet, snlt, fnet, fnlt, mso, mfo, deadline; start or finish of
    the plan (`key` None). `wanted` is the day, `day` what the plan comes to, `text` the sentence.
    """

    key: Any
    code: str
    wanted: date
    day: date
    text: str


class Conflict(NamedTuple):
    """What a move runs into. `code`: held (links allow no earlier start), fixed, late_link (with
    its `link`), missed."""

    code: str
    key: Any
    text: str
    link: Link | None = None


class Projected(NamedTuple):
    """How an item will end as things stand. `delay`: working days its finish is after (before: negative) the plan's."""

    key: Any
    start: date
    finish: date
    delay: int
