"""REST: ad accounts."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization
from campaigns.api.fields import ActiveFilter, CodedField, RowField
from campaigns.models import Channel
from core.api.out import Out
from core.api.views import ResourceViewSet
from placements import actions
from placements.choices import CountingLevel
from placements.models import AdAccount

BASE = ["id", "created_at", "updated_at", "lock_version"]


class AdAccountOut(Out):
    channel = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = AdAccount
        fields = [*BASE, "platform", "external_id", "name", "currency", "time_zone", "counting_level", "channel"]
        fields += ["organization", "archived_at"]


class AdAccountIn(serializers.Serializer):
    platform = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=160)
    currency = serializers.CharField(min_length=3, max_length=3)
    time_zone = serializers.CharField(max_length=50)
    external_id = serializers.CharField(max_length=120, required=False, allow_blank=True)
    counting_level = serializers.ChoiceField(CountingLevel.choices, required=False)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)


class AdAccountListFilter(ActiveFilter):
    platform = filters.CharFilter()
    external_id = filters.CharFilter()
    currency = filters.CharFilter()
    organization = filters.UUIDFilter(field_name="organization_id")


class AdAccountViewSet(ResourceViewSet):
    model, out, filterset_class = AdAccount, AdAccountOut, AdAccountListFilter

    def rows(self):
        return super().rows().listed()

    @extend_schema(request=AdAccountIn, responses={201: AdAccountOut})
    def create(self, request):
        return self.one(actions.create_ad_account(self.actor, **self.read(AdAccountIn)), 201)

    @extend_schema(request=AdAccountIn, responses=AdAccountOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(AdAccountIn, partial=True)
        return self.one(actions.update_ad_account(self.actor, ad_account=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_ad_account(self.actor, ad_account=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=AdAccountOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.one(actions.archive_ad_account(self.actor, ad_account=self.find()))

    @extend_schema(request=None, responses=AdAccountOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_ad_account(self.actor, ad_account=self.find()))


ROUTES = [("ad-accounts", AdAccountViewSet)]
