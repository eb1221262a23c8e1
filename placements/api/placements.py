"""REST: placements with their flights and KPIs, and the acts on one and on many."""

from functools import cache

from django.http import FileResponse
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization
from campaigns.api.fields import (
    ActiveInCampaignFilter,
    CodedField,
    PersonField,
    PersonOut,
    RowField,
    RowsField,
    coded,
)
from campaigns.models import BudgetLine, Campaign, Channel, Kpi, Phase
from core.api.fields import AmountOut, MoneyField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.money import Money
from placements import actions
from placements.api.accounts import BASE
from placements.api.fields import FlightDays, PercentField
from placements.choices import BuyingModel, PlacementState, PlatformStatus
from placements.models import AdAccount, Placement
from placements.rules import spread, states

MONEY = {"budget": "budget_amount", "list_price": "list_price", "net_price": "net_price", "daily_cap": "daily_cap"}


class MoveOut(serializers.Serializer):
    """A state this placement may take next, guards aside."""

    state = serializers.ChoiceField(PlacementState.choices)
    label = serializers.CharField()


class PlacementOut(Out):
    channel = serializers.SlugRelatedField("code", read_only=True)
    owner = PersonOut()
    flights = FlightDays(many=True, read_only=True, source="shown_flights")
    kpis = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()
    tagged_url = serializers.CharField(read_only=True)
    budget, list_price = AmountOut("budget_amount"), AmountOut("list_price")
    net_price, daily_cap = AmountOut("net_price"), AmountOut("daily_cap")

    class Meta:
        model = Placement
        fields = [*BASE, "campaign", "code", "name", "state", "moves", "channel", "phase", "budget_line", "ad_account"]
        fields += [
            "organization",
            "owner",
            "platform",
            "position",
            "targeting",
            "day_parting",
            "buying_model",
            "currency",
            "budget",
        ]
        fields += ["list_price", "discount", "net_price", "rebate", "bonus", "tax_rate", "daily_cap", "landing_url"]
        fields += ["tagged_url", "monitoring_code", "platform_id", "utm_campaign", "utm_content", "account_status"]
        fields += ["creative_status", "status_reason", "note", "kpis", "flights", "rank", "archived_at"]

    def get_kpis(self, placement) -> list[str]:
        return [str(kpi.pk) for kpi in placement.shown_kpis]

    @extend_schema_field(MoveOut(many=True))
    def get_moves(self, placement):
        return _moves(placement.state, get_language())


@cache
def _moves(state, _language):
    """The moves of a state in words of a language: the same for every row."""
    return [{"state": move.target, "label": str(move.label)} for move in states.open_to(state)]


def _text(length):
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


class PlacementIn(serializers.Serializer):
    """A placement's fields; money is in the placement's currency (the campaign's unless given)."""

    campaign = CodedField(Campaign)
    name = serializers.CharField(max_length=200)
    code = _text(40)
    channel = CodedField(Channel, active=True)
    phase = RowField(Phase, required=False, allow_null=True)
    budget_line = RowField(BudgetLine, active=True, required=False, allow_null=True)
    ad_account = RowField(AdAccount, active=True, required=False, allow_null=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True)
    platform, position, targeting, day_parting = _text(40), _text(160), _text(5000), _text(200)
    buying_model = serializers.ChoiceField(BuyingModel.choices, required=False, allow_blank=True)
    currency = serializers.CharField(min_length=3, max_length=3, required=False)
    budget, list_price = MoneyField(required=False, allow_null=True), MoneyField(required=False, allow_null=True)
    net_price, daily_cap = MoneyField(required=False, allow_null=True), MoneyField(required=False, allow_null=True)
    discount, rebate, tax_rate = PercentField(), PercentField(), PercentField()
    bonus, monitoring_code, platform_id, status_reason = _text(200), _text(400), _text(120), _text(300)
    landing_url = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    utm_campaign, utm_content, note = _text(160), _text(160), _text(5000)
    account_status = serializers.ChoiceField(PlatformStatus.choices, required=False, allow_blank=True)
    creative_status = serializers.ChoiceField(PlatformStatus.choices, required=False, allow_blank=True)
    flights = FlightDays(many=True, required=False, max_length=200)
    kpis = RowsField(Kpi, required=False)


class PlacementChange(PlacementIn):
    """What may change: everything but the campaign."""

    campaign = None


class MoveIn(serializers.Serializer):
    state = serializers.ChoiceField(PlacementState.choices)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CopyIn(serializers.Serializer):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SpreadIn(serializers.Serializer):
    mode = serializers.ChoiceField(spread.MODES)
    weekdays = serializers.ListField(
        child=serializers.DecimalField(max_digits=8, decimal_places=3, min_value=0),
        min_length=7,
        max_length=7,
        required=False,
    )
    total = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=0, required=False)
    measure = serializers.ChoiceField(["amount", "quantity"], required=False)


class OrderIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    placements = RowsField(Placement)


class BulkIn(OrderIn):
    """What many placements get at once; what is left out stays."""

    state = serializers.ChoiceField(PlacementState.choices, required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    channel = CodedField(Channel, active=True, required=False)
    owner = PersonField(required=False, allow_null=True)
    phase = RowField(Phase, required=False, allow_null=True)
    budget_line = RowField(BudgetLine, active=True, required=False, allow_null=True)
    ad_account = RowField(AdAccount, active=True, required=False, allow_null=True)


class PlacementListFilter(ActiveInCampaignFilter):
    state = filters.MultipleChoiceFilter(choices=PlacementState.choices)
    channel = filters.CharFilter(method="on_channel")
    phase = filters.UUIDFilter(field_name="phase_id")
    owner = filters.UUIDFilter(field_name="owner_id")
    ad_account = filters.UUIDFilter(field_name="ad_account_id")
    budget_line = filters.UUIDFilter(field_name="budget_line_id")
    code = filters.CharFilter()
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.found_by(value)

    def on_channel(self, rows, name, value):
        return rows.filter(**{f"channel__{key}": wanted for key, wanted in coded(value).items()})


def taken(values, currency):
    """The input with money as plain amounts in `currency` (or the one given) and flights as (first, last) pairs."""
    currency = values.get("currency", currency)
    for field, column in MONEY.items():
        if field in values:
            values[column] = _amount(values.pop(field), field, currency)
    if "flights" in values:
        values["flights"] = [(one["start_date"], one["finish_date"]) for one in values["flights"]]
    return values


def _amount(money: Money | None, field, currency):
    if money is not None and money.currency != currency:
        sentence = f"{field}: {money.currency} ≠ {currency}"
        raise Invalid(sentence, code="currency", errors={field: sentence})
    return None if money is None else money.amount


class PlacementViewSet(ResourceViewSet):
    model, out, filterset_class = Placement, PlacementOut, PlacementListFilter

    def rows(self):
        if self.action == "retrieve":
            return self.answers().select_related("channel", "owner")
        return self.answers() if self.action == "list" else super().rows().listed()

    def answers(self):
        """Rows with what an answer shows."""
        return super().rows().shown()

    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None

    def again(self, row, status=200):
        """The answer after an act, with what the act changed around the row."""
        return self.one(self.answers().select_related("channel", "owner").get(pk=row.pk), status)

    @extend_schema(request=PlacementIn, responses={201: PlacementOut})
    def create(self, request):
        values = self.read(PlacementIn)
        return self.again(actions.create_placement(self.actor, **taken(values, values["campaign"].currency)), 201)

    @extend_schema(request=PlacementChange, responses=PlacementOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = taken(self.read(PlacementChange, partial=True), row.currency)
        return self.again(actions.update_placement(self.actor, placement=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_placement(self.actor, placement=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=MoveIn, responses=PlacementOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        row = self.find()
        return self.again(
            actions.move_placement(self.actor, placement=row, seen=self.maybe_seen(row), **self.read(MoveIn))
        )

    @extend_schema(request=None, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["post"])
    def dossier(self, request, pk):
        """What ran, its bytes, verdicts, evidence and flights as a ZIP, each file with its hash."""
        placement = self.find()
        file = actions.export_dossier(self.actor, placement=placement)
        return FileResponse(file, as_attachment=True, filename=f"{placement.code} dossier.zip")

    @extend_schema(request=CopyIn, responses={201: PlacementOut})
    @action(detail=True, methods=["post"])
    def duplicate(self, request, pk):
        return self.again(actions.duplicate_placement(self.actor, placement=self.find(), **self.read(CopyIn)), 201)

    @extend_schema(request=None, responses=PlacementOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.again(actions.archive_placement(self.actor, placement=self.find()))

    @extend_schema(request=None, responses=PlacementOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_placement(self.actor, placement=self.find()))

    @extend_schema(request=SpreadIn, responses=PlacementOut)
    @action(detail=True, methods=["post"])
    def spread(self, request, pk):
        return self.again(actions.spread_budget(self.actor, placement=self.find(), **self.read(SpreadIn)))

    @extend_schema(request=BulkIn, responses=PlacementOut(many=True))
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        return self.many(actions.edit_placements(self.actor, **self.read(BulkIn)))

    @extend_schema(request=OrderIn, responses=PlacementOut(many=True))
    @action(detail=False, methods=["post"])
    def reorder(self, request):
        return self.many(actions.reorder_placements(self.actor, **self.read(OrderIn)))

    def many(self, rows):
        """Rows after an act on many, in the envelope of lists."""
        found = self.answers().filter(pk__in=[row.pk for row in rows])
        data = self.out(found, many=True, context=self.get_serializer_context()).data
        return Response({"next": None, "previous": None, "results": data})


ROUTES = [("placements", PlacementViewSet)]
