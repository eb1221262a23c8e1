"""Incidents: the lists, starting a playbook, the page of one, the banner while one runs."""

from math import inf
from uuid import uuid4

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.views import form_page
from campaigns.models import Campaign, Channel
from campaigns.views import find_campaign, menu, where
from risks import actions
from risks.actions.pausing import listed, paused_by
from risks.choices import IncidentState, StepState
from risks.forms import EntryForm, HandOverForm, PostMortemForm, StartForm
from risks.models import Incident, Playbook, Risk
from risks.permissions import can_lead, can_respond
from risks.rules import incidents as rules
from risks.views import frame

PAGE, ENTRIES = 50, 200
RELATED = ("workspace", "campaign", "campaign__workspace", "campaign__owner", "owner", "started_by", "risk", "playbook")


def incidents(request, slug):
    """Incidents of all campaigns, and where one can be started."""
    rows = Incident.objects.visible_to(request.actor)
    running = Campaign.objects.visible_to(request.actor).active().exclude(state__in=("closed", "cancelled"))
    campaigns = list(running.select_related("workspace").order_by("start_date", "pk")[:30])
    context = {"slug": slug, "campaigns": [one for one in campaigns if can_respond(request.actor, one)]}
    return render(request, "risks/incidents.html", context | _listed(request, rows))


def campaign_incidents(request, slug, code):
    campaign = find_campaign(request, code)
    rows = Incident.objects.visible_to(request.actor).of(campaign)
    context = frame(request, campaign, "campaign-incidents", **_listed(request, rows))
    return render(request, "risks/campaign_incidents.html", context)


def _listed(request, rows):
    rows = where(rows.listed(), "state", request.GET.get("state", ""))
    if request.GET.get("kind") in ("drill", "real"):
        rows = rows.filter(is_drill=request.GET["kind"] == "drill")
    if words := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(title__icontains=words)
    return {
        "page": Paginator(rows.order_by("-started_at", "-pk"), PAGE).get_page(request.GET.get("page")),
        "filters": [
            menu(request, "state", _("State"), IncidentState.choices),
            menu(request, "kind", _("Kind"), [("real", _("real")), ("drill", _("drill"))]),
        ],
        "is_filtered": any(request.GET.get(name) for name in ("q", "state", "kind")),
    }


def start(request, slug, code):
    """Choose a playbook and its level: one tap starts it."""
    campaign = find_campaign(request, code)
    form = StartForm(request.POST or None, actor=request.actor, campaign=campaign)
    if form.carries_out(lambda **typed: actions.start_incident(request.actor, campaign=campaign, **typed)):
        return redirect(form.result)
    rows = Playbook.objects.visible_to(request.actor).for_campaign(campaign).with_steps()
    risk = _risk(request, campaign)
    found = sorted(rows, key=lambda one: not (risk and one.pk == risk.playbook_id))
    context = {"playbooks": found, "risk": risk, "is_drill": request.GET.get("drill") == "1", "token": uuid4().hex}
    return form_page(request, "risks/start.html", form, **frame(request, campaign, "campaign-incidents", **context))


def _risk(request, campaign):
    rows = Risk.objects.visible_to(request.actor).of(campaign).active()
    return where(rows, "pk", request.GET.get("risk", "")).first() if request.GET.get("risk") else None


def incident_of(request, code, pk):
    """An incident of the campaign of the address, or 404."""
    rows = Incident.objects.visible_to(request.actor).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk, campaign=find_campaign(request, code))


def incident(request, slug, code, pk):
    return incident_page(request, incident_of(request, code, pk))


def incident_page(request, row, entry=None, post_mortem=None, status=200):
    """One incident: its clocks, steps, what is paused, the timeline, the post-mortem."""
    now, campaign = timezone.now(), row.campaign
    may_respond = can_respond(request.actor, row) and row.state != IncidentState.CLOSED
    steps = _steps(row, now)
    channels = Channel.objects.visible_to(request.actor).coded() if row.pause_channels else {}
    context = {
        "incident": row,
        "steps": steps,
        "next": steps[0] if steps and steps[0].state == StepState.OPEN and steps[0].due_at else None,
        "counts": _counts(steps),
        "channels": [channels[code].label if code in channels else code for code in row.pause_channels],
        "live": listed(row) if may_respond and row.pauses_anything else [],
        "paused": paused_by(row) if row.paused else [],
        "entries": list(row.entries.select_related("author")[:ENTRIES]),
        "moves": rules.open_to(row.state),
        "may_act": may_respond,
        "may_lead": can_lead(request.actor, row),
        "may_move": can_respond(request.actor, row),
        "entry": entry or EntryForm(),
        "post_mortem": post_mortem or PostMortemForm(row=row),
        "hand_over": HandOverForm(actor=request.actor) if may_respond else None,
        "now": now,
    }
    page = frame(request, campaign, "campaign-incidents", **context)
    return render(request, "risks/incident.html", page, status=status)


def _counts(steps):
    """How many steps are over, count at the level reached, and are late."""
    return {
        "done": sum(one.state in (StepState.DONE, StepState.SKIPPED) for one in steps),
        "all": sum(one.state != StepState.WAITING for one in steps),
        "late": sum(one.is_late for one in steps),
    }


def _steps(row, now):
    """What is open first in the order of its deadline, then what is done, then what waits for a higher level."""
    steps = list(row.steps.select_related("owner", "deputy", "done_by"))
    for one in steps:
        one.is_late = rules.is_late(one.state, one.due_at, now)
    rank = {StepState.OPEN: 0, StepState.DONE: 1, StepState.SKIPPED: 1, StepState.WAITING: 2}
    pressing = lambda one: one.due_at.timestamp() if one.state == StepState.OPEN and one.due_at else inf  # noqa: E731
    return sorted(steps, key=lambda one: (rank[one.state], pressing(one), one.position))


def banner(request, slug, code):
    """A part of the cockpit and the dashboard: the incidents of a campaign that run."""
    return _banner(request, Incident.objects.visible_to(request.actor).of(find_campaign(request, code)))


def banners(request, slug):
    """A part of home: the incidents of all campaigns that run."""
    return _banner(request, Incident.objects.visible_to(request.actor).filter(campaign__archived_at=None))


def _banner(request, rows):
    """Real ones first, the newest first."""
    found = rows.running().listed().counting_late(now=timezone.now()).order_by("is_drill", "-started_at")
    return render(request, "risks/_banner.html", {"incidents": found[:3]})
