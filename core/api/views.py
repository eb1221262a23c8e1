"""The base of every REST resource: scoped rows, ETag and If-Match, acts by action functions."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from core.errors import Stale

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class PreconditionRequired(APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Send If-Match with the ETag of the version you read.")


def etag(row):
    """The strong ETag of a row: its id and lock_version."""
    return f'"{row.pk.hex}-{row.lock_version}"'


class ActorMixin:
    """`self.actor`, rows through `visible_to`, and the checks of a conditional request."""

    lookup_value_regex = UUID_PATTERN
    queryset = None  # a callable returning a fresh queryset: `lambda: Campaign.objects`
    out = None  # the …Out serializer

    @property
    def actor(self):
        return self.request._request.actor

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return type(self).model._base_manager.none()
        return self.rows()

    def rows(self):
        """What this actor may see, with the relations the answer shows."""
        return self.model.objects.visible_to(self.actor)

    def get_serializer_class(self):
        return self.out

    def find(self):
        """The row of the address, or the same 404 for foreign and nonexistent ids."""
        return self.get_object()

    def seen(self, row):
        """Return the lock_version the client saw (If-Match); 428 without the header, 412 when it is stale."""
        given = self.request.headers.get("If-Match")
        if not given:
            raise PreconditionRequired()
        if given.strip() not in (etag(row), "*"):
            raise Stale()
        return row.lock_version

    def one(self, row, status_code=status.HTTP_200_OK):
        """A single row with its ETag."""
        headers = {"ETag": etag(row)} if hasattr(row, "lock_version") else {}
        return Response(self.out(row, context=self.get_serializer_context()).data, status=status_code, headers=headers)

    def read(self, serializer_class, *, partial=False):
        """Validated input of the request."""
        serializer = serializer_class(data=self.request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class ResourceViewSet(ActorMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """List and single GET. Subclasses add `create`, `partial_update`, `destroy` and acts, each calling one action."""

    def retrieve(self, request, *args, **kwargs):
        row = self.get_object()
        if hasattr(row, "lock_version") and request.headers.get("If-None-Match", "").strip() == etag(row):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag(row)})
        return self.one(row)

    def get_object(self):
        queryset = self.filter_queryset(self.get_queryset()) if self.action == "list" else self.get_queryset()
        named = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
        for row in queryset.filter(**named).order_by()[:1]:  # one row needs no order, which costs as much as the row
            return row
        raise Http404
