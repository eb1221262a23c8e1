"""solve(): the dates, floats and critical path of a plan."""

from dataclasses import replace
from functools import cached_property

from tasks.schedule.bounds import Bounds, check_items
from tasks.schedule.network import Network
from tasks.schedule.passes import FAR, backward, forward, free_floats, span
from tasks.schedule.reporting import late_links, missed_days, warnings_of
from tasks.schedule.rows import days_of, evenings, rows_of


class Schedule:
    """The dates of a plan: `schedule[key]` is the Dates of an item, worked out when first asked for.

    `start`, `finish`: the first and the last day (None without items). `duration`: working days of the default
    calendar from the one to the other.
    """

    def __init__(self, state):
        self.state = state
        self.plan = state.net.plan
        starts, finishes = state.planned_days
        self.start, self.finish = min(starts, default=None), max(finishes, default=None)

    def __getitem__(self, key):
        return self.rows[key]

    def __contains__(self, key):
        return key in self.state.net.index

    @cached_property
    def rows(self):
        """{key: Dates} of all items, in their order."""
        return rows_of(self.state)

    @property
    def duration(self):
        return self.state.duration

    @cached_property
    def critical(self):
        """Keys of the critical tasks in the order of their start, without summaries."""
        rows, net = list(self.rows.values()), self.state.net
        found = [i for i in net.tasks if rows[i].is_critical]
        return [net.keys[i] for i in sorted(found, key=lambda i: rows[i].early_start_offset)]

    @cached_property
    def late_links(self):
        """Links that are not kept, because an item at one end of them is pinned or fixed: the red arrows."""
        return late_links(self.state.net, self.state.positions, self.state.bounds.holds)

    @cached_property
    def missed(self):
        """Constraints, deadlines, the plan's start or finish that are not kept, as Missed."""
        return missed_days(self)

    @cached_property
    def warnings(self):
        """Sentences about days that are not what they seem."""
        return warnings_of(self)

    def days(self, key):
        """(start, finish) of an item, without working out its floats."""
        i, (starts, finishes) = self.state.net.index[key], self.state.planned_days
        return starts[i], finishes[i]


class State:
    """The positions behind a schedule: `early`, `late`, and `positions`, where everything is planned to be.

    `anchor` is the position of the plan's start, `end` that of its finish.
    """

    def __init__(self, net):
        self.net, self.items = net, net.plan.items
        self.is_backward = net.plan.direction == "backward"
        if self.is_backward:
            self._from_launch()
        else:
            self._from_start()

    def _from_start(self):
        """Everything as early as its links allow; as-late-as-possible items as late as disturbs nobody."""
        net = self.net
        self.anchor = net.axis.position(net.plan.start)
        self.bounds = Bounds(net, self.items, self.anchor)
        self.early = forward(net, self.bounds.lower, self.bounds.holds)
        self.end = max(self.early[1 : 2 * len(net.keys) : 2], default=self.anchor)
        alap = {i for i in net.tasks if self.items[i].constraint == "alap" and i not in self.bounds.holds}
        self.positions = self.early
        if alap:
            stays = set(range(len(net.keys))) - alap
            self.positions = backward(net, self._caps(), self.early, stays)[0]

    def _from_launch(self):
        """Everything as late as the launch allows; the early dates count from the first start found so."""
        net = self.net
        self.end = net.axis.after(net.plan.finish)
        self.bounds = Bounds(net, self.items, -FAR)
        # A guess at what comes first, and pinned items on the morning of their day, before anything is known.
        guess = net.axis.position(net.plan.start or net.plan.finish)
        self.early = forward(net, [guess] * net.size, self.bounds.holds)
        for i, (first, _last, _finish) in self.bounds.holds.items():
            self.early[2 * i], self.early[2 * i + 1] = span(net, i, first)
        self.positions = self.late
        self.anchor = min(self.late[0 : 2 * len(net.keys) : 2], default=self.end)
        self.bounds = Bounds(net, self.items, self.anchor)
        self.early = forward(net, self.bounds.lower, self.bounds.holds)

    def _caps(self):
        end = self.end
        return [cap if cap < end else end for cap in self.bounds.caps]

    @cached_property
    def _counted_back(self):
        return backward(self.net, self._caps(), self.early, self.bounds.holds.keys())

    @property
    def late(self):
        """Latest positions; pinned items are where they are, so that what leads to them must be done by then."""
        return self._counted_back[0]

    @property
    def late_own(self):
        """{pinned item: how late its successors would let it be}; a fixed item has no room."""
        return {i: place for i, place in self._counted_back[1].items() if not self.items[i].is_fixed}

    @cached_property
    def free(self):
        """Free floats in positions."""
        free = free_floats(self.net, self.early, self.end)
        for i in self.bounds.holds:
            free[i] = 0 if self.items[i].is_fixed else free[i]
        return free

    @cached_property
    def milestones(self):
        """Places of the milestones."""
        return [i for i in self.net.tasks if not self.items[i].duration]

    @cached_property
    def evenings(self):
        """Milestones that are at the end of a day where they are early."""
        return evenings(self.net, self.early, self.bounds.lower, self.bounds.evenings) if self.milestones else set()

    @cached_property
    def planned_days(self):
        """[start days, finish days] of all items as planned."""
        return days_of(self, self.positions)

    @property
    def duration(self):
        """Working days of the default calendar from the first start to the last finish."""
        tasks, at, offset = self.net.tasks, self.positions, self.net.axis.offset
        if not tasks:
            return 0
        return offset(max(at[2 * i + 1] for i in tasks)) - offset(min(at[2 * i] for i in tasks))


def solve(plan):
    """The Schedule of a plan.

    Raises RuleBroken: `cycle` (the path is named), `unknown_key`, `duplicate_key`, `unknown_calendar`,
    `bad_duration`, `bad_link`, `fixed_without_day`, `no_start`, `no_finish`, `too_far`.
    """
    check_items(plan)
    return Schedule(State(Network(plan)))


def backwards(plan, launch):
    """The Schedule with everything as late as possible so that it is finished at the end of `launch`.

    What has no successor ends on that day. An item fixed on the launch day is done that morning: what leads to it is
    finished the working day before.
    """
    return solve(replace(plan, finish=launch, direction="backward"))
