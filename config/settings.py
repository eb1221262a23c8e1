"""All settings, by environment, each with a default that runs (SQLite, no broker)."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.secrets import local_secrets
from config.sign_in import providers

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("PHAROS_TESTING", default=False)

SECRETS = local_secrets(DATA_DIR, env)
SECRET_KEY = SECRETS["SECRET_KEY"]
CREDENTIAL_KEYS = SECRETS["CREDENTIAL_KEYS"].split(",")  # the first one encrypts, all decrypt
PIN_PEPPER = SECRETS["PIN_PEPPER"]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)

OUR_APPS = [
    "core",
    "accounts",
    "messaging",
    "campaigns",
    "tasks",
    "raci",
    "assets",
    "placements",
    "analytics",
    "risks",
    "overview",
    "config.apps.ConfigConfig",
]
INSTALLED_APPS = [
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "tree_queries",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    *OUR_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestContextMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.KeptSessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.csrf.BoundTokenMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.SeenMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActorMiddleware",
    "core.policy.PolicyMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "accounts.middleware.ProofMiddleware",
    "core.idempotency.IdempotencyMiddleware",
    "core.middleware.BrokenRuleMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "overview.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "core.templatetags.pharos"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # ours before Django's, as for every other template

# --- database: SQLite by default, PostgreSQL by DATABASE_URL -------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'pharos.sqlite3'}")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["ENGINE"] = "core.sqlite3"
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
        ),
    }
else:
    DATABASE["ENGINE"] = "core.postgresql"
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {
        "connect_timeout": 3,
        "options": env(
            "PG_OPTIONS",
            default=(
                "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
                " -c jit=off -c random_page_cost=1.1"  # short questions are compiled for nothing; disks have no heads
            ),
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- background work: Redis by REDIS_URL, else one embedded worker in the serving process --------------------------
REDIS_URL = env("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
EMBEDDED_WORKER = not REDIS_URL
TICK_SECONDS = env.int("TICK_SECONDS", default=15)
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = {  # keys name a person *and* a place: a stranger elsewhere never uses up somebody's tries
    "login": "60/m/ip",
    "login_failed": "10/5m/key",
    "reset_password": "20/h/ip,5/h/key",
    "second_step_here": "10/5m/key",
    "second_step_everywhere": "100/d/key",  # only who knows the password gets this far
    "second_step_notice": "1/h/key",
    "phone_code": "20/h/ip",
    "phone_code_here": "5/h/key",
    "phone_code_everywhere": "15/h/key",
    "phone_code_try": "30/5m/ip",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.adapters.ResetTokens"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
}
MFA_ADAPTER = "accounts.adapters.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # an office has one address
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute off; used codes are remembered for as long
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are invited by their address
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.SecondStepForm",
    "authenticate_webauthn": "accounts.forms.sign_in.PasskeyStepForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateByCodeForm",
    "activate_totp": "accounts.forms.sign_in.AppForm",
    "add_webauthn": "accounts.forms.sign_in.PasskeyForm",
    "edit_webauthn": "accounts.forms.sign_in.PasskeyNameForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.social.SocialAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = providers(env)
SMS_SENDER = env("SMS_SENDER", default="accounts.connectors.sms.to_the_log")
PHONE_SIGN_IN = env.bool("PHONE_SIGN_IN", default="SMS_SENDER" in env or DEBUG or TESTING)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "core.storage.PackageFinder"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(DATA_DIR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "core.storage.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_MANIFEST_STRICT = True
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 100
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- mail: without SMTP every mail waits on the operator's outbox page ----------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update({k: v for k, v in EMAIL_CONFIG.items() if k.startswith("EMAIL")})
if "EMAIL_URL" not in env:
    EMAIL_BACKEND = "core.mail.OutboxBackend"
EMAIL_TIMEOUT = 20  # seconds that a silent mail server may hold a worker
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Pharos <pharos@localhost>")

# --- browser security -----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/api/docs"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = BEHIND_TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
DEVICE_COOKIE_NAME = "__Host-device" if BEHIND_TLS else "device"  # by which a browser is known at a partner's door

# --- REST -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.authentication.PolicyPermission"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "core.api.errors.ExceptionHandler",
    "EXCEPTION_FORMATTER_CLASS": "core.api.errors.ProblemFormatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pharos API",
    "DESCRIPTION": "Everything a page can do. Bearer keys fix the workspace; sessions name it in `Pharos-Workspace`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # fields of one name with other choices: each set is called by its own name
        "PrincipalKind": "accounts.choices.UserKind",
        "OrganizationKind": "accounts.choices.OrganizationKind",
        "WorkspaceRole": "accounts.choices.Role",
        "SeatRole": "accounts.choices.SeatRole",
        "InvitedRole": "accounts.choices.INVITED_ROLES",
        "AnnotationKind": "campaigns.choices.AnnotationKind",
        "AccessKind": "campaigns.choices.AccessKind",
        "AccessLevel": "campaigns.choices.AccessLevel",
        "ProofKind": "campaigns.choices.ProofKind",
        "ProofByHand": "campaigns.api.access.BY_HAND",
        "LineState": "campaigns.choices.LineState",
        "MetricKind": "campaigns.choices.MetricKind",
        "RangeKind": "analytics.choices.RangeKind",
        "SourceKind": "analytics.choices.SourceKind",
        "CampaignState": "campaigns.choices.CampaignState",
        "BudgetRequestState": "campaigns.choices.BudgetRequestState",
        "BudgetRequestKind": "campaigns.choices.BudgetRequestKind",
        "BudgetDecision": "campaigns.choices.BudgetDecision",
        "CommitmentState": "campaigns.choices.CommitmentState",
        "MovementKind": "campaigns.choices.MovementKind",
        "BudgetAccount": "campaigns.choices.Account",
        "PlacementState": "placements.choices.PlacementState",
        "SourceState": "analytics.choices.SourceState",
        "RunState": "analytics.choices.RunState",
        "ImportState": "analytics.choices.ImportState",
        "Direction": "campaigns.choices.Direction",
        "MetricDirection": "campaigns.api.vocabulary.DIRECTIONS",
        "CountingLevel": "placements.choices.CountingLevel",
        "PlatformStatus": "placements.choices.PlatformStatus",
        "TaskKind": "tasks.choices.TaskKind",
        "TaskState": "tasks.choices.TaskState",
        "ReportedTaskState": "tasks.api.partner.REPORTED",
        "QuestionState": "campaigns.choices.QuestionState",
        "ProblemState": "tasks.choices.ProblemState",
        "LinkKind": "tasks.choices.LinkKind",
        "PlanDirection": "tasks.choices.Direction",
        "AbsenceKind": "accounts.choices.AbsenceKind",
        "HolderKind": "raci.choices.HolderKind",
        "AssetKind": "assets.choices.AssetKind",
        "LicenceKind": "assets.choices.RightKind",
        "ReviewDecision": "assets.choices.Decision",
        "ReviewState": "assets.choices.ReviewState",
        "ReviewStepState": "assets.choices.StepState",
        "CampaignFunction": "campaigns.choices.Function",
        "RiskState": "risks.choices.RiskState",
        "IncidentState": "risks.choices.IncidentState",
        "IncidentStepState": "risks.choices.StepState",
        "IncidentEntryKind": "risks.choices.EntryKind",
        "IncidentLevel": "risks.choices.Level",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- outgoing requests and logs -------------------------------------------------------------------------------------
FETCH_ALLOWED_PRIVATE = env.list("FETCH_ALLOWED_PRIVATE", default=[])  # "127.0.0.1:8124": sandbox servers only
SANDBOX_PORT = env.int("SANDBOX_PORT", default=0)  # the demo's sandbox channel on loopback; 0: none
if SANDBOX_PORT:
    FETCH_ALLOWED_PRIVATE.append(f"127.0.0.1:{SANDBOX_PORT}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "pharos": {"level": env("LOG_LEVEL", default="INFO")},
        "django.request": {"level": "ERROR"},
        "kombu": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
