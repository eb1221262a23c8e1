"""What waits for me, and how the campaigns stand."""

from collections import Counter

from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone

from analytics.models.judging import out_now
from analytics.models.summary import catalogue_of
from campaigns.models import Campaign
from campaigns.permissions import can_create_campaign
from overview.querysets import waiting
from overview.querysets.standings import standings
from overview.rules.timeline import week_of
from overview.views.figures import kpi_line, out_line
from overview.views.links import url

LISTED, STRIP = 6, 12
WORST_FIRST = ("off_track", "at_risk", "no_data", "on_track")


def home(request, slug):
    actor, today = request.actor, timezone.localdate()
    campaigns = list(waiting.with_counts(actor, waiting.open_campaigns(actor))[:STRIP])
    metrics = catalogue_of(actor)
    kpis = waiting.running_kpis(actor, metrics, today=today, campaigns=campaigns)
    standing = standings(actor, kpis, metrics, today=today)
    out = out_now(actor, campaigns, today=today, metrics=metrics)[:LISTED]
    context = {
        "campaigns": [_card(campaign, kpis, standing, today) for campaign in campaigns],
        "attention": attention(actor, slug, kpis, standing, out),
        "counts": _counts(actor, campaigns),
        "may_create": can_create_campaign(actor),
        "create_url": url("campaigns:create", slug),
        "today": today,
    }
    return render(request, "overview/home.html", context)


def attention(actor, slug, kpis, standing, out):
    """What needs somebody now, each with its list; empty ones are left out, so that all well shows nothing."""
    mine = [kpi for kpi in kpis if (kpi.owner_id or kpi.campaign.owner_id) == actor.user_id]
    off = [kpi for kpi in mine if standing[kpi.pk].state in ("off_track", "at_risk")]
    silent = [kpi for kpi in mine if standing[kpi.pk].state == "no_data"]
    off.sort(key=lambda kpi: _rank(standing[kpi.pk]))
    found = {
        "off": _some(slug, off, standing),
        "silent": _some(slug, silent, standing),
        "out": [out_line(slug, judged) for judged in out],
        "money": waiting.unassigned_money(actor),
        "sources": list(waiting.ailing_sources(actor)[:LISTED]),
        "imports": list(waiting.unfinished_imports(actor)[:LISTED]),
        "words": list(waiting.words_to(actor)[:LISTED]),
        "questions": list(waiting.questions_for(actor)[:LISTED]),
    }
    return {name: rows for name, rows in found.items() if rows}


def _some(slug, kpis, standing):
    """The first of some KPIs as lines, and how many there are."""
    lines = [kpi_line(slug, kpi, standing[kpi.pk]) for kpi in kpis[:LISTED]]
    return {"lines": lines, "count": len(kpis)} if kpis else None


def _rank(at):
    return WORST_FIRST.index(at.state), at.done or 0


def _card(campaign, kpis, standing, today):
    """A running campaign in a line: its week and how many KPIs are in which state."""
    states = Counter(standing[kpi.pk].state for kpi in kpis if kpi.campaign_id == campaign.pk)
    week, weeks = week_of(campaign.start_date, campaign.finish_date, today)
    done = min(max((today - campaign.start_date).days + 1, 0), (campaign.finish_date - campaign.start_date).days + 1)
    return {
        "campaign": campaign,
        "states": [(state, states[state]) for state in WORST_FIRST if states[state]],
        "week": week,
        "weeks": weeks,
        "percent": round(100 * done / ((campaign.finish_date - campaign.start_date).days + 1)),
        "is_over": today > campaign.finish_date,
    }


def _counts(actor, campaigns):
    """How many campaigns there are at all, and live ones; asked for only where none is open."""
    if campaigns:
        return {"all": campaigns[0].of_all, "live": campaigns[0].of_live}
    rows = Campaign.objects.visible_to(actor).active()
    return rows.aggregate(all=Count("pk"), live=Count("pk", filter=Q(state="live")))
