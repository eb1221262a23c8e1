"""Questions about people and organisations."""

from core.querysets import RecordQuerySet


class OrganizationQuerySet(RecordQuerySet):
    def in_house(self):
        return self.filter(kind="in_house")


class MembershipQuerySet(RecordQuerySet):
    def of_people(self):
        """Without the service users behind API keys."""
        return self.filter(user__kind="person")


class ApiKeyQuerySet(RecordQuerySet):
    def usable(self, *, now):
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class SavedViewQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """Saved views are their owner's alone."""
        return super().visible_to(actor).filter(user_id=actor.user_id)
