"""The order in which a list shows tasks: in groups, sub-tasks below their task, each with its depth."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of the list: the heading of a group (`key` None) or a task."""

    group: object
    key: object = None
    depth: int = 0
    children: int = 0  # of a heading: all tasks of the group


def outline(rows, *, groups=(), headings=False):
    """[Line] of `rows`, (id, parent id, group) in plan order. A task whose parent is not among them stands alone; one
    whose parent is there stands in the parent's group. `groups` gives the order of the groups, others follow."""
    known = {key for key, _parent, _group in rows}
    children, tops = defaultdict(list), defaultdict(list)
    for key, parent, group in rows:
        if parent in known and parent != key:
            children[parent].append(key)
        else:
            tops[group].append(key)
    found = []
    for group in [*(one for one in groups if one in tops), *(one for one in tops if one not in groups)]:
        lines = [line for key in tops[group] for line in _below(key, children, group)]
        if headings:
            found.append(Line(group, children=len(lines)))
        found += lines
    return found


def _below(top, children, group):
    """A task and everything under it, without recursion: plans may be deep."""
    found, waiting = [], [(top, 0)]
    while waiting:
        key, depth = waiting.pop()
        found.append(Line(group, key, depth, len(children[key])))
        waiting += [(child, depth + 1) for child in reversed(children[key])]
    return found


def arranged(keys, numbers):
    """`keys`, numbered 1, 2, 3 … as they stand, in the order of the numbers they were given instead: a key that moved
    up stands before the one whose number it took, a key that moved down stands behind it."""
    pairs = enumerate(zip(keys, numbers, strict=True), 1)
    given = {key: (number, (number > old) - (number < old)) for old, (key, number) in pairs}
    return sorted(keys, key=given.get)
