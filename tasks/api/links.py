"""REST: links between tasks."""

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.fields import CampaignFilter, RowField
from tasks import actions
from tasks.api.outcome import DependencyOut, OutcomeOut, PlanViewSet
from tasks.choices import LinkKind
from tasks.models import Dependency, Task
from tasks.rules.checks import LAG


class DependencyChange(serializers.Serializer):
    """The lag counts working days; a lead is below 0. A dry run only tells the cascade."""

    kind = serializers.ChoiceField(LinkKind.choices, required=False)
    lag_days = serializers.IntegerField(min_value=-LAG, max_value=LAG, required=False)
    dry_run = serializers.BooleanField(default=False)


class DependencyIn(DependencyChange):
    predecessor = RowField(Task, active=True)
    successor = RowField(Task, active=True)


class LinkListFilter(CampaignFilter):
    """`task`: the links into and out of one task."""

    predecessor = filters.UUIDFilter(field_name="predecessor_id")
    successor = filters.UUIDFilter(field_name="successor_id")
    task = filters.UUIDFilter(method="around")
    late = filters.BooleanFilter(field_name="is_late")

    def around(self, rows, name, value):
        return rows.filter(Q(predecessor_id=value) | Q(successor_id=value))


class DependencyViewSet(PlanViewSet):
    """Links between tasks that are there; those of an archived task come back with it."""

    model, out, filterset_class = Dependency, DependencyOut, LinkListFilter

    def rows(self):
        found = super().rows().visible()
        if self.action in ("list", "retrieve"):
            return found
        return found.select_related("predecessor", "successor__campaign", "campaign")

    @extend_schema(request=DependencyIn, responses={201: OutcomeOut})
    def create(self, request):
        values = self.read(DependencyIn)
        outcome = actions.link_tasks(self.actor, **values)
        return self.told(outcome, 200 if values["dry_run"] else 201)

    @extend_schema(request=DependencyChange(partial=True), responses=OutcomeOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(DependencyChange, partial=True)
        return self.told(actions.update_link(self.actor, link=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.unlink(self.actor, link=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [("dependencies", DependencyViewSet)]
