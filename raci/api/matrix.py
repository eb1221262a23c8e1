"""REST: rows, columns and letters of the matrix, its findings and its export."""

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import Organization
from campaigns.api.campaigns import BASE
from campaigns.api.fields import (
    UNKNOWN,
    CampaignFilter,
    CodedField,
    PersonField,
    PersonOut,
    RowField,
    RowsField,
    coded,
)
from campaigns.choices import Function
from campaigns.models import Campaign, Phase
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ActorMixin, ResourceViewSet
from core.errors import Invalid
from core.export import table_response
from raci import actions
from raci.choices import HolderKind, RowKind
from raci.models import Letter, RaciHolder, RaciRow, findings_of
from raci.models.leaving import table_of
from raci.rules.sentences import sentence
from tasks.models import Deliverable, Task


class RaciRowOut(Out):
    """`title`, `kind` and `due_date` are the task's or deliverable's where the row follows one."""

    kind = serializers.CharField(source="shown_kind")
    title = serializers.CharField(source="name")
    due_date = serializers.DateField(source="due", allow_null=True)

    class Meta:
        model = RaciRow
        fields = [*BASE, "campaign", "kind", "task", "deliverable", "title", "is_about_money", "due_date", "position"]


class RowChangeIn(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    due_date = PlanDateField(required=False, allow_null=True)
    is_about_money = serializers.BooleanField(required=False)


class RowIn(RowChangeIn):
    campaign = CodedField(Campaign, active=True)
    kind = serializers.ChoiceField(choices=[("decision", "decision"), ("section", "section")])
    after = RowField(RaciRow, required=False, allow_null=True)


class FromPlanIn(serializers.Serializer):
    """Tasks and deliverables by id, or all work of a phase, or of the campaign."""

    campaign = CodedField(Campaign, active=True)
    tasks = RowsField(Task, required=False)
    deliverables = RowsField(Deliverable, required=False)
    phase = RowField(Phase, required=False, allow_null=True)
    with_deliverables = serializers.BooleanField(required=False)


class RowOrderIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    rows = RowsField(RaciRow, most=2_000)


class RowFilter(CampaignFilter):
    kind = filters.ChoiceFilter(choices=RowKind.choices)
    task = filters.UUIDFilter(field_name="task_id")


def campaign_in(request):
    """The campaign a request names by `?campaign=`, which it must."""
    value = request.query_params.get("campaign", "")
    campaign = Campaign.objects.visible_to(request._request.actor).filter(**coded(value)).first() if value else None
    if campaign is None:
        raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
    return campaign


CAMPAIGN = OpenApiParameter("campaign", str, required=True, description="Code or id")


class RowViewSet(ResourceViewSet):
    """Rows of the matrix; those of archived tasks are not listed."""

    model, out, filterset_class = RaciRow, RaciRowOut, RowFilter

    def rows(self):
        return super().rows().shown().with_work()

    def many(self, rows, status=200):
        data = self.out(RaciRow.objects.with_work().filter(pk__in=[row.pk for row in rows]), many=True).data
        return Response(data, status=status)

    @extend_schema(request=RowIn, responses={201: RaciRowOut})
    def create(self, request):
        return self.one(actions.add_row(self.actor, **self.read(RowIn)), 201)

    @extend_schema(request=RowChangeIn, responses=RaciRowOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(RowChangeIn, partial=True)
        return self.one(actions.update_row(self.actor, row=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_row(self.actor, row=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=FromPlanIn, responses={201: RaciRowOut(many=True)})
    @action(detail=False, methods=["post"], url_path="from-plan", url_name="from-plan")
    def from_plan(self, request):
        """Add rows for work that has none yet."""
        return self.many(actions.add_from_plan(self.actor, **self.read(FromPlanIn)), 201)

    @extend_schema(request=RowOrderIn, responses=RaciRowOut(many=True))
    @action(detail=False, methods=["post"])
    def reorder(self, request):
        return self.many(actions.reorder_rows(self.actor, **self.read(RowOrderIn)))

    @extend_schema(
        parameters=[CAMPAIGN, OpenApiParameter("as", str, enum=["csv", "xlsx"], description="csv, or a workbook")],
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def export(self, request):
        """The whole matrix as a file; `raci-imports` takes it in again."""
        kind = "xlsx" if request.query_params.get("as") == "xlsx" else "csv"
        return table_response(kind, *table_of(self.actor, campaign_in(request)))


class HolderOut(Out):
    user = PersonOut(allow_null=True)
    label = serializers.CharField()

    class Meta:
        model = RaciHolder
        fields = [*BASE, "campaign", "kind", "function", "user", "organization", "label", "position"]


class HolderIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    kind = serializers.ChoiceField(choices=HolderKind.choices)
    function = serializers.ChoiceField(choices=Function.choices, required=False)
    user = PersonField(required=False)
    organization = RowField(Organization, active=True, required=False)


class TeamIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    kind = serializers.ChoiceField(choices=HolderKind.choices)


class HolderOrderIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    holders = RowsField(RaciHolder)


class HolderFilter(CampaignFilter):
    kind = filters.ChoiceFilter(choices=HolderKind.choices)


class HolderViewSet(ResourceViewSet):
    """Columns of the matrix: functions, persons, organisations."""

    model, out, filterset_class = RaciHolder, HolderOut, HolderFilter

    def rows(self):
        return super().rows().with_names()

    @extend_schema(request=HolderIn, responses={201: HolderOut})
    def create(self, request):
        return self.one(actions.add_holder(self.actor, **self.read(HolderIn)), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.remove_holder(self.actor, holder=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=TeamIn, responses={201: HolderOut(many=True)})
    @action(detail=False, methods=["post"])
    def team(self, request):
        """Add a column for every function, person or organisation of the team that has none yet."""
        made = actions.add_team(self.actor, **self.read(TeamIn))
        rows = self.rows().filter(pk__in=[row.pk for row in made])
        return Response(self.out(rows, many=True).data, 201)

    @extend_schema(request=HolderOrderIn, responses=HolderOut(many=True))
    @action(detail=False, methods=["post"])
    def reorder(self, request):
        found = actions.reorder_holders(self.actor, **self.read(HolderOrderIn))
        rows = self.rows().filter(pk__in=[row.pk for row in found])
        return Response(self.out(rows, many=True).data)


class LetterOut(Out):
    class Meta:
        model = Letter
        fields = [*BASE, "campaign", "row", "holder", "letter"]


class ChangeIn(serializers.Serializer):
    """One cell: the letters it is to have, and those the client saw there."""

    row = serializers.UUIDField()
    holder = serializers.UUIDField()
    letters = serializers.CharField(max_length=40, allow_blank=True, help_text='"RA", "R/A"; empty clears the cell')
    seen = serializers.CharField(max_length=40, allow_blank=True, required=False)


class LettersIn(serializers.Serializer):
    campaign = CodedField(Campaign, active=True)
    changes = ChangeIn(many=True, allow_empty=False, max_length=20_000)


class LettersOut(serializers.Serializer):
    changed = serializers.IntegerField()


class LetterFilter(CampaignFilter):
    row = filters.UUIDFilter(field_name="row_id")
    holder = filters.UUIDFilter(field_name="holder_id")
    letter = filters.CharFilter()


class LetterViewSet(ResourceViewSet):
    """Letters, one a row of the list; `bulk` sets many cells, all or none, each compared with what was seen."""

    model, out, filterset_class = Letter, LetterOut, LetterFilter

    @extend_schema(request=LettersIn, responses=LettersOut)
    @action(detail=False, methods=["post"])
    def bulk(self, request):
        values = self.read(LettersIn)
        changes = [actions.Change(**change) for change in values["changes"]]
        return Response({"changed": actions.set_letters(self.actor, campaign=values["campaign"], changes=changes)})


class RaciFindingOut(serializers.Serializer):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=[("block", "block"), ("advice", "advice")])
    row = serializers.UUIDField(allow_null=True)
    rows = serializers.ListField(child=serializers.UUIDField())
    holder = serializers.UUIDField(allow_null=True)
    person = serializers.UUIDField(allow_null=True)
    detail = serializers.CharField()


def finding_out(one):
    ids = {"row": one.row or None, "holder": one.holder or None, "person": one.person or None}
    return {"code": one.code, "severity": one.severity, "rows": one.rows, **ids, "detail": sentence(one)}


class FindingViewSet(ActorMixin, GenericViewSet):
    """What the matrix of a campaign lacks: findings that block a launch, and advice."""

    model, serializer_class, pagination_class, filter_backends = RaciRow, RaciFindingOut, None, []

    @extend_schema(parameters=[CAMPAIGN], responses=RaciFindingOut(many=True))
    def list(self, request):
        found = findings_of(self.actor, campaign_in(request))
        data = RaciFindingOut([finding_out(one) for one in found], many=True).data
        return Response({"next": None, "previous": None, "results": data})


ROUTES = [
    ("raci-rows", RowViewSet),
    ("raci-holders", HolderViewSet),
    ("raci-letters", LetterViewSet),
    ("raci-findings", FindingViewSet),
]
