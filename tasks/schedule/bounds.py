"""What binds single items besides their links: plan start, constraints, deadlines, pins — as positions."""

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from tasks.rules.plan import FINISHES_AT, STARTS_AT
from tasks.schedule.axis import earliest_start, latest_finish
from tasks.schedule.passes import FAR


class Bounds:
    """Per node `lower` (earliest start), `caps` (latest finish), and the `holds` of pinned items.

    A milestone that may not finish before a day is at the end of it: `evenings` {node: that moment}.

    "No earlier than" and "must" give a lower bound, "no later than" and "must" a cap: links win over both, and what
    cannot be kept is reported as missed. A summary hands "start no earlier than", "finish no later than" and its
    deadline down to its tasks; its other constraints and a pin mean nothing and are in `ignored`.
    """

    def __init__(self, net, items, start):
        self.net, self.start = net, start
        self.lower = [start] * net.size
        self.caps = [FAR] * net.size
        self.holds, self.evenings, self.ignored = {}, {}, []
        for i, item in enumerate(items):
            if item.constraint_date is not None or item.deadline is not None or item.pinned_start is not None:
                self._add(i, item)

    def _add(self, i, item):
        if i in self.net.children:
            self._add_summary(i, item)
            return
        if item.constraint_date is not None:
            self._constrain(i, item.constraint, item.constraint_date)
        if item.deadline is not None:
            self._cap(i, self.net.axis.after(item.deadline))
        if item.pinned_start is not None:
            self.holds[i] = hold_of(self.net, i, item.pinned_start)

    def _add_summary(self, i, item):
        tasks = self.net.tasks_below(i)
        if item.pinned_start is not None or (
            item.constraint_date and item.constraint not in ("snet", "fnlt", "asap", "")
        ):
            self.ignored.append(item.key)
        for task in tasks:
            if item.constraint in ("snet", "fnlt") and item.constraint_date is not None:
                self._constrain(task, item.constraint, item.constraint_date)
            if item.deadline is not None:
                self._cap(task, self.net.axis.after(item.deadline))

    def _constrain(self, i, constraint, day):
        if constraint in STARTS_AT:
            position = self.net.axis.position(day)
            if constraint != "snlt":
                self.lower[i] = max(self.lower[i], position)
            if constraint != "snet":
                # A milestone may be at the end of its day.
                self._cap(i, self._finish(i, position) if self.net.days[i] else self.net.axis.after(day))
        elif constraint in FINISHES_AT:
            end = self.net.axis.after(day)
            if constraint != "fnlt":
                self.lower[i] = max(self.lower[i], self._start(i, end))
                if not self.net.days[i]:
                    self.evenings[i] = end
            if constraint != "fnet":
                self._cap(i, end)

    def _cap(self, i, finish):
        self.caps[i] = min(self.caps[i], finish)

    def _finish(self, i, start):
        calendar = self.net.calendars[i]
        return latest_finish(calendar, start, self.net.days[i]) if calendar else start + self.net.days[i]

    def _start(self, i, finish):
        calendar = self.net.calendars[i]
        return earliest_start(calendar, finish, self.net.days[i]) if calendar else finish - self.net.days[i]


def hold_of(net, i, day):
    """How a pin holds a node: work begins that morning; a milestone is then, or that evening if its links say so."""
    position = net.axis.position(day)
    return position, position if net.days[i] else net.axis.after(day), None


def check_items(plan):
    """RuleBroken for what no schedule can be made of: negative durations, a fixed item without a day, no start."""
    for item in plan.items:
        if item.duration < 0:
            raise RuleBroken(
                _("“%(task)s”: a duration cannot be negative.") % {"task": plan.title(item.key)}, code="bad_duration"
            )
        if item.is_fixed and item.pinned_start is None:
            raise RuleBroken(
                _("“%(task)s” is fixed, but on no day.") % {"task": plan.title(item.key)}, code="fixed_without_day"
            )
    if plan.direction == "backward" and plan.finish is None:
        raise RuleBroken(_("Planning backwards needs the day of the launch."), code="no_finish")
    if plan.direction != "backward" and plan.start is None:
        raise RuleBroken(_("The plan needs a start day."), code="no_start")
