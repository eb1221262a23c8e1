"""What is expected of a figure, and which source a KPI trusts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from analytics.choices import RangeKind
from analytics.models.sources import Source
from analytics.querysets import RangeQuerySet
from campaigns.models import Campaign, Channel, Kpi, Metric
from core.querysets import scoped

VALUE = {"max_digits": 24, "decimal_places": 6, "null": True, "blank": True}


class ExpectedRange(WorkspaceRecord):
    """The range a metric of a campaign should be in, per day: fixed values, or percent of the day's plan."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="ranges")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    kpi = models.ForeignKey(Kpi, models.CASCADE, null=True, blank=True, related_name="ranges")
    kind = models.CharField(_("kind"), max_length=8, choices=RangeKind.choices, default=RangeKind.FIXED)
    low = models.DecimalField(_("from"), **VALUE)
    high = models.DecimalField(_("to"), **VALUE)

    objects = scoped(RangeQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "metric"], condition=Q(channel=None), name="one_range_per_metric"
            ),
            models.UniqueConstraint(fields=["campaign", "metric", "channel"], name="one_range_per_metric_and_channel"),
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="range_low_under_high"),
        ]

    def __str__(self):
        return f"{self.metric}: {self.low} – {self.high}"


class KpiSource(WorkspaceRecord):
    """The source of record of a KPI; the others are shown beside it with the gap."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    kpi = models.OneToOneField(Kpi, models.CASCADE, related_name="record_source")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")

    objects = scoped(RangeQuerySet)

    def __str__(self):
        return f"{self.kpi} ← {self.source}"
