"""Working calendars and absences, through both doors."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Absence, CalendarDay, WorkCalendar
from core.errors import Denied, Invalid, RuleBroken
from tests import factories
from tests.placements.conftest import Api

BOTH = pytest.mark.parametrize("door", ["page", "api"])
CALENDARS, ABSENCES = "/settings/calendars/", "/settings/absences/"


@pytest.fixture
def api(owner):
    return Api(owner)


@pytest.fixture
def calendar(world):
    return WorkCalendar.objects.of_workspace().get()


def test_a_new_workspace_has_the_calendar_of_its_country(world, calendar, db):
    assert (calendar.country, calendar.days_off) == ("CN", "56")
    abroad = factories.workspace(factories.person(), time_zone="Europe/Berlin", language="zh-hans")
    made = WorkCalendar._base_manager.get(workspace=abroad)
    assert (made.country, made.name) == ("DE", "工作日历")
    nowhere = factories.workspace(factories.person(), time_zone="UTC")
    assert WorkCalendar._base_manager.get(workspace=nowhere).country == ""


@BOTH
def test_an_organisation_gets_its_own_calendar(door, world, owner, api):
    agency = factories.organization(world.workspace)
    if door == "page":
        data = {"name": "Six-day week", "country": "CN", "days_off": ["6"], "organization": agency.pk, "user": ""}
        assert owner.post(f"{world.w}{CALENDARS}new/", data).status_code == 302
    else:
        data = {"name": "Six-day week", "country": "CN", "days_off": "6", "organization": str(agency.pk)}
        assert api.post("work-calendars/", data).status_code == 201
    made = WorkCalendar.objects.get(organization=agency)
    assert (made.name, made.days_off) == ("Six-day week", "6")


@BOTH
def test_a_calendar_is_changed_and_nobody_is_overwritten(door, world, owner, api, calendar):
    url = f"{world.w}{CALENDARS}{calendar.pk}/"
    values = {"name": "Mainland", "country": "CN", "days_off": ["5", "6"]}
    if door == "page":
        assert owner.post(url, {**values, "lock_version": 1}).status_code == 302
        stale = owner.post(url, {**values, "name": "Mine", "lock_version": 1})
        assert stale.status_code == 422 and "Mainland" in stale.content.decode()
    else:
        seen = owner.get(f"/api/v1/work-calendars/{calendar.pk}/")["ETag"]
        assert api.change(f"work-calendars/{calendar.pk}/", {"name": "Mainland"}, seen=seen).status_code == 200
        assert api.change(f"work-calendars/{calendar.pk}/", {"name": "Mine"}, seen=seen).status_code == 412
    calendar.refresh_from_db()
    assert calendar.name == "Mainland"


@BOTH
def test_own_days_win_and_go(door, world, owner, api, calendar):
    if door == "page":
        url = f"{world.w}{CALENDARS}{calendar.pk}/days/"
        data = {"date": "2026-12-24", "until": "2026-12-26", "is_working": "0", "name": "Christmas"}
        assert owner.post(url, data).status_code == 302
        assert "Christmas" in owner.get(f"{world.w}{CALENDARS}{calendar.pk}/?year=2026").content.decode()
        assert owner.post(url, data | {"until": "2026-12-01"}).status_code == 422
        for day in calendar.days.all():
            owner.post(f"{world.w}{CALENDARS}days/{day.pk}/delete/")
    else:
        data = {"calendar": str(calendar.pk), "date": "2026-12-24", "until": "2026-12-26", "name": "Christmas"}
        made = api.post("calendar-days/", data).json()["results"]
        assert [one["date"] for one in made] == ["2026-12-24", "2026-12-25", "2026-12-26"]
        assert api.post("calendar-days/", data | {"until": "2026-12-01"}).status_code == 400
        assert api.change(f"calendar-days/{made[0]['id']}/", {"is_working": True}).json()["is_working"] is True
        for one in made:
            assert api.remove(f"calendar-days/{one['id']}/").status_code == 204
    assert not CalendarDay.objects.exists()


@BOTH
def test_an_own_day_is_changed_and_nobody_is_overwritten(door, world, owner, api, calendar):
    (day,) = actions.set_calendar_days(world.actor, calendar=calendar, date=date(2026, 12, 24), name="Christmas")
    values = {"is_working": "1", "name": "Stocktaking"}
    if door == "page":
        url = f"{world.w}{CALENDARS}days/{day.pk}/"
        assert "Christmas" in owner.get(url).content.decode()
        assert owner.post(url, values | {"lock_version": 1}).status_code == 302
        stale = owner.post(url, values | {"name": "Mine", "lock_version": 1})
        assert stale.status_code == 422 and "Stocktaking" in stale.content.decode()
        stranger = world.client(factories.member(world.workspace))
        assert stranger.get(url).status_code == 403 and stranger.post(url, values).status_code == 403
    else:
        url, seen = f"calendar-days/{day.pk}/", owner.get(f"/api/v1/calendar-days/{day.pk}/")["ETag"]
        assert api.change(url, values, seen=seen).status_code == 200
        assert api.change(url, values | {"name": "Mine"}, seen=seen).status_code == 412
        stranger = Api(world.client(factories.member(world.workspace)))
        assert stranger.change(url, values).status_code == 403
    day.refresh_from_db()
    assert (day.is_working, day.name) == (True, "Stocktaking")


@BOTH
def test_a_calendar_goes_but_not_the_workspaces(door, world, owner, api, calendar):
    own = actions.create_work_calendar(world.actor, name="Mine", user=world.owner)
    if door == "page":
        owner.post(f"{world.w}{CALENDARS}{own.pk}/delete/")
        owner.post(f"{world.w}{CALENDARS}{calendar.pk}/delete/")
    else:
        assert api.remove(f"work-calendars/{own.pk}/").status_code == 204
        assert api.remove(f"work-calendars/{calendar.pk}/").status_code == 409
    assert list(WorkCalendar.objects.all()) == [calendar]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"country": "XX"}, "country"),
        ({"days_off": "0123456"}, "days_off"),
        ({"days_off": "9"}, "days_off"),
    ],
)
def test_what_a_calendar_may_not_be(world, values, field):
    with pytest.raises(Invalid) as refused:
        actions.create_work_calendar(world.actor, **{"name": "Odd", "user": world.owner, **values})
    assert field in refused.value.errors


def test_one_calendar_each(world):
    with pytest.raises(RuleBroken) as refused:
        actions.create_work_calendar(world.actor, name="Second")
    assert refused.value.code == "calendar_exists"


def test_a_country_is_named_in_the_readers_language(world, owner, calendar):
    assert ">China</td>" in owner.get(f"{world.w}{CALENDARS}").content.decode()
    world.owner.__class__.objects.filter(pk=world.owner.pk).update(language="zh-hans")
    assert ">中国大陆</td>" in owner.get(f"{world.w}{CALENDARS}").content.decode()
    calendar.country = "XK"
    assert calendar.country_name == "XK"


def test_the_page_shows_holidays_swapped_days_and_unpublished_years(world, owner, calendar):
    page = owner.get(f"{world.w}{CALENDARS}{calendar.pk}/?year=2026").content.decode()
    assert "swapped work day" in page
    assert "Not published yet" in owner.get(f"{world.w}{CALENDARS}{calendar.pk}/?year=2090").content.decode()
    assert owner.get(f"{world.w}{CALENDARS}{calendar.pk}/?year=nonsense").status_code == 200
    year = owner.get(f"/api/v1/work-calendars/{calendar.pk}/year/?year=2026").json()
    days = {one["date"]: one for one in year["days"]}
    assert year["is_published"] and days["2026-10-01"]["is_working"] is False and days["2026-10-10"]["is_working"]
    assert owner.get(f"/api/v1/work-calendars/{calendar.pk}/year/?year=2090").json()["is_published"] is False
    assert owner.get(f"/api/v1/work-calendars/{calendar.pk}/year/?year=x").status_code == 400
    assert rules.public_days("", 2026, "en") == ()


# --- absences -------------------------------------------------------------------------------------------------------


@BOTH
def test_everybody_says_when_they_are_away(door, world, calendar):
    person = factories.member(world.workspace, role="viewer", name="Vera Viewer")
    client = world.client(person)
    start = timezone.localdate() + timedelta(days=3)
    values = {"user": str(person.pk), "start_date": str(start), "finish_date": str(start), "kind": "trip"}
    if door == "page":
        assert client.post(f"{world.w}{ABSENCES}new/", values).status_code == 302
        assert client.post(f"{world.w}{ABSENCES}new/", values | {"user": world.owner.pk}).status_code == 422
    else:
        assert Api(client).post("absences/", values).status_code == 201
        assert Api(client).post("absences/", values | {"user": str(world.owner.pk)}).status_code == 403
    assert Absence.objects.get().user == person
    assert "Vera Viewer" in client.get(f"{world.w}{ABSENCES}").content.decode()


@BOTH
def test_a_manager_changes_and_deletes_anybodys(door, world, owner, api):
    person = factories.member(world.workspace, name="Mia Member")
    row = actions.create_absence(world.actor, user=person, start_date=date(2026, 11, 2), finish_date=date(2026, 11, 3))
    if door == "page":
        data = {"kind": "sick", "start_date": "2026-11-02", "finish_date": "2026-11-06", "lock_version": 1}
        assert owner.post(f"{world.w}{ABSENCES}{row.pk}/", data).status_code == 302
        assert "Mia" in owner.get(f"{world.w}{ABSENCES}?past=1").content.decode()
        row.refresh_from_db()
        assert row.finish_date == date(2026, 11, 6)
        owner.post(f"{world.w}{ABSENCES}{row.pk}/delete/")
    else:
        assert api.change(f"absences/{row.pk}/", {"finish_date": "2026-11-06"}).status_code == 200
        assert api.change(f"absences/{row.pk}/", {"finish_date": "2026-11-01"}).status_code == 400
        assert api.remove(f"absences/{row.pk}/").status_code == 204
    assert not Absence.objects.exists()


def test_members_keep_their_own_calendar_and_no_other(world, calendar):
    person = factories.member(world.workspace)
    actor = factories.actor_of(person, world.workspace)
    own = actions.create_work_calendar(actor, name="Part time", user=person, days_off="456")
    actions.update_work_calendar(actor, calendar=own, name="Four days")
    with pytest.raises(Denied):
        actions.update_work_calendar(actor, calendar=calendar, name="Mine")
    page = world.client(person).get(f"{world.w}{CALENDARS}{calendar.pk}/").content.decode()
    assert 'name="days_off"' not in page
    with pytest.raises(Invalid):
        actions.create_absence(
            world.actor, user=factories.person(), start_date=date(2026, 1, 1), finish_date=date(2026, 1, 1)
        )


def test_budgets(world, owner, calendar, assert_budget):
    for number in range(5):
        agency = factories.organization(world.workspace, name=f"Agency {number}")
        actions.create_work_calendar(world.actor, name=f"Calendar {number}", organization=agency)
        actions.create_absence(
            world.actor,
            user=factories.member(world.workspace),
            start_date=date(2099, 1, 1),
            finish_date=date(2099, 1, 2),
        )
    for name, path in {"calendars": CALENDARS, "calendar": f"{CALENDARS}{calendar.pk}/", "absences": ABSENCES}.items():
        with assert_budget(f"accounts:{name}"):
            assert owner.get(f"{world.w}{path}").status_code == 200
    for noun in ("work-calendars", "calendar-days", "absences"):
        with assert_budget(f"api:{noun}-list"):
            assert owner.get(f"/api/v1/{noun}/").status_code == 200
