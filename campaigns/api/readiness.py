"""REST: the readiness board of a campaign, its signed lines, and boards that were kept."""

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from campaigns import actions
from campaigns.actions.writing import today_of
from campaigns.api.campaigns import BASE
from campaigns.api.fields import (
    UNKNOWN,
    ActiveInCampaignFilter,
    CampaignFilter,
    CodedField,
    PersonField,
    PersonOut,
    coded,
)
from campaigns.choices import LineGroup, LineState
from campaigns.models import Campaign, ReadinessLine, ReadinessSnapshot
from campaigns.rules.readiness import summary
from core.api.fields import FileOut, PlanDateField
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid
from core.files import served

FORMS = [StrictJSONParser, MultiPartParser]
CAMPAIGN = OpenApiParameter("campaign", str, required=True, description="Code or id")


class BoardLineOut(serializers.Serializer):
    """A line of the board; derived lines are computed, those of the group `added` are signed by name."""

    code = serializers.CharField()
    group = serializers.ChoiceField(choices=LineGroup.choices)
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=LineState.choices)
    detail = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(help_text="The page where its cause is mended")


class BoardOut(serializers.Serializer):
    """Ready if no line blocks."""

    campaign = serializers.CharField()
    is_ready = serializers.BooleanField()
    blocks = serializers.IntegerField()
    warnings = serializers.IntegerField()
    lines = BoardLineOut(many=True)


class BoardViewSet(ActorMixin, GenericViewSet):
    """The readiness board of a campaign as it stands now."""

    model, serializer_class, pagination_class, filter_backends = ReadinessLine, BoardOut, None, []

    @extend_schema(parameters=[CAMPAIGN], responses=BoardOut)
    def list(self, request):
        campaign = self.campaign(request.query_params.get("campaign", ""))
        lines = actions.lines_of(self.actor, campaign, today=today_of(campaign))
        found = summary(lines)
        board = {"campaign": campaign.code, "is_ready": found.is_ready, "blocks": found.blocks}
        return Response(BoardOut({**board, "warnings": found.warnings, "lines": lines}).data)

    def campaign(self, named):
        rows = Campaign.objects.visible_to(self.actor).select_related("workspace")
        found = rows.filter(**coded(named)).first() if named and len(named) <= 60 else None
        if found is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
        return found


class ReadinessLineOut(Out):
    owner = PersonOut()
    signed_by = PersonOut(allow_null=True)
    file = FileOut(allow_null=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = ReadinessLine
        fields = [*BASE, "campaign", "title", "owner", "needed", "expires_date", "state", "signed_by", "signed_at"]
        fields += ["evidence", "file", "archived_at"]

    def get_state(self, line) -> str:
        return line.state_on(today_of(line.campaign))


class ReadinessLineIn(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    owner = PersonField()
    needed = serializers.CharField(max_length=500, required=False, allow_blank=True)
    expires_date = PlanDateField(required=False, allow_null=True)


class NewReadinessLineIn(ReadinessLineIn):
    campaign = CodedField(Campaign, active=True)


class SignatureIn(serializers.Serializer):
    evidence = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    upload = serializers.FileField(required=False, allow_empty_file=True)
    expires_date = PlanDateField(required=False, allow_null=True)


class ReadinessLineFilter(ActiveInCampaignFilter):
    owner = filters.UUIDFilter(field_name="owner_id")
    signed = filters.BooleanFilter(field_name="signed_at", lookup_expr="isnull", exclude=True)


class OfCampaignViewSet(ResourceViewSet):
    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None


class ReadinessLineViewSet(OfCampaignViewSet):
    """Lines that a campaign adds to its board. The person a line names signs it, with evidence."""

    model, out, filterset_class = ReadinessLine, ReadinessLineOut, ReadinessLineFilter
    parser_classes = FORMS

    def rows(self):
        return super().rows().with_people()

    @extend_schema(request=NewReadinessLineIn, responses={201: ReadinessLineOut})
    def create(self, request):
        return self.one(actions.add_readiness_line(self.actor, **self.read(NewReadinessLineIn)), 201)

    @extend_schema(request=ReadinessLineIn, responses=ReadinessLineOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ReadinessLineIn, partial=True)
        return self.one(actions.update_readiness_line(self.actor, line=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_readiness_line(self.actor, line=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=ReadinessLineOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_readiness_line(self.actor, line=self.find()))

    @extend_schema(
        request={"application/json": SignatureIn, "multipart/form-data": SignatureIn}, responses=ReadinessLineOut
    )
    @action(detail=True, methods=["post"])
    def sign(self, request, pk):
        """Sign as the person the line names."""
        row, given = self.find(), self.read(SignatureIn)
        given.setdefault("expires_date", row.expires_date)
        return self.one(actions.sign_readiness_line(self.actor, line=row, seen=self.maybe_seen(row), **given))

    @extend_schema(request=None, responses=ReadinessLineOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """Take the signature back."""
        row = self.find()
        return self.one(actions.withdraw_signature(self.actor, line=row, seen=self.maybe_seen(row)))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, pk):
        """The bytes of the evidence."""
        return file_of(self.find())


def file_of(row):
    """The file of a row, or a 404-like refusal in words."""
    if row.file is None:
        raise Invalid(str(UNKNOWN), code="no_file")
    return served(row.file)


class SnapshotOut(Out):
    """A board that was kept. `digest` is the SHA-256 of `content` in canonical JSON (keys in order, no spaces)."""

    made_by = PersonOut(allow_null=True)
    content = serializers.JSONField()
    is_intact = serializers.BooleanField(help_text="Whether `content` still has the digest it was signed with")

    class Meta:
        model = ReadinessSnapshot
        fields = [*BASE, "campaign", "is_launch", "blocks", "override_reason", "made_by", "digest", "is_intact"]
        fields += ["content"]


class SnapshotIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)


class SnapshotFilter(CampaignFilter):
    is_launch = filters.BooleanFilter()


class SnapshotViewSet(ResourceViewSet):
    """Boards that were kept. A launch keeps one by itself: POST to `campaigns/{id}/transitions/` with `launch`."""

    model, out, filterset_class = ReadinessSnapshot, SnapshotOut, SnapshotFilter

    def rows(self):
        return super().rows().select_related("made_by", "campaign", "workspace")

    @extend_schema(request=SnapshotIn, responses={201: SnapshotOut})
    def create(self, request):
        """Keep the board as it stands now."""
        return self.one(actions.keep_snapshot(self.actor, **self.read(SnapshotIn)), 201)


ROUTES = [
    ("readiness", BoardViewSet),
    ("readiness-lines", ReadinessLineViewSet),
    ("readiness-snapshots", SnapshotViewSet),
]
