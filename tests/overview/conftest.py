"""A campaign under way: goal, KPIs with figures, a placement with flights, a note, and money nobody assigned."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.models import DailyMetric, DailyTotal
from campaigns.models import Annotation, Goal, Kpi, Metric, Phase
from core.search import segmented
from placements.models import Flight
from tests import factories

START = date(2026, 11, 1)
COUNT_PER_DAY, COST_PER_DAY = Decimal(10), Decimal("100.25")


def figures(world, account, metric, value, days, *, campaign=None, placement=None, currency="", start=START):
    """A value on each of some days, in the roll-up."""
    rows = [
        {
            "workspace": world.workspace,
            "ad_account": account,
            "campaign": campaign,
            "channel": placement.channel if placement else None,
            "date": start + timedelta(n),
            "date_to": start + timedelta(n),
            "metric": metric,
            "currency": currency,
            "value": value,
        }
        for n in range(days)
    ]
    DailyMetric.objects.bulk_create(DailyMetric(placement=placement, **row) for row in rows)
    DailyTotal.objects.bulk_create(DailyTotal(**row) for row in rows)


def kpi(world, goal, name, code, target, **values):
    return Kpi.objects.create(
        workspace=world.workspace,
        campaign=world.campaign,
        goal=goal,
        name=name,
        metric=Metric.objects.get(code=code),
        baseline_value=Decimal(0),
        target_value=Decimal(target),
        start_date=START,
        finish_date=date(2026, 11, 30),
        owner=world.owner,
        search_text=segmented(name),
        **values,
    )


@pytest.fixture
def rich(world):
    """World with ten days of figures: 100 clicks and 1,002.50 CNY; two days of 50 CNY belong to nobody."""
    world.goal = Goal.objects.create(workspace=world.workspace, campaign=world.campaign, title="Win November")
    world.clicks = kpi(world, world.goal, "Clicks", "clicks", 1000)
    world.leads = kpi(world, world.goal, "Leads", "leads", 50)
    world.cpc = kpi(world, world.goal, "Cost per click", "cpc", 12, direction="decrease")
    account = factories.ad_account(world.workspace)
    world.placement = factories.placement(world.campaign, ad_account=account, budget_amount=Decimal("5000"))
    Flight.objects.create(
        workspace=world.workspace,
        campaign=world.campaign,
        placement=world.placement,
        start_date=date(2026, 11, 3),
        finish_date=date(2026, 11, 20),
    )
    Phase.objects.create(
        workspace=world.workspace,
        campaign=world.campaign,
        name="Double 11",
        start_date=date(2026, 11, 9),
        finish_date=date(2026, 11, 11),
        is_promotion=True,
    )
    Annotation.objects.create(
        workspace=world.workspace,
        campaign=world.campaign,
        text="Site was slow",
        start_date=date(2026, 11, 11),
        finish_date=date(2026, 11, 11),
        author=world.owner,
    )
    matched = {"campaign": world.campaign, "placement": world.placement}
    figures(world, account, "clicks", COUNT_PER_DAY, 10, **matched)
    figures(world, account, "cost", COST_PER_DAY, 10, currency="CNY", **matched)
    figures(world, account, "cost", Decimal("25.00"), 2, currency="CNY")
    return world
