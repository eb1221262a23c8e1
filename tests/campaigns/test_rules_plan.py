"""Rules of the plan: the tree of goals, cards of a brief, the strip of time, the picture of a plan by day."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from campaigns.charts import HEIGHT, WIDTH, plan_bars
from campaigns.permissions import can_create_campaign, can_plan
from campaigns.rules import cards, plan, rates, strip
from core.errors import Invalid, RuleBroken


@dataclass
class Row:
    pk: int
    parent_id: int | None = None


def test_a_tree_lists_parents_before_children():
    rows = [Row(1), Row(2, 1), Row(3), Row(4, 2), Row(5, 1), Row(6, 99)]
    assert [(depth, row.pk) for depth, row in plan.in_tree_order(rows)] == [
        (0, 1),
        (1, 2),
        (2, 4),
        (1, 5),
        (0, 3),
        (0, 6),
    ]


def test_a_goal_moves_with_all_that_is_below_it():
    parents = {1: None, 2: 1, 3: 2, 10: None, 11: 10, 12: 11, 13: 12}
    plan.check_parent(parents, 2, 12)
    with pytest.raises(RuleBroken, match="at most 6 levels"):
        plan.check_parent({**parents, 4: 3}, 1, 12)
    with pytest.raises(RuleBroken, match="part of itself"):
        plan.check_parent(parents, 1, 3)


def test_cards_keep_known_texts_only():
    given = [{"name": " A ", "price": "1", "colour": "red"}, {"name": "", "price": ""}]
    assert cards.clean_cards(given, cards.OFFER, "offers") == [{"name": "A", "price": "1"}]


@pytest.mark.parametrize(
    "card",
    [
        {"price": "1"},
        {"name": "A", "start_date": "soon"},
        {"name": "A", "start_date": "2026-11-11", "finish_date": "2026-11-10"},
        {"name": "A", "terms": "x" * 2001},
    ],
)
def test_a_wrong_card_is_refused(card):
    with pytest.raises(Invalid) as refused:
        cards.clean_cards([card], cards.OFFER, "offers")
    assert "offers" in refused.value.errors


def test_a_bar_on_the_strip_covers_its_days():
    first, last = date(2026, 11, 1), date(2026, 11, 10)
    assert strip.share(date(2026, 11, 1), last, first, last) == (0, 100)
    assert strip.share(date(2026, 11, 6), date(2026, 11, 6), first, last) == (50, 10)
    assert [day for _x, day in strip.marks(first, first)] == [first]


def test_bars_of_a_plan_fill_their_box():
    days = {date(2026, 11, 1): Decimal(5), date(2026, 11, 2): Decimal(10), date(2026, 11, 3): Decimal(0)}
    bars = plan_bars(days)
    assert [bar["height"] for bar in bars] == [HEIGHT / 2, HEIGHT, 0]
    assert bars[-1]["x"] + bars[-1]["width"] <= WIDTH
    assert plan_bars({}) == [] and plan_bars({date(2026, 11, 1): Decimal(0)}) == []


def test_pasted_rates_are_read():
    assert rates.parse_rows("2026-11-20\tusd\tCNY\t7.1") == [(date(2026, 11, 20), "USD", "CNY", Decimal("7.1"))]
    with pytest.raises(RuleBroken, match="Row 1"):
        rates.parse_rows("2026-11-20\tUSD\tUSD\t7.1")


def test_a_limited_key_stays_within_its_campaigns(world):
    other_campaign = SimpleNamespace(campaign_ids=["0190a8a0-0000-7000-8000-000000000000"])
    limited = replace(world.actor, key=other_campaign)
    assert not can_create_campaign(limited)
    assert not can_plan(limited, world.campaign)
    other_campaign.campaign_ids = [str(world.campaign.pk)]
    assert can_plan(limited, world.campaign)
