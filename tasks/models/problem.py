"""Problems: what stands in the way of a task, a placement or an asset."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import WorkspaceRecord
from campaigns.models import Campaign
from core.querysets import scoped
from tasks.choices import ProblemState
from tasks.querysets import ProblemQuerySet


class Problem(WorkspaceRecord):
    """What blocks, who must solve it, by when. `subject_type` and `subject_id` name any thing of the campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="problems")
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=300)
    text = models.CharField(_("problem"), max_length=500)
    solver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="problems_to_solve")
    due_date = models.DateField(_("solve by"))
    state = models.CharField(_("state"), max_length=8, choices=ProblemState.choices, default=ProblemState.OPEN)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    escalated_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    state_before = models.CharField(max_length=12, blank=True, editable=False)  # of the task that it blocked
    solution = models.CharField(_("solution"), max_length=500, blank=True)

    objects = scoped(ProblemQuerySet)

    class Meta:
        ordering = ["due_date", "id"]
        indexes = [
            models.Index(fields=["subject_id"], name="problem_by_subject"),
            models.Index(fields=["workspace", "state", "due_date"], name="problem_due"),
        ]

    def __str__(self):
        return self.text
