"""Letters and kinds of the responsibility matrix."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterKind(models.TextChoices):
    RESPONSIBLE = "R", _("R responsible")
    ACCOUNTABLE = "A", _("A accountable")
    CONSULTED = "C", _("C consulted")
    INFORMED = "I", _("I informed")


class RowKind(models.TextChoices):
    TASK = "task", _("task")
    MILESTONE = "milestone", _("milestone")
    DELIVERABLE = "deliverable", _("deliverable")
    DECISION = "decision", _("decision")
    SECTION = "section", _("section")  # a heading between rows; it carries no letters


class HolderKind(models.TextChoices):
    FUNCTION = "function", _("function")
    PERSON = "person", _("person")
    ORGANIZATION = "organization", _("organisation")
