"""States, classes and levels of risks, playbooks and incidents."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RiskState(models.TextChoices):
    IDENTIFIED = "identified", _("identified")
    MONITORED = "monitored", _("monitored")
    TRIGGERED = "triggered", _("triggered")
    HANDLING = "handling", _("handling")
    CLOSED = "closed", _("closed")
    LESSON = "lesson", _("lesson")


class RiskClass(models.TextChoices):
    PUBLIC_OPINION = "public_opinion", _("public opinion")
    CHANNEL_POLICY = "channel_policy", _("channel policy")
    TECHNICAL = "technical", _("technical")
    BUDGET = "budget", _("budget")
    LEGAL = "legal", _("legal")
    SUPPLIER = "supplier", _("supplier")
    OTHER = "other", _("other")


class Level(models.TextChoices):
    """The four-colour ladder, mildest first."""

    BLUE = "blue", _("blue")
    YELLOW = "yellow", _("yellow")
    ORANGE = "orange", _("orange")
    RED = "red", _("red")


class IncidentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("incident", "open")
    CONTAINED = "contained", _("contained")
    CLOSED = "closed", _("closed")


class StepState(models.TextChoices):
    WAITING = "waiting", _("from a higher level on")
    OPEN = "open", pgettext_lazy("step", "open")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("skipped")


class EntryKind(models.TextChoices):
    NOTE = "note", _("note")
    FIGURE = "figure", _("figure")
    MESSAGE = "message", _("message sent")
    STEP = "step", _("step")
    ESCALATION = "escalation", _("escalation")
    LEVEL = "level", _("level")
    PAUSE = "pause", _("pause")
    STATE = "state", _("state")
