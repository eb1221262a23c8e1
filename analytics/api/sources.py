"""REST: sources, their pulls, and which days have arrived. Credentials go in and never come out."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from analytics.actions import pulls, sources
from analytics.choices import RunState, SourceKind, SourceState
from analytics.models import PullRun, Source
from analytics.models.arrivals import calendar_of, freshness_of
from campaigns.api.fields import ActiveFilter
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid

STAMPS = ["id", "created_at", "updated_at", "lock_version"]
MOST_DAYS = 400


class SourceOut(Out):
    has_credentials = serializers.SerializerMethodField()
    freshness = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [*STAMPS, "kind", "platform", "name", "state", "freshness", "config", "has_credentials", "is_sandbox"]
        fields += ["every_minutes", "daily_at", "time_zone", "look_back_days", "settle_days", "next_pull_at"]
        fields += ["last_success_at", "last_error", "archived_at"]

    def get_has_credentials(self, source) -> bool:
        return bool(source.credentials)

    def get_freshness(self, source) -> str:
        return freshness_of(source, timezone.now())


class SourceIn(serializers.Serializer):
    """`token` is write-only; `config` is described with the JSON connector in docs/api.md."""

    name = serializers.CharField(max_length=120)
    platform = serializers.CharField(max_length=40, default="other")
    config = serializers.DictField(default=dict)
    token = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    every_minutes = serializers.IntegerField(min_value=1, max_value=10_080, required=False, allow_null=True)
    daily_at = serializers.TimeField(required=False, allow_null=True)
    time_zone = serializers.CharField(max_length=50, required=False)
    look_back_days = serializers.IntegerField(min_value=1, max_value=90, required=False)
    settle_days = serializers.IntegerField(min_value=0, max_value=90, required=False)


class PullIn(serializers.Serializer):
    day_from = PlanDateField()
    day_to = PlanDateField()


class PullRunOut(Out):
    class Meta:
        model = PullRun
        fields = [*STAMPS, "source", "state", "trigger", "day_from", "day_to", "pages", "rows", "changed"]
        fields += ["expected_rows", "attempt", "started_at", "finished_at", "error"]


class RowOut(serializers.Serializer):
    """A row as the settings read it."""

    day = serializers.DateField()
    level = serializers.CharField()
    external_id = serializers.CharField()
    name = serializers.CharField()
    account_id = serializers.CharField()
    account = serializers.CharField()
    currency = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())


class TriedOut(serializers.Serializer):
    rows = RowOut(many=True)
    problems = serializers.ListField(child=serializers.CharField())
    total = serializers.IntegerField(allow_null=True)


class AccountDaysOut(serializers.Serializer):
    """The days of one ad account: complete, partial, missing or pending."""

    account = serializers.UUIDField(source="link.ad_account_id")
    name = serializers.CharField(source="link.ad_account.name")
    days = serializers.DictField(child=serializers.CharField())


class CompletenessOut(serializers.Serializer):
    accounts = AccountDaysOut(many=True)


class DaysIn(serializers.Serializer):
    first = PlanDateField()
    last = PlanDateField()

    def validate(self, days):
        if not days["first"] <= days["last"] <= days["first"] + timedelta(days=MOST_DAYS):
            raise serializers.ValidationError({"to": _("Choose between 1 and 400 days, the first before the last.")})
        return days


class SourceFilter(ActiveFilter):
    kind = filters.ChoiceFilter(choices=SourceKind.choices)
    state = filters.ChoiceFilter(choices=SourceState.choices)


class SourceViewSet(ResourceViewSet):
    model, out, filterset_class = Source, SourceOut, SourceFilter

    @extend_schema(request=SourceIn, responses={201: SourceOut})
    def create(self, request):
        """Connect a source of kind `json`; sources of files make themselves."""
        return self.one(sources.create_source(self.actor, kind=SourceKind.JSON, **self.read(SourceIn)), 201)

    @extend_schema(request=SourceIn(partial=True), responses=SourceOut)
    def partial_update(self, request, pk):
        row = self.find()
        typed = self.read(SourceIn, partial=True)
        return self.one(sources.update_source(self.actor, source=row, seen=self.seen(row), **typed))

    def destroy(self, request, pk):
        """Archive the source; its figures stay."""
        row = self.find()
        sources.archive_source(self.actor, source=row, seen=self.seen(row))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=TriedOut)
    @action(detail=True, methods=["post"])
    def test(self, request, pk):
        """Fetch one page and show how its rows are read; stores nothing."""
        return Response(TriedOut(sources.try_source(self.actor, source=self.find())).data)

    @extend_schema(request=PullIn, responses={202: PullRunOut})
    @action(detail=True, methods=["post"])
    def pull(self, request, pk):
        """Pull some days now, in the background."""
        run = pulls.start_pull(self.actor, source=self.find(), **self.read(PullIn))
        return Response(PullRunOut(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=SourceOut)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk):
        return self.one(sources.pause_source(self.actor, source=self.find()))

    @extend_schema(request=None, responses=SourceOut)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk):
        return self.one(sources.resume_source(self.actor, source=self.find()))

    @extend_schema(request=None, responses=SourceOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        """Bring an archived source back."""
        return self.one(sources.restore_source(self.actor, source=self.find()))

    @extend_schema(
        parameters=[OpenApiParameter("from", str, required=True), OpenApiParameter("to", str, required=True)],
        responses=CompletenessOut,
    )
    @action(detail=True, methods=["get"])
    def completeness(self, request, pk):
        """Which days of `?from=…&to=…` have arrived, for each ad account of the source."""
        asked = {"first": request.query_params.get("from"), "last": request.query_params.get("to")}
        days = DaysIn(data=asked)
        if not days.is_valid():
            sentence = str(_("Give from and to as days between 2000 and 2100, at most 400 days apart."))
            raise Invalid(sentence, code="days", errors={"from": sentence})
        found = calendar_of(self.find(), days.validated_data["first"], days.validated_data["last"], timezone.now())
        accounts = [
            {"link": link, "days": {day.isoformat(): state for day, state in states.items()}} for link, states in found
        ]
        return Response(CompletenessOut({"accounts": accounts}).data)


class PullRunFilter(filters.FilterSet):
    source = filters.UUIDFilter(field_name="source_id")
    state = filters.ChoiceFilter(choices=RunState.choices)


class PullRunViewSet(ResourceViewSet):
    model, out, filterset_class = PullRun, PullRunOut, PullRunFilter

    @extend_schema(request=None, responses={202: PullRunOut})
    @action(detail=True, methods=["post"])
    def retry(self, request, pk):
        """Pull the days of a finished run once more, as a new run."""
        run = self.find()
        again = pulls.retry_pull(self.actor, run=run)
        return Response(PullRunOut(again).data, status=status.HTTP_202_ACCEPTED)


ROUTES = [("sources", SourceViewSet), ("pull-runs", PullRunViewSet)]
PATHS = []
