"""REST: flights and the plan per day."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.fields import CampaignFilter, CodedField, RowField
from campaigns.models import Campaign
from core.api.fields import MoneyField, PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.money import Money
from placements import actions
from placements.actions.days import Cell
from placements.api.accounts import BASE
from placements.api.fields import FlightDays, QuantityField
from placements.models import DayAllocation, Flight, Placement


class FlightOut(Out):
    class Meta:
        model = Flight
        fields = [*BASE, "campaign", "placement", "start_date", "finish_date"]


class FlightIn(FlightDays):
    placement = RowField(Placement, active=True)


class FlightListFilter(CampaignFilter):
    placement = filters.UUIDFilter(field_name="placement_id")


class FlightViewSet(ResourceViewSet):
    model, out, filterset_class = Flight, FlightOut, FlightListFilter

    def rows(self):
        return super().rows().select_related("placement")

    @extend_schema(request=FlightIn, responses={201: FlightOut})
    def create(self, request):
        return self.one(actions.create_flight(self.actor, **self.read(FlightIn)), 201)

    @extend_schema(request=FlightDays, responses=FlightOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(FlightDays, partial=True)
        return self.one(actions.update_flight(self.actor, flight=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_flight(self.actor, flight=row, seen=self.seen(row))
        return Response(status=204)


class DayOut(Out):
    amount = serializers.SerializerMethodField()
    quantity = QuantityField()

    class Meta:
        model = DayAllocation
        fields = [*BASE, "campaign", "placement", "date", "amount", "quantity"]

    @extend_schema(responses=MoneyField)
    def get_amount(self, row) -> dict | None:
        return None if row.amount is None else Money(row.amount, row.placement.currency).as_dict()


class DayChange(serializers.Serializer):
    """One cell: null clears the figure, what is left out stays."""

    placement = serializers.UUIDField()
    date = PlanDateField()
    amount = MoneyField(required=False, allow_null=True)
    quantity = QuantityField(required=False)


class DaysIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    changes = DayChange(many=True, allow_empty=False, max_length=20_000)


class DaysOut(serializers.Serializer):
    changed = serializers.IntegerField()


class DaysOfPlacement(CampaignFilter):
    placement = filters.UUIDFilter(field_name="placement_id")


DayListFilter = type(CampaignFilter)(  # `from` is no name a class body could give
    "DayListFilter",
    (DaysOfPlacement,),
    {
        "from": filters.DateFilter(field_name="date", lookup_expr="gte"),
        "to": filters.DateFilter(field_name="date", lookup_expr="lte"),
    },
)


def cells_of(changes):
    """The cells of a request: one per figure named."""
    for change in changes:
        money = change.get("amount")
        if "amount" in change:
            yield Cell(
                change["placement"],
                change["date"],
                "amount",
                money.amount if money else None,
                currency=money.currency if money else "",
            )
        if "quantity" in change:
            yield Cell(change["placement"], change["date"], "quantity", change["quantity"])


class DayViewSet(ResourceViewSet):
    model, out, filterset_class = DayAllocation, DayOut, DayListFilter

    def rows(self):
        return super().rows().select_related("placement")

    @extend_schema(request=DaysIn, responses=DaysOut)
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        values = self.read(DaysIn)
        changed = actions.set_days(self.actor, campaign=values["campaign"], cells=list(cells_of(values["changes"])))
        return Response({"changed": changed})


ROUTES = [("flights", FlightViewSet), ("day-allocations", DayViewSet)]
