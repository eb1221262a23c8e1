"""States and kinds of the plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PLANNING = "planning", _("planning")
    READY = "ready", _("ready")
    LIVE = "live", _("live")
    PAUSED = "paused", _("paused")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Direction(models.TextChoices):
    INCREASE = "increase", _("increase")
    DECREASE = "decrease", _("decrease")
    KEEP = "keep", _("keep within")


class RollUp(models.TextChoices):
    SUM = "sum", _("sum")
    MEAN = "mean", _("mean")
    WEIGHTED = "weighted", _("weighted mean")
    NONE = "none", _("none")


class MetricKind(models.TextChoices):
    ADDITIVE = "additive", _("additive")
    UNIQUE = "unique", _("unique count")
    AVERAGE = "average", _("average")
    DERIVED = "derived", _("derived")


class MetricUnit(models.TextChoices):
    COUNT = "count", _("count")
    MONEY = "money", _("money")
    RATIO = "ratio", _("ratio")
    SECONDS = "seconds", _("seconds")


class Function(models.TextChoices):
    """The function somebody has in a campaign; not a right."""

    MARKETING = "marketing", _("marketing")
    CONTENT = "content", _("content")
    DESIGN = "design", _("design")
    TECH = "tech", _("tech")
    DATA = "data", _("data")
    MEDIA_AGENCY = "media_agency", _("media agency")
    KOL = "kol", _("KOL")
    LEGAL = "legal", _("legal")
    CUSTOMER_SERVICE = "customer_service", _("customer service")
    SALES = "sales", _("sales")


class AnnotationKind(models.TextChoices):
    NOTE = "note", _("note")
    PROMOTION = "promotion", _("promotion")
    CHANGE = "change", _("change")
    INCIDENT = "incident", _("incident")
    DATA = "data", _("data")


class LineState(models.TextChoices):
    """How a line of the readiness board stands."""

    OK = "ok", _("ready")
    WARN = "warn", _("look at it")
    BLOCK = "block", _("not ready")


class LineGroup(models.TextChoices):
    """The groups of the readiness board, in its order."""

    PLAN = "plan", _("Plan")
    PEOPLE = "people", _("People")
    BUDGET = "budget", _("Budget")
    ASSETS = "assets", _("Assets")
    ACCESS = "access", _("Access and tracking")
    RISKS = "risks", _("Risks")
    ADDED = "added", _("Signed by name")


class AccessKind(models.TextChoices):
    AD_ACCOUNT = "ad_account", _("ad account")
    TRACKING = "tracking", _("analytics and tracking")
    TOOL = "tool", _("tool")
    LANDING_PAGE = "landing_page", _("landing page")


class AccessLevel(models.TextChoices):
    VIEW = "view", _("view")
    EDIT = "edit", _("edit")
    ADMIN = "admin", _("administer")


class AccessState(models.TextChoices):
    """How far the access is; computed from its days and its newest proof."""

    TO_REQUEST = "to_request", _("to be requested")
    REQUESTED = "requested", _("requested")
    GRANTED = "granted", _("granted, not proven")
    PROVEN = "proven", _("proven")
    STALE = "stale", _("proof is old")
    EXPIRED = "expired", _("expired")


class ProofKind(models.TextChoices):
    TEST_EVENT = "test_event", _("test event")
    MANUAL = "manual", _("checked by hand")
    PULL = "pull", _("successful pull")


class BudgetCategory(models.TextChoices):
    MEDIA = "media", _("media buying")
    PRODUCTION = "production", _("production")
    KOL = "kol", _("KOL fees")
    AGENCY = "agency", _("agency fees")
    TECHNOLOGY = "technology", _("technology")
    EVENT = "event", _("events")
    PROMOTION = "promotion", _("gifts and vouchers")
    RESEARCH = "research", _("research")
    CONTINGENCY = "contingency", _("contingency")
    OTHER = "other", _("other")


class Account(models.TextChoices):
    """Where money of a budget line stands."""

    OUTSIDE = "outside", _("outside the budget")
    AVAILABLE = "available", _("available")
    COMMITTED = "committed", pgettext_lazy("money", "committed")
    PAID = "paid", _("paid")


class MovementKind(models.TextChoices):
    APPROVAL = "approval", _("approval")
    REDUCTION = "reduction", _("reduction")
    TRANSFER = "transfer", _("transfer")
    COMMITMENT = "commitment", _("commitment")
    RELEASE = "release", _("release")
    PAYMENT = "payment", _("payment")
    REBATE = "rebate", _("rebate")


class BudgetRequestKind(models.TextChoices):
    RAISE = "raise", _("approve more")
    REDUCE = "reduce", _("give back")
    TRANSFER = "transfer", _("move to another line")


class BudgetRequestState(models.TextChoices):
    OPEN = "open", _("waiting")
    APPROVED = "approved", pgettext_lazy("money", "approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class BudgetDecision(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")


class CommitmentState(models.TextChoices):
    BOOKED = "booked", pgettext_lazy("money", "booked")
    DELIVERED = "delivered", _("delivered")
    MAKE_GOOD = "make_good", _("make-good")
    RECONCILED = "reconciled", _("reconciled")
    INVOICED = "invoiced", _("invoiced")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")


class QuestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("question", "open")
    ANSWERED = "answered", pgettext_lazy("question", "answered")
    CLOSED = "closed", pgettext_lazy("question", "closed")
