"""OpenAPI: responses of single rows come from `out`, bodies of acts from @extend_schema."""

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    def get_operation_id(self):
        return super().get_operation_id()
