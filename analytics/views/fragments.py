"""Fragments that pages of lower floors fetch: progress of goals and KPIs, spend of placements, tiles of the cockpit."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import Max
from django.http import QueryDict
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
from core import text
from placements.views import filtered


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
        "goals": [_goal(row) for row in tree],
        "kpis": [said.kpi_line(line, currency) for line in lines if one or which == "all"],
        "latest": _latest(request.actor, place),
        "campaign": place.campaign,
    }
    return render(request, "analytics/_goal_progress.html", context)


def _goal(row):
    state = row.state
    words = {"state_label": said.STATES[state], "tone": said.TONES[state]}
    return words | {"row": row, "percent": text.percent(row.total.done, 0)}


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
    """What each placement of the media schedule has spent, in its budget's currency, with its pace; what all of one
    currency have spent together. The address filters as the list does."""
    place = Place(request, slug, code)
    asked, _problem = place.ask(QueryDict())
    by_currency = defaultdict(list)
    for key, currency in filtered(request, place.campaign).order_by().values_list("pk", "currency"):
        by_currency[currency].append(key)
    rows, totals = [], []
    for currency, keys in by_currency.items():
        lines, total = _spent_in(currency, keys, request.actor, asked, is_alone=len(by_currency) == 1)
        rows += lines
        totals.append({"currency": currency, "spent": _cost(total, currency, asked)})
    context = {"rows": rows, "totals": totals, "campaign": place.campaign}
    return render(request, "analytics/_placement_spend.html", context)


def _spent_in(currency, keys, actor, asked, *, is_alone):
    """(lines, sum) of the placements with a budget in that currency; where a day lacks its rate there is no sum, and
    the line says what was booked."""
    campaign, wanted = asked.campaign, set(keys)
    period = custom(campaign.start_date - timedelta(days=366), campaign.finish_date + timedelta(days=366))
    question = replaced(asked.question, period=period, metrics=("cost",), group_by=PLACEMENT, currency=currency)
    question = replaced(question, placements=() if is_alone else tuple(keys))
    found = answer(actor, question, asked.metrics, today=asked.today)
    spent = {group.key: found.values(group.sums)["cost"] for group in found.groups if group.key in wanted}
    planned = planned_by_placement(actor, question, asked.today - timedelta(days=1), list(spent))
    unsaid = [key for key, amount in spent.items() if amount is None]
    booked = _booked(actor, replaced(question, currency="", placements=tuple(unsaid)), asked) if unsaid else {}
    lines = [
        {
            "key": key,
            "spent": booked.get(key) or [_cost(amount, currency, asked)],
            "pace": said.pace_of(amount, planned.get(key, (None, None))[1]),
        }
        for key, amount in spent.items()
    ]
    return lines, None if unsaid else sum(spent.values()) if spent else None


def _booked(actor, question, asked):
    """{placement: [amount as it was booked, one per currency]}"""
    found = answer(actor, question, asked.metrics, today=asked.today)
    return {
        group.key: [
            _cost(values["cost"], currency, asked)
            for currency, values in group.sums.by_currency(("cost",), asked.metrics).items()
        ]
        for group in found.groups
    }


def _cost(amount, currency, asked):
    return said.said(amount, asked.metrics["cost"], currency, short=False)


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
