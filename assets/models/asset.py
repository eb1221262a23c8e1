"""Assets, what they must be like, their versions, pictures of these, and other people's rights in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from assets.choices import AssetKind, RenditionKind, RightKind, Stage
from assets.querysets import AssetQuerySet, RenditionQuerySet, VersionQuerySet
from campaigns.models import Campaign, Channel, Kpi, Phase
from campaigns.querysets import InCampaignQuerySet
from core.models import StoredFile
from core.querysets import scoped
from tasks.models import Task


class OutputStandard(WorkspaceRecord):
    """What a delivered file must be like. `demands` are the measures of its kind, see `assets.rules.standards`."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=AssetKind.choices)
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="+")
    demands = models.JSONField(_("demands"), default=dict)
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="output_standard_once")]

    def __str__(self):
        return self.name


class Asset(WorkspaceRecord):
    """One piece of material of a campaign. Its bytes and words are in its versions; `current_number` 0: none yet.

    `lead_days` before the first day of the earliest flight it is released for, or on `due_date`, it must be handed in.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assets")
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=AssetKind.choices)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.TOPIC)
    instructions = models.TextField(_("instructions"), blank=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="assets")
    standard = models.ForeignKey(OutputStandard, models.PROTECT, null=True, blank=True, related_name="assets")
    route = models.ForeignKey("assets.ReviewRoute", models.PROTECT, null=True, blank=True, related_name="assets")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="assets")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="assets")
    kpis = models.ManyToManyField(Kpi, blank=True, related_name="assets")
    language = models.CharField(_("language"), max_length=10, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("days before the flight"), null=True, blank=True)
    due_date = models.DateField(_("hand in by"), null=True, blank=True)
    flight_date = models.DateField(null=True, editable=False)  # first day of the earliest flight its slots run in
    submit_by = models.DateField(null=True, editable=False)  # what follows from the three above, kept by the acts
    is_required = models.BooleanField(_("needed for the launch"), default=True)
    current_number = models.PositiveIntegerField(default=0, editable=False)
    position = models.PositiveIntegerField(default=0)
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(AssetQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="asset_code_once")]
        indexes = [
            models.Index(fields=["workspace", "id"], name="asset_newest"),
            models.Index(fields=["campaign", "stage"], name="asset_by_stage"),
            models.Index(fields=["workspace", "submit_by"], name="asset_by_day"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("assets:detail", args=[self.workspace.slug, self.campaign.code, self.pk])


class AssetVersion(WorkspaceRecord):
    """What was handed in once: a file or a text, never changed afterwards. `sha256` is of the file's bytes, or of the
    text in UTF-8; a verdict holds for these bytes alone. `findings` are what the machine says of the standard."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("text"), blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)  # of an H5 page
    sha256 = models.CharField(max_length=64)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    measures = models.JSONField(default=dict, editable=False)  # width, height, seconds, pages, characters, …
    findings = models.JSONField(default=list, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    objects = scoped(VersionQuerySet)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(text="") | ~Q(url=""), name="version_is_not_empty"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "sha256"], name="version_by_hash")]

    def __str__(self):
        return f"{self.asset} v{self.number}"


class Rendition(WorkspaceRecord):
    """A picture made of a version's file: the only form in which a file is shown inside our pages."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=RenditionKind.choices)
    page = models.PositiveSmallIntegerField(default=1)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    objects = scoped(RenditionQuerySet)

    class Meta:
        ordering = ["page"]
        constraints = [models.UniqueConstraint(fields=["version", "kind", "page"], name="rendition_once")]

    def __str__(self):
        return f"{self.version} {self.kind} {self.page}"


class Right(WorkspaceRecord):
    """A licence or release that an asset needs: from whom, its evidence, and the days on which it holds."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="rights")
    kind = models.CharField(_("kind"), max_length=10, choices=RightKind.choices)
    holder = models.CharField(_("from whom"), max_length=200)
    scope = models.CharField(_("what it allows"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    start_date = models.DateField(_("first day"), null=True, blank=True)
    finish_date = models.DateField(_("last day"), null=True, blank=True)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["finish_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_date=None) | Q(finish_date=None) | Q(finish_date__gte=F("start_date")),
                name="right_ends_after_start",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.holder}"
