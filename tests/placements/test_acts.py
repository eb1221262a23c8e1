"""Every act on placements through both doors: pages and REST do the same and refuse the same."""

from datetime import date
from decimal import Decimal

import pytest

from core.models import Activity
from placements import actions
from placements.actions.days import Cell
from placements.models import Flight, Placement
from placements.signals import placement_changed
from tests import factories
from tests.placements.conftest import Api, day, form_of, plan

BOTH = pytest.mark.parametrize("door", ["page", "api"])


def base(world):
    return f"{world.c}/placements/"


def toasts(response):
    return [str(message) for message in response.wsgi_request._messages]


# --- make, change, copy ---------------------------------------------------------------------------------------------


@BOTH
def test_create(door, world, owner, api):
    if door == "page":
        data = form_of(owner, base(world) + "new/")
        data |= {"name": "品牌词 Brand", "channel": factories.channel(world.workspace).pk, "budget_amount": "¥12.5万"}
        data |= {"list_price": "250,000", "discount": "50", "currency": "CNY"}
        data |= {"flights-0-start_date": "2026-11-01", "flights-0-finish_date": "2026-11-05"}
        response = owner.post(base(world) + "new/", data)
        assert response.status_code == 302, response.context["form"].errors
    else:
        body = {"campaign": world.campaign.code, "name": "品牌词 Brand", "channel": "sem", "discount": "50"}
        body |= {"budget": {"amount": "125000", "currency": "CNY"}}
        body |= {"list_price": {"amount": "250000.00", "currency": "CNY"}}
        body |= {"flights": [{"start_date": "2026-11-01", "finish_date": "2026-11-05"}]}
        assert api.post("placements/", body).status_code == 201
    made = Placement.objects.get()
    assert (made.code, made.state, made.budget_amount, made.net_price) == ("SEM-BRAND", "planned", 125000, 125000)
    assert (made.utm_campaign, made.utm_content) == (world.campaign.code.lower(), "sem-brand")
    assert list(made.flights.values_list("start_date", "finish_date")) == [(day(1), day(5))]
    assert Activity.objects.get(subject_id=str(made.pk)).verb == "placements.placement_created"


@BOTH
def test_update(door, world, owner, api, placement):
    if door == "page":
        url = f"{base(world)}{placement.pk}/edit/"
        data = form_of(owner, url) | {"position": "首位", "daily_cap": "200", "flights-1-start_date": "2026-11-20"}
        data |= {"flights-1-finish_date": "2026-11-21", "flights-0-DELETE": "on"}
        assert owner.post(url, data).status_code == 302
    else:
        body = {"position": "首位", "daily_cap": {"amount": "200", "currency": "CNY"}}
        body |= {"flights": [{"start_date": "2026-11-20", "finish_date": "2026-11-21"}]}
        assert api.change(f"placements/{placement.pk}/", body).status_code == 200
    placement = Placement.objects.get()
    assert (placement.position, placement.daily_cap, placement.lock_version) == ("首位", 200, 2)
    assert [one.start_date for one in placement.flights.all()] == [day(20)]


@BOTH
def test_flights_alone_count_the_placement_up(door, world, owner, api, placement):
    if door == "page":
        url = f"{base(world)}{placement.pk}/edit/"
        data = form_of(owner, url) | {"flights-0-finish_date": "2026-11-08"}
        assert owner.post(url, data).status_code == 302
    else:
        body = {"flights": [{"start_date": "2026-11-01", "finish_date": "2026-11-08"}]}
        assert api.change(f"placements/{placement.pk}/", body).status_code == 200
    placement.refresh_from_db()
    assert placement.lock_version == 2
    assert placement.flights.get().finish_date == day(8)


@BOTH
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(door, world, owner, api, placement):
    url = f"{base(world)}{placement.pk}/edit/"
    mine = form_of(owner, url) | {"name": "Mine"}
    etag = owner.get(f"/api/v1/placements/{placement.pk}/")["ETag"]
    actions.update_placement(world.actor, placement=Placement.objects.get(), name="Theirs")
    if door == "page":
        response = owner.post(url, mine)
        assert response.status_code == 422
        page = response.content.decode()
        assert "Theirs" in page and 'value="Mine"' in page
        again = mine | {"lock_version": Placement.objects.get().lock_version}
        assert owner.post(url, again).status_code == 302
        assert Placement.objects.get().name == "Mine"
    else:
        assert api.change(f"placements/{placement.pk}/", {"name": "Mine"}, seen=etag).status_code == 412
        assert Placement.objects.get().name == "Theirs"


@BOTH
@pytest.mark.parametrize(
    ("page", "rest", "field"),
    [
        ({"code": "A B"}, {"code": "A B"}, "code"),
        ({"budget_amount": "1.005"}, {"budget": {"amount": "1.005", "currency": "CNY"}}, "budget_amount"),
        ({"discount": "101"}, {"discount": "101"}, "discount"),
        ({"budget_amount": "-1"}, {"budget": {"amount": "-1", "currency": "CNY"}}, "budget_amount"),
        (
            {"flights-0-start_date": "2026-11-09", "flights-0-finish_date": "2026-11-08"},
            {"flights": [{"start_date": "2026-11-09", "finish_date": "2026-11-08"}]},
            None,
        ),
    ],
)
def test_bad_input_is_refused_with_a_sentence(door, page, rest, field, world, owner, api, placement):
    if door == "page":
        url = f"{base(world)}{placement.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | page)
        assert response.status_code == 422
        assert field is None or response.context["form"].errors[field]
    else:
        response = api.change(f"placements/{placement.pk}/", rest)
        assert response.status_code == 400
        assert response.json()["detail"]
    assert Placement.objects.get().lock_version == 1


@BOTH
def test_a_code_is_used_once_in_a_campaign(door, world, owner, api, placement):
    other = plan(world, "Other")
    if door == "page":
        url = f"{base(world)}{other.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | {"code": placement.code})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])
    else:
        response = api.change(f"placements/{other.pk}/", {"code": placement.code})
        assert (response.status_code, response.json()["code"]) == (400, "not_unique")


@BOTH
def test_duplicate(door, world, owner, api, placement):
    if door == "page":
        assert owner.post(f"{base(world)}{placement.pk}/duplicate/").status_code == 302
    else:
        assert api.post(f"placements/{placement.pk}/duplicate/").status_code == 201
    copy = Placement.objects.exclude(pk=placement.pk).get()
    assert copy.code != placement.code
    assert (copy.state, copy.budget_amount, copy.flights.count()) == ("planned", 1000, 1)


# --- states ---------------------------------------------------------------------------------------------------------


def move(door, client, world, placement, state, reason=""):
    """True when the move was made."""
    before = Placement.objects.get(pk=placement.pk).state
    if door == "page":
        url = f"{base(world)}{placement.pk}/move/"
        assert client.post(url, {"state": state, "reason": reason}).status_code == 302
    else:
        answer = Api(client).post(f"placements/{placement.pk}/transitions/", {"state": state, "reason": reason})
        assert answer.status_code in (200, 409)
    return Placement.objects.get(pk=placement.pk).state != before


@BOTH
def test_from_planned_to_ended(door, world, owner, placement):
    assert not move(door, owner, world, placement, "live")
    assert move(door, owner, world, placement, "booked")
    assert move(door, owner, world, placement, "ready")
    assert move(door, owner, world, placement, "live")
    assert not move(door, owner, world, placement, "paused")
    assert move(door, owner, world, placement, "paused", "budget cut")
    assert move(door, owner, world, placement, "live")
    assert move(door, owner, world, placement, "ended")
    assert not move(door, owner, world, placement, "cancelled", "too late")


@BOTH
def test_conflicts_in_the_plan_block_the_release(door, world, owner, placement):
    move(door, owner, world, placement, "booked")
    cell = Cell(placement.pk, day(20), "amount", Decimal(5))
    actions.set_days(world.actor, campaign=world.campaign, cells=[cell])
    assert not move(door, owner, world, placement, "ready")
    actions.set_days(world.actor, campaign=world.campaign, cells=[Cell(placement.pk, day(20), "amount", None)])
    assert move(door, owner, world, placement, "ready")


@BOTH
def test_archive_and_restore(door, world, owner, api, placement):
    if door == "page":
        assert owner.post(f"{base(world)}{placement.pk}/archive/").status_code == 302
    else:
        assert api.remove(f"placements/{placement.pk}/").status_code == 204
    assert Placement.objects.active().count() == 0
    assert owner.get(base(world)).context["page"].paginator.count == 0
    if door == "page":
        undo = owner.post(f"{base(world)}{placement.pk}/restore/", headers={"Accept": "application/json"})
        assert undo.json()["text"]
    else:
        assert api.post(f"placements/{placement.pk}/restore/").status_code == 200
    assert Placement.objects.active().count() == 1


@BOTH
def test_a_live_placement_is_not_archived(door, world, owner, api, placement):
    for state in ("booked", "ready", "live"):
        assert move(door, owner, world, placement, state)
    if door == "page":
        owner.post(f"{base(world)}{placement.pk}/archive/")
    else:
        assert api.remove(f"placements/{placement.pk}/").status_code == 409
    assert Placement.objects.active().count() == 1


# --- many at once ---------------------------------------------------------------------------------------------------


@BOTH
def test_bulk_edit_is_all_or_nothing(door, world, owner, api, placement):
    poor = plan(world, "No flight", flights=[])
    social = factories.channel(world.workspace, "social")
    if door == "page":
        data = {"placement": [placement.pk, poor.pk], "state": "booked", "channel": social.pk}
        assert owner.post(base(world) + "bulk/", data).status_code == 302
    else:
        body = {"campaign": world.campaign.code, "placements": [str(placement.pk), str(poor.pk)]}
        answer = api.post("placements/bulk/", body | {"state": "booked", "channel": "social"})
        assert answer.status_code == 409
        assert [error["attr"] for error in answer.json()["errors"]] == [poor.code]
    assert set(Placement.objects.values_list("state", "channel__code")) == {("planned", "sem")}


@BOTH
def test_bulk_edit(door, world, owner, api, placement):
    other = plan(world, "Other words")
    account = factories.ad_account(world.workspace)
    if door == "page":
        data = {"placement": [placement.pk, other.pk], "state": "booked", "ad_account": account.pk}
        owner.post(base(world) + "bulk/", data | {"owner": world.owner.pk})
    else:
        body = {"campaign": world.campaign.code, "placements": [str(placement.pk), str(other.pk)], "state": "booked"}
        answer = api.post("placements/bulk/", body | {"ad_account": str(account.pk), "owner": str(world.owner.pk)})
        assert answer.status_code == 200
    assert set(Placement.objects.values_list("state", "ad_account", "owner")) == {
        ("booked", account.pk, world.owner.pk)
    }


@BOTH
def test_reorder(door, world, owner, api, placement):
    other = plan(world, "Other words")
    if door == "page":
        owner.post(base(world) + "order/", {"placement": other.pk, "way": "up"})
    else:
        body = {"campaign": world.campaign.code, "placements": [str(other.pk), str(placement.pk)]}
        assert api.post("placements/reorder/", body).status_code == 200
    assert list(Placement.objects.values_list("pk", flat=True)) == [other.pk, placement.pk]


# --- spreading ------------------------------------------------------------------------------------------------------


@BOTH
def test_spread(door, world, owner, api, placement):
    weights = ["1", "1", "1", "1", "1", "0", "0"]
    if door == "page":
        data = {"measure": "amount", "total": "", "mode": "weekdays"}
        data |= {f"weekday_{n}": weight for n, weight in enumerate(weights)}
        assert owner.post(f"{base(world)}{placement.pk}/spread/", data).status_code == 302
    else:
        body = {"mode": "weekdays", "weekdays": weights}
        assert api.post(f"placements/{placement.pk}/spread/", body).status_code == 200
    parts = dict(placement.days.values_list("date", "amount"))
    assert sum(parts.values()) == 1000
    assert not [each for each in parts if each.weekday() >= 5]
    assert len(parts) == 7  # the 2nd to 6th, the 9th and the 10th


@BOTH
def test_spreading_again_replaces_the_plan(door, world, owner, api, placement):
    actions.set_days(world.actor, campaign=world.campaign, cells=[Cell(placement.pk, day(25), "amount", Decimal(9))])
    if door == "page":
        data = {"measure": "amount", "total": "¥500", "mode": "even", **{f"weekday_{n}": "1" for n in range(7)}}
        assert owner.post(f"{base(world)}{placement.pk}/spread/", data).status_code == 302
    else:
        assert api.post(f"placements/{placement.pk}/spread/", {"mode": "even", "total": "500"}).status_code == 200
    assert dict(placement.days.values_list("date", "amount")) == {day(n): 50 for n in range(1, 11)}


@BOTH
def test_nothing_to_spread_over(door, world, owner, api):
    placement = plan(world, flights=[])
    if door == "page":
        data = {"measure": "amount", "total": "", "mode": "even", **{f"weekday_{n}": "1" for n in range(7)}}
        assert owner.post(f"{base(world)}{placement.pk}/spread/", data).status_code == 422
    else:
        assert api.post(f"placements/{placement.pk}/spread/", {"mode": "even"}).status_code == 400


# --- flights, one by one (REST has them as rows; pages write them with the placement) ---------------------------------


def test_flights_as_rows(world, api, placement):
    flight = placement.flights.get()
    body = {"placement": str(placement.pk), "start_date": "2026-11-15", "finish_date": "2026-11-16"}
    made = api.post("flights/", body)
    assert made.status_code == 201
    assert api.post("flights/", body).status_code == 400
    assert api.change(f"flights/{flight.pk}/", {"finish_date": "2026-11-12"}).status_code == 200
    assert api.change(f"flights/{flight.pk}/", {"finish_date": "2026-10-12"}).status_code == 400
    assert api.remove(f"flights/{made.json()['id']}/").status_code == 204
    assert list(Flight.objects.values_list("finish_date", flat=True)) == [day(12)]
    placement.refresh_from_db()
    assert placement.lock_version == 4


# --- who may, and what is foreign -----------------------------------------------------------------------------------


@BOTH
def test_a_viewer_reads_and_changes_nothing(door, world, viewer, placement):
    if door == "page":
        assert viewer.get(base(world)).status_code == 200
        assert viewer.get(f"{base(world)}{placement.pk}/").status_code == 200
        assert viewer.post(f"{base(world)}{placement.pk}/archive/").status_code == 403
        assert viewer.post(base(world) + "grid/save/", "{}", content_type="application/json").status_code == 403
    else:
        assert viewer.get("/api/v1/placements/").status_code == 200
        assert Api(viewer).post(f"placements/{placement.pk}/archive/").status_code == 403
    assert Placement.objects.active().count() == 1


@BOTH
def test_a_stranger_sees_what_does_not_exist(door, world, stranger, placement):
    nobody = "00000000-0000-7000-8000-000000000000"
    for pk in (placement.pk, nobody):
        url = f"{base(world)}{pk}/" if door == "page" else f"/api/v1/placements/{pk}/"
        assert stranger.get(url).status_code == 404


@BOTH
@pytest.mark.parametrize("field", ["phase", "ad_account", "channel", "organization", "owner"])
def test_foreign_rows_are_refused_like_unknown_ones(door, field, world, other, owner, api, placement):
    theirs = {
        "ad_account": lambda: factories.ad_account(other.workspace),
        "organization": lambda: factories.organization(other.workspace),
        "channel": lambda: factories.channel(other.workspace),
        "owner": lambda: other.owner,
        "phase": lambda: factories.channel(other.workspace),
    }[field]()
    if door == "page":
        url = f"{base(world)}{placement.pk}/edit/"
        response = owner.post(url, form_of(owner, url) | {field: theirs.pk})
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    else:
        answers = [
            api.change(f"placements/{placement.pk}/", {field: pk}).json()["errors"]
            for pk in (str(theirs.pk), "00000000-0000-7000-8000-000000000000")
        ]
        assert answers[0] == answers[1] != []
    assert Placement.objects.get(pk=placement.pk).lock_version == 1


def test_a_phase_of_another_campaign_is_refused(world, api, placement):
    second = factories.campaign(world.workspace, world.owner)
    phase = second.phases.create(
        workspace=world.workspace, name="Later", start_date=date(2026, 11, 1), finish_date=date(2026, 11, 2)
    )
    answer = api.change(f"placements/{placement.pk}/", {"phase": str(phase.pk)})
    assert (answer.status_code, answer.json()["code"]) == (400, "other_campaign")


def test_the_floors_above_hear_what_changed(world, placement):
    heard = []

    def listen(sender, actor, placement, fields, **kwargs):
        heard.append((placement.pk, fields))

    placement_changed.connect(listen)
    try:
        social = factories.channel(world.workspace, "social")
        actions.update_placement(world.actor, placement=placement, channel=social)
        actions.update_placement(world.actor, placement=placement, channel=social)
    finally:
        placement_changed.disconnect(listen)
    assert heard == [(placement.pk, {"channel"})]


def test_planned_money_keeps_its_currency(world, api, placement):
    actions.spread_budget(world.actor, placement=placement, mode="even")
    answer = api.change(f"placements/{placement.pk}/", {"currency": "USD"})
    assert (answer.status_code, answer.json()["code"]) == (409, "currency_in_use")


def test_net_price_follows_what_was_changed(world, placement):
    change = actions.update_placement
    change(world.actor, placement=placement, list_price=Decimal(1000), discount=Decimal(30))
    assert placement.net_price == 700
    change(world.actor, placement=placement, discount=Decimal(20), list_price=Decimal(1000), net_price=Decimal(700))
    assert placement.net_price == 800
    change(world.actor, placement=placement, net_price=Decimal(500))
    assert (placement.discount, placement.net_price) == (50, 500)


def test_half_a_flight_is_asked_about(world, owner, placement):
    url = f"{base(world)}{placement.pk}/edit/"
    response = owner.post(url, form_of(owner, url) | {"flights-1-start_date": "2026-11-20"})
    assert response.status_code == 422
    assert "A flight has a first and a last day." in response.content.decode()
