"""REST: slots of placements."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets.models import Asset, AssetVersion, OutputStandard
from campaigns.api.fields import CampaignFilter, PersonOut, RowField
from core.api.out import Out
from core.api.views import ResourceViewSet
from placements import actions
from placements.api.accounts import BASE
from placements.models import Placement, Slot

RELATED = ("placement__campaign", "asset", "standard", "campaign", "version")


class SlotOut(Out):
    """`version` is what was released to run there; empty while nothing was."""

    released_by = PersonOut(allow_null=True)

    class Meta:
        model = Slot
        fields = [*BASE, "campaign", "placement", "name", "standard", "asset", "version", "released_by", "released_at"]
        fields += ["position"]


class SlotChange(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    standard = RowField(OutputStandard, active=True, required=False, allow_null=True)
    asset = RowField(Asset, active=True, required=False, allow_null=True)


class SlotIn(SlotChange):
    placement = RowField(Placement, active=True)


class ReleaseIn(serializers.Serializer):
    version = RowField(AssetVersion)


class SlotFilter(CampaignFilter):
    placement = filters.UUIDFilter(field_name="placement_id")
    asset = filters.UUIDFilter(field_name="asset_id")
    is_empty = filters.BooleanFilter(field_name="asset_id", lookup_expr="isnull")
    is_released = filters.BooleanFilter(field_name="version_id", lookup_expr="isnull", exclude=True)


class SlotViewSet(ResourceViewSet):
    model, out, filterset_class = Slot, SlotOut, SlotFilter

    def rows(self):
        return super().rows().select_related("released_by", *RELATED)

    @extend_schema(request=SlotIn, responses={201: SlotOut})
    def create(self, request):
        return self.one(actions.create_slot(self.actor, **self.read(SlotIn)), 201)

    @extend_schema(request=SlotChange, responses=SlotOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(SlotChange, partial=True)
        return self.one(actions.update_slot(self.actor, slot=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_slot(self.actor, slot=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=ReleaseIn, responses=SlotOut)
    @action(detail=True, methods=["post"])
    def release(self, request, pk):
        """Let an approved version of the slot's asset run there."""
        return self.one(actions.release_version(self.actor, slot=self.find(), **self.read(ReleaseIn)))

    @extend_schema(request=None, responses=SlotOut)
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request, pk):
        """Nothing runs there any longer; what is live is paused first."""
        return self.one(actions.take_out_version(self.actor, slot=self.find()))


ROUTES = [("slots", SlotViewSet)]
