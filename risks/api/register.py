"""REST: the risk register."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.fields import ActiveInCampaignFilter, CodedField, PersonField, PersonOut, RowField
from campaigns.models import BudgetLine, Campaign, Kpi
from core.api.fields import PlanDateField
from core.api.out import Out
from placements.models import Placement
from risks import actions
from risks.api.fields import BASE, ActingViewSet
from risks.choices import RiskClass, RiskState
from risks.models import Playbook, Risk
from risks.rules import register as rules
from tasks.models import Task


class RiskMoveOut(serializers.Serializer):
    """A state this risk may take next, guards aside."""

    state = serializers.ChoiceField(RiskState.choices)
    label = serializers.CharField()


class RiskOut(Out):
    owner = PersonOut(allow_null=True)
    deputy = PersonOut(allow_null=True)
    score = serializers.IntegerField(help_text="Probability × impact.")
    residual = serializers.IntegerField(allow_null=True, help_text="The same after the response.")
    heat = serializers.IntegerField(help_text="1 (grey) to 5 (red).")
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Risk
        fields = [*BASE, "campaign", "code", "title", "description", "risk_class", "state", "moves", "probability"]
        fields += ["impact", "score", "heat", "probability_after", "impact_after", "residual", "response", "owner"]
        fields += ["deputy", "review_date", "playbook", "kpi", "placement", "task", "budget_line", "notes"]
        fields += ["lesson", "archived_at"]

    @extend_schema_field(RiskMoveOut(many=True))
    def get_moves(self, risk):
        return [{"state": move.target, "label": str(move.label)} for move in rules.open_to(risk.state)]


def _text(length=5000):
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


def _step(**options):
    return serializers.IntegerField(min_value=1, max_value=5, required=False, **options)


class RiskIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    title = serializers.CharField(max_length=200)
    code, description, response, notes, lesson = _text(40), _text(), _text(), _text(20_000), _text()
    risk_class = serializers.ChoiceField(RiskClass.choices, required=False)
    probability, impact = _step(), _step()
    probability_after, impact_after = _step(allow_null=True), _step(allow_null=True)
    owner = PersonField(required=False, allow_null=True)
    deputy = PersonField(required=False, allow_null=True)
    review_date = PlanDateField(required=False, allow_null=True)
    playbook = RowField(Playbook, active=True, required=False, allow_null=True)
    kpi = RowField(Kpi, required=False, allow_null=True)
    placement = RowField(Placement, required=False, allow_null=True)
    task = RowField(Task, required=False, allow_null=True)
    budget_line = RowField(BudgetLine, required=False, allow_null=True)


class RiskChange(RiskIn):
    """What may change: everything but the campaign."""

    campaign = None


class RiskMoveIn(serializers.Serializer):
    state = serializers.ChoiceField(RiskState.choices)


class ReviewedIn(serializers.Serializer):
    review_date = PlanDateField(help_text="When it is looked at next.")


class RiskFilter(ActiveInCampaignFilter):
    state = filters.MultipleChoiceFilter(choices=RiskState.choices)
    risk_class = filters.MultipleChoiceFilter(choices=RiskClass.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    probability = filters.NumberFilter()
    impact = filters.NumberFilter()
    min_score = filters.NumberFilter(field_name="score_before", lookup_expr="gte")
    review_by = filters.DateFilter(field_name="review_date", lookup_expr="lte")
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.found_by(value)


class RiskViewSet(ActingViewSet):
    model, out, filterset_class = Risk, RiskOut, RiskFilter

    def rows(self):
        return super().rows().scored().select_related("workspace", "campaign", "owner", "deputy")

    @extend_schema(request=RiskIn, responses={201: RiskOut})
    def create(self, request):
        return self.again(actions.create_risk(self.actor, **self.read(RiskIn)), 201)

    @extend_schema(request=RiskChange, responses=RiskOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(RiskChange, partial=True)
        return self.again(actions.update_risk(self.actor, risk=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_risk(self.actor, risk=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=RiskMoveIn, responses=RiskOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        row = self.find()
        return self.again(actions.move_risk(self.actor, risk=row, seen=self.maybe_seen(row), **self.read(RiskMoveIn)))

    @extend_schema(request=ReviewedIn, responses=RiskOut)
    @action(detail=True, methods=["post"])
    def reviewed(self, request, pk):
        row = self.find()
        return self.again(actions.review_risk(self.actor, risk=row, seen=self.maybe_seen(row), **self.read(ReviewedIn)))

    @extend_schema(request=None, responses=RiskOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.again(actions.archive_risk(self.actor, risk=self.find()))

    @extend_schema(request=None, responses=RiskOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_risk(self.actor, risk=self.find()))


ROUTES = [("risks", RiskViewSet)]
