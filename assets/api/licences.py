"""REST: licences and releases of assets."""

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from assets import actions
from assets.api.standards import BASE
from assets.choices import RightKind
from assets.models import Asset, Right
from assets.rules.rights import state_of
from campaigns.api.fields import CampaignFilter, RowField
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ResourceViewSet
from tasks.api.parts import FileOut


class LicenceOut(Out):
    """`state` as of today: valid, expiring (within two weeks), expired or not_yet."""

    file = FileOut(allow_null=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Right
        fields = [*BASE, "campaign", "asset", "kind", "holder", "scope", "start_date", "finish_date", "file", "state"]

    def get_state(self, right) -> str:
        return state_of(right.start_date, right.finish_date, today=timezone.localdate())


class LicenceChange(serializers.Serializer):
    kind = serializers.ChoiceField(RightKind.choices)
    holder = serializers.CharField(max_length=200)
    scope = serializers.CharField(max_length=300, required=False, allow_blank=True)
    start_date = PlanDateField(required=False, allow_null=True)
    finish_date = PlanDateField(required=False, allow_null=True)
    file = serializers.FileField(required=False)


class LicenceIn(LicenceChange):
    asset = RowField(Asset, active=True)


class LicenceFilter(CampaignFilter):
    asset = filters.UUIDFilter(field_name="asset_id")
    kind = filters.ChoiceFilter(choices=RightKind.choices)
    expires_before = filters.DateFilter(field_name="finish_date", lookup_expr="lt")


def _taken(values):
    """The input as the acts call it."""
    if "file" in values:
        values["upload"] = values.pop("file")
    return values


class LicenceViewSet(ResourceViewSet):
    model, out, filterset_class = Right, LicenceOut, LicenceFilter
    parser_classes = [StrictJSONParser, MultiPartParser]

    def rows(self):
        return super().rows().select_related("file", "asset", "asset__campaign")

    @extend_schema(
        request={"application/json": LicenceIn, "multipart/form-data": LicenceIn}, responses={201: LicenceOut}
    )
    def create(self, request):
        return self.one(actions.add_right(self.actor, **_taken(self.read(LicenceIn))), 201)

    @extend_schema(
        request={"application/json": LicenceChange, "multipart/form-data": LicenceChange}, responses=LicenceOut
    )
    def partial_update(self, request, pk):
        row = self.find()
        changes = _taken(self.read(LicenceChange, partial=True))
        return self.one(actions.update_right(self.actor, right=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_right(self.actor, right=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [("licences", LicenceViewSet)]
