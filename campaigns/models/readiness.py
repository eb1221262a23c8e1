"""Readiness for the launch: access to tools and accounts with its proofs, lines signed by name, kept boards."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import AccessKind, AccessLevel, ProofKind
from campaigns.models.campaign import Campaign
from campaigns.querysets import AccessItemQuerySet, InCampaignQuerySet, ReadinessLineQuerySet
from campaigns.rules import access, readiness
from core.models import StoredFile
from core.querysets import scoped


class AccessItem(WorkspaceRecord):
    """A tool or account the campaign needs to get into. `subject_type` and `subject_id` name the ad account or data
    source it is about, where there is one; `proven_at` is the time of its newest proof."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="access_items")
    kind = models.CharField(_("kind"), max_length=12, choices=AccessKind.choices, default=AccessKind.AD_ACCOUNT)
    name = models.CharField(_("name"), max_length=160)
    level = models.CharField(_("level"), max_length=8, choices=AccessLevel.choices, default=AccessLevel.EDIT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    address = models.URLField(_("address"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    subject_label = models.CharField(max_length=300, blank=True)
    requested_date = models.DateField(_("requested on"), null=True, blank=True)
    granted_date = models.DateField(_("granted on"), null=True, blank=True)
    expires_date = models.DateField(_("expires on"), null=True, blank=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    warned_date = models.DateField(null=True, blank=True)  # the expiry of which the owner was told
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(AccessItemQuerySet)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"], condition=Q(archived_at__isnull=True), name="access_named_once"
            )
        ]
        indexes = [models.Index(fields=["subject_id"], name="access_by_subject")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("campaigns:access-item", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def subject(self):
        """What it is about, as menus name it."""
        return access.subject_key(self.subject_type, self.subject_id)

    def standing(self, today, zone):
        """How far the access is on a day of the campaign."""
        return access.standing(
            name=self.name,
            kind=self.kind,
            requested=self.requested_date,
            granted=self.granted_date,
            expires=self.expires_date,
            proven=self.proven_at and self.proven_at.astimezone(zone).date(),
            today=today,
        )


class AccessProof(WorkspaceRecord):
    """That somebody or something got in: a test event, a look, a pull. The proof by pulls renews itself."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    item = models.ForeignKey(AccessItem, models.CASCADE, related_name="proofs")
    kind = models.CharField(_("kind"), max_length=12, choices=ProofKind.choices, default=ProofKind.TEST_EVENT)
    at = models.DateTimeField(_("when"))
    note = models.CharField(_("what was seen"), max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    origin_id = models.UUIDField(null=True, blank=True)  # the pull
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(kind="pull"), name="one_proof_by_pulls"),
        ]

    def __str__(self):
        return f"{self.item}: {self.get_kind_display()}"


class ReadinessLine(WorkspaceRecord):
    """A line that a campaign adds to its board: the named owner signs it, with evidence, for a while."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="readiness_lines")
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    needed = models.CharField(_("evidence needed"), max_length=500, blank=True)
    expires_date = models.DateField(_("valid until"), null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(ReadinessLineQuerySet)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("campaigns:readiness-line", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def is_signed(self):
        return self.signed_at is not None

    def state_on(self, today):
        return readiness.signed_state(self.is_signed, self.expires_date, today)


class ReadinessSnapshot(WorkspaceRecord):
    """The board as it stood at a launch or when somebody kept it. Never changed: `digest` is that of `content`."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="readiness_snapshots")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    blocks = models.PositiveIntegerField(default=0)
    is_launch = models.BooleanField(default=False)
    override_reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign"], condition=Q(is_launch=True), name="one_launch_of_a_campaign")
        ]

    def __str__(self):
        return f"{self.campaign} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("overview:readiness-snapshot", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def is_intact(self):
        """Nobody changed what was signed."""
        return readiness.digest(self.content) == self.digest
