"""Plans for tests: an every-day calendar, random networks, and the same networks as a longest-path problem."""

import random
from datetime import date

import networkx

from tasks.schedule import Calendar, Item, Link, Plan, WorkWeek

START = date(2026, 1, 5)
EVERY_DAY = Calendar(WorkWeek(frozenset()))
# distance between the starts of two tasks that a link asks for
DISTANCE = {
    "FS": lambda before, after, lag: before + lag,
    "SS": lambda before, after, lag: lag,
    "FF": lambda before, after, lag: before + lag - after,
    "SF": lambda before, after, lag: lag - after,
}


def random_network(seed, most=30):
    """(items, links): tasks 0…n-1 with links of all kinds, lags and leads, always from a lower to a higher number."""
    chance = random.Random(seed)
    count = chance.randint(2, most)
    items = [Item(n, chance.choice([0, 1, 1, 2, 3, 5, 8, 13])) for n in range(count)]
    pairs = {tuple(sorted(chance.sample(range(count), 2))) for _ in range(chance.randint(1, 3 * count))}
    kinds = ["FS", "FS", "SS", "FF", "SF"]
    links = [Link(a, b, chance.choice(kinds), chance.randint(-4, 5)) for a, b in sorted(pairs)]
    chance.shuffle(links)
    return items, links


def plain_plan(items, links, **more):
    """A plan in which every day is worked."""
    return Plan(items, links, {None: EVERY_DAY}, START, **more)


def oracle(items, links):
    """{key: (early start, late start, free float)} by longest paths in a graph of starts, and the length of the plan.

    The early start of a task is the longest path from the source, the late one the length of the plan minus the longest
    path to the sink: nothing of the engine's own way is used.
    """
    days = {item.key: item.duration for item in items}
    graph = networkx.MultiDiGraph()
    for key, lasts in days.items():
        graph.add_edge("source", key, weight=0)
        graph.add_edge(key, "sink", weight=lasts)
    for link in links:
        weight = DISTANCE[link.kind](days[link.predecessor], days[link.successor], link.lag)
        graph.add_edge(link.predecessor, link.successor, weight=weight)
    order = list(networkx.topological_sort(graph))
    early = _longest(graph, order, "source")
    length = early["sink"]
    to_sink = _longest(graph.reverse(copy=False), order[::-1], "sink")
    found = {}
    for key in days:
        slack = [
            early[after] - early[key] - edge["weight"]
            for _key, after, edge in graph.out_edges(key, data=True)
            if after != "sink"
        ]
        free = min(slack) if slack else length - early[key] - days[key]
        found[key] = (early[key], length - to_sink[key], free)
    return found, length


def _longest(graph, order, source):
    found = {source: 0}
    for node in order[1:]:
        found[node] = max(found[before] + edge["weight"] for before, _n, edge in graph.in_edges(node, data=True))
    return found
