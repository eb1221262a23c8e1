"""REST: baselines, and how the plan of today differs from one."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.fields import CampaignFilter, CodedField, PersonOut
from campaigns.models import Campaign
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.money import Money
from tasks import actions
from tasks.api.outcome import BASE
from tasks.models import Baseline


class BaselineOut(Out):
    made_by = PersonOut(allow_null=True)

    class Meta:
        model = Baseline
        fields = [*BASE, "campaign", "name", "made_by"]


class BaselineChange(serializers.Serializer):
    name = serializers.CharField(max_length=120)


class BaselineIn(BaselineChange):
    campaign = CodedField(Campaign, active=True)


class SideOut(serializers.Serializer):
    start_date = serializers.DateField(allow_null=True)
    finish_date = serializers.DateField(allow_null=True)
    duration_days = serializers.IntegerField()
    effort_hours = serializers.CharField(allow_null=True)
    cost = serializers.DictField(allow_null=True)


class LineOut(serializers.Serializer):
    """A task on both sides. Days are working days, later is positive; the others are now minus then."""

    task = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(["added", "removed", "changed", "same"])
    then = SideOut(allow_null=True)
    now = SideOut(allow_null=True)
    start_days = serializers.IntegerField(allow_null=True)
    finish_days = serializers.IntegerField(allow_null=True)
    duration_days = serializers.IntegerField(allow_null=True)
    effort_hours = serializers.CharField(allow_null=True)
    cost = serializers.DictField(allow_null=True)


class TotalOut(serializers.Serializer):
    finish_days = serializers.IntegerField(allow_null=True)
    effort_hours = serializers.CharField()
    cost = serializers.DictField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    later = serializers.IntegerField()
    earlier = serializers.IntegerField()


class VarianceOut(serializers.Serializer):
    total = TotalOut()
    results = LineOut(many=True)


def money(amount, currency):
    return None if amount is None else Money(amount, currency).as_dict()


def text(number):
    return None if number is None else f"{number:f}"


def side_of(side, currency):
    if side is None:
        return None
    return {
        "start_date": side.start_date,
        "finish_date": side.finish_date,
        "duration_days": side.duration_days,
        "effort_hours": text(side.effort_hours),
        "cost": money(side.cost_amount, currency),
    }


def line_of(line, currency):
    days = {name: getattr(line, name) for name in ("start_days", "finish_days", "duration_days")}
    return {
        "task": line.key,
        "title": line.title,
        "kind": line.kind,
        "then": side_of(line.then, currency),
        "now": side_of(line.now, currency),
        **days,
        "effort_hours": text(line.effort_hours),
        "cost": money(line.cost_amount, currency),
    }


def total_of(total, currency):
    counts = {name: getattr(total, name) for name in ("finish_days", "added", "removed", "later", "earlier")}
    return {**counts, "effort_hours": text(total.effort_hours), "cost": money(total.cost_amount, currency)}


class BaselineViewSet(ResourceViewSet):
    model, out, filterset_class = Baseline, BaselineOut, CampaignFilter

    def rows(self):
        return super().rows().select_related("campaign", "made_by")

    @extend_schema(request=BaselineIn, responses={201: BaselineOut})
    def create(self, request):
        return self.one(actions.take_baseline(self.actor, **self.read(BaselineIn)), 201)

    @extend_schema(request=BaselineChange, responses=BaselineOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(BaselineChange)
        return self.one(actions.rename_baseline(self.actor, baseline=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_baseline(self.actor, baseline=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(parameters=[OpenApiParameter("changed", bool)], responses=VarianceOut)
    @action(detail=True, methods=["get"])
    def variance(self, request, pk):
        """All tasks of either side, in the order of the outline; `changed=true` leaves out those that are the same."""
        row = self.find()
        lines, total = actions.variance_of(row)
        currency = row.campaign.currency
        if request.query_params.get("changed") == "true":
            lines = [line for line in lines if line.kind != "same"]
        results = [line_of(line, currency) for line in lines]
        return Response({"total": total_of(total, currency), "results": results})


ROUTES = [("baselines", BaselineViewSet)]
