"""REST: commitments and their way to payment."""

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import Organization
from campaigns import actions
from campaigns.api.budget import amount_in
from campaigns.api.campaigns import BASE
from campaigns.api.fields import CampaignFilter, PersonOut, RowField
from campaigns.choices import CommitmentState
from campaigns.models import BudgetLine, Commitment
from campaigns.rules import settlement
from core.api.fields import AmountOut, MoneyField, PlanDateField
from core.api.out import Out
from core.api.views import ResourceViewSet


class CommitmentOut(Out):
    booked, amount, delivered = (AmountOut(name) for name in ("booked_amount", "amount", "delivered_amount"))
    make_good, rebate = AmountOut("make_good_amount"), AmountOut("rebate_amount")
    made_by = PersonOut()
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = [*BASE, "campaign", "line", "title", "organization", "reference", "note", "state", "steps", "booked"]
        fields += ["amount", "delivered", "make_good", "rebate", "invoice_number", "booked_date", "due_date"]
        fields += ["paid_date", "made_by"]

    def get_steps(self, row) -> list[str]:
        return [step.name for step in settlement.open_to(row.state)]


class CommitmentChange(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True)
    due_date = PlanDateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class CommitmentIn(CommitmentChange):
    line = RowField(BudgetLine, active=True)
    amount = MoneyField()


class CommitmentStepIn(serializers.Serializer):
    """`amount`: delivered, made good, owed in the end or given back, as the step asks."""

    step = serializers.ChoiceField([(name, name) for name in settlement.STEPS])
    amount = MoneyField(required=False)
    number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CommitmentFilter(CampaignFilter):
    state = filters.MultipleChoiceFilter(choices=CommitmentState.choices)
    line = filters.UUIDFilter(field_name="line_id")
    organization = filters.UUIDFilter(field_name="organization_id")


class CommitmentViewSet(ResourceViewSet):
    model, out, filterset_class = Commitment, CommitmentOut, CommitmentFilter

    def rows(self):
        return super().rows().select_related("workspace", "campaign", "line", "made_by")

    def again(self, row, status=200):
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=CommitmentIn, responses={201: CommitmentOut})
    def create(self, request):
        values = self.read(CommitmentIn)
        values["amount"] = amount_in(values["amount"], values["line"].currency)
        return self.again(actions.commit_budget(self.actor, **values), 201)

    @extend_schema(request=CommitmentChange, responses=CommitmentOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = self.read(CommitmentChange, partial=True)
        return self.again(actions.update_commitment(self.actor, commitment=row, seen=self.seen(row), **changes))

    @extend_schema(request=CommitmentStepIn, responses=CommitmentOut)
    @action(detail=True, methods=["post"])
    def steps(self, request, pk):
        """Take it one step on: deliver, make_good, reconcile, invoice, pay, rebate, reopen, cancel."""
        row = self.find()
        values = self.read(CommitmentStepIn)
        if "amount" in values:
            values["amount"] = amount_in(values["amount"], row.currency)
        return self.again(actions.settle(self.actor, commitment=row, **values))


ROUTES = [("commitments", CommitmentViewSet)]
