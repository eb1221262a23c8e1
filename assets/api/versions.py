"""REST: what was handed in for an asset, and its bytes."""

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser

from assets import actions
from assets.api.standards import BASE
from assets.choices import RenditionKind
from assets.models import Asset, AssetVersion
from assets.rules import standards
from campaigns.api.fields import CampaignFilter, PersonOut, RowField
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.files import served
from tasks.api.parts import FileOut


class AssetFindingOut(serializers.Serializer):
    """What a version lacks of its standard; `severity` block or warn."""

    code = serializers.CharField()
    severity = serializers.CharField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, finding) -> str:
        return standards.sentence(finding)


class RenditionOut(serializers.Serializer):
    """A picture made of the file."""

    kind = serializers.ChoiceField(RenditionKind.choices)
    page = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class AssetVersionOut(Out):
    """`checked_at` is empty while the machine still looks at it."""

    file = FileOut(allow_null=True)
    uploader = PersonOut(allow_null=True)
    measures = serializers.DictField()
    findings = AssetFindingOut(many=True)
    renditions = RenditionOut(many=True)

    class Meta:
        model = AssetVersion
        fields = [*BASE, "campaign", "asset", "number", "file", "text", "url", "sha256", "uploader", "note"]
        fields += ["measures", "findings", "checked_at", "renditions"]


class AssetVersionIn(serializers.Serializer):
    """One of `file` (as multipart), `text` and `url`; a text says by `based_on` which version it was written from."""

    asset = RowField(Asset, active=True)
    file = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(max_length=100_000, required=False, allow_blank=True, trim_whitespace=False)
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    based_on = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)


class AssetVersionFilter(CampaignFilter):
    asset = filters.UUIDFilter(field_name="asset_id")
    sha256 = filters.CharFilter()
    number = filters.NumberFilter()


class AssetVersionViewSet(ResourceViewSet):
    model, out, filterset_class = AssetVersion, AssetVersionOut, AssetVersionFilter
    parser_classes = [StrictJSONParser, MultiPartParser]

    def rows(self):
        return super().rows().select_related("file", "uploader").read_ahead("renditions")

    @extend_schema(
        request={"application/json": AssetVersionIn, "multipart/form-data": AssetVersionIn},
        responses={201: AssetVersionOut, 200: AssetVersionOut},
    )
    def create(self, request):
        """Hand in the next version; the same bytes once more answer 200 with the version there is."""
        given = self.read(AssetVersionIn)
        made = actions.add_version(self.actor, upload=given.pop("file", None), **given)
        return self.one(self.rows().get(pk=made.pk), 200 if hasattr(made, "is_same") else 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, pk):
        """The bytes of the file, as they were handed in."""
        version = self.find()
        if version.file is None:
            raise Invalid(_("This version is no file."), code="no_file")
        return served(version.file)


ROUTES = [("asset-versions", AssetVersionViewSet)]
