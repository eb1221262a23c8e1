"""The goal tree, and the forms of goals and KPIs in its side panel."""

from collections import Counter
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.choices import RollUp
from campaigns.forms import GoalForm, KpiForm, MoveForm
from campaigns.models import Goal, Kpi
from campaigns.permissions import can_plan
from campaigns.rules.goals import lint, lint_goal
from campaigns.rules.plan import in_tree_order
from campaigns.views import find_campaign, leave, offer_undo, undone
from core.errors import PharosError

LINES = 100  # of goals and KPIs; above it the KPIs of a goal come when it is opened
GOALS, AT_ONCE, ARCHIVED = 100, 50, 100


def find_goal(request, campaign, pk):
    rows = Goal.objects.visible_to(request.actor).of(campaign).select_related("campaign", "parent")
    return get_object_or_404(rows, pk=pk)


def find_kpi(request, campaign, pk):
    rows = Kpi.objects.visible_to(request.actor).of(campaign).with_words().select_related("goal")
    return get_object_or_404(rows, pk=pk)


def goals_url(slug, code):
    return reverse("campaigns:goals", args=[slug, code])


def goals(request, slug, code):
    """The goal tree. A large one shows its goals, and the KPIs of a goal when it is opened (`?open=`)."""
    campaign = find_campaign(request, code)
    found = Goal.objects.visible_to(request.actor).of(campaign)
    counts = counted(request.actor, campaign)
    rows = in_tree_order(list(found.active().select_related("owner")))
    parents = {goal.parent_id for _depth, goal in rows}
    page = Paginator(rows, GOALS).get_page(request.GET.get("page"))
    is_small = len(rows) + sum(counts.kpis.values()) <= LINES
    opened = [goal.pk for _depth, goal in page if is_small or str(goal.pk) == request.GET.get("open")]
    context = {
        "campaign": campaign,
        "page": page,
        "nodes": [node(depth, goal, counts, goal.pk in opened, goal.pk in parents) for depth, goal in page],
        "is_small": is_small,
        "kpi_count": sum(counts.kpis.values()),
        "open_count": sum(counts.lacking.values()),
        "may_plan": can_plan(request.actor, campaign),
        "archived_goals": list(found.exclude(archived_at=None)[:ARCHIVED]),
        "archived_kpis": list(Kpi.objects.visible_to(request.actor).of(campaign).exclude(archived_at=None)[:ARCHIVED]),
    }
    load_kpis(request, campaign, context["nodes"])
    return render(request, "campaigns/goals.html", context)


class Counts(NamedTuple):
    """By goal: how many KPIs it has, and how many of them lack something."""

    kpis: Counter
    lacking: Counter


def counted(actor, campaign, **chosen):
    """The Counts of a campaign, or of the KPIs `chosen`."""
    counts = Counts(Counter(), Counter())
    for goal, leaf in Kpi.objects.visible_to(actor).active().of(campaign).filter(**chosen).leaves(campaign):
        counts.kpis[goal] += 1
        counts.lacking[goal] += bool(lint(leaf))
    return counts


def node(depth, goal, counts, is_open, has_goals=False):
    """A goal as the template shows it; `kpis` come later where it is open."""
    return {
        "goal": goal,
        "depth": depth,
        "kpi_depth": depth + 1,
        "kpis": [],
        "is_open": is_open,
        "count": counts.kpis[goal.pk],
        "lacking": counts.lacking[goal.pk],
        "lacks": lint_goal(kpis=counts.kpis[goal.pk], children=has_goals),
        "is_weighted": goal.roll_up == RollUp.WEIGHTED,
    }


def load_kpis(request, campaign, nodes, start=0):
    """Give the open nodes their KPIs, AT_ONCE of each at most, from `start` on; `next` is where the rest begins."""
    opened = {one["goal"].pk: one for one in nodes if one["is_open"]}
    rows = Kpi.objects.visible_to(request.actor).active().of(campaign).filter(goal__in=opened)
    for kpi in rows.prefetch_related("metric", "channel", "owner") if opened else ():
        kpi.campaign = campaign
        opened[kpi.goal_id]["kpis"].append(kpi)
    for one in opened.values():
        one["next"] = start + AT_ONCE if len(one["kpis"]) > start + AT_ONCE else None
        one["kpis"] = one["kpis"][start : start + AT_ONCE]
        for kpi in one["kpis"]:
            kpi.lacks = kpi.findings()


def goal_kpis(request, slug, code, pk):
    """The KPIs of one goal as lines of the tree, `?from=` the one that comes next."""
    campaign = find_campaign(request, code)
    goal = find_goal(request, campaign, pk)
    given, depth = request.GET.get("from", ""), request.GET.get("depth", "")
    start = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    depth = int(depth) if depth in tuple("0123456789") else 0
    shown = node(depth, goal, counted(request.actor, campaign, goal=goal), True)
    load_kpis(request, campaign, [shown], start)
    context = {"campaign": campaign, "node": shown, "may_plan": can_plan(request.actor, campaign)}
    return render(request, "campaigns/_goal_kpis.html", context)


def panel(request, template, form, **context):
    """A form as a page of its own, or alone for the side panel."""
    name = f"campaigns/_{template}.html" if request.htmx else f"campaigns/{template}.html"
    status = 422 if form.is_bound and form.errors else 200
    return render(request, name, {"form": form, **context}, status=status)


def goal_create(request, slug, code):
    campaign = find_campaign(request, code)
    initial = {"parent": request.GET.get("parent")}
    form = GoalForm(request.POST or None, actor=request.actor, campaign=campaign, initial=initial)
    if form.carries_out(lambda **typed: actions.create_goal(request.actor, campaign=campaign, **typed)):
        messages.success(request, _("Saved."))
        return leave(request, goals_url(slug, code))
    return panel(request, "goal_form", form, campaign=campaign)


def goal_edit(request, slug, code, pk):
    campaign = find_campaign(request, code)
    goal = find_goal(request, campaign, pk)
    form = GoalForm(request.POST or None, actor=request.actor, campaign=campaign, row=goal)
    if form.carries_out(lambda **typed: actions.update_goal(request.actor, goal=goal, **typed)):
        messages.success(request, _("Saved."))
        return leave(request, goals_url(slug, code))
    move = MoveForm(actor=request.actor, campaign=campaign, initial={"parent": goal.parent_id})
    return panel(request, "goal_form", form, campaign=campaign, goal=goal, move_form=move)


@require_POST
def goal_move(request, slug, code, pk):
    campaign = find_campaign(request, code)
    goal = find_goal(request, campaign, pk)
    form = MoveForm(request.POST, actor=request.actor, campaign=campaign)
    if form.is_valid():
        try:
            actions.move_goal(request.actor, goal=goal, **form.cleaned_data)
            messages.success(request, _("Moved."))
        except PharosError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("There is no such goal."))
    return leave(request, goals_url(slug, code))


@require_POST
def goal_archive(request, slug, code, pk):
    campaign = find_campaign(request, code)
    goal = find_goal(request, campaign, pk)
    return archived(request, slug, code, "goal", goal, lambda: actions.archive_goal(request.actor, goal=goal))


@require_POST
def goal_restore(request, slug, code, pk):
    goal = find_goal(request, find_campaign(request, code), pk)
    actions.restore_goal(request.actor, goal=goal)
    return undone(request, _("“%(name)s” is back.") % {"name": goal}, goals_url(slug, code))


def archived(request, slug, code, kind, row, act):
    """Archive a goal or KPI and offer undo; or say what still hangs on it."""
    try:
        act()
    except PharosError as error:
        messages.error(request, str(error))
    else:
        undo = reverse(f"campaigns:{kind}-restore", args=[slug, code, row.pk])
        offer_undo(request, _("“%(name)s” is archived.") % {"name": row}, undo)
    return redirect(goals_url(slug, code))


def kpi_create(request, slug, code):
    campaign = find_campaign(request, code)
    initial = {"goal": request.GET.get("goal"), "owner": request.user}
    initial |= {"start_date": campaign.start_date, "finish_date": campaign.finish_date}
    form = KpiForm(request.POST or None, actor=request.actor, campaign=campaign, initial=initial)
    if form.carries_out(lambda **typed: actions.create_kpi(request.actor, **typed)):
        messages.success(request, _("Saved."))
        return leave(request, reverse("campaigns:kpi", args=[slug, code, form.result.pk]))
    return panel(request, "kpi_form", form, campaign=campaign)


def kpi_edit(request, slug, code, pk):
    campaign = find_campaign(request, code)
    kpi = find_kpi(request, campaign, pk)
    form = KpiForm(request.POST or None, actor=request.actor, campaign=campaign, row=kpi)
    if form.carries_out(lambda **typed: actions.update_kpi(request.actor, kpi=kpi, **typed)):
        messages.success(request, _("Saved."))
        return leave(request, reverse("campaigns:kpi", args=[slug, code, pk]))
    return panel(request, "kpi_form", form, campaign=campaign, kpi=kpi)


@require_POST
def kpi_archive(request, slug, code, pk):
    campaign = find_campaign(request, code)
    kpi = find_kpi(request, campaign, pk)
    return archived(request, slug, code, "kpi", kpi, lambda: actions.archive_kpi(request.actor, kpi=kpi))


@require_POST
def kpi_restore(request, slug, code, pk):
    kpi = find_kpi(request, find_campaign(request, code), pk)
    actions.restore_kpi(request.actor, kpi=kpi)
    return undone(request, _("“%(name)s” is back.") % {"name": kpi}, goals_url(slug, code))
