"""What a task and a plan may be: days, durations, constraints, the place of a task among the others."""

from django.utils.translation import gettext as _

from core.errors import Invalid, RuleBroken
from tasks.choices import Constraint, Direction, TaskKind

LONGEST = 2000  # working days
LAG = 2000
DEEPEST = 8
YEARS = range(2000, 2101)
DAYS = ("start_date", "finish_date", "constraint_date", "deadline", "actual_start", "actual_finish", "launch_date")
DATED = frozenset(Constraint) - {Constraint.ASAP, Constraint.ALAP}
SCHEDULE = {"parent", "kind", "duration_days", "calendar", "constraint", "constraint_date", "deadline", "phase"}
SCHEDULE |= {"is_pinned", "is_fixed", "start_date", "finish_date", "state", "progress", "actual_start", "actual_finish"}
SCHEDULE |= {"assignees", "organization", "archived_at"}
"""The fields of a task from which its dates and those of others are worked out."""


def invalid(field, sentence, code=""):
    """The refusal of one field."""
    return Invalid(sentence, code=code or field, errors={field: sentence})


def first_day(plan_start, today):
    """The day offered for a new task: today where the work is under way, for nothing new begins in the past."""
    return today if plan_start < today else None


def check_days(values):
    """Every day of {field: day} lies between 2000 and 2100."""
    for field in DAYS:
        day = values.get(field)
        if day is not None and day.year not in YEARS:
            raise invalid(field, _("Use a day between 2000 and 2100."), "range")


def check_title(title):
    """A task says what is to be done."""
    if not title.strip():
        raise invalid("title", _("Say what is to be done."))


def check_numbers(*, duration_days=None, effort_hours=None, cost_amount=None, progress=None):
    """Durations, effort and cost that can be; None is not given."""
    if duration_days is not None and not 0 <= duration_days <= LONGEST:
        raise invalid("duration_days", _("Use 0 to %(most)s working days.") % {"most": LONGEST})
    if progress is not None and not 0 <= progress <= 100:
        raise invalid("progress", _("Give the progress in per cent, from 0 to 100."))
    for field, value in (("effort_hours", effort_hours), ("cost_amount", cost_amount)):
        if value is not None and value < 0:
            raise invalid(field, _("This cannot be negative."))
    if effort_hours is not None and effort_hours >= 1_000_000:
        raise invalid("effort_hours", _("That is more than a million hours."))


def settled_duration(kind, duration_days):
    """A milestone takes no time; a task at least a day."""
    return 0 if kind == TaskKind.MILESTONE else max(1, duration_days)


def check_constraint(constraint, day):
    """A constraint that names a day has one."""
    if constraint in DATED and day is None:
        raise invalid("constraint_date", _("Give the day of the constraint."))


def check_held(is_fixed, day):
    """What is fixed is fixed on a day."""
    if is_fixed and day is None:
        raise invalid("start_date", _("Give the day on which it is fixed."), "fixed_without_day")


def check_frame(*, direction, launch_date):
    """Planning backwards needs a day to plan back from."""
    if direction == Direction.BACKWARD and launch_date is None:
        raise invalid("launch_date", _("Give the day of the launch to plan back from."))


def check_period(start, finish):
    """A task ends on or after the day it starts."""
    if start and finish and finish < start:
        raise invalid("finish_date", _("The finish lies before the start."), "period")


def check_parent(parents, task_id, parent_id):
    """RuleBroken when a task would stand below itself or too deep; `parents` is {task id: parent id}."""
    chain = []
    step = parent_id
    while step is not None:
        if step == task_id:
            raise RuleBroken(_("A task cannot stand below itself."), code="own_descendant")
        chain.append(step)
        step = parents.get(step)
    if len(chain) + height(parents, task_id) > DEEPEST:
        raise RuleBroken(_("Sub-tasks may be %(most)s levels deep.") % {"most": DEEPEST}, code="too_deep")


def height(parents, task_id):
    """How many levels a task fills with its sub-tasks: 1 without any."""
    levels, row = 0, {task_id}
    while row:
        levels += 1
        row = {each for each, above in parents.items() if above in row} if task_id is not None else ()
    return levels


def check_lag(days):
    """A lag (or a lead, below 0) within reason."""
    if not -LAG <= days <= LAG:
        raise invalid("lag_days", _("Use a lag between -%(most)s and %(most)s working days.") % {"most": LAG})


def between(siblings, moved, place):
    """The ids of siblings with the moved ones among them, the first at `place` (None: the end)."""
    others = [each for each in siblings if each not in set(moved)]
    place = len(others) if place is None else max(0, min(place, len(others)))
    return [*others[:place], *moved, *others[place:]]


def below(parents, roots):
    """The roots and every task below them, as ids."""
    children = {}
    for each, above in parents.items():
        children.setdefault(above, []).append(each)
    found, waiting = [], list(roots)
    seen = set()
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            found.append(each)
            waiting += children.get(each, [])
    return found


def copy_title(title):
    """The title of a copy, no longer than a title may be."""
    words = _("%(title)s (copy)") % {"title": title}
    return words if len(words) <= 200 else words[:199] + "…"


def outline(rows):
    """The ids of rows [(id, parent id)] in the order of an outline: each before those below it, siblings as given."""
    known = {key for key, _parent in rows}
    children = {}
    for key, parent in rows:
        children.setdefault(parent if parent in known else None, []).append(key)
    order, waiting = [], children.get(None, [])[::-1]
    while waiting:
        key = waiting.pop()
        order.append(key)
        waiting += children.get(key, [])[::-1]
    return order


def in_words(warnings, language):
    """Warnings as a plan keeps them, in one language: [{"code", "task", "text"}]."""
    return [{**each, "text": each["text"].get(language) or each["text"]["en"]} for each in warnings]
