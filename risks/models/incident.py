"""Incidents: a playbook at work, its steps with their clocks, and the timeline."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.choices import Function
from campaigns.models import Annotation, Campaign
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped
from placements.choices import PlacementState
from risks.choices import EntryKind, IncidentState, Level, RiskClass, StepState
from risks.models.playbook import Playbook
from risks.models.risk import Risk
from risks.querysets import IncidentQuerySet, IncidentStepQuerySet
from risks.rules import timeline

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "null": True, "blank": True}


class Incident(WorkspaceRecord):
    """A risk come true, or a drill of it. What the playbook said is copied, so that a later edit changes no history."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="incidents")
    risk = models.ForeignKey(Risk, models.SET_NULL, null=True, blank=True, related_name="incidents")
    playbook = models.ForeignKey(Playbook, models.SET_NULL, null=True, blank=True, related_name="incidents")
    title = models.CharField(_("title"), max_length=200)
    risk_class = models.CharField(_("class"), max_length=16, choices=RiskClass.choices, default=RiskClass.OTHER)
    state = models.CharField(_("state"), max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    is_drill = models.BooleanField(_("drill"), default=False)
    level = models.CharField(_("level"), max_length=6, choices=Level.choices, blank=True)
    levels = models.JSONField(default=dict, blank=True)
    level_at = models.DateTimeField(null=True, blank=True)
    strategy = models.TextField(_("strategy"), blank=True)
    fallback = models.TextField(_("fallback"), blank=True)
    messages = models.JSONField(default=list, blank=True)
    pause_all = models.BooleanField(default=False)
    pause_channels = models.JSONField(default=list, blank=True)
    pause_platforms = models.JSONField(default=list, blank=True)
    paused = models.JSONField(default=list, blank=True)  # ids of placements this incident paused and not yet resumed
    owner = models.ForeignKey(verbose_name=_("leads"), related_name="led_incidents", **PERSON)
    started_at = models.DateTimeField(_("started"))
    started_by = models.ForeignKey(related_name="+", **PERSON)
    contained_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recovery = models.TextField(_("recovery"), blank=True)
    what_happened = models.TextField(_("what happened"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    went_well = models.TextField(_("what went well"), blank=True)
    went_badly = models.TextField(_("what went badly"), blank=True)
    lesson = models.TextField(_("lesson"), blank=True)
    annotation = models.ForeignKey(Annotation, models.SET_NULL, null=True, blank=True, related_name="+")
    start_token = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - NULLs do not collide

    objects = scoped(IncidentQuerySet)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "start_token"], name="started_once_per_tap")]
        indexes = [models.Index(fields=["workspace", "state"], name="incident_running")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("risks:incident", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def ladder(self):
        """[(level, label, minutes)] from the mildest on."""
        return [(one, Level(one).label, self.levels[one]) for one in Level.values if one in self.levels]

    @property
    def pauses_anything(self):
        return self.pause_all or bool(self.pause_channels or self.pause_platforms)


class IncidentStep(WorkspaceRecord):
    """A step of an incident: who does it, until when; escalated once when it is overdue."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="steps")
    title = models.CharField(_("step"), max_length=200)
    detail = models.TextField(_("how"), blank=True)
    function = models.CharField(_("function"), max_length=20, choices=Function.choices, blank=True)
    min_level = models.CharField(max_length=6, choices=Level.choices, blank=True)
    deadline_minutes = models.PositiveIntegerField(null=True, blank=True)
    owner = models.ForeignKey(verbose_name=_("does it"), related_name="incident_steps", **PERSON)
    deputy = models.ForeignKey(verbose_name=_("deputy"), related_name="+", **PERSON)
    due_at = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=StepState.choices, default=StepState.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(related_name="+", **PERSON)
    escalated_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = scoped(IncidentStepQuerySet)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["state", "due_at"], name="incident_step_due")]

    def __str__(self):
        return self.title


class IncidentEntry(WorkspaceRecord):
    """One line of the timeline: a note, a figure, a message, or what the incident did by itself. Never changed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices, default=EntryKind.NOTE)
    text = models.TextField(_("text"), blank=True)
    figure_name = models.CharField(_("figure"), max_length=120, blank=True)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    data = models.JSONField(
        default=dict, blank=True
    )  # what it noted by itself (rules.timeline), {"placements"} of a pause
    step = models.ForeignKey(IncidentStep, models.SET_NULL, null=True, blank=True, related_name="+")
    author = models.ForeignKey(related_name="+", **PERSON)
    at = models.DateTimeField(_("at"))

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "incident entries"

    def __str__(self):
        return self.words[:80] or self.get_kind_display()

    @property
    def words(self):
        """What was written, or what the incident noted by itself, in the reader's language."""
        return self.text or timeline.sentence(self.data)

    @property
    def placements(self):
        """What came of pausing or resuming each placement."""
        return [{"sentence": _came_of(one), **one} for one in self.data.get("placements", [])]


def _came_of(result):
    state = result.get("state")
    return str(PlacementState(state).label) if state else timeline.refusal(result)
