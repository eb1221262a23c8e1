"""OpenAPI: responses of single rows come from `out`, bodies of acts from @extend_schema."""

from django.conf import settings
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

DjangoFilterExtension._has_gis = False  # nothing here lies on a map, and looking for the library starts programs


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
