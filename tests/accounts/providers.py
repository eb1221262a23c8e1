"""Providers of sign-in on loopback: what their platforms document, with the identity and the faults a test asks for."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug import Request, Response

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def answer(data, status=200):
    return Response(json.dumps(data), status, content_type="application/json")


def asked(request: Request):
    """The parameters of a call, from its query, form or JSON body."""
    found = {**request.args.to_dict(), **request.form.to_dict()}
    return {**found, **(request.get_json(silent=True) or {})}


@dataclass
class Fake:
    """One provider: an authorisation page that says yes, and codes that work once."""

    server: object
    who: dict
    codes: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    broken: str = ""
    code_name = "code"

    def __post_init__(self):
        for path, handler in self.routes().items():
            self.server.expect_request(path).respond_with_handler(self.noting(path, handler))

    def noting(self, path, handler):
        def handle(request):
            self.calls.append(path)
            if self.broken == path:
                return Response("<html>bad gateway</html>", 502)
            if self.broken == f"{path}!":
                return answer({"unexpected": True})
            return handler(request)

        return handle

    @property
    def url(self):
        return self.server.url_for("").rstrip("/")

    def permit(self, address):
        """What the person's browser brings back from the provider's page: {code, state}."""
        parts = urlsplit(address)
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.seen = {"page": f"{parts.scheme}://{parts.netloc}{parts.path}", **params}
        code = f"code-{len(self.codes)}"
        self.codes[code] = params
        return {self.code_name: code, "state": params["state"]}

    def redeem(self, code):
        """The parameters a code was given for, once."""
        return self.codes.pop(code, None)

    def proves_pkce(self, given, verifier):
        digest = hashlib.sha256((verifier or "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return given.get("code_challenge_method") == "S256" and given.get("code_challenge") == challenge


class Oidc(Fake):
    provider_id, provider = "oidc", "oidc"

    def routes(self):
        return {
            "/.well-known/openid-configuration": self.discovery,
            "/token": self.token,
            "/userinfo": lambda request: answer(self.who),
        }

    def app(self):
        app = {"provider_id": "oidc", "name": "Company login", "client_id": "client", "secret": "secret"}
        return {"openid_connect": {"APPS": [{**app, "settings": {"server_url": self.url}}], "OAUTH_PKCE_ENABLED": True}}

    def discovery(self, request):
        names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userinfo"}
        more = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return answer({**{name: self.url + path for name, path in names.items()}, **more})

    def token(self, request):
        given = self.redeem(asked(request).get("code"))
        if given is None or not self.proves_pkce(given, asked(request).get("code_verifier")):
            return answer({"error": "invalid_grant"}, 400)
        claims = {"iss": self.url, "aud": "client", "exp": int(time.time()) + 60, "nonce": given.get("nonce")}
        claims |= {"sub": self.who["sub"], **getattr(self, "claims", {})}
        return answer({"access_token": "at", "token_type": "Bearer", "id_token": jwt.encode(claims, KEY, "RS256")})


class Feishu(Fake):
    provider_id = provider = "feishu"

    def routes(self):
        return {"/oauth/v3/token": self.token, "/open-apis/authen/v1/user_info": self.user_info}

    def app(self):
        urls = {"accounts_url": self.url, "api_url": self.url, "verified_email": ["corp.example"]}
        app = {"client_id": "cli_1", "secret": "secret", "settings": urls}
        return {"feishu": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}

    def token(self, request):
        told = asked(request)
        given = self.redeem(told.get("code"))
        if (
            given is None
            or told.get("client_secret") != "secret"
            or not self.proves_pkce(given, told.get("code_verifier"))
        ):
            return answer({"code": 20003, "error": "invalid_grant", "error_description": "code is expired"}, 400)
        return answer({"code": 0, "access_token": "u-1", "token_type": "Bearer", "expires_in": 7200})

    def user_info(self, request):
        if request.headers.get("Authorization") != "Bearer u-1":
            return answer({"code": 99991668, "msg": "Invalid access token"}, 400)
        return answer({"code": 0, "msg": "success", "data": self.who})


class DingTalk(Fake):
    provider_id = provider = "dingtalk"
    code_name = "authCode"

    def routes(self):
        return {"/v1.0/oauth2/userAccessToken": self.token, "/v1.0/contact/users/me": self.me}

    def app(self):
        app = {"client_id": "ding1", "secret": "secret"}
        urls = {"login_url": self.url, "api_url": self.url, "verified_email": ["corp.example"]}
        return {"dingtalk": {"APPS": [{**app, "settings": urls}]}}

    def token(self, request):
        told = request.get_json()
        if told.get("clientSecret") != "secret" or self.redeem(told.get("code")) is None:
            return answer({"code": "invalidParameter", "message": "the code is used or expired"}, 400)
        return answer({"accessToken": "at", "refreshToken": "rt", "expireIn": 7200, "corpId": "c"})

    def me(self, request):
        if request.headers.get("x-acs-dingtalk-access-token") != "at":
            return answer({"code": "InvalidAuthentication"}, 401)
        return answer(self.who)


class WeCom(Fake):
    provider_id = provider = "wecom"

    def routes(self):
        return {"/cgi-bin/gettoken": self.token, "/cgi-bin/auth/getuserinfo": self.info}

    def app(self):
        urls = {"login_url": self.url, "inside_url": self.url, "api_url": self.url, "agent_id": "1000002"}
        return {"wecom": {"APPS": [{"client_id": "ww1", "secret": "secret", "settings": urls}]}}

    def token(self, request):
        if asked(request) != {"corpid": "ww1", "corpsecret": "secret"}:
            return answer({"errcode": 40001, "errmsg": "invalid credential"})
        return answer({"errcode": 0, "errmsg": "ok", "access_token": "app-token", "expires_in": 7200})

    def info(self, request):
        told = asked(request)
        if told.get("access_token") != "app-token" or self.redeem(told.get("code")) is None:
            return answer({"errcode": 40029, "errmsg": "invalid code"})
        return answer({"errcode": 0, "errmsg": "ok", **self.who})


IDENTITIES = {
    Oidc: {"sub": "s-1", "name": "Ana", "email": "ana@corp.example", "email_verified": True},
    Feishu: {"open_id": "ou_1", "union_id": "on_1", "name": "Ana", "enterprise_email": "ana@corp.example"},
    DingTalk: {"openId": "d-1", "unionId": "u-1", "nick": "Ana", "email": "ana@corp.example"},
    WeCom: {"userid": "ana"},
}


def back(fake, returned):
    """The address to which the provider sends the browser back."""
    return f"/sign-in/with/{fake.provider_id}/back/?{urlencode(returned)}"
