"""The registry of traceability: the kinds of things, how they hang together, and what coverage asks.

A new kind is one line in KINDS, its links one line each in LINKS, its questions in GAPS; page, API and export follow.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from campaigns.models import Goal, Kpi
from overview.rules.trace import Gap, Graph, Node
from placements.models import Placement
from tasks.models import Task


@dataclass(frozen=True)
class Kind:
    """A kind of node: its table, the column with its name, the column with its state ("" without one)."""

    code: str
    label: object
    icon: str
    model: type
    name: str
    state: str = ""
    left_out: tuple = ()  # states in which a thing no longer belongs to the plan
    uncounted: str = ""  # the `kind` of rows that need nothing above or below them
    order: tuple = ()  # instead of the table's own

    def nodes(self, actor, campaign):
        """The living rows of a campaign as nodes: one query."""
        rows = self.model.objects.visible_to(actor).of(campaign).filter(archived_at=None)
        if self.left_out:
            rows = rows.exclude(**{f"{self.state}__in": self.left_out})
        rows = rows.order_by(*self.order) if self.order else rows
        for row in rows.values(*filter(None, ("pk", self.name, self.state, self.uncounted and "kind"))):
            is_counted = not self.uncounted or row["kind"] != self.uncounted
            yield Node(self.code, str(row["pk"]), row[self.name], row.get(self.state, ""), is_counted)


@dataclass(frozen=True)
class Link:
    """How two kinds hang together: a column of the lower one that names the upper, or a many-to-many of its table."""

    upper: str
    lower: str
    column: str

    def pairs(self, actor, campaign):
        """(key above, key below) of a campaign: one query."""
        rows = kind_of(self.lower).model.objects.visible_to(actor).of(campaign)
        rows = rows.filter(**{f"{self.column}__isnull": False}).order_by()
        for above, below in rows.values_list(self.column, "pk"):
            yield f"{self.upper}:{above}", f"{self.lower}:{below}"


KINDS = (
    Kind("goal", _("Goals"), "target", Goal, "title"),
    Kind("kpi", _("KPIs"), "chart-line", Kpi, "name"),
    Kind("placement", _("Placements"), "calendar-stats", Placement, "name", "state", ("cancelled",)),
    Kind("task", _("Tasks"), "checkbox", Task, "title", "state", ("cancelled",), "milestone", ("start_date", "pk")),
)
LINKS = (
    Link("goal", "goal", "parent"),
    Link("goal", "kpi", "goal"),
    Link("kpi", "placement", "kpis"),
    Link("kpi", "task", "kpis"),
    Link("task", "task", "parent"),
)
GAPS = (
    Gap("kpi_without_placement", "kpi", "placement", up=False),
    Gap("placement_without_kpi", "placement", "kpi", up=True),
    Gap("task_without_kpi", "task", "kpi", up=True),
)
SENTENCES = {
    "kpi_without_placement": _("KPIs with no placement"),
    "placement_without_kpi": _("Placements with no KPI"),
    "task_without_kpi": _("Tasks that serve no KPI"),
}


def kind_of(code):
    return next(kind for kind in KINDS if kind.code == code)


def graph_of(actor, campaign):
    """The whole graph of a campaign: one query a kind and one a link, whatever its size."""
    nodes = [node for kind in KINDS for node in kind.nodes(actor, campaign)]
    return Graph(nodes, [pair for link in LINKS for pair in link.pairs(actor, campaign)])


def coverage(graph):
    """[(gap, nodes that lack it, how many of the kind there are)] of every question."""
    return [(gap, graph.missing(gap), graph.count(gap.kind)) for gap in GAPS]


def columns(nodes):
    """[(kind, its nodes)] in the order of the chain, kinds without a node left out."""
    found = [(kind, [node for node in nodes if node.kind == kind.code]) for kind in KINDS]
    return [(kind, rows) for kind, rows in found if rows]
