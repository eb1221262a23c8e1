"""REST: what was spent on each line of a budget, from the figures of its placements."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics.models import DailyMetric
from campaigns.api.fields import UNKNOWN, coded
from campaigns.models import Campaign
from core.api.fields import MoneyField
from core.api.views import ActorMixin
from core.errors import Invalid
from core.money import Money


class LineSpendOut(serializers.Serializer):
    line = serializers.UUIDField(allow_null=True, help_text="Null: placements that belong to no line.")
    spent = MoneyField()


class BudgetSpendOut(serializers.Serializer):
    """Per line and currency, as the platforms state it."""

    results = LineSpendOut(many=True)


class BudgetSpendView(ActorMixin, APIView):
    """What was spent on each line of a campaign's budget."""

    @extend_schema(
        parameters=[OpenApiParameter("campaign", OpenApiTypes.STR, required=True, description="Code or id")],
        responses=BudgetSpendOut,
    )
    def get(self, request):
        asked = request.query_params.get("campaign", "")[:60]
        campaign = Campaign.objects.visible_to(self.actor).filter(**coded(asked)).first()
        if campaign is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
        rows = DailyMetric.objects.visible_to(self.actor).spent_by_line(campaign)
        found = [{"line": line, "spent": Money(amount, currency)} for line, currency, amount in rows]
        return Response(BudgetSpendOut({"results": found}).data)


PATHS = [path("budget-spend/", BudgetSpendView.as_view(), name="budget-spend")]
