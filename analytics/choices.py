"""States and kinds of data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    FILE = "file", _("files")
    JSON = "json", _("JSON over HTTP")
    PUSH = "push", _("pushed by REST")
    MANUAL = "manual", _("entered by hand")


SOURCE_RANK = {"json": 10, "push": 20, "file": 30, "manual": 40}
"""Which source of an account counts first on a day that several have: pull before file."""


class SourceState(models.TextChoices):
    CONNECTED = "connected", _("connected")
    NEEDS_REAUTH = "needs_reauth", _("needs new credentials")
    PAUSED = "paused", _("paused")
    FAILING = "failing", _("failing")


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    PARTIAL = "partial", _("partial")
    FAILED = "failed", _("failed")
    DEAD = "dead", _("given up")


class RunTrigger(models.TextChoices):
    SCHEDULE = "schedule", _("schedule")
    PERSON = "person", _("by hand")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    PREVIEWED = "previewed", _("previewed")
    COMMITTED = "committed", _("committed")
    DISCARDED = "discarded", _("discarded")
    UNDONE = "undone", _("undone")


class LinkHow(models.TextChoices):
    """How an object found its placement."""

    EXTERNAL_ID = "external_id", _("platform id")
    UTM = "utm", _("UTM")
    NAME = "name", _("name")
    REMEMBERED = "remembered", _("remembered choice")
    MANUAL = "manual", _("by hand")


class RangeKind(models.TextChoices):
    FIXED = "fixed", _("fixed")
    PLAN = "plan", _("% of plan")


DAY = -1
"""`Fact.hour` of a figure for the whole day."""
