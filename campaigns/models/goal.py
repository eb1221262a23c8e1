"""The goal tree and its KPIs."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import Direction, MetricKind, MetricUnit, RollUp
from campaigns.models.campaign import Campaign, Phase
from campaigns.models.vocabulary import Channel, Metric
from campaigns.querysets import GoalQuerySet, InCampaignQuerySet, KpiQuerySet
from campaigns.rules import goals as rules
from core.money import minor_digits
from core.querysets import scoped

VALUE = {"max_digits": 24, "decimal_places": 6}


class Goal(WorkspaceRecord):
    """A wish, decomposed into smaller goals and into KPIs."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="goals")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    title = models.CharField(_("goal"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    roll_up = models.CharField(_("roll-up"), max_length=10, choices=RollUp.choices, default=RollUp.MEAN)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=1)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(GoalQuerySet)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.title


class Kpi(WorkspaceRecord):
    """A number that tells whether a goal is reached: from baseline to target over a period."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kpis")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="kpis")
    name = models.CharField(_("name"), max_length=160)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="kpis", null=True, blank=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", null=True, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.INCREASE)
    baseline_value = models.DecimalField(_("baseline"), null=True, blank=True, **VALUE)
    baseline_source = models.CharField(_("baseline source"), max_length=200, blank=True)
    baseline_date = models.DateField(_("baseline date"), null=True, blank=True)
    target_value = models.DecimalField(_("target"), null=True, blank=True, **VALUE)
    start_date = models.DateField(_("start"), null=True, blank=True)
    finish_date = models.DateField(_("finish"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_kpis"
    )
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=1)
    position = models.PositiveSmallIntegerField(default=0)
    targets_at = models.DateTimeField(null=True, editable=False)  # when the parts of the target were last set
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(KpiQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="kpi_ends_after_start")
        ]
        indexes = [models.Index(fields=["workspace", "id"], name="kpi_newest")]  # pages of REST, newest first

    def __str__(self):
        return self.name

    def days(self):
        """Every day of the period, both ends included; none while the period is open."""
        if not self.start_date or not self.finish_date:
            return []
        return [self.start_date + timedelta(n) for n in range((self.finish_date - self.start_date).days + 1)]

    @property
    def places(self):
        """Digits behind the point of its figures."""
        if self.metric is None:
            return 0
        return minor_digits(self.campaign.currency) if self.metric.unit == MetricUnit.MONEY else self.metric.decimals

    @property
    def is_additive(self):
        """Whether the plan's days add up to its target."""
        return self.metric is not None and self.metric.kind == MetricKind.ADDITIVE

    def findings(self):
        """What it still lacks to be measurable (campaigns.rules.goals.lint); reads metric and campaign."""
        metric = self.metric
        leaf = rules.Leaf(
            metric=metric.code if metric else "",
            unit=metric.unit if metric else "",
            kind=metric.kind if metric else MetricKind.ADDITIVE,
            direction=self.direction,
            baseline=self.baseline_value,
            baseline_source=self.baseline_source,
            baseline_date=self.baseline_date,
            target=self.target_value,
            start_date=self.start_date,
            finish_date=self.finish_date,
            owner=self.owner_id,
            channel=str(self.channel_id or ""),
            campaign_start=self.campaign.start_date,
            campaign_finish=self.campaign.finish_date,
        )
        return rules.lint(leaf)


class KpiTarget(WorkspaceRecord):
    """A part of a KPI's target: for one phase, or for one day."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="targets")
    phase = models.ForeignKey(Phase, models.CASCADE, null=True, blank=True, related_name="+")
    date = models.DateField(null=True, blank=True)
    value = models.DecimalField(**VALUE)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kpi", "phase"], condition=Q(date=None), name="one_target_per_phase"),
            models.UniqueConstraint(fields=["kpi", "date"], condition=Q(phase=None), name="one_target_per_day"),
            models.CheckConstraint(condition=Q(phase=None) ^ Q(date=None), name="target_by_phase_or_day"),
        ]

    def __str__(self):
        return f"{self.kpi} {self.date or self.phase}"
