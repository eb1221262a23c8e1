"""REST: recurring tasks."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.fields import ActiveInCampaignFilter, CodedField, PeopleField, PersonOut, RowField
from campaigns.models import Campaign, Phase
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from tasks.actions import recurrences as acts
from tasks.api.parts import BASE
from tasks.choices import Shift
from tasks.models import Recurrence
from tasks.rules.recurrences import in_words


class RecurrenceOut(Out):
    assignees = PersonOut(many=True)
    rule_in_words = serializers.SerializerMethodField()

    class Meta:
        model = Recurrence
        fields = [*BASE, "campaign", "title", "description", "phase", "assignees", "rule", "rule_in_words", "shift"]
        fields += ["start_date", "finish_date", "duration_days", "effort_hours", "ahead_days", "archived_at"]

    def get_rule_in_words(self, recurrence) -> str:
        return in_words(recurrence.rule)


class RecurrenceChange(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    phase = RowField(Phase, required=False, allow_null=True)
    assignees = PeopleField(required=False)
    rule = serializers.CharField(
        max_length=200,
        help_text="FREQ=DAILY;INTERVAL=n, FREQ=WEEKLY;INTERVAL=n;BYDAY=MO,TH, FREQ=MONTHLY;INTERVAL=n;BYMONTHDAY=15; "
        "BYMONTHDAY=-1 is the last working day.",
    )
    shift = serializers.ChoiceField(choices=Shift.choices, required=False)
    start_date = PlanDateField()
    finish_date = PlanDateField(required=False, allow_null=True)
    duration_days = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    effort_hours = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    ahead_days = serializers.IntegerField(min_value=0, max_value=365, required=False)


class RecurrenceIn(RecurrenceChange):
    campaign = CodedField(Campaign, active=True)


class RecurrenceViewSet(ResourceViewSet):
    model, out, filterset_class = Recurrence, RecurrenceOut, ActiveInCampaignFilter

    def rows(self):
        return super().rows().select_related("campaign", "workspace", "phase").prefetch_related("assignees")

    def again(self, row, status=200):
        """The row as it is stored now."""
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=RecurrenceIn, responses={201: RecurrenceOut})
    def create(self, request):
        return self.again(acts.create_recurrence(self.actor, **self.read(RecurrenceIn)), 201)

    @extend_schema(request=RecurrenceChange, responses=RecurrenceOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(RecurrenceChange, partial=True)
        return self.again(acts.update_recurrence(self.actor, recurrence=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        acts.archive_recurrence(self.actor, recurrence=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=RecurrenceOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(acts.restore_recurrence(self.actor, recurrence=self.find()))


ROUTES = [("recurrences", RecurrenceViewSet)]
