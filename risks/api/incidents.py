"""REST: incidents, their steps and their timeline."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from campaigns.api.fields import CampaignFilter, CodedField, PersonField, PersonOut, RowField, ValueField
from campaigns.models import Campaign
from core.api.out import Out
from risks import actions
from risks.api.fields import BASE, ActingViewSet
from risks.api.playbooks import PlaybookMessage
from risks.choices import EntryKind, IncidentState, Level, StepState
from risks.models import Incident, IncidentEntry, IncidentStep, Playbook, Risk

TEXTS = ("recovery", "what_happened", "cause", "went_well", "went_badly", "lesson")


class IncidentStepOut(Out):
    owner = PersonOut(allow_null=True)
    deputy = PersonOut(allow_null=True)
    done_by = PersonOut(allow_null=True)

    class Meta:
        model = IncidentStep
        fields = [*BASE, "campaign", "incident", "position", "title", "detail", "function", "min_level"]
        fields += ["deadline_minutes", "owner", "deputy", "due_at", "state", "done_at", "done_by", "escalated_at"]


class IncidentOut(Out):
    owner = PersonOut(allow_null=True)
    started_by = PersonOut(allow_null=True)
    levels = serializers.DictField(child=serializers.IntegerField(), help_text="Minutes to react, per level.")
    messages = PlaybookMessage(many=True)
    pause_channels = serializers.ListField(child=serializers.CharField())
    pause_platforms = serializers.ListField(child=serializers.CharField())
    paused = serializers.ListField(child=serializers.UUIDField(), help_text="Placements it paused, not yet resumed.")

    class Meta:
        model = Incident
        fields = [*BASE, "campaign", "risk", "playbook", "title", "risk_class", "state", "is_drill", "level", "levels"]
        fields += ["level_at", "strategy", "fallback", "messages", "pause_all", "pause_channels", "pause_platforms"]
        fields += ["owner", "started_at", "started_by", "contained_at", "closed_at", *TEXTS, "annotation", "paused"]


class PausedPlacement(serializers.Serializer):
    """What came of pausing or resuming one placement."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    ok = serializers.BooleanField()
    sentence = serializers.CharField()


class IncidentEntryOut(Out):
    author = PersonOut(allow_null=True)
    value = ValueField(allow_null=True)
    text = serializers.CharField(source="words", help_text="What it noted by itself: in the reader's language.")
    placements = PausedPlacement(many=True)

    class Meta:
        model = IncidentEntry
        fields = [*BASE, "campaign", "incident", "at", "kind", "text", "figure_name", "value", "placements", "step"]
        fields += ["author"]


class StartIn(serializers.Serializer):
    """Start a playbook. Two requests with one `token` start one incident."""

    campaign = CodedField(Campaign)
    playbook = RowField(Playbook, active=True)
    level = serializers.ChoiceField(Level.choices, required=False, allow_blank=True)
    risk = RowField(Risk, active=True, required=False, allow_null=True)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    is_drill = serializers.BooleanField(required=False)
    token = serializers.CharField(max_length=64, required=False, allow_blank=True)


def _text():
    return serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class PostMortemIn(serializers.Serializer):
    recovery, what_happened, cause, went_well, went_badly, lesson = (_text() for _name in TEXTS)


class IncidentMoveIn(PostMortemIn):
    state = serializers.ChoiceField(IncidentState.choices)


class LevelIn(serializers.Serializer):
    level = serializers.ChoiceField(Level.choices)


class IncidentFilter(CampaignFilter):
    state = filters.MultipleChoiceFilter(choices=IncidentState.choices)
    is_drill = filters.BooleanFilter()
    risk = filters.UUIDFilter(field_name="risk_id")


class IncidentViewSet(ActingViewSet):
    model, out, filterset_class = Incident, IncidentOut, IncidentFilter

    def rows(self):
        return super().rows().select_related("workspace", "campaign", "campaign__owner", "owner", "started_by", "risk")

    @extend_schema(request=StartIn, responses={201: IncidentOut})
    def create(self, request):
        return self.again(actions.start_incident(self.actor, **self.read(StartIn)), 201)

    @extend_schema(request=IncidentMoveIn, responses=IncidentOut)
    @action(detail=True, methods=["post"])
    def transitions(self, request, pk):
        """Contain, close (with the post-mortem) or open again."""
        row = self.find()
        values = self.read(IncidentMoveIn)
        return self.again(actions.move_incident(self.actor, incident=row, seen=self.maybe_seen(row), **values))

    @extend_schema(request=LevelIn, responses=IncidentOut)
    @action(detail=True, methods=["post"])
    def level(self, request, pk):
        row = self.find()
        values = self.read(LevelIn)
        return self.again(actions.change_level(self.actor, incident=row, seen=self.maybe_seen(row), **values))

    @extend_schema(request=None, responses={201: IncidentEntryOut})
    @action(detail=True, methods=["post"])
    def pause(self, request, pk):
        """Pause the placements the playbook lists; the answer says what came of each."""
        row = self.find()
        return self.entry(actions.pause_placements(self.actor, incident=row, seen=self.maybe_seen(row)))

    @extend_schema(request=None, responses={201: IncidentEntryOut})
    @action(detail=True, methods=["post"])
    def resume(self, request, pk):
        """Resume what this incident paused; the answer says what came of each."""
        row = self.find()
        return self.entry(actions.resume_placements(self.actor, incident=row, seen=self.maybe_seen(row)))

    def entry(self, row):
        self.out = IncidentEntryOut
        return self.one(row, 201)

    @extend_schema(request=PostMortemIn, responses=IncidentOut)
    @action(detail=True, methods=["post"], url_path="post-mortem")
    def post_mortem(self, request, pk):
        row = self.find()
        texts = self.read(PostMortemIn)
        return self.again(actions.write_post_mortem(self.actor, incident=row, seen=self.maybe_seen(row), **texts))


class HandOverIn(serializers.Serializer):
    owner = PersonField()


class IncidentStepFilter(CampaignFilter):
    incident = filters.UUIDFilter(field_name="incident_id")
    state = filters.MultipleChoiceFilter(choices=StepState.choices)
    owner = filters.UUIDFilter(field_name="owner_id")


class IncidentStepViewSet(ActingViewSet):
    model, out, filterset_class = IncidentStep, IncidentStepOut, IncidentStepFilter

    def rows(self):
        related = ("owner", "deputy", "done_by", "campaign", "incident", "incident__campaign", "incident__workspace")
        return super().rows().select_related(*related)

    def act(self, act, **values):
        row = self.find()
        return self.one(act(self.actor, step=row, seen=self.maybe_seen(row), **values))

    @extend_schema(request=None, responses=IncidentStepOut)
    @action(detail=True, methods=["post"])
    def done(self, request, pk):
        return self.act(actions.finish_step)

    @extend_schema(request=None, responses=IncidentStepOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        return self.act(actions.reopen_step)

    @extend_schema(request=None, responses=IncidentStepOut)
    @action(detail=True, methods=["post"])
    def skip(self, request, pk):
        return self.act(actions.skip_step)

    @extend_schema(request=HandOverIn, responses=IncidentStepOut)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request, pk):
        return self.act(actions.hand_over_step, **self.read(HandOverIn))


WRITTEN = (EntryKind.NOTE, EntryKind.MESSAGE, EntryKind.FIGURE)


class IncidentEntryIn(serializers.Serializer):
    """A note or a message needs a text, a figure a name and a value."""

    incident = RowField(Incident)
    kind = serializers.ChoiceField([(one.value, one.label) for one in WRITTEN])
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    figure_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    value = ValueField(required=False, allow_null=True)


class IncidentEntryFilter(CampaignFilter):
    incident = filters.UUIDFilter(field_name="incident_id")
    kind = filters.MultipleChoiceFilter(choices=EntryKind.choices)


class IncidentEntryViewSet(ActingViewSet):
    model, out, filterset_class = IncidentEntry, IncidentEntryOut, IncidentEntryFilter

    def rows(self):
        return super().rows().select_related("author")

    @extend_schema(request=IncidentEntryIn, responses={201: IncidentEntryOut})
    def create(self, request):
        return self.one(actions.log_entry(self.actor, **self.read(IncidentEntryIn)), 201)


ROUTES = [
    ("incidents", IncidentViewSet),
    ("incident-steps", IncidentStepViewSet),
    ("incident-entries", IncidentEntryViewSet),
]
