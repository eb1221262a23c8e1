"""REST: remarks on versions, their threads, and links for guests."""

from django.conf import settings
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets import actions
from assets.api.standards import BASE
from assets.choices import Shape
from assets.models import Asset, AssetVersion, GuestLink, Pin, PinReply
from assets.rules.pins import LONGEST_REMARK, MOST_PAGES, MOST_SECONDS
from campaigns.api.fields import CampaignFilter, PersonOut, RowField
from core.api.out import Out
from core.api.views import ResourceViewSet

SHARE = {"max_digits": 7, "decimal_places": 6, "required": False, "allow_null": True}
SHOWN_SHARE = {"max_digits": 7, "decimal_places": 6, "allow_null": True, "normalize_output": True}
NUMBER = {"min_value": 0, "required": False, "allow_null": True}
SAID = {"max_length": LONGEST_REMARK}


class PinOut(Out):
    """A remark. Points and boxes are shares of width and height; `start` and `end` count characters of the text. A
    guest's remark names its link (`guest`) and how they called themselves (`guest_name`)."""

    x = serializers.DecimalField(**SHOWN_SHARE)
    y = serializers.DecimalField(**SHOWN_SHARE)
    width = serializers.DecimalField(**SHOWN_SHARE)
    height = serializers.DecimalField(**SHOWN_SHARE)
    author = PersonOut(allow_null=True)
    resolved_by = PersonOut(allow_null=True)

    class Meta:
        model = Pin
        fields = [*BASE, "campaign", "version", "step", "number", "shape", "page", "seconds", "x", "y", "width"]
        fields += ["height", "start", "end", "quote", "text", "is_blocking", "author", "guest", "guest_name"]
        fields += ["resolved_at", "resolved_by"]


class PinChange(serializers.Serializer):
    text = serializers.CharField(**SAID)
    is_blocking = serializers.BooleanField(required=False)


class PinIn(PinChange):
    """A place by its shape: point (x, y), box (with width, height), range (start, end), or the whole."""

    version = RowField(AssetVersion)
    shape = serializers.ChoiceField(Shape.choices)
    page = serializers.IntegerField(max_value=MOST_PAGES, **NUMBER)
    seconds = serializers.DecimalField(
        max_digits=9, decimal_places=3, min_value=0, max_value=MOST_SECONDS, required=False, allow_null=True
    )
    x = serializers.DecimalField(**SHARE)
    y = serializers.DecimalField(**SHARE)
    width = serializers.DecimalField(**SHARE)
    height = serializers.DecimalField(**SHARE)
    start = serializers.IntegerField(max_value=1_000_000, **NUMBER)
    end = serializers.IntegerField(max_value=1_000_000, **NUMBER)


class PinFilter(CampaignFilter):
    """`?open=true`: neither settled nor taken away."""

    asset = filters.UUIDFilter(field_name="version__asset_id")
    version = filters.UUIDFilter(field_name="version_id")
    open = filters.BooleanFilter(field_name="resolved_at", lookup_expr="isnull")
    is_blocking = filters.BooleanFilter()


RELATED = ("author", "resolved_by", "step", "campaign", "version__asset", "version__campaign")


class PinViewSet(ResourceViewSet):
    model, out, filterset_class = Pin, PinOut, PinFilter

    def rows(self):
        return super().rows().active().select_related(*RELATED)

    @extend_schema(request=PinIn, responses={201: PinOut})
    def create(self, request):
        """Put a remark on a version. What a reviewer says while their level runs belongs to it (`step`)."""
        return self.one(actions.add_pin(self.actor, **self.read(PinIn)), 201)

    @extend_schema(request=PinChange, responses=PinOut)
    def partial_update(self, request, pk):
        pin = self.find()
        changes = self.read(PinChange, partial=True)
        return self.one(actions.change_pin(self.actor, pin=pin, seen=self.seen(pin), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        pin = self.find()
        actions.remove_pin(self.actor, pin=pin, seen=self.seen(pin))
        return Response(status=204)

    @extend_schema(request=None, responses=PinOut)
    @action(detail=True, methods=["post"])
    def resolve(self, request, pk):
        return self.one(actions.resolve_pin(self.actor, pin=self.find()))

    @extend_schema(request=None, responses=PinOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        return self.one(actions.reopen_pin(self.actor, pin=self.find()))


class PinReplyOut(Out):
    author = PersonOut(allow_null=True)

    class Meta:
        model = PinReply
        fields = [*BASE, "campaign", "pin", "text", "author", "guest", "guest_name"]


class PinReplyIn(serializers.Serializer):
    pin = RowField(Pin, active=True)
    text = serializers.CharField(**SAID)


class PinReplyFilter(CampaignFilter):
    pin = filters.UUIDFilter(field_name="pin_id")
    asset = filters.UUIDFilter(field_name="pin__version__asset_id")


class PinReplyViewSet(ResourceViewSet):
    model, out, filterset_class = PinReply, PinReplyOut, PinReplyFilter

    def rows(self):
        return super().rows().select_related("author")

    @extend_schema(request=PinReplyIn, responses={201: PinReplyOut})
    def create(self, request):
        return self.one(actions.answer_pin(self.actor, **self.read(PinReplyIn)), 201)


# --- links for guests -----------------------------------------------------------------------------------------------


class GuestLinkOut(Out):
    """Of the address nothing is kept but its hash; `has_password` says whether one is asked for."""

    has_password = serializers.SerializerMethodField()
    made_by = PersonOut()

    class Meta:
        model = GuestLink
        fields = [*BASE, "campaign", "asset", "version", "name", "has_password", "may_comment", "may_download"]
        fields += ["made_by", "expires_at", "revoked_at", "last_seen_at"]

    def get_has_password(self, link) -> bool:
        return bool(link.password_hash)


class GuestLinkMadeOut(GuestLinkOut):
    """The answer to making a link: the only one that ever holds its address."""

    address = serializers.URLField(read_only=True)

    class Meta(GuestLinkOut.Meta):
        fields = [*GuestLinkOut.Meta.fields, "address"]


class GuestLinkIn(serializers.Serializer):
    asset = RowField(Asset, active=True)
    name = serializers.CharField(max_length=120)
    expires_at = serializers.DateTimeField()
    password = serializers.CharField(max_length=128, required=False, allow_blank=True, trim_whitespace=False)
    version = RowField(AssetVersion, required=False, allow_null=True)
    may_comment = serializers.BooleanField(required=False)
    may_download = serializers.BooleanField(required=False)


class GuestLinkFilter(CampaignFilter):
    asset = filters.UUIDFilter(field_name="asset_id")
    revoked = filters.BooleanFilter(field_name="revoked_at", lookup_expr="isnull", exclude=True)


class GuestLinkViewSet(ResourceViewSet):
    model, out, filterset_class = GuestLink, GuestLinkOut, GuestLinkFilter

    def rows(self):
        return super().rows().select_related("made_by", "asset", "asset__campaign")

    @extend_schema(request=GuestLinkIn, responses={201: GuestLinkMadeOut})
    def create(self, request):
        """Make a link; its address is in this answer and nowhere else."""
        link, token = actions.make_link(self.actor, **self.read(GuestLinkIn))
        answer = self.one(link, 201)
        answer.data["address"] = settings.BASE_URL + reverse("guests:look", args=[token])
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(request=None, responses=GuestLinkOut)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk):
        return self.one(actions.revoke_link(self.actor, link=self.find()))


ROUTES = [("pins", PinViewSet), ("pin-replies", PinReplyViewSet), ("guest-links", GuestLinkViewSet)]
