"""OpenAPI: responses of single rows come from `out`, bodies of acts from @extend_schema."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    def get_operation_id(self):
        return super().get_operation_id()


class KeyScheme(OpenApiAuthenticationExtension):
    """A program signs in by Bearer key (a browser by its session, which no schema needs to name)."""

    target_class = "core.api.authentication.ActorAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}
