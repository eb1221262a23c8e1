"""The brief and its versions: every save is a version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from campaigns.models.campaign import Campaign
from campaigns.querysets import BriefQuerySet, BriefShareQuerySet, InCampaignQuerySet
from campaigns.rules import cards
from campaigns.rules.brief import label as section_label
from core.querysets import scoped


class Brief(WorkspaceRecord):
    """The brief of a campaign; `current_number` names the version in force (0: nothing written yet)."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="brief")
    current_number = models.PositiveIntegerField(default=0)

    objects = scoped(BriefQuerySet)

    def __str__(self):
        return str(self.campaign)


class BriefVersion(WorkspaceRecord):
    """One saved state. `sections` is a list of {"key", "title", "text"} in order, the text in Markdown.

    `offers` and `personas` are lists of dicts.
    """

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="versions")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    sections = models.JSONField(default=list)
    personas = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    changed_sections = models.JSONField(default=list)
    is_material = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["brief", "number"], name="brief_version_once")]

    def __str__(self):
        return f"{self.campaign} v{self.number}"

    def texts(self):
        """{section key: text}, the cards as lines of their sections: what is compared and shared."""
        return cards.as_texts(self.sections, self.personas, self.offers)


class BriefShare(WorkspaceRecord):
    """A section of the brief that a partner organisation may read."""

    PARTNER_AREA = "brief"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="shares")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    section = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")

    objects = scoped(BriefShareQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brief", "section", "organization"], name="section_shared_once")]

    def __str__(self):
        return f"{section_label(self.section)} → {self.organization}"
