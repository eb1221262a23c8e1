"""Traceability: which things of a campaign serve which, as a graph, and what serves nothing."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the plan: its kind (`kpi`), its id as text, and what a person reads of it."""

    kind: str
    id: str
    label: str
    state: str = ""
    is_counted: bool = True  # coverage asks about it

    @property
    def key(self):
        """How addresses name it: `kpi:0198…`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A question of coverage: nodes of `kind` that reach none of kind `misses`, looking `up` or down."""

    code: str
    kind: str
    misses: str
    up: bool


class Graph:
    """Nodes, and links from what is served (above) to what serves it (below)."""

    def __init__(self, nodes, links):
        self.nodes = {node.key: node for node in nodes}
        self.below, self.above = {}, {}
        for upper, lower in links:
            if upper in self.nodes and lower in self.nodes:
                self.below.setdefault(upper, []).append(lower)
                self.above.setdefault(lower, []).append(upper)

    def ancestors(self, key):
        """Everything that a node serves, nearest first."""
        return self._reached(key, self.above)

    def descendants(self, key):
        """Everything that serves a node, nearest first."""
        return self._reached(key, self.below)

    def _reached(self, key, ways):
        seen, waiting = {key}, deque([key])
        found = []
        while waiting:
            for other in ways.get(waiting.popleft(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
                    found.append(self.nodes[other])
        return found

    def links_within(self, keys):
        """The links between nodes of a set, as (upper, lower)."""
        return [(upper, lower) for upper in keys for lower in self.below.get(upper, ()) if lower in keys]

    def missing(self, gap):
        """The nodes of a gap: they are there and reach nothing of the kind they should."""
        covered = self._covered(gap)
        return [node for key, node in self._counted(gap.kind) if key not in covered]

    def _covered(self, gap):
        """Keys reached from the missed kind, and what consists of such (a task through its sub-tasks)."""
        roots = [key for key, node in self.nodes.items() if node.kind == gap.misses]
        reached = self._spread(roots, self.below if gap.up else self.above)
        if not gap.up:
            return reached
        parts = {lower: [key for key in uppers if self._is(key, gap.kind)] for lower, uppers in self.above.items()}
        return self._spread([key for key in reached if self._is(key, gap.kind)], parts) | reached

    def _spread(self, roots, ways):
        """Every key that can be reached from some keys, these included: one walk, whatever their number."""
        seen, waiting = set(roots), deque(roots)
        while waiting:
            for other in ways.get(waiting.popleft(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    def _is(self, key, kind):
        return self.nodes[key].kind == kind

    def _counted(self, kind):
        return [(key, node) for key, node in self.nodes.items() if node.kind == kind and node.is_counted]

    def count(self, kind):
        """How many nodes of a kind coverage asks about."""
        return len(self._counted(kind))
