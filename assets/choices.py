"""Kinds, stages and decisions around assets."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssetKind(models.TextChoices):
    COPY = "copy", _("copy")
    IMAGE = "image", _("image")
    VIDEO = "video", _("video")
    H5 = "h5", _("H5 page")
    EDM = "edm", _("EDM")
    DOCUMENT = "document", _("document")


class Stage(models.TextChoices):
    """Where an asset stands in the pipeline."""

    TOPIC = "topic", _("topic")
    CREATION = "creation", _("creation")
    EDITING = "editing", _("editing")
    PROOFREADING = "proofreading", _("proofreading")
    REVIEW = "review", _("in review")
    APPROVED = "approved", _("approved")
    IN_USE = "in_use", _("in use")
    RETIRED = "retired", _("retired")


class RenditionKind(models.TextChoices):
    THUMBNAIL = "thumbnail", _("thumbnail")
    PREVIEW = "preview", _("preview")
    PAGE = "page", _("page")


class RightKind(models.TextChoices):
    """What somebody else's consent is needed for."""

    LICENCE = "licence", _("licence")
    RELEASE = "release", _("model release")
    MUSIC = "music", _("music")
    FONT = "font", _("font")


class Quorum(models.TextChoices):
    """How many of a level's reviewers must agree."""

    ALL = "all", _("all (会签)")
    ANY = "any", _("any one (或签)")
    COUNT = "count", _("a number of them")


class ReviewState(models.TextChoices):
    RUNNING = "running", _("running")
    PASSED = "passed", _("passed")
    RETURNED = "returned", _("returned")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StepState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("review level", "not yet")
    OPEN = "open", pgettext_lazy("review level", "under way")
    PASSED = "passed", _("passed")
    RETURNED = "returned", _("returned")
    SKIPPED = "skipped", _("skipped")


class Decision(models.TextChoices):
    APPROVE = "approve", _("approve")
    APPROVE_WITH_EDITS = "approve_with_edits", _("approve with edits")
    CHANGES_REQUIRED = "changes_required", _("changes required")
    REJECT = "reject", _("reject")


class Shape(models.TextChoices):
    """What of a version a pin marks."""

    POINT = "point", _("point")
    BOX = "box", _("box")
    RANGE = "range", _("range of text")
    WHOLE = "whole", _("the whole")
