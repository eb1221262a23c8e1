"""Sums of money are exact on both databases, though SQLite keeps decimals as binary fractions."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from core.querysets import ExactSum
from overview.querysets.plan import bookings
from placements.models import DayAllocation, Placement
from tests.placements.conftest import day

CENTS = Decimal("13.37")
DAYS = 300


def planned(world, placement):
    days = [day(1) + timedelta(days=number) for number in range(DAYS)]
    of = {"workspace": world.workspace, "campaign": world.campaign, "placement": placement, "amount": CENTS}
    DayAllocation.objects.bulk_create(DayAllocation(date=on, **of) for on in days)
    return CENTS * DAYS


def test_the_plan_of_many_days_is_exact(world, placement):
    whole = planned(world, placement)
    assert Placement.objects.with_span().get(pk=placement.pk).planned_amount == whole
    assert DayAllocation.objects.aggregate(sum=ExactSum("amount"))["sum"] == whole
    [booked] = bookings(world.actor, world.campaign)
    assert booked.planned == whole


def test_the_control_a_plain_sum_is_not_exact_everywhere(world, placement):
    """If this fails, the database adds decimals exactly and the exact sum may go."""
    whole = planned(world, placement)
    plain = DayAllocation.objects.aggregate(sum=Sum("amount"))["sum"]
    assert (plain == whole) is (connection.vendor == "postgresql")
