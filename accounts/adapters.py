"""How the sign-in library behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

NO_MATCH = _("This e-mail address and this password do not match. After several tries, wait a few minutes.")


class AccountAdapter(DefaultAccountAdapter):
    """People are invited; a wrong password, an unknown address and too many tries all get the same sentence."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": NO_MATCH,
        "enter_current_password": _("This is not your current password."),
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
        return "/me/"

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count failures per address and place, so that a stranger's guesses never lock the person out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"
