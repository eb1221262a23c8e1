"""Questions about the plan."""

from django.apps import apps
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from tree_queries.query import TreeQuerySet

from campaigns.rules.goals import Leaf
from core.querysets import RecordQuerySet
from core.search import matching

MEASURED = ("metric__code", "metric__unit", "metric__kind", "channel")
SAID = ("direction", "baseline_value", "baseline_source", "baseline_date", "target_value", "start_date", "finish_date")
SAID += ("owner",)
LEAF_FIELDS = [name.removesuffix("_value") for name in SAID]


class CampaignQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """Campaigns of the workspace; keys, members and seats may be limited to some of them."""
        found, reached = super().visible_to(actor), actor.campaigns_of()
        return found if reached is None else found.filter(pk__in=reached)

    def for_seat(self, actor):
        """Those granted to the seat's organisation, which is what `visible_to` leaves."""
        return self

    def found_by(self, words):
        """Name, code or market hold the words."""
        return self.filter(matching(words))

    def with_people(self):
        """With what a list of campaigns shows beside them."""
        return self.select_related("owner", "programme").read_ahead("markets")

    def running(self, *, today):
        return (
            self.active()
            .filter(start_date__lte=today, finish_date__gte=today)
            .exclude(state__in=("closed", "cancelled"))
        )


class InCampaignQuerySet(RecordQuerySet):
    """Rows that belong to a campaign."""

    def visible_to(self, actor):
        return super().visible_to(actor).within_reach(actor)

    def of(self, campaign):
        return self.filter(campaign=campaign)


class OwnedQuerySet(InCampaignQuerySet):
    """Rows of which a partner sees those of its own organisation, which stands at `owner`."""

    owner = "organization"

    def for_seat(self, actor):
        return self.filter(**{self.owner: actor.organization_id})


class BriefShareQuerySet(OwnedQuerySet):
    """Sections of the brief that partners may read."""


class QuestionQuerySet(OwnedQuerySet):
    def open(self):
        return self.filter(state="open")

    def listed(self):
        """With the relations a list shows."""
        return self.select_related("workspace", "campaign", "organization", "asked_by", "answered_by")

    def found_by_words(self, text):
        """Whose question, answer or thing holds every word of the text."""
        for word in text.split()[:8]:
            said = Q(text__icontains=word) | Q(answer__icontains=word) | Q(subject_label__icontains=word)
            self = self.filter(said)
        return self

    def open_first(self):
        """Open, then answered, then closed; the newest first."""
        order = Case(When(state="open", then=Value(0)), When(state="answered", then=Value(1)), default=Value(2))
        return self.order_by(order, "-created_at", "-pk")

    def waiting_for(self, actor):
        """Open ones that the client's people have to answer: asked at a seat or among themselves, never by oneself."""
        rows = self.open().filter(Q(asked_by__kind="seat") | Q(organization=None))
        return rows.filter(campaign__archived_at=None).exclude(asked_by=actor.user_id)


class GoalQuerySet(InCampaignQuerySet, TreeQuerySet):
    """Goals with their tree words (`with_tree_fields`, `ancestors`, `descendants`)."""


class BriefQuerySet(InCampaignQuerySet):
    def written(self):
        """Those of which a version was kept."""
        return self.filter(current_number__gt=0)


class KpiQuerySet(InCampaignQuerySet):
    def on(self, *, today):
        """KPIs whose period holds the day."""
        return self.active().filter(start_date__lte=today, finish_date__gte=today)

    def with_words(self):
        """With campaign, metric, channel and owner: what its lint and its line on a page read."""
        return self.select_related("campaign", "metric", "channel", "owner")

    def offered(self):
        """With no more than a choice among them shows and an act that gets one asks."""
        return self.only("name", "campaign", "workspace", "archived_at")

    def worth_a_lint(self):
        """Those that may be complete: without one of these a KPI cannot be measured, whatever else it says."""
        is_dated = Q(baseline_value=None) | Q(baseline_date__isnull=False)
        said = ("metric", "target_value", "start_date", "finish_date", "owner")
        return self.filter(is_dated, **{f"{name}__isnull": False for name in said})

    def leaves(self, campaign):
        """(goal id, Leaf) of each KPI of one campaign as the lint sees it, without making rows of them."""
        for goal, code, unit, kind, channel, *said in self.order_by().values_list("goal", *MEASURED, *SAID):
            words = {"metric": code or "", "unit": unit or "", "channel": str(channel or "")}
            words |= {"kind": kind} if kind else {}
            within = {"campaign_start": campaign.start_date, "campaign_finish": campaign.finish_date}
            yield goal, Leaf(**words, **within, **dict(zip(LEAF_FIELDS, said, strict=True)))


class DelegationQuerySet(InCampaignQuerySet):
    def on(self, day):
        """Delegations that hold on a day."""
        return self.filter(start_date__lte=day, finish_date__gte=day)


class BudgetLineQuerySet(InCampaignQuerySet):
    def listed(self):
        """With the relations a list shows."""
        return self.select_related("workspace", "campaign", "phase", "channel", "organization", "owner")


class BudgetRequestQuerySet(InCampaignQuerySet):
    def open(self):
        """Requests nobody has decided in the end."""
        return self.filter(state="open")

    def listed(self):
        """With the relations a list shows, levels included."""
        rows = self.select_related("workspace", "campaign", "line", "to_line", "requested_by")
        return rows.prefetch_related("approvals__decided_by")

    def waiting_for(self, actor, roles):
        """Open requests whose turn is at one of these roles, that this person neither made nor decided on."""
        rows = self.open().filter(waiting_role__in=roles, campaign__archived_at=None)
        decided = Exists(self.model._base_manager.filter(pk=OuterRef("pk"), approvals__decided_by=actor.user_id))
        return rows.exclude(requested_by=actor.user_id).exclude(decided)


class CommitmentQuerySet(InCampaignQuerySet):
    def listed(self):
        """With the relations a list shows."""
        return self.select_related("workspace", "campaign", "line", "organization", "made_by")


class MovementQuerySet(InCampaignQuerySet):
    def listed(self):
        """With the relations the ledger shows."""
        return self.select_related("from_line", "to_line", "made_by", "approved_by")

    def touching(self, line):
        """What went into a line or out of it."""
        return self.filter(Q(from_line=line) | Q(to_line=line))


class AnnotationQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """Workspace-wide notes and those of visible campaigns."""
        return super().visible_to(actor).within_reach(actor, or_none=True)

    def between(self, start, end):
        """Notes that touch the days start … end (both included)."""
        return self.annotate(last=F("finish_date")).filter(start_date__lte=end, finish_date__gte=start)


class AccessItemQuerySet(InCampaignQuerySet):
    def with_owner(self):
        """With what a list shows and an act asks."""
        return self.select_related("owner", "campaign", "workspace")

    def about(self, subjects):
        """Items about any of these things: {type: [ids]}."""
        found = Q(pk__in=())
        for kind, ids in subjects.items():
            found |= Q(subject_type=kind, subject_id__in=ids)
        return self.filter(found)

    def expiring(self, *, first, last):
        """Living items of open campaigns that expire on one of these days and of which nobody was told yet."""
        rows = self.active().filter(expires_date__range=(first, last), campaign__archived_at=None)
        rows = rows.exclude(campaign__state__in=("closed", "cancelled"))
        return rows.exclude(warned_date=F("expires_date"))


class ReadinessLineQuerySet(InCampaignQuerySet):
    def with_people(self):
        """With who is named and who signed, and what an act asks."""
        return self.select_related("owner", "signed_by", "file", "campaign", "workspace")

    def to_sign(self, *, today):
        """Lines that nobody signed, or whose signature is over."""
        return self.active().filter(Q(signed_at=None) | Q(expires_date__lt=today))


class VocabularyQuerySet(RecordQuerySet):
    def coded(self):
        """{code: row}."""
        return {row.code: row for row in self}


def subject_of(actor, campaign, kind, key):
    """The row of a campaign that a comment is about: `kind` as in the logbook ("campaigns.kpi"); None if unknown."""
    if kind == campaign._meta.label_lower:
        return campaign if campaign.pk == key else None
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    rows = getattr(model, "objects", None)
    is_uuid = model._meta.pk.get_internal_type() == "UUIDField"
    if not (is_uuid and hasattr(rows, "visible_to") and "campaign" in {field.name for field in model._meta.fields}):
        return None
    return rows.visible_to(actor).filter(campaign=campaign, pk=key).first()
