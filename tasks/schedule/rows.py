"""From positions to rows of days, offsets and floats: one list a column, then one Dates an item."""

from itertools import repeat
from operator import sub

from tasks.schedule.results import Dates


def rows_of(state):
    """{key: Dates} of every item, in their order."""
    net, count = state.net, len(state.net.keys)
    if not count:
        return {}
    early, late = state.early, _own_late(state)
    early_days = state.planned_days if state.positions is early else days_of(state, early)
    columns = [*state.planned_days, *early_days, *days_of(state, late, is_late=True)]
    offsets = [*_offsets(state, early), *_offsets(state, late)]
    total, free = _floats(state, early, late)
    for column, take in zip((*offsets, total, free), (min, max, min, max, min, min), strict=True):
        sum_up(net, column, take)
    figures = [*offsets, total, free, [room <= 0 for room in total]]
    rows = map(tuple.__new__, repeat(Dates), zip(net.keys, *columns, *figures, strict=True))
    return dict(zip(net.keys, rows, strict=True))


def _own_late(state):
    """Late positions with those of pinned items as their successors allow them."""
    if not state.late_own:
        return state.late
    late = list(state.late)
    for i, (start, finish) in state.late_own.items():
        late[2 * i], late[2 * i + 1] = start, finish
    return late


def days_of(state, events, is_late=False):
    """[start days, finish days] of all items, summaries too.

    A milestone that waits for the end of work shows on the day that work ends, as in MS Project; one that is held by a
    day, or by the start of other work, shows on that day; a pinned one on its very day.
    """
    net, count = state.net, 2 * len(state.net.keys)
    if not count:
        return [[], []]
    places, ends = events[0:count:2], events[1:count:2]  # nothing ends before it starts
    low = min(places) - 1
    days = net.axis.days(low, max(ends))
    starts = [days[position - low] for position in places]
    low += 1
    finishes = [days[position - low] for position in ends]
    for i in state.milestones:
        position = events[2 * i]
        evening = i in state.evenings if position == state.early[2 * i] else position > state.anchor
        starts[i] = finishes[i] = _moment(state, i, position, evening, is_late)
    sum_up(net, starts, min)
    sum_up(net, finishes, max)
    return [starts, finishes]


def _moment(state, i, position, is_evening, is_late):
    """The day a milestone shows on."""
    item, axis = state.items[i], state.net.axis
    if i in state.bounds.holds and (item.is_fixed or not is_late):
        return item.pinned_start
    if is_evening and is_late and axis.is_mixed:  # the last day worked, not the day before a weekend's end
        return axis.day(axis.shifted(position, -1))
    return axis.day(position - 1 if is_evening else position)


def evenings(net, events, lower, at):
    """Nodes without duration that are at the end of a day: nothing but the end of work put them where they are.

    `at` {node: position}: moments that are the end of a day by themselves.
    """
    found, reached, blocked, days = set(), set(), set(), net.days
    for i in net.order:
        if events[2 * i] == at.get(i) or (i in reached and i not in blocked and events[2 * i] > lower[i]):
            found.add(i)
        for source, target, distance in net.out[i]:
            node = target >> 1
            if not days[node] and events[source] + distance == events[target]:
                is_end = source & 1 if days[i] else i in found
                (reached if is_end else blocked).add(node)
    return found


def _offsets(state, events):
    """[start offsets, finish offsets] in working days of the default calendar."""
    axis, count = state.net.axis, 2 * len(state.net.keys)
    zero = axis.offset(state.anchor)
    if axis.is_mixed:
        return [[axis.offset(position) - zero for position in events[side:count:2]] for side in (0, 1)]
    return [[position - zero for position in events[side:count:2]] for side in (0, 1)]


def _floats(state, early, late):
    """(total, free) floats in working days of each item's calendar."""
    net, count = state.net, len(state.net.keys)
    if not net.axis.is_mixed:
        return list(map(sub, late[0 : 2 * count : 2], early[0 : 2 * count : 2])), state.free[:count]
    total, free = [], []
    for i in range(count):
        number, start, finish = net.calendars[i].number_of, early[2 * i], early[2 * i + 1]
        total.append(number(late[2 * i]) - number(start))
        free.append(number(finish + state.free[i]) - number(finish))
    return total, free


def sum_up(net, column, take):
    """Fill in the summaries of a column, the deepest first, with the least or greatest value of their children."""
    for summary, values in net.summaries.items():
        column[summary] = take(values(column))
