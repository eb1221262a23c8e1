"""Search: the page, and what the command palette asks while somebody types."""

from django.http import JsonResponse
from django.shortcuts import render

from overview.querysets.found import KINDS, found
from overview.views.links import link_to_found

IN_PALETTE, ON_PAGE = 5, 50


def search(request, slug):
    words = request.GET.get("q", "").strip()[:100]
    kind = request.GET.get("kind", "")
    results = found(request.actor, words, limit=ON_PAGE, kinds=(kind,) if kind else ())
    groups = [{"kind": group, "rows": [_line(request.actor, group, row) for row in rows]} for group, rows in results]
    return render(request, "overview/search.html", {"words": words, "groups": groups, "kinds": KINDS, "kind": kind})


def search_json(request, slug):
    """`{"results": [{label, url, kind, icon, hint}]}` for the palette; without words nothing."""
    results = found(request.actor, request.GET.get("q", ""), limit=IN_PALETTE)
    lines = [_line(request.actor, kind, row) for kind, rows in results for row in rows]
    return JsonResponse({"results": [line for line in lines if line["url"]]})


def _line(actor, kind, row):
    return {
        "label": row.label,
        "hint": row.hint,
        "kind": str(kind.label),
        "icon": kind.icon,
        "url": link_to_found(actor.workspace.slug, row),
    }
