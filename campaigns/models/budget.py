"""Money of a campaign: budget lines, the ledger of their movements, requests with their levels, commitments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Organization, WorkspaceRecord
from campaigns.choices import (
    Account,
    BudgetCategory,
    BudgetDecision,
    BudgetRequestKind,
    BudgetRequestState,
    CommitmentState,
    MovementKind,
)
from campaigns.models.campaign import Campaign, Phase
from campaigns.models.vocabulary import Channel
from campaigns.querysets import BudgetLineQuerySet, BudgetRequestQuerySet, CommitmentQuerySet, MovementQuerySet
from campaigns.rules.budget import Figures
from core.querysets import scoped

AMOUNT = {"max_digits": 18, "decimal_places": 4}
PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}
LINK = {"on_delete": models.PROTECT, "null": True, "blank": True}


class BudgetLine(WorkspaceRecord):
    """A line of a campaign's budget, without tax. Approved, committed and paid are what the ledger adds up to."""

    AREA = "budget"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="budget_lines")
    name = models.CharField(_("name"), max_length=160)
    category = models.CharField(
        _("category"), max_length=12, choices=BudgetCategory.choices, default=BudgetCategory.MEDIA
    )
    phase = models.ForeignKey(Phase, related_name="budget_lines", **LINK)
    channel = models.ForeignKey(Channel, related_name="+", **LINK)
    organization = models.ForeignKey(Organization, related_name="+", **LINK)
    owner = models.ForeignKey(null=True, blank=True, **PERSON)
    currency = models.CharField(_("currency"), max_length=3)
    tax_rate = models.DecimalField(_("tax %"), max_digits=6, decimal_places=3, default=0)
    planned_amount = models.DecimalField(_("planned"), default=0, **AMOUNT)
    planned_date = models.DateField(_("planned on"))  # whose rate converts what is planned
    approved_amount = models.DecimalField(_("approved"), default=0, editable=False, **AMOUNT)
    committed_amount = models.DecimalField(_("committed"), default=0, editable=False, **AMOUNT)
    paid_amount = models.DecimalField(_("paid"), default=0, editable=False, **AMOUNT)
    approved_by = models.ForeignKey(null=True, editable=False, **PERSON)  # who approved last
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(BudgetLineQuerySet)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="budget_line_once"),
            models.CheckConstraint(condition=Q(planned_amount__gte=0), name="budget_plan_not_below_zero"),
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0, committed_amount__gte=F("paid_amount"))
                & Q(approved_amount__gte=F("committed_amount")),
                name="never_over_approved",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "id"], name="budget_line_newest")]  # pages of REST, newest first

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("campaigns:budget-line", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def available_amount(self):
        """What may still be committed."""
        return self.approved_amount - self.committed_amount

    @property
    def figures(self):
        """Its amounts in its own currency."""
        return Figures(self.planned_amount, self.approved_amount, self.committed_amount, self.paid_amount)


class ApprovalThreshold(WorkspaceRecord):
    """From an amount on, a role has to approve."""

    AREA = "budget"

    from_amount = models.DecimalField(_("from"), **AMOUNT)
    currency = models.CharField(_("currency"), max_length=3)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)

    class Meta:
        ordering = ["from_amount", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "role", "currency"], name="one_threshold_per_role"),
            models.CheckConstraint(condition=Q(from_amount__gte=0), name="threshold_not_below_zero"),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.from_amount:f} {self.currency}"


class BudgetRequest(WorkspaceRecord):
    """Somebody asks that a line gets money, gives some back or hands it to another line."""

    AREA = "budget"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="budget_requests")
    kind = models.CharField(_("kind"), max_length=8, choices=BudgetRequestKind.choices)
    line = models.ForeignKey(BudgetLine, models.CASCADE, related_name="requests")
    to_line = models.ForeignKey(BudgetLine, models.CASCADE, null=True, blank=True, related_name="requests_to")
    amount = models.DecimalField(_("amount"), **AMOUNT)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=BudgetRequestState.choices, default=BudgetRequestState.OPEN
    )
    requested_by = models.ForeignKey(**PERSON)
    level = models.PositiveSmallIntegerField(default=1)  # the one whose turn it is
    waiting_role = models.CharField(max_length=10, blank=True)  # its role; empty: owner, manager or finance
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = scoped(BudgetRequestQuerySet)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="one_open_request_per_line"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="request_above_zero"),
            models.CheckConstraint(
                condition=(Q(kind="transfer", to_line__isnull=False) & ~Q(to_line=F("line")))
                | (~Q(kind="transfer") & Q(to_line=None)),
                name="transfer_has_a_goal",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "state", "id"], name="budget_request_open")]

    def __str__(self):
        return str(self.line)

    def get_absolute_url(self):
        return reverse("campaigns:budget-request", args=[self.workspace.slug, self.campaign.code, self.pk])


class BudgetApproval(WorkspaceRecord):
    """One level of a request: which role decides, and what somebody of it decided."""

    AREA = "budget"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    request = models.ForeignKey(BudgetRequest, models.CASCADE, related_name="approvals")
    level = models.PositiveSmallIntegerField()
    role = models.CharField(_("role"), max_length=10, blank=True)
    decision = models.CharField(_("decision"), max_length=8, choices=BudgetDecision.choices, blank=True)
    words = models.CharField(_("words"), max_length=500, blank=True)
    decided_by = models.ForeignKey(null=True, **PERSON)
    decided_at = models.DateTimeField(null=True)

    objects = scoped(MovementQuerySet)

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["request", "level"], name="one_decision_per_level")]

    def __str__(self):
        return f"{self.request} {self.level}"

    def get_role_display(self):
        """The role in words; without one it is anybody who looks after money."""
        return dict(Role.choices).get(self.role, self.role) or _("owner, manager or finance")


class Commitment(WorkspaceRecord):
    """What was promised to somebody out of a line, from booking to payment."""

    AREA = "budget"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="commitments")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="commitments")
    title = models.CharField(_("title"), max_length=200)
    organization = models.ForeignKey(Organization, related_name="+", **LINK)
    reference = models.CharField(_("order number"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CommitmentState.choices, default=CommitmentState.BOOKED)
    booked_amount = models.DecimalField(_("booked"), **AMOUNT)
    amount = models.DecimalField(_("amount"), **AMOUNT)  # what the line holds for it now
    delivered_amount = models.DecimalField(_("delivered"), null=True, blank=True, **AMOUNT)
    make_good_amount = models.DecimalField(_("make-good"), null=True, blank=True, **AMOUNT)
    rebate_amount = models.DecimalField(_("rebate"), default=0, **AMOUNT)
    invoice_number = models.CharField(_("invoice number"), max_length=80, blank=True)
    booked_date = models.DateField(_("booked on"))
    due_date = models.DateField(_("to be paid by"), null=True, blank=True)
    paid_date = models.DateField(_("paid on"), null=True, blank=True)
    made_by = models.ForeignKey(**PERSON)

    objects = scoped(CommitmentQuerySet)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, rebate_amount__gte=0, rebate_amount__lte=F("amount")),
                name="rebate_within_amount",
            )
        ]
        indexes = [models.Index(fields=["workspace", "id"], name="commitment_newest")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("campaigns:commitment", args=[self.workspace.slug, self.campaign.code, self.pk])

    @property
    def currency(self):
        """That of its line."""
        return self.line.currency


class BudgetMovement(WorkspaceRecord):
    """One amount from one account to another: balanced by its shape, never changed, never deleted."""

    AREA = "budget"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="budget_movements")
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind.choices)
    date = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), **AMOUNT)
    currency = models.CharField(_("currency"), max_length=3)
    from_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="movements_from")
    from_account = models.CharField(_("from"), max_length=10, choices=Account.choices)
    to_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, related_name="movements_to")
    to_account = models.CharField(_("to"), max_length=10, choices=Account.choices)
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(**PERSON)
    approved_by = models.ForeignKey(null=True, **PERSON)
    request = models.ForeignKey(BudgetRequest, models.PROTECT, null=True, related_name="movements")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, related_name="movements")

    objects = scoped(MovementQuerySet)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_above_zero"),
            models.CheckConstraint(
                condition=(Q(from_line=None) & Q(from_account="outside"))
                | (Q(from_line__isnull=False) & ~Q(from_account="outside")),
                name="movement_from_somewhere",
            ),
            models.CheckConstraint(
                condition=(Q(to_line=None) & Q(to_account="outside"))
                | (Q(to_line__isnull=False) & ~Q(to_account="outside")),
                name="movement_to_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "id"], name="movement_newest"),
            models.Index(fields=["campaign", "created_at"], name="movement_of_campaign"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount:f} {self.currency}"

    @property
    def ends(self):
        """((line, account) it comes from, (line, account) it goes to)."""
        return (self.from_line_id, self.from_account), (self.to_line_id, self.to_account)
