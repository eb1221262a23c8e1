"""What reviewers and makers are told by mail. What was said stays on the page, seen by those who may see it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from assets.choices import ReviewState, StepState
from assets.models import StepReviewer, Verdict
from assets.rules.reminders import due_reminder
from core.jobs import enqueue
from core.swap import swap
from tasks.actions.loading import PeopleCalendars


def waits_for(step, user_id):
    """The row of a person who is asked at an open step and has not said anything; None else."""
    if step.state != StepState.OPEN or Verdict.objects.filter(step=step, reviewer=user_id).exists():
        return None
    return step.reviewers.filter(user=user_id, released_at=None).first()


def tell_reviewer(step, reader, occasion):
    """The mail that something waits for a verdict, or still does; none when it does no longer."""
    row = waits_for(step, reader.user.pk)
    if row is not None:
        page = "assets:partner-review" if reader.is_seat else "assets:decide"
        url = reverse(page, args=[step.workspace.slug, step.pk])
        words = {"step": step, "asset": step.review.asset, "due": row.due_date, "occasion": occasion}
        _mail("reviewer", reader, step.workspace, url=url, **words)


def tell_makers(review, readers):
    """The mail about how a review ended, to whoever submitted it and to the maker."""
    if review.state in (ReviewState.RUNNING, ReviewState.WITHDRAWN):
        return
    asset = review.asset
    for reader in readers:
        there = reverse("assets:partner-asset", args=[asset.workspace.slug, asset.pk]) if reader.is_seat else ""
        _mail("maker", reader, review.workspace, review=review, asset=asset, url=there or asset.get_absolute_url())


def _mail(name, reader, workspace, *, url, **words):
    user = reader.user
    with translation.override(user.language or workspace.language):
        words |= {"user": user, "url": settings.BASE_URL + url}
        subject = " ".join(render_to_string(f"assets/mail/{name}_subject.txt", words).split())
        send_mail(subject, render_to_string(f"assets/mail/{name}.txt", words), None, [reader.address])


@transaction.atomic
def remind(row):
    """Remind one reviewer if a reminder is due that they have not had yet."""
    row = StepReviewer.objects.select_related("step", "step__campaign").get(pk=row.pk)
    if row.due_date is None or waits_for(row.step, row.user_id) is None:
        return ""
    today = timezone.localdate(timezone=ZoneInfo(row.step.campaign.time_zone))
    calendar = PeopleCalendars(row.workspace_id, [row.user_id]).of(row.user_id)
    occasion = due_reminder(row.due_date, calendar.add(row.due_date, -1), today, row.reminded)
    if occasion:
        swap(row, reminded=occasion)
        ids = {"step_id": row.step_id, "user_id": row.user_id, "occasion": occasion}
        enqueue("assets.tell_reviewer", workspace_id=row.workspace_id, **ids)
    return occasion


def to_remind():
    """Rows of reviewers whose day is near or past and who may not have been told so yet, of all workspaces."""
    soon = timezone.now().date() + timedelta(days=14)  # a working day before may lie before a long holiday
    rows = StepReviewer.objects.filter(step__state=StepState.OPEN, released_at=None, due_date__lte=soon)
    return rows.exclude(reminded="overdue").filter(campaign__archived_at=None)
