"""REST: the goal tree, KPIs and their targets."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import (
    ActiveInCampaignFilter,
    CampaignFilter,
    CodedField,
    PersonField,
    PersonOut,
    RowField,
    ValueField,
)
from campaigns.choices import Direction, RollUp
from campaigns.models import Campaign, Channel, Goal, Kpi, KpiTarget, Metric, Phase
from campaigns.rules import targets
from campaigns.rules.plan import in_tree_order
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.search import matching


class GoalOut(Out):
    owner = PersonOut(allow_null=True)

    class Meta:
        model = Goal
        fields = [*BASE, "campaign", "parent", "title", "owner", "roll_up", "weight", "position", "archived_at"]


class GoalIn(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    owner = PersonField(required=False, allow_null=True)
    roll_up = serializers.ChoiceField(choices=RollUp.choices, required=False)
    weight = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0, required=False)


class PlaceIn(serializers.Serializer):
    parent = RowField(Goal, active=True, required=False, allow_null=True)
    position = serializers.IntegerField(min_value=0, max_value=32_000, required=False)


class NewGoalIn(GoalIn, PlaceIn):
    campaign = CodedField(Campaign)


class GoalViewSet(ResourceViewSet):
    """Goals; of one campaign (`?campaign=`) they come in tree order on one page."""

    model, out, filterset_class = Goal, GoalOut, ActiveInCampaignFilter

    def rows(self):
        return super().rows().select_related("owner")

    def list(self, request):
        if "campaign" not in request.query_params:
            return super().list(request)
        rows = [row for _depth, row in in_tree_order(list(self.filter_queryset(self.get_queryset())))]
        return Response({"next": None, "previous": None, "results": GoalOut(rows, many=True).data})

    @extend_schema(request=NewGoalIn, responses={201: GoalOut})
    def create(self, request):
        return self.one(actions.create_goal(self.actor, **self.read(NewGoalIn)), 201)

    @extend_schema(request=GoalIn, responses=GoalOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(GoalIn, partial=True)
        return self.one(actions.update_goal(self.actor, goal=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_goal(self.actor, goal=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=PlaceIn, responses=GoalOut)
    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        return self.one(actions.move_goal(self.actor, goal=self.find(), **({"parent": None} | self.read(PlaceIn))))

    @extend_schema(request=None, responses=GoalOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_goal(self.actor, goal=self.find()))


class FindingOut(serializers.Serializer):
    """One thing a KPI lacks, in a code and a sentence."""

    code = serializers.CharField()
    sentence = serializers.CharField()


class KpiOut(Out):
    metric = serializers.SlugRelatedField("code", read_only=True)
    channel = serializers.SlugRelatedField("code", read_only=True)
    owner = PersonOut(allow_null=True)
    baseline_value = ValueField()
    target_value = ValueField()
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Kpi
        fields = [*BASE, "campaign", "goal", "name", "metric", "channel", "direction", "baseline_value"]
        fields += ["baseline_source", "baseline_date", "target_value", "start_date", "finish_date", "owner", "weight"]
        fields += ["position", "findings", "archived_at"]

    @extend_schema_field(FindingOut(many=True))
    def get_findings(self, kpi):
        return [finding._asdict() for finding in kpi.findings()]


class KpiIn(serializers.Serializer):
    goal = RowField(Goal, active=True)
    name = serializers.CharField(max_length=160)
    metric = CodedField(Metric, active=True, required=False, allow_null=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    baseline_value = ValueField(required=False, allow_null=True)
    baseline_source = serializers.CharField(max_length=200, required=False, allow_blank=True)
    baseline_date = PlanDateField(required=False, allow_null=True)
    target_value = ValueField(required=False, allow_null=True)
    start_date = PlanDateField(required=False, allow_null=True)
    finish_date = PlanDateField(required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True)
    weight = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0, required=False)


class KpiFilter(ActiveInCampaignFilter):
    goal = filters.UUIDFilter(field_name="goal_id")
    metric = filters.CharFilter(field_name="metric__code")
    channel = filters.CharFilter(field_name="channel__code")
    owner = filters.UUIDFilter(field_name="owner_id")
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.filter(matching(value))


class TargetOut(Out):
    value = ValueField()

    class Meta:
        model = KpiTarget
        fields = ["id", "kpi", "phase", "date", "value"]


class TargetRowIn(serializers.Serializer):
    date = PlanDateField(required=False)
    phase = RowField(Phase, required=False)
    value = ValueField()

    def validate(self, row):
        if ("date" in row) == ("phase" in row):
            raise serializers.ValidationError(_("Each row has either a date or a phase."))
        return row


class TargetsIn(serializers.Serializer):
    """Exactly one of: rows (all by date, or all by phase), a pasted text, or a way to spread the target."""

    rows = TargetRowIn(many=True, required=False)
    pasted = serializers.CharField(max_length=200_000, required=False, trim_whitespace=False)
    spread = serializers.ChoiceField(choices=[targets.EVEN, targets.WEEKDAY_WEIGHTS], required=False)
    weights = serializers.ListField(
        child=serializers.DecimalField(max_digits=9, decimal_places=3, min_value=0),
        min_length=7,
        max_length=7,
        required=False,
    )

    def validate(self, data):
        if len({"rows", "pasted", "spread"} & set(data)) != 1:
            raise serializers.ValidationError(_("Send either rows, a pasted text, or a way to spread the target."))
        rows = data.get("rows", [])
        if len({"date" in row for row in rows}) > 1:
            raise serializers.ValidationError({"rows": _("Send targets by date and by phase separately.")})
        if len({row.get("date") or row["phase"].pk for row in rows}) < len(rows):
            raise serializers.ValidationError({"rows": _("A date or phase is there twice.")})
        if len(rows) > targets.MOST_ROWS:
            raise serializers.ValidationError(
                {"rows": _("That are more than %(most)d rows.") % {"most": targets.MOST_ROWS}}
            )
        return data


class KpiViewSet(ResourceViewSet):
    model, out, filterset_class = Kpi, KpiOut, KpiFilter

    def rows(self):
        rows = super().rows()
        if self.action == "list":  # what many have in common is read once
            return rows.prefetch_related("campaign", "metric", "channel", "owner")
        return rows.with_words() if self.action == "retrieve" else rows.with_words().select_related("goal")

    @extend_schema(request=KpiIn, responses={201: KpiOut})
    def create(self, request):
        return self.one(actions.create_kpi(self.actor, **self.read(KpiIn)), 201)

    @extend_schema(request=KpiIn, responses=KpiOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(KpiIn, partial=True)
        return self.one(actions.update_kpi(self.actor, kpi=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_kpi(self.actor, kpi=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=KpiOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_kpi(self.actor, kpi=self.find()))

    @extend_schema(request=TargetsIn, responses=KpiOut)
    @action(detail=True, methods=["post", "put"])
    def targets(self, request, pk):
        """Replace the plan by day or by phase. PUT asks for If-Match, POST takes the KPI as it is."""
        row = self.find()
        seen = self.seen(row) if request.method == "PUT" else None
        return self.one(self.set_targets(row, self.read(TargetsIn), seen))

    def set_targets(self, kpi, given, seen):
        if "pasted" in given:
            return actions.paste_day_targets(self.actor, kpi=kpi, text=given["pasted"], seen=seen)
        if "spread" in given:
            weights = given.get("weights")
            return actions.spread_target(self.actor, kpi=kpi, kind=given["spread"], weights=weights, seen=seen)
        rows = given["rows"]
        if rows and "phase" in rows[0]:
            values = {row["phase"]: row["value"] for row in rows}
            return actions.set_phase_targets(self.actor, kpi=kpi, values=values, seen=seen)
        values = {row["date"]: row["value"] for row in rows}
        return actions.set_day_targets(self.actor, kpi=kpi, values=values, seen=seen)


class TargetFilter(CampaignFilter):
    kpi = filters.UUIDFilter(field_name="kpi_id")
    by = filters.ChoiceFilter(choices=[("day", _("day")), ("phase", _("phase"))], method="part")

    def part(self, rows, name, value):
        return rows.filter(phase__isnull=value == "day")


class KpiTargetViewSet(ResourceViewSet):
    """The parts of the targets; they are written at `kpis/{id}/targets/`."""

    model, out, filterset_class = KpiTarget, TargetOut, TargetFilter


ROUTES = [("goals", GoalViewSet), ("kpis", KpiViewSet), ("kpi-targets", KpiTargetViewSet)]
