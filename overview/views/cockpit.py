"""The cockpit of a campaign: where it stands in time, against its goals, in money, and what happened last."""

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone

from analytics.models.judging import series_of
from analytics.models.progress import goal_tree, kpis_of, measured_kpis, progress_of
from analytics.models.summary import catalogue_of
from analytics.rules.periods import custom, today_in
from campaigns.models import Goal
from campaigns.views import find_campaign
from overview.querysets import plan
from overview.querysets.logbook import logbook
from overview.rules.timeline import week_of
from overview.views.activity import lines
from overview.views.figures import STATES, TONES, kpi_line, tile, way
from overview.views.links import url
from overview.views.strip import strip
from overview.views.tabs import campaign_tabs
from risks.permissions import can_respond

TILES, LATEST = 6, 8
LINES = 60  # of the goal tree; of a larger one only the goals are shown
DRAWN = 60  # days that the small line of a tile shows


def cockpit(request, slug, code):
    campaign = find_campaign(request, code)
    today = today_in(campaign.time_zone, timezone.now())
    week, weeks = week_of(campaign.start_date, campaign.finish_date, today)
    booked, (spent, unassigned) = plan.bookings(request.actor, campaign), plan.costs_of(request.actor, campaign)
    latest = logbook(request.actor).filter(campaign_id=campaign.pk)
    context = {
        "campaign": campaign,
        "tabs": campaign_tabs(request, campaign),
        "week": week,
        "weeks": weeks,
        "today": today,
        "strip": strip(request.actor, campaign, today),
        "purses": plan.money(request.actor, campaign, booked, spent),
        "placements": plan.by_state(booked),
        "running": plan.running_placements(request.actor, campaign, today),
        "unassigned": unassigned,
        "start_url": url("risks:start", slug, code) if can_respond(request.actor, campaign) else "",
        "gaps": plan.gaps(request.actor, campaign),
        "latest": lines(slug, request.actor, latest[:LATEST], {campaign.pk: campaign}),
    }
    return render(request, "overview/cockpit.html", context)


def standing(request, slug, code):
    """The part of the cockpit that has to be reckoned: the goal tree and the first KPIs as tiles."""
    campaign = find_campaign(request, code)
    today = today_in(campaign.time_zone, timezone.now())
    context = {"campaign": campaign, **goals_of(request.actor, slug, campaign, today)}
    return render(request, "overview/_standing.html", context)


def goals_of(actor, slug, campaign, today):
    """The goal tree with its KPIs and how each stands, and the first KPIs as tiles."""
    metrics = catalogue_of(actor)
    goals = Goal.objects.visible_to(actor).filter(campaign=campaign, archived_at=None).select_related("owner")
    found = progress_of(actor, campaign, measured_kpis(actor, campaign, metrics), metrics, today=today)
    rows = goal_tree(list(goals), found)
    is_small = len(rows) + len(found) <= LINES
    told = _told(actor, campaign, found if is_small else found[:TILES])
    return {
        "tiles": _tiles(actor, slug, campaign, told[:TILES], metrics),
        **_tree(slug, rows, told if is_small else None),
    }


def _told(actor, campaign, lines):
    """The lines that are shown, each with its KPI and its words: of a thousand that are reckoned they are few. One
    whose KPI has gone since has no line any more."""
    kpis = {kpi.pk: kpi for kpi in kpis_of(actor, campaign, pk__in=[line.kpi.pk for line in lines])} if lines else {}
    told = [line for line in lines if line.kpi.pk in kpis]
    for line in told:
        line.kpi = kpis[line.kpi.pk]
    return told


def _tree(slug, rows, told):
    """Lines of goals and of the KPIs that are `told`; None: there is no room for any. `left_out` goals have none."""
    tree, shown = [], {line.kpi.pk for line in told or ()}
    for row in rows[:LINES]:
        tree.append({"depth": row.depth, "goal": row.goal, **_bar(row.total.done, row.state)})
        if told is None:
            tree[-1]["kpis"] = len(row.kpis)
            continue
        lines = [line for line in row.kpis if line.kpi.pk in shown]
        tree += [{"depth": row.depth + 1, **kpi_line(slug, line.kpi, line)} for line in lines]
    return {"tree": tree, "left_out": max(len(rows) - LINES, 0)}


def _tiles(actor, slug, campaign, found, metrics):
    found = [line for line in found if line.metric]
    if not found:
        return []
    last = max(line.through for line in found)
    period = custom(last - timedelta(days=DRAWN), last)
    series = series_of(actor, [campaign.pk], {line.metric.code for line in found}, period, metrics)
    tiles = []
    for line in found:
        days = [day for day in period.days() if line.first <= day <= line.through]
        values = series.values(line.metric.code, days, campaign.pk, line.kpi.channel_id)
        tiles.append(tile(slug, line.kpi, line, [values.get(day) for day in days] if len(values) > 1 else []))
    return tiles


def _bar(done, state):
    return {**way(done), "state": state, "state_label": STATES[state], "tone": TONES[state]}
