"""Questions about the responsibility matrix."""

from django.db.models import Q

from campaigns.querysets import InCampaignQuerySet


class RaciRowQuerySet(InCampaignQuerySet):
    def shown(self):
        """Without rows whose task or deliverable is archived with its task."""
        return self.filter(
            Q(task=None) | Q(task__archived_at=None), Q(deliverable=None) | Q(deliverable__task__archived_at=None)
        )

    def with_work(self):
        """With what a row is about."""
        return self.select_related("task", "deliverable", "deliverable__task")


class RaciHolderQuerySet(InCampaignQuerySet):
    def with_names(self):
        """With what a column is called by."""
        return self.select_related("user", "organization")
