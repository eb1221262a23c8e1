"""Who does what in a campaign: functions with their duties, delegates, contact points."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from campaigns.choices import Function
from campaigns.models.campaign import Campaign, CampaignMember
from campaigns.querysets import DelegationQuerySet, InCampaignQuerySet
from core.querysets import scoped


class CampaignFunction(WorkspaceRecord):
    """A function in a campaign: its duties and where they end. Held by members of that function or an organisation."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="functions")
    function = models.CharField(_("function"), max_length=20, choices=Function.choices)
    duties = models.TextField(_("duties"), blank=True)
    boundary = models.TextField(_("where they end"), blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "function"], name="function_described_once")]

    def __str__(self):
        return self.get_function_display()


class Delegation(WorkspaceRecord):
    """Who stands in for a member on some days (both included)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="delegations")
    member = models.ForeignKey(CampaignMember, models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    start_date = models.DateField(_("first day"))
    finish_date = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = scoped(DelegationQuerySet)

    class Meta:
        ordering = ["start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="delegation_ends_after_start")
        ]

    def __str__(self):
        return f"{self.member} → {self.delegate}"


class ContactPoint(WorkspaceRecord):
    """Whom to ask about a topic, who stands in, and how soon an answer comes (in hours)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="contact_points")
    topic = models.CharField(_("topic"), max_length=120)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reach = models.CharField(_("how to reach"), max_length=200, blank=True)
    reply_hours = models.PositiveSmallIntegerField(_("reply within (hours)"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "topic"], name="contact_topic_once")]

    def __str__(self):
        return self.topic
