"""Recurring tasks: the pattern from which tasks are made ahead of time."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.models import Campaign, Phase
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped
from tasks.choices import Shift


class Recurrence(WorkspaceRecord):
    """A task that comes again: `rule` is an RFC 5545 RRULE counted from `start_date`, one task a date it names."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recurrences")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="+")
    assignees = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    rule = models.CharField(_("repeats"), max_length=200)
    start_date = models.DateField(_("first day"))
    finish_date = models.DateField(_("last day"), null=True, blank=True)
    shift = models.CharField(_("on a day off"), max_length=8, choices=Shift.choices, default=Shift.NEXT)
    duration_days = models.PositiveSmallIntegerField(_("duration (working days)"), default=1)
    effort_hours = models.DecimalField(_("effort (hours)"), max_digits=8, decimal_places=2, null=True, blank=True)
    ahead_days = models.PositiveSmallIntegerField(_("made ahead (days)"), default=14)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["start_date", "id"]

    def __str__(self):
        return self.title
