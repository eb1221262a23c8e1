"""Remarks on a place of a version, and links by which guests see one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from assets.choices import Shape
from assets.models.asset import Asset, AssetVersion
from assets.models.review import ReviewStep
from assets.querysets import PinQuerySet, ReplyQuerySet
from campaigns.models import Campaign
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped

SHARE = {"max_digits": 7, "decimal_places": 6, "null": True, "blank": True}


class GuestLink(WorkspaceRecord):
    """An address under which somebody without an account sees an asset (token hashed, expiring, revocable)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="guest_links")
    version = models.ForeignKey(AssetVersion, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("for whom"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    password_hash = models.CharField(max_length=200, blank=True, editable=False)
    may_download = models.BooleanField(_("may download"), default=False)
    may_comment = models.BooleanField(_("may comment"), default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name


class Pin(WorkspaceRecord):
    """A remark on a version: a point or box (shares of width and height), of a page or second, or a range of its text
    (`start` … `end`, characters, end excluded). Its thread is in PinReply."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, models.CASCADE, related_name="pins")
    step = models.ForeignKey(ReviewStep, models.SET_NULL, null=True, blank=True, related_name="pins")
    number = models.PositiveIntegerField()
    shape = models.CharField(max_length=6, choices=Shape.choices)
    page = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    x = models.DecimalField(**SHARE)
    y = models.DecimalField(**SHARE)
    width = models.DecimalField(**SHARE)
    height = models.DecimalField(**SHARE)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.CharField(max_length=500, blank=True)
    text = models.TextField(_("remark"))
    is_blocking = models.BooleanField(_("must be settled"), default=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(GuestLink, models.PROTECT, null=True, blank=True, related_name="+")
    guest_name = models.CharField(max_length=80, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(PinQuerySet)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="pin_number_once"),
            models.CheckConstraint(condition=Q(author__isnull=False) | Q(guest__isnull=False), name="pin_has_author"),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def said_by(self):
        """Who said it, as it is shown."""
        return self.author.name if self.author_id else self.guest_name or self.guest.name

    def get_absolute_url(self):
        asset = self.version.asset
        page = reverse("assets:proof", args=[self.workspace.slug, self.campaign.code, asset.pk])
        return f"{page}?version={self.version.number}#pin-{self.number}"


class PinReply(WorkspaceRecord):
    """A word in the thread of a pin."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    pin = models.ForeignKey(Pin, models.CASCADE, related_name="replies")
    text = models.TextField(_("reply"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(GuestLink, models.PROTECT, null=True, blank=True, related_name="+")
    guest_name = models.CharField(max_length=80, blank=True)

    objects = scoped(ReplyQuerySet)

    class Meta:
        ordering = ["created_at"]

    def __str__(self):
        return self.text[:80]

    @property
    def said_by(self):
        """Who said it, as it is shown."""
        return self.author.name if self.author_id else self.guest_name or self.guest.name
