"""REST for partners' seats: their assets, versions, remarks, reviews, and links to originals. What is not named here is
not told: neither money nor other people's work, nor private levels of review."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models.faces import names_for
from assets import actions
from assets.api.pins import SAID, PinIn
from assets.api.reviews import VerdictIn
from assets.api.standards import BASE
from assets.api.versions import AssetFindingOut
from assets.choices import AssetKind, Decision, Stage
from assets.models import Asset, AssetVersion, Download, Pin, Review, ReviewStep, Verdict
from assets.models.heard import feedback, of_partner, stood
from assets.permissions import can_answer_remark
from assets.rules import standards
from campaigns.api.fields import CampaignFilter, RowField
from campaigns.models import Campaign
from core.api.fields import FileOut
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid, require
from core.files import handed_out

TOKEN = "[A-Za-z0-9_-]{43}"


class PartnerFeedbackOut(serializers.Serializer):
    """What a reviewer said of the newest version."""

    by = serializers.CharField()
    level = serializers.CharField()
    decision = serializers.ChoiceField(Decision.choices)
    words = serializers.CharField()
    edits = serializers.CharField()
    at = serializers.DateTimeField()


class PartnerAssetOut(serializers.Serializer):
    """An asset that is with the seat's organisation. `standing`: to_make, to_change … as on its page."""

    id = serializers.UUIDField()
    lock_version = serializers.IntegerField()
    campaign = serializers.UUIDField(source="campaign_id")
    campaign_name = serializers.CharField(source="campaign.name")
    code = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(AssetKind.choices)
    stage = serializers.ChoiceField(Stage.choices)
    standing = serializers.CharField()
    instructions = serializers.CharField()
    standard = serializers.SerializerMethodField(help_text="What a delivered file must be like, in words.")
    language = serializers.CharField()
    submit_by = serializers.DateField(allow_null=True)
    days_left = serializers.IntegerField(source="days", allow_null=True)
    current_number = serializers.IntegerField()
    feedback = PartnerFeedbackOut(many=True, source="words")

    def get_standard(self, asset) -> str:
        return standards.said(asset.standard.demands) if asset.standard else ""


class PartnerAssetFilter(CampaignFilter):
    stage = filters.MultipleChoiceFilter(choices=Stage.choices)
    kind = filters.MultipleChoiceFilter(choices=AssetKind.choices)


class PartnerViewSet(ResourceViewSet):
    """A list whose rows are dressed before they are told."""

    def dressed(self, rows):
        return rows

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.out(self.dressed(page), many=True).data)

    def one(self, row, status_code=200):
        return super().one(self.dressed([row])[0], status_code)


class PartnerAssetViewSet(PartnerViewSet):
    model, out, filterset_class = Asset, PartnerAssetOut, PartnerAssetFilter

    def rows(self):
        return of_partner(self.actor)

    def dressed(self, rows):
        words = feedback(self.actor, [row.pk for row in rows])
        for row in stood(rows, timezone.localdate()):
            row.words = words.get(row.pk, [])
        return rows

    @extend_schema(request=None, responses=PartnerAssetOut)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        """Bring the newest version to review."""
        actions.submit_for_review(self.actor, asset=self.find())
        return self.one(self.find())

    @extend_schema(request=None, responses=PartnerAssetOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """Take the review under way back."""
        rows = Review.objects.visible_to(self.actor).filter(asset=self.find(), state="running")
        review = rows.select_related("asset", "asset__campaign", "campaign").first()
        if review is None:
            raise Invalid(_("No review is under way."), code="no_review")
        actions.withdraw(self.actor, review=review)
        return self.one(self.find())


class PartnerVersionOut(Out):
    """`findings` are what the machine says of the standard; `checked_at` is empty while it still looks."""

    file = FileOut(allow_null=True)
    by = serializers.CharField()
    findings = AssetFindingOut(many=True)

    class Meta:
        model = AssetVersion
        fields = [*BASE, "asset", "number", "file", "text", "url", "sha256", "by", "note", "findings", "checked_at"]


class PartnerVersionIn(serializers.Serializer):
    """One of `file` (as multipart), `text` and `url`; a text says by `based_on` which version it was written from."""

    asset = RowField(Asset, active=True)
    file = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(max_length=100_000, required=False, allow_blank=True, trim_whitespace=False)
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    based_on = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)


class PartnerVersionFilter(CampaignFilter):
    asset = filters.UUIDFilter(field_name="asset_id")


class PartnerVersionViewSet(PartnerViewSet):
    model, out, filterset_class = AssetVersion, PartnerVersionOut, PartnerVersionFilter
    parser_classes = [StrictJSONParser, MultiPartParser]

    def rows(self):
        return super().rows().select_related("file", "uploader")

    def dressed(self, rows):
        names = names_for(self.actor, [row.uploader for row in rows])
        for row in rows:
            row.by = names.get(row.uploader_id, "")
        return rows

    @extend_schema(
        request={"application/json": PartnerVersionIn, "multipart/form-data": PartnerVersionIn},
        responses={201: PartnerVersionOut, 200: PartnerVersionOut},
    )
    def create(self, request):
        """Hand in the next version; the same bytes once more answer 200 with the version there is."""
        given = self.read(PartnerVersionIn)
        made = actions.add_version(self.actor, upload=given.pop("file", None), **given)
        return self.one(self.rows().get(pk=made.pk), 200 if hasattr(made, "is_same") else 201)


class PartnerReplyOut(serializers.Serializer):
    by = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class PartnerPinOut(Out):
    """A remark on a version and its thread."""

    by = serializers.CharField()
    replies = PartnerReplyOut(many=True, source="thread")

    class Meta:
        model = Pin
        fields = [*BASE, "version", "number", "shape", "page", "seconds", "x", "y", "width", "height", "start", "end"]
        fields += ["quote", "text", "is_blocking", "by", "resolved_at", "replies"]


class PartnerPinIn(PinIn):
    """A remark on a version of the organisation's own. What must be settled is for the client to say."""

    is_blocking = None


class PartnerReplyIn(serializers.Serializer):
    text = serializers.CharField(**SAID)


class PartnerPinChange(PartnerReplyIn):
    """Other words for one's own remark."""


class PartnerPinFilter(CampaignFilter):
    version = filters.UUIDFilter(field_name="version_id")
    asset = filters.UUIDFilter(field_name="version__asset_id")
    open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")


class PartnerPinViewSet(PartnerViewSet):
    model, out, filterset_class = Pin, PartnerPinOut, PartnerPinFilter

    def rows(self):
        return super().rows().active().listed()

    def dressed(self, rows):
        said = [one for row in rows for one in (row, *row.thread)]
        names = names_for(self.actor, [one.author for one in said])
        for one in said:
            one.by = names.get(one.author_id) or _("a guest of the client")
        return rows

    @extend_schema(request=PartnerPinIn, responses={201: PartnerPinOut})
    def create(self, request):
        """Put a remark on a version."""
        pin = actions.add_pin(self.actor, **self.read(PartnerPinIn))
        return self.one(self.rows().get(pk=pin.pk), 201)

    @extend_schema(request=PartnerPinChange, responses=PartnerPinOut)
    def partial_update(self, request, pk):
        """Reword one's own remark."""
        pin = self.find()
        changes = self.read(PartnerPinChange, partial=True)
        actions.change_pin(self.actor, pin=pin, seen=self.seen(pin), **changes)
        return self.one(self.find())

    @extend_schema(request=None, responses=PartnerPinOut)
    @action(detail=True, methods=["post"])
    def resolve(self, request, pk):
        """Say that one's own remark is settled."""
        actions.resolve_pin(self.actor, pin=self.find())
        return self.one(self.find())

    @extend_schema(request=None, responses=PartnerPinOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        """One's own remark was not settled after all."""
        actions.reopen_pin(self.actor, pin=self.find())
        return self.one(self.find())

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        """Take one's own remark back."""
        pin = self.find()
        actions.remove_pin(self.actor, pin=pin, seen=self.seen(pin))
        return Response(status=204)

    @extend_schema(request=PartnerReplyIn, responses={201: PartnerPinOut})
    @action(detail=True, methods=["post"])
    def replies(self, request, pk):
        """Answer a remark."""
        pin = self.find()
        require(can_answer_remark(self.actor, pin))
        actions.answer_pin(self.actor, pin=pin, **self.read(PartnerReplyIn))
        return self.one(self.find(), 201)


# --- reviews --------------------------------------------------------------------------------------------------------


class PartnerStepOut(Out):
    """A level at which the seat is asked. A verdict names the `sha256` that was looked at."""

    asset = serializers.UUIDField(source="review.asset_id")
    title = serializers.CharField(source="review.asset.title")
    version = serializers.UUIDField(source="review.version_id")
    number = serializers.IntegerField(source="review.version.number")
    sha256 = serializers.CharField(source="review.sha256")
    text = serializers.CharField(source="review.version.text")

    class Meta:
        model = ReviewStep
        fields = [
            *BASE,
            "campaign",
            "name",
            "criteria",
            "state",
            "asset",
            "title",
            "version",
            "number",
            "sha256",
            "text",
        ]


class PartnerVerdictIn(VerdictIn):
    """As the client's own people decide; work is not sent back to a level."""

    send_back_to = None


class PartnerVerdictOut(Out):
    class Meta:
        model = Verdict
        fields = [*BASE, "step", "version", "decision", "words", "edits", "sha256", "at"]


class PartnerStepViewSet(ResourceViewSet):
    model, out = ReviewStep, PartnerStepOut
    filterset_class = CampaignFilter

    def rows(self):
        return ReviewStep.objects.asked_of_seat(self.actor).shown()

    @extend_schema(request=PartnerVerdictIn, responses={201: PartnerVerdictOut})
    @action(detail=True, methods=["post"])
    def verdicts(self, request, pk):
        """Give the seat's verdict."""
        verdict = actions.give_verdict(self.actor, step=self.find(), **self.read(PartnerVerdictIn))
        return Response(PartnerVerdictOut(verdict).data, status=201)


# --- downloads ------------------------------------------------------------------------------------------------------


class PartnerDownloadIn(serializers.Serializer):
    """The original of a `version`, or the approved files of a `campaign` in one archive."""

    version = RowField(AssetVersion, required=False)
    campaign = RowField(Campaign, required=False)


class PartnerDownloadOut(serializers.Serializer):
    """An address that answers once, to this seat alone, until it expires."""

    reference = serializers.CharField()
    expires_at = serializers.DateTimeField()
    address = serializers.URLField()


class PartnerDownloadViewSet(ActorMixin, GenericViewSet):
    model, out = Download, PartnerDownloadOut
    lookup_field, lookup_value_regex = "token", TOKEN

    @extend_schema(request=PartnerDownloadIn, responses={201: PartnerDownloadOut})
    def create(self, request):
        """Ask for a link."""
        given = self.read(PartnerDownloadIn)
        if len(given) != 1:
            raise Invalid(_("Name a version or a campaign."), code="one_thing")
        open_it = actions.open_download if "version" in given else actions.open_archive
        download, token = open_it(self.actor, **given)
        address = settings.BASE_URL + reverse("api:partner-downloads-content", args=[token])
        row = {"reference": download.reference, "expires_at": download.expires_at, "address": address}
        answer = Response(PartnerDownloadOut(row).data, status=201)
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, token):
        """The bytes, once."""
        taken = actions.take_download(self.actor, token=token)
        if taken is None:
            raise Http404
        return handed_out(*actions.packed(*taken))


ROUTES = [
    ("partner/assets", PartnerAssetViewSet),
    ("partner/asset-versions", PartnerVersionViewSet),
    ("partner/pins", PartnerPinViewSet),
    ("partner/review-steps", PartnerStepViewSet),
    ("partner/downloads", PartnerDownloadViewSet),
]
