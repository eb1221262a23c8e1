"""What a schedule has to say: links, constraints and deadlines not kept, years not published."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from tasks.schedule.calendars import unpublished_sentences
from tasks.schedule.network import SIDES
from tasks.schedule.results import Missed


def late_links(net, events, holds):
    """The links that the positions break: possible only around pinned and fixed items."""
    if not holds:
        return []
    around = {net.keys[i] for i in (*holds, *net.children)}
    near = [link for link in net.plan.links if link.successor in around or link.predecessor in around]
    return [link for link in near if _is_late(net, events, link)]


def _is_late(net, events, link):
    before, after = SIDES[link.kind]
    bound = net.axis.shifted(_event(net, events, link.predecessor, before), link.lag)
    place = _event(net, events, link.successor, after)
    return net.axis.offset(place) < net.axis.offset(bound)


def _event(net, events, key, side):
    """The position of an item's start (0) or finish (1); a summary has its first task's and its last task's."""
    i = net.index[key]
    if i not in net.children:
        return events[2 * i + side]
    return (max if side else min)(events[2 * task + side] for task in net.tasks_below(i))


def missed_days(schedule):
    """Constraints, deadlines and the plan's own start and finish that are not kept."""
    plan, found = schedule.plan, []
    for item in plan.items:
        if item.constraint_date is not None or item.deadline is not None:
            found += _missed_of(plan, item, Span(*schedule.days(item.key)))
    if plan.direction == "backward" and plan.start is not None and schedule.start and schedule.start < plan.start:
        text = _("To be ready in time the work would have had to start on %(day)s.") % {"day": say_day(schedule.start)}
        found.append(Missed(None, "start", plan.start, schedule.start, text))
    if plan.finish is not None and schedule.finish and schedule.finish > plan.finish:
        text = _("The plan ends on %(day)s, after its last day %(wanted)s.") % {
            "day": say_day(schedule.finish),
            "wanted": say_day(plan.finish),
        }
        found.append(Missed(None, "finish", plan.finish, schedule.finish, text))
    return found


class Span(NamedTuple):
    """The planned days of an item."""

    start: date
    finish: date


# constraint: which end of the item it speaks of, and whether the day is too early, too late or either
_KEPT = {
    "snet": lambda row, day: row.start >= day,
    "snlt": lambda row, day: row.start <= day,
    "fnet": lambda row, day: row.finish >= day,
    "fnlt": lambda row, day: row.finish <= day,
    "deadline": lambda row, day: row.finish <= day,
}
_ROLLED = {"snlt": 1, "fnet": -1}  # which way a day off is read


def _missed_of(plan, item, row):
    """At most one Missed for the constraint and one for the deadline."""
    found = [] if _keeps_constraint(plan, item, row) else [item.constraint]
    if item.deadline is not None and not _KEPT["deadline"](row, item.deadline):
        found.append("deadline")
    return [_missed(plan, item, row, code) for code in found]


def _keeps_constraint(plan, item, row):
    """Whether the constraint is kept; "on a day off" means the next working day, or the last one before it."""
    constraint, day = item.constraint, item.constraint_date
    if day is None:
        return True
    if constraint in ("mso", "mfo"):
        first, second = ("snlt", "snet") if constraint == "mso" else ("fnlt", "fnet")
        return _KEPT[first](row, _roll(plan, day, 1)) and _KEPT[second](row, _roll(plan, day, -1))
    return constraint not in _KEPT or _KEPT[constraint](row, _roll(plan, day, _ROLLED.get(constraint, 0)))


def _roll(plan, day, direction):
    """The working day itself, or the next (1) or last one before (-1) a day off."""
    calendar = plan.calendar
    if not direction or calendar.is_working(day):
        return day
    return calendar.add(day, 0 if direction > 0 else -1)


def _missed(plan, item, row, code):
    wanted = item.deadline if code == "deadline" else item.constraint_date
    day = row.start if code in ("snet", "snlt", "mso") else row.finish
    words = {"task": plan.title(item.key), "day": say_day(day), "wanted": say_day(wanted)}
    if code == "deadline":
        text = _("“%(task)s” is ready on %(day)s, after its deadline %(wanted)s.") % words
    elif code in ("snet", "snlt", "mso"):
        text = _("“%(task)s” starts on %(day)s, against its constraint %(wanted)s.") % words
    else:
        text = _("“%(task)s” finishes on %(day)s, against its constraint %(wanted)s.") % words
    return Missed(item.key, code, wanted, day, text)


def say_day(day):
    """A day as sentences show it."""
    return day.isoformat()


def warnings_of(schedule):
    """Sentences: years whose calendar is not published, pins on days off, summaries with days of their own."""
    if schedule.start is None:
        return []
    plan = schedule.plan
    used = {item.calendar for item in plan.items} - {None}
    calendars = [plan.calendar, *(plan.calendars[key] for key in used)]
    found = unpublished_sentences(calendars, schedule.start, schedule.finish)
    ignored = schedule.state.bounds.ignored
    for item in plan.items:
        if item.pinned_start is not None and item.duration and item.key not in ignored:
            start = schedule.days(item.key)[0]
            if start != item.pinned_start:
                found.append(
                    _("“%(task)s” is set on %(day)s, which is a day off; it starts on %(start)s.")
                    % {"task": plan.title(item.key), "day": say_day(item.pinned_start), "start": say_day(start)}
                )
    for key in ignored:
        found.append(
            _("“%(task)s” is a summary: its dates are those of its tasks, a day of its own means nothing.")
            % {"task": plan.title(key)}
        )
    return found
