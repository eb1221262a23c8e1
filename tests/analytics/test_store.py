"""Figures come in whole, leave a history, and are counted once: the same on both databases."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from uuid_utils.compat import uuid7

from analytics.actions import facts as acts
from analytics.actions.matching import link_objects
from analytics.actions.rolling import roll_up
from analytics.models import DailyMetric, Delivery, ExternalObject, Fact, ObjectLink
from analytics.rules import counting
from analytics.store import links, staging
from campaigns.models import Metric
from core.errors import Invalid
from tests import factories
from tests.analytics import figures
from tests.analytics.figures import DAY_1, DAY_2, DAY_3, deliver_rows, record


@pytest.fixture
def link(world):
    return figures.link(world)


def test_a_delivery_writes_each_figure_once(world, link):
    done = deliver_rows(world, link, [record(clicks=5, cost="1.25"), record("Autumn", clicks=7)])
    assert (done.rows, done.changed, done.removed) == (3, 3, 0)
    assert figures.facts(link) == {
        ("Spring", DAY_1, -1, "", "clicks"): 5,
        ("Spring", DAY_1, -1, "", "cost"): Decimal("1.25"),
        ("Autumn", DAY_1, -1, "", "clicks"): 7,
    }
    assert Fact.objects.get(metric="cost").currency == "CNY"
    assert set(Fact.objects.filter(metric="clicks").values_list("currency", flat=True)) == {""}


def test_the_same_delivery_twice_changes_nothing(world, link):
    rows = [record(day=DAY_1 + timedelta(days=n), clicks=n, cost=f"{n}.10") for n in range(5)]
    deliver_rows(world, link, rows)
    before = list(Fact.objects.order_by("pk").values())
    done = deliver_rows(world, link, rows)
    assert (done.rows, done.changed, done.removed, done.days) == (10, 0, 0, set())
    assert figures.revisions(link) == []
    assert list(Fact.objects.order_by("pk").values()) == before


def test_a_figure_that_moves_leaves_a_revision(world, link):
    deliver_rows(world, link, [record(clicks=5, cost=1)])
    done = deliver_rows(world, link, [record(clicks=6, cost=1)])
    assert (done.changed, done.days) == (1, {DAY_1})
    assert figures.revisions(link) == [("Spring", DAY_1, "clicks", 5, 6)]
    assert figures.rolled(link.ad_account)[None, DAY_1, DAY_1, "clicks", ""] == 6


def test_what_a_complete_delivery_lacks_becomes_a_tombstone(world, link):
    deliver_rows(world, link, [record(clicks=5), record("Autumn", clicks=7), record(day=DAY_2, clicks=1)])
    done = deliver_rows(world, link, [record(clicks=5), record(day=DAY_2, clicks=1)])
    assert (done.changed, done.removed) == (0, 1)
    assert figures.revisions(link) == [("Autumn", DAY_1, "clicks", 7, None)]
    assert figures.rolled(link.ad_account)[None, DAY_1, DAY_1, "clicks", ""] == 5


def test_a_day_that_a_complete_delivery_finds_empty_is_emptied(world, link):
    deliver_rows(world, link, [record(clicks=5), record(day=DAY_2, clicks=1)])
    done = deliver_rows(world, link, [], day_from=DAY_1, day_to=DAY_1)
    assert done.removed == 1
    assert set(figures.facts(link)) == {("Spring", DAY_2, -1, "", "clicks")}


@pytest.mark.parametrize(
    "other",
    [
        {"day_from": DAY_2, "day_to": DAY_3},
        {"level": "ad"},
        {"breakdown": "device"},
        {"is_complete": False},
        {"metrics": ["impressions"]},
    ],
    ids=str,
)
def test_a_delivery_removes_only_within_its_own_scope(world, link, other):
    deliver_rows(world, link, [record(clicks=5)])
    given = {"day_from": DAY_1, "day_to": DAY_1, **other}
    assert deliver_rows(world, link, [], **given).removed == 0


def test_hours_days_and_periods_leave_each_other_alone(world, link):
    grains = [
        [record(clicks=24)],
        [record(hour=9, clicks=10), record(hour=10, clicks=14)],
        [record(last=DAY_3, clicks=70), record("Autumn", last=DAY_3, clicks=1)],
        [record(last=DAY_2, clicks=50)],
    ]
    for rows in [*grains, *grains]:
        deliver_rows(world, link, rows, day_to=DAY_3)
    assert figures.revisions(link) == []
    assert Fact.objects.count() == 6
    assert figures.rolled(link.ad_account) == {(None, DAY_1, DAY_1, "clicks", ""): 24}
    assert deliver_rows(world, link, grains[1][:1], day_to=DAY_3).removed == 1
    assert deliver_rows(world, link, grains[2][:1], day_to=DAY_3).removed == 1
    assert deliver_rows(world, link, [], day_to=DAY_3).removed == 4


def test_dimensions_of_a_breakdown_are_a_scope_of_their_own(world, link):
    rows = [record(breakdown="age=18|gender=Female", clicks=1), record(breakdown="age=25|gender=Male", clicks=2)]
    deliver_rows(world, link, rows, breakdown="age|gender")
    deliver_rows(world, link, [record(breakdown="age=18", clicks=3)], breakdown="age")
    deliver_rows(world, link, rows[:1], breakdown="age|gender")
    assert {key[3] for key in figures.facts(link)} == {"age=18|gender=Female", "age=18"}
    assert figures.rolled(link.ad_account) == {}


def test_rows_of_one_key_add_up_unless_the_last_one_counts(world, link):
    rows = [record(clicks=2, cost="0.10", reach=9), record(clicks=3, cost="0.20", reach=7)]
    deliver_rows(world, link, rows)
    found = {key[4]: value for key, value in figures.facts(link).items()}
    assert found == {"clicks": 5, "cost": Decimal("0.30"), "reach": 9}
    deliver_rows(world, link, rows, repeated="last")
    assert {key[4]: value for key, value in figures.facts(link).items()}["clicks"] == 3


def test_two_tables_of_a_file_that_state_the_same_figure_do_not_add_up(world, link):
    class Told(figures.Record):
        table = 1

    second = Told(*record(clicks=9))
    deliver_rows(world, link, [record(clicks=2), record(clicks=3), second])
    assert figures.facts(link) == {("Spring", DAY_1, -1, "", "clicks"): 5}


def test_a_delivery_larger_than_a_slice_and_a_chunk(world, link, monkeypatch):
    monkeypatch.setattr(staging, "SLICE", 50)
    monkeypatch.setattr(acts, "CHUNK", 40)
    rows = [record(f"C{n % 9}", DAY_1 + timedelta(days=n // 9), clicks=n, cost=n) for n in range(360)]
    done = deliver_rows(world, link, [*rows, rows[0]._replace(values={"clicks": Decimal(4)})])
    assert (done.changed, Fact.objects.count()) == (720, 720)
    assert figures.facts(link)["C0", DAY_1, -1, "", "clicks"] == 4
    done = deliver_rows(world, link, rows[1:])
    assert (done.changed, done.removed) == (0, 2)


def test_a_delivery_in_pieces_is_closed(world, link):
    deliver_rows(world, link, [record(clicks=5), record("Autumn", clicks=7), record("Winter", clicks=8)])
    run = uuid7()
    for piece in ([record(clicks=5)], [record("Autumn", clicks=9)]):
        deliver_rows(world, link, piece, is_complete=False, marks=True, repeated="last", origin_id=run)
    scope = {"level": "campaign", "day_from": DAY_1, "day_to": DAY_1, "origin_id": run, "at": figures.LATER}
    done = acts.close_scope(world.actor, account_link=link, **scope)
    assert done.removed == 1
    assert {key[0]: value for key, value in figures.facts(link).items()} == {"Spring": 5, "Autumn": 9}
    assert figures.rolled(link.ad_account) == {(None, DAY_1, DAY_1, "clicks", ""): 14}


def test_a_figure_that_two_tables_state_once_each_is_one_figure(world, link):
    class Told(figures.Record):
        table = 1

    for _n in range(2):
        deliver_rows(world, link, [record(clicks=2), Told(*record(clicks=9)), record("Autumn", clicks=1)])
        assert figures.facts(link)["Spring", DAY_1, -1, "", "clicks"] == 2
    assert figures.revisions(link) == []


def test_the_last_of_two_chunks_counts(world, link, monkeypatch):
    monkeypatch.setattr(acts, "CHUNK", 1)
    deliver_rows(world, link, [record(clicks=2), record(clicks=3)], repeated="last")
    assert figures.facts(link) == {("Spring", DAY_1, -1, "", "clicks"): 3}


STRAYS = {
    "new": [record("Winter", clicks=1)],
    "another metric": [record("Summer", cost=4)],
    "another breakdown": [record("Summer", breakdown="age=18", clicks=4)],
    "another level": [record("Summer", clicks=4)._replace(level="ad")],
    "an hour": [record("Summer", hour=3, clicks=4)],
    "a period": [record("Summer", last=DAY_2, clicks=4)],
    "a repeated row": [record("Winter", clicks=1), record("Winter", clicks=2)],
}


@pytest.mark.parametrize("marks", [False, True])
@pytest.mark.parametrize("stray", STRAYS)
def test_what_vanishes_is_noticed_whatever_else_a_delivery_holds(world, link, stray, marks):
    """As many rows as figures, but one row is no figure of the scope: the missing figure vanishes all the same."""
    rows = [record("Spring", clicks=5), record("Autumn", clicks=7)]
    scope = {"metrics": ["clicks"], "day_to": DAY_2}
    deliver_rows(world, link, [*rows, *STRAYS[stray]], is_complete=False, **scope)
    deliver_rows(world, link, [*rows, *STRAYS[stray]], is_complete=False, **scope)
    before = figures.facts(link)
    done = deliver_rows(world, link, [rows[0], *STRAYS[stray]], marks=marks, **scope)
    assert (done.removed, done.changed) == (1, 0)
    assert figures.revisions(link) == [("Autumn", DAY_1, "clicks", 7, None)]
    assert figures.facts(link) == {key: value for key, value in before.items() if key[0] != "Autumn"}
    assert deliver_rows(world, link, [rows[0], *STRAYS[stray]], **scope).removed == 0


def test_the_latest_name_of_an_object_counts(world, link):
    deliver_rows(world, link, [record(clicks=1)])
    deliver_rows(world, link, [record(clicks=1)._replace(name="Spring sale"), record("", DAY_2, clicks=1)])
    assert ExternalObject.objects.get(external_id="SPRING").name == "Spring sale"


def test_parents_are_known(world, link):
    rows = [record("Ad 1", level="ad", parent=("campaign", "7", "Spring"), clicks=1)]
    deliver_rows(world, link, rows, level="ad")
    parent = ExternalObject.objects.get(external_id="AD 1").parent
    assert (parent.level, parent.external_id, parent.name) == ("campaign", "7", "Spring")


@pytest.mark.parametrize("value", ["100000000000", "-100000000000", "1e30"])
def test_a_figure_out_of_range_is_refused(world, link, value):
    with pytest.raises(Invalid):
        deliver_rows(world, link, [record(clicks=value)])
    assert not Fact.objects.exists()


def test_a_figure_outside_of_the_days_stated_is_refused(world, link):
    with pytest.raises(Invalid):
        deliver_rows(world, link, [record(day=DAY_2, clicks=1)], day_from=DAY_1, day_to=DAY_1)


def test_figures_are_final_once_their_days_have_settled(world, link):
    link.source.settle_days = 3
    link.source.save()
    rows = [record(day=DAY_1, clicks=1), record(day=DAY_2, clicks=1)]
    deliver_rows(world, link, rows, at=datetime(2026, 11, 4, 4, tzinfo=UTC))
    assert [f.is_final for f in Fact.objects.order_by("date_from")] == [True, False]
    deliver_rows(world, link, rows, at=datetime(2026, 11, 4, 16, 1, tzinfo=UTC))  # the fifth in Shanghai
    assert [f.is_final for f in Fact.objects.order_by("date_from")] == [True, True]


def test_a_day_is_complete_once_it_was_delivered_whole_after_its_end(world, link):
    rows = [record(clicks=1)]
    for at, is_complete in [
        (datetime(2026, 11, 1, 15, 59, tzinfo=UTC), False),  # the day ends at 16:00 UTC
        (datetime(2026, 11, 1, 16, 0, tzinfo=UTC), True),
    ]:
        deliver_rows(world, link, rows, at=at)
        assert DailyMetric.objects.get().is_complete is is_complete


def test_a_partial_delivery_leaves_the_day_incomplete(world, link):
    deliver_rows(world, link, [record(clicks=1)], is_complete=False)
    assert DailyMetric.objects.get().is_complete is False
    assert Delivery.objects.get().is_complete is False


def test_a_day_that_two_sources_have_is_counted_once(world, link):
    pull = figures.link(world, link.ad_account, kind="json", rank=10)
    deliver_rows(world, link, [record(cost=10), record(day=DAY_2, cost=20)])
    deliver_rows(world, pull, [record(day=DAY_2, cost=21), record(day=DAY_3, cost=31)])
    assert {key[1]: value for key, value in figures.rolled(link.ad_account).items()} == {
        DAY_1: 10,
        DAY_2: 21,
        DAY_3: 31,
    }
    deliver_rows(world, pull, [], day_from=DAY_2, day_to=DAY_2)
    assert {key[1]: value for key, value in figures.rolled(link.ad_account).items()} == {
        DAY_1: 10,
        DAY_2: 20,
        DAY_3: 31,
    }


def test_the_whole_counts_however_it_is_assigned(world, link):
    placement = factories.placement(world.campaign, code="NOTHING-LIKE-IT")
    deliver_rows(world, link, [record(cost="33.33"), record("Autumn", cost="66.68"), record("Winter", cost="0.01")])
    found = ExternalObject.objects.select_related("account_link").get(external_id="AUTUMN")
    link_objects(world.actor, choices=[(found, world.campaign, placement, None, None)])
    rows = figures.rolled(link.ad_account)
    assert rows[placement.pk, DAY_1, DAY_1, "cost", "CNY"] == Decimal("66.68")
    assert sum(rows.values()) == Decimal("100.02")


def test_an_object_belongs_to_its_nearest_linked_ancestor(world, link):
    account = link.ad_account
    account.counting_level = "ad"
    account.save()
    placements = [factories.placement(world.campaign, code=f"ZZ-{n}-ZZ") for n in range(2)]
    for name, parent in [("Ad 1", "7"), ("Ad 2", "7")]:
        rows = [record(name, level="ad", parent=("campaign", parent, "Spring"), clicks=1)]
        deliver_rows(world, link, rows, level="ad", is_complete=False)
    objects = {found.external_id: found for found in ExternalObject.objects.select_related("account_link")}
    choices = [("7", placements[0]), ("AD 2", placements[1])]
    link_objects(world.actor, choices=[(objects[key], world.campaign, one, None, None) for key, one in choices])
    assert {key[0]: value for key, value in figures.rolled(account).items()} == {
        placements[0].pk: 1,
        placements[1].pk: 1,
    }


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([], []),
        ([(None, None, "a")], [(links.FIRST, links.LAST, "a")]),
        ([(DAY_2, DAY_2, "near"), (None, None, "far")], [
            (DAY_2, DAY_2, "near"), (links.FIRST, DAY_1, "far"), (DAY_3, links.LAST, "far"),
        ]),
        ([(DAY_2, None, "new"), (DAY_1, None, "old")], [(DAY_2, links.LAST, "new"), (DAY_1, DAY_1, "old")]),
    ],
)  # fmt: skip
def test_intervals_of_an_object_never_overlap(candidates, expected):
    assert links.effective(candidates) == expected


class Always:
    def covers(self, first, last):
        return True


def random_day(chance):
    return date(2026, 11, 1) + timedelta(days=chance.randrange(12))


def random_figures(chance, name):
    """Records of one link: days, hours, periods, other levels, breakdowns, and metrics that do not add up."""
    for _number in range(chance.randrange(1, 30)):
        first = random_day(chance)
        last = first + timedelta(days=chance.choice([0, 0, 0, 0, 1, 3, 6]))
        yield record(
            f"{name}{chance.randrange(3)}",
            first,
            last,
            hour=chance.choice([None, None, 9, 10]) if first == last else None,
            level=chance.choice(["campaign"] * 4 + ["ad"]),
            breakdown=chance.choice(["", "", "", "device=Mobile"]),
            **{chance.choice(["clicks", "cost", "reach"]): chance.randrange(-5, 10**6) / 100},
        )


def deliver_random(world, account_link, chance, name):
    by_scope = {}
    for one in random_figures(chance, name):
        by_scope.setdefault((one.level, "device" if one.breakdown else ""), []).append(one)
    for (level, breakdown), rows in by_scope.items():
        deliver_rows(world, account_link, rows, level=level, breakdown=breakdown, is_complete=chance.random() < 0.5)


def random_links(world, chance, account):
    placements = [factories.placement(world.campaign) for _number in range(2)]
    for found in ExternalObject.objects.filter(account_link__ad_account=account, level="campaign"):
        cut, plan = random_day(chance), chance.choice(["none", "all", "two"])
        if plan == "all":
            periods = [(None, None, placements[0])]
        else:
            periods = [(None, cut, placements[0]), (cut + timedelta(days=1), None, placements[1])]
        for valid_from, valid_to, placement in periods if plan != "none" else ():
            ObjectLink.objects.create(
                workspace=world.workspace, object=found, campaign=world.campaign, placement=placement,
                valid_from=valid_from, valid_to=valid_to, how="manual",
            )  # fmt: skip


def expected(account, order):
    """What the plain reference says the roll-up of the account holds."""
    rows = [
        counting.Fact(
            account.pk, f.object.level, f.object_id, f.date_from, f.date_to, None if f.hour < 0 else f.hour,
            f.breakdown, f.metric, f.value, f.currency, f.account_link_id,
        )
        for f in Fact.objects.filter(account_link__ad_account=account).select_related("object")
    ]  # fmt: skip
    accounts = {account.pk: counting.Counting("campaign", tuple(order))}
    kinds = dict(Metric.objects.values_list("code", "kind"))
    plan = [
        counting.Link(k.object_id, k.placement_id, k.valid_from, k.valid_to)
        for k in ObjectLink.objects.filter(object__account_link__ad_account=account)
    ]
    daily = counting.daily_sums(rows, accounts, kinds, plan)
    found = {(placement, day, day, metric, currency): v for (_a, placement, day, metric, currency), v in daily.items()}
    spans, _left_out = counting.choose_spans(rows, accounts, Always())
    placement_of = counting._placements(plan)
    for span in spans:
        if kinds[span.metric] == "additive":
            key = (placement_of(span), span.date_from, span.date_to, span.metric, span.currency)
            found[key] = found.get(key, 0) + span.value
    return found


@pytest.mark.parametrize("seed", range(25))
def test_the_roll_up_says_what_the_plain_reference_says(world, seed):
    chance = random.Random(seed)
    account = factories.ad_account(world.workspace)
    order = [figures.link(world, account, rank=rank) for rank in (10, 30, 30)]
    deliver_random(world, order[0], chance, "a")
    random_links(world, chance, account)
    roll_up(account)  # the links were written past the acts
    ranked = [one.pk for one in sorted(order, key=lambda one: (one.source.rank, one.source_id))]
    for place in [1, 2, 0, chance.randrange(3)]:
        deliver_random(world, order[place], chance, "abc"[place])
        assert figures.rolled(account) == expected(account, ranked)
    incremental = figures.rolled(account)
    roll_up(account)
    assert figures.rolled(account) == incremental
