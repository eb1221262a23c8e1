"""REST: who does what in a campaign: functions with their duties, delegates, contact points."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import Organization
from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import CampaignFilter, CodedField, PersonField, PersonOut, RowField
from campaigns.choices import Function
from campaigns.models import Campaign, CampaignFunction, CampaignMember, ContactPoint, Delegation
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet


class FunctionOut(Out):
    class Meta:
        model = CampaignFunction
        fields = [*BASE, "campaign", "function", "duties", "boundary", "organization", "position"]


class FunctionIn(serializers.Serializer):
    duties = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    boundary = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    position = serializers.IntegerField(min_value=0, max_value=32_000, required=False)


class NewFunctionIn(FunctionIn):
    campaign = CodedField(Campaign)
    function = serializers.ChoiceField(choices=Function.choices)


class FunctionFilter(CampaignFilter):
    function = filters.ChoiceFilter(choices=Function.choices)


class FunctionViewSet(ResourceViewSet):
    """What each function of a campaign does and where that ends; `campaign-members` says which persons hold it."""

    model, out, filterset_class = CampaignFunction, FunctionOut, FunctionFilter

    @extend_schema(request=NewFunctionIn, responses={201: FunctionOut})
    def create(self, request):
        return self.one(actions.add_function(self.actor, **self.read(NewFunctionIn)), 201)

    @extend_schema(request=FunctionIn, responses=FunctionOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(FunctionIn, partial=True)
        return self.one(actions.update_function(self.actor, function=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_function(self.actor, function=row, seen=self.seen(row))
        return Response(status=204)


class DelegationOut(Out):
    delegate = PersonOut()

    class Meta:
        model = Delegation
        fields = [*BASE, "campaign", "member", "delegate", "start_date", "finish_date", "note"]


class DelegationIn(serializers.Serializer):
    delegate = PersonField()
    start_date = PlanDateField()
    finish_date = PlanDateField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewDelegationIn(DelegationIn):
    member = RowField(CampaignMember)


class DelegationFilter(CampaignFilter):
    member = filters.UUIDFilter(field_name="member_id")
    delegate = filters.UUIDFilter(field_name="delegate_id")
    on = filters.DateFilter(method="of_day")

    def of_day(self, rows, name, value):
        return rows.on(value)


class DelegationViewSet(ResourceViewSet):
    """Who stands in for a member on some days; `?on=` lists those that hold on a day."""

    model, out, filterset_class = Delegation, DelegationOut, DelegationFilter

    def rows(self):
        return super().rows().select_related("delegate", "member")

    @extend_schema(request=NewDelegationIn, responses={201: DelegationOut})
    def create(self, request):
        return self.one(actions.add_delegation(self.actor, **self.read(NewDelegationIn)), 201)

    @extend_schema(request=DelegationIn, responses=DelegationOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(DelegationIn, partial=True)
        return self.one(actions.update_delegation(self.actor, delegation=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_delegation(self.actor, delegation=row, seen=self.seen(row))
        return Response(status=204)


class ContactOut(Out):
    user = PersonOut()
    deputy = PersonOut(allow_null=True)

    class Meta:
        model = ContactPoint
        fields = [*BASE, "campaign", "topic", "user", "deputy", "reach", "reply_hours", "position"]


class ContactIn(serializers.Serializer):
    topic = serializers.CharField(max_length=120)
    user = PersonField()
    deputy = PersonField(required=False, allow_null=True)
    reach = serializers.CharField(max_length=200, required=False, allow_blank=True)
    reply_hours = serializers.IntegerField(min_value=1, max_value=2160, required=False, allow_null=True)
    position = serializers.IntegerField(min_value=0, max_value=32_000, required=False)


class NewContactIn(ContactIn):
    campaign = CodedField(Campaign)


class ContactFilter(CampaignFilter):
    user = filters.UUIDFilter(field_name="user_id")


class ContactViewSet(ResourceViewSet):
    """Whom to ask about a topic, who stands in, how soon an answer comes."""

    model, out, filterset_class = ContactPoint, ContactOut, ContactFilter

    def rows(self):
        return super().rows().select_related("user", "deputy")

    @extend_schema(request=NewContactIn, responses={201: ContactOut})
    def create(self, request):
        return self.one(actions.add_contact_point(self.actor, **self.read(NewContactIn)), 201)

    @extend_schema(request=ContactIn, responses=ContactOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ContactIn, partial=True)
        return self.one(actions.update_contact_point(self.actor, contact_point=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_contact_point(self.actor, contact_point=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("campaign-functions", FunctionViewSet),
    ("delegations", DelegationViewSet),
    ("contact-points", ContactViewSet),
]
