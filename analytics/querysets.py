"""Questions about sources, runs, imports and figures."""

from django.db import models
from django.db.models import Q

from analytics.choices import DAY
from core.querysets import RecordQuerySet


class SourceQuerySet(RecordQuerySet):
    def due(self, *, now):
        """Sources whose next pull has come."""
        return self.active().filter(state__in=("connected", "failing"), next_pull_at__lte=now)


class RunQuerySet(RecordQuerySet):
    def unfinished(self):
        return self.filter(state__in=("queued", "running"))


class ObjectQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(workspace_id=actor.workspace_id) if actor.workspace_id else self.none()


class FactQuerySet(ObjectQuerySet):
    def daily(self):
        return self.filter(hour=DAY)


class DailyQuerySet(ObjectQuerySet):
    """The roll-up: the only table a dashboard reads."""

    def visible_to(self, actor):
        found = super().visible_to(actor)
        limited = actor.key.campaign_ids if actor.key else []
        return found.filter(campaign_id__in=limited) if limited else found

    def of_days(self, start, end):
        """Daily rows of the days start … end and period rows that lie wholly within them."""
        return self.filter(date__gte=start, date_to__lte=end)

    def only_days(self):
        """Without the rows that state a whole period: what a daily trend may show."""
        return self.filter(date_to=models.F("date"))

    def assigned(self):
        return self.filter(campaign__isnull=False)

    def unassigned(self):
        return self.filter(campaign__isnull=True)


class RangeQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        found = super().visible_to(actor)
        limited = actor.key.campaign_ids if actor.key else []
        return found.filter(Q(campaign_id__in=limited)) if limited else found
