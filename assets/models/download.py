"""Links by which a partner fetches originals: short-lived, for one seat, one thing, one use."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from assets.models.asset import AssetVersion
from assets.querysets import DownloadQuerySet
from campaigns.models import Campaign
from core.querysets import scoped


class Download(WorkspaceRecord):
    """A link for `user` to the file of a version, or (without one) to the approved files of a campaign in one archive.

    `reference` goes with the bytes, in their names and inside them; of the link itself only the hash is kept.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    version = models.ForeignKey(AssetVersion, models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reference = models.CharField(_("reference"), max_length=12)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(null=True, editable=False)

    objects = scoped(DownloadQuerySet)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["workspace", "reference"], name="download_reference_once")]

    def __str__(self):
        return self.reference
