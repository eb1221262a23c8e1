"""Background work of accounts."""

from accounts import actions
from accounts.models import Membership, PhoneCode
from core.jobs import job, periodic

DAY = 24 * 3600


@job("accounts.send_welcome")
def send_welcome(*, membership_id):
    """The mail to somebody who was given a place in a workspace."""
    membership = Membership.objects.filter(pk=membership_id).select_related("user", "workspace").first()
    if membership:
        actions.send_welcome(membership)


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
