"""Baselines: the plan as it was on a day, under a name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.models import Campaign
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped
from tasks.models.task import AMOUNT, DAY, Task


class Baseline(WorkspaceRecord):
    """A named snapshot of all tasks; it never changes."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="baselines")
    name = models.CharField(_("name"), max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="baseline_name_once")]

    def __str__(self):
        return self.name


class BaselineTask(WorkspaceRecord):
    """One task as the baseline saw it; it stays when the task goes."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    baseline = models.ForeignKey(Baseline, models.CASCADE, related_name="tasks")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="baselines")
    title = models.CharField(max_length=200)
    start_date = models.DateField(**DAY)
    finish_date = models.DateField(**DAY)
    duration_days = models.PositiveSmallIntegerField(default=1)
    effort_hours = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    cost_amount = models.DecimalField(**AMOUNT)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["baseline", "task"], name="task_once_per_baseline")]

    def __str__(self):
        return self.title
