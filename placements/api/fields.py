"""Fields of the schedule: money beside its currency, lists of rows, flights."""

from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.fields import UNKNOWN
from core.api.fields import MoneyField, PlanDateField
from core.api.out import QuickMixin
from core.money import Money


class AmountOut(MoneyField):
    """A column of a row as money in the row's currency."""

    def __init__(self, column):
        self.column = column
        super().__init__(source="*", read_only=True)

    def to_representation(self, row):
        amount = getattr(row, self.column)
        return None if amount is None else Money(amount, row.currency).as_dict()


class PercentField(serializers.DecimalField):
    """A percentage with up to three decimal places."""

    def __init__(self, **options):
        super().__init__(max_digits=6, decimal_places=3, required=False, allow_null=True, **options)


class QuantityField(serializers.DecimalField):
    """A planned quantity (impressions, clicks, insertions …)."""

    def __init__(self, **options):
        super().__init__(max_digits=18, decimal_places=4, allow_null=True, normalize_output=True, **options)


class FlightDays(QuickMixin, serializers.Serializer):
    """First and last day of a flight, both included."""

    start_date = PlanDateField()
    finish_date = PlanDateField()


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 500})
class RowsField(serializers.Field):
    """Ids of rows of `model` the actor may see, in the order given; one unknown id refuses the list."""

    default_error_messages = {"unknown": UNKNOWN, "empty": UNKNOWN}

    def __init__(self, model, *, most=500, **options):
        self.model, self.most = model, most
        super().__init__(**options)

    def to_internal_value(self, data):
        if not isinstance(data, list) or len(data) > self.most:
            self.fail("unknown")
        keys = list(dict.fromkeys(self.key(each) for each in data))
        found = self.model.objects.visible_to(self.context["request"]._request.actor).in_bulk(keys)
        return [found[key] for key in keys] if len(found) == len(keys) else self.fail("unknown")

    def key(self, text):
        try:
            return UUID(text)
        except (ValueError, TypeError, AttributeError):
            return self.fail("unknown")

    def to_representation(self, value):
        return [str(row.pk) for row in value.all()]
