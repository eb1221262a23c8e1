"""Find the actor behind a request: a Bearer key, or the session's person in the named workspace."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.models import ApiKey, Membership
from accounts.rules import key_hash
from core.actor import Actor

TOUCH_EVERY = timedelta(minutes=5)


def actor_by_key(secret):
    """The actor of an API key, or None when it is unknown, expired, revoked or its maker was deactivated."""
    now = timezone.now()
    key = _usable(now, key_hash=key_hash(secret))
    if key and (key.last_used_at is None or key.last_used_at < now - TOUCH_EVERY):
        ApiKey._base_manager.filter(pk=key.pk).update(last_used_at=now)
    return _actor_of_key(key)


def actor_again(user, slug):
    """Who began a job, as their rights are now: a person by membership, the service behind a key by that key."""
    key = _usable(timezone.now(), user=user, workspace__slug=slug)
    return _actor_of_key(key) or actor_in(user, slug)


def _usable(now, **named):
    """The key so named, with the role of its maker, if it opens a door now."""
    keys = ApiKey._base_manager.filter(**named).select_related("user", "workspace")
    key = next(iter(keys.annotate(role=role_of_maker(), has_maker=models.F("made_by__is_active"))[:1]), None)
    return key if key and _opens(key, now) else None


def _opens(key, now):
    """Neither expired nor revoked, and workspace, service and maker are still there."""
    is_there = key.user.is_active and key.has_maker and key.workspace.archived_at is None
    return is_there and key.role is not None and key.state(now=now) == "active"


def _actor_of_key(key):
    return Actor(user=key.user, workspace=key.workspace, role=key.role, key=key) if key else None


def role_of_maker():
    """A key never reaches further than the role its maker has now."""
    return models.Subquery(
        Membership._base_manager.filter(user=models.OuterRef("made_by"), workspace=models.OuterRef("workspace")).values(
            "role"
        )[:1]
    )


def actor_in(user, slug):
    """The actor of a signed-in user in the workspace `slug`; without a role when they are no member."""
    membership = _memberships(user).filter(workspace__slug=slug).first() if user.is_authenticated else None
    return _actor(user, membership)


def actor_somewhere(user, slug=""):
    """For REST by session: the named workspace, or the only one the person has."""
    found = list(_memberships(user)[:2]) if user.is_authenticated and not slug else []
    if slug:
        return actor_in(user, slug)
    return _actor(user, found[0] if len(found) == 1 else None)


def _memberships(user):
    return Membership._base_manager.filter(user=user, workspace__archived_at=None).select_related("workspace")


def _actor(user, membership):
    if membership is None:
        return Actor(user=user)
    return Actor(user=user, workspace=membership.workspace, role=membership.role)
