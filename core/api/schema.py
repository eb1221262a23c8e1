"""OpenAPI: responses of single rows come from `out`, bodies of acts from @extend_schema."""

from contextlib import suppress
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """Every class of the API is described by this one."""


class ActorScheme(OpenApiAuthenticationExtension):
    """Two ways in: a Bearer key, which fixes the workspace, or the session of a page."""

    target_class = "core.api.authentication.ActorAuthentication"
    name = ["apiKey", "session"]

    def get_security_requirement(self, auto_schema):
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema):
        return [
            {"type": "http", "scheme": "bearer", "description": "An API key: `pharos_live_…`."},
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        ]


def prepare():
    """Load now what the description of filters loads when first asked: it looks for its library by programs, and no
    request may start one. Whether the library is there does not matter."""
    with suppress(ImproperlyConfigured):
        import_module("django.contrib.gis.db.models")
