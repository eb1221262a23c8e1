"""The work plan of a campaign and the links between its tasks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkCalendar, WorkspaceRecord
from campaigns.models import Campaign
from core.querysets import scoped
from tasks.choices import Direction, LinkKind
from tasks.models.task import Task
from tasks.querysets import DependencyQuerySet, WorkPlanQuerySet


class WorkPlan(WorkspaceRecord):
    """From which day the work is planned, or back from which launch. `lock_version` counts the changes of dates."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="work_plan")
    direction = models.CharField(_("planned"), max_length=10, choices=Direction.choices, default=Direction.FORWARD)
    start_date = models.DateField(_("start of the work"))
    launch_date = models.DateField(_("launch"), null=True, blank=True)
    calendar = models.ForeignKey(WorkCalendar, models.SET_NULL, null=True, blank=True, related_name="+")
    warnings = models.JSONField(default=list, editable=False)  # what the last calculation had to say
    projected_on = models.DateField(null=True, editable=False)  # "today" of the last calculation

    objects = scoped(WorkPlanQuerySet)

    def __str__(self):
        return str(self.campaign)


class Dependency(WorkspaceRecord):
    """A link: the successor's start or finish waits for the predecessor's, `lag_days` working days apart (lead < 0)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="dependencies")
    predecessor = models.ForeignKey(Task, models.CASCADE, related_name="links_out")
    successor = models.ForeignKey(Task, models.CASCADE, related_name="links_in")
    kind = models.CharField(_("kind"), max_length=2, choices=LinkKind.choices, default=LinkKind.FS)
    lag_days = models.SmallIntegerField(_("lag (working days)"), default=0)
    is_late = models.BooleanField(default=False, editable=False)  # the successor cannot move: the arrow is red

    objects = scoped(DependencyQuerySet)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_link_per_pair"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="no_link_to_itself"),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
