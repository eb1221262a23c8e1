"""move(): what a changed start or duration does to everything behind it, before anybody saves it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from tasks.schedule.bounds import changed
from tasks.schedule.passes import bound, span
from tasks.schedule.reporting import say_day
from tasks.schedule.results import Conflict
from tasks.schedule.solving import Schedule, solve

FREE = ("", "asap", "alap", "snet")  # constraints that a day set by hand replaces


@dataclass(frozen=True)
class Change:
    """A move, worked out and not yet saved.

    `changes` {key: ((start, finish) before, (start, finish) after)} of all items whose days differ, summaries too.
    `items` {key: Item}: the items to save, with the constraints, pins and durations that make the new dates last:
    `solve(change.plan)` gives `change.schedule` again. `conflicts`: what the move runs into, as sentences.
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

    Raises RuleBroken: `unknown_key`, `fixed`, `summary_duration`, `bad_duration`, `bad_buffer`, and those of solve.
    """
    return _Move(plan, schedule, key, start, duration, buffer).change()


class _Move:
    def __init__(self, plan, schedule, key, start, duration, buffer):
        self.plan, self.before, self.key, self.buffer = plan, schedule, key, buffer
        self.state, self.net = schedule.state, schedule.state.net
        self.events = schedule.state.positions
        if key not in self.net.index:
            raise RuleBroken(_("The plan has no task %(key)s.") % {"key": plan.title(key)}, code="unknown_key")
        if buffer not in ("keep", "use", "ignore"):
            raise RuleBroken(_("The gap can be kept, used or ignored."), code="bad_buffer")
        self.place = self.net.index[key]
        self.start, self.duration = start, duration
        self.edits, self.conflicts = {}, []  # {key: {field: value}}

    def change(self):
        """The Change, by the way of the plan's direction and the buffer."""
        self._move_itself()
        if self.state.is_backward:
            after = self._solved()
        elif self.buffer == "keep":
            self._carry_gaps()
            after = self._solved()
        elif self.buffer == "use":
            after = self._solved()
        else:
            after = self._stay()
        return self._told(after)

    def _solved(self):
        self.new_plan = replace(self.plan, items=changed(self.plan.items, self.edits))
        return solve(self.new_plan)

    # --- the item itself ---

    def _move_itself(self):
        net, i = self.net, self.place
        if self.duration is not None:
            self._set_duration()
        if self.start is None:
            return
        if i not in net.children:
            self._refuse_fixed(i)
            self._set_start(i, net.axis.position(self.start), self.start)
            return
        first = min(self.events[2 * task] for task in net.tasks_below(i))
        days = net.axis.offset(net.axis.position(self.start)) - net.axis.offset(first)
        for task in net.tasks_below(i):
            if self.state.items[task].is_fixed:
                self._say("fixed", net.keys[task], _("“%(task)s” is fixed and stays.") % self._words(task))
            else:
                position = net.axis.shifted(self.events[2 * task], days)
                self._set_start(task, position, net.axis.day(position))

    def _set_duration(self):
        if self.place in self.net.children:
            raise RuleBroken(_("A summary lasts as long as its tasks."), code="summary_duration")
        if self.duration < 0:
            words = self._words(self.place)
            raise RuleBroken(_("“%(task)s”: a duration cannot be negative.") % words, code="bad_duration")
        self._edit(self.place, duration=self.duration)

    def _refuse_fixed(self, i):
        if self.state.items[i].is_fixed and self.start != self.state.items[i].pinned_start:
            raise RuleBroken(_("“%(task)s” is fixed and stays.") % self._words(i), code="fixed")

    def _set_start(self, i, position, day):
        """Pinned items are pinned anew; others start no earlier than the day, if their links do not say so anyway."""
        item, net = self.state.items[i], self.net
        if item.pinned_start is not None or self.state.is_backward or item.constraint not in FREE:
            self._edit(i, pinned_start=day)
            return
        links = bound(net, self.events, i, self.state.anchor)
        wanted = span(net, i, position)[0]
        if wanted > links:
            self._edit(i, constraint="snet", constraint_date=day)
            return
        self._edit(i, constraint="asap" if item.constraint else "", constraint_date=None)
        if wanted < links and i == self.place:
            words = self._words(i) | {"day": say_day(net.axis.day(links))}
            self._say("held", self.key, _("“%(task)s” cannot start before %(day)s: its links do not allow it.") % words)

    # --- what is behind it ---

    def _carry_gaps(self):
        """Everything behind the item moves as many working days as what it waits for."""
        net, events, axis = self.net, list(self.events), self.net.axis
        moved = {self.place} if self.place not in net.children else set(net.tasks_below(self.place))
        for i in net.order:
            if i in moved:
                events[2 * i], events[2 * i + 1] = self._new_place(i, events)
            elif i >= len(net.keys) or i in self.state.bounds.holds:
                self._helper(i, events)
            else:
                days = self._carried(i, events)
                if days is not None:
                    self._carry(i, events, axis.shifted(self.events[2 * i], days))

    def _new_place(self, i, events):
        """Where the moved item is by its edits."""
        edit, item, net = self.edits.get(self.net.keys[i], {}), self.state.items[i], self.net
        item = replace(item, **edit)
        position = bound(net, events, i, self.state.anchor)
        if item.pinned_start is not None:
            position = net.axis.position(item.pinned_start)
        elif item.constraint in ("snet", "mso") and item.constraint_date:
            position = max(position, net.axis.position(item.constraint_date))
        elif item.constraint not in FREE:
            position = max(position, self.state.bounds.lower[i])
        kept, net.days[i] = net.days[i], item.duration
        try:
            return span(net, i, position)
        finally:
            net.days[i] = kept

    def _helper(self, i, events):
        """Pinned items stay; helpers of summaries and lags follow what they stand for."""
        net = self.net
        if i in net.firsts:
            events[2 * i] = events[2 * i + 1] = min(events[2 * task] for task in net.firsts[i])
        elif i >= len(net.keys):
            events[2 * i], events[2 * i + 1] = span(net, i, bound(net, events, i, self.state.anchor))

    def _carried(self, i, events):
        """Working days an item is carried along by what it waits for; None when nothing of that has moved."""
        offset, found = self.net.axis.offset, None
        for edges in (self.net.into_start[i], self.net.into_finish[i]):
            for source, _target, _distance in edges:
                if events[source] != self.events[source]:
                    days = offset(events[source]) - offset(self.events[source])
                    found = days if found is None else max(found, days)
        return found

    def _carry(self, i, events, target):
        """Put an item where its gaps are kept; its links win, and a constraint other than a start does too."""
        net, item = self.net, self.state.items[i]
        links = bound(net, events, i, self.state.anchor)
        if item.constraint not in FREE:
            start = max(links, self.state.bounds.lower[i])
        else:
            start = span(net, i, max(links, target))[0]
            if start > links:
                self._edit(i, constraint="snet", constraint_date=net.axis.day(start))
            elif item.constraint:
                self._edit(i, constraint="asap", constraint_date=None)
        events[2 * i], events[2 * i + 1] = span(net, i, start)

    def _stay(self):
        """What waits for the item directly stays where it is: held by a pin where links would push it."""
        natural = self._solved()
        for i in sorted(self._behind()):
            key = self.net.keys[i]
            if natural[key].start != self.before[key].start and i not in self.state.bounds.holds:
                if natural[key].start < self.before[key].start and self.state.items[i].constraint in FREE:
                    self._edit(i, constraint="snet", constraint_date=self.before[key].start)
                else:
                    self._edit(i, pinned_start=self.before[key].start)
        return self._solved()

    def _behind(self):
        """Places of the tasks that wait for the moved ones without another task between."""
        net, own = self.net, set(self.net.tasks_below(self.place))
        found, rest, seen = set(), list(own), set(own)
        while rest:
            i = rest.pop()
            nodes = [target >> 1 for _s, target, _d in (*net.from_start[i], *net.from_finish[i])]
            nodes += [node for node, tasks in net.firsts.items() if i in tasks]
            for node in nodes:
                if node < len(net.keys):
                    found.add(node)
                elif node not in seen:
                    seen.add(node)
                    rest.append(node)
        return found - own

    # --- telling ---

    def _edit(self, i, **fields):
        self.edits.setdefault(self.net.keys[i], {}).update(fields)

    def _say(self, code, key, text, link=None):
        self.conflicts.append(Conflict(code, key, text, link))

    def _words(self, i):
        return {"task": self.plan.title(self.net.keys[i])}

    def _told(self, after):
        """The Change, with conflicts that were not there before."""
        known_links, known_missed = set(self.before.late_links), {one[:3] for one in self.before.missed}
        for link in after.late_links:
            if link not in known_links:
                words = {"task": self.plan.title(link.successor), "other": self.plan.title(link.predecessor)}
                text = _("“%(task)s” stays and no longer waits for “%(other)s” as its link says.") % words
                self._say("late_link", link.successor, text, link)
        for missed in after.missed:
            if missed[:3] not in known_missed:
                self._say("missed", missed.key, missed.text)
        old, changes = self.before.rows, {}
        for key, row in after.rows.items():
            if row[1:3] != old[key][1:3]:
                changes[key] = (old[key][1:3], row[1:3])
        by_key = {item.key: item for item in self.plan.items}
        items = {item.key: item for item in self.new_plan.items if item is not by_key[item.key]}
        items = {key: item for key, item in items.items() if item != by_key[key]}
        return Change(self.key, changes, self.conflicts, items, self.new_plan, after)
