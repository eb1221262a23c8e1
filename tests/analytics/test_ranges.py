"""Expected ranges: set, changed and taken away through both doors; judged per day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from analytics.models import ExpectedRange, KpiSource, judging
from analytics.models.summary import catalogue_of
from analytics.rules.periods import custom, today_in
from campaigns.models import ExchangeRate
from placements.models import DayAllocation
from tests import factories
from tests.analytics import figures
from tests.analytics.test_dashboard import kpi, metric
from tests.analytics.test_summary import money

API = "/api/v1/expected-ranges/"
JSON = {"content_type": "application/json"}


def made(world, code="cost", low="10", high="20", **values):
    bounds = {"low": low and Decimal(low), "high": high and Decimal(high)}
    return ExpectedRange.objects.create(
        workspace=world.workspace, campaign=world.campaign, metric=metric(world, code), **bounds, **values
    )


def create(client, world, door, **values):
    values = {"metric": "cost", "low": "10", "high": "20", "kind": "fixed", **values}
    if door == "api":
        return client.post(API, {"campaign": world.campaign.code, **values}, **JSON)
    return client.post(f"{world.c}/ranges/", {**values, "metric": str(metric(world, values["metric"]).pk)})


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_range_is_set(world, owner, door):
    response = create(owner, world, door)
    assert response.status_code == (201 if door == "api" else 302)
    row = ExpectedRange.objects.get()
    assert (row.metric.code, row.low, row.high, row.kind) == ("cost", 10, 20, "fixed")


@pytest.mark.parametrize("door", ["page", "api"])
def test_there_is_one_range_for_a_metric_and_channel(world, owner, door):
    made(world)
    response = create(owner, world, door)
    assert response.status_code == (400 if door == "api" else 422)
    assert "already" in response.content.decode()
    assert ExpectedRange.objects.count() == 1


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("values", "word"), [({"low": "30"}, "above its upper"), ({"low": "-5", "kind": "plan"}, "never below zero")]
)
def test_bounds_that_say_nothing_are_refused(world, owner, door, values, word):
    response = create(owner, world, door, **values)
    assert response.status_code == (409 if door == "api" else 422)
    assert word in response.content.decode()


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_viewer_sets_no_range(world, viewer, door):
    assert create(viewer, world, door).status_code == 403


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_range_is_changed_and_taken_away(world, owner, door):
    row = made(world)
    address = f"{API}{row.pk}/"
    if door == "api":
        seen = owner.get(address)["ETag"]
        assert owner.patch(address, {"high": "25"}, **JSON, headers={"If-Match": seen}).status_code == 200
        assert owner.patch(address, {"high": "26"}, **JSON, headers={"If-Match": seen}).status_code == 412
    else:
        typed = {"metric": str(row.metric_id), "kind": "fixed", "low": "10", "high": "25", "lock_version": "1"}
        typed["lock_version"] = str(row.lock_version)
        assert owner.post(f"{world.c}/ranges/{row.pk}/", typed).status_code == 302
    row.refresh_from_db()
    assert row.high == 25
    if door == "api":
        assert owner.delete(address, headers={"If-Match": "*"}).status_code == 204
    else:
        assert owner.post(f"{world.c}/ranges/{row.pk}/delete/").status_code == 302
    assert not ExpectedRange.objects.exists()


def test_a_preview_saves_nothing(world, owner):
    typed = {"metric": str(metric(world, "cost").pk), "kind": "fixed", "low": "1", "high": "2", "preview": "1"}
    response = owner.post(f"{world.c}/ranges/", typed)
    assert "Nothing is saved yet" in response.content.decode()
    assert not ExpectedRange.objects.exists()


def test_the_list_holds_its_budget_and_shows_the_strip(world, owner, assert_budget):
    row = made(world)
    made(world, "clicks", "1", None, channel=factories.channel(world.workspace))
    owner.get(f"{world.c}/ranges/")
    with assert_budget("analytics:ranges"):
        page = owner.get(f"{world.c}/ranges/").content.decode()
    assert "no data" in page
    days = owner.get(f"{API}{row.pk}/days/").json()["results"]
    assert len(days) == 30 and {day["place"] for day in days} == {"no_data"}
    with assert_budget("api:expected-ranges-list"):
        assert len(owner.get(API).json()["results"]) == 2


def test_days_are_judged_with_missing_and_arriving_as_states_of_their_own(world):
    row = made(world)
    money(world, 15)
    money(world, 30, figures.DAY_2)
    money(world, 99, figures.DAY_3, is_complete=False)
    period = custom(figures.DAY_1, figures.DAY_3 + timedelta(1))
    [judged] = judging.judge(world.actor, [row], period, catalogue_of(world.actor))
    assert [day.place for day in judged.days] == ["inside", "above", "partial", "no_data"]
    assert judged.latest.day == figures.DAY_2 and judged.is_out and judged.days_out == 1


def test_a_share_of_the_plan_goes_by_the_media_schedule(world):
    row = made(world, low="80", high="120", kind="plan")
    line = factories.placement(world.campaign)
    DayAllocation.objects.create(
        workspace=world.workspace, campaign=world.campaign, placement=line, date=figures.DAY_1, amount=Decimal(100)
    )
    money(world, 130)
    money(world, 130, figures.DAY_2)
    [judged] = judging.judge(world.actor, [row], custom(figures.DAY_1, figures.DAY_2), catalogue_of(world.actor))
    assert [(day.place, day.low, day.high) for day in judged.days] == [("above", 80, 120), ("no_plan", None, None)]


def test_what_is_out_now_is_listed(world, owner):
    made(world)
    factories.run_now(world.campaign)
    today = today_in(world.campaign.time_zone, timezone.now())
    money(world, 500, today - timedelta(days=1))
    body = owner.get(f"/api/v1/dashboard/?campaign={world.campaign.code}").json()
    assert [(one["metric"], one["place"], one["value"]) for one in body["out_of_range"]] == [("cost", "above", "500")]
    assert "¥500" in owner.get(f"{world.c}/dashboard/attention/").content.decode()


def test_what_was_out_at_the_end_of_a_period_is_told_of_the_period(world, owner):
    made(world)
    factories.run_now(world.campaign)
    today = today_in(world.campaign.time_zone, timezone.now())
    money(world, 500, today - timedelta(days=10))
    money(world, 15, today - timedelta(days=1))
    days = f"from={today - timedelta(days=20)}&to={today - timedelta(days=10)}"
    out = {"": [], days: ["500"]}
    for asked, values in out.items():
        body = owner.get(f"/api/v1/dashboard/?campaign={world.campaign.code}&{asked}").json()
        assert [one["value"] for one in body["out_of_range"]] == values
        shown = owner.get(f"{world.c}/dashboard/attention/?{asked}").content.decode()
        assert ("¥500" in shown) == bool(values)


@pytest.mark.parametrize("door", ["page", "api"])
def test_the_source_of_record_is_set_and_taken_back(world, owner, viewer, other, door):
    line, source = kpi(world), figures.link(world).source

    def choose(client, key):
        if door == "api":
            return client.post(f"/api/v1/kpis/{line.pk}/source/", {"source": key}, **JSON)
        return client.post(f"{world.c}/kpis/{line.pk}/source/", {"source": key or ""})

    assert choose(owner, str(source.pk)).status_code in (200, 302)
    assert KpiSource.objects.get().source == source
    assert choose(viewer, None).status_code == 403
    assert choose(owner, str(other.workspace.pk)).status_code in (400, 409)
    choose(owner, None)
    assert not KpiSource.objects.exists()


def test_foreign_ranges_are_not_found(world, other, owner, stranger):
    row = made(world)
    assert stranger.get(f"{API}{row.pk}/").status_code == 404
    assert owner.get(f"{API}?campaign={other.campaign.code}").status_code == 400
    response = create(owner, world, "api", campaign=str(other.campaign.pk))
    assert response.status_code == 400


def test_money_in_several_currencies_is_judged_in_the_campaigns_own(world):
    """Otherwise nothing could be judged, and the dashboard, which converts, would say something else."""
    row = made(world, low="100", high="200")
    money(world, 50)
    money(world, 10, currency="USD")
    ExchangeRate.objects.create(workspace=world.workspace, date=figures.DAY_1, base="USD", quote="CNY", rate=Decimal(7))
    [judged] = judging.judge(world.actor, [row], custom(figures.DAY_1, figures.DAY_1), catalogue_of(world.actor))
    assert [(day.place, day.value) for day in judged.days] == [("inside", 120)]
