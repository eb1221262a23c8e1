"""Tasks and milestones, and what hangs on one: tags, checklist, deliverables, files."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, WorkCalendar, WorkspaceRecord
from campaigns.models import Campaign, Channel, Kpi, Phase
from campaigns.querysets import InCampaignQuerySet
from core.models import StoredFile
from core.querysets import scoped
from tasks.choices import Constraint, TaskKind, TaskState
from tasks.models.recurrence import Recurrence
from tasks.querysets import OfTaskQuerySet, TaskQuerySet

AMOUNT = {"max_digits": 18, "decimal_places": 4, "null": True, "blank": True}
DAY = {"null": True, "blank": True}


class Tag(WorkspaceRecord):
    """A word to find tasks of a campaign by."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="task_tags")
    name = models.CharField(_("tag"), max_length=40)

    objects = scoped(InCampaignQuerySet)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="task_tag_once")]

    def __str__(self):
        return self.name


class Task(WorkspaceRecord):
    """A piece of work, or a milestone (a task of no duration). Days are plan days of the campaign, both included.

    `start_date` and `finish_date` are the plan; a task with sub-tasks takes them from these. `projected_…` say how it
    will end as things stand; float counts working days. The last six are written by the schedule only.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, blank=True, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.TASK)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=TaskState.choices, default=TaskState.TODO)
    assignees = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="assigned_tasks")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="tasks")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    kpis = models.ManyToManyField(Kpi, blank=True, related_name="tasks")
    tags = models.ManyToManyField(Tag, blank=True, related_name="tasks")
    effort_hours = models.DecimalField(_("effort (hours)"), max_digits=8, decimal_places=2, null=True, blank=True)
    cost_amount = models.DecimalField(_("planned cost"), **AMOUNT)
    duration_days = models.PositiveSmallIntegerField(_("duration (working days)"), default=1)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    calendar = models.ForeignKey(WorkCalendar, models.SET_NULL, null=True, blank=True, related_name="+")
    constraint = models.CharField(_("constraint"), max_length=4, choices=Constraint.choices, default=Constraint.ASAP)
    constraint_date = models.DateField(_("constraint day"), **DAY)
    deadline = models.DateField(_("deadline"), **DAY)
    is_pinned = models.BooleanField(_("dates set by hand"), default=False)
    is_fixed = models.BooleanField(_("fixed date"), default=False)
    start_date = models.DateField(_("start"), **DAY)
    finish_date = models.DateField(_("finish"), **DAY)
    actual_start = models.DateField(_("started on"), **DAY)
    actual_finish = models.DateField(_("finished on"), **DAY)
    projected_start = models.DateField(editable=False, **DAY)
    projected_finish = models.DateField(editable=False, **DAY)
    total_float = models.IntegerField(null=True, editable=False)
    free_float = models.IntegerField(null=True, editable=False)
    is_critical = models.BooleanField(default=False, editable=False)
    is_summary = models.BooleanField(default=False, editable=False)  # has sub-tasks: its dates are theirs
    position = models.PositiveIntegerField(default=0)  # among its siblings
    recurrence = models.ForeignKey(Recurrence, models.SET_NULL, null=True, blank=True, related_name="tasks")
    occurrence_date = models.DateField(editable=False, **DAY)
    search_text = models.TextField(blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(TaskQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_is_a_share"),
            models.CheckConstraint(condition=Q(finish_date__gte=F("start_date")), name="task_ends_after_start"),
            models.UniqueConstraint(fields=["recurrence", "occurrence_date"], name="one_task_per_occurrence"),
        ]
        indexes = [
            models.Index(fields=["workspace", "id"], name="task_newest"),  # pages of REST, newest first
            models.Index(fields=["campaign", "position", "id"], name="task_in_order"),
            models.Index(fields=["workspace", "state", "finish_date"], name="task_due"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("tasks:detail", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def is_milestone(self):
        return self.kind == TaskKind.MILESTONE

    @property
    def is_open(self):
        return self.state not in (TaskState.DONE, TaskState.CANCELLED)


class ChecklistItem(WorkspaceRecord):
    """A line to tick off in a task."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, related_name="checklist")
    text = models.CharField(_("text"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = scoped(OfTaskQuerySet)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.text


class Deliverable(WorkspaceRecord):
    """Something a milestone or a task hands over: what, in what form, accepted when."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="deliverables")
    task = models.ForeignKey(Task, models.CASCADE, related_name="deliverables")
    name = models.CharField(_("deliverable"), max_length=200)
    criteria = models.CharField(_("accepted when"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = scoped(OfTaskQuerySet)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class TaskFile(WorkspaceRecord):
    """A file attached to a task."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    task = models.ForeignKey(Task, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects = scoped(OfTaskQuerySet)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["task", "file"], name="file_once_per_task")]

    def __str__(self):
        return self.file.name
