"""REST: many files at once: dropped and matched, then placed."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from assets import actions
from assets.actions import drop
from assets.choices import AssetKind
from assets.models import Asset
from campaigns.api.fields import CodedField, RowField
from campaigns.models import Campaign
from core.models import StoredFile


class FileDropIn(serializers.Serializer):
    """Files of a campaign, as multipart; at most 100."""

    campaign = CodedField(Campaign)
    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), max_length=drop.MOST_FILES)


class FileOfferOut(serializers.Serializer):
    """An asset the file may be for; `reasons`: code, title, size."""

    asset = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    points = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class DroppedFileOut(serializers.Serializer):
    """A file kept aside for a day; `chosen` is the asset it clearly belongs to."""

    file = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    chosen = serializers.UUIDField(allow_null=True)
    offers = FileOfferOut(many=True)


class DroppedFilesOut(serializers.Serializer):
    results = DroppedFileOut(many=True)


class DroppedField(RowField):
    """A file that this caller dropped and nobody placed yet."""

    def rows(self):
        return drop.mine(self.context["request"]._request.actor)


class FilePlaceIn(serializers.Serializer):
    """Where a file goes: an asset, or a new asset of a kind."""

    file = DroppedField(StoredFile)
    asset = RowField(Asset, active=True, required=False, allow_null=True)
    kind = serializers.ChoiceField(AssetKind.choices, required=False)

    def validate(self, attrs):
        if bool(attrs.get("asset")) == bool(attrs.get("kind")):
            raise serializers.ValidationError(_("Name an asset, or the kind of a new one."), code="place")
        return attrs


class FilePlacesIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    places = FilePlaceIn(many=True, max_length=drop.MOST_FILES)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class FileForgetIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    file = DroppedField(StoredFile)


class PlacedFileOut(serializers.Serializer):
    """The version a file became."""

    version = serializers.UUIDField()
    asset = serializers.UUIDField()
    number = serializers.IntegerField()


class PlacedFilesOut(serializers.Serializer):
    results = PlacedFileOut(many=True)


class DropMixin:
    """The acts on many files, beside those on assets."""

    @extend_schema(request={"multipart/form-data": FileDropIn}, responses=DroppedFilesOut)
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request):
        """Keep files aside and say which asset each may be for; nothing is handed in yet."""
        given = self.read(FileDropIn)
        found = actions.drop_files(self.actor, campaign=given["campaign"], uploads=given["files"])
        return Response({"results": [dropped(stored, match) for stored, match in found]})

    @extend_schema(request=FilePlacesIn, responses={201: PlacedFilesOut})
    @action(detail=False, methods=["post"])
    def place(self, request):
        """Hand the files in where they belong: all of them or none."""
        given = self.read(FilePlacesIn)
        made = actions.place_files(self.actor, **given)
        rows = [{"version": one.pk, "asset": one.asset_id, "number": one.number} for one in made]
        return Response(PlacedFilesOut({"results": rows}).data, status=201)

    @extend_schema(request=FileForgetIn, responses={204: None})
    @action(detail=False, methods=["post"])
    def forget(self, request):
        """Throw a dropped file away."""
        given = self.read(FileForgetIn)
        actions.forget_file(self.actor, campaign=given["campaign"], stored=given["file"])
        return Response(status=204)


def dropped(stored, match):
    offers = [
        {"asset": target.key, "code": target.code, "title": target.title, "points": points, "reasons": reasons}
        for points, target, reasons in match.offers
    ]
    row = {"file": stored.pk, "name": stored.name, "size": stored.size, "sha256": stored.sha256}
    return DroppedFileOut({**row, "chosen": match.chosen, "offers": offers}).data
