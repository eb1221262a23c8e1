"""REST: expected ranges judged per day, sources of record, progress of KPIs, the dashboard in numbers."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics.actions import ranges as actions
from analytics.api.facts import FILTER_PARAMETERS, PERIOD_PARAMETERS, comparison_of, period_of, text, texts
from analytics.choices import RangeKind
from analytics.forms.asking import Asked, campaign_asked
from analytics.models import ExpectedRange, KpiSource, Source, judging
from analytics.models.board import Board, freshness
from analytics.models.progress import progress_of
from analytics.models.summary import catalogue_of
from analytics.rules.periods import custom, today_in
from campaigns.api.fields import CampaignFilter, CodedField, RowField, ValueField
from campaigns.models import Campaign, Channel, Kpi, Metric
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet

JUDGED_DAYS = 30


class RangeOut(Out):
    metric = serializers.SlugRelatedField("code", read_only=True)
    channel = serializers.SlugRelatedField("code", read_only=True)
    low = ValueField()
    high = ValueField()

    class Meta:
        model = ExpectedRange
        fields = ["id", "created_at", "updated_at", "lock_version", "campaign", "metric", "channel", "kpi", "kind"]
        fields += ["low", "high"]


class RangeIn(serializers.Serializer):
    """Bounds in the metric's unit (`fixed`), or in per cent of the day's plan (`plan`); one of them may be open."""

    metric = CodedField(Metric, active=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    kpi = RowField(Kpi, active=True, required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=RangeKind.choices, required=False)
    low = ValueField(required=False, allow_null=True)
    high = ValueField(required=False, allow_null=True)


class NewRangeIn(RangeIn):
    campaign = CodedField(Campaign)


class RangeDayOut(serializers.Serializer):
    """A day against its range. `place`: inside, below, above, no_data, partial, no_plan."""

    day = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    low = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)
    place = serializers.CharField()
    state = serializers.CharField()


def day_of(day):
    """A judged day as JSON."""
    numbers = {"value": text(day.value), "low": text(day.low), "high": text(day.high)}
    return {"day": day.day.isoformat(), **numbers, "place": day.place, "state": day.state}


class RangeViewSet(ResourceViewSet):
    """Expected ranges of campaigns; `days/` judges the last thirty days."""

    model, out, filterset_class = ExpectedRange, RangeOut, CampaignFilter

    def rows(self):
        return super().rows().with_words()

    @extend_schema(request=NewRangeIn, responses={201: RangeOut})
    def create(self, request):
        return self.one(actions.create_range(self.actor, **self.read(NewRangeIn)), 201)

    @extend_schema(request=RangeIn, responses=RangeOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(RangeIn, partial=True)
        return self.one(actions.update_range(self.actor, expected=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_range(self.actor, expected=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(responses=RangeDayOut(many=True))
    @action(detail=True)
    def days(self, request, pk):
        row = self.find()
        today = today_in(row.campaign.time_zone, timezone.now())
        period = custom(today - timedelta(days=JUDGED_DAYS), today - timedelta(days=1))
        judged = judging.judge(self.actor, [row], period, catalogue_of(self.actor))
        return Response({"results": [day_of(day) for each in judged for day in each.days]})


class ProgressOut(serializers.Serializer):
    """Where a KPI stands. `done` and `expected` are shares of the way from baseline to target."""

    kpi = serializers.UUIDField()
    state = serializers.CharField()
    actual = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    done = serializers.CharField(allow_null=True)
    expected = serializers.CharField(allow_null=True)
    through = serializers.DateField()
    source = serializers.UUIDField(allow_null=True)


def progress_dict(line):
    """A KpiProgress as JSON."""
    return {
        "kpi": str(line.kpi.pk),
        "name": line.kpi.name,
        "metric": line.metric.code if line.metric else None,
        "state": line.state,
        "actual": text(line.actual),
        "baseline": text(line.kpi.baseline_value),
        "target": text(line.kpi.target_value),
        "done": text(line.done),
        "expected": text(line.expected),
        "first": line.first.isoformat(),
        "through": line.through.isoformat(),
        "source": line.source and str(line.source.pk),
    }


class KpiProgressView(ActorMixin, APIView):
    """Where a KPI stands today."""

    @extend_schema(responses=ProgressOut)
    def get(self, request, pk):
        kpi = get_object_or_404(Kpi.objects.visible_to(self.actor).with_words().select_related("goal"), pk=pk)
        today = today_in(kpi.campaign.time_zone, timezone.now())
        [line] = progress_of(self.actor, kpi.campaign, [kpi], catalogue_of(self.actor), today=today)
        return Response(progress_dict(line))


class KpiSourceIn(serializers.Serializer):
    source = RowField(Source, active=True, allow_null=True)


class KpiSourceOut(serializers.Serializer):
    kpi = serializers.UUIDField()
    source = serializers.UUIDField(allow_null=True)


class KpiSourceView(ActorMixin, APIView):
    """The source of record of a KPI; null: all matched figures together."""

    @extend_schema(responses=KpiSourceOut)
    def get(self, request, pk):
        return self._answer(self._kpi(pk))

    @extend_schema(request=KpiSourceIn, responses=KpiSourceOut)
    def post(self, request, pk):
        kpi = self._kpi(pk)
        given = KpiSourceIn(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        actions.set_record_source(self.actor, kpi=kpi, source=given.validated_data["source"])
        return self._answer(kpi)

    def _kpi(self, pk):
        return get_object_or_404(Kpi.objects.visible_to(self.actor).select_related("campaign"), pk=pk)

    def _answer(self, kpi):
        row = KpiSource.objects.filter(kpi=kpi).first()
        return Response({"kpi": str(kpi.pk), "source": row and str(row.source_id)})


class TileOut(serializers.Serializer):
    metric = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    before = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    days = serializers.ListField()
    range = RangeDayOut(allow_null=True)


class DashboardOut(serializers.Serializer):
    """What the dashboard shows of a period."""

    period = serializers.DictField()
    currency = serializers.CharField(allow_null=True)
    tiles = TileOut(many=True)
    comparison = serializers.DictField(allow_null=True)
    unassigned = serializers.DictField()
    complete = serializers.BooleanField()
    out_of_range = serializers.ListField()
    freshness = serializers.ListField()


class DashboardView(ActorMixin, APIView):
    """Tiles, freshness and what is out of range, in numbers."""

    @extend_schema(parameters=[*FILTER_PARAMETERS, *PERIOD_PARAMETERS], responses=DashboardOut)
    def get(self, request):
        params = request.query_params
        campaign = campaign_asked(self.actor, params.get("campaign"))
        asked = Asked(self.actor, params, campaign=campaign)
        board = Board(self.actor, asked)
        found = board.answer
        body = {
            "period": period_of(board.question.period),
            "currency": found.currency,
            "tiles": [_tile(tile, board.question.period) for tile in board.shown()],
            "comparison": comparison_of(found, board.before),
            "unassigned": texts(found.values(found.unassigned)),
            "complete": found.is_complete,
            "out_of_range": self._out(campaign, asked, board.question.period),
            "freshness": [_freshness(row) for row in freshness(self.actor, now=timezone.now(), campaign=campaign)],
        }
        return Response(body)

    def _out(self, campaign, asked, period):
        today = judging.seen_from(period, asked.today)
        campaigns = [campaign] if campaign else Campaign.objects.visible_to(self.actor).running(today=today)
        judged = judging.out_now(self.actor, campaigns, today=today, metrics=asked.metrics)
        return [_out(each) for each in judged]


def _tile(tile, period):
    latest = tile.judged.latest if tile.judged else None
    days = [[day.isoformat(), text(value)] for day, value in zip(period.days(), tile.days, strict=True)]
    return {
        "metric": tile.metric.code,
        "value": text(tile.value),
        "money": texts(tile.by_currency),
        "before": text(tile.before),
        "change": text(tile.change and round(tile.change, 6)),
        "days": days,
        "range": latest and day_of(latest),
        "target": text(tile.target),
    }


def _out(judged):
    row = judged.range
    latest = {"range": str(row.pk), "campaign": row.campaign.code, "metric": judged.metric.code}
    latest |= {"channel": row.channel and row.channel.code, "days_out": judged.days_out}
    return latest | day_of(judged.latest)


def _freshness(row):
    return {
        "source": str(row.source.pk),
        "name": row.source.name,
        "state": row.state,
        "at": row.at and row.at.isoformat(),
        "last_day": row.last_day and row.last_day.isoformat(),
    }


def kpi_path(name, view):
    """A route below a KPI."""
    return path(f"kpis/<uuid:pk>/{name}/", view.as_view(), name=f"kpi-{name}")


ROUTES = [("expected-ranges", RangeViewSet)]
PATHS = [
    kpi_path("progress", KpiProgressView),
    kpi_path("source", KpiSourceView),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
]
