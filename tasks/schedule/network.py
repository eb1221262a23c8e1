"""The plan as numbers: nodes, edges between events, an order in which every node comes after what it waits for.

A node i is an item, or a joint behind them; its events are 2i (start) and 2i + 1 (finish). Positions are whole
numbers: working-day numbers of the default calendar, or, when an item has a calendar of its own, days as ordinals
(date.toordinal). A position is a moment, the morning of its day: a finish is the morning after the last day worked.

An edge (source, target, distance) says: event `target` is not before event `source` plus distance. Helpers of a
summary with links: a gate all its tasks wait for (start side, finish side), its last finish, its first start. With
several calendars a lag is a joint that lasts that many days of the default calendar.
"""

from copy import copy
from operator import itemgetter

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from tasks.schedule.axis import Axis
from tasks.schedule.cycles import refuse_cycle

# kind: (which event of the predecessor, which event of the successor); 0 start, 1 finish
SIDES = {"FS": (1, 0), "SS": (0, 0), "FF": (1, 1), "SF": (0, 1)}


class Network:
    """Nodes and edges of a plan; built once, read by every pass.

    `out[i]`: the edges that leave node i. `firsts[i]`: of a joint that is a summary's first start, the tasks it is
    the minimum of. `days[i]`, `calendars[i]`: what a node takes, and its calendar where plain numbers do not do.
    """

    def __init__(self, plan):
        items = plan.items
        self.plan = plan
        self.keys = [item.key for item in items]
        self.index = {key: i for i, key in enumerate(self.keys)}
        if len(self.index) < len(items):
            raise RuleBroken(_("Two tasks have the same key."), code="duplicate_key")
        self.parents = self._parents(items)
        self.children = self._children()
        self.axis = Axis(plan)
        self.days = [item.duration for item in items]
        for summary in self.children:
            self.days[summary] = 0
        self.calendars = self.axis.calendars_of(items)
        self.size = len(items)
        self.out, self._waiting = [[] for _item in items], [0] * self.size
        self.firsts, self._joints = {}, {}
        self.tasks = [i for i in range(len(items)) if i not in self.children]
        self.summaries = self._summaries()
        is_listed = self._link_all(plan.links)
        self.order = range(self.size) if is_listed else self._order()

    def with_items(self, plan):
        """The same network for a plan in which items have other durations, constraints or pins; nothing else."""
        other = copy(self)
        other.plan = plan
        other.days = [item.duration for item in plan.items] + self.days[len(plan.items) :]
        for summary in self.children:
            other.days[summary] = 0
        return other

    def _parents(self, items):
        """Per item the place of its parent, None at the top. Brothers mostly stand together."""
        found, last, place = [], None, None
        try:
            for item in items:
                if item.parent is not last:
                    last = item.parent
                    place = None if last is None else self.index[last]
                found.append(place)
        except KeyError as missing:
            raise self._unknown(missing) from None
        return found

    def _unknown(self, missing):
        key = self.plan.title(missing.args[0])
        return RuleBroken(_("The plan has no task %(key)s.") % {"key": key}, code="unknown_key")

    def _children(self):
        """{parent's place: [places of its children]}."""
        children = {None: []}
        last, below = None, children[None]
        for i, parent in enumerate(self.parents):
            if parent != last:
                last, below = parent, children.setdefault(parent, [])
            below.append(i)
        del children[None]
        return children

    def _summaries(self):
        """{summary: function that picks its children's values from a column}, each before its own parent."""
        found, rest = [], [i for i in self.children if self.parents[i] is None]
        while rest:
            summary = rest.pop()
            found.append(summary)
            rest += [child for child in self.children[summary] if child in self.children]
        if len(found) < len(self.children):
            refuse_cycle([], self.parent_keys(), self.plan.title)
        return {i: _picker(self.children[i]) for i in reversed(found)}

    def tasks_below(self, i):
        """The places of all tasks below a summary; of a task, itself."""
        if i not in self.children:
            return [i]
        found, rest = [], [i]
        while rest:
            for child in self.children[rest.pop()]:
                (rest if child in self.children else found).append(child)
        return sorted(found)

    def parent_keys(self):
        """{child: parent} of the items that have one."""
        return {item.key: item.parent for item in self.plan.items if item.parent is not None}

    # --- edges ---

    def _link_all(self, links):
        """Make the edges; whether the items are listed in an order of their own: each after all it waits for."""
        index, waiting, out, sides = self.index, self._waiting, self.out, self._sides()
        is_listed = True
        try:
            for link in links:
                before, after = index[link.predecessor], index[link.successor]
                leaves, arrives = sides[link.kind]
                source, target = leaves[before], arrives[after]
                if after <= before:
                    is_listed = False
                if source is None or target is None:
                    self._link(link, before, after)
                else:
                    out[before].append((source, target, link.lag))
                    waiting[after] += 1
        except KeyError as missing:
            raise self._refusal(link, missing) from None
        return is_listed and self.size == len(self.keys)

    def _sides(self):
        """{kind: (per item the event its predecessor's end is, its successor's)}, None where an edge will not do.

        Each number is made once and shared by all edges.
        """
        if self.axis.is_mixed:
            return dict.fromkeys(SIDES, [[None] * self.size] * 2)
        events = list(range(2 * self.size))
        for summary in self.children:
            events[2 * summary] = events[2 * summary + 1] = None
        sides = events[0::2], events[1::2]
        return {kind: (sides[leaves], sides[arrives]) for kind, (leaves, arrives) in SIDES.items()}

    def _refusal(self, link, missing):
        """What is wrong with a link that names no task or no kind."""
        if link.predecessor not in self.index or link.successor not in self.index:
            return self._unknown(missing)
        return RuleBroken(_("A link is FS, SS, FF or SF, not %(kind)s.") % {"kind": link.kind}, code="bad_link")

    def _link(self, link, before, after):
        """A link that may touch a summary, or have a lag among several calendars."""
        (leaves, arrives), lag = SIDES[link.kind], link.lag
        if before in self.children:
            before, leaves = self._joint(before, "last" if leaves else "first"), 1
        if after in self.children:
            after, arrives = self._joint(after, "finish gate" if arrives else "gate"), 0
        if lag and self.axis.is_mixed:
            waits = self._node(days=lag, calendar=self.axis.calendar)
            self._edge(2 * before + leaves, 2 * waits, 0)
            before, leaves, lag = waits, 1, 0
        self._edge(2 * before + leaves, 2 * after + arrives, lag)

    def _edge(self, source, target, distance):
        self._waiting[target >> 1] += 1
        self.out[source >> 1].append((source, target, distance))

    def _node(self, days=0, calendar=None):
        self.days.append(days)
        self.calendars.append(calendar)
        self.out.append([])
        self._waiting.append(0)
        self.size += 1
        return self.size - 1

    def _joint(self, summary, what):
        """The node that stands for one side of a summary, made when first needed."""
        found = self._joints.get((summary, what))
        if found is not None:
            return found
        node = self._joints[summary, what] = self._node()
        tasks = self.tasks_below(summary)
        if what == "first":
            self.firsts[node] = tasks
        for task in tasks:
            if what == "last":
                self._edge(2 * task + 1, 2 * node, 0)
            elif what == "gate":
                self._edge(2 * node, 2 * task, 0)
            elif what == "finish gate":
                self._edge(2 * node, 2 * task + 1, 0)
        return node

    # --- order ---

    def _order(self):
        """Every node after all it waits for; RuleBroken `cycle` where that cannot be."""
        waiting, out, first_of = self._waiting, self.out, self._first_of()
        order = [i for i in range(self.size) if not waiting[i]]
        for i in order:
            for _source, target, _distance in out[i]:
                node = target >> 1
                waiting[node] = left = waiting[node] - 1
                if not left:
                    order.append(node)
            for node in first_of.get(i, ()):
                waiting[node] -= 1
                if not waiting[node]:
                    order.append(node)
        if len(order) < self.size:
            refuse_cycle(self.plan.links, self.parent_keys(), self.plan.title)
        return order

    def _first_of(self):
        """{task: joints whose minimum it may be}, and these wait for it."""
        found = {}
        for node, tasks in self.firsts.items():
            self._waiting[node] += len(tasks)
            for task in tasks:
                found.setdefault(task, []).append(node)
        return found


def _picker(places):
    """A function that gives the values at places, which ascend; those in a row are one slice."""
    first, last = places[0], places[-1]
    return itemgetter(*places) if last - first >= len(places) else itemgetter(slice(first, last + 1))
