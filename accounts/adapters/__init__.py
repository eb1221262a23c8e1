"""How the sign-in library behaves here."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.choices import UserKind
from accounts.rules import device_of
from core.middleware import address_of

NO_MATCH = _("This e-mail address and this password do not match. After several tries, wait a few minutes.")
NOTICES = {  # what a person is told by mail, by the library's name of it; what is not here is not worth a mail
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was set anew by the link of a mail."),
    "account/email/password_set": _("A password was set."),
    "mfa/email/totp_activated": _("An authenticator app was added for signing in."),
    "mfa/email/totp_deactivated": _("The authenticator app was removed; it is no longer asked for."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made; the old ones are void."),
    "mfa/email/second_step_failed": _(
        "Somebody entered your right password and then a wrong code. If it was not you, change your password now."
    ),
    "socialaccount/email/account_connected": _("An account elsewhere was connected for signing in."),
    "socialaccount/email/account_disconnected": _("A connected account was removed."),
}
WAYS = {  # how somebody proves anew that it is them
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class ResetTokens(PasswordResetTokenGenerator):
    """The link of a reset mail is void once the password, the e-mail, or the epoch of the person is another."""

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}:{user.auth_epoch}:{user.is_active}"


class AccountAdapter(DefaultAccountAdapter):
    """People are invited; a wrong password, an unknown address and too many tries all get the same sentence."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": NO_MATCH,
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
    }

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """`next` leads to this host only, whatever other hosts the process answers for."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def format_email_subject(self, subject):
        return str(subject)

    def get_password_change_redirect_url(self, request):
        return "/me/security/"

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count failures per address and place, so that a stranger's guesses never lock the person out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.place(request)}"

    def get_client_ip(self, request):
        """The one answer to where a request comes from; behind fewer proxies than told, the caller itself."""
        found = address_of(request)
        if found is None:
            raise PermissionDenied
        return found

    def place(self, request):
        """Where a request comes from, as tries are counted: who has one IPv6 address has its whole network."""
        return truncate_ip(self.get_client_ip(request))

    def pre_login(self, request, user, **kwargs):
        """These doors are for persons; a seat comes in through its agency's."""
        if user.kind != UserKind.PERSON:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def reauthenticate(self, user, password):
        """The person's own password, asked anew; the page limits the tries of a session."""
        return user.check_password(password)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whoever signed in within the last minutes has proved enough."""
        request = context.request
        at = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
        is_fresh = time.time() - at < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user):
        return [{**way, "description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """One mail for all that happens to somebody's way of signing in: what, when, from where."""
        if template_prefix not in NOTICES or not user.email:
            return
        with translation.override(user.language or translation.get_language()):
            words = {
                "name": user.name,
                "what": NOTICES[template_prefix],
                "at": timezone.now(),
                "ip": self.get_client_ip(self.request),
                "device": device_of(self.get_http_user_agent(self.request)),
                "url": f"{settings.BASE_URL}/me/security/",
            }
            subject = " ".join(render_to_string("account/email/notice_subject.txt", words).split())
            send_mail(subject, render_to_string("account/email/notice_message.txt", words), None, [user.email])
