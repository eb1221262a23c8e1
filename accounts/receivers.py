"""What the sign-in library tells us, for the logbook."""

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts import actions


@receiver(user_logged_in)
def signed_in(sender, user, **kwargs):
    actions.note_sign_in(user)


@receiver([password_changed, password_reset, password_set])
def new_password(sender, user, **kwargs):
    actions.note_password_change(user)
