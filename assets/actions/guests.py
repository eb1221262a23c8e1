"""Acts on links for guests: make, revoke, note that one was used."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from assets.models import GuestLink
from assets.permissions import can_produce
from assets.rules import guests as rules
from core.audit import record
from core.errors import require
from core.swap import swap

NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_link(actor, *, asset, name, expires_at, password="", version=None, may_comment=True, may_download=False):
    """Make an address under which a guest sees the asset (or one version of it). Returns (link, token): the token is
    shown once and kept as its hash."""
    require(can_produce(actor, asset))
    rules.check_link(name=name, expires_at=expires_at, password=password, now=timezone.now())
    token = rules.new_token()
    link = GuestLink.objects.create(
        workspace_id=asset.workspace_id,
        campaign_id=asset.campaign_id,
        asset=asset,
        version=version,
        name=name.strip(),
        token_hash=rules.token_hash(token),
        password_hash=make_password(password) if password else "",
        may_comment=may_comment,
        may_download=may_download,
        made_by=actor.user,
        expires_at=expires_at,
    )
    record(actor, "assets.guest_link_made", asset, changes={"guest": [None, link.name]})
    return link, token


@transaction.atomic
def revoke_link(actor, *, link, seen=None):
    """Close an address at once; twice is once."""
    require(can_produce(actor, link.asset))
    if link.revoked_at is None:
        swap(link, seen=seen, revoked_at=timezone.now())
        record(actor, "assets.guest_link_revoked", link.asset, changes={"guest": [link.name, None]})
    return link


def is_password(link, password):
    """Whether this is the link's password (none is asked for where it has none)."""
    return not link.password_hash or check_password(password, link.password_hash)


def note_visit(link):
    """Remember when the guest was last here, to within five minutes."""
    now = timezone.now()
    if link.last_seen_at is None or now - link.last_seen_at > NOTED_EVERY:
        GuestLink.objects.filter(pk=link.pk).update(last_seen_at=now)
