"""Search: the page, and what the command palette asks while somebody types."""

from django.http import JsonResponse
from django.shortcuts import render

from overview.querysets.found import KINDS, found
from overview.views.links import link_to

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
    label, hint = _words(kind.code, row)
    return {
        "label": label,
        "hint": hint,
        "kind": str(kind.label),
        "icon": kind.icon,
        "url": link_to(actor.workspace.slug, row),
    }


def _words(code, row):
    """The name of a found thing and where it belongs."""
    if code == "campaign":
        return row.name, row.code
    if code == "person":
        return str(row.user), row.user.email or ""
    if code == "import":
        return ", ".join(file.stored.name for file in row.files.all()) or str(row), row.get_state_display()
    return str(row), str(getattr(row, "campaign", "") or "")
