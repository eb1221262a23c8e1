"""Answers read straight from the rows are those that DRF would give, field by field and in the same order."""

import json
from decimal import Decimal

import pytest
from rest_framework import serializers

from campaigns.actions import create_goal, create_kpi, create_phase
from campaigns.models import Market, Metric
from core.api.out import QuickMixin
from placements.actions import create_ad_account, create_placement
from tests import factories

LISTS = (
    "campaigns",
    "phases",
    "goals",
    "kpis",
    "placements",
    "flights",
    "ad-accounts",
    "members",
    "metrics",
    "channels",
)


@pytest.fixture
def plan(world):
    """Two of each: one with everything that can be set, one with as little as it may have."""
    campaign, actor, sem = world.campaign, world.actor, factories.channel(world.workspace)
    days = (campaign.start_date, campaign.finish_date)
    campaign.markets.set(Market.objects.filter(workspace=world.workspace)[:2])
    phase = create_phase(actor, campaign=campaign, name="Warm-up", start_date=days[0], finish_date=days[1])
    goal = create_goal(actor, campaign=campaign, title="Sell", owner=world.owner)
    create_kpi(actor, goal=create_goal(actor, campaign=campaign, title="Bare", parent=goal), name="Bare")
    metric = Metric.objects.get(workspace=world.workspace, code="clicks")
    dates = {"start_date": days[0], "finish_date": days[1], "baseline_date": days[0]}
    values = {"metric": metric, "channel": sem, "owner": world.owner, "target_value": Decimal("12.5")}
    kpi = create_kpi(actor, goal=goal, name="Clicks", **values, **dates)
    account = {"platform": "google_ads", "currency": "CNY", "time_zone": "Asia/Shanghai", "channel": sem}
    values = {"phase": phase, "owner": world.owner, "budget_amount": Decimal(10), "discount": Decimal("2.5")}
    values |= {"ad_account": create_ad_account(actor, name="Main", **account), "platform": "google_ads"}
    values |= {"landing_url": "https://www.example.com/?a=1", "flights": [days], "kpis": [kpi]}
    create_placement(actor, campaign=campaign, name="Full", channel=sem, **values)
    create_placement(actor, campaign=campaign, name="Bare", channel=sem)


def answers(client):
    """{path: text} of every list and of every row by itself."""
    found = {}
    for name in LISTS:
        text = found[name] = client.get(f"/api/v1/{name}/").content.decode()
        for row in json.loads(text)["results"][:4]:
            path = f"/api/v1/{name}/{row['id']}/"
            found[path] = client.get(path).content.decode()
            assert json.loads(found[path]) == row, path
    return found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rows_are_shown_as_drf_shows_them(world, owner, plan, monkeypatch, language):
    world.owner.language = language
    world.owner.save()
    quick = answers(owner)
    assert len(quick) > 2 * len(LISTS)
    monkeypatch.setattr(QuickMixin, "to_representation", serializers.Serializer.to_representation)
    assert answers(owner) == quick


def test_the_words_of_an_answer_follow_the_language_of_who_asks(world, owner, plan):
    labels = []
    for world.owner.language in ("en", "zh-hans"):
        world.owner.save()
        found = owner.get("/api/v1/placements/").json()["results"]
        labels.append(found[0]["moves"][0]["label"])
    assert labels[0] == "Book" and labels[1] != "Book"
