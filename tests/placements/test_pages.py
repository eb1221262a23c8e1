"""The pages of the schedule: filters, views, exports, budgets of queries, ad accounts through both doors."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from placements import actions
from placements.actions.days import Cell
from placements.models import AdAccount, Placement
from placements.signals import ad_account_changed
from tests import factories
from tests.placements.conftest import day, form_of, plan

BOTH = pytest.mark.parametrize("door", ["page", "api"])


@pytest.fixture
def schedule(world):
    """Twenty placements with flights, plans, accounts and owners."""
    account = factories.ad_account(world.workspace)
    rows = [
        plan(world, f"Line {n:02d}", platform="baidu" if n % 2 else "red", ad_account=account, owner=world.owner)
        for n in range(20)
    ]
    for row in rows:
        actions.spread_budget(world.actor, placement=row, mode="even")
    return rows


def names(owner, world, query=""):
    return [row.name for row in owner.get(f"{world.c}/placements/?{query}").context["page"]]


def test_the_list_is_filtered_and_sorted(world, owner, placement):
    social = plan(world, "小红书 开屏", channel=factories.channel(world.workspace, "social"), budget_amount=Decimal(5))
    phase = world.campaign.phases.create(workspace=world.workspace, name="P", start_date=day(1), finish_date=day(2))
    actions.update_placement(world.actor, placement=social, phase=phase, owner=world.owner)
    assert names(owner, world) == ["Brand words", "小红书 开屏"]
    assert names(owner, world, "o=budget") == ["小红书 开屏", "Brand words"]
    for query in ("q=开屏", "channel=social", f"phase={phase.pk}", f"owner={world.owner.pk}"):
        assert names(owner, world, query) == ["小红书 开屏"]
    for query in ("q=nothing", "phase=x", "owner=0", "state=live", "channel=zz", "archived=1"):
        assert names(owner, world, query) == []
    assert names(owner, world, "o=bogus&page=99") == ["Brand words", "小红书 开屏"]


@pytest.mark.parametrize("view", ["", "board/", "timeline/", "timeline/?scale=day", "grid/"])
def test_every_view_keeps_the_filters(world, owner, placement, view):
    other = plan(world, "Hidden thing")
    url = f"{world.c}/placements/{view}"
    response = owner.get(url + ("&" if "?" in url else "?") + "q=brand")
    page = response.content.decode()
    assert "Brand words" in page and other.name not in page
    assert all("q=brand" in tab["url"] for tab in response.context["tabs"])


@pytest.mark.parametrize("view", ["", "board/", "timeline/", "grid/"])
def test_an_empty_schedule_teaches(world, owner, viewer, view):
    url = f"{world.c}/placements/{view}"
    assert "placements/new/" in owner.get(url).content.decode()
    assert "placements/new/" not in viewer.get(url).content.decode()


def test_totals_stand_apart_by_currency(world, owner, placement):
    plan(world, "Abroad", currency="USD", budget_amount=Decimal("9.99"))
    totals = owner.get(f"{world.c}/placements/").context["totals"]
    assert {(one["currency"], one["budget"]) for one in totals} == {("CNY", 1000), ("USD", Decimal("9.99"))}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_exported_as_filtered(world, owner, placement, kind):
    plan(world, "=cmd()", budget_amount=Decimal("12.30"))
    content = owner.get(f"{world.c}/placements/?export={kind}&q=cmd").content
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]
    assert len(rows) == 2
    assert rows[1][1] == ("'=cmd()" if kind == "csv" else "=cmd()")
    assert float(rows[1][11]) == 12.3


def test_the_board_says_what_stands_in_the_way(world, owner, placement):
    actions.set_days(world.actor, campaign=world.campaign, cells=[Cell(placement.pk, day(20), "amount", Decimal(1))])
    page = owner.get(f"{world.c}/placements/board/").content.decode()
    assert "planned outside the flights" in page
    assert f"/placements/{placement.pk}/move/" in page


def test_one_placement_shows_its_money_plan_and_history(world, owner, placement):
    actions.spread_budget(world.actor, placement=placement, mode="even")
    actions.update_placement(
        world.actor, placement=placement, list_price=Decimal(2000), discount=Decimal(50), rebate=Decimal(3),
        tax_rate=Decimal(6), landing_url="https://shop.example/?a=1",
    )  # fmt: skip
    page = owner.get(f"{world.c}/placements/{placement.pk}/").content.decode()
    for words in ("970.00", "1,060.00", "utm_content=sem-brand-words", "plan-bars", "added this placement"):
        assert words in page, words


def test_budgets_of_queries(world, owner, schedule, assert_budget):
    base = f"{world.c}/placements/"
    for name, url in (
        ("placements:list", base),
        ("placements:board", base + "board/"),
        ("placements:timeline", base + "timeline/"),
        ("placements:grid", base + "grid/"),
        ("placements:detail", f"{base}{schedule[0].pk}/"),
        ("placements:accounts", f"{world.w}/data/ad-accounts/"),
        ("api:placements-list", "/api/v1/placements/?limit=100"),
        ("api:ad-accounts-list", "/api/v1/ad-accounts/?limit=100"),
        ("api:flights-list", "/api/v1/flights/?limit=100"),
        ("api:day-allocations-list", "/api/v1/day-allocations/?limit=100"),
    ):
        owner.get(url)  # what is learned once (content types, caches) is not the page's
        with assert_budget(name):
            assert owner.get(url).status_code == 200


# --- ad accounts ----------------------------------------------------------------------------------------------------


@BOTH
def test_ad_accounts(door, world, owner, api):
    url = f"{world.w}/data/ad-accounts/"
    values = {"platform": "baidu", "name": "Search", "currency": "CNY", "time_zone": "Asia/Shanghai"}
    if door == "page":
        data = form_of(owner, url + "new/") | values
        assert owner.post(url + "new/", data).status_code == 302
        assert owner.post(url + "new/", data).status_code == 422
    else:
        assert api.post("ad-accounts/", values).status_code == 201
        assert api.post("ad-accounts/", values).json()["code"] == "not_unique"
    account = AdAccount.objects.get()
    if door == "page":
        data = form_of(owner, f"{url}{account.pk}/") | {"counting_level": "ad", "external_id": "88"}
        assert owner.post(f"{url}{account.pk}/", data).status_code == 302
    else:
        answer = api.change(f"ad-accounts/{account.pk}/", {"counting_level": "ad", "external_id": "88"})
        assert answer.status_code == 200
    account.refresh_from_db()
    assert (account.counting_level, account.external_id, account.lock_version) == ("ad", "88", 2)
    if door == "page":
        assert owner.post(f"{url}{account.pk}/archive/").status_code == 302
    else:
        assert api.remove(f"ad-accounts/{account.pk}/").status_code == 204
    assert "Search" not in [row.name for row in owner.get(url).context["page"]]
    if door == "page":
        assert owner.post(f"{url}{account.pk}/restore/").status_code == 302
    else:
        assert api.post(f"ad-accounts/{account.pk}/restore/").status_code == 200
    assert AdAccount.objects.active().count() == 1


@BOTH
@pytest.mark.parametrize(("field", "value"), [("currency", "XXX"), ("time_zone", "Mars/Base"), ("counting_level", "x")])
def test_odd_accounts_are_refused(door, field, value, world, owner, api):
    values = {"platform": "baidu", "name": "A", "currency": "CNY", "time_zone": "UTC", "counting_level": "campaign"}
    values[field] = value
    if door == "page":
        assert owner.post(f"{world.w}/data/ad-accounts/new/", values).status_code == 422
    else:
        assert api.post("ad-accounts/", values).status_code == 400
    assert not AdAccount.objects.exists()


@BOTH
def test_somebody_elses_change_of_an_account_is_seen(door, world, owner, api):
    account = factories.ad_account(world.workspace)
    url = f"{world.w}/data/ad-accounts/{account.pk}/"
    mine, etag = form_of(owner, url), owner.get(f"/api/v1/ad-accounts/{account.pk}/")["ETag"]
    actions.update_ad_account(world.actor, ad_account=AdAccount.objects.get(), name="Theirs")
    if door == "page":
        response = owner.post(url, mine | {"name": "Mine"})
        assert response.status_code == 422 and "Theirs" in response.content.decode()
    else:
        assert api.change(f"ad-accounts/{account.pk}/", {"name": "Mine"}, seen=etag).status_code == 412
    assert AdAccount.objects.get().name == "Theirs"


def test_a_new_counting_level_is_told(world):
    account = factories.ad_account(world.workspace)
    heard = []

    def listen(sender, actor, ad_account, fields, **kwargs):
        heard.append((ad_account.pk, fields))

    ad_account_changed.connect(listen)
    try:
        actions.update_ad_account(world.actor, ad_account=account, counting_level="ad")
        actions.update_ad_account(world.actor, ad_account=account, counting_level="ad")
    finally:
        ad_account_changed.disconnect(listen)
    assert heard == [(account.pk, {"counting_level"})]


def test_an_account_of_another_workspace_is_not_there(world, other, owner, api):
    theirs = factories.ad_account(other.workspace)
    assert owner.get(f"{world.w}/data/ad-accounts/{theirs.pk}/").status_code == 404
    assert owner.get(f"/api/v1/ad-accounts/{theirs.pk}/").status_code == 404
    assert AdAccount.objects.count() == 0
    assert Placement.objects.count() == 0


def test_long_boards_and_timelines_show_a_part(world, owner, monkeypatch):
    monkeypatch.setattr("placements.views.lists.LANE", 2)
    monkeypatch.setattr("placements.views.lists.PAGE", 2)
    for number in range(5):
        plan(world, name=f"Line {number}")
    board = owner.get(f"{world.c}/placements/board/")
    (lane,) = [lane for lane in board.context["lanes"] if lane["rows"]]
    assert (len(lane["keys"]), [row.name for row in lane["rows"]], lane["left"]) == (5, ["Line 0", "Line 1"], 3)
    assert [(money.amount, money.currency) for money in lane["money"]] == [(5000, "CNY")]
    assert "3 more in the list" in board.content.decode()
    plan(world, name="Late", flights=[(date(2026, 12, 20), date(2026, 12, 24))])
    pages = [owner.get(f"{world.c}/placements/timeline/", {"page": number}).context for number in (1, 3)]
    assert [len(page["rows"]) for page in pages] == [2, 2]
    assert pages[0]["width"] == pages[1]["width"] and pages[0]["window"].last >= date(2026, 12, 24)
