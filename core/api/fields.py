"""Fields of the API that more than one app uses."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.money import Money, is_currency


@extend_schema_field(
    {
        "type": "object",
        "properties": {"amount": {"type": "string"}, "currency": {"type": "string", "minLength": 3, "maxLength": 3}},
        "required": ["amount", "currency"],
    }
)
class MoneyField(serializers.Field):
    """{"amount": "1234.50", "currency": "CNY"}; never a float."""

    default_error_messages = {
        "shape": _('Send an amount as an object of two texts: "amount" (such as "1234.50") and "currency".'),
        "currency": _("Use a three-letter ISO 4217 currency code."),
    }

    def to_representation(self, value):
        return value.as_dict() if value is not None else None

    def to_internal_value(self, data):
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount = serializers.DecimalField(max_digits=18, decimal_places=4).run_validation(data["amount"])
        if not is_currency(data["currency"]):
            self.fail("currency")
        return Money(Decimal(amount), data["currency"])


class Part(serializers.Serializer):
    """A row inside another body. It is whole even in a PATCH, which may leave out fields of the outermost row alone."""

    def to_internal_value(self, data):
        if self.parent is not None and isinstance(data, Mapping):
            needed = ((name, field) for name, field in self.fields.items() if field.required and not field.read_only)
            lacking = {name: [field.error_messages["required"]] for name, field in needed if name not in data}
            if lacking:
                raise serializers.ValidationError(lacking, code="required")
        return super().to_internal_value(data)


class PlanDateField(serializers.DateField):
    """A day of a plan: between 2000 and 2100, so that sums of days never overflow."""

    default_error_messages = {"range": _("Use a day between 2000 and 2100.")}

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not 2000 <= day.year <= 2100:
            self.fail("range")
        return day


class FileOut(serializers.Serializer):
    """A stored file: its name and size; the bytes come from `content/`."""

    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    content_type = serializers.CharField()


class AmountOut(MoneyField):
    """A column of a row as money in the row's currency."""

    def __init__(self, column):
        self.column = column
        super().__init__(source="*", read_only=True)

    def to_representation(self, row):
        amount = getattr(row, self.column)
        return None if amount is None else Money(amount, row.currency).as_dict()
