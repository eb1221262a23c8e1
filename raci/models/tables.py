"""The tables of the matrix: rows of work, holders as columns, letters in the cells."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkspaceRecord
from campaigns.choices import Function
from campaigns.models import Campaign
from campaigns.querysets import InCampaignQuerySet
from core.querysets import scoped
from raci.choices import HolderKind, LetterKind, RowKind
from raci.querysets import RaciHolderQuerySet, RaciRowQuerySet
from tasks.models import Deliverable, Task


class RaciRow(WorkspaceRecord):
    """A row: a task, milestone or deliverable of the plan, or a decision or heading with a title of its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="raci_rows")
    kind = models.CharField(_("kind"), max_length=12, choices=RowKind.choices)
    task = models.OneToOneField(Task, models.CASCADE, null=True, blank=True, related_name="raci_row")
    deliverable = models.OneToOneField(Deliverable, models.CASCADE, null=True, blank=True, related_name="raci_row")
    title = models.CharField(_("title"), max_length=200, blank=True)
    is_about_money = models.BooleanField(_("about money"), default=False)
    due_date = models.DateField(_("due"), null=True, blank=True)  # of a decision; a task's row has the task's
    position = models.PositiveIntegerField(default=0)

    objects = scoped(RaciRowQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind__in=("task", "milestone"), task__isnull=False, deliverable=None))
                | Q(kind="deliverable", deliverable__isnull=False, task=None)
                | Q(kind__in=("decision", "section"), task=None, deliverable=None),
                name="raci_row_names_its_work",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def work(self):
        """The task the row follows: its own, or the one that hands over its deliverable."""
        return self.deliverable.task if self.deliverable_id else self.task

    @property
    def name(self):
        if self.deliverable_id:
            return self.deliverable.name
        return self.task.title if self.task_id else self.title

    @property
    def shown_kind(self):
        """The kind as it is now: a task may have become a milestone since."""
        return self.task.kind if self.task_id else self.kind

    def get_shown_kind(self):
        return RowKind(self.shown_kind).label

    @property
    def has_letters(self):
        return self.kind != RowKind.SECTION

    @property
    def start(self):
        return self.work.start_date if self.work else self.due_date

    @property
    def due(self):
        return self.work.finish_date if self.work else self.due_date

    @property
    def is_done(self):
        if self.deliverable_id and self.deliverable.delivered_at:
            return True
        return bool(self.work) and not self.work.is_open

    @property
    def is_money(self):
        """Said to be about money, or a task with a planned cost."""
        return self.is_about_money or bool(self.task_id and self.task.cost_amount)


class RaciHolder(WorkspaceRecord):
    """A column: a function of the campaign, a person, or an organisation."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="raci_holders")
    kind = models.CharField(_("kind"), max_length=12, choices=HolderKind.choices)
    function = models.CharField(_("function"), max_length=20, choices=Function.choices, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)

    objects = scoped(RaciHolderQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="function", user=None, organization=None) & ~Q(function=""))
                | Q(kind="person", user__isnull=False, organization=None, function="")
                | Q(kind="organization", organization__isnull=False, user=None, function=""),
                name="raci_holder_is_one_thing",
            ),
            models.UniqueConstraint(fields=["campaign", "function"], condition=~Q(function=""), name="function_once"),
            models.UniqueConstraint(fields=["campaign", "user"], condition=Q(user__isnull=False), name="person_once"),
            models.UniqueConstraint(
                fields=["campaign", "organization"], condition=Q(organization__isnull=False), name="organization_once"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        if self.kind == HolderKind.PERSON:
            return self.user.name
        return self.organization.name if self.kind == HolderKind.ORGANIZATION else capfirst(self.get_function_display())


class Letter(WorkspaceRecord):
    """One letter in the cell of a row and a holder."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="raci_letters")
    row = models.ForeignKey(RaciRow, models.CASCADE, related_name="letters")
    holder = models.ForeignKey(RaciHolder, models.CASCADE, related_name="letters")
    letter = models.CharField(max_length=1, choices=LetterKind.choices)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["letter"]
        constraints = [models.UniqueConstraint(fields=["row", "holder", "letter"], name="a_letter_once_per_cell")]

    def __str__(self):
        return self.letter
