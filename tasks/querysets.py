"""Questions about the work."""

from django.db.models import Count, F, Max, Prefetch, Q

from campaigns.querysets import InCampaignQuerySet, OwnedQuerySet
from core.search import matching

OPEN = ("todo", "in_progress", "in_review", "blocked")


class TaskQuerySet(OwnedQuerySet):
    def open(self):
        """Neither done nor cancelled."""
        return self.active().filter(state__in=OPEN)

    def overdue(self, *, today):
        """Open, and planned to be finished before today."""
        return self.open().filter(finish_date__lt=today)

    def due_by(self, day):
        """Open, and planned to be finished on or before a day."""
        return self.open().filter(finish_date__lte=day)

    def assigned_to(self, user_id):
        return self.filter(assignees=user_id)

    def found_by(self, text):
        """Whose title, description or tags hold every word of the text."""
        return self.filter(matching(text)) if text else self

    def of_partner(self):
        """What a partner works on: tasks that are not archived, of campaigns that go on."""
        return self.active().filter(campaign__archived_at=None).select_related("campaign")

    def by_day(self):
        """By the day they have to be finished; those without a day last."""
        return self.order_by(F("finish_date").asc(nulls_last=True), "position", "pk")

    def listed(self):
        """With the relations a list shows."""
        related = ("workspace", "campaign", "campaign__workspace", "parent", "phase", "channel", "organization")
        return self.select_related(*related)

    def offered(self):
        """With no more than a choice among them shows and an act that gets one asks."""
        return self.only("title", "kind", "campaign", "workspace", "parent", "archived_at", "lock_version")

    def shown(self):
        """With what REST shows of them, and no more (`shown_assignees`, `shown_kpis`, `shown_tags`); what many share is
        read once."""
        ahead = [self._ahead("assignees", "name"), self._ahead("kpis", "pk"), self._ahead("tags", "name")]
        return self.select_related("campaign").prefetch_related(*ahead, "channel")

    def _ahead(self, name, column):
        """The rows of a relation with one of their columns, as the list `shown_…`."""
        model = self.model._meta.get_field(name).related_model
        rows = model._base_manager.only(column).order_by(*model._meta.ordering or ["pk"])
        return Prefetch(name, rows, f"shown_{name}")


class OfTaskQuerySet(OwnedQuerySet):
    """What hangs on a task belongs to whom the task belongs."""

    owner = "task__organization"


class WorkPlanQuerySet(InCampaignQuerySet):
    def running(self):
        """Of campaigns that are not over."""
        return self.filter(campaign__archived_at=None).exclude(campaign__state__in=("closed", "cancelled"))

    def with_work_of(self, user_id):
        """Plans with a living task of a person."""
        return self.filter(campaign__tasks__assignees=user_id, campaign__tasks__archived_at=None).distinct()

    def stale(self, day):
        """Worked out before a day, or never."""
        return self.filter(Q(projected_on__lt=day) | Q(projected_on=None))


class DependencyQuerySet(InCampaignQuerySet):
    def visible(self):
        """Between tasks that are not archived."""
        return self.filter(predecessor__archived_at=None, successor__archived_at=None)


class ProblemQuerySet(InCampaignQuerySet):
    def for_seat(self, actor):
        """Those that were raised at a seat of the same organisation."""
        return self.filter(raised_by__seat__organization=actor.organization_id)

    def open(self):
        return self.filter(state="open")

    def overdue(self, *, today):
        """Open past the day they had to be solved."""
        return self.open().filter(due_date__lt=today)

    def about(self, subject):
        """Those raised on one thing."""
        return self.filter(subject_id=subject.pk)


def counted(baselines):
    """Baselines with how many tasks they keep (`size`) and the last finish among them (`last_day`)."""
    return baselines.annotate(size=Count("tasks"), last_day=Max("tasks__finish_date"))
