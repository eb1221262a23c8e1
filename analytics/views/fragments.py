"""Fragments that pages of lower floors fetch: progress of goals and KPIs, spend of placements, tiles of the cockpit."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import Max
from django.shortcuts import get_object_or_404, render
from django.urls import path

from analytics.models import DailyMetric, DailyTotal
from analytics.models.board import Board, planned_by_placement, replaced
from analytics.models.progress import goal_tree, kpis_of, measured_kpis, progress_of
from analytics.models.summary import answer
from analytics.rules.periods import custom
from analytics.rules.summary import PLACEMENT
from analytics.views import said
from analytics.views.place import Place
from campaigns.models import Campaign, Goal, Kpi, Programme


def goal_progress(request, slug, code):
    """Bars of the goal page, put in place out of band: of each goal, with `?kpis=all` of each KPI too, with a goal's id
    there of its KPIs alone."""
    place = Place(request, slug, code)
    asked, _problem = place.ask()
    which = request.GET.get("kpis", "")
    goals = list(Goal.objects.visible_to(request.actor).active().of(place.campaign).order_by("position", "id"))
    one = [goal for goal in goals if str(goal.pk) == which]
    if one:
        kpis = kpis_of(request.actor, place.campaign, goal=one[0])
    else:
        kpis = measured_kpis(request.actor, place.campaign, asked.metrics)
    lines = _lines(request.actor, place, kpis, asked)
    tree = [] if one else goal_tree(goals, lines)
    currency = place.campaign.currency
    context = {
        "goals": [{"row": row, "state_label": said.STATES[row.state], "tone": said.TONES[row.state]} for row in tree],
        "kpis": [said.kpi_line(line, currency) for line in lines if one or which == "all"],
        "latest": _latest(request.actor, place),
        "campaign": place.campaign,
    }
    return render(request, "analytics/_goal_progress.html", context)


def _lines(actor, place, kpis, asked):
    return progress_of(actor, place.campaign, kpis, asked.metrics, today=asked.today)


def _latest(actor, place):
    """The last day that has any figure of the campaign."""
    return DailyTotal.objects.visible_to(actor).filter(campaign=place.campaign).aggregate(day=Max("date_to"))["day"]


def kpi_actuals(request, slug, code, pk):
    """How far one KPI has come."""
    place = Place(request, slug, code)
    kpi = get_object_or_404(
        Kpi.objects.visible_to(request.actor).of(place.campaign).with_words().select_related("goal"), pk=pk
    )
    asked, _problem = place.ask()
    [line] = _lines(request.actor, place, [kpi], asked)
    context = {"told": said.kpi_line(line, place.campaign.currency), "kpi": kpi, "campaign": place.campaign}
    return render(request, "analytics/_kpi_actuals.html", context)


def placement_spend(request, slug, code):
    """What each placement of the media schedule has spent, and its pace, put into the table out of band."""
    place = Place(request, slug, code)
    asked, _problem = place.ask()
    campaign = place.campaign
    period = custom(campaign.start_date - timedelta(days=366), campaign.finish_date + timedelta(days=366))
    question = replaced(asked.question, period=period, metrics=("cost",), group_by=PLACEMENT, placements=())
    found = answer(request.actor, question, asked.metrics, today=asked.today)
    groups = [group for group in found.groups if group.key]
    keys = [group.key for group in groups]
    planned = planned_by_placement(request.actor, question, asked.today - timedelta(days=1), keys)
    rows = [_spend(group, found, planned, asked) for group in groups]
    return render(request, "analytics/_placement_spend.html", {"rows": rows, "campaign": campaign})


def _spend(group, found, planned, asked):
    spent = found.values(group.sums)["cost"]
    _whole, so_far = planned.get(group.key, (None, None))
    currency = group.sums.currency or found.currency
    money = said.said(spent, asked.metrics["cost"], currency, short=False)
    return {"key": group.key, "spent": money, "pace": said.pace_of(spent, so_far)}


def budget_spend(request, slug, code):
    """What was spent on each line of the budget, put into its table out of band."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.actor), code=code)
    cells, total = defaultdict(list), Counter()
    for line, currency, amount in DailyMetric.objects.visible_to(request.actor).spent_by_line(campaign):
        total[currency] += amount
        if line:
            cells[line].append((currency, amount))
    context = {"cells": dict(cells), "total": list(total.items()), "campaign": campaign}
    return render(request, "analytics/_budget_spend.html", context)


def cockpit_tiles(request, slug, code):
    """The first tiles of the dashboard for the campaign's cockpit."""
    place = Place(request, slug, code)
    asked, _problem = place.ask()
    board = Board(request.actor, asked)
    currency = board.answer.currency or place.currency
    tiles = [said.tile(tile, currency, place.url(metrics=tile.metric.code)) for tile in board.shown()[:6]]
    context = {"tiles": tiles, "url": place.url(), "period": asked.question.period}
    return render(request, "analytics/_cockpit_tiles.html", context)


def programme_progress(request, slug, pk):
    """How far the KPIs of a programme's campaigns have come."""
    programme = get_object_or_404(Programme.objects.visible_to(request.actor), pk=pk)
    campaigns = Campaign.objects.visible_to(request.actor).active().filter(programme=programme)
    rows = []
    for campaign in campaigns[:20]:
        place = Place(request, slug, campaign.code)
        asked, _problem = place.ask()
        lines = _lines(request.actor, place, kpis_of(request.actor, campaign), asked)
        rows += [{"campaign": campaign, **said.kpi_line(line, campaign.currency)} for line in lines]
    context = {"rows": rows, "programme": programme}
    return render(request, "analytics/_programme_progress.html", context)


urls = [
    path("c/<slug:code>/goals/progress/", goal_progress, name="goal-progress"),
    path("c/<slug:code>/kpis/<uuid:pk>/actuals/", kpi_actuals, name="kpi-actuals"),
    path("c/<slug:code>/placements/spend/", placement_spend, name="placement-spend"),
    path("c/<slug:code>/budget/spend/", budget_spend, name="budget-spend"),
    path("c/<slug:code>/dashboard/cockpit/tiles/", cockpit_tiles, name="cockpit-tiles"),
    path("programmes/<uuid:pk>/progress/", programme_progress, name="programme-progress"),
]
