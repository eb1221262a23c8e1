"""Who follows a moved item, and which constraints and pins keep everybody where they end up."""

from copy import copy

from tasks.schedule.bounds import hold_of
from tasks.schedule.passes import FAR, allowed, placed, span

NONE = ("", "asap")
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
        net, old, days, out, lower = self.net, self.old, self.net.days, self.net.out, self.state.bounds.lower
        self.events = events = [-FAR] * (2 * net.size)
        events[0::2] = [self.state.anchor] * net.size
        self.carried = carried = {}  # place: working days it is carried along
        is_kept, special = self.buffer == "keep", self._specials()
        for i in net.order:
            at = 2 * i
            if i in special:
                start, finish = self._special(i)
            else:
                start, finish, lasts = events[at], events[at + 1], days[i]
                if finish - lasts > start:
                    start = finish - lasts
                if i in carried:
                    start = self._carried_to(i, start)
                elif lower[i] > start:
                    start = lower[i]
                finish = start + lasts
            events[at] = start
            events[at + 1] = finish
            if is_kept and (start != old[at] or finish != old[at + 1]):
                self._carry(i)
            for source, target, distance in out[i]:
                bound = events[source] + distance
                if bound > events[target]:
                    events[target] = bound
        return self.changed

    def _specials(self):
        """Nodes for which it is not enough to add the duration: all, where items count in calendars of their own."""
        net, items = self.net, self.state.items
        self.moved = self.wanted.keys() | self.durations.keys()
        self.near = self._near(self.moved) if self.buffer == "ignore" else set()
        if net.axis.is_mixed:
            return range(net.size)
        constrained = {i for i, item in enumerate(items) if item.constraint not in NONE or item.constraint_date}
        return {*self.moved, *self.near, *self.holds, *constrained, *range(len(items), net.size)}

    def _special(self, i):
        """Where a node ends up that may be moved, held, constrained or a joint."""
        if i in self.moved:
            return self._moved(i)
        if i >= len(self.net.keys):
            return placed(self.net, self.events, i)
        return self._follower(i)

    def _carry(self, i):
        """Take along what waits for a node that moved; what is pinned moves nobody."""
        if i in self.holds and i not in self.moved:
            return
        events, old, offset, carried = self.events, self.old, self.net.axis.offset, self.carried
        for source, target, _distance in self.net.out[i]:
            if events[source] != old[source]:  # at most that turned from morning to evening
                days, node = offset(events[source]) - offset(old[source]), target >> 1
                if node not in carried or days > carried[node]:
                    carried[node] = days

    def _carried_to(self, i, links):
        """The start of a task without constraint that is carried along; its gap stays by one where links ask less."""
        start = max(links, self.old[2 * i] + self.carried[i])
        if start > links:
            self._hold(i, self.state.items[i], start, links)
        return start

    def _follower(self, i):
        """Where a task ends up that is not moved itself."""
        net, item, carried = self.net, self.state.items[i], self.carried.get(i)
        if self.holds and i in self.holds:
            return placed(net, self.events, i, self.holds[i])
        links = allowed(net, self.events, i)
        lower = self.old[2 * i] if item.constraint == "alap" else self.state.bounds.lower[i]
        natural = span(net, i, max(links, lower))
        if i in self.near:
            return self._stay(i, item, natural)
        if carried is None or not self._is_free(i, FREE):
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
        elif item.constraint not in NONE or item.constraint_date:
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
