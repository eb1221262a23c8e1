"""Find the actor behind a request: a Bearer key, the session's person in the named workspace, or the seat at a door."""

from datetime import timedelta

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from accounts.choices import UserKind
from accounts.models import ApiKey, Grant, Membership, Seat, SeatPasskey, SeatSession
from accounts.querysets import holds_on
from accounts.rules import key_hash
from core.actor import Actor, Reach
from core.locks import let_be, locked
from core.time import today_in

TOUCH_EVERY = timedelta(minutes=5)
PROOF_HOLDS = timedelta(minutes=5)


class SignIn(AuthenticationBackend):
    """Signs in by e-mail and password; the person of a session comes with their `memberships_read`."""

    def get_user(self, user_id):
        rows = list(_memberships(user_id).select_related("user", "workspace"))
        if not rows:
            return super().get_user(user_id)
        user = rows[0].user
        user.memberships_read = rows
        return user if self.user_can_authenticate(user) else None


def actor_by_key(secret):
    """The actor of an API key, or None when it is unknown, expired, revoked or its maker was deactivated."""
    now = timezone.now()
    key = _usable(now, key_hash=key_hash(secret))
    if key and (key.last_used_at is None or key.last_used_at < now - TOUCH_EVERY):
        with let_be("that a key was used"):
            ApiKey._base_manager.filter(pk=key.pk).update(last_used_at=now)
    return _actor_of_key(key)


def actor_again(user, slug):
    """Who began a job, as their rights are now: a person by membership, the service behind a key by that key."""
    key = _usable(timezone.now(), user=user, workspace__slug=slug)
    return _actor_of_key(key) or actor_in(user, slug)


def _usable(now, **named):
    """The key so named, with the role of its maker, if it opens a door now."""
    keys = ApiKey._base_manager.filter(**named).select_related("user", "workspace")
    of_maker = {"role": of_maker_of_key("role"), "limited_id": of_maker_of_key("pk", is_limited=True)}
    key = next(iter(keys.annotate(has_maker=models.F("made_by__is_active"), **of_maker)[:1]), None)
    return key if key and _opens(key, now) else None


def _opens(key, now):
    """Neither expired nor revoked, and workspace, service and maker are still there."""
    is_there = key.user.is_active and key.has_maker and key.workspace.archived_at is None
    return is_there and key.role is not None and key.state(now=now) == "active"


def _actor_of_key(key):
    if key is None:
        return None
    reaches = reaches_of(key.workspace, membership=key.limited_id) if key.limited_id else None
    return Actor(user=key.user, workspace=key.workspace, role=key.role, key=key, reaches=reaches)


def of_maker_of_key(column, **which):
    """A column of the maker's membership: a key never reaches further than its maker does now."""
    of_maker = {"user": models.OuterRef("made_by"), "workspace": models.OuterRef("workspace")}
    return models.Subquery(Membership._base_manager.filter(**of_maker, **which).values(column)[:1])


def actor_in(user, slug):
    """The actor of a signed-in user in the workspace `slug`; without a role when they are no member."""
    if getattr(user, "kind", "") == UserKind.SEAT:
        return _seat_again(user, slug)
    found = (one for one in memberships_of(user) if one.workspace.slug == slug)
    return _actor(user, next(found, None))


def actor_somewhere(user, slug=""):
    """For REST by session: the named workspace, or the only one the person has."""
    if slug:
        return actor_in(user, slug)
    found = memberships_of(user)
    return _actor(user, found[0] if len(found) == 1 else None)


def memberships_of(user):
    """Where a person may go, each with its workspace: as read with them, else asked for."""
    if not user.is_authenticated:
        return []
    read = getattr(user, "memberships_read", None)
    return list(_memberships(user.pk).select_related("workspace")) if read is None else read


def _memberships(user_id):
    return Membership._base_manager.filter(user=user_id, workspace__archived_at=None)


def _actor(user, membership):
    if membership is None:
        return Actor(user=user)
    workspace = membership.workspace
    reaches = reaches_of(workspace, membership=membership) if membership.is_limited else None
    return Actor(user=user, workspace=workspace, role=membership.role, reaches=reaches)


def reaches_of(workspace, **party):
    """What is granted today, in the workspace's zone, to an `organization=` or a `membership=`."""
    grants = Grant._base_manager.filter(holds_on(today_in(workspace.time_zone)), workspace=workspace, **party)
    return tuple(Reach(*row) for row in grants.values_list("campaign_id", "areas"))


# --- seats ----------------------------------------------------------------------------------------------------------


def actor_of_session(row, *, now):
    """The actor of a seat at the keyboard. `row` is a running SeatSession with its seat, door and workspace."""
    seat = row.seat
    seat.has_passkey = row.has_passkey
    return Actor(
        user=seat.user,
        workspace=seat.workspace,
        door=row.door,
        seat=seat,
        reaches=reaches_of(seat.workspace, organization=seat.organization),
        is_proved=row.proved_at > now - PROOF_HOLDS,
        guard=lambda: _still_there(row),
    )


def session_of(user, key):
    """The running session of a seat by its id, or None when it was ended from anywhere."""
    rows = SeatSession._base_manager.filter(pk=key, seat__user=user, ended_at=None)
    keys = SeatPasskey._base_manager.filter(seat=models.OuterRef("seat"))
    rows = rows.annotate(has_passkey=models.Exists(keys))
    row = rows.select_related("seat__user", "seat__organization", "seat__workspace", "door").first()
    return row if row and row.holds(timezone.now()) else None


def _still_there(row):
    """Asked in the transaction of each act, with the seat's row locked: one that was frozen meanwhile writes nothing.

    Whoever freezes a seat or all of a door changes the rows of the seats, hence waits for acts that are under way.
    """
    seat = locked(Seat._base_manager.filter(pk=row.seat_id), no_key=True).first()
    again = seat and session_of(row.seat.user, row.pk)
    if not again:
        raise PermissionDenied


def _seat_again(user, slug):
    """A seat's actor for work in the background, as its rights are now; without a workspace once it is shut out."""
    seats = Seat._base_manager.filter(user=user, workspace__slug=slug, workspace__archived_at=None, removed_at=None)
    seat = seats.select_related("user", "organization__door", "workspace").first()
    if seat is None or not seat.is_open(timezone.now()):
        return Actor(user=user)
    workspace, organization = seat.workspace, seat.organization
    reaches = reaches_of(workspace, organization=organization)
    return Actor(user=user, workspace=workspace, door=organization.door, seat=seat, reaches=reaches, is_proved=False)
