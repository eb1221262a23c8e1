"""Questions about placements and ad accounts."""

from campaigns.querysets import InCampaignQuerySet
from core.querysets import RecordQuerySet


class AdAccountQuerySet(RecordQuerySet):
    def on(self, platform):
        return self.filter(platform=platform)


class PlacementQuerySet(InCampaignQuerySet):
    def open(self):
        """Neither ended nor cancelled."""
        return self.active().exclude(state__in=("ended", "cancelled"))

    def running(self, *, today):
        """With a flight on that day."""
        return self.open().filter(flights__start_date__lte=today, flights__finish_date__gte=today).distinct()
