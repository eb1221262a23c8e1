"""Where people sign in from: OpenID Connect, Feishu, DingTalk, WeCom, as their platforms document it.

What a provider answers is foreign input: an answer that lacks something is a failed sign-in, never a fault of ours.
"""

import secrets
from contextlib import contextmanager
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.dingtalk.client import DingTalkOAuth2Client
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider as AllauthDingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.provider import FeishuProvider as AllauthFeishuProvider
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.utils.translation import gettext_lazy as _

NONCE = "oidc_nonce"


@contextmanager
def readable():
    """An answer without what was promised is an error of the provider."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise OAuth2Error(f"unexpected answer: {type(error).__name__}") from error


class Careful:
    """An adapter that trusts no answer, and finds its addresses in the app's settings."""

    def setting(self, name):
        return self.get_provider().app.settings[name].rstrip("/")

    def get_client(self, *args):
        with readable():
            return super().get_client(*args)

    def get_access_token_data(self, *args, **more):
        with readable():
            return super().get_access_token_data(*args, **more)

    def parse_token(self, data):
        with readable():
            return super().parse_token(data)

    def complete_login(self, *args, **more):
        with readable():
            return super().complete_login(*args, **more)


def own_words(data, *names):
    """What is kept of a provider's answer: enough to tell accounts apart in the list, no more."""
    return {name: data[name] for name in names if isinstance(data.get(name), str) and data[name]}


def stated(email, is_verified=False):
    """The addresses of an answer. Only an outright true counts as verified."""
    return [EmailAddress(email=email, verified=is_verified is True, primary=True)] if isinstance(email, str) else []


# --- OpenID Connect -------------------------------------------------------------------------------------------------


class OidcAdapter(Careful, OpenIDConnectOAuth2Adapter):
    def _decode_id_token(self, app, id_token):
        """The token answers this browser's question, and none other's."""
        claims = super()._decode_id_token(app, id_token)
        asked = self.request.session.pop(NONCE, None)
        if not asked or not secrets.compare_digest(str(claims.get("nonce", "")), asked):
            raise OAuth2Error("the nonce is not the one that was sent")
        return claims

    def complete_login(self, request, app, token, **more):
        if not more.get("response", {}).get("id_token"):
            raise OAuth2Error("no id_token")
        return super().complete_login(request, app, token, **more)


class OidcProvider(OpenIDConnectProvider):
    oauth2_adapter_class = OidcAdapter

    def redirect(self, request, *args, **more):
        nonce = request.session[NONCE] = secrets.token_urlsafe(24)
        params = more.pop("auth_params", None) or self.get_auth_params()
        with_nonce = {**params, "nonce": nonce}
        with readable():
            return super().redirect(request, *args, auth_params=with_nonce, **more)

    def extract_uid(self, data):
        told, proved = data.get("userinfo") or {}, data.get("id_token") or {}
        if told and told["sub"] != proved["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return super().extract_uid(data)

    def extract_email_addresses(self, data):
        claims = data.get("userinfo") or data.get("id_token") or {}
        return stated(claims.get("email"), claims.get("email_verified"))

    def extract_extra_data(self, data):
        claims = data.get("userinfo") or data.get("id_token") or {}
        return {"userinfo": own_words(claims, "name", "email", "preferred_username")}


# --- Feishu (and Lark, by other addresses) --------------------------------------------------------------------------


class FeishuAdapter(Careful, OAuth2Adapter):
    """OAuth 2 with PKCE: authen/v1/authorize, oauth/v3/token, authen/v1/user_info."""

    provider_id = "feishu"

    @property
    def authorize_url(self):
        return f"{self.setting('accounts_url')}/open-apis/authen/v1/authorize"

    @property
    def access_token_url(self):
        return f"{self.setting('accounts_url')}/oauth/v3/token"

    def complete_login(self, request, app, token, **more):
        with readable(), get_adapter().get_requests_session() as session:
            url = f"{self.setting('api_url')}/open-apis/authen/v1/user_info"
            answer = session.get(url, headers={"Authorization": f"Bearer {token.token}"})
            answer.raise_for_status()
            told = answer.json()
            if told["code"] != 0:
                raise OAuth2Error(f"user_info: code {told['code']}")
            return self.get_provider().sociallogin_from_response(request, told["data"])


class FeishuProvider(AllauthFeishuProvider):
    name = _("Feishu")
    oauth2_adapter_class = FeishuAdapter

    def extract_email_addresses(self, data):
        """The company's own address first; Feishu does not say whether either was verified (FEISHU_TRUSTED_DOMAINS)."""
        return stated(data.get("enterprise_email") or data.get("email"))

    def extract_extra_data(self, data):
        return own_words(data, "name", "en_name", "email", "enterprise_email", "union_id")


# --- DingTalk -------------------------------------------------------------------------------------------------------


class DingTalkClient(DingTalkOAuth2Client):
    def get_redirect_url(self, authorization_url, scope, extra_params):
        return super().get_redirect_url(authorization_url, scope, {"prompt": "consent", **extra_params})


class DingTalkAdapter(Careful, DingTalkOAuth2Adapter):
    """oauth2/auth, v1.0/oauth2/userAccessToken, v1.0/contact/users/me."""

    client_class = DingTalkClient

    @property
    def authorize_url(self):
        return f"{self.setting('login_url')}/oauth2/auth"

    @property
    def access_token_url(self):
        return f"{self.setting('api_url')}/v1.0/oauth2/userAccessToken"

    @property
    def profile_url(self):
        return f"{self.setting('api_url')}/v1.0/contact/users/me"


class DingTalkProvider(AllauthDingTalkProvider):
    name = _("DingTalk")
    oauth2_adapter_class = DingTalkAdapter

    def get_default_scope(self):
        return ["openid"]

    def extract_email_addresses(self, data):
        return stated(data.get("email"))

    def extract_extra_data(self, data):
        return own_words(data, "nick", "email", "unionId")


# --- WeCom ----------------------------------------------------------------------------------------------------------


class WeComClient(OAuth2Client):
    """Names of parameters are WeCom's own; the access token is the app's, not the person's."""

    def get_redirect_url(self, authorization_url, scope, extra_params):
        params = {"appid": self.consumer_key, "redirect_uri": self.callback_url, "state": self.state, **extra_params}
        if "wwlogin" in authorization_url:
            return f"{authorization_url}?{urlencode({'login_type': 'CorpApp', **params})}"
        inside = {**params, "response_type": "code", "scope": "snsapi_base"}
        return f"{authorization_url}?{urlencode(inside)}#wechat_redirect"

    def get_access_token(self, code, pkce_code_verifier=None, extra_data=None):
        answer = wecom_call(self.access_token_url, corpid=self.consumer_key, corpsecret=self.consumer_secret)
        return {"access_token": answer["access_token"], "expires_in": answer.get("expires_in"), "code": code}


def wecom_call(url, **params):
    """An answer of WeCom's API whose errcode is 0."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, params=params)
        answer.raise_for_status()
    told = answer.json()
    if told["errcode"] != 0:
        raise OAuth2Error(f"errcode {told['errcode']}")
    return told


class WeComAdapter(Careful, OAuth2Adapter):
    """wwlogin/sso/login (or oauth2/authorize inside WeCom), cgi-bin/gettoken, cgi-bin/auth/getuserinfo."""

    provider_id = "wecom"
    client_class = WeComClient

    @property
    def authorize_url(self):
        if "wxwork" in self.request.META.get("HTTP_USER_AGENT", ""):
            return f"{self.setting('inside_url')}/connect/oauth2/authorize"
        return f"{self.setting('login_url')}/wwlogin/sso/login"

    @property
    def access_token_url(self):
        return f"{self.setting('api_url')}/cgi-bin/gettoken"

    def complete_login(self, request, app, token, **more):
        with readable():
            url = f"{self.setting('api_url')}/cgi-bin/auth/getuserinfo"
            told = wecom_call(url, access_token=token.token, code=more["response"]["code"])
            return self.get_provider().sociallogin_from_response(request, {**told, "corpid": app.client_id})


class WeComAccount(ProviderAccount):
    def to_str(self):
        return self.account.extra_data.get("userid", super().to_str())


class WeComProvider(OAuth2Provider):
    id = "wecom"
    name = _("WeCom")
    account_class = WeComAccount
    oauth2_adapter_class = WeComAdapter

    def get_auth_params(self):
        return {"agentid": self.app.settings["agent_id"]}

    def extract_uid(self, data):
        """Only members of the company have a userid; it is theirs within the company."""
        return f"{data['corpid']}:{data['userid']}"

    def extract_extra_data(self, data):
        return own_words(data, "userid")


def register():
    """Tell the sign-in library where people may come from; what the environment does not name stays hidden."""
    for provider in (OidcProvider, FeishuProvider, DingTalkProvider, WeComProvider):
        registry.register(provider)
