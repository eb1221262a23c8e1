"""Who follows a moved item, and which constraints and pins keep everybody where they end up."""

from copy import copy

from tasks.schedule.bounds import hold_of
from tasks.schedule.passes import FAR, allowed, placed, span

FREE = ("", "asap", "snet")  # constraints that do not hinder keeping a gap
REPLACED = (*FREE, "alap")  # constraints that a day set by hand replaces


class Follow:
    """One pass over the network of a schedule with some tasks moved.

    `wanted` {place: day}, `days` {place: duration} of the moved tasks; `buffer` as in move(). `edits()` are
    the changed fields {key: {field: value}}; `held` {place: day} the moved tasks whose links allow no earlier day.
    """

    def __init__(self, state, wanted, days, buffer):
        self.state, self.net, self.buffer = state, copy(state.net), buffer
        self.net.days = [*state.net.days]
        for i, duration in days.items():
            self.net.days[i] = duration
        self.wanted, self.durations = wanted, days
        self.old, self.holds = state.positions, state.bounds.holds
        self.held, self.changed = {}, {}

    def edits(self):
        """Walk through the nodes in order; every node tells its successors how early they may be, and who moved."""
        net, old, axis = self.net, self.old, self.net.axis
        self.events = events = [-FAR] * (2 * net.size)
        events[0::2] = [self.state.anchor] * net.size
        moved = self.wanted.keys() | self.durations.keys()
        pinned = self.state.bounds.holds.keys() - moved
        carried = {}  # place: working days it is carried along
        near = self._near(moved) if self.buffer == "ignore" else ()
        for i in net.order:
            if i in moved:
                start, finish = self._moved(i)
            elif i >= len(net.keys):
                start, finish = placed(net, events, i)
            else:
                start, finish = self._follower(i, carried.get(i), i in near)
            events[2 * i], events[2 * i + 1] = start, finish
            is_still = i in pinned or (start == old[2 * i] and finish == old[2 * i + 1])
            for source, target, distance in net.out[i]:
                bound = events[source] + distance
                if bound > events[target]:
                    events[target] = bound
                if not is_still and events[source] != old[source]:  # at most that turned from morning to evening
                    days = axis.offset(events[source]) - axis.offset(old[source])
                    carried[target >> 1] = max(days, carried.get(target >> 1, days))
        return self.changed

    def _follower(self, i, carried, is_near):
        """Where a task ends up that is not moved itself."""
        net, item = self.net, self.state.items[i]
        if self.holds and i in self.holds:
            return placed(net, self.events, i, self.holds[i])
        links = allowed(net, self.events, i)
        lower = self.old[2 * i] if item.constraint == "alap" else self.state.bounds.lower[i]
        natural = span(net, i, max(links, lower))
        if is_near:
            return self._stay(i, item, natural)
        if carried is None or self.buffer != "keep" or not self._is_free(i, FREE):
            return natural
        target = span(net, i, max(links, net.axis.shifted(self.old[2 * i], carried)))
        was_held = item.constraint == "snet" and i not in self.state.evenings
        self._hold(i, item, target[0], span(net, i, links)[0], is_morning=was_held)
        return target

    def _stay(self, i, item, natural):
        """A direct successor stays: a pin where its links would push it, a constraint where they would let it go."""
        start, finish = self.old[2 * i], self.old[2 * i + 1]
        if natural[0] > start or (natural[0] < start and not self._is_free(i, FREE)):
            self._edit(i, pinned_start=self.state.planned_days[0][i])
        elif natural[0] < start:
            self._hold(i, item, start, natural[0])
        return start, finish

    def _moved(self, i):
        """Where a moved task ends up: pinned ones go where they are told, others wait for their links."""
        net, item = self.net, self.state.items[i]
        if i in self.durations:
            self._edit(i, duration=self.durations[i])
        if i not in self.wanted:
            self.events[2 * i] = max(self.events[2 * i], self.state.bounds.lower[i])
            return placed(net, self.events, i, self.state.bounds.holds.get(i))
        day = self.wanted[i]
        position = net.axis.after(day) if self._is_evening(i) else net.axis.position(day)
        if item.pinned_start is not None or not self._is_free(i, REPLACED):
            self._edit(i, pinned_start=day)
            return placed(net, self.events, i, hold_of(net, i, day))
        links, first = span(net, i, allowed(net, self.events, i))[0], span(net, i, position)[0]
        start, finish = span(net, i, max(links, first))
        self._hold(i, item, start, links, day, is_morning=links == first)
        if links > first and (net.days[i] or links > net.axis.after(day)):  # a milestone may be that evening
            self.held[i] = net.axis.day(links)
        return start, finish

    def _hold(self, i, item, start, links, day=None, is_morning=False):
        """A constraint where the links alone would put the task earlier; none where they put it just there.

        A milestone on the morning of a day needs one too: links may mean the evening before, which is the same moment.
        """
        if start > links or (is_morning and start == links and not self.net.days[i]):
            if self._is_evening(i):
                self._edit(i, constraint="fnet", constraint_date=day or self.net.axis.day(start - 1))
            else:
                self._edit(i, constraint="snet", constraint_date=day or self.net.axis.day(start))
        elif item.constraint:
            self._edit(i, constraint="asap", constraint_date=None)

    def _is_evening(self, i):
        """Whether a milestone is at the end of its day now: there it stays."""
        return not self.net.days[i] and i in self.state.evenings

    def _is_free(self, i, constraints):
        """Whether a constraint may give way to a new one; a milestone's day may be the end of it (fnet)."""
        constraint = self.state.items[i].constraint
        return constraint in constraints or (constraint == "fnet" and not self.net.days[i])

    def _edit(self, i, **fields):
        self.changed.setdefault(self.net.keys[i], {}).update(fields)

    def _near(self, moved):
        """Places of the tasks that wait for the moved ones without another task between."""
        net, found, rest, seen = self.net, set(), list(moved), set(moved)
        while rest:
            i = rest.pop()
            nodes = [target >> 1 for _source, target, _distance in net.out[i]]
            for node in [*nodes, *(node for node, tasks in net.firsts.items() if i in tasks)]:
                if node < len(net.keys):
                    found.add(node)
                elif node not in seen:
                    seen.add(node)
                    rest.append(node)
        return found - moved
