"""What the sign-in library tells us, for the logbook and for the list of browsers; and mails that were given up."""

import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts import actions
from accounts.choices import MailState, SignInMethod, UserKind
from core.context import current
from core.jobs import job_died, job_replayed

SEEN = "seen"
"""In the session: the id of its row, the key it had then, and when the row was written."""


@receiver(user_logged_in)
def signed_in(sender, request, user, **kwargs):
    """A person's browser goes on the list; a seat of an agency has a list of its own."""
    if user.kind != UserKind.PERSON:
        return
    if not request.session.session_key:
        request.session.save()
    key = request.session.session_key
    row = actions.note_sign_in(
        user,
        session_key=key,
        method=method_of(request.session),
        ip=current().ip,
        agent=request.META.get("HTTP_USER_AGENT", ""),
    )
    request.session[SEEN] = [str(row.pk), key, int(time.time())]


def method_of(session):
    """How somebody signed in, from what the sign-in library keeps of this session."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [{}]
    first = records[0].get("method")
    known = {"mfa": SignInMethod.PASSKEY, "socialaccount": SignInMethod.ACCOUNT, "phone": SignInMethod.PHONE}
    return known.get(first, SignInMethod.PASSWORD)


@receiver(user_logged_out)
def signed_out(sender, request, user, **kwargs):
    if user is not None and user.kind == UserKind.PERSON and request.session.session_key:
        actions.note_sign_out(user, session_key=request.session.session_key)


@receiver([password_changed, password_reset, password_set])
def new_password(sender, request, user, **kwargs):
    row_id, _key, _at = request.session.get(SEEN, (None, None, None))
    actions.note_password_change(user, session_id=row_id)


@receiver(post_save, sender=Authenticator)
def second_step_made(sender, instance, created, **kwargs):
    """In the transaction that made it: the library's own signal comes only after the commit."""
    if created and instance.type == Authenticator.Type.RECOVERY_CODES:
        actions.note_second_step(instance.user, "codes_made")
    elif created:
        actions.note_second_step(instance.user, "added", changes={"kind": [None, instance.type]})


@receiver(mfa.authenticator_removed)
def second_step_removed(sender, user, authenticator, **kwargs):
    """Recovery codes go with the last step, and have no line of their own."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        actions.note_second_step(user, "removed", changes={"kind": [authenticator.type, None]})


@receiver(mfa.authentication_failed)
def second_step_failed(sender, user, authenticator, **kwargs):
    actions.note_second_step(user, "failed")


@receiver(mfa.authenticator_used)
def second_step_used(sender, user, authenticator, **kwargs):
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        actions.note_second_step(user, "code_used")


@receiver(job_died)
def mail_given_up(sender, job, **kwargs):
    """Whoever invited sees that the mail did not go out."""
    if job.name == "accounts.send_invitation":
        actions.note_mail(job.args["invitation_id"], MailState.FAILED)


@receiver(job_replayed)
def mail_waits_again(sender, job, **kwargs):
    if job.name == "accounts.send_invitation":
        actions.note_mail(job.args["invitation_id"], MailState.WAITING)
