"""Background work of accounts."""

from accounts import actions
from accounts.models import Invitation, Membership, Organization, PhoneCode, Seat
from core.jobs import job, periodic

HOUR = 3600
DAY = 24 * HOUR


@job("accounts.send_welcome")
def send_welcome(*, membership_id):
    """The mail to somebody who was given a place in a workspace."""
    membership = Membership.objects.filter(pk=membership_id).select_related("user", "workspace").first()
    if membership:
        actions.send_welcome(membership)


@job("accounts.send_invitation")
def send_invitation(*, invitation_id):
    """The mail with the link of an invitation, which is made here anew."""
    invitation = Invitation.objects.filter(pk=invitation_id).opened().first()
    if invitation:
        actions.send_invitation(invitation)


@periodic("accounts.note_head", seconds=DAY)
def note_head():
    """The head of the logbook's chain, noted once a day outside the database."""
    actions.note_head()


@job("accounts.send_phone_code")
def send_phone_code(*, code_id):
    """A one-time code on its way; sending twice sends the same digits."""
    code = PhoneCode.objects.filter(pk=code_id, used_at=None).select_related("user").first()
    if code:
        actions.send_phone_code(code)


@periodic("accounts.tidy_sign_in", seconds=DAY)
def tidy_sign_in():
    """Forget ended sessions and codes that ran out."""
    actions.tidy_sign_in()


@job("accounts.tell_seat")
def tell_seat(*, seat_id, what, **words):
    """A mail to the seat's own address: a code, a new device, a PIN that was changed or guessed at."""
    seat = Seat.objects.listed().filter(pk=seat_id, removed_at=None).first()
    if seat:
        actions.send_to_seat(seat, what, words)


@job("accounts.tell_pin_alarm")
def tell_pin_alarm(*, organization_id):
    """Fifty wrong PINs in a day at one organisation: its client's managers look."""
    organization = Organization.objects.filter(pk=organization_id).select_related("workspace").first()
    if organization:
        actions.send_pin_alarm(organization)


@periodic("accounts.tidy_doors", seconds=HOUR)
def tidy_doors():
    """Tries that have faded and drafts that nobody came back for."""
    actions.tidy_tries()
    actions.tidy_drafts()
