"""What the resources of risks share."""

from core.api.views import ResourceViewSet

BASE = ["id", "created_at", "updated_at", "lock_version"]


class ActingViewSet(ResourceViewSet):
    """Acts say which version they are meant for where the client says it."""

    def maybe_seen(self, row):
        return self.seen(row) if "If-Match" in self.request.headers else None

    def again(self, row, status=200):
        """The answer after an act, read anew with what an answer shows."""
        return self.one(self.rows().get(pk=row.pk), status)
