"""REST: assets, and the acts on one and on many."""

from functools import cache

from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization
from assets import actions
from assets.api.drop import DropMixin
from assets.api.standards import BASE
from assets.choices import AssetKind, Stage
from assets.models import Asset, OutputStandard, ReviewRoute
from assets.rules import stages
from campaigns.api.fields import ActiveInCampaignFilter, CodedField, PersonField, PersonOut, RowField, RowsField, coded
from campaigns.models import Campaign, Channel, Kpi, Phase
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from tasks.models import Task


class AssetMoveOut(serializers.Serializer):
    """A stage this asset may be moved to by hand, guards aside."""

    stage = serializers.ChoiceField(Stage.choices)
    label = serializers.CharField()


class AssetOut(Out):
    """`submit_by` follows from `lead_days` and the first flight, else it is `due_date`."""

    channel = serializers.SlugRelatedField("code", read_only=True)
    maker = PersonOut()
    kpis = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Asset
        fields = [*BASE, "campaign", "code", "title", "kind", "stage", "moves", "instructions", "maker", "organization"]
        fields += ["standard", "route", "phase", "channel", "task", "kpis", "language", "lead_days", "due_date"]
        fields += ["flight_date", "submit_by", "is_required", "current_number", "position", "archived_at"]

    def get_kpis(self, asset) -> list[str]:
        return [str(kpi.pk) for kpi in asset.shown_kpis]

    @extend_schema_field(AssetMoveOut(many=True))
    def get_moves(self, asset):
        return _moves(asset.stage, get_language())


@cache
def _moves(stage, _language):
    """The moves of a stage in words of a language: the same for every row."""
    return [{"stage": move.target, "label": str(move.label)} for move in stages.open_to(stage)]


def _text(length):
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


def _lead():
    return serializers.IntegerField(min_value=0, max_value=250, required=False, allow_null=True)


class AssetIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(AssetKind.choices)
    code, instructions, language = _text(40), _text(20_000), _text(10)
    maker = PersonField(required=False, allow_null=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    standard = RowField(OutputStandard, active=True, required=False, allow_null=True)
    route = RowField(ReviewRoute, active=True, required=False, allow_null=True)
    phase = RowField(Phase, required=False, allow_null=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    task = RowField(Task, active=True, required=False, allow_null=True)
    kpis = RowsField(Kpi, required=False)
    lead_days = _lead()
    due_date = PlanDateField(required=False, allow_null=True)
    is_required = serializers.BooleanField(required=False)


class AssetChange(AssetIn):
    """What may change: everything but campaign and kind."""

    campaign = kind = None


class StageIn(serializers.Serializer):
    stage = serializers.ChoiceField(Stage.choices)


class SubmitIn(serializers.Serializer):
    route = RowField(ReviewRoute, active=True, required=False, allow_null=True)


class AssetBulkIn(serializers.Serializer):
    """What many assets get at once; what is left out stays."""

    campaign = CodedField(Campaign)
    assets = RowsField(Asset)
    stage = serializers.ChoiceField(Stage.choices, required=False)
    maker = PersonField(required=False, allow_null=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    standard = RowField(OutputStandard, active=True, required=False, allow_null=True)
    route = RowField(ReviewRoute, active=True, required=False, allow_null=True)
    phase = RowField(Phase, required=False, allow_null=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    lead_days = _lead()
    due_date = PlanDateField(required=False, allow_null=True)


class AssetFilter(ActiveInCampaignFilter):
    stage = filters.MultipleChoiceFilter(choices=Stage.choices)
    kind = filters.MultipleChoiceFilter(choices=AssetKind.choices)
    maker = filters.UUIDFilter(field_name="maker_id")
    organization = filters.UUIDFilter(field_name="organization_id")
    standard = filters.UUIDFilter(field_name="standard_id")
    phase = filters.UUIDFilter(field_name="phase_id")
    task = filters.UUIDFilter(field_name="task_id")
    code = filters.CharFilter()
    channel = filters.CharFilter(method="on_channel")
    submit_before = filters.DateFilter(field_name="submit_by", lookup_expr="lte")
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.found_by(value)

    def on_channel(self, rows, name, value):
        return rows.filter(**{f"channel__{key}": wanted for key, wanted in coded(value).items()})


class AssetViewSet(DropMixin, ResourceViewSet):
    model, out, filterset_class = Asset, AssetOut, AssetFilter

    def rows(self):
        return self.answers() if self.action in ("list", "retrieve") else super().rows().listed()

    def answers(self):
        """Rows with what an answer shows."""
        return super().rows().shown()

    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None

    def again(self, row, status=200):
        """The answer after an act, with what the act changed around the row."""
        return self.one(self.answers().get(pk=row.pk), status)

    @extend_schema(request=AssetIn, responses={201: AssetOut})
    def create(self, request):
        return self.again(actions.create_asset(self.actor, **self.read(AssetIn)), 201)

    @extend_schema(request=AssetChange, responses=AssetOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(AssetChange, partial=True)
        return self.again(actions.update_asset(self.actor, asset=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_asset(self.actor, asset=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=StageIn, responses=AssetOut)
    @action(detail=True, methods=["post"])
    def moves(self, request, pk):
        """Bring it to another stage by hand."""
        row = self.find()
        return self.again(actions.move_stage(self.actor, asset=row, seen=self.maybe_seen(row), **self.read(StageIn)))

    @extend_schema(request=SubmitIn, responses=AssetOut)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        """Start the review of its newest version, along its own route or another."""
        row = self.find()
        actions.submit_for_review(self.actor, asset=row, seen=self.maybe_seen(row), **self.read(SubmitIn))
        return self.again(row)

    @extend_schema(request=None, responses=AssetOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.again(actions.archive_asset(self.actor, asset=self.find()))

    @extend_schema(request=None, responses=AssetOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_asset(self.actor, asset=self.find()))

    @extend_schema(request=AssetBulkIn, responses=AssetOut(many=True))
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        rows = actions.edit_assets(self.actor, **self.read(AssetBulkIn))
        found = self.answers().filter(pk__in=[row.pk for row in rows])
        data = self.out(found, many=True, context=self.get_serializer_context()).data
        return Response({"next": None, "previous": None, "results": data})


ROUTES = [("assets", AssetViewSet)]
