"""REST: figures row by row, pushed by another system or read off by a person."""

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics.actions import manual as acts
from analytics.importers.reading import Record
from campaigns.api.fields import CodedField
from campaigns.models import Campaign, Channel, Metric
from core.api.fields import PlanDateField
from core.money import is_currency
from placements.choices import CountingLevel
from placements.models import AdAccount


class FigureField(serializers.DecimalField):
    """A figure as a decimal string (or number): at most six digits behind the point."""

    def __init__(self, **options):
        super().__init__(max_digits=17, decimal_places=6, **options)


class ParentIn(serializers.Serializer):
    level = serializers.ChoiceField(CountingLevel.choices)
    id = serializers.CharField(max_length=300)
    name = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PushRowIn(serializers.Serializer):
    """The figures of one object on one day (or hour of it, or days)."""

    account = serializers.UUIDField(help_text=gettext_lazy("The id of the ad account."))
    level = serializers.ChoiceField(CountingLevel.choices, default=CountingLevel.CAMPAIGN)
    object_id = serializers.CharField(max_length=300)
    object_name = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    parent = ParentIn(required=False, allow_null=True)
    date = PlanDateField()
    date_to = PlanDateField(required=False, allow_null=True)
    hour = serializers.IntegerField(min_value=0, max_value=23, required=False, allow_null=True)
    breakdown = serializers.DictField(child=serializers.CharField(max_length=120), required=False)
    metrics = serializers.DictField(child=FigureField())
    currency = serializers.CharField(required=False, allow_null=True)

    def validate_currency(self, code):
        if code and not is_currency(code):
            raise serializers.ValidationError(_("Use a three-letter ISO 4217 currency code."))
        return code

    def validate(self, data):
        if data.get("date_to") and data["date_to"] < data["date"]:
            raise serializers.ValidationError({"date_to": _("The last day lies before the first.")})
        if data.get("date_to") and data.get("hour") is not None and data["date_to"] != data["date"]:
            raise serializers.ValidationError({"hour": _("An hour belongs to one day.")})
        return data


class PushIn(serializers.Serializer):
    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=acts.MOST_ROWS)
    complete = serializers.BooleanField(
        default=False, help_text=gettext_lazy("What earlier pushes said of the same days and is not here vanishes.")
    )


class PushSchema(serializers.Serializer):
    rows = PushRowIn(many=True)
    complete = serializers.BooleanField(default=False)


class DeliveredOut(serializers.Serializer):
    """What came of it: figures read, changed (new ones too), removed; objects matched to a placement."""

    rows = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    matched = serializers.IntegerField()


class PushMixin:
    """`POST /facts/`: all rows, or none with an error for each faulty one."""

    @extend_schema(request=PushSchema, responses={201: DeliveredOut})
    def create(self, request):
        given = self.read(PushIn)
        rows = self.rows_of(given["rows"])
        done = acts.push_rows(self.actor, rows=rows, is_complete=given["complete"])
        return Response(DeliveredOut(done).data, status=201)

    def rows_of(self, given):
        """`(ad account, Record)` of every row, or a ValidationError that names each row that has a fault."""
        accounts = {row.pk: row for row in AdAccount.objects.visible_to(self.actor).active()}
        metrics = acts.known_metrics(self.actor.workspace_id)
        found, errors = [], {}
        for number, raw in enumerate(given):
            serializer = PushRowIn(data=raw, context=self.get_serializer_context())
            problems = {} if serializer.is_valid() else serializer.errors
            problems = problems or _unknown(serializer.validated_data, accounts, metrics)
            if problems:
                errors[str(number)] = problems
            else:
                data = serializer.validated_data
                found.append((accounts[data["account"]], _record(data)))
        if errors:
            raise serializers.ValidationError({"rows": dict(list(errors.items())[:100])})
        return found


def _unknown(data, accounts, metrics):
    """Faults that only the workspace's tables can tell."""
    if data["account"] not in accounts:
        return {"account": [_("There is no such thing here.")]}
    unknown = [code for code in data["metrics"] if code not in metrics]
    if unknown or not data["metrics"]:
        return {
            "metrics": [_("These metrics are not in the vocabulary: %(codes)s.") % {"codes": ", ".join(unknown)[:200]}]
        }
    return {}


def _record(data):
    parent = data.get("parent")
    pairs = sorted((data.get("breakdown") or {}).items())
    return Record(
        level=data["level"],
        external_id=data["object_id"],
        name=data["object_name"],
        parent=(parent["level"], parent["id"], parent["name"]) if parent else None,
        date_from=data["date"],
        date_to=data.get("date_to") or data["date"],
        hour=data.get("hour"),
        breakdown="|".join(f"{_plain(name)}={_plain(value)}" for name, value in pairs),
        currency=data.get("currency"),
        values=data["metrics"],
    )


def _plain(text):
    return " ".join(text.replace("|", "/").replace("=", "-").split())


class ReadingRowIn(serializers.Serializer):
    date = PlanDateField()
    value = FigureField(allow_null=True)


class ReadingsIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    metric = CodedField(Metric, active=True)
    channel = CodedField(Channel, active=True, required=False, allow_null=True)
    currency = serializers.CharField(required=False, allow_blank=True)
    rows = ReadingRowIn(many=True, allow_empty=False)

    def validate_rows(self, rows):
        if len(rows) > 400:
            raise serializers.ValidationError(_("Send at most 400 readings at once."))
        return rows

    def validate_currency(self, code):
        if code and not is_currency(code):
            raise serializers.ValidationError(_("Use a three-letter ISO 4217 currency code."))
        return code


class ReadingsView(APIView):
    """`POST /readings/`: readings of a metric that no platform delivers."""

    @extend_schema(request=ReadingsIn, responses={201: DeliveredOut})
    def post(self, request):
        serializer = ReadingsIn(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        done = acts.enter_readings(
            request._request.actor,
            campaign=data["campaign"],
            metric=data["metric"],
            channel=data.get("channel"),
            currency=data.get("currency", ""),
            rows=[(row["date"], row["value"]) for row in data["rows"]],
        )
        return Response(DeliveredOut(done).data, status=201)


PATHS = [path("readings/", ReadingsView.as_view(), name="readings-list")]
