"""Background work of risks: mails, reviews that are due, steps that are overdue, defaults of workspaces."""

from collections import defaultdict

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.models import Membership, Workspace
from core.actor import Actor
from core.errors import PharosError
from core.jobs import enqueue, job, periodic
from risks import actions
from risks.actions.incidents import today_of
from risks.actions.register import tell_reviews as send_reviews
from risks.actions.steps import escalate_step
from risks.actions.telling import tell_incident as send_incident
from risks.models import Incident, IncidentStep, Risk

MINUTE, HOUR = 60, 3600


def _person(user_id):
    """Who gets a mail, while they belong to the workspace and have an address."""
    member = Membership.objects.of_people().filter(user_id=user_id, user__is_active=True).select_related("user").first()
    return member.user if member and member.user.email else None


@job("risks.tell_incident")
def tell_incident(*, incident_id, user_id, occasion, step_id=""):
    """The mail about an incident to one person."""
    incident = Incident.objects.filter(pk=incident_id).select_related("workspace", "campaign").first()
    user = _person(user_id)
    if incident and user:
        step = IncidentStep.objects.filter(pk=step_id).select_related("owner").first() if step_id else None
        send_incident(incident, user, occasion, step)


@periodic("risks.escalate_steps", seconds=MINUTE)
def escalate_steps():
    """Escalate every overdue step once, each in a transaction of its own; what was done meanwhile is left alone."""
    now = timezone.now()
    with scopes_disabled():
        rows = IncidentStep.objects.overdue(now=now).filter(escalated_at=None, campaign__archived_at=None)
        related = ("workspace", "owner", "incident", "incident__campaign", "incident__workspace")
        rows = list(rows.select_related(*related))
    for step in rows:
        with scope(workspace=step.workspace_id):
            try:
                escalate_step(Actor.system(step.workspace), step=step, now=now)
            except PharosError:
                continue


@periodic("risks.find_reviews", seconds=HOUR)
def find_reviews():
    """Once on each day, a mail to whoever has risks to look at: owner, else deputy, else the campaign's owner."""
    now, due = timezone.now(), defaultdict(set)
    with scopes_disabled():
        rows = Risk.objects.open().filter(review_date__isnull=False, campaign__archived_at=None)
        rows = rows.exclude(campaign__state__in=("closed", "cancelled")).select_related("campaign")
        for risk in rows:
            today = today_of(risk.campaign, now)
            if risk.review_date <= today:
                user = risk.owner_id or risk.deputy_id or risk.campaign.owner_id
                due[risk.workspace_id, user, today].add(risk.pk)
        for workspace, user, today in due:
            key = f"risks.tell_reviews:{workspace}:{user}:{today}"
            enqueue("risks.tell_reviews", workspace_id=workspace, key=key, user_id=user, day=today)


@job("risks.tell_reviews")
def tell_reviews(*, user_id, day):
    """The mail of a day about the risks one person has to look at."""
    user = _person(user_id)
    rows = Risk.objects.due_for_review(today=day).filter(campaign__archived_at=None)
    rows = rows.exclude(campaign__state__in=("closed", "cancelled")).cared_for_by(user_id).listed()
    risks = list(rows.order_by("review_date", "code"))
    if user and risks:
        send_reviews(user, risks, risks[0].workspace)


@job("risks.load_defaults")
def load_defaults(*, workspace_id):
    """The default playbooks for a workspace that was there before them."""
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    if workspace:
        with scope(workspace=workspace.pk):
            actions.load_playbooks(workspace=workspace)
