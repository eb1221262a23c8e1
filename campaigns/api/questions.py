"""REST: questions and their answers."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import Organization
from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import UNKNOWN, CampaignFilter, CodedField, PersonOut, RowField
from campaigns.choices import QuestionState
from campaigns.models import Campaign, Question
from campaigns.querysets import subject_of
from campaigns.rules.questions import LONGEST
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid

ABOUT = "tasks.task, assets.asset, placements.placement …"


class QuestionOut(Out):
    """With an `organization` it is between the client and that partner's seats."""

    asked_by = PersonOut()
    answered_by = PersonOut(allow_null=True)

    class Meta:
        model = Question
        fields = [*BASE, "campaign", "organization", "section", "subject_type", "subject_id", "subject_label", "text"]
        fields += ["state", "asked_by", "answer", "answered_by", "answered_at"]


class AboutIn(serializers.Serializer):
    """What a question is about, besides its campaign."""

    section = serializers.CharField(max_length=60, required=False, allow_blank=True)
    subject_type = serializers.CharField(max_length=80, required=False, allow_blank=True, help_text=ABOUT)
    subject_id = serializers.UUIDField(required=False, allow_null=True)


class QuestionIn(AboutIn):
    campaign = CodedField(Campaign)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    text = serializers.CharField(max_length=LONGEST)


class AnswerIn(serializers.Serializer):
    answer = serializers.CharField(max_length=LONGEST)


class QuestionFilter(CampaignFilter):
    state = filters.ChoiceFilter(choices=QuestionState.choices)
    organization = filters.UUIDFilter(field_name="organization_id")
    q = filters.CharFilter(method="having")

    def having(self, rows, name, value):
        return rows.found_by_words(value)


def with_subject(actor, given):
    """The values of an act: the thing instead of its kind and id."""
    kind, key = given.pop("subject_type", ""), given.pop("subject_id", None)
    if not key:
        return given
    subject = subject_of(actor, given["campaign"], kind, key)
    if subject is None:
        raise Invalid(str(UNKNOWN), code="invalid", errors={"subject_id": UNKNOWN})
    return given | {"subject": subject}


class QuestionActs(ResourceViewSet):
    """The acts that both sides do: answer, close, open again."""

    model = Question

    def rows(self):
        return super().rows().listed()

    def act(self, do, **given):
        row = self.find()
        seen = self.seen(row) if "If-Match" in self.request.headers else None
        do(self.actor, question=row, seen=seen, **given)
        return self.one(self.find())


class QuestionViewSet(QuestionActs):
    out, filterset_class = QuestionOut, QuestionFilter

    @extend_schema(request=QuestionIn, responses={201: QuestionOut})
    def create(self, request):
        made = actions.ask_question(self.actor, **with_subject(self.actor, self.read(QuestionIn)))
        return self.one(self.rows().get(pk=made.pk), 201)

    @extend_schema(request=AnswerIn, responses=QuestionOut)
    @action(detail=True, methods=["post"])
    def answer(self, request, pk):
        return self.act(actions.answer_question, **self.read(AnswerIn))

    @extend_schema(request=None, responses=QuestionOut)
    @action(detail=True, methods=["post"])
    def close(self, request, pk):
        return self.act(actions.close_question)

    @extend_schema(request=None, responses=QuestionOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        return self.act(actions.reopen_question)


ROUTES = [("questions", QuestionViewSet)]
