"""REST: the work plan of a campaign, its frame, undo and redo."""

from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import WorkCalendar
from campaigns.api.fields import CampaignFilter, RowField
from campaigns.models import Campaign
from core.api.fields import PlanDateField
from core.api.out import Out
from tasks import actions
from tasks.api.outcome import BASE, OutcomeOut, PlanViewSet
from tasks.choices import Direction
from tasks.models import WorkPlan
from tasks.rules.checks import in_words


class WarningOut(serializers.Serializer):
    """What the calculation has to say; `task` is empty where it is about the plan."""

    code = serializers.CharField()
    task = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class WorkPlanOut(Out):
    """`lock_version` grows with every change of a task or link of the campaign. The id is the campaign's."""

    warnings = serializers.SerializerMethodField()

    class Meta:
        model = WorkPlan
        fields = [*BASE, "campaign", "direction", "start_date", "launch_date", "calendar", "projected_on", "warnings"]

    @extend_schema_field(WarningOut(many=True))
    def get_warnings(self, plan):
        return in_words(plan.warnings, get_language())


class WorkPlanIn(serializers.Serializer):
    """A dry run only tells the cascade."""

    start_date = PlanDateField(required=False)
    launch_date = PlanDateField(required=False, allow_null=True)
    direction = serializers.ChoiceField(Direction.choices, required=False)
    calendar = RowField(WorkCalendar, required=False, allow_null=True)
    dry_run = serializers.BooleanField(default=False)


class UndoIn(serializers.Serializer):
    """The logbook line of the act; without one it is one's own newest."""

    activity = serializers.UUIDField(required=False)


class WorkPlanViewSet(PlanViewSet):
    """Plans are addressed by the id of their campaign; a campaign without tasks has its plan from the first look on."""

    model, out, filterset_class = WorkPlan, WorkPlanOut, CampaignFilter

    def rows(self):
        return super().rows().select_related("campaign", "campaign__workspace")

    def find(self):
        found = self.rows().filter(pk=self.kwargs["pk"]).first()
        return found or WorkPlan(
            pk=self.campaign().pk,
            workspace_id=self.campaign().workspace_id,
            campaign=self.campaign(),
            start_date=self.campaign().start_date,
            lock_version=0,
        )

    def campaign(self):
        row = Campaign.objects.visible_to(self.actor).filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    get_object = find

    @extend_schema(request=WorkPlanIn(partial=True), responses=OutcomeOut)
    def partial_update(self, request, pk):
        row = self.find()
        seen = self.seen(row) or None
        changes = self.read(WorkPlanIn, partial=True)
        outcome = actions.update_work_plan(self.actor, campaign=row.campaign, seen=seen, **changes)
        return self.told(outcome, row=self.find())

    @extend_schema(request=UndoIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        return self.told(actions.undo_change(self.actor, campaign=self.find().campaign, **self.read(UndoIn)))

    @extend_schema(request=UndoIn, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def redo(self, request, pk):
        return self.told(actions.redo_change(self.actor, campaign=self.find().campaign, **self.read(UndoIn)))


ROUTES = [("work-plans", WorkPlanViewSet)]
