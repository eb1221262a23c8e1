"""Ad accounts, placements, their flights, slots and plan per day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from assets.models import Asset, AssetVersion, OutputStandard
from campaigns.models import BudgetLine, Campaign, Channel, Kpi, Phase
from core.querysets import scoped
from placements.choices import BuyingModel, CountingLevel, PlacementState, PlatformStatus
from placements.querysets import AdAccountQuerySet, DayQuerySet, OfPlacementQuerySet, PlacementQuerySet
from placements.rules.names import source_of, tagged_url
from placements.rules.plan import Plan, findings
from placements.rules.platforms import platform_name
from placements.rules.prices import price_of

AMOUNT = {"max_digits": 18, "decimal_places": 4, "null": True, "blank": True}


class AdAccount(WorkspaceRecord):
    """An account at a platform. Its zone says what a day is there, its counting level which figures count."""

    platform = models.CharField(_("platform"), max_length=40)
    external_id = models.CharField(_("account id"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=160)
    currency = models.CharField(_("currency"), max_length=3)
    time_zone = models.CharField(_("time zone"), max_length=50)
    counting_level = models.CharField(
        _("counting level"), max_length=12, choices=CountingLevel.choices, default=CountingLevel.CAMPAIGN
    )
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="ad_accounts")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(AdAccountQuerySet)

    class Meta:
        ordering = ["platform", "name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "platform", "name"], name="ad_account_once")]

    def __str__(self):
        return f"{self.name} · {platform_name(self.platform)}"


class Placement(WorkspaceRecord):
    """One line of the media schedule: what is bought where, for how much, on which days."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="placements")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=PlacementState.choices, default=PlacementState.PLANNED)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="placements")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="placements")
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True, related_name="placements")
    ad_account = models.ForeignKey(AdAccount, models.PROTECT, null=True, blank=True, related_name="placements")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="placements")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    platform = models.CharField(_("platform"), max_length=40, blank=True)
    position = models.CharField(_("position"), max_length=160, blank=True)
    targeting = models.TextField(_("targeting"), blank=True)
    day_parting = models.CharField(_("day-parting"), max_length=200, blank=True)
    buying_model = models.CharField(_("buying model"), max_length=16, choices=BuyingModel.choices, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    budget_amount = models.DecimalField(_("budget"), **AMOUNT)
    list_price = models.DecimalField(_("list price"), **AMOUNT)
    discount = models.DecimalField(_("discount %"), max_digits=6, decimal_places=3, null=True, blank=True)
    net_price = models.DecimalField(_("net price"), **AMOUNT)
    rebate = models.DecimalField(_("rebate %"), max_digits=6, decimal_places=3, null=True, blank=True)
    bonus = models.CharField(_("bonus"), max_length=200, blank=True)
    tax_rate = models.DecimalField(_("tax %"), max_digits=6, decimal_places=3, null=True, blank=True)
    daily_cap = models.DecimalField(_("daily cap"), **AMOUNT)
    landing_url = models.URLField(_("landing page"), max_length=1000, blank=True)
    monitoring_code = models.CharField(_("monitoring code"), max_length=400, blank=True)
    platform_id = models.CharField(_("id at the platform"), max_length=120, blank=True)
    utm_campaign = models.CharField(_("utm_campaign"), max_length=160, blank=True)
    utm_content = models.CharField(_("utm_content"), max_length=160, blank=True)
    account_status = models.CharField(
        _("account status"), max_length=10, choices=PlatformStatus.choices, default=PlatformStatus.NONE, blank=True
    )
    creative_status = models.CharField(
        _("creative status"), max_length=10, choices=PlatformStatus.choices, default=PlatformStatus.NONE, blank=True
    )
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    kpis = models.ManyToManyField(Kpi, blank=True, related_name="placements")
    rank = models.PositiveIntegerField(default=0)
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(PlacementQuerySet)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="placement_code_once")]
        indexes = [models.Index(fields=["workspace", "id"], name="placement_newest")]  # pages of REST, newest first

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("placements:detail", args=[self.workspace.slug, self.campaign.code, self.pk])

    def price(self):
        """Net, rebate and tax of this placement; None without a net price."""
        return price_of(self.net_price, self.rebate, self.tax_rate, self.currency)

    def plan(self):
        """Flights and planned days as the rules see them (reads both unless they were read ahead)."""
        days = list(self.days.all())
        return Plan(
            flights=tuple((one.start_date, one.finish_date) for one in self.flights.all()),
            period=(self.campaign.start_date, self.campaign.finish_date),
            currency=self.currency,
            budget=self.budget_amount,
            daily_cap=self.daily_cap,
            amounts={day.date: day.amount for day in days if day.amount is not None},
            days=tuple(day.date for day in days),
        )

    def findings(self):
        """What the plan lacks or breaks, blocks first."""
        return findings(self.plan())

    def tagged_url(self):
        """The landing page with the UTM values that lead its visitors back to this placement."""
        return tagged_url(
            self.landing_url,
            source=source_of(self.platform, self.channel.code),
            medium=self.channel.code,
            campaign=self.utm_campaign,
            content=self.utm_content,
        )


class Flight(WorkspaceRecord):
    """Days on which a placement runs (both included)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="flights")
    start_date = models.DateField(_("start"))
    finish_date = models.DateField(_("finish"))

    objects = scoped(OfPlacementQuerySet)

    class Meta:
        ordering = ["start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="flight_ends_after_start"),
            models.UniqueConstraint(fields=["placement", "start_date"], name="flight_once"),
        ]

    def __str__(self):
        return f"{self.start_date} – {self.finish_date}"


class DayAllocation(WorkspaceRecord):
    """The plan of one placement for one day: money in the placement's currency, or a quantity, or both."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="days")
    date = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), **AMOUNT)
    quantity = models.DecimalField(_("quantity"), **AMOUNT)

    objects = scoped(DayQuerySet)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["placement", "date"], name="one_allocation_per_day")]

    def __str__(self):
        return f"{self.placement} {self.date}"


class Slot(WorkspaceRecord):
    """A place for one asset in a placement, reserved from the first day. `version` was released to run there."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    placement = models.ForeignKey(Placement, models.CASCADE, related_name="slots")
    name = models.CharField(_("slot"), max_length=120)
    standard = models.ForeignKey(OutputStandard, models.PROTECT, null=True, blank=True, related_name="+")
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, blank=True, related_name="slots")
    version = models.ForeignKey(AssetVersion, models.PROTECT, null=True, blank=True, related_name="slots")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(OfPlacementQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["placement", "name"], name="slot_name_once")]

    def __str__(self):
        return self.name
