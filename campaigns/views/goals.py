"""The goal tree, and the forms of goals and KPIs in its side panel."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.choices import RollUp
from campaigns.forms import GoalForm, KpiForm, MoveForm
from campaigns.models import Goal, Kpi
from campaigns.permissions import can_plan
from campaigns.rules.goals import lint_goal
from campaigns.rules.plan import in_tree_order
from campaigns.views import find_campaign, leave, offer_undo, undone
from core.errors import PharosError


def find_goal(request, campaign, pk):
    rows = Goal.objects.visible_to(request.actor).of(campaign).select_related("campaign", "parent")
    return get_object_or_404(rows, pk=pk)


def find_kpi(request, campaign, pk):
    rows = Kpi.objects.visible_to(request.actor).of(campaign).with_words().select_related("goal")
    return get_object_or_404(rows, pk=pk)


def goals_url(slug, code):
    return reverse("campaigns:goals", args=[slug, code])


def goals(request, slug, code):
    campaign = find_campaign(request, code)
    nodes = tree(request, campaign)
    kpis = [kpi for node in nodes for kpi in node["kpis"]]
    context = {
        "campaign": campaign,
        "nodes": nodes,
        "kpi_count": len(kpis),
        "open_count": sum(bool(kpi.lacks) for kpi in kpis),
        "may_plan": can_plan(request.actor, campaign),
        "archived_goals": list(Goal.objects.visible_to(request.actor).of(campaign).exclude(archived_at=None)),
        "archived_kpis": list(Kpi.objects.visible_to(request.actor).of(campaign).exclude(archived_at=None)),
    }
    return render(request, "campaigns/goals.html", context)


def tree(request, campaign):
    """Goals in tree order, each with depth, KPIs and what it or its KPIs lack."""
    rows = list(Goal.objects.visible_to(request.actor).active().of(campaign).select_related("owner"))
    kpis = {}
    for kpi in Kpi.objects.visible_to(request.actor).active().of(campaign).with_words():
        kpi.lacks = kpi.findings()
        kpis.setdefault(kpi.goal_id, []).append(kpi)
    parents = {row.parent_id for row in rows}
    nodes = []
    for depth, goal in in_tree_order(rows):
        own = kpis.get(goal.pk, [])
        nodes.append(
            {
                "goal": goal,
                "depth": depth,
                "kpi_depth": depth + 1,
                "kpis": own,
                "lacks": lint_goal(kpis=len(own), children=goal.pk in parents),
                "is_weighted": goal.roll_up == RollUp.WEIGHTED,
            }
        )
    return nodes


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
