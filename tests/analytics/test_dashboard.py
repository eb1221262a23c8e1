"""The dashboard: its cards show the roll-up's figures, say what is missing, cost few queries, and are nobody else's."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.http import QueryDict

from analytics.actions.rolling import rebuild
from analytics.forms.asking import Asked
from analytics.models import ExpectedRange, ExternalObject, KpiSource, ObjectLink
from analytics.models.board import planned_by_day, planned_by_placement
from analytics.models.progress import progress_of
from analytics.models.summary import catalogue_of
from analytics.rules import pacing
from campaigns.models import Annotation, ExchangeRate, Goal, Kpi, Metric
from placements.models import DayAllocation
from tests import factories
from tests.analytics import figures
from tests.analytics.test_summary import money, row

PARTS = ("trend", "attention", "goals", "pacing", "mix", "funnel", "placements", "accounts")
NOVEMBER = "?from=2026-11-01&to=2026-11-10"
TODAY = date(2026, 11, 11)


def metric(world, code):
    return Metric.objects.get(workspace=world.workspace, code=code)


def kpi(world, code="conversions", target="100", **values):
    goal = Goal.objects.create(workspace=world.workspace, campaign=world.campaign, title="Grow")
    given = {
        "goal": goal,
        "name": f"KPI {code}",
        "metric": metric(world, code),
        "target_value": Decimal(target),
        **values,
    }
    days = {"start_date": world.campaign.start_date, "finish_date": world.campaign.finish_date}
    return Kpi.objects.create(workspace=world.workspace, campaign=world.campaign, **{**days, **given})


@pytest.fixture
def told(world):
    """A campaign with figures, a plan, a KPI, a range and a note."""
    line = factories.placement(world.campaign, name="Brand words")
    for day in range(10):
        when = figures.DAY_1 + timedelta(day)
        money(world, 100 + day, when, placement=line)
        row(world, "clicks", 50, when, placement=line)
        row(world, "conversions", 2, when, placement=line)
        DayAllocation.objects.create(
            workspace=world.workspace, campaign=world.campaign, placement=line, date=when, amount=Decimal(100)
        )
    money(world, "33.5", campaign=None)
    world.line, world.kpi = line, kpi(world)
    world.range = ExpectedRange.objects.create(
        workspace=world.workspace, campaign=world.campaign, metric=metric(world, "cost"), low=0, high=50
    )
    Annotation.objects.create(
        workspace=world.workspace,
        campaign=world.campaign,
        text="Sale begins",
        start_date=figures.DAY_2,
        finish_date=figures.DAY_2,
    )
    return world


def test_the_page_shows_totals_ranges_and_unassigned_money(told, owner):
    page = owner.get(f"{told.c}/dashboard/{NOVEMBER}").content.decode()
    cost = page.split('class="tile-v"')[1].split("</strong>")[0]
    assert cost.rpartition(">")[2] == "¥1K"
    assert "Above" in page
    assert "¥33.50 belong to no campaign yet" in page


@pytest.mark.parametrize("part", PARTS)
def test_each_card_comes_by_itself_within_its_budget(told, owner, assert_budget, part):
    address = f"{told.c}/dashboard/{part}/{NOVEMBER}"
    owner.get(address)
    with assert_budget(f"analytics:dashboard-part {part}"):
        response = owner.get(address)
    assert response.status_code == 200


def test_the_shell_holds_its_budget(told, owner, assert_budget):
    owner.get(f"{told.c}/dashboard/{NOVEMBER}")
    with assert_budget("analytics:dashboard"):
        owner.get(f"{told.c}/dashboard/{NOVEMBER}")


def test_the_trend_tells_of_notes_and_the_days_before(told, owner):
    page = owner.get(f"{told.c}/dashboard/trend/{NOVEMBER}&compare=previous_period").content.decode()
    assert "Sale begins" in page
    assert "2026-10-22 – 2026-10-31" in page


def test_the_mix_leaves_out_no_channel_whose_money_came_in_two_currencies(told, owner):
    money(told, 10, currency="USD", placement=told.line)
    rate = {"date": figures.DAY_1, "base": "USD", "quote": "CNY", "rate": Decimal(7)}
    ExchangeRate.objects.create(workspace=told.workspace, **rate)
    page = owner.get(f"{told.c}/dashboard/mix/{NOVEMBER}&currency=CNY").content.decode()
    assert "170" in page  # the first day: 100 in yuan, and 10 dollars at 7


def test_placements_show_plan_spend_and_pace(told, owner):
    page = owner.get(f"{told.c}/dashboard/placements/{NOVEMBER}").content.decode()
    assert "¥1,045.00" in page and "¥1,000.00" in page
    assert "On plan" in page
    assert f"{told.c}/placements/{told.line.pk}/figures/" in page


@pytest.mark.parametrize("order", ["-cost", "cost", "-clicks", "ctr", "name", "-planned"])
@pytest.mark.parametrize("of", ["campaign", "workspace"])
def test_placements_of_which_few_are_shown_have_the_figures_they_have_when_all_are(told, owner, monkeypatch, order, of):
    free = factories.placement(told.campaign, name="Mails cost nothing")
    for n, line in enumerate((free, None)):  # the second: matched to the campaign alone
        account_link = figures.link(told, told.account)
        base = {"workspace": told.workspace, "account_link": account_link, "level": "campaign"}
        thing = ExternalObject.objects.create(**base, external_id=str(n))
        link = {"object": thing, "campaign": told.campaign, "placement": line, "how": "manual"}
        ObjectLink.objects.create(workspace=told.workspace, **link)
        row(told, "clicks", 7 + n, placement=line)
        row(told, "impressions", 900, placement=line)
    address = f"{told.c if of == 'campaign' else told.w}/{'data/' * (of == 'workspace')}dashboard/placements/"
    whole = rows_of(owner.get(f"{address}{NOVEMBER}&o={order}&rows=all"))
    assert len(whole) == 3 and {each[0] for each in whole} >= {"Brand words", "Mails cost nothing"}
    for most in (0, 1, 2, 3):
        monkeypatch.setattr("analytics.views.parts.MOST_ROWS", most)
        page = owner.get(f"{address}{NOVEMBER}&o={order}")
        assert rows_of(page) == whole[:most]
        assert ("Show all 3" in page.content.decode()) is (most < 3)


def rows_of(response):
    """What the table of placements says, and its totals on every row."""
    context = response.context
    return [(row["label"], row["cells"], row["planned"], context["total"], context["loose"]) for row in context["rows"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tables_are_given_as_files(told, owner, kind):
    response = owner.get(f"{told.c}/dashboard/export/placements/{NOVEMBER}&kind={kind}")
    assert response["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        line, *_rest = csv.DictReader(StringIO(response.content.decode("utf-8-sig")))
        assert (line["Placement"], Decimal(line["Planned"]), line["Cost"]) == ("Brand words", 1000, "1045.000000")
    assert owner.get(f"{told.c}/dashboard/export/all/{NOVEMBER}&kind=xlsx").content[:2] == b"PK"
    assert owner.get(f"{told.c}/dashboard/export/nothing/").status_code == 404


def test_an_address_that_cannot_be_read_says_so_and_shows_the_usual_period(told, owner):
    response = owner.get(f"{told.c}/dashboard/?period=aeon")
    assert response.status_code == 422
    assert "aeon" in response.content.decode()


def test_an_empty_dashboard_teaches(world, owner):
    page = owner.get(f"{world.c}/dashboard/").content.decode()
    assert "No figures yet" in page


@pytest.mark.parametrize("path", ["dashboard/", "dashboard/trend/", "ranges/", "goals/progress/"])
def test_a_stranger_finds_nothing(told, stranger, other, path):
    assert stranger.get(f"{told.c}/{path}").status_code == 404
    assert stranger.get(f"{other.w}/c/{told.campaign.code}/{path}").status_code == 404


def test_the_workspace_has_a_dashboard_of_all_campaigns(told, owner):
    assert "Data dashboard" in owner.get(f"{told.w}/data/dashboard/{NOVEMBER}").content.decode()
    assert owner.get(f"{told.w}/data/dashboard/accounts/{NOVEMBER}").status_code == 200
    assert owner.get(f"{told.w}/data/dashboard/goals/").status_code == 404


def test_numbers_of_the_page_are_those_of_rest(told, owner, stranger):
    body = owner.get(f"/api/v1/dashboard/{NOVEMBER}&campaign={told.campaign.code}").json()
    tiles = {tile["metric"]: tile for tile in body["tiles"]}
    assert tiles["cost"]["value"] == "1045"
    assert tiles["cost"]["range"]["place"] == "above"
    assert tiles["cpa"]["value"] == "52.25"
    assert body["unassigned"]["cost"] == "33.5"
    assert tiles["conversions"]["target"] == "100"
    assert stranger.get(f"/api/v1/dashboard/?campaign={told.campaign.code}").status_code == 400


def test_progress_is_measured_against_the_plan(told):
    [line] = progress_of(told.actor, told.campaign, [told.kpi], catalogue_of(told.actor), today=TODAY)
    assert (line.actual, line.done, line.state) == (Decimal(20), Decimal("0.2"), "off_track")
    assert line.expected == Decimal("0.3333")
    share = kpi(told, "cpa", "60", direction="decrease")
    [line] = progress_of(told.actor, told.campaign, [share], catalogue_of(told.actor), today=TODAY)
    assert (line.actual, line.state) == (Decimal("52.25"), "on_track")


def test_a_kpi_goes_by_its_source_of_record(told):
    link = figures.link(told)
    row(told, "conversions", 7, ad_account=link.ad_account)
    [line] = progress_of(told.actor, told.campaign, [told.kpi], catalogue_of(told.actor), today=TODAY)
    assert line.actual == 27
    KpiSource.objects.create(workspace=told.workspace, campaign=told.campaign, kpi=told.kpi, source=link.source)
    [line] = progress_of(told.actor, told.campaign, [told.kpi], catalogue_of(told.actor), today=TODAY)
    assert line.actual == 7


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("goals/progress/", "progress-"),
        ("kpis/{kpi}/actuals/", "Where it stands"),
        ("kpis/{kpi}/figures/", "Sources side by side"),
        ("placements/spend/", "spend-"),
        ("dashboard/cockpit/tiles/", "Open the dashboard"),
    ],
)
def test_fragments_of_other_pages(told, owner, address, word):
    response = owner.get(f"{told.c}/{address.format(kpi=told.kpi.pk)}")
    assert response.status_code == 200
    assert word in response.content.decode()


def test_progress_over_rest(told, owner, stranger):
    body = owner.get(f"/api/v1/kpis/{told.kpi.pk}/progress/").json()
    assert (body["actual"], body["target"]) == ("20", "100")
    assert stranger.get(f"/api/v1/kpis/{told.kpi.pk}/progress/").status_code == 404


def test_drill_down_lists_what_sources_delivered_and_restated(world, owner):
    link, line = figures.link(world), factories.placement(world.campaign)
    figures.deliver_rows(world, link, [figures.record(clicks=4, cost="1.5")])
    figures.deliver_rows(world, link, [figures.record(clicks=9, cost="1.5")])
    figures.deliver_rows(world, link, [figures.record(clicks=3, breakdown="device=mobile")], breakdown="device")
    ObjectLink.objects.create(
        workspace=world.workspace, object=link.objects_seen.get(), campaign=world.campaign, placement=line, how="manual"
    )
    address = f"{world.c}/placements/{line.pk}/figures/{NOVEMBER}"
    page = owner.get(address).content.decode()
    assert "Spring" in page and "¥1.50" in page
    assert "device=mobile" in owner.get(f"{address}&table=breakdowns").content.decode()
    assert "Nothing was restated" not in owner.get(f"{address}&table=revisions").content.decode()
    assert owner.get(f"{address}&table=hours").status_code == 200


def test_a_forecast_goes_straight_on_and_widens():
    actual = {figures.DAY_1 + timedelta(n): Decimal(value) for n, value in enumerate((10, 20, 30))}
    days = pacing.forecast(actual, figures.DAY_3, date(2026, 11, 5))
    assert [day.middle for day in days] == [80, 100]
    assert days[0].high - days[0].middle < days[1].high - days[1].middle
    assert days[0].low >= 60
    assert pacing.forecast(dict(list(actual.items())[:2]), figures.DAY_2, date(2026, 11, 5)) == []
    assert pacing.state(pacing.pace(Decimal(80), Decimal(100))) == pacing.UNDER
    assert pacing.state(None) == pacing.UNPLANNED


def test_sources_of_one_account_stand_side_by_side_with_the_gap(world, owner):
    account = factories.ad_account(world.workspace)
    pulled, filed = figures.link(world, account, kind="json", rank=10), figures.link(world, account)
    for link, value in ((pulled, 40), (filed, 37)):
        figures.deliver_rows(world, link, [figures.record(conversions=value)])
        seen = link.objects_seen.get()
        ObjectLink.objects.filter(object=seen).delete()
        ObjectLink.objects.create(workspace=world.workspace, object=seen, campaign=world.campaign, how="manual")
    rebuild(account)
    line = kpi(world)
    KpiSource.objects.create(workspace=world.workspace, campaign=world.campaign, kpi=line, source=pulled.source)
    page = owner.get(f"{world.c}/kpis/{line.pk}/figures/").content.decode()
    assert '<td class="num">37</td><td class="num">-3</td>' in page
    assert "Of record" in page


def test_a_plan_in_dollars_is_weighed_against_money_in_yuan(told, owner):
    line = factories.placement(told.campaign, name="Singapore search", currency="USD")
    for day in range(4):
        when = figures.DAY_1 + timedelta(day)
        ExchangeRate.objects.create(workspace=told.workspace, date=when, base="USD", quote="CNY", rate=Decimal(7))
        money(told, 10, when, currency="USD", placement=line)
        DayAllocation.objects.create(
            workspace=told.workspace, campaign=told.campaign, placement=line, date=when, amount=Decimal(10)
        )
    asked = Asked(told.actor, QueryDict("from=2026-11-01&to=2026-11-30&currency=CNY"), campaign=told.campaign)
    planned = planned_by_placement(told.actor, asked.question, figures.DAY_1)
    assert planned[line.pk] == (Decimal(280), Decimal(70))
    assert planned[told.line.pk] == (Decimal(1000), Decimal(100))
    plan, without_rate = planned_by_day(told.actor, asked.question)
    assert plan[figures.DAY_1] == Decimal(170)
    assert without_rate == set()


def test_the_goal_page_asks_for_the_bars_it_shows(told, owner):
    def bars(query):
        text = owner.get(f"{told.c}/goals/progress/{query}").content.decode()
        return f'id="progress-{told.kpi.goal_id}"' in text, f'id="progress-{told.kpi.pk}"' in text

    assert bars("") == (True, False)
    assert bars("?kpis=all") == (True, True)
    assert bars(f"?kpis={told.kpi.goal_id}") == (False, True)
    assert bars("?kpis=nonsense") == (True, False)


def spend_of(owner, world, query=""):
    """{id of the cell: what it says} of the list of placements."""
    body = owner.get(f"{world.c}/placements/spend/{query}").content.decode()
    cells = re.findall(r'<td class="num" id="spend-([^"]+)".*?>(.*?)</td>', body, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for name, text in cells}


def test_spend_stands_in_the_currency_of_the_budget_with_a_sum_for_each(told, owner):
    abroad = factories.placement(told.campaign, name="Singapore", currency="USD", state="booked")
    ExchangeRate.objects.create(
        workspace=told.workspace, date=figures.DAY_1, base="USD", quote="CNY", rate=Decimal("7")
    )
    money(told, 70, placement=abroad)
    money(told, 20, placement=abroad, currency="USD")
    found = spend_of(owner, told)
    assert found[str(abroad.pk)].endswith("$30.00")
    assert found[str(told.line.pk)].endswith("¥1,045.00")
    assert (found["total-USD"], found["total-CNY"]) == ("$30.00", "¥1,045.00")
    only = spend_of(owner, told, "?state=booked")
    assert set(only) == {str(abroad.pk), "total-USD"}


def test_spend_without_a_rate_stands_as_it_was_booked_and_has_no_sum(told, owner):
    abroad = factories.placement(told.campaign, name="Singapore", currency="USD")
    money(told, 70, placement=abroad)
    money(told, 20, placement=abroad, currency="USD")
    found = spend_of(owner, told)
    assert found[str(abroad.pk)].endswith("¥70.00 $20.00")
    assert (found["total-USD"], found["total-CNY"]) == ("–", "¥1,045.00")
