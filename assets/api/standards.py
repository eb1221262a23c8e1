"""REST: output standards."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets import actions
from assets.choices import AssetKind
from assets.models import OutputStandard
from assets.rules import standards
from campaigns.api.fields import ActiveFilter, CodedField
from campaigns.models import Channel
from core.api.out import Out
from core.api.views import ResourceViewSet

BASE = ["id", "created_at", "updated_at", "lock_version"]


class OutputStandardOut(Out):
    """`demands` by kind, such as {"width": 1080, "height": 1080, "max_kb": 500}; `said` is the same in words."""

    channel = serializers.SlugRelatedField("code", read_only=True)
    demands = serializers.DictField()
    said = serializers.SerializerMethodField()

    class Meta:
        model = OutputStandard
        fields = [*BASE, "name", "kind", "channel", "demands", "said", "note", "archived_at"]

    def get_said(self, row) -> str:
        return standards.said(row.demands)


class OutputStandardIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(AssetKind.choices)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    demands = serializers.DictField(required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class OutputStandardChange(OutputStandardIn):
    """What may change: everything but the kind."""

    kind = None


class OutputStandardFilter(ActiveFilter):
    kind = filters.MultipleChoiceFilter(choices=AssetKind.choices)


class OutputStandardViewSet(ResourceViewSet):
    model, out, filterset_class = OutputStandard, OutputStandardOut, OutputStandardFilter

    def rows(self):
        return super().rows().select_related("channel")

    @extend_schema(request=OutputStandardIn, responses={201: OutputStandardOut})
    def create(self, request):
        return self.one(actions.create_standard(self.actor, **self.read(OutputStandardIn)), 201)

    @extend_schema(request=OutputStandardChange, responses=OutputStandardOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(OutputStandardChange, partial=True)
        return self.one(actions.update_standard(self.actor, standard=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_standard(self.actor, standard=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=OutputStandardOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.one(actions.archive_standard(self.actor, standard=self.find()))

    @extend_schema(request=None, responses=OutputStandardOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_standard(self.actor, standard=self.find()))


ROUTES = [("output-standards", OutputStandardViewSet)]
