"""Home, cockpit, search and activity as a person sees them."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from analytics.models import ExpectedRange
from campaigns.actions import create_goal
from campaigns.models import Kpi, Metric
from core.audit import record
from overview.views import cockpit
from tests import factories

NOW = datetime(2026, 11, 15, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mid_november():
    with time_machine.travel(NOW, tick=False):
        yield


def text(response):
    assert response.status_code == 200, response.content[:2000]
    return response.content.decode()


def test_home_of_an_empty_workspace_offers_one_thing(world, owner):
    world.campaign.delete()
    page = text(owner.get(f"{world.w}/"))
    assert "Start with a campaign" in page
    assert page.count("btn pri") == 2  # the "New" menu of the shell, and the one act of the empty page


def test_home_lists_what_waits(rich, owner):
    context = owner.get(f"{rich.w}/").context
    attention = context["attention"]
    assert [line["kpi"].pk for line in attention["off"]["lines"]] == [rich.clicks.pk]
    assert (attention["off"]["count"], attention["off"]["lines"][0]["percent"]) == (1, "10%")
    assert [line["kpi"].pk for line in attention["silent"]["lines"]] == [rich.leads.pk]
    assert [(code, f"{amount:.2f}") for code, amount in attention["money"]] == [("CNY", "50.00")]
    (card,) = context["campaigns"]
    assert card["states"] == [("off_track", 1), ("no_data", 1), ("on_track", 1)]
    assert (card["week"], card["weeks"], card["percent"]) == (3, 5, 50)


PROGRESS = re.compile(r'<progress class="bar[^"]*" max="100" value="([^"]+)">([^<]+)</progress>')


@pytest.mark.parametrize(
    ("baseline", "target", "bar"),
    [
        (200, "2200", ("0", "-5%")),
        (None, "97", ("100", "103%")),
        (None, "150", ("67", "67%")),
        (100, "200", ("0", "0%")),
    ],
)
def test_one_number_says_everywhere_how_far_a_kpi_has_come(rich, owner, baseline, target, bar):
    Kpi.objects.exclude(pk=rich.clicks.pk).delete()
    rich.clicks.baseline_value, rich.clicks.target_value = baseline, Decimal(target)
    rich.clicks.save()
    drawn = {
        "standing": [bar, bar],  # of the goal and of its KPI
        "goals/progress": [bar, bar],
        "dashboard/goals": [bar],
        f"kpis/{rich.clicks.pk}/actuals": [bar],
        f"kpis/{rich.clicks.pk}/figures": [bar],
    }
    for address, bars in drawn.items():
        page = text(owner.get(f"{rich.c}/{address}/?kpis=all"))
        assert PROGRESS.findall(page) == bars, address
        assert page.count(f">{bar[1]}<") >= 2 * len(bars), address  # in the bar for who hears it, and beside it
    assert f"{bar[1]} " in text(owner.get(f"{rich.c}/dashboard/goals/"))


def test_home_lists_what_is_out_of_range(rich, owner):
    ExpectedRange.objects.create(
        workspace=rich.workspace, campaign=rich.campaign, metric=Metric.objects.get(code="clicks"), low=20, high=30
    )
    response = owner.get(f"{rich.w}/")
    (line,) = response.context["attention"]["out"]
    shown = [line[name] for name in ("name", "value", "low", "place", "tone")]
    assert shown == ["Clicks", "10", "20", "below", "bad"]
    assert "10, expected 20 to 30" in text(response)


def test_home_says_so_when_all_is_well(world, owner):
    page = text(owner.get(f"{world.w}/"))
    assert "Nothing waits for you." in page


def test_home_shows_only_my_kpis(rich):
    colleague = factories.member(rich.workspace, name="Cai Colleague")
    attention = rich.client(colleague).get(f"{rich.w}/").context["attention"]
    assert set(attention) == {"money"}


def test_comments_to_me(rich, owner):
    colleague = factories.member(rich.workspace, name="Cai Colleague")
    at = f"{rich.w}/c/{rich.campaign.code}/comments/campaigns.kpi/{rich.clicks.pk}/"
    rich.client(colleague).post(at, {"text": "Are these clicks real?"})
    owner.post(at, {"text": "My own words wait for nobody."})
    words = owner.get(f"{rich.w}/").context["attention"]["words"]
    assert [word.text for word in words] == ["Are these clicks real?"]
    assert "words" not in rich.client(colleague).get(f"{rich.w}/").context["attention"]


def test_cockpit(rich, owner):
    response = owner.get(f"{rich.c}/")
    page, context = text(response), response.context
    assert "week 3 of 5" in page
    (purse,) = context["purses"]
    assert (purse.currency, purse.frame, purse.budgets, f"{purse.spent:.2f}") == ("CNY", 100000, 5000, "1002.50")
    assert purse.spent_share == 1
    assert [(code, f"{amount:.2f}") for code, amount in context["unassigned"]] == [("CNY", "50.00")]
    assert [mark["label"] for mark in context["strip"]["marks"]] == ["Double 11", "Site was slow"]
    assert context["strip"]["flights"][0]["bars"][0]["x"] == "6.67"
    assert context["running"] == [rich.placement]


def test_cockpit_fetches_how_its_goals_stand(rich, owner):
    assert f'hx-get="{rich.c}/standing/"' in text(owner.get(f"{rich.c}/"))
    response = owner.get(f"{rich.c}/standing/")
    page, context = text(response), response.context
    assert 'id="standing"' in page and 'id="tiles"' in page
    assert [(tile["label"], tile["value"], tile["state"]) for tile in context["tiles"]] == [
        ("Clicks", "100", "off_track"),
        ("Leads", "–", "no_data"),
        ("Cost per click", "¥10.03", "on_track"),
    ]
    assert [line["goal"].title for line in context["tree"] if "goal" in line] == ["Win November"]
    assert context["tree"][0]["state"] == "at_risk"


def test_a_large_goal_tree_shows_its_goals_alone(rich, owner, monkeypatch):
    monkeypatch.setattr("overview.views.cockpit.LINES", 1)
    create_goal(rich.actor, campaign=rich.campaign, title="Win December")
    response = owner.get(f"{rich.c}/standing/")
    assert [(line["goal"].title, line["kpis"]) for line in response.context["tree"]] == [("Win November", 3)]
    assert "3 KPIs" in text(response) and "1 more goal" in text(response)


def test_a_kpi_that_goes_while_the_page_is_made_has_no_line(rich, owner, monkeypatch):
    whole = text(owner.get(f"{rich.c}/standing/"))
    rows = cockpit.kpis_of
    monkeypatch.setattr(cockpit, "kpis_of", lambda *args, **chosen: rows(*args, **chosen)[1:])
    response = owner.get(f"{rich.c}/standing/")
    assert response.status_code == 200
    assert text(response).count("/kpis/") < whole.count("/kpis/")


def test_cockpit_of_a_bare_campaign_teaches(world, owner):
    assert "No phases or flights yet" in text(owner.get(f"{world.c}/"))
    assert "No goals yet" in text(owner.get(f"{world.c}/standing/"))


@pytest.mark.parametrize(
    "path", ["/", "/c/{code}/", "/c/{code}/standing/", "/search/?q=clicks", "/activity/", "/c/{code}/activity/"]
)
def test_pages_hold_their_query_budget(rich, owner, assert_budget, path):
    url = rich.w + path.format(code=rich.campaign.code)
    owner.get(url)
    with assert_budget(f"overview:{path.split('?')[0]}"):
        assert owner.get(url).status_code == 200


@pytest.mark.parametrize(("words", "kinds"), [("clicks", {"kpi"}), ("win nov", {"goal"}), ("nothing like it", set())])
def test_search(rich, owner, words, kinds):
    results = owner.get(f"{rich.w}/search.json", {"q": words}).json()["results"]
    assert {result["icon"] for result in results} == {{"kpi": "target", "goal": "flag-2"}[kind] for kind in kinds}
    assert all(result["url"].startswith(rich.w) for result in results)


def test_search_finds_chinese_words(rich, owner):
    factories.campaign(rich.workspace, rich.owner, name="夏季新品上市", code="SUMMER", search_text=" 夏季 新品 上市 ")
    results = owner.get(f"{rich.w}/search.json", {"q": "新品"}).json()["results"]
    assert [result["label"] for result in results] == ["夏季新品上市"]


def test_search_stays_in_the_workspace(rich, other, stranger):
    for path in ("search.json", "search/"):
        answer = stranger.get(f"{other.w}/{path}", {"q": "clicks"})
        assert "Win November" not in answer.content.decode() and rich.clicks.pk.hex not in answer.content.decode()


def test_activity_filters_and_exports(rich, owner):
    record(rich.actor, "campaigns.kpi_changed", rich.clicks, changes={"target": ["900", "1000"]})
    record(rich.actor, "placements.placement_moved", rich.placement, changes={"state": ["planned", "live"]})
    page = text(owner.get(f"{rich.w}/activity/"))
    assert "changed the KPI" in page and "moved the placement" in page and "900" in page
    page = text(owner.get(f"{rich.w}/activity/", {"area": "placements"}))
    assert "moved the placement" in page.split("<ol", 1)[1] and "changed the KPI <a" not in page
    csv = owner.get(f"{rich.w}/activity/", {"area": "placements", "export": "csv"}).content.decode("utf-8-sig")
    assert len(csv.splitlines()) == 2 and "State: planned → live" in csv
    xlsx = owner.get(f"{rich.c}/activity/", {"export": "xlsx"})
    assert xlsx["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_plan_worked_out_anew_is_told(rich, owner):
    record(rich.actor, "tasks.plan_refreshed", rich.campaign, changes={"tasks": [None, 12], "gone": [None, 1]})
    assert "Tasks" in text(owner.get(f"{rich.w}/activity/")).split("<ol", 1)[1]


@pytest.mark.parametrize(
    "query", ["start=nonsense", "person=1", "verb=x", "page=999", "finish=0001-01-01", "area=%00x"]
)
def test_odd_filters_are_no_error(rich, owner, query):
    assert owner.get(f"{rich.w}/activity/?{query}").status_code in (200, 400)


def test_lines_about_keys_are_for_managers(rich, owner):
    record(rich.actor, "accounts.api_key_created", rich.workspace)
    member = rich.client(factories.member(rich.workspace, name="Mei Member"))
    in_log = [text(client.get(f"{rich.w}/activity/")).split("<ol", 1)[1] for client in (owner, member)]
    assert ["made the API key" in log for log in in_log] == [True, False]


def test_activities_by_api(rich, owner):
    record(rich.actor, "campaigns.kpi_changed", rich.clicks, changes={"target": ["900", "1000"]})
    record(rich.actor, "campaigns.workspace_thing", rich.workspace)
    rows = owner.get("/api/v1/activities/", {"campaign": rich.campaign.code}).json()["results"]
    assert [row["sentence"] for row in rows] == ["changed the KPI Clicks"]
    assert owner.get("/api/v1/activities/", {"campaign": "NOPE"}).status_code == 400
    assert owner.get(f"/api/v1/activities/{rows[0]['id']}/").json()["changes"] == {"target": ["900", "1000"]}


def test_search_by_api(rich, owner):
    body = owner.get("/api/v1/search/", {"q": "clicks", "kind": "kpi"}).json()
    assert body == {
        "results": [
            {"kind": "kpi", "id": str(rich.clicks.pk), "label": "Clicks", "campaign": rich.campaign.code},
        ]
    }
    assert owner.get("/api/v1/search/", {"q": "clicks", "kind": "thing"}).status_code == 400
    assert owner.get("/api/v1/search/", {"q": ""}).json() == {"results": []}
