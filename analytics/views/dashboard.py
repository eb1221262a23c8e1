"""The dashboard: its shell with tiles and filters."""

from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language

from analytics.models.board import Board, freshness
from analytics.views import parts, said
from analytics.views.exports import export
from analytics.views.place import Place
from core import text


def dashboard(request, slug, code=None):
    """The page of a campaign, or of the whole workspace."""
    place = Place(request, slug, code)
    asked, problem = place.ask()
    board = Board(request.actor, asked)
    currency = board.answer.currency or place.currency
    context = {
        "campaign": place.campaign,
        "asked": asked,
        "problem": problem,
        "has_figures": board.has_figures,
        "tiles": [said.tile(tile, currency, place.url(metrics=tile.metric.code)) for tile in board.shown()],
        "filters": place.filters(asked),
        "chips": place.chips(asked),
        "metric_options": place.metric_options(asked, board),
        "parts": place.parts(),
        "freshness": freshness(request.actor, now=timezone.now(), campaign=place.campaign),
        "unassigned": unassigned(board, currency),
        "partial": sum(1 for group in board.answer.groups if not group.sums.is_complete),
        "missing": len(board.answer.missing()),
        "exports": place.exports(),
        "page": place.name,
        "query": place.query,
    }
    return render(request, "analytics/dashboard.html", context, status=422 if problem else 200)


def unassigned(board, currency):
    """Money that belongs to no placement yet, in words; None where there is none."""
    sums = board.answer.unassigned
    cost = {code: values["cost"] for code, values in sums.money.items() if values.get("cost")}
    if not cost:
        return None
    language = get_language()
    return " + ".join(text.money(amount, code, language) for code, amount in sorted(cost.items()))


urls = [
    path("c/<slug:code>/dashboard/", dashboard, name="dashboard"),
    path("c/<slug:code>/dashboard/export/<slug:table>/", export, name="dashboard-export"),
    path("c/<slug:code>/dashboard/<slug:part>/", parts.show, name="dashboard-part"),
    path("data/dashboard/", dashboard, name="data-dashboard"),
    path("data/dashboard/<slug:part>/", parts.show, name="data-dashboard-part"),
    path("data/dashboard/export/<slug:table>/", export, name="data-dashboard-export"),
]
