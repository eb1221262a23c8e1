"""Background work of accounts."""

from accounts import actions
from accounts.models import Membership
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
