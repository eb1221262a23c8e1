"""move(): what a changed start or duration does to everything behind it, before anybody saves it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from tasks.schedule.following import Follow
from tasks.schedule.reporting import say_day
from tasks.schedule.results import Conflict
from tasks.schedule.solving import Schedule, State


@dataclass(frozen=True)
class Change:
    """A move, worked out and not yet saved.

    `changes` {key: ((start, finish) before, (start, finish) after)} of all items whose days differ, summaries too.
    `items` {key: Item}: the items to save, with the constraints, pins and durations that make the new dates last:
    `solve(change.plan)` gives `change.schedule` again. `conflicts`: what the move runs into, as Conflict.
    """

    key: object
    changes: dict
    conflicts: list
    items: dict
    plan: object
    schedule: Schedule


def move(plan, schedule, key, *, start=None, duration=None, buffer="keep"):
    """The Change of giving an item another start day or duration (working days). `schedule` is solve(plan).

    `buffer` says what becomes of the items behind it: "keep": they keep the gap they have now and move as many working
    days as what they wait for; "use": the gap is used up first, and what was pushed comes back as far as its links
    allow; "ignore": they stay, and links turn late. Pinned and fixed items always stay. The item itself starts on the
    first working day from `start` that its links allow (a conflict `held` says so if that is later), unless it is
    pinned: then it goes where it is told. Moving a summary moves its tasks. In a plan made backwards from its launch
    the item is pinned, and what leads to it makes room; `buffer` does not matter there.

    Raises RuleBroken: `unknown_key`, `fixed`, `summary_duration`, `bad_duration`, `bad_buffer`.
    """
    _check(plan, schedule.state, key, start, duration, buffer)
    state = schedule.state
    wanted, conflicts = _wanted(state, key, start)
    days = {state.net.index[key]: duration} if duration is not None else {}
    follow = Follow(state, wanted, days, buffer)
    edits = _pins(state, wanted, days) if state.is_backward else follow.edits()
    new_plan = replace(plan, items=[replace(one, **edits[one.key]) if one.key in edits else one for one in plan.items])
    after = Schedule(State(state.net.with_items(new_plan)))
    conflicts += _held(plan, state, key, follow) + _news(plan, schedule, after)
    items = {new.key: new for old, new in zip(plan.items, new_plan.items, strict=True) if new is not old and new != old}
    return Change(key, _changes(schedule, after), conflicts, items, new_plan, after)


def _check(plan, state, key, start, duration, buffer):
    words = {"task": plan.title(key)}
    if key not in state.net.index:
        raise RuleBroken(_("The plan has no task %(key)s.") % {"key": plan.title(key)}, code="unknown_key")
    i = state.net.index[key]
    if buffer not in ("keep", "use", "ignore"):
        raise RuleBroken(_("The gap can be kept, used or ignored."), code="bad_buffer")
    if duration is not None and i in state.net.children:
        raise RuleBroken(_("A summary lasts as long as its tasks."), code="summary_duration")
    if duration is not None and duration < 0:
        raise RuleBroken(_("“%(task)s”: a duration cannot be negative.") % words, code="bad_duration")
    item = state.items[i]
    if start is not None and item.is_fixed and start != item.pinned_start and i not in state.net.children:
        raise RuleBroken(_("“%(task)s” is fixed and stays.") % words, code="fixed")


def _wanted(state, key, start):
    """({place: day} of the tasks that are moved themselves, conflicts): a summary's tasks move with it."""
    net, i = state.net, state.net.index[key]
    if start is None:
        return {}, []
    if i not in net.children:
        return {i: start}, []
    axis, starts, wanted, conflicts = net.axis, state.planned_days[0], {}, []
    days = axis.offset(axis.position(start)) - axis.offset(axis.position(starts[i]))
    for task in net.tasks_below(i):
        if state.items[task].is_fixed:
            text = _("“%(task)s” is fixed and stays.") % {"task": net.plan.title(net.keys[task])}
            conflicts.append(Conflict("fixed", net.keys[task], text))
        else:
            wanted[task] = axis.day(axis.shifted(axis.position(starts[task]), days))
    return wanted, conflicts


def _pins(state, wanted, days):
    """The edits in a plan made backwards."""
    keys = state.net.keys
    edits = {keys[i]: {"pinned_start": day} for i, day in wanted.items()}
    for i, duration in days.items():
        edits.setdefault(keys[i], {})["duration"] = duration
    return edits


def _held(plan, state, key, follow):
    """The conflict that links hold the item itself on a later day than wanted."""
    day = follow.held.get(state.net.index[key])
    if day is None:
        return []
    words = {"task": plan.title(key), "day": say_day(day)}
    text = _("“%(task)s” cannot start before %(day)s: its links do not allow it.") % words
    return [Conflict("held", key, text)]


def _news(plan, before, after):
    """Links that turned late and days that are missed now, which were not before."""
    known_links, known_missed = set(before.late_links), {one[:3] for one in before.missed}
    found = []
    for link in after.late_links:
        if link not in known_links:
            words = {"task": plan.title(link.successor), "other": plan.title(link.predecessor)}
            text = _("“%(task)s” stays and no longer waits for “%(other)s” as its link says.") % words
            found.append(Conflict("late_link", link.successor, text, link))
    missed = [one for one in after.missed if one[:3] not in known_missed]
    return found + [Conflict("missed", one.key, one.text) for one in missed]


def _changes(before, after):
    """{key: (days before, days after)} where they differ."""
    keys, old, new = before.state.net.keys, before.state.planned_days, after.state.planned_days
    rows = zip(keys, *old, *new, strict=True)
    return {key: ((a, b), (c, d)) for key, a, b, c, d in rows if a != c or b != d}
