"""KPIs of many campaigns at once stand as each campaign's own progress says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.choices import SourceKind
from analytics.models import KpiSource, Source
from analytics.models.progress import kpis_of, progress_of
from analytics.models.summary import catalogue_of
from campaigns.models import KpiTarget, Phase
from overview.querysets.standings import standings
from overview.querysets.waiting import running_kpis
from tests import factories
from tests.overview.conftest import figures, kpi

TODAY = date(2026, 11, 15)


def own(world):
    """What each campaign's progress says, for all KPIs."""
    metrics = catalogue_of(world.actor)
    lines = progress_of(world.actor, world.campaign, kpis_of(world.actor, world.campaign), metrics, today=TODAY)
    return {line.kpi.pk: (line.actual, line.done, line.expected, line.state) for line in lines}


def together(world):
    metrics = catalogue_of(world.actor)
    found = standings(world.actor, running_kpis(world.actor, metrics, today=TODAY), metrics, today=TODAY)
    return {key: (at.actual, at.done, at.expected, at.state) for key, at in found.items()}


def target(world, row, value, **when):
    KpiTarget.objects.create(workspace=world.workspace, campaign=world.campaign, kpi=row, value=Decimal(value), **when)


def daily_targets(world):
    for n in range(30):
        target(world, world.clicks, n + 1, date=date(2026, 11, 1) + timedelta(n))


def phase_targets(world):
    target(world, world.clicks, 1000, phase=Phase.objects.get())


def channel(world):
    world.clicks.channel = factories.channel(world.workspace, "social")
    world.clicks.save()


def dollars(world):
    kpi(world, world.goal, "Spend", "cost", 9000)
    figures(
        world,
        factories.ad_account(world.workspace),
        "cost",
        Decimal("10"),
        3,
        campaign=world.campaign,
        currency="USD",
    )


def unique(world):
    kpi(world, world.goal, "Reach", "reach", 9000)


def record_source(world):
    source = Source.objects.create(workspace=world.workspace, kind=SourceKind.FILE, platform="baidu", name="Files")
    KpiSource.objects.create(workspace=world.workspace, campaign=world.campaign, kpi=world.clicks, source=source)


@pytest.mark.parametrize("change", [None, daily_targets, phase_targets, channel, dollars, unique, record_source])
def test_the_same_as_the_campaigns_own_progress(rich, change):
    if change:
        change(rich)
    expected = own(rich)
    assert together(rich) == expected
    assert len(expected) >= 3


def test_the_number_of_queries_is_fixed(rich, django_assert_num_queries):
    metrics = catalogue_of(rich.actor)
    kpis = running_kpis(rich.actor, metrics, today=TODAY)
    with django_assert_num_queries(2):
        standings(rich.actor, kpis, metrics, today=TODAY)
    for n in range(5):
        kpi(rich, rich.goal, f"More {n}", "clicks", 10)
    kpis = running_kpis(rich.actor, metrics, today=TODAY)
    with django_assert_num_queries(2):
        standings(rich.actor, kpis, metrics, today=TODAY)
