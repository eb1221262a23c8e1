"""Questions about assets, their versions and their review."""

from django.db.models import F, OuterRef, Prefetch, Q, Subquery

from assets.choices import ReviewState, Stage, StepState
from campaigns.querysets import InCampaignQuerySet, OwnedQuerySet
from core.policy import manager
from core.querysets import RecordQuerySet
from core.search import matching


class AssetQuerySet(OwnedQuerySet):
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

    def with_review(self):
        """With `review_state`, that of the newest review of exactly the newest version; None without one."""
        reviews = self.model.reviews.rel.related_model._base_manager.exclude(state=ReviewState.WITHDRAWN)
        newest = reviews.filter(asset=OuterRef("pk"), version__number=OuterRef("current_number")).order_by(
            "-created_at"
        )
        return self.annotate(review_state=Subquery(newest.values("state")[:1]))

    def at_work(self):
        """Neither archived nor retired."""
        return self.active().exclude(stage=Stage.RETIRED)


class VersionQuerySet(OwnedQuerySet):
    owner = "asset__organization"

    def current(self):
        """The newest version of each asset."""
        return self.filter(number=F("asset__current_number"))

    def approved(self):
        """Those whose latest review, withdrawn ones aside, passed with exactly their bytes."""
        reviews = self.model.reviews.rel.related_model._base_manager
        about = (
            reviews.filter(version=OuterRef("pk")).exclude(state=ReviewState.WITHDRAWN).order_by("-created_at", "-pk")
        )
        same = Q(reviewed_state=ReviewState.PASSED, reviewed_sha=F("sha256"))
        found = self.annotate(
            reviewed_state=Subquery(about.values("state")[:1]), reviewed_sha=Subquery(about.values("sha256")[:1])
        )
        return found.filter(same)


class RenditionQuerySet(OwnedQuerySet):
    """Pictures of versions."""

    owner = "version__asset__organization"


class ReviewQuerySet(OwnedQuerySet):
    """Runs of a route."""

    owner = "asset__organization"


class DownloadQuerySet(InCampaignQuerySet):
    def visible_to(self, actor):
        """A link is for whoever asked for it, and for nobody else."""
        return self.filter(workspace_id=actor.workspace_id, user_id=actor.user_id)


class RouteQuerySet(InCampaignQuerySet):
    def visible_to(self, actor):
        """Templates of the workspace and the routes of visible campaigns."""
        return RecordQuerySet.visible_to(self, actor).within_reach(actor, or_none=True)

    def of_or_template(self, campaign):
        """Those a campaign may use: its own and the workspace's."""
        return self.filter(Q(campaign=None) | Q(campaign=campaign))

    def with_levels(self):
        """With their levels and the people these name."""
        levels = self.model.levels.rel.related_model.objects.select_related("organization").prefetch_related("users")
        return self.select_related("campaign", "workspace").prefetch_related(Prefetch("levels", levels))


def _open_to(actor, asked, path=""):
    """The condition under which a step (at `path`) may be looked at: a private one is its reviewers', the managers'
    and, partners aside, its makers'. `asked` are the StepReviewers there are."""
    if actor.role in manager.roles:
        return Q()
    mine = asked._base_manager.filter(user_id=actor.user_id).values("step_id")
    found = Q(**{f"{path}is_private": False}) | Q(**{f"{path}pk__in": mine})
    for name in () if actor.seat else ("review__submitted_by", "review__asset__maker"):
        found |= Q(**{f"{path}{name}": actor.user_id})
    return found


class StepQuerySet(InCampaignQuerySet):
    def open_for(self, user):
        """Steps at which this person is asked and has not said anything yet."""
        mine = self.filter(state=StepState.OPEN, reviewers__user=user, reviewers__released_at=None)
        return mine.exclude(verdicts__reviewer=user)

    def visible_to(self, actor):
        """Private levels are seen by those who are asked there, the makers and managers alone."""
        if actor.seat is not None:
            return self._of_seat(actor)
        return super().visible_to(actor).filter(_open_to(actor, self.model.reviewers.rel.related_model))

    def _of_seat(self, actor):
        """Public levels of the organisation's own assets, and those at which the seat itself is asked."""
        own = {"review__asset__organization": actor.organization_id, "campaign__in": actor.campaigns_of("assets")}
        return self.filter(Q(is_private=False, **own) | self._asked_of(actor), workspace_id=actor.workspace_id)

    def _asked_of(self, actor):
        """The condition under which a seat is asked: where its client lets it decide, in campaigns granted for it."""
        people = self.model.reviewers.rel.related_model._base_manager
        mine = people.filter(user_id=actor.user_id, released_at=None).values("step_id")
        reached = actor.campaigns_of("reviews") if actor.door.may_decide else ()
        return Q(pk__in=mine, campaign__in=reached)

    def asked_of_seat(self, actor):
        """Steps at which the seat is asked."""
        return self.filter(self._asked_of(actor), workspace_id=actor.workspace_id)

    def waiting_for(self, user):
        """What waits for this person in campaigns that go on, with what a line of their queue shows."""
        rows = self.open_for(user).filter(review__state=ReviewState.RUNNING, campaign__archived_at=None)
        asked = self.model.reviewers.rel.related_model.objects.filter(step=OuterRef("pk"), user=user)
        rows = rows.annotate(due=Subquery(asked.values("due_date")[:1]))
        related = ("review", "review__asset", "review__asset__channel", "review__version", "campaign", "workspace")
        return rows.select_related(*related).defer("review__version__text", "review__version__measures")

    def with_voices(self):
        """With the people asked and what they said."""
        people = self.model.reviewers.rel.related_model.objects.select_related("user", "added_by", "delegated_by")
        verdicts = self.model.verdicts.rel.related_model.objects.select_related("reviewer")
        return self.prefetch_related(Prefetch("reviewers", people), Prefetch("verdicts", verdicts))

    def shown(self):
        """With the people asked, what they said, and the review they belong to."""
        related = ("review", "review__asset", "review__asset__standard", "review__asset__campaign")
        related += ("review__asset__workspace", "review__version", "review__submitted_by")
        related += ("campaign", "campaign__workspace", "workspace")
        return self.select_related(*related).with_voices()


class VerdictQuerySet(InCampaignQuerySet):
    def visible_to(self, actor):
        """What was said at levels the actor may look at."""
        if actor.seat is not None:
            steps = self.model._meta.get_field("step").related_model.objects.visible_to(actor)
            return self.filter(step__in=steps.order_by().values("pk"))
        asked = self.model._meta.get_field("step").related_model.reviewers.rel.related_model
        return super().visible_to(actor).filter(_open_to(actor, asked, "step__"))


def _said_to(actor, steps, path=""):
    """The condition under which a remark (at `path`) may be read: those of a private level are for the same people as
    the level, and their authors."""
    if actor.role in manager.roles:
        return Q()
    own = Q(**{f"{path}step": None}) | Q(**{f"{path}author": actor.user_id})
    return own | _open_to(actor, steps.reviewers.rel.related_model, f"{path}step__")


class PinQuerySet(OwnedQuerySet):
    owner = "version__asset__organization"

    def visible_to(self, actor):
        """Remarks of a private level are read by its reviewers, the makers and managers alone."""
        return super().visible_to(actor).filter(_said_to(actor, self.model.step.field.related_model))

    def active(self):
        return self.filter(archived_at=None)

    def open(self):
        """Neither settled nor taken away."""
        return self.active().filter(resolved_at=None)

    def by_link(self, link):
        """What guests said by one link."""
        return self.active().filter(guest=link)

    def listed(self):
        """With what a list of remarks shows."""
        related = ("author", "guest", "resolved_by", "step", "version", "version__asset", "campaign", "workspace")
        replies = self.model.replies.rel.related_model.objects.select_related("author", "guest")
        rows = self.select_related(*related).defer("version__text", "version__measures", "version__findings")
        return rows.prefetch_related(Prefetch("replies", replies, "thread"))


class ReplyQuerySet(OwnedQuerySet):
    owner = "pin__version__asset__organization"

    def visible_to(self, actor):
        """A thread is read by those who may read its remark, and goes with it."""
        steps = self.model.pin.field.related_model.step.field.related_model
        rows = super().visible_to(actor).filter(_said_to(actor, steps, "pin__"))
        return rows.filter(pin__archived_at=None)
