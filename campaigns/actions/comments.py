"""Acts on comments."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from campaigns.models import Comment
from campaigns.permissions import can_comment, can_remove_comment, can_rewrite
from campaigns.rules import mentions
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.jobs import enqueue
from core.swap import swap

LONGEST = 5000


@transaction.atomic
def add_comment(actor, *, campaign, subject, text, parent=None):
    """Say something about a thing of a campaign (`subject`: any row of it), or answer a comment on it.

    Whoever is named by `@Name` or `@[Name](user id)` gets a mail.
    """
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
        text=_linked(actor, text),
        author=actor.user,
    )
    record(actor, "campaigns.comment_added", comment)
    _tell(comment, mentions.mentioned(comment.text))
    return comment


@transaction.atomic
def edit_comment(actor, *, comment, text, seen=None):
    """Change the words of one's own comment; who is named for the first time gets a mail."""
    require(can_rewrite(actor, comment))
    if comment.archived_at:
        raise RuleBroken(_("The comment was removed."), code="archived")
    before = mentions.mentioned(comment.text)
    diff = swap(comment, seen=seen, text=_linked(actor, text))
    if diff:
        swap(comment, edited_at=timezone.now())
        _tell(comment, [key for key in mentions.mentioned(comment.text) if key not in before])
    words = {field: [mentions.spoken(text) for text in change] for field, change in diff.items()}
    record(actor, "campaigns.comment_edited", comment, changes=words)
    return comment


@transaction.atomic
def remove_comment(actor, *, comment, seen=None):
    """Take a comment back; its answers stay."""
    require(can_remove_comment(actor, comment))
    if comment.archived_at is None:
        diff = swap(comment, seen=seen, archived_at=timezone.now())
        record(actor, "campaigns.comment_removed", comment, changes=diff)
    return comment


def _linked(actor, text):
    """The text with references to the people it names; one query, and none without an @."""
    if "@" not in text:
        return text
    members = Membership.objects.visible_to(actor).of_people()
    text = mentions.linked(text, list(members.values_list("user_id", "user__name")))
    if len(text) > 2 * LONGEST:
        sentence = _("The comment names too many people.")
        raise Invalid(sentence, code="too_long", errors={"text": sentence})
    return text


def _tell(comment, keys):
    for key in keys:
        if key != comment.author_id:
            enqueue("campaigns.tell_mentioned", workspace_id=comment.workspace_id, comment_id=comment.pk, user_id=key)


def tell_mentioned(comment, user):
    """The mail to somebody whom a comment names."""
    with translation.override(user.language or comment.workspace.language):
        place = [comment.workspace.slug, comment.campaign.code, comment.subject_type, comment.subject_id]
        url = f"{settings.BASE_URL}{reverse('campaigns:comments', args=place)}#comment-{comment.pk}"
        words = {"comment": comment, "text": mentions.spoken(comment.text), "user": user, "url": url}
        subject = " ".join(render_to_string("campaigns/mail/mentioned_subject.txt", words).split())
        send_mail(subject, render_to_string("campaigns/mail/mentioned.txt", words), None, [user.email])
