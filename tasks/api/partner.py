"""REST for partners' seats: their tasks, checklists, files and problems. What is not named here is not told: neither
effort, cost and float nor who else works in the campaign."""

from datetime import timedelta

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from campaigns.api.fields import CampaignFilter, RowField
from core.api.fields import FileOut, PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.files import served
from tasks.actions import change_task_state, report_progress, today_of
from tasks.actions.checklist import update_checklist_item
from tasks.actions.files import attach_file
from tasks.actions.problems import raise_problem, solve_problem
from tasks.api.parts import BASE, FORMS, OfTaskFilter
from tasks.choices import TaskState
from tasks.models import ChecklistItem, Problem, Task, TaskFile

DAYS = 3
REPORTED = [choice for choice in TaskState.choices if choice[0] not in (TaskState.BLOCKED, TaskState.CANCELLED)]


class PartnerTaskOut(Out):
    """A task that is with the seat's organisation."""

    campaign_name = serializers.CharField(source="campaign.name")

    class Meta:
        model = Task
        fields = [*BASE, "campaign", "campaign_name", "kind", "title", "description", "state", "progress"]
        fields += ["start_date", "finish_date", "deadline", "actual_start", "actual_finish"]


class PartnerTaskFilter(CampaignFilter):
    state = filters.MultipleChoiceFilter(choices=TaskState.choices)


class PartnerStateIn(serializers.Serializer):
    state = serializers.ChoiceField(REPORTED)


class PartnerProgressIn(serializers.Serializer):
    progress = serializers.IntegerField(min_value=0, max_value=100)


class PartnerProblemOut(Out):
    """A problem that was raised at a seat of the organisation."""

    task = serializers.UUIDField(source="subject_id")

    class Meta:
        model = Problem
        fields = [*BASE, "campaign", "task", "text", "due_date", "state", "solved_at", "solution"]


class PartnerProblemIn(serializers.Serializer):
    """What stands in the way of a task of one's own. Whoever owns the campaign has to solve it."""

    task = RowField(Task, active=True)
    text = serializers.CharField(max_length=500)
    due_date = PlanDateField(required=False)


class PartnerSolutionIn(serializers.Serializer):
    solution = serializers.CharField(max_length=500)


class PartnerTaskViewSet(ResourceViewSet):
    model, out, filterset_class = Task, PartnerTaskOut, PartnerTaskFilter

    def rows(self):
        return super().rows().of_partner()

    def found(self):
        """The task with what an act on it asks."""
        return Task.objects.select_related("workspace", "campaign__workspace").get(pk=self.find().pk)

    @extend_schema(request=PartnerStateIn, responses=PartnerTaskOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        change_task_state(self.actor, task=self.found(), **self.read(PartnerStateIn))
        return self.one(self.find())

    @extend_schema(request=PartnerProgressIn, responses=PartnerTaskOut)
    @action(detail=True, methods=["post"])
    def progress(self, request, pk):
        report_progress(self.actor, task=self.found(), **self.read(PartnerProgressIn))
        return self.one(self.find())


class PartnerItemOut(Out):
    is_done = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistItem
        fields = [*BASE, "task", "text", "position", "is_done", "done_at"]

    def get_is_done(self, item) -> bool:
        return item.done_at is not None


class PartnerItemChange(serializers.Serializer):
    is_done = serializers.BooleanField()


class PartnerItemViewSet(ResourceViewSet):
    model, out, filterset_class = ChecklistItem, PartnerItemOut, OfTaskFilter

    def rows(self):
        rows = super().rows().filter(task__archived_at=None)
        return rows.select_related("task", "task__campaign", "task__workspace")

    @extend_schema(request=PartnerItemChange, responses=PartnerItemOut)
    def partial_update(self, request, pk):
        row = self.find()
        return self.one(
            update_checklist_item(self.actor, item=row, seen=self.seen(row), **self.read(PartnerItemChange))
        )


class PartnerTaskFileOut(Out):
    file = FileOut()

    class Meta:
        model = TaskFile
        fields = [*BASE, "task", "file"]


class PartnerTaskFileIn(serializers.Serializer):
    task = RowField(Task, active=True)
    file = serializers.FileField(allow_empty_file=True)


class PartnerTaskFileViewSet(ResourceViewSet):
    model, out, filterset_class = TaskFile, PartnerTaskFileOut, OfTaskFilter
    parser_classes = FORMS

    def rows(self):
        return super().rows().filter(task__archived_at=None).select_related("file", "task")

    @extend_schema(request={"multipart/form-data": PartnerTaskFileIn}, responses={201: PartnerTaskFileOut})
    def create(self, request):
        given = self.read(PartnerTaskFileIn)
        return self.one(attach_file(self.actor, task=given["task"], upload=given["file"]), 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, pk):
        """The bytes of the file."""
        return served(self.find().file)


class PartnerProblemViewSet(ResourceViewSet):
    model, out, filterset_class = Problem, PartnerProblemOut, CampaignFilter

    def rows(self):
        return super().rows().select_related("campaign", "workspace", "raised_by")

    @extend_schema(request=PartnerProblemIn, responses={201: PartnerProblemOut})
    def create(self, request):
        given = self.read(PartnerProblemIn)
        task = given["task"]
        due = given.get("due_date") or today_of(task.campaign) + timedelta(DAYS)
        campaign = task.campaign
        what = {"campaign": campaign, "subject": task, "solver": campaign.owner, "text": given["text"]}
        return self.one(raise_problem(self.actor, due_date=due, **what), 201)

    @extend_schema(request=PartnerSolutionIn, responses=PartnerProblemOut)
    @action(detail=True, methods=["post"])
    def solve(self, request, pk):
        """Say how a problem was solved that this seat raised."""
        return self.one(solve_problem(self.actor, problem=self.find(), **self.read(PartnerSolutionIn)))


ROUTES = [
    ("partner/tasks", PartnerTaskViewSet),
    ("partner/checklist-items", PartnerItemViewSet),
    ("partner/task-files", PartnerTaskFileViewSet),
    ("partner/problems", PartnerProblemViewSet),
]
