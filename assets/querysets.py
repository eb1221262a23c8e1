"""Questions about assets, their versions and their review."""

from django.db.models import F, Prefetch, Q

from assets.choices import Stage, StepState
from campaigns.querysets import InCampaignQuerySet
from core.search import matching


class AssetQuerySet(InCampaignQuerySet):
    def found_by(self, text):
        """Whose title, code or words hold every word of the text."""
        return self.filter(matching(text)) if text else self

    def listed(self):
        """With the relations a list shows."""
        return self.select_related(
            *("workspace", "campaign", "campaign__workspace", "channel", "phase", "maker", "organization", "standard"),
            "route",
        )

    def shown(self):
        """With what REST shows of them, and no more (`shown_kpis`)."""
        kpis = self.model._meta.get_field("kpis").related_model._base_manager.only("pk").order_by("position", "pk")
        return self.select_related("channel", "maker").prefetch_related(Prefetch("kpis", kpis, "shown_kpis"))

    def at_work(self):
        """Neither archived nor retired."""
        return self.active().exclude(stage=Stage.RETIRED)


class VersionQuerySet(InCampaignQuerySet):
    def current(self):
        """The newest version of each asset."""
        return self.filter(number=F("asset__current_number"))


class RouteQuerySet(InCampaignQuerySet):
    def visible_to(self, actor):
        """Templates of the workspace and the routes of visible campaigns."""
        found = self.filter(workspace_id=actor.workspace_id) if actor.workspace_id else self.none()
        limited = actor.key.campaign_ids if actor.key else []
        return found.filter(Q(campaign=None) | Q(campaign_id__in=limited)) if limited else found

    def of_or_template(self, campaign):
        """Those a campaign may use: its own and the workspace's."""
        return self.filter(Q(campaign=None) | Q(campaign=campaign))


class StepQuerySet(InCampaignQuerySet):
    def open_for(self, user):
        """Steps at which this person is asked and has not said anything yet."""
        mine = self.filter(state=StepState.OPEN, reviewers__user=user, reviewers__released_at=None)
        return mine.exclude(verdicts__reviewer=user)
