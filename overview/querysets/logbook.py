"""The logbook, as far as a person may read it."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from core.models import Activity
from core.policy import manager

PRIVATE_TO_MANAGERS = "accounts.api_key_"
PRIVATE_TO_THE_PERSON = ("accounts.view_", "accounts.profile_", "accounts.signed_", "accounts.password_")


def logbook(actor):
    """Lines of the workspace, newest first; a limited key reads those of its campaigns only."""
    rows = Activity.objects.visible_to(actor)
    reached = actor.campaigns_of()
    if reached is not None:
        rows = rows.filter(campaign_id__in=reached)
    for beginning in PRIVATE_TO_THE_PERSON:
        rows = rows.filter(~Q(verb__startswith=beginning) | Q(user_id=actor.user_id))
    if not manager(actor):
        rows = rows.exclude(verb__startswith=PRIVATE_TO_MANAGERS)
    return rows.order_by("-at", "-id")


def within_days(rows, start, finish):
    """Lines of the days start … finish (None: open) in the zone at hand."""
    if start:
        rows = rows.filter(at__gte=_midnight(start))
    return rows.filter(at__lt=_midnight(finish) + timedelta(days=1)) if finish else rows


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
