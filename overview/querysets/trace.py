"""The registry of traceability: the kinds of things, how they hang together, and what coverage asks.

A new kind is one line in KINDS, its links one line each in LINKS, its questions in GAPS; page, API and export follow.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assets.models import Asset
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

    def rows(self, actor, campaign, columns):
        """The living rows of a campaign, with these columns besides what a node shows: one query."""
        rows = self.model.objects.visible_to(actor).of(campaign).filter(archived_at=None)
        if self.left_out:
            rows = rows.exclude(**{f"{self.state}__in": self.left_out})
        rows = rows.order_by(*self.order) if self.order else rows
        return rows.values(*filter(None, ("pk", self.name, self.state, self.uncounted and "kind", *columns)))

    def node(self, row):
        is_counted = not self.uncounted or row["kind"] != self.uncounted
        return Node(self.code, str(row["pk"]), row[self.name], row.get(self.state, ""), is_counted)


@dataclass(frozen=True)
class Link:
    """How two kinds hang together: by a column of `holder`, one of both, that names the other; without a holder by a
    many-to-many of the lower one's table."""

    upper: str
    lower: str
    column: str
    holder: str = ""

    def pair(self, row):
        """(key above, key below) by a row of the holder; None where the column is empty."""
        if row[self.column] is None:
            return None
        above, below = (row["pk"], row[self.column]) if self.holder != self.lower else (row[self.column], row["pk"])
        return f"{self.upper}:{above}", f"{self.lower}:{below}"

    def pairs(self, actor, campaign):
        """(key above, key below) of a campaign by the many-to-many: one query."""
        rows = kind_of(self.lower).model.objects.visible_to(actor).of(campaign)
        rows = rows.filter(**{f"{self.column}__isnull": False}).order_by()
        for above, below in rows.values_list(self.column, "pk"):
            yield f"{self.upper}:{above}", f"{self.lower}:{below}"


KINDS = (
    Kind("goal", _("Goals"), "target", Goal, "title"),
    Kind("kpi", _("KPIs"), "chart-line", Kpi, "name"),
    Kind("placement", _("Placements"), "calendar-stats", Placement, "name", "state", ("cancelled",)),
    Kind("asset", _("Assets"), "photo", Asset, "title", "stage", ("retired",)),
    Kind("task", _("Tasks"), "checkbox", Task, "title", "state", ("cancelled",), "milestone", ("start_date", "pk")),
)
LINKS = (
    Link("goal", "goal", "parent", "goal"),
    Link("goal", "kpi", "goal", "kpi"),
    Link("kpi", "placement", "kpis"),
    Link("kpi", "task", "kpis"),
    Link("kpi", "asset", "kpis"),
    Link("placement", "asset", "slots__placement"),
    Link("asset", "task", "task", "asset"),
    Link("task", "task", "parent", "task"),
)
GAPS = (
    Gap("kpi_without_placement", "kpi", "placement", up=False),
    Gap("placement_without_kpi", "placement", "kpi", up=True),
    Gap("task_without_kpi", "task", "kpi", up=True),
    Gap("asset_without_placement", "asset", "placement", up=True),
)
SENTENCES = {
    "kpi_without_placement": _("KPIs with no placement"),
    "placement_without_kpi": _("Placements with no KPI"),
    "task_without_kpi": _("Tasks that serve no KPI"),
    "asset_without_placement": _("Assets used nowhere"),
}


def kind_of(code):
    return next(kind for kind in KINDS if kind.code == code)


def graph_of(actor, campaign):
    """The whole graph of a campaign: one query a kind and one a many-to-many, whatever its size."""
    nodes, pairs = [], []
    for kind in KINDS:
        links = [link for link in LINKS if link.holder == kind.code]
        for row in kind.rows(actor, campaign, [link.column for link in links]):
            nodes.append(kind.node(row))
            pairs += filter(None, (link.pair(row) for link in links))
    for link in LINKS:
        pairs += () if link.holder else link.pairs(actor, campaign)
    return Graph(nodes, pairs)


def coverage(graph):
    """[(gap, nodes that lack it, how many of the kind there are)] of every question."""
    return [(gap, graph.missing(gap), graph.count(gap.kind)) for gap in GAPS]


def columns(nodes):
    """[(kind, its nodes)] in the order of the chain, kinds without a node left out."""
    found = [(kind, [node for node in nodes if node.kind == kind.code]) for kind in KINDS]
    return [(kind, rows) for kind, rows in found if rows]
