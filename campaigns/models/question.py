"""Questions about a campaign and their answers, among ourselves or with a partner."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from campaigns.choices import QuestionState
from campaigns.models.campaign import Campaign
from campaigns.querysets import QuestionQuerySet
from core.querysets import scoped


class Question(WorkspaceRecord):
    """A question and its answer. With an `organization` it is between the client and the seats of that partner, else
    among the client's own people. It may be about a `section` of the brief or about one thing (`subject_…`)."""

    PARTNER_AREA = "questions"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="questions")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    section = models.CharField(_("section of the brief"), max_length=60, blank=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    subject_label = models.CharField(max_length=300, blank=True)
    text = models.TextField(_("question"))
    state = models.CharField(_("state"), max_length=8, choices=QuestionState.choices, default=QuestionState.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(QuestionQuerySet)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=QuestionState.ANSWERED) | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="answered_question_has_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="question_by_state"),
            models.Index(fields=["workspace", "organization", "state"], name="question_by_partner"),
        ]

    def __str__(self):
        return self.text[:80]
