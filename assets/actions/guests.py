"""Acts on links for guests: make, revoke; what a guest does at the door: find the link, give the password, be seen."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from assets.actions.assets import check_living
from assets.models import GuestLink
from assets.permissions import can_invite
from assets.rules import guests as rules
from core.actor import Actor
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import swap

NOTED_EVERY = timedelta(minutes=5)
RELATED = ("asset", "asset__campaign", "asset__workspace", "workspace", "campaign", "version")


@dataclass(frozen=True)
class Visitor:
    """A guest as the logbook names them: nobody of ours."""

    name: str
    pk = None
    is_authenticated = False

    def __str__(self):
        return _("%(name)s (guest)") % {"name": self.name}


def visitor(link, name=""):
    """The actor as which a guest acts by their link."""
    return Actor(user=Visitor(" ".join(name.split()) or link.name), workspace=link.workspace)


@transaction.atomic
def make_link(actor, *, asset, name, expires_at, password="", version=None, may_comment=True, may_download=False):
    """Make an address under which a guest sees the asset (or one version of it). Returns (link, token): the token is
    shown once and kept as its hash."""
    require(can_invite(actor, asset))
    check_living(asset)
    rules.check_link(name=name, expires_at=expires_at, password=password, now=timezone.now())
    if version is not None and version.asset_id != asset.pk:
        sentence = _("This version is of another asset.")
        raise Invalid(sentence, code="link", errors={"version": sentence})
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
    require(can_invite(actor, link.asset))
    if link.revoked_at is None:
        swap(link, seen=seen, revoked_at=timezone.now())
        record(actor, "assets.guest_link_revoked", link.asset, changes={"guest": [link.name, None]})
    return link


def close_links_of(actor, *, user):
    """Close every address that somebody made whose access has ended, in whichever workspace."""
    with scopes_disabled():
        for link in GuestLink.objects.filter(made_by=user, revoked_at=None).select_related("asset", "workspace"):
            swap(link, revoked_at=timezone.now())
            record(
                replace(actor, workspace=link.workspace),
                "assets.guest_link_revoked",
                link.asset,
                changes={"guest": [link.name, None]},
            )


def link_of(token):
    """The open link of a token, None for a wrong, expired or revoked one and where its campaign or asset is gone."""
    now = timezone.now()
    with scopes_disabled():
        rows = GuestLink.objects.filter(Q(expires_at__gt=now), revoked_at=None, token_hash=rules.token_hash(token))
        rows = rows.filter(asset__archived_at=None, campaign__archived_at=None)
        return rows.select_related(*RELATED).first()


def unlock(link, *, password, address):
    """Whether this is the link's password. RuleBroken after five wrong ones from one address in a quarter of an hour:
    then it is not even looked at, while others go on."""
    key = f"guest:{link.pk}:{address}"
    cache.add(key, 0, rules.WITHIN.total_seconds())
    if cache.incr(key) > rules.MOST_TRIES:
        sentence = _("That was very often. Wait a few minutes and try again. Nothing is locked.")
        raise RuleBroken(sentence, code="too_often")
    if not check_password(password, link.password_hash):
        record(visitor(link), "assets.guest_refused", link.asset, changes={"guest": [None, link.name]})
        return False
    cache.delete(key)
    return True


def note_visit(link):
    """Remember when the guest was last here, to within five minutes; the first visit is a line of the logbook."""
    now = timezone.now()
    if link.last_seen_at is None:
        record(visitor(link), "assets.guest_came", link.asset, changes={"guest": [None, link.name]})
    if link.last_seen_at is None or now - link.last_seen_at > NOTED_EVERY:
        GuestLink.objects.filter(pk=link.pk).update(last_seen_at=now)
