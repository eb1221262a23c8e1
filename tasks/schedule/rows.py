"""From positions to rows of days, offsets and floats: one list a column, then one Dates an item."""

from operator import sub

from tasks.schedule.results import Dates


def rows_of(state):
    """{key: Dates} of every item, in their order."""
    net = state.net
    if not net.keys:
        return {}
    count = len(net.keys)
    early, late, planned = state.early, _own_late(state), state.positions
    days = _Days(state, early, late, planned)
    early_days = days.columns(early, days.evenings)
    planned_days = early_days if planned is early else days.columns(planned, days.moved_evenings(planned))
    late_days = days.columns(late, days.moved_evenings(late), is_late=True)
    columns = [*planned_days, *early_days, *late_days, *_offsets(state, early), *_offsets(state, late)]
    total, free = _floats(state, early, late)
    columns += [total, free, [room <= 0 for room in total]]
    _sum_up(net, columns)
    rows = map(Dates._make, zip(net.keys, *(column[:count] for column in columns), strict=True))
    return dict(zip(net.keys, rows, strict=True))


def _own_late(state):
    """Late positions with those of pinned items as their successors allow them."""
    if not state.late_own:
        return state.late
    late = list(state.late)
    for i, (start, finish) in state.late_own.items():
        late[2 * i], late[2 * i + 1] = start, finish
    return late


class _Days:
    """Days of positions. A milestone that waits for the end of work shows on the day that work ends, as in MS Project;
    one that is held by a day, or by the start of other work, shows on that day; a pinned one on its very day."""

    def __init__(self, state, *events):
        self.state, self.net = state, state.net
        count = 2 * len(self.net.keys)
        self.low = min(min(each[:count]) for each in events) - 1
        self.days = self.net.axis.days(self.low, max(max(each[:count]) for each in events))
        self.milestones = [i for i, item in enumerate(state.items) if not item.duration and i not in self.net.children]
        self.evenings = evenings(self.net, state.early, state.bounds.lower) if self.milestones else set()

    def columns(self, events, evenings, is_late=False):
        """[start days, finish days] of all items."""
        low, days, count = self.low, self.days, 2 * len(self.net.keys)
        starts = [days[position - low] for position in events[0:count:2]]
        low += 1
        finishes = [days[position - low] for position in events[1:count:2]]
        for i in self.milestones:
            starts[i] = finishes[i] = self._moment(i, events[2 * i], i in evenings, is_late)
        return [starts, finishes]

    def _moment(self, i, position, is_evening, is_late):
        item = self.state.items[i]
        if i in self.state.bounds.holds and (item.is_fixed or not is_late):
            return item.pinned_start
        if not is_evening:
            return self.days[position - self.low]
        if is_late and self.net.axis.is_mixed:
            return self.net.axis.day(self.net.axis.shifted(position, -1))
        return self.days[position - 1 - self.low]

    def moved_evenings(self, events):
        """Milestones that show on the day before a position which is not their early one."""
        state = self.state
        return {
            i
            for i in self.milestones
            if (i in self.evenings if events[2 * i] == state.early[2 * i] else events[2 * i] > state.anchor)
        }


def evenings(net, events, lower):
    """Nodes without duration that are at the end of a day: nothing but the end of work put them where they are."""
    found = set()
    for i in net.order:
        if net.days[i]:
            continue
        position = events[2 * i]
        edges = [*net.into_start[i], *net.into_finish[i]]
        binding = [event for event, _target, distance in edges if events[event] + distance == position]
        if position > lower[i] and binding and all(_is_end(net, event, found) for event in binding):
            found.add(i)
    return found


def _is_end(net, event, evenings):
    node = event >> 1
    return bool(event & 1) if net.days[node] else node in evenings


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


def _sum_up(net, columns):
    """Fill in the summaries, the deepest first: first start, last finish, least float, critical if a task is."""
    for parent in summaries_upwards(net):
        children = net.children[parent]
        for n, column in enumerate(columns):
            values = [column[child] for child in children]
            is_finish = n < 10 and n % 2
            column[parent] = max(values) if is_finish or n == len(columns) - 1 else min(values)


def summaries_upwards(net):
    """Places of the summaries, each before its own parent."""
    found, rest = [], [i for i in net.children if net.parents[i] is None]
    while rest:
        summary = rest.pop()
        found.append(summary)
        rest += [child for child in net.children[summary] if child in net.children]
    return found[::-1]
