"""REST: approved and live material, found by phrase, and the tasks that replace it."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets.models import AssetVersion
from campaigns.api.fields import CampaignFilter, RowsField
from core.api.out import Out
from core.api.views import ResourceViewSet
from placements import actions
from placements.actions.replacing import holding, material


class MaterialOut(Out):
    """A version that is approved or released, and where it runs."""

    title = serializers.CharField(source="asset.title")
    placements = serializers.SerializerMethodField()

    class Meta:
        model = AssetVersion
        fields = ["id", "campaign", "asset", "title", "number", "text", "sha256", "placements"]

    def get_placements(self, version) -> list[str]:
        return [str(slot.placement_id) for slot in version.slots.all()]


class MaterialFilter(CampaignFilter):
    q = filters.CharFilter(method="naming")

    def naming(self, rows, name, value):
        return holding(rows, value)


class ReplaceIn(serializers.Serializer):
    versions = RowsField(AssetVersion)
    phrase = serializers.CharField(max_length=100)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReplacedOut(serializers.Serializer):
    tasks = serializers.ListField(child=serializers.UUIDField())


class MaterialViewSet(ResourceViewSet):
    model, out, filterset_class = AssetVersion, MaterialOut, MaterialFilter

    def rows(self):
        rows = super().rows().select_related("asset").prefetch_related("slots")
        return material(rows) if self.action == "list" else rows

    @extend_schema(request=ReplaceIn, responses={201: ReplacedOut})
    @action(detail=False, methods=["post"])
    def replace(self, request):
        """Open one task per asset, for its maker; where one is open already nothing is added."""
        made = actions.open_replacements(self.actor, **self.read(ReplaceIn))
        return Response({"tasks": [str(task.pk) for task in made]}, status=201)


ROUTES = [("material", MaterialViewSet)]
