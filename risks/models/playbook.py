"""Playbooks: the library of a workspace and a campaign's own, with their steps."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import Function
from campaigns.models import Campaign
from core.querysets import scoped
from risks.choices import Level, RiskClass
from risks.querysets import PlaybookQuerySet, PlaybookStepQuerySet


class Spoken(WorkspaceRecord):
    """A row whose texts came in several languages: `labels` is {language: {field: text}} until a field is rewritten."""

    labels = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def said(self, field):
        """A text in the language at hand, else as it was typed."""
        return self.labels.get(get_language() or "", {}).get(field) or getattr(self, field)


class Playbook(Spoken):
    """What is done when a risk of a class comes true. Without a campaign it belongs to the library."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="playbooks")
    builtin_code = models.SlugField(max_length=40, blank=True, editable=False)
    risk_class = models.CharField(_("class"), max_length=16, choices=RiskClass.choices, default=RiskClass.OTHER)
    name = models.CharField(_("name"), max_length=160)
    strategy = models.TextField(_("strategy"), blank=True)
    fallback = models.TextField(_("fallback"), blank=True)
    levels = models.JSONField(_("levels"), default=dict, blank=True)  # {"blue": minutes, …}; empty: no ladder
    messages = models.JSONField(_("messages"), default=list, blank=True)  # [{"name", "text"}]
    pause_all = models.BooleanField(_("pause all placements"), default=False)
    pause_channels = models.JSONField(_("pause the channels"), default=list, blank=True)  # codes
    pause_platforms = models.JSONField(_("pause the platforms"), default=list, blank=True)  # as placements name them
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(PlaybookQuerySet)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "builtin_code"],
                condition=models.Q(campaign=None) & ~models.Q(builtin_code=""),
                name="builtin_playbook_once",
            )
        ]

    def __str__(self):
        return self.said("name")

    def get_absolute_url(self):
        return reverse("risks:playbook", args=[self.workspace.slug, self.pk])

    @property
    def ladder(self):
        """[(level, label, minutes)] from the mildest on."""
        return [(one, Level(one).label, self.levels[one]) for one in Level.values if one in self.levels]

    @property
    def said_strategy(self):
        return self.said("strategy")

    @property
    def said_fallback(self):
        return self.said("fallback")

    @property
    def said_messages(self):
        return self.said("messages")

    @property
    def pauses_anything(self):
        return self.pause_all or bool(self.pause_channels or self.pause_platforms)


class PlaybookStep(Spoken):
    """One step: what, which function, within how many minutes of the start, from which level on."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps")
    title = models.CharField(_("step"), max_length=200)
    detail = models.TextField(_("how"), blank=True)
    function = models.CharField(_("function"), max_length=20, choices=Function.choices, blank=True)
    deadline_minutes = models.PositiveIntegerField(_("deadline"), null=True, blank=True)
    min_level = models.CharField(_("from level"), max_length=6, choices=Level.choices, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(PlaybookStepQuerySet)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.said("title")

    @property
    def said_detail(self):
        return self.said("detail")

    @property
    def campaign_id(self):
        """Of its playbook, for the logbook."""
        return self.playbook.campaign_id
