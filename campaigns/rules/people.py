"""Rules about the people of a campaign: who may stand in for whom, whom to ask."""

from django.utils.translation import gettext as _

from campaigns.rules.plan import check_period
from core.errors import Invalid, RuleBroken

LONGEST_REPLY = 24 * 90  # hours


def check_delegation(*, member, delegate, start, finish, others=()):
    """A member is stood in for by another person, and on any day by one only; `others` are (first, last) days."""
    check_period(start, finish)
    if member == delegate:
        sentence = _("Nobody stands in for themselves.")
        raise Invalid(sentence, code="own_delegate", errors={"delegate": sentence})
    if any(first <= finish and start <= last for first, last in others):
        raise RuleBroken(_("Somebody stands in on some of these days already."), code="delegation_overlaps")


def check_contact(*, user, deputy, reply_hours):
    """The deputy is somebody else, and the promise to reply is not endless."""
    if deputy is not None and deputy == user:
        sentence = _("The deputy is another person than the contact.")
        raise Invalid(sentence, code="own_deputy", errors={"deputy": sentence})
    if reply_hours is not None and not 0 < reply_hours <= LONGEST_REPLY:
        sentence = _("State between 1 and %(most)d hours.") % {"most": LONGEST_REPLY}
        raise Invalid(sentence, code="reply_hours", errors={"reply_hours": sentence})
