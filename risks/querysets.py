"""Questions about risks, playbooks and incidents."""

from django.db.models import Case, Count, F, Prefetch, Q, Value, When

from campaigns.querysets import InCampaignQuerySet
from core.querysets import RecordQuerySet
from core.search import matching
from risks.rules.register import MANDATORY, OVER, RED


class RiskQuerySet(InCampaignQuerySet):
    def open(self):
        """Neither closed nor a lesson."""
        return self.active().exclude(state__in=OVER)

    def due_for_review(self, *, today):
        """Open ones whose review day has come."""
        return self.open().filter(review_date__lte=today)

    def cared_for_by(self, user_id):
        """Owned by a person; without an owner the deputy, then the owner of the campaign, looks after a risk."""
        alone = Q(owner=None, deputy=user_id) | Q(owner=None, deputy=None, campaign__owner=user_id)
        return self.filter(Q(owner=user_id) | alone)

    def unhandled_red(self):
        """Open, as high as can be, and without a response."""
        return self.scored().open().filter(score_before__gte=RED, response="").exclude(state="handling")

    def found_by(self, text):
        """Whose title, code, description or response hold every word of the text."""
        return self.filter(matching(text)) if text else self

    def scored(self):
        """With `score_before` and `score_after` (None where the risk after the response is not known)."""
        return self.annotate(
            score_before=F("probability") * F("impact"), score_after=F("probability_after") * F("impact_after")
        )

    def listed(self):
        """With the relations a list shows."""
        related = ("workspace", "campaign", "campaign__workspace", "owner", "deputy", "playbook")
        return self.scored().select_related(*related, "kpi", "placement", "task", "budget_line")

    def cells(self, *, is_after=False):
        """{(probability, impact): how many}; after the response where that is known."""
        names = ("probability_after", "impact_after") if is_after else ("probability", "impact")
        rows = self.filter(**{f"{names[1]}__isnull": False}).order_by().values_list(*names)
        return {(p, i): count for p, i, count in rows.annotate(count=Count("pk")).values_list(*names, "count")}


class PlaybookQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """The workspace's library and those of visible campaigns."""
        return super().visible_to(actor).within_reach(actor, or_none=True)

    def library(self):
        """Those that belong to no campaign."""
        return self.filter(campaign=None)

    def for_campaign(self, campaign):
        """Those of a campaign, then the library's."""
        own_first = Case(When(campaign=None, then=Value(1)), default=Value(0))
        return self.active().filter(Q(campaign=None) | Q(campaign=campaign)).order_by(own_first, "position", "name")

    def missing_classes(self, campaign):
        """The mandatory classes that neither the campaign nor the library has a playbook for."""
        covered = set(self.for_campaign(campaign).values_list("risk_class", flat=True))
        return [one for one in MANDATORY if one not in covered]

    def with_steps(self):
        """With their steps in order, read ahead."""
        steps = self.model._meta.get_field("steps").related_model
        return self.prefetch_related(Prefetch("steps", steps.objects.order_by("position", "pk")))


class PlaybookStepQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        return super().visible_to(actor).within_reach(actor, or_none=True, path="playbook__campaign")


class IncidentQuerySet(InCampaignQuerySet):
    def running(self):
        """Open or contained."""
        return self.exclude(state="closed")

    def listed(self):
        """With the relations a list shows and `steps_done` of `steps_all`."""
        counted = self.annotate(
            steps_all=Count("steps", filter=~Q(steps__state="waiting")),
            steps_done=Count("steps", filter=Q(steps__state__in=("done", "skipped"))),
        )
        return counted.select_related("workspace", "campaign", "campaign__workspace", "owner", "playbook", "risk")

    def counting_late(self, *, now):
        """With `late`, how many open steps are past their deadline."""
        return self.annotate(late=Count("steps", filter=Q(steps__state="open", steps__due_at__lt=now)))


class IncidentStepQuerySet(InCampaignQuerySet):
    def open(self):
        """Still to be done, in incidents that run."""
        return self.filter(state="open").exclude(incident__state="closed")

    def overdue(self, *, now):
        return self.open().filter(due_at__lt=now)
