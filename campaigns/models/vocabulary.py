"""The words of a workspace: metrics, channels, markets. Built-in ones come from `campaigns/data/*.json`."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import Direction, MetricKind, MetricUnit
from campaigns.querysets import VocabularyQuerySet
from core.querysets import scoped


class Word(WorkspaceRecord):
    """A coded word with its label in each language."""

    code = models.SlugField(_("code"), max_length=40)
    labels = models.JSONField(_("labels"), default=dict)  # {"en": …, "zh-hans": …}
    is_builtin = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(VocabularyQuerySet)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """In the language at hand, else English, else the code."""
        return self.labels.get(get_language() or "en") or self.labels.get("en") or self.code


class Metric(Word):
    """What is measured. Derived metrics have a formula over additive ones; unique and average ones are never summed."""

    kind = models.CharField(_("kind"), max_length=10, choices=MetricKind.choices, default=MetricKind.ADDITIVE)
    unit = models.CharField(_("unit"), max_length=10, choices=MetricUnit.choices, default=MetricUnit.COUNT)
    direction = models.CharField(_("better when"), max_length=10, default=Direction.INCREASE)
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="metric_code_once")]


class Channel(Word):
    """Where a campaign meets people: search, social, owned site, e-mail …"""

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="channel_code_once")]


class Market(Word):
    """A country or region a campaign addresses, with its usual currency and zone."""

    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=50, blank=True)

    class Meta(Word.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="market_code_once")]
