"""REST: problems on anything of a campaign."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from campaigns.api.fields import UNKNOWN, CampaignFilter, CodedField, PersonField, PersonOut
from campaigns.models import Campaign
from campaigns.querysets import subject_of
from core.api.fields import PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet
from core.errors import Invalid
from tasks.actions import problems
from tasks.api.parts import BASE
from tasks.choices import ProblemState
from tasks.models import Problem


class ProblemOut(Out):
    solver = PersonOut()
    raised_by = PersonOut(allow_null=True)

    class Meta:
        model = Problem
        fields = [*BASE, "campaign", "subject_type", "subject_id", "subject_label", "text", "solver", "due_date"]
        fields += ["state", "raised_by", "escalated_at", "solved_at", "solution"]


class ProblemChange(serializers.Serializer):
    text = serializers.CharField(max_length=500)
    solver = PersonField()
    due_date = PlanDateField()


class ProblemIn(ProblemChange):
    campaign = CodedField(Campaign)
    subject_type = serializers.CharField(max_length=80, help_text="tasks.task, placements.placement …")
    subject_id = serializers.UUIDField()


class SolutionIn(serializers.Serializer):
    solution = serializers.CharField(max_length=500)


class ProblemFilter(CampaignFilter):
    state = filters.ChoiceFilter(choices=ProblemState.choices)
    solver = filters.UUIDFilter(field_name="solver_id")
    subject_id = filters.UUIDFilter()


class ProblemViewSet(ResourceViewSet):
    model, out, filterset_class = Problem, ProblemOut, ProblemFilter

    def rows(self):
        return super().rows().select_related("solver", "raised_by", "campaign", "workspace")

    def maybe_seen(self, row):
        """The version an act is meant for, where the client says it."""
        return self.seen(row) if "If-Match" in self.request.headers else None

    @extend_schema(request=ProblemIn, responses={201: ProblemOut})
    def create(self, request):
        values = self.read(ProblemIn)
        kind, key = values.pop("subject_type"), values.pop("subject_id")
        subject = subject_of(self.actor, values["campaign"], kind, key)
        if subject is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"subject_id": UNKNOWN})
        return self.one(problems.raise_problem(self.actor, subject=subject, **values), 201)

    @extend_schema(request=ProblemChange, responses=ProblemOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(ProblemChange, partial=True)
        return self.one(problems.change_problem(self.actor, problem=row, seen=self.seen(row), **changes))

    @extend_schema(request=SolutionIn, responses=ProblemOut)
    @action(detail=True, methods=["post"])
    def solve(self, request, pk):
        row = self.find()
        words = self.read(SolutionIn)
        return self.one(problems.solve_problem(self.actor, problem=row, seen=self.maybe_seen(row), **words))

    @extend_schema(request=None, responses=ProblemOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk):
        row = self.find()
        return self.one(problems.reopen_problem(self.actor, problem=row, seen=self.maybe_seen(row)))


ROUTES = [("problems", ProblemViewSet)]
