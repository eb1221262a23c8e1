"""States and kinds of the work."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaskKind(models.TextChoices):
    TASK = "task", _("task")
    MILESTONE = "milestone", _("milestone")


class TaskState(models.TextChoices):
    TODO = "todo", _("to do")
    IN_PROGRESS = "in_progress", _("in progress")
    IN_REVIEW = "in_review", _("in review")
    BLOCKED = "blocked", _("blocked")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class Constraint(models.TextChoices):
    """What binds a task's dates besides its links (codes as in MS Project)."""

    ASAP = "asap", _("as soon as possible")
    ALAP = "alap", _("as late as possible")
    SNET = "snet", _("start no earlier than")
    SNLT = "snlt", _("start no later than")
    FNET = "fnet", _("finish no earlier than")
    FNLT = "fnlt", _("finish no later than")
    MSO = "mso", _("must start on")
    MFO = "mfo", _("must finish on")


class LinkKind(models.TextChoices):
    FS = "FS", _("finish to start")
    SS = "SS", _("start to start")
    FF = "FF", _("finish to finish")
    SF = "SF", _("start to finish")


class Buffer(models.TextChoices):
    """What a move does with the gaps to the tasks behind it."""

    KEEP = "keep", _("keep the gap")
    USE = "use", _("use up the gap")
    IGNORE = "ignore", _("leave the others")


class Direction(models.TextChoices):
    FORWARD = "forward", _("from the start")
    BACKWARD = "backward", _("back from the launch")


class ProblemState(models.TextChoices):
    OPEN = "open", pgettext_lazy("problem", "open")
    SOLVED = "solved", pgettext_lazy("problem", "solved")


class Shift(models.TextChoices):
    """What becomes of a date of a recurring task that is no working day."""

    NEXT = "next", _("on the next working day")
    PREVIOUS = "previous", _("on the working day before")
    SKIP = "skip", _("not at all")
    STAY = "stay", _("on that day all the same")


class Pattern(models.TextChoices):
    """How a recurring task comes again."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("in weeks, on days of the week")
    MONTHLY_DAY = "monthly_day", _("in months, on a day of the month")
    MONTHLY_LAST = "monthly_last", _("in months, on the last working day")
