"""Background work of campaigns."""

from datetime import timedelta

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.models import Grant, Membership
from campaigns import actions
from campaigns.actions.access import tell_expiring as tell
from campaigns.actions.budget_requests import tell_deciders, tell_requester
from campaigns.actions.grants import DAYS_BEFORE, tell_ending, warn_of_ending
from campaigns.actions.writing import today_of
from campaigns.models import AccessItem, BudgetRequest, Campaign, Comment, Question
from campaigns.rules.access import WARNING_DAYS, is_expiring
from core.actor import Actor
from core.jobs import job, periodic

DAY = 86_400


@job("campaigns.tell_mentioned")
def tell_mentioned(*, comment_id, user_id):
    """The mail to somebody named in a comment, while the comment stands and they still belong to the workspace."""
    rows = Comment.objects.active().select_related("workspace", "campaign", "author")
    comment = rows.filter(pk=comment_id).first()
    member = Membership.objects.of_people().filter(user_id=user_id, user__is_active=True).select_related("user").first()
    if comment and member and member.user.email:
        actions.tell_mentioned(comment, member.user)


@periodic("campaigns.warn_of_expiry", seconds=DAY)
def warn_of_expiry():
    """Have the owners of accesses told that they expire soon, each expiry once."""
    now = timezone.now().date()
    with scopes_disabled():
        last = now + timedelta(days=WARNING_DAYS + 1)  # nowhere is it later than tomorrow of UTC
        rows = AccessItem.objects.expiring(first=now - timedelta(days=1), last=last)
        rows = list(rows.select_related("workspace", "campaign", "owner"))
    for item in rows:
        if is_expiring(item.expires_date, today_of(item.campaign)):
            with scope(workspace=item.workspace_id):
                actions.warn_of_expiry(Actor.system(item.workspace), item=item)


@job("campaigns.tell_expiring")
def tell_expiring(*, item_id):
    """The mail about an access that expires soon, while it is listed and its owner belongs to the workspace."""
    rows = AccessItem.objects.active().select_related("workspace", "campaign", "owner")
    item = rows.filter(pk=item_id).first()
    if item is None or not item.owner.email or not item.owner.is_active:
        return
    if Membership.objects.of_people().filter(user=item.owner).exists():
        tell(item)


@periodic("campaigns.warn_of_endings", seconds=DAY)
def warn_of_endings():
    """Have managers told of accesses to campaigns that end within a week, each once."""
    now = timezone.now().date()
    with scopes_disabled():
        days = (now, now + timedelta(days=DAYS_BEFORE))
        rows = list(Grant.objects.filter(finish_date__range=days).select_related("workspace"))
    for grant in rows:
        with scope(workspace=grant.workspace_id):
            warn_of_ending(grant)


@job("campaigns.tell_ending")
def tell_ending_access(*, grant_id, membership_id):
    """The mail about an access that ends soon, while both stand."""
    grants = Grant.objects.select_related("organization", "membership__user")
    grant = grants.filter(pk=grant_id).first()
    membership = Membership.objects.filter(pk=membership_id, user__is_active=True).select_related("user").first()
    campaign = grant and Campaign.objects.filter(pk=grant.campaign_id).select_related("workspace").first()
    if campaign and membership and membership.user.email:
        tell_ending(grant, campaign, membership)


@job("campaigns.tell_question")
def tell_question(*, question_id, occasion):
    """The mail about a question that was asked, or answered, while it still is."""
    related = ("workspace", "campaign", "organization", "asked_by", "answered_by")
    question = Question.objects.select_related(*related).filter(pk=question_id).first()
    if question and question.state == {"asked": "open"}.get(occasion, occasion):
        actions.tell_question(question, occasion, now=timezone.now())


@job("campaigns.tell_deciders")
def tell_deciders_of(*, request_id, level):
    """The mail to whoever decides on a level of a request, while it is that level's turn."""
    request = _request(request_id)
    if request and request.state == "open" and request.level == int(level):
        tell_deciders(request)


@job("campaigns.tell_requester")
def tell_requester_of(*, request_id):
    """The mail that says what was decided."""
    request = _request(request_id)
    if request and request.state in ("approved", "rejected"):
        tell_requester(request)


def _request(request_id):
    rows = BudgetRequest.objects.select_related("workspace", "campaign__workspace", "line", "to_line", "requested_by")
    return rows.filter(pk=request_id).first()
