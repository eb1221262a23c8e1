"""Goals, KPIs and their targets, through both doors."""

import html
from datetime import date
from decimal import Decimal

import pytest

from campaigns import actions
from campaigns.models import Goal, Kpi, KpiTarget, Phase
from campaigns.rules.goals import lint
from tests import factories

NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]


def test_a_goal_is_made_and_changed(hands):
    code = hands.world.campaign.code
    typed = {"title": "Be known", "roll_up": "sum", "weight": "2"}
    assert hands.act(page=f"c/{code}/goals/new/", typed=typed, api="goals/", body={"campaign": code, **typed})
    goal = Goal.objects.get()
    assert (goal.title, goal.roll_up, goal.weight) == ("Be known", "sum", 2)
    assert hands.act(
        page=f"c/{code}/goals/{goal.pk}/",
        typed={**typed, "title": "Be loved", "lock_version": 1},
        api=f"goals/{goal.pk}/",
        body={"title": "Be loved"},
        method="patch",
    )
    assert Goal.objects.get().title == "Be loved"


def move(hands, goal, parent):
    code = hands.world.campaign.code
    typed = {"parent": str(parent.pk) if parent else ""}
    body = {"parent": str(parent.pk) if parent else None}
    return hands.act(page=f"c/{code}/goals/{goal.pk}/move/", typed=typed, api=f"goals/{goal.pk}/move/", body=body)


def test_a_goal_moves_but_not_below_itself(hands, plan):
    actor = hands.world.actor
    other = actions.create_goal(actor, campaign=plan.campaign, title="Sell")
    assert move(hands, other, plan.goal)
    other.refresh_from_db()
    assert other.parent == plan.goal
    assert not move(hands, plan.goal, other)
    assert "A goal cannot be part of itself." in html.unescape(hands.words)
    assert move(hands, other, None)


def test_goals_have_a_depth(hands, plan):
    parent = plan.goal
    for level in range(5):
        parent = actions.create_goal(hands.world.actor, campaign=plan.campaign, title=f"Level {level}", parent=parent)
    high = actions.create_goal(hands.world.actor, campaign=plan.campaign, title="High")
    assert not move(hands, high, parent)
    assert "at most 6 levels" in hands.words


def test_a_goal_of_another_campaign_is_no_parent(hands, plan):
    campaign = factories.campaign(hands.world.workspace, hands.world.owner)
    stranger = actions.create_goal(hands.world.actor, campaign=campaign, title="Elsewhere")
    assert not move(hands, plan.goal, stranger)


def test_a_goal_with_something_below_is_not_archived(hands, plan):
    code, goal = plan.campaign.code, plan.goal
    address = {"page": f"c/{code}/goals/{goal.pk}/archive/", "api": f"goals/{goal.pk}/", "method": "delete"}
    assert not hands.act(**address)
    assert "Search clicks" in hands.words
    actions.archive_kpi(hands.world.actor, kpi=plan.kpi)
    assert hands.act(**address)
    assert hands.act(page=f"c/{code}/goals/{goal.pk}/restore/", api=f"goals/{goal.pk}/restore/")
    assert Goal.objects.get().archived_at is None


def test_a_kpi_with_placements_is_not_archived(hands, plan):
    placement = factories.placement(plan.campaign, name="Baidu brand zone")
    placement.kpis.add(plan.kpi)
    code = plan.campaign.code
    address = {"page": f"c/{code}/kpis/{plan.kpi.pk}/archive/", "api": f"kpis/{plan.kpi.pk}/", "method": "delete"}
    assert not hands.act(**address)
    assert "Baidu brand zone" in hands.words
    placement.kpis.clear()
    assert hands.act(**address)
    assert hands.act(page=f"c/{code}/kpis/{plan.kpi.pk}/restore/", api=f"kpis/{plan.kpi.pk}/restore/")


def new_kpi(hands, goal, /, **changes):
    typed = {"goal": str(goal.pk), "name": "Orders", "direction": "increase", "weight": "1", **changes}
    code = hands.world.campaign.code
    return hands.act(page=f"c/{code}/kpis/new/", typed=typed, api="kpis/", body=typed)


def test_a_kpi_may_lack_things_and_the_lint_says_which(hands, plan):
    assert new_kpi(hands, plan.goal)
    kpi = Kpi.objects.with_words().get(name="Orders")
    assert {finding.code for finding in kpi.findings()} >= {"metric_missing", "target_missing", "period_missing"}
    words = html.unescape(hands.world.client().get(f"{hands.world.c}/goals/").content.decode())
    assert "Say which metric or formula is measured." in words and "Give the target." in words
    listed = hands.world.client().get("/api/v1/kpis/?q=orders").json()["results"]
    assert {finding["code"] for finding in listed[0]["findings"]} == {finding.code for finding in kpi.findings()}
    assert plan.kpi.findings() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_date": "2026-11-05", "finish_date": "2026-11-01"},
        {"target_value": "1e40"},
        {"target_value": "NaN"},
        {"goal": "0190a8a0-0000-7000-8000-000000000000"},
        {"weight": "-1"},
        {"direction": "sideways"},
    ],
)
def test_a_wrong_kpi_is_refused(hands, plan, wrong):
    assert not new_kpi(hands, plan.goal, **wrong)
    assert 400 <= hands.answer.status_code < 500
    assert Kpi.objects.count() == 1


def test_a_foreign_goal_owner_or_channel_is_unknown(hands, plan, other):
    theirs = Goal._base_manager.create(workspace=other.workspace, campaign=other.campaign, title="Theirs")
    assert not new_kpi(hands, theirs)
    assert not new_kpi(hands, plan.goal, owner=str(other.owner.pk))
    assert not new_kpi(hands, plan.goal, channel=str(factories.channel(other.workspace).pk))
    assert Kpi.objects.count() == 1


def test_a_kpi_is_changed(hands, plan):
    typed = {"goal": str(plan.goal.pk), "name": "Clicks", "direction": "increase", "weight": "1", "lock_version": 1}
    assert hands.act(
        page=f"c/{plan.campaign.code}/kpis/{plan.kpi.pk}/edit/",
        typed=typed,
        api=f"kpis/{plan.kpi.pk}/",
        body={"name": "Clicks"},
        method="patch",
    )
    assert Kpi.objects.get().name == "Clicks"


def set_days(hands, plan, typed, body):
    address = f"c/{plan.campaign.code}/kpis/{plan.kpi.pk}/targets/"
    return hands.act(page=address, typed={**typed, "confirm": "on"}, api=f"kpis/{plan.kpi.pk}/targets/", body=body)


def by_day():
    return dict(KpiTarget.objects.filter(phase=None).order_by("date").values_list("date", "value"))


def test_a_target_is_spread_evenly_to_the_last_digit(hands, plan):
    actions.update_kpi(hands.world.actor, kpi=plan.kpi, target_value=Decimal(1000))
    assert set_days(hands, plan, {"mode": "even", "lock_version": 2}, {"spread": "even"})
    assert list(by_day()) == NOVEMBER
    assert sum(by_day().values()) == 1000
    assert set(by_day().values()) == {33, 34}


def test_a_target_is_spread_by_weekday(hands, plan):
    weights = ["0", "0", "0", "0", "0", "1", "1"]
    typed = {"mode": "weekday_weights", "lock_version": 1} | {f"w{n}": weight for n, weight in enumerate(weights)}
    assert set_days(hands, plan, typed, {"spread": "weekday_weights", "weights": weights})
    assert {day.weekday() for day, value in by_day().items() if value} == {5, 6}
    assert sum(by_day().values()) == 3000


def test_a_column_is_pasted(hands, plan):
    text = "\n".join(["100"] * 30)
    assert set_days(hands, plan, {"mode": "paste", "text": text, "lock_version": 1}, {"pasted": text})
    assert by_day() == dict.fromkeys(NOVEMBER, 100)


def test_two_columns_are_pasted_and_other_days_are_zero(hands, plan):
    text = "Day\tClicks\n2026-11-11\t1,200\n11月12日\t1.8千"
    assert set_days(hands, plan, {"mode": "paste", "text": text, "lock_version": 1}, {"pasted": text})
    assert {day: value for day, value in by_day().items() if value} == {
        date(2026, 11, 11): 1200,
        date(2026, 11, 12): 1800,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\n2", "The column has 2 figures, the period has 30 days."),
        ("2026-11-11\tmany", "Row 1: “many” is not a number."),
        ("2026-12-01\t5", "2026-12-01 lies outside the period."),
        ("2026-11-01\t5\n2026-11-01\t6", "2026-11-01 is there twice."),
    ],
)
def test_a_wrong_column_is_refused_row_by_row(hands, plan, text, sentence):
    assert not set_days(hands, plan, {"mode": "paste", "text": text, "lock_version": 1}, {"pasted": text})
    assert sentence in html.unescape(hands.words)
    assert by_day() == {}


def test_a_preview_writes_nothing_and_says_the_gap(world, owner, plan):
    text = "\n".join(["90"] * 30)
    answer = owner.post(f"{world.c}/kpis/{plan.kpi.pk}/targets/", {"mode": "paste", "text": text, "lock_version": 1})
    words = answer.content.decode()
    assert "Preview: nothing is saved yet." in words
    assert "add up to 2,700, 300 short of the target of 3,000" in words
    assert by_day() == {}


def test_the_plan_by_day_is_taken_away(hands, plan):
    actions.spread_target(hands.world.actor, kpi=plan.kpi)
    assert set_days(hands, plan, {"mode": "clear", "lock_version": 2}, {"rows": []})
    assert by_day() == {}


def test_targets_by_phase(hands, plan):
    phase = Phase.objects.create(
        workspace=hands.world.workspace,
        campaign=plan.campaign,
        name="Peak",
        start_date=date(2026, 11, 10),
        finish_date=date(2026, 11, 12),
    )
    typed = {"phases": "1", f"phase-{phase.pk}": "1200.5"}
    body = {"rows": [{"phase": str(phase.pk), "value": "1200.5"}]}
    assert set_days(hands, plan, typed, body)
    assert KpiTarget.objects.get().value == Decimal("1200.5")
    wrong = {"phases": "1", f"phase-{phase.pk}": "lots"}
    assert not set_days(hands, plan, wrong, {"rows": [{"phase": str(phase.pk), "value": "lots"}]})
    assert KpiTarget.objects.get().value == Decimal("1200.5")


def test_targets_change_the_etag_of_their_kpi(world, owner, plan):
    url = f"/api/v1/kpis/{plan.kpi.pk}/"
    before = owner.get(url).headers["ETag"]
    owner.post(f"{url}targets/", {"spread": "even"}, "application/json")
    answer = owner.put(f"{url}targets/", {"spread": "even"}, "application/json", headers={"If-Match": before})
    assert answer.status_code == 412
    assert owner.put(f"{url}targets/", {"spread": "even"}, "application/json").status_code == 428


def test_the_side_panel_answers_htmx(world, owner, plan):
    url = f"{world.c}/goals/{plan.goal.pk}/"
    panel = owner.get(url, headers={"HX-Request": "true"}).content.decode()
    assert panel.lstrip().startswith("<section") and "<html" not in panel
    refused = owner.post(url, {"title": "", "lock_version": 1}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    done = owner.post(
        url,
        {"title": "New", "roll_up": "mean", "weight": 1, "lock_version": 1},
        headers={"HX-Request": "true"},
    )
    assert done.headers["HX-Redirect"] == f"{world.c}/goals/"


def test_a_viewer_sees_goals_and_changes_nothing(onlooker, plan):
    assert not new_kpi(onlooker, plan.goal)
    assert onlooker.answer.status_code == 403
    assert not move(onlooker, plan.goal, None)
    assert onlooker.answer.status_code == 403
    words = onlooker.client.get(f"{onlooker.world.c}/goals/").content.decode()
    assert "Search clicks" in words and "New goal" not in words


def test_goals_of_a_campaign_come_in_tree_order(world, owner, plan):
    sell = actions.create_goal(world.actor, campaign=world.campaign, title="Sell")
    actions.create_goal(world.actor, campaign=world.campaign, title="Be searched", parent=plan.goal)
    titles = [row["title"] for row in owner.get(f"/api/v1/goals/?campaign={world.campaign.code}").json()["results"]]
    assert titles == ["Be known", "Be searched", sell.title]


def test_goal_pages_ask_few_queries(world, owner, plan, assert_budget):
    for number in range(15):
        goal = actions.create_goal(world.actor, campaign=world.campaign, title=f"Goal {number}", parent=plan.goal)
        actions.create_kpi(world.actor, goal=goal, name=f"KPI {number}", owner=world.owner)
    with assert_budget("campaigns:goals"):
        owner.get(f"{world.c}/goals/")
    with assert_budget("campaigns:kpi"):
        owner.get(f"{world.c}/kpis/{plan.kpi.pk}/")
    with assert_budget("api:kpis-list"):
        assert len(owner.get("/api/v1/kpis/").json()["results"]) == 16
    with assert_budget("api:goals-list"):
        owner.get(f"/api/v1/goals/?campaign={world.campaign.code}")


def test_a_large_tree_opens_a_goal_at_a_time(world, owner, plan, monkeypatch):
    for name, most in (("LINES", 3), ("AT_ONCE", 2)):
        monkeypatch.setattr(f"campaigns.views.goals.{name}", most)
    for number in range(4):
        actions.create_kpi(world.actor, goal=plan.goal, name=f"Further {number}", owner=world.owner)
    at = f"{world.c}/goals/{plan.goal.pk}/kpis/"
    page = owner.get(f"{world.c}/goals/")
    (node,) = page.context["nodes"]
    assert (node["count"], node["kpis"], node["lacking"]) == (5, [], 4)
    assert at in page.content.decode() and "5 KPIs" in page.content.decode() and "4 incomplete" in page.content.decode()
    names = []
    for start in ("", 2, 4):
        text = owner.get(at, {"from": start, "depth": 0}, headers={"HX-Request": "true"}).content.decode()
        names += [kpi.name for kpi in Kpi.objects.all() if f">{kpi.name}</a>" in text]
        assert ("from=" in text) == (start != 4)
    assert sorted(names) == sorted(kpi.name for kpi in Kpi.objects.all())
    opened = owner.get(f"{world.c}/goals/", {"open": plan.goal.pk})
    assert [kpi.name for kpi in opened.context["nodes"][0]["kpis"]] == [plan.kpi.name, "Further 0"]
    for strange in ("-1", "x", "99999999", "½"):
        assert owner.get(at, {"from": strange, "depth": strange}).status_code == 200


def test_what_a_list_of_kpis_lacks_is_what_each_lacks(world, plan):
    actions.create_kpi(world.actor, goal=plan.goal, name="Bare")
    rows = Kpi.objects.of(world.campaign)
    leaves = [lint(leaf) for _goal, leaf in rows.order_by().leaves(world.campaign)]
    assert sorted(leaves) == sorted(kpi.findings() for kpi in rows.with_words()) and len(leaves) == 2
