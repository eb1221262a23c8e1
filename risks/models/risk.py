"""The register: one row a risk."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.models import BudgetLine, Campaign, Kpi
from core.querysets import scoped
from placements.models import Placement
from risks.choices import RiskClass, RiskState
from risks.models.playbook import Playbook
from risks.querysets import RiskQuerySet
from risks.rules.register import heat, score
from tasks.models import Task

LINK = {"on_delete": models.SET_NULL, "null": True, "blank": True, "related_name": "+"}
PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "null": True, "blank": True}


class Risk(WorkspaceRecord):
    """What may go wrong, how probable and how grave it is before and after the response, and who looks after it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="risks")
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    risk_class = models.CharField(_("class"), max_length=16, choices=RiskClass.choices, default=RiskClass.OTHER)
    state = models.CharField(_("state"), max_length=12, choices=RiskState.choices, default=RiskState.IDENTIFIED)
    probability = models.PositiveSmallIntegerField(_("probability"), default=3)
    impact = models.PositiveSmallIntegerField(_("impact"), default=3)
    probability_after = models.PositiveSmallIntegerField(_("probability after"), null=True, blank=True)
    impact_after = models.PositiveSmallIntegerField(_("impact after"), null=True, blank=True)
    response = models.TextField(_("response"), blank=True)
    owner = models.ForeignKey(verbose_name=_("owner"), related_name="owned_risks", **PERSON)
    deputy = models.ForeignKey(verbose_name=_("deputy"), related_name="+", **PERSON)
    review_date = models.DateField(_("review on"), null=True, blank=True)
    playbook = models.ForeignKey(Playbook, verbose_name=_("playbook"), **LINK)
    kpi = models.ForeignKey(Kpi, verbose_name=_("KPI"), **LINK)
    placement = models.ForeignKey(Placement, verbose_name=_("placement"), **LINK)
    task = models.ForeignKey(Task, verbose_name=_("task"), **LINK)
    budget_line = models.ForeignKey(BudgetLine, verbose_name=_("budget line"), **LINK)
    notes = models.TextField(_("notes"), blank=True)
    lesson = models.TextField(_("lesson"), blank=True)
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(RiskQuerySet)

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="risk_code_once"),
            models.CheckConstraint(
                condition=Q(probability__range=(1, 5), impact__range=(1, 5)), name="risk_within_five_by_five"
            ),
            models.CheckConstraint(
                condition=Q(probability_after__isnull=True, impact_after__isnull=True)
                | Q(probability_after__isnull=False, impact_after__isnull=False)  # an unknown range would pass
                & Q(probability_after__range=(1, 5), impact_after__range=(1, 5)),
                name="risk_after_within_five_by_five",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "review_date"], name="risk_review")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("risks:detail", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def score(self):
        return score(self.probability, self.impact)

    @property
    def residual(self):
        """The score after the response, None where it is not known."""
        return score(self.probability_after, self.impact_after)

    @property
    def heat(self):
        return heat(self.score)

    @property
    def residual_heat(self):
        return heat(self.residual)
