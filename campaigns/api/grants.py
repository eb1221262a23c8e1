"""REST: which sections of a campaign a partner's seats, or a member with limited sight, reach and how long."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import actions
from accounts.models import Grant, Membership, Organization
from campaigns.api.campaigns import BASE
from campaigns.api.fields import CampaignFilter, CodedField, RowField
from campaigns.models import Campaign
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet


class GrantOut(Out):
    campaign = serializers.UUIDField(source="campaign_id", read_only=True)

    class Meta:
        model = Grant
        fields = [*BASE, "campaign", "organization", "membership", "areas", "start_date", "finish_date"]


class GrantIn(serializers.Serializer):
    areas = serializers.DictField(
        child=serializers.ChoiceField(choices=["read", "write"]),
        help_text="{section: read | write}. For organisations: brief, tasks, assets, placements, questions, reviews, "
        "downloads; for members the areas of API keys without `accounts`.",
    )
    start_date = PlanDateField(required=False, allow_null=True)
    finish_date = PlanDateField(required=False, allow_null=True)


class NewGrantIn(GrantIn):
    campaign = CodedField(Campaign)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    membership = RowField(Membership, required=False, allow_null=True)


class GrantFilter(CampaignFilter):
    organization = filters.UUIDFilter(field_name="organization_id")
    membership = filters.UUIDFilter(field_name="membership_id")


class GrantViewSet(ResourceViewSet):
    """Access to one campaign, section by section, from the first to the last day; DELETE takes it away at once."""

    model, out, filterset_class = Grant, GrantOut, GrantFilter

    @extend_schema(request=NewGrantIn, responses={201: GrantOut})
    def create(self, request):
        return self.one(actions.create_grant(self.actor, **self.read(NewGrantIn)), 201)

    @extend_schema(request=GrantIn(partial=True), responses=GrantOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(GrantIn, partial=True)
        return self.one(actions.update_grant(self.actor, grant=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.end_grant(self.actor, grant=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [("grants", GrantViewSet)]
