"""Acts on comments."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Comment
from campaigns.permissions import can_comment, can_remove_comment, can_rewrite
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.swap import swap


@transaction.atomic
def add_comment(actor, *, campaign, subject, text, parent=None):
    """Say something about a thing of a campaign (`subject`: any row of it), or answer a comment on it."""
    require(can_comment(actor, campaign))
    if parent is not None and parent.subject_id != subject.pk:
        sentence = _("This comment is about something else.")
        raise Invalid(sentence, code="other_subject", errors={"parent": sentence})
    comment = Comment.objects.create(
        workspace=campaign.workspace,
        campaign=campaign,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        parent=parent.parent or parent if parent else None,
        text=text,
        author=actor.user,
    )
    record(actor, "campaigns.comment_added", comment)
    return comment


@transaction.atomic
def edit_comment(actor, *, comment, text, seen=None):
    """Change the words of one's own comment."""
    require(can_rewrite(actor, comment))
    if comment.archived_at:
        raise RuleBroken(_("The comment was removed."), code="archived")
    diff = swap(comment, seen=seen, text=text)
    if diff:
        swap(comment, edited_at=timezone.now())
    record(actor, "campaigns.comment_edited", comment, changes=diff)
    return comment


@transaction.atomic
def remove_comment(actor, *, comment, seen=None):
    """Take a comment back; its answers stay."""
    require(can_remove_comment(actor, comment))
    if comment.archived_at is None:
        diff = swap(comment, seen=seen, archived_at=timezone.now())
        record(actor, "campaigns.comment_removed", comment, changes=diff)
    return comment
