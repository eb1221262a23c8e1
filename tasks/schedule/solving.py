"""solve(): the dates, floats and critical path of a plan."""

from dataclasses import replace

from tasks.schedule.bounds import FAR, Bounds, check_items
from tasks.schedule.network import Network
from tasks.schedule.passes import backward, forward, free_floats, span
from tasks.schedule.reporting import late_links, missed_days, warnings_of
from tasks.schedule.rows import rows_of


class Schedule:
    """The dates of a plan: `schedule[key]` is its Dates, `rows` {key: Dates} all of them in the order of the items.

    `critical`: keys of critical tasks in the order of their start, without summaries. `late_links`: links that are not
    kept because an end of them is pinned or fixed. `missed`: constraints, deadlines, plan start or launch not kept.
    `warnings`: sentences. `duration`: working days of the default calendar from the first start to the last finish.
    `start`, `finish`: the first and the last day.
    """

    def __init__(self, state):
        self.state = state
        net, bounds = state.net, state.bounds
        self.plan = net.plan
        self.rows = rows_of(state)
        self.start = min((row.start for row in self.rows.values()), default=None)
        self.finish = max((row.finish for row in self.rows.values()), default=None)
        self.duration = state.duration
        self.critical = self._critical()
        self.late_links = late_links(net, state.positions, bounds.holds)
        self.missed = missed_days(self.plan, self)
        self.warnings = warnings_of(self.plan, self, bounds)

    def __getitem__(self, key):
        return self.rows[key]

    def __contains__(self, key):
        return key in self.rows

    def _critical(self):
        net = self.state.net
        found = [
            (row.early_start_offset, i)
            for i, row in enumerate(self.rows.values())
            if row.is_critical and net.is_task(i)
        ]
        return [net.keys[i] for _start, i in sorted(found)]


class State:
    """The positions behind a schedule: `early`, `late`, and `positions`, where everything is planned to be."""

    def __init__(self, net, items):
        self.net, self.items = net, items
        plan = net.plan
        self.is_backward = plan.direction == "backward"
        (self._from_launch if self.is_backward else self._from_start)()
        real = range(len(net.keys))
        self.tasks = [i for i in real if i not in net.children]
        ends = [self.positions[2 * i + 1] for i in self.tasks]
        begins = [self.positions[2 * i] for i in self.tasks]
        axis = net.axis
        self.duration = axis.offset(max(ends)) - axis.offset(min(begins)) if ends else 0
        self.free = free_floats(net, self.early, self.end)

    def _end_of(self, events):
        return max((events[2 * i + 1] for i in range(len(self.net.keys)) if i not in self.net.children), default=0)

    def _from_start(self):
        """Everything as early as its links allow; as-late-as-possible items as late as disturbs nobody."""
        net = self.net
        self.anchor = net.axis.position(net.plan.start)
        self.bounds = Bounds(net, self.items, self.anchor)
        self.early = forward(net, self.bounds.lower, self.bounds.holds)
        self.end = self._end_of(self.early)
        self._count_back()
        self.positions = self.early
        alap = {i for i, item in enumerate(self.items) if item.constraint == "alap" and i not in net.children}
        if alap - self.bounds.holds.keys():
            stays = {i for i in range(len(net.keys)) if i not in alap} | self.bounds.holds.keys()
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
        self._count_back()
        self.positions = self.late
        starts = [self.late[2 * i] for i in range(len(net.keys)) if i not in net.children]
        self.anchor = min(starts, default=self.end)
        self.bounds = Bounds(net, self.items, self.anchor)
        self.early = forward(net, self.bounds.lower, self.bounds.holds)

    def _caps(self):
        return [min(cap, self.end) for cap in self.bounds.caps]

    def _count_back(self):
        """Late positions; `late_own` those of the pinned, which their predecessors do not see. Fixed ones have none."""
        self.late, own = backward(self.net, self._caps(), self.early, self.bounds.holds.keys())
        self.late_own = {i: place for i, place in own.items() if not self.items[i].is_fixed}


def solve(plan):
    """The Schedule of a plan.

    Raises RuleBroken: `cycle` (the path is named), `unknown_key`, `duplicate_key`, `unknown_calendar`,
    `bad_duration`, `bad_link`, `fixed_without_day`, `no_start`, `no_finish`, `too_far`.
    """
    check_items(plan)
    return Schedule(State(Network(plan), plan.items))


def backwards(plan, launch):
    """The Schedule with everything as late as possible so that it is finished at the end of `launch`.

    What has no successor ends on that day. An item fixed on the launch day is done that morning: what leads to it is
    finished the working day before.
    """
    return solve(replace(plan, finish=launch, direction="backward"))
