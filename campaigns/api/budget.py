"""REST: budget lines, the ledger, requests with their levels, thresholds."""

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.choices import Role
from accounts.models import Organization
from campaigns import actions
from campaigns.actions.budget_imports import look_at_budget, sheet_of
from campaigns.api.campaigns import BASE
from campaigns.api.fields import (
    UNKNOWN,
    ActiveInCampaignFilter,
    CampaignFilter,
    CodedField,
    PersonField,
    PersonOut,
    RowField,
    RowsField,
    coded,
)
from campaigns.choices import BudgetCategory, BudgetDecision, BudgetRequestKind, BudgetRequestState, MovementKind
from campaigns.importers.budget import HEADS, MOST_COLUMNS
from campaigns.models import (
    ApprovalThreshold,
    BudgetApproval,
    BudgetLine,
    BudgetMovement,
    BudgetRequest,
    Campaign,
    Channel,
    Phase,
    budget_of,
)
from campaigns.models.purse import GROUPS
from core.api.fields import AmountOut, MoneyField
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ResourceViewSet
from core.errors import Invalid
from core.money import Money


def amount_in(money, currency, field="amount"):
    """The plain amount of an input that must be in a line's currency."""
    if money is not None and money.currency != currency:
        sentence = f"{field}: {money.currency} ≠ {currency}"
        raise Invalid(sentence, code="currency", errors={field: sentence})
    return None if money is None else money.amount


# --- lines ----------------------------------------------------------------------------------------------------------


class BudgetLineOut(Out):
    """Amounts are without tax; `tax_rate` says what comes on top."""

    channel = serializers.SlugRelatedField("code", read_only=True)
    owner = PersonOut()
    tax_rate = serializers.DecimalField(max_digits=6, decimal_places=3, normalize_output=True)
    planned, approved, committed = (AmountOut(f"{name}_amount") for name in ("planned", "approved", "committed"))
    available, paid = AmountOut("available_amount"), AmountOut("paid_amount")

    class Meta:
        model = BudgetLine
        fields = [*BASE, "campaign", "name", "category", "phase", "channel", "organization", "owner", "currency"]
        fields += ["tax_rate", "planned", "planned_date", "approved", "approved_by", "committed", "available", "paid"]
        fields += ["note", "position", "locked_at", "archived_at"]


class BudgetLineChange(serializers.Serializer):
    name = serializers.CharField(max_length=160)
    category = serializers.ChoiceField(BudgetCategory.choices, required=False)
    phase = RowField(Phase, required=False, allow_null=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    organization = RowField(Organization, active=True, required=False, allow_null=True)
    owner = PersonField(required=False, allow_null=True)
    currency = serializers.CharField(min_length=3, max_length=3, required=False)
    tax_rate = serializers.DecimalField(max_digits=6, decimal_places=3, required=False)
    planned = MoneyField(required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class BudgetLineIn(BudgetLineChange):
    campaign = CodedField(Campaign)


def line_values(values, currency):
    """The input with `planned` as a plain amount in `currency`, or in the one given."""
    if "planned" in values:
        values["planned_amount"] = amount_in(values.pop("planned"), values.get("currency", currency), "planned")
    return values


class ReasonIn(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class LockIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    lines = RowsField(BudgetLine, required=False)


class AskAllIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


SUMMED = ("planned", "approved", "committed", "available", "paid")


class BudgetImportIn(serializers.Serializer):
    """A file (multipart), or the text of a CSV or of a Markdown table. With `preview` nothing is written."""

    campaign = CodedField(Campaign)
    file = serializers.FileField(required=False)
    text = serializers.CharField(required=False, max_length=5_000_000, trim_whitespace=False)
    preview = serializers.BooleanField(required=False, default=False)
    mapping = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_COLUMNS),
        required=False,
        help_text="Which column (from 0) holds which field; worked out from the head of the table unless given.",
    )
    digest = serializers.CharField(max_length=64, required=False, help_text="Of the preview that was looked at.")

    def validate_mapping(self, mapping):
        if unknown := set(mapping) - set(HEADS):
            raise serializers.ValidationError(f"{', '.join(sorted(unknown))}?")
        return mapping


class ImportedLine(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField(help_text="added, changed, same, skipped")
    faults = serializers.DictField(child=serializers.CharField())


class BudgetImportOut(serializers.Serializer):
    digest = serializers.CharField()
    is_ready = serializers.BooleanField()
    fault = serializers.CharField()
    mapping = serializers.DictField(child=serializers.IntegerField())
    counted = serializers.DictField(child=serializers.IntegerField())
    entries = ImportedLine(many=True)


def import_out(seen):
    names = ("digest", "is_ready", "fault", "mapping", "entries")
    return BudgetImportOut({name: getattr(seen, name) for name in names} | {"counted": seen.counted()}).data


def content_of(values):
    """The bytes of whichever was sent."""
    if values.get("file"):
        return values["file"].read()
    if values.get("text"):
        return values["text"].encode()
    sentence = _("Send a file, or the text of a table.")
    raise Invalid(sentence, code="required", errors={"file": sentence})


class FiguresOut(serializers.Serializer):
    """Amounts in the campaign's currency."""

    label = serializers.CharField()
    planned, approved, committed, available, paid = (MoneyField() for _ in range(5))


class MissingRateOut(serializers.Serializer):
    date = serializers.DateField()
    currency = serializers.CharField()


class BudgetTotalsOut(serializers.Serializer):
    """`left_out` are the lines that are in no sum because a rate of a day is missing: `missing_rates` names them."""

    total = FiguresOut()
    groups = FiguresOut(many=True)
    left_out = serializers.ListField(child=serializers.UUIDField())
    missing_rates = MissingRateOut(many=True)


def totals_out(budget):
    """A Budget as the answer lists it."""

    def one(label, figures):
        amounts = {name: Money(getattr(figures, name), budget.currency) for name in SUMMED}
        return {"label": label, **amounts}

    return {
        "total": one("", budget.total),
        "groups": [one(group.label, group.total) for group in budget.groups],
        "left_out": [row.pk for row in budget.left_out],
        "missing_rates": [{"date": day, "currency": currency} for day, currency in budget.missing],
    }


class BudgetLineFilter(ActiveInCampaignFilter):
    category = filters.MultipleChoiceFilter(choices=BudgetCategory.choices)
    phase = filters.UUIDFilter(field_name="phase_id")
    owner = filters.UUIDFilter(field_name="owner_id")
    channel = filters.CharFilter(method="on_channel")

    def on_channel(self, rows, name, value):
        return rows.filter(**{f"channel__{key}": wanted for key, wanted in coded(value).items()})


class BudgetLineViewSet(ResourceViewSet):
    model, out, filterset_class = BudgetLine, BudgetLineOut, BudgetLineFilter

    def rows(self):
        return super().rows().select_related("workspace", "campaign", "channel", "owner")

    def again(self, row, status=200):
        """The answer after an act, with the balances as they are now."""
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=BudgetLineIn, responses={201: BudgetLineOut})
    def create(self, request):
        values = self.read(BudgetLineIn)
        line = actions.create_budget_line(self.actor, **line_values(values, values["campaign"].currency))
        return self.again(line, 201)

    @extend_schema(request=BudgetLineChange, responses=BudgetLineOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = line_values(self.read(BudgetLineChange, partial=True), row.currency)
        return self.again(actions.update_budget_line(self.actor, line=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.archive_budget_line(self.actor, line=row, seen=self.seen(row))
        return Response(status=204)

    @extend_schema(request=None, responses=BudgetLineOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, pk):
        return self.again(actions.archive_budget_line(self.actor, line=self.find()))

    @extend_schema(request=None, responses=BudgetLineOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        return self.again(actions.restore_budget_line(self.actor, line=self.find()))

    @extend_schema(request=LockIn, responses=BudgetLineOut(many=True))
    @action(detail=False, methods=["post"])
    def lock(self, request):
        """Lock lines of a campaign, all of them unless some are named."""
        rows = actions.lock_budget(self.actor, **self.read(LockIn))
        return self.many(rows, self.out)

    @extend_schema(request=ReasonIn, responses=BudgetLineOut)
    @action(detail=True, methods=["post"])
    def unlock(self, request, pk):
        return self.again(actions.unlock_budget_line(self.actor, line=self.find(), **self.read(ReasonIn)))

    @extend_schema(request=AskAllIn, responses={201: OpenApiTypes.OBJECT})
    @action(detail=False, methods=["post"], url_path="ask-all")
    def ask_all(self, request):
        """Ask for what the plan of each open line has more than is approved."""
        rows = actions.ask_for_all(self.actor, **self.read(AskAllIn))
        return self.many(rows, BudgetRequestOut, 201)

    @extend_schema(request=BudgetImportIn, responses={200: BudgetImportOut, 201: BudgetImportOut}, filters=False)
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        url_name="import",
        parser_classes=[StrictJSONParser, MultiPartParser],
        pagination_class=None,
    )
    def load(self, request):
        """Lines from a table: those of a known name are changed, others added; all of it or nothing."""
        values = self.read(BudgetImportIn)
        asked = {"campaign": values["campaign"], "sheet": sheet_of(content_of(values))}
        asked |= {"mapping": values.get("mapping")}
        if values["preview"]:
            return Response(import_out(look_at_budget(self.actor, **asked)))
        return Response(import_out(actions.import_budget(self.actor, **asked, digest=values.get("digest"))), 201)

    def many(self, rows, out, status=200):
        """Rows after an act on many, in the envelope of lists."""
        model = out.Meta.model
        found = model.objects.visible_to(self.actor).listed().filter(pk__in=[row.pk for row in rows])
        data = out(found, many=True, context=self.get_serializer_context()).data
        return Response({"next": None, "previous": None, "results": data}, status)

    @extend_schema(
        parameters=[
            OpenApiParameter("campaign", OpenApiTypes.STR, required=True, description="Code or id"),
            OpenApiParameter("by", OpenApiTypes.STR, enum=GROUPS),
            OpenApiParameter("tax", OpenApiTypes.BOOL, description="With tax"),
        ],
        responses=BudgetTotalsOut,
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def totals(self, request):
        """Sums in the campaign's currency: each movement by the rate of its own day, rounded once at the end."""
        asked = request.query_params
        rows = Campaign.objects.visible_to(self.actor).filter(**coded(asked.get("campaign", "")[:60]))
        campaign = rows.first()
        if campaign is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
        by = asked.get("by", "category")
        if by not in GROUPS:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"by": UNKNOWN})
        budget = budget_of(self.actor, campaign, by=by, with_tax=asked.get("tax") in ("1", "true"))
        return Response(BudgetTotalsOut(totals_out(budget)).data)


# --- requests -------------------------------------------------------------------------------------------------------


class BudgetLevelOut(Out):
    """One level: its role (empty: owner, manager or finance) and what was decided."""

    decided_by = PersonOut()

    class Meta:
        model = BudgetApproval
        fields = ["level", "role", "decision", "words", "decided_by", "decided_at"]


class BudgetRequestOut(Out):
    amount = AmountOut("amount")
    requested_by = PersonOut()
    approvals = BudgetLevelOut(many=True, read_only=True)

    class Meta:
        model = BudgetRequest
        fields = [*BASE, "campaign", "kind", "line", "to_line", "amount", "reason", "state", "requested_by", "level"]
        fields += ["waiting_role", "approvals", "decided_at"]


class BudgetRequestIn(serializers.Serializer):
    line = RowField(BudgetLine, active=True)
    kind = serializers.ChoiceField(BudgetRequestKind.choices, required=False)
    to_line = RowField(BudgetLine, active=True, required=False, allow_null=True)
    amount = MoneyField()
    reason = serializers.CharField(max_length=500)


class BudgetDecisionIn(serializers.Serializer):
    decision = serializers.ChoiceField(BudgetDecision.choices)
    words = serializers.CharField(max_length=500, required=False, allow_blank=True)


class BudgetRequestFilter(CampaignFilter):
    state = filters.MultipleChoiceFilter(choices=BudgetRequestState.choices)
    line = filters.UUIDFilter(field_name="line_id")


class BudgetRequestViewSet(ResourceViewSet):
    model, out, filterset_class = BudgetRequest, BudgetRequestOut, BudgetRequestFilter

    def rows(self):
        return super().rows().listed()

    def again(self, row, status=200):
        return self.one(self.rows().get(pk=row.pk), status)

    @extend_schema(request=BudgetRequestIn, responses={201: BudgetRequestOut})
    def create(self, request):
        values = self.read(BudgetRequestIn)
        values["amount"] = amount_in(values["amount"], values["line"].currency)
        return self.again(actions.ask_for_budget(self.actor, **values), 201)

    @extend_schema(request=BudgetDecisionIn, responses=BudgetRequestOut)
    @action(detail=True, methods=["post"])
    def decide(self, request, pk):
        """Decide on the level whose turn it is; never on one's own request."""
        return self.again(actions.decide_budget(self.actor, request=self.find(), **self.read(BudgetDecisionIn)))

    @extend_schema(request=None, responses=BudgetRequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        return self.again(actions.withdraw_request(self.actor, request=self.find()))


# --- the ledger and the thresholds ----------------------------------------------------------------------------------


class BudgetMovementOut(Out):
    """One amount from an account of a line to another: nothing is ever changed in it."""

    amount = AmountOut("amount")
    made_by, approved_by = PersonOut(), PersonOut()

    class Meta:
        model = BudgetMovement
        fields = [*BASE, "campaign", "kind", "date", "amount", "from_line", "from_account", "to_line", "to_account"]
        fields += ["reason", "made_by", "approved_by", "request", "commitment"]


class BudgetMovementFilter(CampaignFilter):
    kind = filters.MultipleChoiceFilter(choices=MovementKind.choices)
    line = filters.UUIDFilter(method="of_line")
    start = filters.DateFilter(field_name="date", lookup_expr="gte")
    end = filters.DateFilter(field_name="date", lookup_expr="lte")

    def of_line(self, rows, name, value):
        return rows.touching(value)


class BudgetMovementViewSet(ResourceViewSet):
    model, out, filterset_class = BudgetMovement, BudgetMovementOut, BudgetMovementFilter

    def rows(self):
        return super().rows().select_related("made_by", "approved_by")


class ThresholdOut(Out):
    amount = AmountOut("from_amount")

    class Meta:
        model = ApprovalThreshold
        fields = [*BASE, "amount", "role"]


class ThresholdIn(serializers.Serializer):
    amount = MoneyField()
    role = serializers.ChoiceField(Role.choices)


def threshold_values(values):
    if "amount" in values:
        money = values.pop("amount")
        values |= {"from_amount": money.amount, "currency": money.currency}
    return values


class ThresholdViewSet(ResourceViewSet):
    model, out = ApprovalThreshold, ThresholdOut

    @extend_schema(request=ThresholdIn, responses={201: ThresholdOut})
    def create(self, request):
        return self.one(actions.create_threshold(self.actor, **threshold_values(self.read(ThresholdIn))), 201)

    @extend_schema(request=ThresholdIn, responses=ThresholdOut)
    def partial_update(self, request, pk):
        row = self.find()
        changes = threshold_values(self.read(ThresholdIn, partial=True))
        return self.one(actions.update_threshold(self.actor, threshold=row, seen=self.seen(row), **changes))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.delete_threshold(self.actor, threshold=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [
    ("budget-lines", BudgetLineViewSet),
    ("budget-requests", BudgetRequestViewSet),
    ("budget-movements", BudgetMovementViewSet),
    ("approval-thresholds", ThresholdViewSet),
]
