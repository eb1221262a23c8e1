"""Small worlds for the tests, made by the product's own actions."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.actions import create_person, create_workspace, hash_pin
from accounts.backends import actor_of_session, session_of
from accounts.choices import PARTNER_AREAS
from accounts.models import Door, Grant, Membership, Organization, Seat, SeatDevice, SeatSession, User
from accounts.rules.doors import DOORS, SEAT_SESSION, token_hash
from assets.models import Asset, AssetVersion, ReviewRoute, RouteLevel
from campaigns.models import Campaign, Channel, Phase
from core.actor import SYSTEM, Actor
from placements.models import AdAccount, Placement
from tasks.models import Dependency, Task

PASSWORD = "correct horse battery"
PIN = "271828"
_number = count(1)


def person(name="Ana Owner", **values):
    n = next(_number)
    return create_person(
        SYSTEM, email=values.pop("email", f"person{n}@example.com"), name=name, password=PASSWORD, **values
    )


def workspace(owner=None, **values):
    n = next(_number)
    values = {"name": f"Workspace {n}", "slug": f"ws-{n}", **values}
    return create_workspace(SYSTEM, owner=owner or person(), **values)


def actor_of(user, workspace):
    """The actor a signed-in member would be."""
    membership = Membership._base_manager.get(user=user, workspace=workspace)
    return Actor(user=user, workspace=workspace, role=membership.role)


def member(workspace, role="member", **values):
    """A further person in the workspace."""
    user = person(**values)
    with scopes_disabled():
        Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def organization(workspace, name="Agency", kind="agency"):
    with scopes_disabled():
        return Organization.objects.create(workspace=workspace, name=name, kind=kind)


def door(organization, **values):
    """The shared sign-in of an organisation, with the password of everybody here."""
    values = {"name": f"door-{next(_number)}", "password": make_password(PASSWORD), **values}
    with scopes_disabled():
        return Door.objects.create(workspace_id=organization.workspace_id, organization=organization, **values)


def seat(organization, name="Sean Seat", role="contributor", **values):
    """A partner's person, at the organisation's door (made if there is none)."""
    n = next(_number)
    with scopes_disabled():
        if not Door.objects.filter(organization=organization).exists():
            door(organization)
        user = User.objects.create(kind="seat", name=name, password=make_password(None))
        values = {"email": f"seat{n}@agency.example", **values}
        values |= {"workspace_id": organization.workspace_id, "organization": organization, "role": role}
        made = Seat(user=user, **values)
        made.pin_hash = hash_pin(made, PIN)
        made.save()
        return made


def grant(organization, campaign, areas=None, **values):
    """What the seats of an organisation reach of a campaign: by default all sections, to work in."""
    areas = dict.fromkeys(PARTNER_AREAS, "write") if areas is None else areas
    of = {"workspace_id": organization.workspace_id, "organization": organization, "campaign_id": campaign.pk}
    with scopes_disabled():
        return Grant.objects.create(areas=areas, **of, **values)


def seat_session(seat, **values):
    """The seat at the keyboard, proved just now."""
    now = timezone.now()
    door = Door._base_manager.get(organization=seat.organization_id)
    values = {"seen_at": now, "proved_at": now, "user_epoch": seat.user.auth_epoch, "door_epoch": door.epoch, **values}
    return SeatSession._base_manager.create(workspace_id=seat.workspace_id, seat=seat, door=door, **values)


def seat_actor(seat, **values):
    """The actor of a seat at the keyboard."""
    row = seat_session(seat, **values)
    return actor_of_session(session_of(seat.user, row.pk), now=timezone.now())


def seat_client(seat, **values):
    """A browser at whose keyboard the seat is."""
    client = Client(headers={"Pharos-Workspace": seat.workspace.slug})
    client.force_login(seat.user)
    session = client.session
    session[SEAT_SESSION] = str(seat_session(seat, **values).pk)
    session.save()
    return client


def door_client(door, *seats):
    """A browser in which the door is open and nobody sits; the seats are known there."""
    client, key = Client(), f"device-{next(_number)}".ljust(43, "x")
    client.cookies["device"] = key
    for known in seats:
        of = {"workspace_id": known.workspace_id, "seat": known, "seen_at": timezone.now()}
        SeatDevice._base_manager.create(**of, key_hash=token_hash(key), label="Chrome")
    session = client.session
    session[DOORS] = {str(door.pk): [int(timezone.now().timestamp()), door.epoch]}
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def campaign(workspace, owner, **values):
    """A campaign of November 2026 in CNY."""
    n = next(_number)
    values = {
        "name": f"Campaign {n}",
        "code": f"C{n}-2026",
        "start_date": date(2026, 11, 1),
        "finish_date": date(2026, 11, 30),
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        "budget_amount": Decimal("100000"),
        **values,
    }
    with scopes_disabled():
        return Campaign.objects.create(workspace=workspace, owner=owner, **values)


def run_now(campaign):
    """Let a campaign run from a month ago to a month from now, whatever day the suite runs on."""
    campaign.start_date, campaign.finish_date = (timezone.localdate() + timedelta(days=days) for days in (-30, 30))
    with scopes_disabled():
        campaign.save()


def channel(workspace, code="sem"):
    with scopes_disabled():
        return Channel.objects.get(workspace=workspace, code=code)


def ad_account(workspace, **values):
    n = next(_number)
    values = {
        "platform": "google_ads",
        "name": f"Account {n}",
        "currency": "CNY",
        "time_zone": "Asia/Shanghai",
        **values,
    }
    with scopes_disabled():
        return AdAccount.objects.create(workspace=workspace, **values)


def placement(campaign, **values):
    n = next(_number)
    values = {"code": f"P{n}", "name": f"Placement {n}", "currency": campaign.currency, **values}
    values.setdefault("channel", channel(campaign.workspace))
    with scopes_disabled():
        return Placement.objects.create(workspace=campaign.workspace, campaign=campaign, **values)


def phase(campaign, name="Preparation", **values):
    values = {"start_date": campaign.start_date, "finish_date": campaign.finish_date, **values}
    with scopes_disabled():
        return Phase.objects.create(workspace=campaign.workspace, campaign=campaign, name=name, **values)


def task(campaign, title="", **values):
    """A task of the campaign; days and figures as given, nothing is computed."""
    n = next(_number)
    assignees = values.pop("assignees", [])
    values = {"title": title or f"Task {n}", "position": n, **values}
    with scopes_disabled():
        made = Task.objects.create(workspace_id=campaign.workspace_id, campaign=campaign, **values)
        made.assignees.set(assignees)
    return made


def link(predecessor, successor, kind="FS", **values):
    """A link between two tasks."""
    ends = {"predecessor": predecessor, "successor": successor, "kind": kind}
    of = {"workspace_id": predecessor.workspace_id, "campaign_id": predecessor.campaign_id}
    with scopes_disabled():
        return Dependency.objects.create(**of, **ends, **values)


def asset(campaign, title="", kind="copy", **values):
    """An asset of the campaign in the topic pool, or in the stage given."""
    n = next(_number)
    values = {"title": title or f"Asset {n}", "code": f"A{n}", "position": n, **values}
    with scopes_disabled():
        return Asset.objects.create(workspace_id=campaign.workspace_id, campaign=campaign, kind=kind, **values)


def asset_version(asset, text="Warm all winter", **values):
    """The next version of an asset: a text that was checked, unless said otherwise."""
    with scopes_disabled():
        asset.current_number += 1
        asset.save(update_fields=["current_number"])
        of = {"workspace_id": asset.workspace_id, "campaign_id": asset.campaign_id, "asset": asset}
        values = {"sha256": sha256(text.encode()).hexdigest(), "checked_at": timezone.now(), **values}
        return AssetVersion.objects.create(**of, number=asset.current_number, text=text, **values)


def review_route(campaign, name="Usual way", levels=("Content",), **values):
    """A route with one level after the other; `levels` are their names."""
    of = {"workspace_id": campaign.workspace_id, "campaign": campaign}
    with scopes_disabled():
        route = ReviewRoute.objects.create(**of, name=name, **values)
        for position, level in enumerate(levels, 1):
            RouteLevel.objects.create(**of, route=route, position=position, name=level)
    return route
