"""Background work of tasks."""

from datetime import timedelta

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.backends import actor_in
from accounts.choices import SeatRole
from accounts.models import Membership, Seat
from campaigns.models import Campaign
from core.actor import Actor
from core.jobs import enqueue, job, periodic
from tasks.actions import ask_refresh, problems, refresh_plan, telling, today_of
from tasks.actions.recurrences import make_recurring as make
from tasks.models import Problem, Recurrence, WorkPlan

HOUR = 3600
QUARTER = 900


@job("tasks.tell_problem")
def tell_problem(*, problem_id, user_id, occasion):
    """The mail about a problem to one person, while they belong to the workspace."""
    rows = Problem.objects.select_related("workspace", "campaign", "solver", "raised_by")
    problem = rows.filter(pk=problem_id).first()
    member = Membership.objects.of_people().filter(user_id=user_id, user__is_active=True).select_related("user").first()
    if problem and member and member.user.email:
        problems.tell_problem(problem, member.user, occasion)
    for seat in seats_with_mail(user=user_id) if problem else ():
        if Problem.objects.visible_to(actor_in(seat.user, seat.workspace.slug)).filter(pk=problem.pk).exists():
            problems.tell_problem(problem, seat.user, occasion, seat=seat)


def seats_with_mail(**which):
    """Partners' seats that are open and can be written to."""
    rows = Seat.objects.open(now=timezone.now()).filter(organization__door__frozen_at=None, **which)
    return rows.exclude(email="").select_related("user", "workspace")


@job("tasks.tell_given")
def tell_given(*, organization_id, slot):
    """The mail to a partner's seats at work about the tasks that were given to it in an hour, and are still its own."""
    keys = telling.given_in(organization_id, slot)
    for seat in seats_with_mail(organization=organization_id).exclude(role=SeatRole.READER):
        telling.tell_given(actor_in(seat.user, seat.workspace.slug), seat, keys)


@periodic("tasks.escalate_problems", seconds=HOUR)
def escalate_problems():
    """Escalate what is overdue where its campaign lives; each problem in a transaction of its own."""
    with scopes_disabled():
        latest = timezone.now().date() + timedelta(days=1)  # nowhere is it later than tomorrow of UTC
        rows = Problem.objects.overdue(today=latest).filter(escalated_at=None, campaign__archived_at=None)
        rows = list(rows.select_related("workspace", "campaign", "campaign__owner", "solver"))
    for problem in rows:
        if problem.due_date < today_of(problem.campaign):
            with scope(workspace=problem.workspace_id):
                problems.escalate_problem(Actor.system(problem.workspace), problem=problem)


@periodic("tasks.find_recurring", seconds=HOUR)
def find_recurring():
    """Once on each day of its campaign, have every recurring task make what is due."""
    with scopes_disabled():
        rows = Recurrence.objects.active().filter(campaign__archived_at=None)
        rows = rows.exclude(campaign__state__in=("closed", "cancelled")).select_related("campaign")
        for row in rows:
            key = f"tasks.make_recurring:{row.pk}:{today_of(row.campaign)}"
            enqueue("tasks.make_recurring", workspace_id=row.workspace_id, key=key, recurrence_id=row.pk)


@job("tasks.make_recurring")
def make_recurring(*, recurrence_id):
    """Make the tasks of one pattern that are due."""
    rows = Recurrence.objects.active().select_related("workspace", "campaign", "campaign__workspace", "phase")
    recurrence = rows.filter(pk=recurrence_id).first()
    if recurrence:
        make(Actor.system(recurrence.workspace), recurrence=recurrence)


@job("tasks.replan")
def replan(*, campaign_id):
    """Work a campaign's plan out anew, unless the campaign is gone or over."""
    campaign = Campaign.objects.active().filter(pk=campaign_id).select_related("workspace").first()
    if campaign:
        refresh_plan(Actor.system(campaign.workspace), campaign=campaign)


@periodic("tasks.project_daily", seconds=QUARTER)
def project_daily():
    """A new day has begun where a campaign is: its running plan is worked out as things stand today, once."""
    with scopes_disabled():
        latest = timezone.now().date() + timedelta(days=1)  # nowhere is it later than tomorrow of UTC
        plans = list(WorkPlan.objects.running().stale(latest).select_related("campaign"))
        for plan in plans:
            today = today_of(plan.campaign)
            if plan.projected_on is None or plan.projected_on < today:
                ask_refresh(plan, key=f"tasks.replan:{plan.campaign_id}:{today}")
