"""Who has access to a campaign: sections granted to partners and to limited members, through both doors."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.backends import actor_in
from accounts.models import Grant, Membership
from campaigns.jobs import warn_of_endings
from tests import factories
from tests.tasks.conftest import run_jobs


@pytest.fixture
def agency(world):
    return factories.organization(world.workspace, "Northlight")


def access(hands, rest=""):
    return f"c/{hands.world.campaign.code}/team/access/{rest}"


def test_a_partner_is_given_sections_which_change_and_end(hands, agency):
    days = {"start_date": "2026-11-01", "finish_date": "2026-12-30"}
    typed = {"organization": str(agency.pk), "area_tasks": "write", "area_brief": "read", **days}
    body = {"organization": str(agency.pk), "areas": {"tasks": "write", "brief": "read"}, **days}
    body["campaign"] = hands.world.campaign.code
    assert hands.act(page=access(hands), typed=typed, api="grants/", body=body)
    grant = Grant.objects.get()
    assert grant.areas == {"brief": "read", "tasks": "write"} and grant.campaign_id == hands.world.campaign.pk
    assert (grant.start_date, grant.finish_date) == (date(2026, 11, 1), date(2026, 12, 30))
    typed = {"area_tasks": "read", "start_date": "2026-11-01", "lock_version": 1}
    one = f"grants/{grant.pk}/"
    body = {"areas": {"tasks": "read"}, "finish_date": None}
    assert hands.act(page=access(hands, f"{grant.pk}/"), typed=typed, api=one, body=body, method="patch")
    grant.refresh_from_db()
    assert grant.areas == {"tasks": "read"} and grant.finish_date is None
    assert hands.act(page=access(hands, f"{grant.pk}/end/"), api=one, method="delete")
    assert not Grant.objects.exists()


def test_access_to_a_campaign_that_is_over_is_offered_beyond_today(owner, world, agency):
    today = timezone.localdate()
    world.campaign.start_date, world.campaign.finish_date = today - timedelta(days=200), today - timedelta(days=100)
    world.campaign.save()
    page = f"{world.c}/team/access/"
    assert owner.get(page).context["form"]["finish_date"].initial > today
    typed = {"organization": str(agency.pk), "area_tasks": "read", "finish_date": f"{today - timedelta(days=5)}"}
    said = owner.post(page, typed, follow=True).content.decode()
    assert "its last day has passed: Northlight sees nothing" in said and "has access now" not in said


def test_what_no_partner_may_have_is_refused(hands, agency):
    body = {"organization": str(agency.pk), "campaign": hands.world.campaign.code, "areas": {"budget": "read"}}
    typed = {"organization": str(agency.pk), "area_budget": "read"}
    assert not hands.act(page=access(hands), typed=typed, api="grants/", body=body)
    assert "Choose at least one section" in hands.words
    assert not Grant.objects.exists()


def test_one_access_per_partner_and_campaign(hands, agency):
    factories.grant(agency, hands.world.campaign)
    body = {"organization": str(agency.pk), "campaign": hands.world.campaign.code, "areas": {"tasks": "read"}}
    typed = {"organization": str(agency.pk), "area_tasks": "read"}
    assert not hands.act(page=access(hands), typed=typed, api="grants/", body=body)
    assert Grant.objects.count() == 1


def test_a_member_is_limited_before_sections_are_granted(hands):
    user = factories.member(hands.world.workspace)
    membership = Membership.objects.get(user=user)
    body = {"membership": str(membership.pk), "campaign": hands.world.campaign.code, "areas": {"tasks": "write"}}
    typed = {"membership": str(membership.pk), "area_tasks": "write"}
    page = access(hands, "?for=member")
    assert not hands.act(page=page, typed=typed, api="grants/", body=body)
    Membership.objects.filter(pk=membership.pk).update(is_limited=True)
    assert hands.act(page=page, typed=typed, api="grants/", body=body)
    assert Grant.objects.get().areas == {"tasks": "write"}


def test_the_page_proposes_a_month_after_the_end(world, owner, agency):
    factories.run_now(world.campaign)
    page = owner.get(f"/w/{world.workspace.slug}/c/{world.campaign.code}/team/access/")
    form = page.context["form"]
    assert form["finish_date"].value() == world.campaign.finish_date + timedelta(days=30)
    assert (form["area_brief"].value(), form["area_tasks"].value()) == ("read", "write")
    assert (form["area_reviews"].value(), form["area_downloads"].value()) == ("", "")
    factories.grant(agency, world.campaign)
    page = owner.get(f"/w/{world.workspace.slug}/c/{world.campaign.code}/team/access/")
    assert "Northlight" in page.content.decode()


def test_only_managers_grant(world, agency):
    client = world.client(factories.member(world.workspace))
    assert client.get(f"/w/{world.workspace.slug}/c/{world.campaign.code}/team/access/").status_code == 403
    body = {"organization": str(agency.pk), "campaign": world.campaign.code, "areas": {"tasks": "read"}}
    assert client.post("/api/v1/grants/", body, content_type="application/json").status_code == 403


def test_pages_within_their_budgets(world, owner, agency, assert_budget):
    grant = factories.grant(agency, world.campaign)
    home = f"/w/{world.workspace.slug}/c/{world.campaign.code}/team/access/"
    with assert_budget("campaigns:grants"):
        owner.get(home)
    with assert_budget("campaigns:grant"):
        owner.get(f"{home}{grant.pk}/")
    with assert_budget("api:grants-list"):
        owner.get(f"/api/v1/grants/?campaign={world.campaign.code}")


def test_somebody_is_limited_through_either_door(hands):
    user = factories.member(hands.world.workspace)
    membership = Membership.objects.get(user=user)
    typed = {"role": "member", "is_limited": "on", "lock_version": membership.lock_version}
    one = f"members/{membership.pk}/"
    page = f"settings/people/{membership.pk}/"
    assert hands.act(page=page, typed=typed, api=one, body={"is_limited": True}, method="patch")
    membership.refresh_from_db()
    assert membership.is_limited and actor_in(user, hands.world.workspace.slug).reaches == ()
    typed = {"role": "manager", "is_limited": "on", "lock_version": membership.lock_version}
    assert not hands.act(page=page, typed=typed, api=one, body={"role": "manager"}, method="patch")
    assert "Owners and managers see every campaign" in hands.words


def test_managers_are_told_once_that_an_access_ends(world, agency):
    today = timezone.now().date()
    factories.grant(agency, world.campaign, finish_date=today + timedelta(days=5))
    other = factories.organization(world.workspace, "Bright")
    factories.grant(other, world.campaign, finish_date=today + timedelta(days=30))
    factories.member(world.workspace, name="Not told")
    warn_of_endings()
    warn_of_endings()
    assert run_jobs("campaigns.tell_ending") == 1
    assert [one.to for one in mail.outbox] == [[world.owner.email]]
    assert "Northlight" in mail.outbox[0].subject and world.campaign.code in mail.outbox[0].body
