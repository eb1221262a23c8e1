"""Where people may sign in from: each provider is there when the environment names its app (docs/running.md)."""


def providers(env):
    """SOCIALACCOUNT_PROVIDERS of the sign-in library."""
    found = {}
    if env("OIDC_CLIENT_ID", default=""):
        found["openid_connect"] = {"APPS": [_oidc(env)], "OAUTH_PKCE_ENABLED": True}
    if env("FEISHU_APP_ID", default=""):
        found["feishu"] = {"APPS": [_feishu(env)], "OAUTH_PKCE_ENABLED": True}
    if env("DINGTALK_CLIENT_ID", default=""):
        found["dingtalk"] = {"APPS": [_dingtalk(env)]}
    if env("WECOM_CORP_ID", default=""):
        found["wecom"] = {"APPS": [_wecom(env)]}
    return found


def _oidc(env):
    return {
        "provider_id": "oidc",
        "name": env("OIDC_NAME", default="OpenID Connect"),
        "client_id": env("OIDC_CLIENT_ID"),
        "secret": env("OIDC_CLIENT_SECRET", default=""),
        "settings": {"server_url": env("OIDC_ISSUER"), **_trusted(env, "OIDC")},
    }


def _feishu(env):
    return {
        "client_id": env("FEISHU_APP_ID"),
        "secret": env("FEISHU_APP_SECRET", default=""),
        "settings": {
            "accounts_url": env("FEISHU_ACCOUNTS_URL", default="https://accounts.feishu.cn"),
            "api_url": env("FEISHU_API_URL", default="https://open.feishu.cn"),
            **_trusted(env, "FEISHU"),
        },
    }


def _dingtalk(env):
    return {
        "client_id": env("DINGTALK_CLIENT_ID"),
        "secret": env("DINGTALK_CLIENT_SECRET", default=""),
        "settings": {
            "login_url": env("DINGTALK_LOGIN_URL", default="https://login.dingtalk.com"),
            "api_url": env("DINGTALK_API_URL", default="https://api.dingtalk.com"),
            **_trusted(env, "DINGTALK"),
        },
    }


def _wecom(env):
    return {
        "client_id": env("WECOM_CORP_ID"),
        "secret": env("WECOM_SECRET", default=""),
        "settings": {
            "agent_id": env("WECOM_AGENT_ID", default=""),
            "login_url": env("WECOM_LOGIN_URL", default="https://login.work.weixin.qq.com"),
            "inside_url": env("WECOM_INSIDE_URL", default="https://open.weixin.qq.com"),
            "api_url": env("WECOM_API_URL", default="https://qyapi.weixin.qq.com"),
        },
    }


def _trusted(env, name):
    """Domains whose addresses the operator takes as verified because the provider itself hands them out."""
    return {"verified_email": env.list(f"{name}_TRUSTED_DOMAINS", default=[])}
