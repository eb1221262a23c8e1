"""Fields of the schedule: money beside its currency, flights."""

from rest_framework import serializers

from core.api.fields import Part, PlanDateField
from core.api.out import QuickMixin


class PercentField(serializers.DecimalField):
    """A percentage with up to three decimal places."""

    def __init__(self, **options):
        super().__init__(max_digits=6, decimal_places=3, required=False, allow_null=True, **options)


class QuantityField(serializers.DecimalField):
    """A planned quantity (impressions, clicks, insertions …)."""

    def __init__(self, **options):
        super().__init__(max_digits=18, decimal_places=4, allow_null=True, normalize_output=True, **options)


class FlightDays(QuickMixin, Part):
    """First and last day of a flight, both included."""

    start_date = PlanDateField()
    finish_date = PlanDateField()
