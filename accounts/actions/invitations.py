"""Acts on invitations: a way in for one person, once. What both kinds share, and the acceptance of a seat."""

from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from accounts.actions.doors import hold, waiting
from accounts.actions.mails import send_page
from accounts.actions.seats import end_everything_of, hash_pin
from accounts.choices import MailState, SeatRole, UserKind
from accounts.models import Invitation, Seat, User
from accounts.permissions import can_keep_seats, can_manage
from accounts.rules import check_name, invalid
from accounts.rules import doors as rules
from core.actor import Actor
from core.audit import record
from core.errors import Denied, RuleBroken, require
from core.jobs import enqueue
from core.swap import swap

# --- what invitations of seats and of members share -----------------------------------------------------------------


def make_invitation(actor, *, role, email="", phone="", **place):
    """A row and its token, which is told this once; an open invitation of the same person to the same place ends.

    Whoever calls asks whether the actor may invite, inside a transaction.
    """
    rules.check_address(email=email, phone=phone)
    now = timezone.now()
    to = Q(email__iexact=email) if email else Q(phone=phone)
    same = Invitation.objects.filter(to, workspace=actor.workspace_id, is_seat=place.get("is_seat", False))
    if place.get("is_seat"):
        same = same.filter(organization=place["organization"])
    same.open(now=now).update(revoked_at=now)
    row = Invitation(
        workspace_id=actor.workspace_id,
        role=role,
        email=email.lower(),
        phone=phone,
        made_by_id=actor.user_id,
        expires_at=now + rules.INVITATION_LASTS,
        mail_state=MailState.WAITING if email else "",
        **place,
    )
    token = token_of(row)
    row.token_hash = rules.token_hash(token)
    row.save(force_insert=True)
    record(actor, "accounts.invitation_made", row, changes={"role": [None, role]})
    if email:
        enqueue("accounts.send_invitation", workspace_id=row.workspace_id, invitation_id=row.pk)
    return row, token


def token_of(row):
    """The secret of an invitation's link, so that the job that mails it needs only the id."""
    return rules.invitation_token(row.pk, secret=settings.SECRET_KEY)


def address_of_invitation(token):
    """The address that lets somebody in."""
    return settings.BASE_URL.rstrip("/") + reverse("accounts:invitation", args=[token])


class MailNotTaken(Exception):
    """What the mail server said is left out: it may cite the link."""


def send_invitation(row):
    """Mail an open invitation its link; what came of it stands in the row. Twice sends the same link twice."""
    if row.state(now=timezone.now()) != "open" or row.workspace.archived_at or row.mail_state == MailState.SENT:
        return
    token = token_of(row)
    if rules.token_hash(token) != row.token_hash:  # the key has been changed since: this link would open nothing
        note_mail(row.pk, MailState.FAILED)
        return
    try:
        _send(row, address_of_invitation(token))
    except Exception as error:
        if _note_failure(row, error):
            raise MailNotTaken(f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()) from None
    else:
        note_mail(row.pk, MailState.SENT)


def _send(row, url):
    page = "invitation" if row.is_seat else "invitation_member"
    send_page(page, row.email, language=row.workspace.language, invitation=row, url=url)


def _note_failure(row, error):
    """Whether another try may help: not where the server says that there is no such address."""
    answers = [code for code, _words in getattr(error, "recipients", {}).values()]
    for_good = isinstance(error, SMTPRecipientsRefused) and rules.is_refused_for_good(answers)
    note_mail(row.pk, MailState.REFUSED if for_good else MailState.TRYING)
    return not for_good


def note_mail(invitation_id, state):
    """What became of the mail of an invitation; one that was sent stays so."""
    with scopes_disabled():
        rows = Invitation.objects.filter(pk=invitation_id).exclude(mail_state__in=(MailState.SENT, state))
        rows.update(mail_state=state, updated_at=timezone.now(), lock_version=F("lock_version") + 1)


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


@transaction.atomic
def invite_seat_again(actor, *, invitation):
    """The same invitation to a seat with a new link, and a new mail; the old link is dead at once."""
    require(can_keep_seats(actor, invitation.organization))
    end_for_another(invitation)
    to = {name: getattr(invitation, name) for name in ("role", "email", "phone", "name")}
    return invite_seat(actor, organization=invitation.organization, **to)


def end_for_another(invitation):
    """An invitation that was not used ends, for there will be another one."""
    if invitation.used_at:
        rules.check_invitation("used", is_seat=invitation.is_seat)
    if invitation.revoked_at is None:
        swap(invitation, revoked_at=timezone.now())


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
