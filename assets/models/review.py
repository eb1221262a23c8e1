"""Who must agree before an asset goes out: routes as data, their run on one version, and what was said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from assets.choices import Decision, Quorum, ReviewState, StepState
from assets.models.asset import Asset, AssetVersion
from assets.querysets import ReviewQuerySet, RouteQuerySet, StepQuerySet, VerdictQuerySet
from campaigns.choices import Function
from campaigns.models import Campaign
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped


class ReviewRoute(WorkspaceRecord):
    """Levels of review in their order. Without a campaign it is a template of the workspace."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="review_routes")
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(RouteQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="route_name_once"),
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=Q(campaign=None), name="route_template_name_once"
            ),
        ]

    def __str__(self):
        return self.name


class RouteLevel(WorkspaceRecord):
    """One level of a route. Levels of the same `position` run side by side. `due_days` are working days of the
    reviewer; `is_private`: only its reviewers and the route's managers see what is said there."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="+")
    route = models.ForeignKey(ReviewRoute, models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    criteria = models.JSONField(_("criteria"), default=list)  # of assets.rules.criteria
    quorum = models.CharField(_("who must agree"), max_length=5, choices=Quorum.choices, default=Quorum.ALL)
    quorum_count = models.PositiveSmallIntegerField(_("how many"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("working days"), default=2)
    is_private = models.BooleanField(_("private"), default=False)
    functions = models.JSONField(_("functions"), default=list)  # of campaigns.choices.Function
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")

    objects = scoped(RouteQuerySet)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class Review(WorkspaceRecord):
    """One run of a route over one version of an asset."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="reviews")
    version = models.ForeignKey(AssetVersion, models.PROTECT, related_name="reviews")
    sha256 = models.CharField(max_length=64)
    route = models.ForeignKey(ReviewRoute, models.PROTECT, related_name="+")
    route_name = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.RUNNING)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(ReviewQuerySet)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(state=ReviewState.RUNNING), name="one_running_review_per_asset"
            )
        ]

    def __str__(self):
        return f"{self.version} · {self.route_name}"


class ReviewStep(WorkspaceRecord):
    """A level of the route at work on one version: a copy, so that a later change of the route changes nothing here.

    Sent back to an earlier level, the levels from there on run again as the next `round`.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("name"), max_length=120)
    criteria = models.JSONField(default=list)
    quorum = models.CharField(max_length=5, choices=Quorum.choices)
    quorum_count = models.PositiveSmallIntegerField(null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(default=2)
    is_private = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.WAITING)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(StepQuerySet)

    class Meta:
        ordering = ["round", "position", "id"]
        indexes = [models.Index(fields=["workspace", "state"], name="step_by_state")]

    def __str__(self):
        return self.name


class StepReviewer(WorkspaceRecord):
    """A person asked at a step: by the route, by 转交 (instead of `delegated_by`), or by 加签 (`added_by`)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    step = models.ForeignKey(ReviewStep, models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_duties")
    function = models.CharField(max_length=20, choices=Function.choices, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    delegated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_date = models.DateField(_("due"), null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    reminded = models.CharField(max_length=10, blank=True, editable=False)  # the last of assets.rules.reminders
    released_at = models.DateTimeField(null=True, blank=True)  # handed on to somebody else

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["step", "user"], name="reviewer_once_per_step")]

    def __str__(self):
        return str(self.user)


class Verdict(WorkspaceRecord):
    """What a reviewer said of the bytes they saw. `edits` names exactly what to change; never edited afterwards."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, models.PROTECT, related_name="verdicts")
    step = models.ForeignKey(ReviewStep, models.PROTECT, related_name="verdicts")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    words = models.TextField(_("words"), blank=True)
    edits = models.TextField(_("edits"), blank=True)
    criteria = models.JSONField(default=dict)  # criterion -> true, false, or a number for the expected effect
    sha256 = models.CharField(max_length=64)
    route_name = models.CharField(max_length=120)
    pack_versions = models.JSONField(default=dict)  # rule pack -> version that was in force
    at = models.DateTimeField()

    objects = scoped(VerdictQuerySet)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "step", "reviewer"], name="one_verdict_per_step_and_reviewer"),
            models.CheckConstraint(
                condition=Q(decision=Decision.APPROVE) | ~Q(words="") | ~Q(edits=""), name="verdict_has_words"
            ),
        ]

    def __str__(self):
        return f"{self.reviewer}: {self.get_decision_display()}"
