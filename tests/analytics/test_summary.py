"""The summary agrees with the plain reference of counting, to the last digit, over REST."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from analytics.models import DailyMetric, DailyTotal, ObjectLink
from analytics.models.summary import Question, answer, catalogue_of
from analytics.querysets import rolled
from analytics.rules import counting, periods
from analytics.rules.summary import Rates
from analytics.store import reading
from campaigns.models import ExchangeRate
from tests import factories
from tests.analytics import figures

TODAY = date(2026, 11, 23)
URL = "/api/v1/facts/summary/"
DAYS = {"from": "2026-11-01", "to": "2026-11-10"}


def row(world, metric, value, day=figures.DAY_1, **more):
    """One row of the roll-up."""
    values = {"campaign": world.campaign, "placement": None, "channel": factories.channel(world.workspace), **more}
    values.setdefault("date_to", day)
    if "ad_account" not in values:
        account = getattr(world, "account", None) or factories.ad_account(world.workspace)
        world.account = values["ad_account"] = account
    values |= {"workspace": world.workspace, "date": day, "metric": metric, "value": Decimal(str(value))}
    found = DailyMetric.objects.create(**values)
    DailyTotal.objects.create(**{name: value for name, value in values.items() if name != "placement"})
    return found


def money(world, value, day=figures.DAY_1, currency="CNY", **more):
    return row(world, "cost", value, day, currency=currency, **more)


def ask(client, **params):
    params = {"metrics": "cost,clicks,cpc", **DAYS, **params}
    response = client.get(URL, params)
    assert response.status_code == 200, response.content
    return response.json()


def refused(client, **params):
    response = client.get(URL, {**DAYS, **params})
    assert response.status_code == 400
    return response.json()


def test_ratios_are_reckoned_from_sums_never_averaged(world, owner):
    for day, cost, clicks in ((figures.DAY_1, "10", 10), (figures.DAY_2, "20", 2)):
        money(world, cost, day)
        row(world, "clicks", clicks, day)
    body = ask(owner, group_by="day")
    assert body["totals"] == {"cost": "30", "clicks": "12", "cpc": "2.5"}
    assert [line["values"]["cpc"] for line in body["results"]] == ["1", "10"]
    assert body["currency"] == "CNY"


def test_what_is_undefined_is_null_and_not_zero(world, owner):
    money(world, "5")
    row(world, "clicks", 0)
    assert ask(owner)["totals"] == {"cost": "5", "clicks": "0", "cpc": None}
    assert ask(owner, **{"from": "2026-12-01", "to": "2026-12-02"})["totals"] == {
        "cost": None,
        "clicks": None,
        "cpc": None,
    }


def test_sums_keep_every_digit(world, owner):
    for number in range(40):
        money(world, "123456789.000001", figures.DAY_1 + timedelta(number % 9))
    assert ask(owner)["totals"]["cost"] == "4938271560.00004"


def test_periods_of_several_days_are_in_totals_only(world, owner):
    row(world, "clicks", 7)
    row(world, "clicks", 100, figures.DAY_2, date_to=date(2026, 11, 9))
    body = ask(owner, group_by="day")
    assert body["totals"]["clicks"] == "107"
    assert [line["values"]["clicks"] for line in body["results"]] == ["7"]
    assert "several days" in body["warnings"][0]
    assert ask(owner, to="2026-11-08")["totals"]["clicks"] == "7"


def test_money_of_several_currencies_is_apart_until_one_is_named(world, owner):
    money(world, "70")
    money(world, "10", currency="USD")
    row(world, "clicks", 4)
    body = ask(owner, group_by="channel")
    assert body["currency"] is None
    assert body["totals"] == {"cost": None, "clicks": "4", "cpc": None}
    assert body["totals_by_currency"] == {"CNY": {"cost": "70"}, "USD": {"cost": "10"}}
    assert body["results"][0]["money"] == body["totals_by_currency"]
    ExchangeRate.objects.create(
        workspace=world.workspace, date=figures.DAY_1, base="USD", quote="CNY", rate=Decimal("7.1255")
    )
    body = ask(owner, currency="CNY")
    assert body["totals"] == {"cost": "141.26", "clicks": "4", "cpc": "35.31375"}
    body = ask(owner, currency="USD")
    assert body["totals"]["cost"] == "19.82"


def test_a_missing_rate_is_listed_and_nothing_is_guessed(world, owner):
    money(world, "10", currency="USD")
    money(world, "10", figures.DAY_2, currency="USD")
    ExchangeRate.objects.create(
        workspace=world.workspace, date=figures.DAY_1, base="USD", quote="CNY", rate=Decimal("7")
    )
    body = ask(owner, currency="CNY")
    assert body["totals"]["cost"] is None
    assert body["missing_rates"] == [{"date": "2026-11-02", "base": "USD", "quote": "CNY"}]


def test_conversion_rounds_half_even_once_at_the_end(world, owner):
    for day in (figures.DAY_1, figures.DAY_2):
        money(world, "0.0125", day, currency="USD")
        ExchangeRate.objects.create(workspace=world.workspace, date=day, base="USD", quote="CNY", rate=Decimal("1.8"))
    assert ask(owner, currency="CNY")["totals"]["cost"] == "0.04"  # 0.045, not 0.02 + 0.02


def test_matched_and_unassigned_are_the_platforms_total(world, owner):
    money(world, "80")
    money(world, "20.5", campaign=None)
    money(world, "9", campaign=None, ad_account=factories.ad_account(world.workspace))
    body = ask(owner, campaign=world.campaign.code, group_by="account")
    assert (body["totals"]["cost"], body["unassigned"]["cost"]) == ("80", "20.5")
    assert body["platform_total"]["cost"] == "100.5"
    assert body["results"][0]["platform_total"]["cost"] == "100.5"
    whole = ask(owner)
    assert whole["unassigned"]["cost"] == "29.5"


def test_filters_and_comparison(world, owner):
    social = factories.channel(world.workspace, "social")
    line = factories.placement(world.campaign)
    row(world, "clicks", 30, placement=line)
    row(world, "clicks", 5, channel=social)
    row(world, "clicks", 20, date(2026, 10, 28))
    found = ask(owner, campaign=world.campaign.code, compare="previous_period", channels="sem")
    assert found["totals"]["clicks"] == "30"
    assert found["comparison"]["totals"]["clicks"] == "20"
    assert found["comparison"]["change"]["clicks"] == "0.5"
    assert ask(owner, channel="social")["totals"]["clicks"] == "5"
    assert ask(owner, placements=str(line.pk), group_by="placement")["results"][0]["label"] == line.name


def test_incomplete_days_and_missing_days_are_said(world, owner):
    row(world, "clicks", 1, is_complete=False)
    body = ask(owner, to="2026-11-03", group_by="day")
    assert body["complete"] is False
    assert body["results"][0]["complete"] is False
    assert any("2026-11-02, 2026-11-03" in warning for warning in body["warnings"])


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"metrics": "wishes"}, "wishes"),
        ({"group_by": "moon"}, "grouped"),
        ({"currency": "Yen"}, "ISO"),
        ({"compare": "never"}, "never"),
        ({"period": "aeon"}, "aeon"),
        ({"from": "2026-13-01"}, "2026-13-01"),
        ({"from": "2026-11-20"}, "ends before"),
        ({"channels": "pigeon"}, "pigeon"),
        ({"campaign": "NONE"}, "NONE"),
        ({"metrics": ",".join(["clicks"] * 25)}, "24"),
    ],
)
def test_what_is_not_on_the_list_is_refused_in_a_sentence(world, owner, params, word):
    assert word in refused(owner, **params)["detail"]


def test_foreign_ids_are_as_unknown_as_made_up_ones(world, other, owner, stranger):
    line = factories.placement(other.campaign)
    sentences = {
        refused(owner, placements=key)["detail"].replace(key, "…")
        for key in (str(line.pk), "0190d3a8-0000-7000-8000-000000000000")
    }
    assert len(sentences) == 1
    assert other.campaign.code in refused(owner, campaign=other.campaign.code)["detail"]
    money(world, "5")
    assert ask(stranger)["totals"]["cost"] is None


def test_unique_counts_are_stated_and_never_summed(world, owner):
    link = figures.link(world)
    rows = [figures.record(day=day, reach=value) for day, value in ((figures.DAY_1, 100), (figures.DAY_2, 120))]
    figures.deliver_rows(world, link, rows)
    body = ask(owner, metrics="reach,clicks")
    assert body["totals"] == {"reach": None, "clicks": None}
    assert [(one["first"], one["value"]) for one in body["not_additive"]] == [
        ("2026-11-02", "120"),
        ("2026-11-01", "100"),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_totals_are_those_of_the_reference(world, seed):
    """Random deliveries of two sources, levels and spans: the roll-up's answer equals `rules.counting`."""
    chance = random.Random(seed)
    account = factories.ad_account(world.workspace)
    links = [figures.link(world, account, kind=kind, rank=rank) for kind, rank in (("json", 10), ("file", 30))]
    facts = []
    for link in links:
        records = _records(chance)
        figures.deliver_rows(world, link, records, day_from=date(2026, 11, 1), day_to=date(2026, 11, 14))
        facts += [_as_fact(account, link, record, metric) for record in records for metric in record.values]
    order = {account.pk: counting.Counting("campaign", tuple(link.pk for link in links))}
    period = periods.custom(date(2026, 11, 1), date(2026, 11, 12))
    metrics = catalogue_of(world.actor)
    kinds = {code: metric.kind for code, metric in metrics.items()}
    expected = counting.totals(facts, order, kinds, period).values
    found = answer(world.actor, Question(period, ("cost", "clicks")), metrics, today=TODAY)
    values = found.values(found.platform_total)
    assert values["cost"] == expected.get(("cost", "CNY"))
    assert values["clicks"] == expected.get(("clicks", None))


def _records(chance):
    found = []
    for name in ("One", "Two", "Three"):
        for offset in chance.sample(range(12), 5):
            day = date(2026, 11, 1) + timedelta(offset)
            figure = {"cost": Decimal(chance.randrange(10**6)) / 1000, "clicks": chance.randrange(50)}
            found.append(figures.record(name, day, **figure))
    return found


def _as_fact(account, link, record, metric):
    currency = "CNY" if metric == "cost" else None
    return counting.Fact(
        account.pk, record.level, record.name, record.date_from, record.date_to, None, "", metric,
        record.values[metric], currency, link.pk,
    )  # fmt: skip


def test_the_answer_costs_few_queries(world, owner, assert_budget):
    money(world, "1")
    owner.get(URL, DAYS)
    with assert_budget("api:facts-summary"):
        owner.get(URL, {**DAYS, "group_by": "placement", "campaign": world.campaign.code})


def test_the_figures_behind_a_sum_are_listed(world, other, owner, stranger, assert_budget):
    link = figures.link(world)
    figures.deliver_rows(world, link, [figures.record(clicks=4, cost="1.5")])
    line = factories.placement(world.campaign)
    ObjectLink.objects.create(
        workspace=world.workspace, object=link.objects_seen.get(), campaign=world.campaign, placement=line, how="manual"
    )
    owner.get("/api/v1/facts/")
    with assert_budget("api:facts-list"):
        body = owner.get("/api/v1/facts/", {"placement": str(line.pk), "metric": "cost"}).json()
    assert [(one["value"], one["object_name"]) for one in body["results"]] == [("1.5", "Spring")]
    assert stranger.get("/api/v1/facts/").json()["results"] == []
    foreign = factories.placement(other.campaign)
    assert owner.get("/api/v1/facts/", {"placement": str(foreign.pk)}).status_code == 400


def test_a_plan_in_another_currency_goes_by_the_rate_of_its_day_or_the_latest_before():
    rates = Rates(
        "CNY", [(date(2026, 11, 2), "USD", "CNY", Decimal("7.1")), (date(2026, 11, 4), "USD", "CNY", Decimal("7.2"))]
    )
    assert rates.planned(date(2026, 11, 2), "USD") == Decimal("7.1")
    assert rates.planned(date(2026, 11, 3), "USD") == Decimal("7.1")
    assert rates.planned(date(2026, 12, 24), "USD") == Decimal("7.2")
    assert rates.planned(date(2026, 11, 1), "USD") is None
    assert rates.planned(date(2026, 11, 1), "CNY") == 1


def test_what_is_asked_by_text_is_what_the_tables_show(world):
    """The text is the ORM's equal: of everybody, of a key for one campaign, of a key for none of them, of a seat."""
    other = factories.campaign(world.workspace, world.actor.user)
    for place in (world.campaign, other, None):
        money(world, 1, campaign=place)
    key = SimpleNamespace(campaign_ids=[str(world.campaign.pk)], scopes=["*"])
    nothing = SimpleNamespace(campaign_ids=[str(world.workspace.pk)], scopes=["*"])
    actors = [world.actor, replace(world.actor, key=key), replace(world.actor, key=nothing)]
    actors += [replace(world.actor, seat=SimpleNamespace(organization_id=None)), replace(world.actor, workspace=None)]
    counts = []
    for actor in actors:
        shown = set(DailyTotal.objects.visible_to(actor).values_list("campaign_id", flat=True))
        assert {each for (each,) in reading.distinct([rolled(actor, reading.WHOLE)], ["campaign_id"])} == shown
        counts.append(len(shown))
    assert counts == [3, 1, 0, 0, 0]
