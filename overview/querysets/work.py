"""The work of a person across campaigns, and where the plan of a campaign stands."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from assets.models import Asset, ReviewStep
from assets.rules.schedule import OWED
from campaigns.models import BudgetRequest, Comment
from campaigns.permissions import roles_of
from risks.models import IncidentStep, Risk
from tasks.models import Problem, Task

WEEK = timedelta(7)
MENTIONS_DAYS = 14
OVER = ("closed", "cancelled")


def tasks_of(actor):
    """Open tasks that the person does, in campaigns that go on; the soonest first, those without a day last."""
    rows = Task.objects.visible_to(actor).open().assigned_to(actor.user_id).filter(is_summary=False)
    rows = rows.filter(campaign__archived_at=None).exclude(campaign__state__in=OVER)
    rows = rows.select_related("campaign", "campaign__workspace", "workspace", "phase")
    return rows.order_by(F("finish_date").asc(nulls_last=True), "position", "pk")


def by_time(tasks, *, today):
    """{overdue, today, week, later: tasks}; what has no day is for later. Empty ones are left out."""
    found = {"overdue": [], "today": [], "week": [], "later": []}
    for task in tasks:
        found[_when(task, today)].append(task)
    return {name: rows for name, rows in found.items() if rows}


def _when(task, today):
    if task.finish_date is None or task.start_date is None:
        return "later"
    if task.finish_date < today:
        return "overdue"
    if task.finish_date == today or (task.state == "blocked" and task.start_date <= today):
        return "today"
    return "week" if task.start_date <= today or task.finish_date <= today + WEEK else "later"


def assets_of(actor):
    """Assets the person has to hand in, in campaigns that go on; the soonest first, those without a day last."""
    rows = Asset.objects.visible_to(actor).active().filter(maker=actor.user_id, stage__in=OWED)
    rows = rows.filter(campaign__archived_at=None).exclude(campaign__state__in=OVER)
    rows = rows.select_related("campaign", "campaign__workspace", "workspace")
    return rows.order_by(F("submit_by").asc(nulls_last=True), "position", "pk")


def problems_for(actor):
    """Open problems that the person must solve, the most pressing first."""
    rows = Problem.objects.visible_to(actor).open().filter(solver=actor.user_id, campaign__archived_at=None)
    return rows.select_related("campaign", "campaign__workspace", "raised_by").order_by("due_date", "pk")


def incident_steps_of(actor):
    """Open steps of running incidents that the person does, the most pressing first."""
    rows = IncidentStep.objects.visible_to(actor).open().filter(owner=actor.user_id, campaign__archived_at=None)
    rows = rows.select_related("campaign", "campaign__workspace", "incident")
    return rows.order_by(F("due_at").asc(nulls_last=True), "position", "pk")


def risks_to_review(actor, *, today):
    """Open risks the person cares for whose review day has come."""
    rows = Risk.objects.visible_to(actor).due_for_review(today=today).cared_for_by(actor.user_id)
    rows = rows.filter(campaign__archived_at=None).exclude(campaign__state__in=OVER)
    return rows.select_related("workspace", "campaign", "campaign__workspace").order_by("review_date", "pk")


def budget_requests_for(actor):
    """Requests for money on which this person may decide, the oldest first."""
    rows = BudgetRequest.objects.visible_to(actor).waiting_for(actor, roles_of(actor))
    rows = rows.select_related("campaign", "campaign__workspace", "workspace", "line", "to_line", "requested_by")
    return rows.order_by("created_at", "pk")


def verdicts_for(actor):
    """Levels of review that wait for the person's verdict; what must be handed in first comes first."""
    rows = ReviewStep.objects.visible_to(actor).waiting_for(actor.user)
    return rows.order_by(F("review__asset__submit_by").asc(nulls_last=True), "pk")


def mentions_of(actor):
    """Comments of the last days by others that name the person or answer them."""
    since = timezone.now() - timedelta(MENTIONS_DAYS)
    about = Q(text__contains=f"]({actor.user_id})") | Q(parent__author=actor.user_id)
    rows = Comment.objects.visible_to(actor).active().filter(about, created_at__gte=since)
    rows = rows.exclude(author=actor.user_id).select_related("author", "campaign", "campaign__workspace")
    return rows.order_by("-created_at")


def plan_of(actor, campaign, *, today, limit):
    """What of a campaign's plan wants to be seen: next milestones, overdue tasks, open problems, and how many."""
    tasks = Task.objects.visible_to(actor).of(campaign).filter(is_summary=False)
    overdue = tasks.overdue(today=today).prefetch_related("assignees").order_by("finish_date", "pk")
    milestones = tasks.open().filter(kind="milestone", finish_date__gte=today).order_by("finish_date", "pk")
    problems = Problem.objects.visible_to(actor).of(campaign).open().select_related("solver")
    found = {"overdue": list(overdue), "problems": list(problems.order_by("due_date", "pk"))}
    return {
        "milestones": list(milestones[:limit]),
        "overdue": found["overdue"][:limit],
        "problems": found["problems"][:limit],
        "counts": {name: len(rows) for name, rows in found.items()},
    }
