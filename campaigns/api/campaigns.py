"""REST: programmes, campaigns, phases, members."""

from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Organization
from campaigns import actions
from campaigns.api.fields import ActiveFilter, CampaignFilter, CodedField, PersonField, PersonOut, RowField
from campaigns.choices import CampaignState, Function
from campaigns.models import Campaign, CampaignMember, Market, Phase, Programme
from campaigns.rules import states
from core.api.fields import MoneyField, PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.search import matching

BASE = ["id", "created_at", "updated_at", "lock_version"]


class ProgrammeOut(Out):
    class Meta:
        model = Programme
        fields = [*BASE, "name", "note", "archived_at"]


class ProgrammeIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class ProgrammeViewSet(ResourceViewSet):
    model, out, filterset_class = Programme, ProgrammeOut, ActiveFilter

    @extend_schema(request=ProgrammeIn, responses={201: ProgrammeOut})
    def create(self, request):
        return self.one(actions.create_programme(self.actor, **self.read(ProgrammeIn)), 201)

    @extend_schema(request=ProgrammeIn, responses=ProgrammeOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ProgrammeIn, partial=True)
        return self.one(actions.update_programme(self.actor, programme=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_programme(self.actor, programme=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=ProgrammeOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.one(actions.archive_programme(self.actor, programme=self.find()))

    @extend_schema(request=None, responses=ProgrammeOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_programme(self.actor, programme=self.find()))


class StepOut(serializers.Serializer):
    """A transition that starts from the present state."""

    name = serializers.CharField()
    label = serializers.CharField()


class CampaignOut(Out):
    owner = PersonOut()
    markets = serializers.SlugRelatedField("code", many=True, read_only=True)
    budget = MoneyField(read_only=True)
    transitions = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = [*BASE, "name", "code", "state", "programme", "owner", "start_date", "finish_date", "currency"]
        fields += ["time_zone", "budget", "brand_tone", "markets", "transitions", "archived_at"]

    @extend_schema_field(StepOut(many=True))
    def get_transitions(self, campaign):
        return _steps(campaign.state, get_language())


@cache
def _steps(state, _language):
    """The steps out of a state in words of a language: the same for every row."""
    return [{"name": step.name, "label": str(step.label)} for step in states.open_to(state)]


class CampaignIn(serializers.Serializer):
    name = serializers.CharField(max_length=160)
    code = serializers.CharField(max_length=24, required=False, allow_blank=True)
    programme = RowField(Programme, active=True, required=False, allow_null=True)
    owner = PersonField(required=False)
    start_date = PlanDateField()
    finish_date = PlanDateField()
    currency = serializers.CharField(min_length=3, max_length=3)
    time_zone = serializers.CharField(max_length=50)
    budget = MoneyField(required=False, allow_null=True)
    brand_tone = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    markets = serializers.ListField(child=CodedField(Market, active=True), required=False, max_length=50)


class TransitionIn(serializers.Serializer):
    step = serializers.ChoiceField(choices=sorted(states.TRANSITIONS))
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CampaignListFilter(ActiveFilter):
    state = filters.MultipleChoiceFilter(choices=CampaignState.choices)
    programme = filters.UUIDFilter(field_name="programme_id")
    owner = filters.UUIDFilter(field_name="owner_id")
    code = filters.CharFilter()
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.filter(matching(value))


def budget_taken(values, currency):
    """The input's `budget` as budget_amount; its currency is the campaign's."""
    if "budget" not in values:
        return values
    budget = values.pop("budget")
    if budget is not None and budget.currency != values.get("currency", currency):
        sentence = _("The budget is in the campaign's currency.")
        raise Invalid(sentence, code="currency", errors={"budget": sentence})
    return values | {"budget_amount": budget.amount if budget else None}


class CampaignViewSet(ResourceViewSet):
    model, out, filterset_class = Campaign, CampaignOut, CampaignListFilter

    def rows(self):
        return super().rows().with_people()

    @extend_schema(request=CampaignIn, responses={201: CampaignOut})
    def create(self, request):
        me = self.actor.key.made_by if self.actor.key else self.actor.user
        values = budget_taken({"owner": me, **self.read(CampaignIn)}, None)
        return self.one(actions.create_campaign(self.actor, **values), 201)

    @extend_schema(request=CampaignIn, responses=CampaignOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = budget_taken(dict(self.read(CampaignIn, partial=True)), row.currency)
        return self.one(actions.update_campaign(self.actor, campaign=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_campaign(self.actor, campaign=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=TransitionIn, responses=CampaignOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        return self.one(actions.move_campaign(self.actor, campaign=self.find(), **self.read(TransitionIn)))

    @extend_schema(request=None, responses=CampaignOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.one(actions.archive_campaign(self.actor, campaign=self.find()))

    @extend_schema(request=None, responses=CampaignOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.one(actions.restore_campaign(self.actor, campaign=self.find()))


class PhaseOut(Out):
    class Meta:
        model = Phase
        fields = [*BASE, "campaign", "name", "start_date", "finish_date", "is_promotion", "position"]


class PhaseIn(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    start_date = PlanDateField()
    finish_date = PlanDateField()
    is_promotion = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_000, required=False)


class NewPhaseIn(PhaseIn):
    campaign = CodedField(Campaign)


class PhaseFilter(CampaignFilter):
    is_promotion = filters.BooleanFilter()


class PhaseViewSet(ResourceViewSet):
    model, out, filterset_class = Phase, PhaseOut, PhaseFilter

    @extend_schema(request=NewPhaseIn, responses={201: PhaseOut})
    def create(self, request):
        return self.one(actions.create_phase(self.actor, **self.read(NewPhaseIn)), 201)

    @extend_schema(request=PhaseIn, responses=PhaseOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(PhaseIn, partial=True)
        return self.one(actions.update_phase(self.actor, phase=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_phase(self.actor, phase=row, seen=self.seen(row))
        return Response(status=204)


class CampaignMemberOut(Out):
    user = PersonOut()

    class Meta:
        model = CampaignMember
        fields = [*BASE, "campaign", "user", "function", "organization"]


class CampaignMemberIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    user = PersonField()
    function = serializers.ChoiceField(choices=Function.choices)
    organization = RowField(Organization, active=True, required=False, allow_null=True)


class MemberFilter(CampaignFilter):
    function = filters.ChoiceFilter(choices=Function.choices)
    user = filters.UUIDFilter(field_name="user_id")


class MemberViewSet(ResourceViewSet):
    model, out, filterset_class = CampaignMember, CampaignMemberOut, MemberFilter

    def rows(self):
        return super().rows().select_related("user")

    @extend_schema(request=CampaignMemberIn, responses={201: CampaignMemberOut})
    def create(self, request):
        return self.one(actions.add_member(self.actor, **self.read(CampaignMemberIn)), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_member(self.actor, member=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("programmes", ProgrammeViewSet),
    ("campaigns", CampaignViewSet),
    ("phases", PhaseViewSet),
    ("campaign-members", MemberViewSet),
]
