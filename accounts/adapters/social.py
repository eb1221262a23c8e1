"""How accounts elsewhere sign a person in: only an existing person, and every call goes out through safe_fetch."""

import base64
import json
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import actions
from accounts.choices import UserKind
from accounts.models import User
from core.actor import Actor
from core.errors import PharosError, RuleBroken
from core.safe_fetch import safe_fetch

LONGEST_ANSWER = 2**20


class Answer:
    """An answer as the sign-in library reads it."""

    def __init__(self, answer):
        self.status_code, self.headers, self.content = answer.status, answer.headers, answer.body
        self.headers.setdefault("content-type", "")

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self):
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise OAuth2Error("the answer is no JSON") from error

    def raise_for_status(self):
        if self.status_code >= 400:
            raise OAuth2Error(f"the answer has the status {self.status_code}")


class FetchSession:
    """What the library takes for a session of `requests`; each call is one safe_fetch."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def get(self, url, **more):
        return self.request("GET", url, **more)

    def post(self, url, **more):
        return self.request("POST", url, **more)

    def request(self, method, url, *, params=None, data=None, json=None, headers=None, auth=None):
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        body, kind = _body(data, json)
        sent = {**({"Content-Type": kind} if kind else {}), "Accept": "application/json", **(headers or {})}
        if auth is not None:
            pair = base64.b64encode(f"{auth.username}:{auth.password}".encode()).decode()
            sent["Authorization"] = f"Basic {pair}"
        try:
            return Answer(
                safe_fetch(method, url, headers=sent, body=body, read=10.0, total=20.0, max_body=LONGEST_ANSWER)
            )
        except PharosError as error:
            raise OAuth2Error(str(error)) from error


def _body(data, value):
    if value is not None:
        return json.dumps(value).encode(), "application/json"
    if isinstance(data, str | bytes):
        return data if isinstance(data, bytes) else data.encode(), ""
    if data:
        return urlencode(data).encode(), "application/x-www-form-urlencoded"
    return None, ""


class SocialAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self):
        return FetchSession()

    def list_apps(self, request, provider=None, client_id=None):
        """Only what the operator's environment names; the library's own table of apps is not asked."""
        return [
            app for apps in _build_apps_from_settings(provider=provider, client_id=client_id).values() for app in apps
        ]

    def is_open_for_signup(self, request, sociallogin):
        return False

    def authenticate_by_email(self, sociallogin):
        """Never in the library's way, which would take the person's password away: see pre_social_login."""
        return None

    def pre_social_login(self, request, sociallogin):
        """Who comes back from a provider: to connect the account, or to sign in with it.

        An account that nobody connected signs in the person whose address the provider states as verified.
        """
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(self.connect(request, sociallogin))
        if sociallogin.is_existing:
            return
        person = self.person_of(sociallogin)
        if person is None:
            words = {"provider": sociallogin.provider, "addresses": sociallogin.email_addresses}
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", words, status=403))
        actions.connect_account(Actor(user=person), account=sociallogin.account)
        sociallogin.user = person

    def connect(self, request, sociallogin):
        """Connect the account to the person at the keyboard, who is the one that set out."""
        if str(request.actor.user_id) != sociallogin.state.get("data"):
            return redirect("account_login")
        try:
            actions.connect_account(request.actor, account=sociallogin.account)
        except RuleBroken as broken:
            messages.error(request, str(broken))
        else:
            messages.success(request, _("%(name)s is connected.") % {"name": sociallogin.provider.name})
            get_account_adapter().send_notification_mail("socialaccount/email/account_connected", request.user)
        return redirect("mfa_index")

    def person_of(self, sociallogin):
        """The active person with a verified address of this login; none where several would do."""
        verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
        found = [
            person
            for email in dict.fromkeys(verified)
            for person in User.objects.filter(email__iexact=email, kind=UserKind.PERSON, is_active=True)
        ]
        return found[0] if len(found) == 1 else None
