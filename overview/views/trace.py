"""Traceability of a campaign: what serves what, and what serves nothing."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.views import find_campaign
from core.export import table_response
from overview.querysets.trace import GAPS, KINDS, SENTENCES, columns, coverage, graph_of, kind_of
from overview.views.links import PAGES, url
from overview.views.tabs import campaign_tabs

PAGE, FOUND = 50, 30


def trace(request, slug, code):
    campaign = find_campaign(request, code)
    graph = graph_of(request.actor, campaign)
    if request.GET.get("export") in ("csv", "xlsx"):
        return _export(request.GET["export"], graph)
    key, gap = request.GET.get("node", ""), request.GET.get("gap", "")
    if (key and key not in graph.nodes) or (gap and gap not in SENTENCES):
        raise Http404
    context = {"campaign": campaign, "tabs": campaign_tabs(request, campaign), "gaps": _gaps(graph)}
    context |= _chain(slug, campaign, graph, key) if key else _choice(request, graph, gap)
    return render(request, "overview/trace.html", context)


def _gaps(graph):
    """The questions of coverage as tiles."""
    return [
        {
            "code": gap.code,
            "label": SENTENCES[gap.code],
            "count": len(nodes),
            "total": total,
            "icon": kind_of(gap.kind).icon,
            "covered": total - len(nodes),
        }
        for gap, nodes, total in coverage(graph)
    ]


def _chain(slug, campaign, graph, key):
    """The chosen node with everything above and below it, in columns from goal to task."""
    chosen = graph.nodes[key]
    above, below = graph.ancestors(key), graph.descendants(key)
    sides = {node.key: side for side, nodes in (("above", above), ("below", below)) for node in nodes}
    chain = [
        {"kind": kind, "nodes": [{"node": node, "side": sides.get(node.key, "chosen")} for node in rows]}
        for kind, rows in columns([*reversed(above), chosen, *below])
    ]
    model = kind_of(chosen.kind).model._meta.label_lower
    return {
        "chosen": chosen,
        "chain": chain,
        "above": len(above),
        "below": len(below),
        "open_url": _page(model, slug, campaign, chosen),
    }


def _page(model, slug, campaign, node):
    """The page of the thing itself; "" where it has none."""
    name, needed = PAGES.get(model, ("", ()))
    known = {"campaign.code": campaign.code, "pk": node.id}
    return url(name, slug, *(known[path] for path in needed)) if name else ""


def _choice(request, graph, gap):
    """Without a chosen node: the nodes of a gap, or those whose name holds the words, to choose from."""
    words = request.GET.get("q", "")[:200].strip()
    if gap:
        asked = next(each for each in GAPS if each.code == gap)
        page = Paginator(graph.missing(asked), PAGE).get_page(request.GET.get("page"))
        return {"gap": gap, "gap_label": SENTENCES[gap], "page": page, "kind": kind_of(asked.kind)}
    found = [node for node in graph.nodes.values() if words.casefold() in node.label.casefold()]
    picks = [
        {"kind": kind, "nodes": rows[:FOUND], "total": len(rows), "more": len(rows) - FOUND}
        for kind, rows in columns(found)
    ]
    return {"words": words, "picks": picks, "is_empty": not graph.nodes, "kinds": KINDS}


def _export(kind, graph):
    """Every thing of the chain with what it serves and what serves it, and the gap it has."""
    gaps = {node.key: str(SENTENCES[gap.code]) for gap, nodes, _total in coverage(graph) for node in nodes}
    head = [_("Kind"), _("Name"), _("Serves"), _("Served by"), pgettext("coverage", "gap").capitalize()]
    rows = (
        [
            str(kind_of(node.kind).label),
            node.label,
            "; ".join(graph.nodes[key].label for key in graph.above.get(node.key, ())),
            "; ".join(graph.nodes[key].label for key in graph.below.get(node.key, ())),
            gaps.get(node.key, ""),
        ]
        for node in graph.nodes.values()
    )
    return table_response(kind, _("Traceability"), head, rows)
