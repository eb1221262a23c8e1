"""REST: playbooks of the library and of campaigns, and their steps."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.fields import ActiveInCampaignFilter, CodedField, RowField
from campaigns.choices import Function
from campaigns.models import Campaign
from core.api.fields import Part
from core.api.out import Out
from risks import actions
from risks.api.fields import BASE, ActingViewSet
from risks.choices import Level, RiskClass
from risks.models import Playbook, PlaybookStep
from risks.rules.playbooks import LONGEST


class PlaybookMessage(Part):
    """The template of a message."""

    name = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=5000)


class PlaybookStepOut(Out):
    title = serializers.CharField(source="__str__")
    detail = serializers.CharField(source="said_detail")

    class Meta:
        model = PlaybookStep
        fields = [*BASE, "playbook", "position", "title", "detail", "function", "deadline_minutes", "min_level"]


class PlaybookOut(Out):
    """Texts of a default playbook are in the language asked for, until somebody rewrites them."""

    name = serializers.CharField(source="__str__")
    strategy = serializers.CharField(source="said_strategy")
    fallback = serializers.CharField(source="said_fallback")
    messages = PlaybookMessage(many=True, source="said_messages")
    levels = serializers.DictField(child=serializers.IntegerField(), help_text="Minutes to react, per level.")
    pause_channels = serializers.ListField(child=serializers.CharField())
    pause_platforms = serializers.ListField(child=serializers.CharField())
    steps = PlaybookStepOut(many=True)

    class Meta:
        model = Playbook
        fields = [*BASE, "campaign", "builtin_code", "risk_class", "name", "strategy", "fallback", "levels"]
        fields += ["messages", "pause_all", "pause_channels", "pause_platforms", "steps", "position", "archived_at"]


class PlaybookIn(serializers.Serializer):
    """Without a campaign it belongs to the library."""

    campaign = CodedField(Campaign, required=False, allow_null=True)
    name = serializers.CharField(max_length=160)
    risk_class = serializers.ChoiceField(RiskClass.choices, required=False)
    strategy = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    fallback = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    levels = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=LONGEST),
        required=False,
        help_text='Minutes to react, such as {"blue": 240, "red": 30}; empty: no ladder.',
    )
    messages = PlaybookMessage(many=True, required=False)
    pause_all = serializers.BooleanField(required=False)
    pause_channels = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=100)
    pause_platforms = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=100)


class PlaybookChange(PlaybookIn):
    """What may change: everything but the campaign."""

    campaign = None


class AdoptIn(serializers.Serializer):
    campaign = CodedField(Campaign)


class PlaybookFilter(ActiveInCampaignFilter):
    library = filters.BooleanFilter(field_name="campaign", lookup_expr="isnull")
    risk_class = filters.MultipleChoiceFilter(choices=RiskClass.choices)


class PlaybookViewSet(ActingViewSet):
    model, out, filterset_class = Playbook, PlaybookOut, PlaybookFilter

    def rows(self):
        return super().rows().select_related("workspace", "campaign").with_steps()

    @extend_schema(request=PlaybookIn, responses={201: PlaybookOut})
    def create(self, request):
        return self.again(actions.create_playbook(self.actor, **self.read(PlaybookIn)), 201)

    @extend_schema(request=PlaybookChange, responses=PlaybookOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(PlaybookChange, partial=True)
        return self.again(actions.update_playbook(self.actor, playbook=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_playbook(self.actor, playbook=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=AdoptIn, responses={201: PlaybookOut})
    @action(detail=True, methods=["post"])
    def adopt(self, request, pk):
        """Copy it with its steps into a campaign."""
        return self.again(actions.adopt_playbook(self.actor, playbook=self.find(), **self.read(AdoptIn)), 201)

    @extend_schema(request=None, responses=PlaybookOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.again(actions.archive_playbook(self.actor, playbook=self.find()))

    @extend_schema(request=None, responses=PlaybookOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_playbook(self.actor, playbook=self.find()))

    @extend_schema(request=None, responses=PlaybookOut(many=True))
    @action(detail=False, methods=["post"], url_path="load-defaults")
    def load_defaults(self, request):
        """Put the default playbooks that the workspace never had into its library."""
        made = [row.pk for row in actions.add_defaults(self.actor)]
        data = self.out(self.rows().filter(pk__in=made), many=True, context=self.get_serializer_context()).data
        return Response({"next": None, "previous": None, "results": data})


class PlaybookStepIn(serializers.Serializer):
    """Without a deadline a step is due within the reaction time of the level."""

    playbook = RowField(Playbook, active=True)
    title = serializers.CharField(max_length=200)
    detail = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    function = serializers.ChoiceField(Function.choices, required=False, allow_blank=True)
    deadline_minutes = serializers.IntegerField(min_value=1, max_value=LONGEST, required=False, allow_null=True)
    min_level = serializers.ChoiceField(Level.choices, required=False, allow_blank=True)


class PlaybookStepChange(PlaybookStepIn):
    """What may change: everything but the playbook."""

    playbook = None


class StepPlaceIn(serializers.Serializer):
    position = serializers.IntegerField(min_value=0, max_value=1000, help_text="0: first")


class PlaybookStepFilter(filters.FilterSet):
    playbook = filters.UUIDFilter(field_name="playbook_id")


class PlaybookStepViewSet(ActingViewSet):
    model, out, filterset_class = PlaybookStep, PlaybookStepOut, PlaybookStepFilter

    def rows(self):
        return super().rows().select_related("playbook", "playbook__campaign")

    @extend_schema(request=PlaybookStepIn, responses={201: PlaybookStepOut})
    def create(self, request):
        return self.one(actions.add_step(self.actor, **self.read(PlaybookStepIn)), 201)

    @extend_schema(request=PlaybookStepChange, responses=PlaybookStepOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(PlaybookStepChange, partial=True)
        return self.one(actions.update_step(self.actor, step=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_step(self.actor, step=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=StepPlaceIn, responses=PlaybookStepOut)
    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        row = self.find()
        return self.one(actions.move_step(self.actor, step=row, seen=self.maybe_seen(row), **self.read(StepPlaceIn)))


ROUTES = [("playbooks", PlaybookViewSet), ("playbook-steps", PlaybookStepViewSet)]
