"""REST: access of a campaign to tools and accounts, and the proofs of it."""

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns import actions
from campaigns.actions.access import subject_of
from campaigns.actions.writing import today_of, zone_of
from campaigns.api.campaigns import BASE
from campaigns.api.fields import ActiveInCampaignFilter, CampaignFilter, CodedField, PersonField, PersonOut
from campaigns.api.readiness import FORMS, OfCampaignViewSet, file_of
from campaigns.choices import AccessKind, AccessLevel, ProofKind
from campaigns.models import AccessItem, AccessProof, Campaign
from core.api.fields import FileOut, PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet

BY_HAND = [(kind, label) for kind, label in ProofKind.choices if kind != ProofKind.PULL]


class AccessItemOut(Out):
    owner = PersonOut()
    state = serializers.SerializerMethodField()
    is_expiring = serializers.SerializerMethodField()

    class Meta:
        model = AccessItem
        fields = [*BASE, "campaign", "kind", "name", "level", "owner", "address", "note", "state", "is_expiring"]
        fields += ["subject_type", "subject_id", "subject_label", "requested_date", "granted_date", "expires_date"]
        fields += ["proven_at", "archived_at"]

    def get_state(self, item) -> str:
        return self.standing(item).state

    def get_is_expiring(self, item) -> bool:
        return self.standing(item).is_expiring

    def standing(self, item):
        return item.standing(today_of(item.campaign), zone_of(item.campaign))


class AccessItemIn(serializers.Serializer):
    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=AccessKind.choices)
    level = serializers.ChoiceField(choices=AccessLevel.choices, required=False)
    owner = PersonField()
    address = serializers.URLField(max_length=500, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    subject_type = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="placements.adaccount or analytics.source"
    )
    subject_id = serializers.UUIDField(required=False, allow_null=True)
    requested_date = PlanDateField(required=False, allow_null=True)
    granted_date = PlanDateField(required=False, allow_null=True)
    expires_date = PlanDateField(required=False, allow_null=True)


class NewAccessItemIn(AccessItemIn):
    campaign = CodedField(Campaign, active=True)


class MarkIn(serializers.Serializer):
    step = serializers.ChoiceField(choices=["requested", "granted"])
    date = PlanDateField(required=False, help_text="Today where it is left out")


class ProofOut(Out):
    given_by = PersonOut(allow_null=True)
    file = FileOut(allow_null=True)

    class Meta:
        model = AccessProof
        fields = [*BASE, "campaign", "item", "kind", "at", "note", "file", "given_by", "origin_id"]


class AccessProofIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=BY_HAND, required=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    upload = serializers.FileField(required=False, allow_empty_file=True)
    at = serializers.DateTimeField(required=False, help_text="Now where it is left out")


class AccessItemFilter(ActiveInCampaignFilter):
    kind = filters.ChoiceFilter(choices=AccessKind.choices)
    owner = filters.UUIDFilter(field_name="owner_id")


class AccessItemViewSet(OfCampaignViewSet):
    """Tools and accounts that a campaign needs to get into. `state` is computed from the days and the newest proof."""

    model, out, filterset_class = AccessItem, AccessItemOut, AccessItemFilter
    parser_classes = FORMS

    def rows(self):
        return super().rows().with_owner()

    def about(self, values, campaign):
        """The values with the Subject for its type and id."""
        if "subject_type" in values or "subject_id" in values:
            kind, key = values.pop("subject_type", ""), values.pop("subject_id", None)
            values["subject"] = subject_of(self.actor, campaign, kind, key)
        return values

    @extend_schema(request=NewAccessItemIn, responses={201: AccessItemOut})
    def create(self, request):
        values = self.read(NewAccessItemIn)
        return self.one(actions.add_access_item(self.actor, **self.about(values, values["campaign"])), 201)

    @extend_schema(request=AccessItemIn, responses=AccessItemOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.about(self.read(AccessItemIn, partial=True), row.campaign)
        return self.one(actions.update_access_item(self.actor, item=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_access_item(self.actor, item=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=AccessItemOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_access_item(self.actor, item=self.find()))

    @extend_schema(request=MarkIn, responses=AccessItemOut)
    @action(detail=True, methods=["post"])
    def mark(self, request, pk):
        """Note that access was requested or granted."""
        row = self.find()
        return self.one(actions.mark_access(self.actor, item=row, seen=self.maybe_seen(row), **self.read(MarkIn)))

    @extend_schema(
        request={"application/json": AccessProofIn, "multipart/form-data": AccessProofIn}, responses=AccessItemOut
    )
    @action(detail=True, methods=["post"])
    def proofs(self, request, pk):
        """Prove the access: a test event came through, or somebody got in."""
        row = self.find()
        actions.prove_access(self.actor, item=row, **self.read(AccessProofIn))
        return self.one(row)


class ProofFilter(CampaignFilter):
    item = filters.UUIDFilter(field_name="item_id")
    kind = filters.ChoiceFilter(choices=ProofKind.choices)


class ProofViewSet(ResourceViewSet):
    """What proved an access; taken back by DELETE, but for pulls."""

    model, out, filterset_class = AccessProof, ProofOut, ProofFilter

    def rows(self):
        return super().rows().select_related("given_by", "file", "item", "item__campaign", "item__workspace")

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.withdraw_proof(self.actor, proof=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request, pk):
        """The bytes of the evidence."""
        return file_of(self.find())


ROUTES = [("access-items", AccessItemViewSet), ("access-proofs", ProofViewSet)]
