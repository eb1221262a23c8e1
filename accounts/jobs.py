"""Background work of accounts."""

from accounts import actions
from accounts.models import Membership
from core.jobs import job


@job("accounts.send_welcome")
def send_welcome(*, membership_id):
    """The mail to somebody who was given a place in a workspace."""
    membership = Membership.objects.filter(pk=membership_id).select_related("user", "workspace").first()
    if membership:
        actions.send_welcome(membership)
