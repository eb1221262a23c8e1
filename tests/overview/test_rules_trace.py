"""The graph of traceability: who serves whom, and what serves nothing."""

import pytest

from overview.rules.trace import Gap, Graph, Node

NODES = [
    Node(kind, str(number), f"{kind} {number}") for kind in ("goal", "kpi", "placement", "task") for number in (1, 2)
]
UP, DOWN = Gap("task_without_kpi", "task", "kpi", up=True), Gap("kpi_without_placement", "kpi", "placement", up=False)


def graph(*links, nodes=NODES):
    return Graph(nodes, [tuple(link.split(" ")) for link in links])


def keys(nodes):
    return [node.key for node in nodes]


def test_ancestors_and_descendants_nearest_first():
    chain = graph("goal:1 kpi:1", "kpi:1 placement:1", "kpi:1 task:1", "task:1 task:2", "goal:2 kpi:2")
    assert keys(chain.ancestors("task:2")) == ["task:1", "kpi:1", "goal:1"]
    assert keys(chain.descendants("goal:1")) == ["kpi:1", "placement:1", "task:1", "task:2"]


def test_a_thing_on_two_ways_is_named_once():
    chain = graph("goal:1 kpi:1", "goal:1 kpi:2", "kpi:1 task:1", "kpi:2 task:1")
    assert keys(chain.descendants("goal:1")) == ["kpi:1", "kpi:2", "task:1"]


def test_a_circle_ends():
    chain = graph("goal:1 goal:2", "goal:2 goal:1")
    assert keys(chain.descendants("goal:1")) == ["goal:2"]


def test_links_to_things_that_are_gone_are_left_out():
    assert keys(graph("kpi:1 task:9", "kpi:8 task:1").descendants("kpi:1")) == []


def test_links_within_a_set():
    chain = graph("goal:1 kpi:1", "kpi:1 task:1")
    assert chain.links_within({"goal:1", "kpi:1"}) == [("goal:1", "kpi:1")]


@pytest.mark.parametrize(
    ("links", "missing"),
    [
        ((), ["task:1", "task:2"]),
        (("kpi:1 task:1",), ["task:2"]),
        (("kpi:1 task:1", "task:1 task:2"), []),  # a sub-task serves what its task serves
        (("kpi:1 task:2", "task:1 task:2"), []),  # a task serves what its sub-tasks serve
    ],
)
def test_tasks_that_serve_no_kpi(links, missing):
    assert keys(graph(*links).missing(UP)) == missing


def test_a_kpi_is_covered_by_a_placement_not_by_its_goal():
    chain = graph("goal:1 kpi:1", "kpi:1 placement:1", "goal:1 kpi:2")
    assert keys(chain.missing(DOWN)) == ["kpi:2"]


def test_what_is_not_counted_is_no_gap():
    nodes = [Node("task", "1", "launch", is_counted=False), Node("task", "2", "work")]
    chain = graph(nodes=nodes)
    assert (keys(chain.missing(UP)), chain.count("task")) == (["task:2"], 1)
