"""Acts on invitations: a way in for one person, once. What both kinds share, and the acceptance of a seat."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from accounts.actions.doors import hold, waiting
from accounts.actions.mails import send_page
from accounts.actions.seats import end_everything_of, hash_pin
from accounts.choices import SeatRole, UserKind
from accounts.models import Invitation, Seat, User
from accounts.permissions import can_keep_seats, can_manage
from accounts.rules import check_name, invalid
from accounts.rules import doors as rules
from core.actor import Actor
from core.audit import record
from core.errors import Denied, RuleBroken, require
from core.swap import swap

# --- what invitations of seats and of members share -----------------------------------------------------------------


def make_invitation(actor, *, role, email="", phone="", **place):
    """A row and its token, which is told this once; an open invitation of the same person to the same place ends.

    Whoever calls asks whether the actor may invite, inside a transaction.
    """
    rules.check_address(email=email, phone=phone)
    now, token = timezone.now(), rules.new_token()
    to = Q(email__iexact=email) if email else Q(phone=phone)
    same = Invitation.objects.filter(to, workspace=actor.workspace_id, is_seat=place.get("is_seat", False))
    if place.get("is_seat"):
        same = same.filter(organization=place["organization"])
    same.open(now=now).update(revoked_at=now)
    row = Invitation.objects.create(
        workspace_id=actor.workspace_id,
        role=role,
        email=email.lower(),
        phone=phone,
        token_hash=rules.token_hash(token),
        made_by_id=actor.user_id,
        expires_at=now + rules.INVITATION_LASTS,
        **place,
    )
    record(actor, "accounts.invitation_made", row, changes={"role": [None, role]})
    if email:
        transaction.on_commit(lambda: send_invitation(row, token), robust=True)
    return row, token


def address_of_invitation(token):
    """The address that lets somebody in."""
    return settings.BASE_URL.rstrip("/") + reverse("accounts:invitation", args=[token])


def send_invitation(row, token):
    """The mail with the link. It leaves with the act: a job would have to carry the secret."""
    url = address_of_invitation(token)
    page = "invitation" if row.is_seat else "invitation_member"
    send_page(page, row.email, language=row.workspace.language, invitation=row, url=url)


def invitation_of(token):
    """The invitation behind a token, in whatever state, or None."""
    with scopes_disabled():
        return Invitation.objects.filter(token_hash=rules.token_hash(token)).opened().first()


def invitation_again(pk):
    """The invitation whose link a browser has opened before, or None."""
    with scopes_disabled():
        return Invitation.objects.filter(pk=pk).opened().first()


def use_invitation(invitation):
    """Take an invitation, once: of many who do so at the same time one goes on, the others are told why not."""
    now = timezone.now()
    # Only columns of the row itself: a condition on another table would not be asked again of a row that was locked.
    taken = Invitation.objects.filter(pk=invitation.pk).open(now=now).update(used_at=now)
    invitation.refresh_from_db()
    if not taken or invitation.workspace.archived_at:
        check_open(invitation)
        raise Denied()


@transaction.atomic
def revoke_invitation(actor, *, invitation):
    """Take an invitation that was not used back; its link is dead at once."""
    if invitation.is_seat:
        require(can_keep_seats(actor, invitation.organization))
    else:
        require(can_manage(actor, invitation.workspace_id))
    if invitation.state(now=timezone.now()) in ("open", "expired"):
        diff = swap(invitation, revoked_at=timezone.now())
        record(actor, "accounts.invitation_revoked", invitation, changes=diff)
    return invitation


# --- seats ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite_seat(actor, *, organization, role=SeatRole.CONTRIBUTOR, email="", phone="", name=""):
    """Invite a person to a seat, or one who sits there to choose a new PIN. Returns (invitation, token)."""
    require(can_keep_seats(actor, organization))
    door, seats = hold(organization.pk)
    place = {"organization": organization, "is_seat": True, "name": name.strip()}
    if not _seat_of(seats, email, phone):
        others = [row for row in waiting(organization.pk, seats) if (row.email, row.phone) != (email.lower(), phone)]
        rules.check_seat_room(seats=len(seats) + len(others), cap=door.seat_cap)
    return make_invitation(actor, role=role, email=email, phone=phone, **place)


def _seat_of(seats, email, phone):
    """The seat of whoever has this address."""
    for seat in seats:
        if (email and seat.email.lower() == email.lower()) or (phone and seat.phone == phone):
            return seat
    return None


@transaction.atomic
def accept_seat(invitation, *, name, pin, again, password=""):
    """Take a seat by an invitation: choose a PIN; the first lead of a door without a password gives it one.

    Role and organisation are those of the invitation. Whoever sat there already gets the new PIN, and every other
    session, device and passkey of theirs ends.
    """
    check_name(name)
    pin, again = rules.six_digits(pin), rules.six_digits(again)
    rules.check_same(pin, again)
    rules.check_pin(pin)
    use_invitation(invitation)
    door, seats = hold(invitation.organization_id)
    if door.frozen_at or invitation.organization.archived_at:
        raise RuleBroken(_("This door is shut at the moment. Ask whoever invited you."), code="door_frozen")
    seat = _seat_of(seats, invitation.email, invitation.phone) or _new_seat(invitation, door, seats)
    seat = _with_pin(seat, invitation, door, name, pin)
    if door_wants_password(invitation, door):
        _set_first_password(door, password)
    return seat


def door_wants_password(invitation, door):
    """The first lead gives the door its password."""
    return not door.password and invitation.role == SeatRole.LEAD


def _set_first_password(door, password):
    if not password:
        raise invalid("password", _("Choose the password of the door."))
    rules.check_door_password(password, name=door.name)
    swap(door, password=make_password(password))


def _new_seat(invitation, door, seats):
    rules.check_seat_room(seats=len(seats), cap=door.seat_cap)
    user = User(kind=UserKind.SEAT)
    user.set_unusable_password()
    user.save(force_insert=True)
    of = {"workspace_id": invitation.workspace_id, "organization_id": invitation.organization_id, "user": user}
    return Seat.objects.create(**of, email=invitation.email, phone=invitation.phone, role=invitation.role)


def _with_pin(seat, invitation, door, name, pin):
    now = timezone.now()
    if seat.state(now=now) != "active":
        raise RuleBroken(_("This seat is frozen or has ended. Ask whoever invited you."), code="seat_shut")
    if seat.pin_hash:
        end_everything_of(seat)
        seat.devices.all().delete()
        seat.passkeys.all().delete()
    swap(seat.user, name=" ".join(name.split()))
    swap(seat, pin_hash=hash_pin(seat, pin), pin_at=now, role=invitation.role)
    seat.organization, seat.workspace = invitation.organization, invitation.workspace
    actor = Actor(user=seat.user, workspace=invitation.workspace, door=door, seat=seat)
    record(actor, "accounts.invitation_accepted", seat, changes={"role": [None, seat.role]})
    return seat


def check_open(invitation):
    """Raise RuleBroken unless the invitation still lets somebody in."""
    if invitation.workspace.archived_at:
        raise RuleBroken(_("This workspace is closed; nobody comes in any more."), code="workspace_closed")
    rules.check_invitation(invitation.state(now=timezone.now()), is_seat=invitation.is_seat)
