"""REST: tasks and milestones, and the acts on one and on many."""

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization, WorkCalendar
from campaigns.api.fields import (
    ActiveInCampaignFilter,
    CodedField,
    PeopleField,
    RowField,
    RowsField,
    as_uuid,
    coded,
)
from campaigns.models import Campaign, Channel, Kpi, Phase
from core.api.fields import MoneyField, PlanDateField
from core.errors import Invalid
from tasks import actions
from tasks.actions.bulk import MOST_SHIFT
from tasks.actions.tasks import STEPS
from tasks.api.outcome import OutcomeOut, PlanViewSet, TaskOut
from tasks.choices import Buffer, Constraint, TaskKind, TaskState
from tasks.models import Tag, Task
from tasks.rules.checks import LONGEST

DAY = {"required": False, "allow_null": True}
NOT_ANSWERED = ["search_text", "recurrence", "occurrence_date"]  # nor anything of the campaign but its currency
NOT_ANSWERED += [
    f"campaign__{one.name}" for one in Campaign._meta.concrete_fields if one.name not in ("id", "currency")
]


class TaskDaysIn(serializers.Serializer):
    """Days of a task; a finish changes its duration."""

    start_date = PlanDateField(**DAY)
    finish_date = PlanDateField(**DAY)
    duration_days = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)


class TaskMoveIn(TaskDaysIn):
    """What waits for the task keeps its gap, uses it up, or is left alone. A dry run only tells the cascade."""

    buffer = serializers.ChoiceField(Buffer.choices, default=Buffer.KEEP)
    dry_run = serializers.BooleanField(default=False)


class TaskChange(TaskDaysIn):
    """What may change. Cost is in the campaign's currency."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(TaskKind.choices, required=False)
    phase = RowField(Phase, **DAY)
    assignees = PeopleField(required=False)
    organization = RowField(Organization, active=True, **DAY)
    channel = CodedField(Channel, active=True, **DAY)
    kpis = RowsField(Kpi, required=False)
    tags = RowsField(Tag, required=False)
    effort_hours = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=0, **DAY)
    cost = MoneyField(**DAY)
    calendar = RowField(WorkCalendar, **DAY)
    constraint = serializers.ChoiceField(Constraint.choices, required=False)
    constraint_date = PlanDateField(**DAY)
    deadline = PlanDateField(**DAY)
    is_pinned = serializers.BooleanField(required=False)
    is_fixed = serializers.BooleanField(required=False)
    dry_run = serializers.BooleanField(default=False)


class TaskIn(TaskChange):
    campaign = CodedField(Campaign, active=True)
    parent = RowField(Task, active=True, **DAY)
    position = serializers.IntegerField(min_value=0, max_value=100_000, required=False)


class TaskReportIn(serializers.Serializer):
    progress = serializers.IntegerField(min_value=0, max_value=100, required=False)
    actual_start = PlanDateField(**DAY)
    actual_finish = PlanDateField(**DAY)


class TaskUpdate(TaskChange, TaskReportIn):
    """A change of any field, also of state and progress."""

    state = serializers.ChoiceField(TaskState.choices, required=False)


class TaskStateIn(serializers.Serializer):
    state = serializers.ChoiceField(TaskState.choices)


class TaskPlaceIn(serializers.Serializer):
    """A parent and a place among its sub-tasks, or one step: indent, outdent, up, down."""

    parent = RowField(Task, active=True, **DAY)
    position = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    step = serializers.ChoiceField(STEPS, required=False)


class TaskCopyIn(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PredecessorsIn(serializers.Serializer):
    """Typed links, such as "3FS+2d; 5SS"; the numbers are those of the outline."""

    text = serializers.CharField(max_length=2000, allow_blank=True)
    dry_run = serializers.BooleanField(default=False)


class PredecessorsOut(serializers.Serializer):
    text = serializers.CharField()


class TaskOrderIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    tasks = RowsField(Task)
    parent = RowField(Task, active=True, **DAY)


class TaskBulkIn(serializers.Serializer):
    """What many tasks get at once; what is left out stays."""

    campaign = CodedField(Campaign, active=True)
    tasks = RowsField(Task)
    state = serializers.ChoiceField(TaskState.choices, required=False)
    assignees = PeopleField(required=False)
    phase = RowField(Phase, **DAY)
    organization = RowField(Organization, active=True, **DAY)
    channel = CodedField(Channel, active=True, **DAY)
    deadline = PlanDateField(**DAY)
    add_tags, remove_tags = RowsField(Tag, required=False), RowsField(Tag, required=False)
    add_kpis, remove_kpis = RowsField(Kpi, required=False), RowsField(Kpi, required=False)
    shift_days = serializers.IntegerField(min_value=-MOST_SHIFT, max_value=MOST_SHIFT, required=False)
    archive = serializers.BooleanField(required=False)
    dry_run = serializers.BooleanField(default=False)


class TaskOneMoveIn(TaskDaysIn):
    task = RowField(Task, active=True)


class TaskMovesIn(serializers.Serializer):
    """Several tasks that move together."""

    campaign = CodedField(Campaign, active=True)
    moves = TaskOneMoveIn(many=True, max_length=500, allow_empty=False)
    buffer = serializers.ChoiceField(Buffer.choices, default=Buffer.KEEP)
    dry_run = serializers.BooleanField(default=False)


class TaskListFilter(ActiveInCampaignFilter):
    """`parent=none`: those at the top. `overdue`: open, and planned to be finished before today."""

    state = filters.MultipleChoiceFilter(choices=TaskState.choices)
    kind = filters.ChoiceFilter(choices=TaskKind.choices)
    phase = filters.UUIDFilter(field_name="phase_id")
    assignee = filters.UUIDFilter(field_name="assignees")
    organization = filters.UUIDFilter(field_name="organization_id")
    tag = filters.CharFilter(method="tagged")
    kpi = filters.UUIDFilter(field_name="kpis")
    channel = filters.CharFilter(method="on_channel")
    parent = filters.CharFilter(method="below")
    due_before = filters.DateFilter(field_name="finish_date", lookup_expr="lt")
    due_after = filters.DateFilter(field_name="finish_date", lookup_expr="gt")
    overdue = filters.BooleanFilter(method="is_overdue")
    critical = filters.BooleanFilter(field_name="is_critical")
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.found_by(value)

    def tagged(self, rows, name, value):
        """By the tag's id or its name."""
        key = as_uuid(value)
        return rows.filter(tags=key) if key else rows.filter(tags__name=value)

    def on_channel(self, rows, name, value):
        return rows.filter(**{f"channel__{key}": wanted for key, wanted in coded(value).items()})

    def below(self, rows, name, value):
        key = as_uuid(value)
        return rows.filter(parent_id=key) if key else rows.filter(parent=None) if value == "none" else rows.none()

    def is_overdue(self, rows, name, value):
        late = rows.overdue(today=timezone.localdate())
        return late if value else rows.exclude(pk__in=late.values("pk"))


def taken(values, campaign):
    """The input with the cost as a plain amount in the campaign's currency."""
    if "cost" in values:
        cost = values.pop("cost")
        if cost is not None and cost.currency != campaign.currency:
            sentence = f"cost: {cost.currency} ≠ {campaign.currency}"
            raise Invalid(sentence, code="currency", errors={"cost": sentence})
        values["cost_amount"] = None if cost is None else cost.amount
    return values


def with_relations(task, values):
    """A task just made with what it was given, as `shown` reads them: they are at hand, in the order of their lists."""
    task.campaign, task.channel = values["campaign"], values.get("channel")
    task.shown_assignees = sorted(values.get("assignees") or (), key=lambda person: person.pk)
    task.shown_kpis = sorted(values.get("kpis") or (), key=lambda kpi: (kpi.position, kpi.pk))
    task.shown_tags = sorted(values.get("tags") or (), key=lambda tag: tag.name)
    return task


class TaskViewSet(PlanViewSet):
    model, out, filterset_class = Task, TaskOut, TaskListFilter

    def rows(self):
        found = super().rows().shown()
        return found.defer(*NOT_ANSWERED) if self.action == "list" else found

    @extend_schema(request=TaskIn, responses={201: TaskOut})
    def create(self, request):
        values = self.read(TaskIn)
        outcome = actions.create_task(self.actor, **taken(values, values["campaign"]))
        if values["dry_run"]:
            return self.told(outcome)
        return self.one(with_relations(outcome.task, values), 201)

    @extend_schema(request=TaskUpdate(partial=True), responses=OutcomeOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = taken(self.read(TaskUpdate, partial=True), row.campaign)
        return self.told(actions.update_task(self.actor, task=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_task(self.actor, task=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=TaskMoveIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        row = self.find()
        return self.told(actions.move_task(self.actor, task=row, seen=self.maybe_seen(row), **self.read(TaskMoveIn)))

    @extend_schema(request=TaskStateIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        row = self.find()
        seen, values = self.maybe_seen(row), self.read(TaskStateIn)
        return self.told(actions.change_task_state(self.actor, task=row, seen=seen, **values))

    @extend_schema(request=TaskReportIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def progress(self, request, pk):
        row = self.find()
        seen, values = self.maybe_seen(row), self.read(TaskReportIn)
        return self.told(actions.report_progress(self.actor, task=row, seen=seen, **values))

    @extend_schema(request=TaskPlaceIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def place(self, request, pk):
        row = self.find()
        seen, values = self.maybe_seen(row), self.read(TaskPlaceIn)
        act = actions.step_task if "step" in values else actions.place_task
        if "step" in values:
            values = {"step": values["step"]}
        return self.told(act(self.actor, task=row, seen=seen, **values))

    @extend_schema(methods=["get"], responses=PredecessorsOut)
    @extend_schema(methods=["post"], request=PredecessorsIn, responses=OutcomeOut)
    @action(detail=True, methods=["get", "post"])
    def predecessors(self, request, pk):
        row = self.find()
        if request.method == "GET":
            return Response({"text": actions.predecessors_text(row)})
        seen, values = self.maybe_seen(row), self.read(PredecessorsIn)
        return self.told(actions.set_predecessors(self.actor, task=row, seen=seen, **values))

    @extend_schema(request=TaskCopyIn, responses={201: OutcomeOut})
    @action(detail=True, methods=["post"])
    def duplicate(self, request, pk):
        return self.told(actions.duplicate_task(self.actor, task=self.find(), **self.read(TaskCopyIn)), 201)

    @extend_schema(request=None, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.told(actions.archive_task(self.actor, task=self.find()))

    @extend_schema(request=None, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.told(actions.restore_task(self.actor, task=self.find()))

    @extend_schema(request=TaskBulkIn, responses=OutcomeOut)
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        return self.told(actions.edit_tasks(self.actor, **self.read(TaskBulkIn)))

    @extend_schema(request=TaskOrderIn, responses=OutcomeOut)
    @action(detail=False, methods=["post"])
    def reorder(self, request):
        return self.told(actions.reorder_tasks(self.actor, **self.read(TaskOrderIn)))

    @extend_schema(request=TaskMovesIn, responses=OutcomeOut)
    @action(detail=False, methods=["post"])
    def moves(self, request):
        values = self.read(TaskMovesIn)
        values["moves"] = [(one.pop("task"), one) for one in values["moves"]]
        return self.told(actions.move_tasks(self.actor, **values))


ROUTES = [("tasks", TaskViewSet)]
