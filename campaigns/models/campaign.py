"""Programme, campaign, phase and the people of a campaign."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from campaigns.choices import CampaignState, Function
from campaigns.models.vocabulary import Market
from campaigns.querysets import CampaignQuerySet, InCampaignQuerySet
from core.money import Money
from core.querysets import scoped


class Programme(WorkspaceRecord):
    """A group of campaigns that are looked at together."""

    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="programme_name_once")]
        ordering = ["name"]

    def __str__(self):
        return self.name


class Campaign(WorkspaceRecord):
    """A marketing campaign: its days are inclusive and in its own zone, its money in its own currency."""

    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="campaigns")
    name = models.CharField(_("name"), max_length=160)
    code = models.CharField(_("code"), max_length=24)
    state = models.CharField(_("state"), max_length=12, choices=CampaignState.choices, default=CampaignState.DRAFT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_campaigns")
    start_date = models.DateField(_("start"))
    finish_date = models.DateField(_("finish"))
    currency = models.CharField(_("currency"), max_length=3)
    time_zone = models.CharField(_("time zone"), max_length=50)
    budget_amount = models.DecimalField(_("budget frame"), max_digits=18, decimal_places=4, null=True, blank=True)
    brand_tone = models.TextField(_("brand tone"), blank=True)
    markets = models.ManyToManyField(Market, blank=True, related_name="campaigns")
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(CampaignQuerySet)

    class Meta:
        ordering = ["-start_date"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="campaign_code_once"),
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="campaign_ends_after_start"),
        ]
        indexes = [models.Index(fields=["workspace", "id"], name="campaign_newest")]  # pages of REST, newest first

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("overview:cockpit", args=[self.workspace.slug, self.code])

    @property
    def budget(self):
        return Money(self.budget_amount, self.currency) if self.budget_amount is not None else None


class Phase(WorkspaceRecord):
    """A stretch of a campaign; it may be a promotion wave."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=120)
    start_date = models.DateField(_("start"))
    finish_date = models.DateField(_("finish"))
    is_promotion = models.BooleanField(_("promotion wave"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["start_date", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="phase_name_once"),
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="phase_ends_after_start"),
        ]

    def __str__(self):
        return self.name


class CampaignMember(WorkspaceRecord):
    """A person's function in a campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="campaign_memberships")
    function = models.CharField(_("function"), max_length=20, choices=Function.choices)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")

    objects = scoped(InCampaignQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user", "function"], name="function_once_per_person")
        ]

    def __str__(self):
        return f"{self.user} ({self.get_function_display()})"
