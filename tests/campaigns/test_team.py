"""Functions with their duties, delegates and contact points, through both doors; the page Team and its export."""

import io
from datetime import date

import openpyxl
import pytest

from campaigns import actions
from campaigns.models import CampaignFunction, CampaignMember, ContactPoint, Delegation
from campaigns.rules.people import check_delegation
from campaigns.views import today_of
from core.errors import Invalid, RuleBroken
from tests import factories

NOV = [date(2026, 11, day) for day in range(1, 31)]


@pytest.fixture
def li(world):
    return factories.member(world.workspace, name="Li Na")


@pytest.fixture
def chen(world, li):
    """Chen Wei, who has the function content."""
    user = factories.member(world.workspace, name="Chen Wei")
    return actions.add_member(world.actor, campaign=world.campaign, user=user, function="content")


def team(hands, rest=""):
    return f"c/{hands.world.campaign.code}/team/{rest}"


# --- functions ------------------------------------------------------------------------------------------------------


def test_a_function_is_described_changed_and_removed(hands):
    campaign = hands.world.campaign
    typed = {"duties": "Writes all copy", "boundary": "No translation"}
    body = {"campaign": campaign.code, "function": "content", **typed}
    assert hands.act(page=team(hands, "functions/content/"), typed=typed, api="campaign-functions/", body=body)
    row = CampaignFunction.objects.get()
    assert (row.function, row.duties, row.boundary) == ("content", "Writes all copy", "No translation")
    agency = factories.organization(hands.world.workspace, "Studio")
    changed = {**typed, "duties": "Copy and H5", "organization": str(agency.pk), "lock_version": 1}
    body = {"duties": "Copy and H5", "organization": str(agency.pk)}
    one = f"campaign-functions/{row.pk}/"
    assert hands.act(page=team(hands, "functions/content/"), typed=changed, api=one, body=body, method="patch")
    row.refresh_from_db()
    assert (row.duties, row.boundary, row.organization) == ("Copy and H5", "No translation", agency)
    assert hands.act(page=team(hands, "functions/content/remove/"), api=one, method="delete")
    assert not CampaignFunction.objects.exists()


def test_a_function_is_named_once(hands):
    body = {"campaign": hands.world.campaign.code, "function": "legal"}
    assert hands.act(page=team(hands, "functions/"), typed=body, api="campaign-functions/", body=body)
    assert not hands.act(page=team(hands, "functions/"), typed=body, api="campaign-functions/", body=body)
    assert "This function is described already." in hands.words


def test_a_function_that_persons_hold_stays(hands, chen):
    row = actions.add_function(hands.world.actor, campaign=hands.world.campaign, function="content")
    one = {"page": team(hands, "functions/content/remove/"), "api": f"campaign-functions/{row.pk}/"}
    assert not hands.act(**one, method="delete")
    assert "Chen Wei" in hands.words
    assert CampaignFunction.objects.exists()


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(world, owner):
    row = actions.add_function(world.actor, campaign=world.campaign, function="content", duties="Mine")
    actions.update_function(world.actor, function=row, duties="Theirs")
    url = f"{world.c}/team/functions/content/"
    answer = owner.post(url, {"duties": "Old", "boundary": "", "organization": "", "lock_version": 1})
    assert answer.status_code == 422
    assert "Theirs" in answer.content.decode() and "Old" in answer.content.decode()
    headers = {"If-Match": f'"{row.pk.hex}-1"'}
    url = f"/api/v1/campaign-functions/{row.pk}/"
    assert owner.patch(url, {"duties": "Old"}, "application/json", headers=headers).status_code == 412
    assert CampaignFunction.objects.get().duties == "Theirs"


# --- delegates ------------------------------------------------------------------------------------------------------


def stand_in(hands, member, delegate, first=NOV[9], last=NOV[19]):
    typed = {"member": str(member.pk), "delegate": str(delegate.pk), "start_date": str(first), "finish_date": str(last)}
    return hands.act(page=team(hands, "delegates/"), typed=typed, api="delegations/", body=typed)


def test_somebody_stands_in_and_the_days_are_moved(hands, chen, li):
    assert stand_in(hands, chen, li)
    row = Delegation.objects.get()
    assert (row.member, row.delegate, row.start_date, row.finish_date) == (chen, li, NOV[9], NOV[19])
    typed = {"delegate": str(li.pk), "start_date": "2026-11-12", "finish_date": "2026-11-20", "lock_version": 1}
    body = {"start_date": "2026-11-12"}
    one = f"delegations/{row.pk}/"
    assert hands.act(page=team(hands, f"delegates/{row.pk}/"), typed=typed, api=one, body=body, method="patch")
    assert Delegation.objects.get().start_date == NOV[11]
    assert hands.act(page=team(hands, f"delegates/{row.pk}/remove/"), api=one, method="delete")
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "own", "sentence"),
    [
        (NOV[5], NOV[9], False, "on some of these days already"),
        (NOV[24], NOV[23], False, "The last day lies before the first one."),
        (NOV[24], NOV[25], True, "Nobody stands in for themselves."),
    ],
)
def test_what_makes_no_delegation(hands, chen, li, first, last, own, sentence):
    assert stand_in(hands, chen, li)
    assert not stand_in(hands, chen, chen.user if own else li, first, last)
    assert sentence in hands.words
    assert Delegation.objects.count() == 1


def test_a_stranger_and_a_member_of_another_campaign_are_unknown(hands, chen, li, other):
    assert not stand_in(hands, chen, other.owner)
    theirs = factories.campaign(hands.world.workspace, hands.world.owner)
    foreign = actions.add_member(hands.world.actor, campaign=theirs, user=li, function="data")
    if hands.door == "page":  # in REST the member says which campaign is meant
        assert not stand_in(hands, foreign, chen.user)
    assert not Delegation.objects.exists()


def test_days_that_only_touch_do_not_overlap():
    day = NOV.__getitem__
    ask = {"member": 1, "delegate": 2, "start": day(10), "finish": day(12)}
    check_delegation(**ask, others=[(day(1), day(9)), (day(13), day(20))])
    with pytest.raises(RuleBroken):
        check_delegation(**ask, others=[(day(12), day(20))])
    with pytest.raises(Invalid):
        check_delegation(**{**ask, "delegate": 1})


# --- contact points -------------------------------------------------------------------------------------------------


def test_a_contact_point_is_named_changed_and_removed(hands, li):
    owner = hands.world.owner
    typed = {"topic": "Landing page", "user": str(li.pk), "deputy": str(owner.pk), "reach": "ext. 12"}
    typed["reply_hours"] = 4
    body = {"campaign": hands.world.campaign.code, **typed}
    assert hands.act(page=team(hands, "contacts/"), typed=typed, api="contact-points/", body=body)
    row = ContactPoint.objects.get()
    assert (row.topic, row.user, row.deputy, row.reach, row.reply_hours) == ("Landing page", li, owner, "ext. 12", 4)
    assert not hands.act(page=team(hands, "contacts/"), typed=typed, api="contact-points/", body=body)
    assert "This topic has a contact point already." in hands.words
    changed = {**typed, "deputy": "", "reply_hours": "", "lock_version": 1}
    one = f"contact-points/{row.pk}/"
    body = {"deputy": None, "reply_hours": None}
    assert hands.act(page=team(hands, f"contacts/{row.pk}/"), typed=changed, api=one, body=body, method="patch")
    row.refresh_from_db()
    assert (row.deputy, row.reply_hours, row.reach) == (None, None, "ext. 12")
    assert hands.act(page=team(hands, f"contacts/{row.pk}/remove/"), api=one, method="delete")
    assert not ContactPoint.objects.exists()


def test_the_deputy_is_another_person(hands, li):
    typed = {"topic": "H5", "user": str(li.pk), "deputy": str(li.pk)}
    body = {"campaign": hands.world.campaign.code, **typed}
    assert not hands.act(page=team(hands, "contacts/"), typed=typed, api="contact-points/", body=body)
    assert "The deputy is another person than the contact." in hands.words


@pytest.mark.parametrize("hours", [0, -1, 5000])
def test_an_endless_reply_time_is_refused(hands, li, hours):
    typed = {"topic": "H5", "user": str(li.pk), "reply_hours": hours}
    body = {"campaign": hands.world.campaign.code, **typed}
    assert not hands.act(page=team(hands, "contacts/"), typed=typed, api="contact-points/", body=body)
    assert not ContactPoint.objects.exists()


# --- the page -------------------------------------------------------------------------------------------------------


def test_a_viewer_changes_nothing(onlooker, chen, li):
    world = onlooker.world
    row = actions.add_function(world.actor, campaign=world.campaign, function="content")
    body = {"campaign": world.campaign.code, "function": "legal"}
    assert not onlooker.act(page=team(onlooker, "functions/"), typed=body, api="campaign-functions/", body=body)
    one = f"campaign-functions/{row.pk}/"
    assert not onlooker.act(page=team(onlooker, "functions/content/"), typed={}, api=one, method="patch")
    assert not stand_in(onlooker, chen, li)
    assert not onlooker.act(page=team(onlooker, "contacts/"), typed={"topic": "x"}, api="contact-points/")
    page = onlooker.client.get(f"{world.c}/team/")
    assert page.status_code == 200 and "Add a delegate" not in page.content.decode()


def test_the_page_shows_holders_and_who_stands_in_today(world, owner, chen, li):
    today = today_of(world.campaign)
    actions.add_function(world.actor, campaign=world.campaign, function="legal", duties="Reads every claim")
    actions.add_delegation(world.actor, member=chen, delegate=li, start_date=today, finish_date=today)
    text = owner.get(f"{world.c}/team/").content.decode()
    assert "Chen Wei" in text and "Reads every claim" in text
    assert f"Li Na stands in until {today}" in text


def test_a_card_is_edited_in_its_place(world, owner, chen):
    url = f"{world.c}/team/functions/content/"
    form = owner.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<textarea" in form and "<!doctype" not in form.lower()
    answer = owner.post(url, {"duties": "Copy", "boundary": "", "organization": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Copy" in answer.content.decode()
    assert "<textarea" not in answer.content.decode() and "Chen Wei" in answer.content.decode()
    assert owner.get(f"{world.c}/team/functions/none/").status_code == 404


def test_the_team_as_a_workbook_and_as_csv(world, owner, chen, li):
    actions.add_function(world.actor, campaign=world.campaign, function="content", duties="=1+1")
    actions.add_delegation(world.actor, member=chen, delegate=li, start_date=NOV[0], finish_date=NOV[1])
    actions.add_contact_point(world.actor, campaign=world.campaign, topic="H5", user=li, reply_hours=4)
    book = openpyxl.load_workbook(io.BytesIO(owner.get(f"{world.c}/team/?export=xlsx").content))
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert rows[0][:4] == ["Content", "Chen Wei", "", "=1+1"] and book.worksheets[0]["D2"].data_type == "s"
    assert [row[0] for row in rows[1:]] == ["Chen Wei", "H5"]
    text = owner.get(f"{world.c}/team/?export=csv").content.decode("utf-8-sig")
    assert "'=1+1" in text and "Chen Wei" in text


def test_the_page_asks_little(world, owner, chen, li, assert_budget):
    for function in ("legal", "data", "design"):
        actions.add_member(world.actor, campaign=world.campaign, user=li, function=function)
    for topic in "abc":
        actions.add_contact_point(world.actor, campaign=world.campaign, topic=topic, user=li)
    actions.add_delegation(world.actor, member=chen, delegate=li, start_date=NOV[0], finish_date=NOV[1])
    with assert_budget("campaigns:team"):
        owner.get(f"{world.c}/team/")
    for noun in ("campaign-functions", "delegations", "contact-points"):
        with assert_budget(f"api:{noun}-list"):
            assert owner.get(f"/api/v1/{noun}/").status_code == 200


def test_rows_of_rest_are_filtered(world, owner, chen, li):
    actions.add_delegation(world.actor, member=chen, delegate=li, start_date=NOV[0], finish_date=NOV[9])
    code = world.campaign.code
    count = lambda query: len(owner.get(f"/api/v1/delegations/?{query}").json()["results"])  # noqa: E731
    assert (count(f"campaign={code}"), count("on=2026-11-10"), count("on=2026-11-11")) == (1, 1, 0)
    assert count(f"delegate={li.pk}") == 1 and CampaignMember.objects.count() == 1
