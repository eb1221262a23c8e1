"""REST for partners' seats: their own media lines with what is planned and spent on them, and approved material."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets import actions
from assets.api.partner import PartnerDownloadOut
from campaigns.api.fields import CampaignFilter
from core.api.fields import MoneyField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.money import Money
from overview.querysets import partner as found
from placements.choices import PlacementState
from placements.models import Placement, Slot


class PartnerFlightOut(serializers.Serializer):
    start_date = serializers.DateField()
    finish_date = serializers.DateField()


class PartnerPlacementOut(serializers.Serializer):
    """A media line of the organisation; money is of this line alone, each currency apart."""

    id = serializers.UUIDField()
    lock_version = serializers.IntegerField()
    campaign = serializers.UUIDField(source="campaign_id")
    code = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(PlacementState.choices)
    channel = serializers.CharField(source="channel.code")
    platform = serializers.CharField()
    position = serializers.CharField()
    targeting = serializers.CharField()
    day_parting = serializers.CharField()
    landing_url = serializers.CharField()
    flights = PartnerFlightOut(many=True, source="shown_flights")
    planned = MoneyField(allow_null=True, source="planned_money")
    spent = serializers.ListField(child=MoneyField(), source="spent_money")


class PartnerDayOut(serializers.Serializer):
    date = serializers.DateField()
    planned = MoneyField(allow_null=True)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, normalize_output=True)
    spent = MoneyField(allow_null=True)


class PartnerPlacementViewSet(ResourceViewSet):
    model, out, filterset_class = Placement, PartnerPlacementOut, CampaignFilter

    def rows(self):
        return found.placements_of(self.actor).prefetch_related("flights")

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.out(self.dressed(page), many=True).data)

    def one(self, row, status_code=200):
        return super().one(self.dressed([row])[0], status_code)

    def dressed(self, rows):
        for row in found.with_money(rows):
            row.shown_flights = list(row.flights.all())
            row.planned_money = None if row.planned is None else Money(row.planned, row.currency)
            row.spent_money = [Money(amount, currency) for currency, amount in sorted(row.spent.items())]
        return rows

    @extend_schema(responses=PartnerDayOut(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def days(self, request, pk):
        """What is planned and spent day by day, in the line's currency."""
        row = self.find()
        planned, spent = {one.date: one for one in row.days.all()}, found.spent_by_day(row)
        dates = sorted({*planned, *(day for day, currency in spent if currency == row.currency)})
        return Response(PartnerDayOut([_day(row, day, planned.get(day), spent) for day in dates], many=True).data)


def _day(row, day, planned, spent):
    amount = spent.get((day, row.currency))
    return {
        "date": day,
        "planned": Money(planned.amount, row.currency) if planned and planned.amount is not None else None,
        "quantity": planned.quantity if planned else None,
        "spent": None if amount is None else Money(amount, row.currency),
    }


class PartnerSlotOut(Out):
    """A slot of an own line, and what was released to run there."""

    material = serializers.SerializerMethodField(help_text="Code of the asset, empty while nothing is released.")
    number = serializers.SerializerMethodField()

    class Meta:
        model = Slot
        fields = ["id", "lock_version", "placement", "name", "material", "number", "released_at"]

    def get_material(self, slot) -> str:
        return slot.version.asset.code if slot.version else ""

    def get_number(self, slot) -> int | None:
        return slot.version.number if slot.version else None


class PartnerSlotViewSet(ResourceViewSet):
    model, out, filterset_class = Slot, PartnerSlotOut, CampaignFilter

    def rows(self):
        rows = super().rows().filter(placement__archived_at=None)
        return rows.select_related("placement", "version__asset", "version__file", "version__campaign")

    @extend_schema(request=None, responses={201: PartnerDownloadOut})
    @action(detail=True, methods=["post"])
    def download(self, request, pk):
        """Ask for a link to the approved original that runs in a slot."""
        slot = self.find()
        if slot.version is None:
            raise Invalid(_("Nothing is released in this slot yet."), code="no_file")
        download, token = actions.open_download(self.actor, version=slot.version)
        address = settings.BASE_URL + reverse("api:partner-downloads-content", args=[token])
        row = {"reference": download.reference, "expires_at": download.expires_at, "address": address}
        return Response(PartnerDownloadOut(row).data, status=201)


ROUTES = [("partner/placements", PartnerPlacementViewSet), ("partner/slots", PartnerSlotViewSet)]
