"""Background work of campaigns."""

from accounts.models import Membership
from campaigns import actions
from campaigns.models import Comment
from core.jobs import job


@job("campaigns.tell_mentioned")
def tell_mentioned(*, comment_id, user_id):
    """The mail to somebody named in a comment, while the comment stands and they still belong to the workspace."""
    rows = Comment.objects.active().select_related("workspace", "campaign", "author")
    comment = rows.filter(pk=comment_id).first()
    member = Membership.objects.of_people().filter(user_id=user_id, user__is_active=True).select_related("user").first()
    if comment and member and member.user.email:
        actions.tell_mentioned(comment, member.user)
