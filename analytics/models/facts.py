"""Figures and how they belong to the plan. Facts name no plan; links do (model: number and work)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Workspace, WorkspaceRecord
from analytics.choices import DAY, LinkHow
from analytics.models.sources import AccountLink
from analytics.querysets import DailyQuerySet, FactQuerySet, ObjectQuerySet
from campaigns.models import Campaign, Channel
from core.querysets import scoped
from placements.choices import CountingLevel
from placements.models import AdAccount, Placement

VALUE = {"max_digits": 24, "decimal_places": 6}
# The object's key is checked and implies these two; checking them for every figure would double the time of a delivery.
UNCHECKED = {"db_index": False, "db_constraint": False}
# A dashboard reads nothing but two indexes of the roll-up: they hold what is asked, in the order in which it is summed.
BY_PLACEMENT = ("workspace", "campaign", "metric", "placement", "currency", "date", "date_to", "is_complete", "value")
BY_METRIC = ("workspace", "campaign", "metric", "date", "date_to", "currency", "channel", "ad_account")
BY_METRIC += ("is_complete", "value")


class ExternalObject(models.Model):
    """A thing at the platform that has figures: account, campaign, ad group, ad, keyword, page …

    An object without an id is known by `name:…`.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    account_link = models.ForeignKey(AccountLink, models.CASCADE, related_name="objects_seen")
    level = models.CharField(max_length=12, choices=CountingLevel.choices)
    external_id = models.CharField(max_length=300)
    name = models.CharField(max_length=500, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    utm = models.JSONField(default=dict)
    stays_unassigned = models.BooleanField(default=False)  # a person took its link away: no automatic match any more
    first_seen_at = models.DateTimeField(default=timezone.now)

    objects = scoped(ObjectQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_link", "level", "external_id"], name="object_once_per_account")
        ]
        indexes = [models.Index(fields=["workspace", "level"], name="object_by_level")]

    def __str__(self):
        return self.name or self.external_id


class ObjectLink(WorkspaceRecord):
    """An object's figures belong to this campaign and placement from … to (None: open)."""

    object = models.ForeignKey(ExternalObject, models.CASCADE, related_name="links")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="object_links")
    placement = models.ForeignKey(Placement, models.CASCADE, null=True, related_name="object_links")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    how = models.CharField(max_length=12, choices=LinkHow.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object", "valid_from"], name="one_link_from_a_day"),
            models.UniqueConstraint(fields=["object"], condition=Q(valid_from=None), name="one_open_start_link"),
        ]

    def __str__(self):
        return f"{self.object} → {self.placement or self.campaign}"


class MatchMemory(WorkspaceRecord):
    """A person's choice for an object of an account, kept for the same object from any source and any later file."""

    ad_account = models.ForeignKey(AdAccount, models.CASCADE, related_name="match_memories")
    level = models.CharField(max_length=12, choices=CountingLevel.choices)
    key = models.CharField(max_length=320)  # external id, or the normalised name
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    placement = models.ForeignKey(Placement, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ad_account", "level", "key"], name="one_memory_per_object")]

    def __str__(self):
        return self.key


class Fact(models.Model):
    """One figure of one object: a day (`hour` = DAY), an hour of a day, or a period of several days.

    `date_to` is inclusive. Money metrics carry their currency. `breakdown` is "" or `dimension=value|…`.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", **UNCHECKED)
    account_link = models.ForeignKey(AccountLink, models.CASCADE, related_name="facts", **UNCHECKED)
    object = models.ForeignKey(ExternalObject, models.CASCADE, related_name="facts", db_index=False)
    date_from = models.DateField()
    date_to = models.DateField()
    hour = models.SmallIntegerField(default=DAY)
    breakdown = models.CharField(max_length=200, default="", blank=True)
    metric = models.CharField(max_length=40)
    value = models.DecimalField(**VALUE)
    currency = models.CharField(max_length=3, default="", blank=True)
    is_final = models.BooleanField(default=False)
    fetched_at = models.DateTimeField(default=timezone.now)
    origin_id = models.UUIDField()

    objects = scoped(FactQuerySet)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object", "date_from", "date_to", "hour", "breakdown", "metric"], name="one_fact_per_key"
            ),
            models.CheckConstraint(condition=Q(date_to__gte=F("date_from")), name="fact_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["workspace", "account_link", "date_from"], name="fact_by_account_day"),
            models.Index(fields=["account_link"], condition=Q(date_to__gt=F("date_from")), name="fact_of_several_days"),
            models.Index(fields=["account_link", "id"], name="fact_newest_of_account"),
        ]

    def __str__(self):
        return f"{self.metric} {self.date_from}"


class FactRevision(models.Model):
    """What a figure was before: written whenever a value moved, or vanished from a newer delivery (new_value None).

    `currency` is that of the old value.
    """

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", **UNCHECKED)
    # written from a fact, whose key is checked; checking it again takes a tenth of the time of a restated delivery
    object = models.ForeignKey(ExternalObject, models.CASCADE, related_name="revisions", db_constraint=False)
    date_from = models.DateField()
    date_to = models.DateField()
    hour = models.SmallIntegerField(default=DAY)
    breakdown = models.CharField(max_length=200, default="", blank=True)
    metric = models.CharField(max_length=40)
    old_value = models.DecimalField(null=True, **VALUE)
    new_value = models.DecimalField(null=True, **VALUE)
    currency = models.CharField(max_length=3, default="", blank=True)
    at = models.DateTimeField(default=timezone.now)
    origin_id = models.UUIDField()
    old_origin_id = models.UUIDField(null=True)  # whose figure the old one was; None: there was none

    objects = scoped(ObjectQuerySet)

    class Meta:
        indexes = [models.Index(fields=["origin_id"], name="revision_by_origin")]

    def __str__(self):
        return f"{self.metric} {self.date_from}: {self.old_value} → {self.new_value}"


class Rolled(models.Model):
    """What a day (or, with `date_to` > `date`, a period that is never in a trend) adds up to."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    ad_account = models.ForeignKey(AdAccount, models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+", db_index=False)
    date = models.DateField()
    date_to = models.DateField()
    metric = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="", blank=True)
    value = models.DecimalField(**VALUE)
    is_complete = models.BooleanField(default=True)

    objects = scoped(DailyQuerySet)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.metric} {self.date}: {self.value}"


class DailyMetric(Rolled):
    """The roll-up: per account, plan line, channel, day and metric."""

    placement = models.ForeignKey(Placement, models.CASCADE, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=BY_PLACEMENT, name="daily_by_placement"),
            models.Index(fields=["workspace", "ad_account", "date"], name="daily_by_account"),
        ]


class DailyTotal(Rolled):
    """The roll-up added up over the placements of a campaign: what is asked of whole campaigns and accounts."""

    class Meta:
        indexes = [
            models.Index(
                fields=BY_METRIC,
                name="total_by_metric",
            ),
            models.Index(fields=["workspace", "ad_account", "date"], name="total_by_account"),
        ]
