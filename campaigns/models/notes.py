"""Annotations on charts, comments on anything, exchange rates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import AnnotationKind
from campaigns.models.campaign import Campaign
from campaigns.querysets import AnnotationQuerySet, InCampaignQuerySet
from campaigns.rules import mentions
from core.querysets import scoped


class Annotation(WorkspaceRecord):
    """Something that happened, shown on every chart of its days."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="annotations")
    kind = models.CharField(_("kind"), max_length=12, choices=AnnotationKind.choices, default=AnnotationKind.NOTE)
    text = models.CharField(_("text"), max_length=300)
    start_date = models.DateField(_("first day"))
    finish_date = models.DateField(_("last day"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = scoped(AnnotationQuerySet)

    class Meta:
        ordering = ["start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="annotation_ends_after_start")
        ]

    def __str__(self):
        return self.text


class Comment(WorkspaceRecord):
    """A remark on anything of a campaign (`subject_type` as in the logbook)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="comments")
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    text = models.TextField(_("comment"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["subject_id", "created_at"], name="comment_by_subject")]

    def __str__(self):
        return mentions.spoken(self.text)[:80]


class ExchangeRate(WorkspaceRecord):
    """Units of `quote` for one unit of `base` on a day."""

    date = models.DateField(_("day"))
    base = models.CharField(_("from"), max_length=3)
    quote = models.CharField(_("to"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "date", "base", "quote"], name="one_rate_per_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self):
        return f"{self.base}/{self.quote} {self.date}"
