"""Where figures come from: sources, their accounts, pulls, imports and what each delivered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from analytics.choices import ImportState, RunState, RunTrigger, SourceKind, SourceState
from analytics.querysets import RunQuerySet, SourceQuerySet
from campaigns.models import Campaign
from core.models import StoredFile
from core.querysets import scoped
from placements.choices import CountingLevel
from placements.models import AdAccount


class Source(WorkspaceRecord):
    """A way figures reach us. `config` is what its connector needs, `credentials` is encrypted (core.crypto)."""

    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind.choices)
    platform = models.CharField(_("platform"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=14, choices=SourceState.choices, default=SourceState.CONNECTED)
    rank = models.PositiveSmallIntegerField(default=30)
    config = models.JSONField(default=dict)
    credentials = models.TextField(blank=True, editable=False)
    every_minutes = models.PositiveIntegerField(_("pull every … minutes"), null=True, blank=True)
    daily_at = models.TimeField(_("pull daily at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Shanghai")
    look_back_days = models.PositiveSmallIntegerField(_("look-back in days"), default=3)
    settle_days = models.PositiveSmallIntegerField(_("figures are final after … days"), default=3)
    next_pull_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    is_sandbox = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(SourceQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="source_name_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("analytics:source", args=[self.workspace.slug, self.pk])


class AccountLink(WorkspaceRecord):
    """One ad account as one source delivers it. Its objects and figures are apart from those of other sources."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="account_links")
    ad_account = models.ForeignKey(AdAccount, models.CASCADE, related_name="links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ad_account"], name="account_once_per_source")]

    def __str__(self):
        return f"{self.ad_account} ← {self.source}"


class PullRun(WorkspaceRecord):
    """One pull of a source for some days: cursor, counts, outcome. Its job (core.Job) holds lease and attempt."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    job_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    trigger = models.CharField(max_length=10, choices=RunTrigger.choices, default=RunTrigger.SCHEDULE)
    day_from = models.DateField()
    day_to = models.DateField()
    cursor = models.JSONField(null=True)
    pages = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    expected_rows = models.PositiveIntegerField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = scoped(RunQuerySet)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(day_to__gte=F("day_from")), name="run_days_in_order"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=("queued", "running")), name="one_pull_at_work"
            ),
        ]
        indexes = [models.Index(fields=["source", "-id"], name="run_by_source")]

    def __str__(self):
        return f"{self.source} {self.day_from} – {self.day_to}"

    def get_absolute_url(self):
        return reverse("analytics:run", args=[self.workspace.slug, self.pk])


class Import(WorkspaceRecord):
    """Files given to the workspace at once: looked at first, committed together."""

    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="imports")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("analytics:import", args=[self.workspace.slug, self.pk])


class ImportFile(WorkspaceRecord):
    """One file of an import: what the reader found, what was asked and answered, what was stored."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    layout = models.CharField(max_length=60, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    report = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    ad_account = models.ForeignKey(AdAccount, models.PROTECT, null=True, blank=True, related_name="+")
    is_skipped = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.stored.name


class ColumnMapping(WorkspaceRecord):
    """What a person said about an unknown layout, remembered by its fingerprint."""

    fingerprint = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=120)
    platform = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "fingerprint"], name="mapping_once_per_layout")]

    def __str__(self):
        return self.name


class Delivery(WorkspaceRecord):
    """The scope an import or pull owns: account, level, breakdown dimensions, days; complete or partial.

    Figures of that scope that a newer complete delivery lacks become tombstone revisions.
    """

    account_link = models.ForeignKey(AccountLink, models.CASCADE, related_name="deliveries")
    level = models.CharField(max_length=12, choices=CountingLevel.choices)
    breakdown = models.CharField(max_length=120, blank=True)  # dimension names, "age|gender"
    day_from = models.DateField()
    day_to = models.DateField()
    is_complete = models.BooleanField(default=True)
    origin_id = models.UUIDField()  # ImportFile or PullRun
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["account_link", "day_from", "day_to"], name="delivery_by_days")]

    def __str__(self):
        return f"{self.account_link} {self.day_from} – {self.day_to}"
