"""Circles of links: found and named."""

from django.utils.translation import gettext as _

from core.errors import RuleBroken


def find_cycle(links, parents=None):
    """The keys along a circle of links, first == last; None when there is none.

    `parents` {child: parent}: links of a summary act on all below it, so that a link between a task and its own
    summary is a circle too.
    """
    parents = {child: parent for child, parent in (parents or {}).items() if parent is not None}
    path = _circle(_edges(links, parents))
    if path is None:
        return None
    keys = [key for n, (key, _side) in enumerate(path) if n == 0 or path[n - 1][0] != key]
    return keys if len(keys) > 1 else keys * 2


def refuse_cycle(links, parents=None, title=str):
    """Raise RuleBroken `cycle`, with the path named by `title(key)` and as keys in `extra["path"]`, if there is one."""
    path = find_cycle(links, parents)
    if path:
        names = " → ".join(title(key) for key in path)
        raise RuleBroken(
            _("These tasks wait for each other in a circle: %(path)s.") % {"path": names}, code="cycle", path=path
        )


def _edges(links, parents):
    """{node: [next nodes]}; a node is (key, side): a summary is entered at "in" and left at "out", a task is both."""
    summaries = set(parents.values())
    edges = {}
    for link in links:
        start = (link.predecessor, "out" if link.predecessor in summaries else "")
        end = (link.successor, "in" if link.successor in summaries else "")
        edges.setdefault(start, []).append(end)
    for child, parent in parents.items():
        enter, leave = ((child, "in"), (child, "out")) if child in summaries else ((child, ""), (child, ""))
        edges.setdefault((parent, "in"), []).append(enter)
        edges.setdefault(leave, []).append((parent, "out"))
    return edges


def _circle(edges):
    """A path of nodes that comes back to its first one, or None: depth first, without recursion."""
    done = set()
    for first in edges:
        if first in done:
            continue
        path, places, rest = [first], {first: 0}, [iter(edges[first])]
        while path:
            node = next(rest[-1], None)
            if node is None:
                done.add(path[-1])
                del places[path.pop()]
                rest.pop()
            elif node in places:
                return [*path[places[node] :], node]
            elif node not in done:
                places[node] = len(path)
                path.append(node)
                rest.append(iter(edges.get(node, ())))
    return None
