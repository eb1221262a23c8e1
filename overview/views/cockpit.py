"""The cockpit of a campaign: where it stands in time, against its goals, in money, and what happened last."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from analytics.models.summary import catalogue_of
from analytics.rules.periods import today_in
from campaigns.models import Campaign, Goal, Kpi
from campaigns.rules.plan import in_tree_order
from overview.querysets import plan
from overview.querysets.logbook import logbook
from overview.querysets.standings import series, standings
from overview.rules.timeline import week_of
from overview.rules.tree import rolled_up
from overview.views.activity import lines
from overview.views.figures import STATES, TONES, kpi_line, percent, tile
from overview.views.strip import strip
from overview.views.tabs import campaign_tabs

TILES, LATEST = 6, 8


def cockpit(request, slug, code):
    rows = Campaign.objects.visible_to(request.actor).select_related("owner", "programme", "workspace")
    campaign = get_object_or_404(rows, code=code)
    today = today_in(campaign.time_zone, timezone.now())
    week, weeks = week_of(campaign.start_date, campaign.finish_date, today)
    context = {
        "campaign": campaign,
        "tabs": campaign_tabs(request, campaign),
        "week": week,
        "weeks": weeks,
        "today": today,
        "strip": strip(request.actor, campaign, today),
        "money": plan.money(request.actor, campaign),
        "placements": plan.placements_by_state(request.actor, campaign),
        "running": plan.running_placements(request.actor, campaign, today),
        "unassigned": plan.unassigned_of(request.actor, campaign),
        "latest": lines(slug, request.actor, logbook(request.actor).filter(campaign_id=campaign.pk)[:LATEST]),
        **goals_of(request.actor, slug, campaign, today),
    }
    return render(request, "overview/cockpit.html", context)


def goals_of(actor, slug, campaign, today):
    """The goal tree with its KPIs and how each stands, and the first KPIs as tiles."""
    goals = list(Goal.objects.visible_to(actor).filter(campaign=campaign, archived_at=None).select_related("owner"))
    kpis = list(
        Kpi.objects.visible_to(actor).active().filter(campaign=campaign).with_words().order_by("position", "pk")
    )
    metrics = catalogue_of(actor)
    at = standings(actor, kpis, metrics, today=today)
    whole = rolled_up(goals, kpis, at)
    days = series(actor, kpis[:TILES], metrics)
    tree = []
    for depth, goal in in_tree_order(goals):
        tree.append({"depth": depth, "goal": goal, **_bar(whole[goal.pk])})
        tree += [
            {"depth": depth + 1, "kpi": kpi, **kpi_line(slug, kpi, at[kpi.pk])}
            for kpi in kpis
            if kpi.goal_id == goal.pk
        ]
    return {"tree": tree, "tiles": [tile(slug, kpi, at[kpi.pk], days[kpi.pk]) for kpi in kpis[:TILES]]}


def _bar(at):
    return {"percent": percent(at.done), "state": at.state, "state_label": STATES[at.state], "tone": TONES[at.state]}
