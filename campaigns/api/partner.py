"""REST for partners' seats: campaigns granted, shared sections of their briefs, questions. What is not named here is
not told: neither budget and goals nor who else works in the campaign."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models.faces import names_for
from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import CodedField
from campaigns.api.questions import AboutIn, AnswerIn, QuestionActs, QuestionFilter, with_subject
from campaigns.models import BriefShare, Campaign, Question
from campaigns.models.shared import shared_briefs
from campaigns.rules.questions import LONGEST
from core.api.out import Out
from core.api.views import ResourceViewSet


class PartnerCampaignOut(Out):
    """A campaign of which something is granted to the seat's organisation."""

    class Meta:
        model = Campaign
        fields = ["id", "code", "name", "state", "start_date", "finish_date", "time_zone"]


class PartnerCampaignViewSet(ResourceViewSet):
    model, out = Campaign, PartnerCampaignOut

    def rows(self):
        return super().rows().active()


class PartnerBriefOut(serializers.Serializer):
    """A section of a brief that is shared with the organisation, in the version in force."""

    id = serializers.UUIDField()
    campaign = serializers.UUIDField(source="campaign_id")
    section = serializers.CharField()
    label = serializers.CharField()
    number = serializers.IntegerField()
    text = serializers.CharField()


class PartnerBriefViewSet(ResourceViewSet):
    model, out = BriefShare, PartnerBriefOut

    def rows(self):
        return super().rows().filter(campaign__archived_at=None)

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.out(self.dressed(page), many=True).data)

    def one(self, row, status_code=200):
        return super().one(self.dressed([row])[0], status_code)

    def dressed(self, rows):
        """Shares with the words of their sections."""
        told = {one.campaign_id: one for one in shared_briefs(self.actor)}
        for row in rows:
            brief = told[row.campaign_id]
            texts = {key: (label, text) for key, label, text in brief.sections}
            row.number, (row.label, row.text) = brief.number, texts.get(row.section, ("", ""))
        return rows


class PartnerQuestionOut(Out):
    """A question between the organisation and the client. `is_ours`: asked at a seat, hence answered by the client."""

    asked_by = serializers.CharField(source="asked_name")
    answered_by = serializers.CharField(source="answered_name")
    is_ours = serializers.BooleanField()

    class Meta:
        model = Question
        fields = [*BASE, "campaign", "section", "subject_type", "subject_id", "subject_label", "text", "state"]
        fields += ["asked_by", "is_ours", "answer", "answered_by", "answered_at"]


class PartnerQuestionIn(AboutIn):
    campaign = CodedField(Campaign, active=True)
    text = serializers.CharField(max_length=LONGEST)


class PartnerQuestionFilter(QuestionFilter):
    organization = None


class PartnerQuestionViewSet(QuestionActs):
    out, filterset_class = PartnerQuestionOut, PartnerQuestionFilter

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.out(self.dressed(page), many=True).data)

    def one(self, row, status_code=200):
        return super().one(self.dressed([row])[0], status_code)

    def dressed(self, rows):
        names = names_for(self.actor, [person for row in rows for person in (row.asked_by, row.answered_by)])
        for row in rows:
            row.asked_name, row.answered_name = names[row.asked_by_id], names.get(row.answered_by_id, "")
            row.is_ours = row.asked_by.kind == "seat"
        return rows

    @extend_schema(request=PartnerQuestionIn, responses={201: PartnerQuestionOut})
    def create(self, request):
        """Ask the client."""
        made = actions.ask_question(self.actor, **with_subject(self.actor, self.read(PartnerQuestionIn)))
        return self.one(self.rows().get(pk=made.pk), 201)

    @extend_schema(request=AnswerIn, responses=PartnerQuestionOut)
    @action(detail=True, methods=["post"])
    def answer(self, request, pk):
        """Answer what the client asked."""
        return self.act(actions.answer_question, **self.read(AnswerIn))

    @extend_schema(request=None, responses=PartnerQuestionOut)
    @action(detail=True, methods=["post"])
    def close(self, request, pk):
        return self.act(actions.close_question)

    @extend_schema(request=None, responses=PartnerQuestionOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        return self.act(actions.reopen_question)


ROUTES = [
    ("partner/campaigns", PartnerCampaignViewSet),
    ("partner/briefs", PartnerBriefViewSet),
    ("partner/questions", PartnerQuestionViewSet),
]
