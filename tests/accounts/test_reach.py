"""What a seat, a limited member and a limited key reach; the guard that ends with a freeze."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.backends import actor_in
from accounts.models import Door, Grant, Membership, Seat, SeatSession
from assets.permissions import can_make
from campaigns.actions import create_programme
from campaigns.models import Annotation, BudgetLine, Campaign
from campaigns.permissions import can_budget, can_plan
from core.actor import Actor, Reach
from core.audit import record
from core.policy import policies
from placements.permissions import can_place
from tasks.models import Task
from tasks.permissions import can_schedule
from tests import factories


@pytest.fixture
def agency(world):
    return factories.organization(world.workspace)


def test_a_section_is_read_or_written_campaign_by_campaign(world):
    one, two = world.campaign.pk, factories.campaign(world.workspace, world.owner).pk
    reaches = (Reach(one, {"tasks": "write", "brief": "read"}), Reach(two, {"brief": "read"}))
    actor = Actor(user=world.owner, workspace=world.workspace, reaches=reaches)
    assert actor.campaigns_of() == {one, two}
    assert actor.campaigns_of("tasks") == {one} and actor.campaigns_of("brief") == {one, two}
    assert actor.campaigns_of("brief", "write") == frozenset()
    assert actor.has_scope("tasks:write") and not actor.has_scope("brief:write") and not actor.has_scope("budget:read")
    assert actor.is_limited and not world.actor.is_limited and world.actor.campaigns_of("tasks") is None


def test_a_seat_sees_nothing_that_is_not_said_to_be_its_own(world, agency):
    seat = factories.seat(agency)
    factories.grant(agency, world.campaign)
    factories.task(world.campaign)
    actor = factories.seat_actor(seat)
    assert list(Campaign.objects.visible_to(actor)) == [world.campaign]
    for model in (BudgetLine, Annotation, Membership, Grant):
        assert not model.objects.visible_to(actor).exists()
    assert list(Seat.objects.visible_to(actor)) == [seat]


def test_a_grant_holds_on_its_days_only(world, agency):
    seat, today = factories.seat(agency), timezone.localdate()
    factories.grant(agency, world.campaign, finish_date=today - timedelta(days=2))
    assert not Campaign.objects.visible_to(factories.seat_actor(seat)).exists()
    Grant.objects.update(finish_date=today + timedelta(days=2))
    assert Campaign.objects.visible_to(factories.seat_actor(seat)).exists()


def test_a_limited_member_works_in_what_is_granted(world):
    user = factories.member(world.workspace)
    other = factories.campaign(world.workspace, world.owner)
    membership = Membership.objects.get(user=user)
    Membership.objects.filter(pk=membership.pk).update(is_limited=True)
    granted = {"areas": {"tasks": "read"}, "campaign_id": world.campaign.pk}
    Grant.objects.create(workspace=world.workspace, membership=membership, **granted)
    mine, theirs = factories.task(world.campaign), factories.task(other)
    actor = actor_in(user, world.workspace.slug)
    assert list(Task.objects.visible_to(actor)) == [mine] and theirs.pk
    assert list(Campaign.objects.visible_to(actor)) == [world.campaign]
    assert not BudgetLine.objects.visible_to(actor).exists() and not actor.has_scope("budget:read")


@pytest.mark.parametrize(
    "shut",
    [
        lambda row: Seat.objects.filter(pk=row.seat_id).update(frozen_at=timezone.now()),
        lambda row: Seat.objects.filter(pk=row.seat_id).update(removed_at=timezone.now()),
        lambda row: Door.objects.filter(pk=row.door_id).update(frozen_at=timezone.now()),
        lambda row: Door.objects.filter(pk=row.door_id).update(epoch=2),
        lambda row: SeatSession.objects.filter(pk=row.pk).update(ended_at=timezone.now()),
    ],
    ids=["seat frozen", "seat removed", "door frozen", "new password", "session ended"],
)
def test_who_was_shut_out_since_the_request_began_writes_nothing(world, agency, shut):
    seat = factories.seat(agency)
    actor = factories.seat_actor(seat)
    record(actor, "accounts.seat_noted", seat)
    shut(SeatSession.objects.get(seat=seat))
    with pytest.raises(PermissionDenied):
        record(actor, "accounts.seat_noted", seat)


def test_no_page_of_the_workspace_opens_to_a_seat(world, agency):
    seat = factories.seat(agency)
    factories.grant(agency, world.campaign)
    client = factories.seat_client(seat)
    assert client.get(f"/w/{world.workspace.slug}/").status_code == 404
    assert client.get("/api/v1/campaigns/").status_code == 404


@pytest.fixture
def limited(world):
    """A member who works on the tasks of one campaign and on the plan of another: (person, the other campaign)."""
    user = factories.member(world.workspace)
    other = factories.campaign(world.workspace, world.owner)
    Membership.objects.filter(user=user).update(is_limited=True)
    own = {"workspace": world.workspace, "membership": Membership.objects.get(user=user)}
    Grant.objects.create(campaign_id=world.campaign.pk, areas={"tasks": "write", "campaigns": "read"}, **own)
    Grant.objects.create(campaign_id=other.pk, areas={"campaigns": "write"}, **own)
    return user, other


def test_a_section_granted_in_one_campaign_opens_none_in_another(world, limited):
    user, other = limited
    actor = actor_in(user, world.workspace.slug)
    assert can_schedule(actor, world.campaign) and not can_plan(actor, world.campaign)
    assert can_plan(actor, other) and not can_schedule(actor, other)
    assert not can_budget(actor, other) and not can_place(actor, other) and not can_make(actor, other)
    client = world.client(user)
    goal = {"campaign": str(world.campaign.pk), "title": "More"}
    assert client.post("/api/v1/goals/", goal, content_type="application/json").status_code == 403
    task = {"campaign": str(other.pk), "title": "More"}
    assert client.post("/api/v1/tasks/", task, content_type="application/json").status_code in (400, 403, 404)
    task = {"campaign": str(world.campaign.pk), "title": "More"}
    assert client.post("/api/v1/tasks/", task, content_type="application/json").status_code == 201
    assert not Task.objects.filter(campaign=other).exists()


def test_what_belongs_to_no_campaign_is_not_written_by_who_is_limited(world, limited):
    programme = create_programme(world.actor, name="Year")
    page = f"/w/{world.workspace.slug}/programmes/{programme.pk}/edit/"
    typed = {"name": "Mine", "lock_version": programme.lock_version}
    assert world.client(limited[0]).post(page, typed).status_code != 302
    programme.refresh_from_db()
    assert programme.name == "Year"
    assert world.client().post(page, typed).status_code == 302  # the owner may


def test_routes_of_a_section_that_was_not_granted_are_closed(world, limited):
    client = world.client(limited[0])
    refused = [name for name, policy in policies().items() if policy.area in ("budget", "risks", "assets", "analytics")]
    assert len(refused) > 100
    home = f"/w/{world.workspace.slug}/c/{world.campaign.code}"
    for path in ("/budget/", "/risks/", "/assets/", "/dashboard/"):
        assert client.get(home + path).status_code in (403, 404), path
    for noun in ("budget-lines", "risks", "assets", "facts/summary", "placements"):
        assert client.get(f"/api/v1/{noun}/").status_code == 403, noun
    assert client.get(home + "/tasks/").status_code == 200
