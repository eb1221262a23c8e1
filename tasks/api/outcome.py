"""REST: a task as an answer, and what an act on the plan came to. Every act that moves dates answers alike."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.fields import PersonOut
from core.api.fields import MoneyField
from core.api.out import Out
from core.api.views import ResourceViewSet, etag
from core.errors import Stale
from core.money import Money
from tasks.models import Dependency, Tag, Task
from tasks.rules import states

BASE = ["id", "created_at", "updated_at", "lock_version"]


class TagNameOut(Out):
    class Meta:
        model = Tag
        fields = ["id", "name"]


class TaskOut(Out):
    """Days are plan days of the campaign, both included. `moves` are the states it may take next, guards aside."""

    channel = serializers.SlugRelatedField("code", read_only=True)
    assignees = PersonOut(many=True, source="shown_assignees")
    tags = TagNameOut(many=True, source="shown_tags")
    kpis = serializers.SerializerMethodField()
    cost = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [*BASE, "campaign", "parent", "phase", "kind", "title", "description", "state", "moves", "assignees"]
        fields += ["organization", "channel", "kpis", "tags", "effort_hours", "cost", "duration_days", "progress"]
        fields += ["calendar", "constraint", "constraint_date", "deadline", "is_pinned", "is_fixed", "start_date"]
        fields += ["finish_date", "actual_start", "actual_finish", "projected_start", "projected_finish"]
        fields += ["total_float", "free_float", "is_critical", "is_summary", "position", "archived_at"]

    def get_kpis(self, task) -> list[str]:
        return [str(kpi.pk) for kpi in task.shown_kpis]

    @extend_schema_field(MoneyField(allow_null=True))
    def get_cost(self, task):
        return None if task.cost_amount is None else Money(task.cost_amount, task.campaign.currency).as_dict()

    def get_moves(self, task) -> list[str]:
        return [] if task.is_summary else [str(state) for state in states.moves(task.state)]


class DependencyOut(Out):
    class Meta:
        model = Dependency
        fields = [*BASE, "campaign", "predecessor", "successor", "kind", "lag_days", "is_late"]


class ChangeOut(serializers.Serializer):
    """A task whose days moved: [before, after]."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    start_date = serializers.ListField(child=serializers.DateField(allow_null=True), min_length=2, max_length=2)
    finish_date = serializers.ListField(child=serializers.DateField(allow_null=True), min_length=2, max_length=2)


class MissedOut(serializers.Serializer):
    """A day the plan does not keep: a constraint, a deadline, the launch (`id` null)."""

    id = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    wanted = serializers.DateField()
    day = serializers.DateField()
    text = serializers.CharField()


class ConflictOut(serializers.Serializer):
    """What a move ran into: held, fixed, late_link, missed."""

    code = serializers.CharField()
    id = serializers.UUIDField(allow_null=True)
    text = serializers.CharField()


class OutcomeOut(serializers.Serializer):
    """What an act on the plan came to; `activity` is the logbook line to undo it by, null for a dry run."""

    task = TaskOut(allow_null=True)
    dependency = DependencyOut(allow_null=True)
    changes = ChangeOut(many=True)
    late_links = serializers.ListField(child=serializers.UUIDField())
    missed = MissedOut(many=True)
    conflicts = ConflictOut(many=True)
    activity = serializers.UUIDField(allow_null=True)


class PlanViewSet(ResourceViewSet):
    """A resource whose acts move dates. A refusal as stale carries the row as it is now."""

    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None

    def handle_exception(self, exc):
        if isinstance(exc, Stale) and self.detail:
            exc.extra.setdefault("current", self.out(self.find(), context=self.get_serializer_context()).data)
        return super().handle_exception(exc)

    def told(self, outcome, status=200, row=None):
        """The answer after an act; its ETag is that of the row that was acted on."""
        task = outcome.task and Task.objects.visible_to(self.actor).shown().get(pk=outcome.task.pk)
        row = row or outcome.link or task
        data = {
            "task": task and TaskOut(task, context=self.get_serializer_context()).data,
            "dependency": outcome.link and DependencyOut(outcome.link).data,
            "changes": outcome.changes,
            "late_links": outcome.late_links,
            "missed": outcome.missed,
            "conflicts": outcome.conflicts,
            "activity": outcome.activity,
        }
        return Response(data, status=status, headers={"ETag": etag(row)} if row else {})
