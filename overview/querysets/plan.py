"""The plan of a campaign against what it has spent so far."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, Count, Exists, OuterRef, Value

from analytics.models import DailyMetric
from campaigns.models import BudgetLine
from core.querysets import ExactSum
from placements.choices import PlacementState
from placements.models import Placement
from raci.models import gaps_of

RUNNING = 6


@dataclass(frozen=True)
class Purse:
    """Money of a campaign in one currency: its frame, what is approved and committed, the budgets of placements, what
    days plan, what is spent."""

    currency: str
    frame: Decimal | None
    budgets: Decimal
    planned: Decimal
    spent: Decimal
    approved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)

    @property
    def whole(self):
        """What the bars are measured by."""
        return max(self.frame or 0, self.approved, self.budgets, self.planned, self.spent) or Decimal(1)

    def share(self, amount):
        """Whole percent of the longest bar."""
        return int(100 * amount / self.whole)

    @property
    def rows(self):
        """(what, amount, percent of the longest) of everything that has an amount."""
        named = {"frame": self.frame, "approved": self.approved or None, "committed": self.committed or None}
        named |= {"budgets": self.budgets, "planned": self.planned, "spent": self.spent}
        return [(name, amount, self.share(amount)) for name, amount in named.items() if amount is not None]

    @property
    def spent_share(self):
        """Whole percent of the frame (else of the placements' budgets) that is spent; None without either."""
        return int(100 * self.spent / self.limit) if self.limit else None

    @property
    def limit(self):
        """What is approved, else the frame, else what the placements may spend."""
        return self.approved or self.frame or self.budgets

    @property
    def is_overspent(self):
        return bool(self.limit) and self.spent > self.limit

    @property
    def is_overbooked(self):
        """The placements together ask for more than the frame."""
        return bool(self.frame) and self.budgets > self.frame


def money(actor, campaign, booked, spent):
    """A Purse for each currency of the campaign, its own first; `booked` and `spent` as found by those below."""
    sums = defaultdict(lambda: defaultdict(Decimal))
    sums[campaign.currency]["budgets"] += 0
    for name, rows in (
        ("budgets", [(one.currency, one.budgets) for one in booked if one.state != "cancelled"]),
        ("planned", [(one.currency, one.planned) for one in booked if one.state != "cancelled"]),
        ("spent", spent),
        *_approved(actor, campaign),
    ):
        for currency, amount in rows:
            sums[currency][name] += amount or 0
    order = sorted(sums, key=lambda currency: (currency != campaign.currency, currency))
    return [_purse(currency, sums[currency], campaign) for currency in order]


def _approved(actor, campaign):
    """What the lines of the budget have approved and committed, per currency."""
    rows = BudgetLine.objects.visible_to(actor).of(campaign).active().order_by().values_list("currency")
    rows = list(rows.annotate(ExactSum("approved_amount"), ExactSum("committed_amount")))
    return (
        ("approved", [(currency, approved) for currency, approved, _committed in rows]),
        ("committed", [(currency, committed) for currency, _approved, committed in rows]),
    )


def _purse(currency, sums, campaign):
    frame = campaign.budget_amount if currency == campaign.currency else None
    named = ("budgets", "planned", "spent", "approved", "committed")
    return Purse(currency, frame, *(Decimal(sums[name]) for name in named))


def bookings(actor, campaign):
    """What the placements that are not archived ask for: a row (state, currency, budgets, planned by day, number) each
    for those of one state and currency."""
    rows = Placement.objects.visible_to(actor).active().filter(campaign=campaign).with_span().order_by()
    sums = {"budgets": ExactSum("budget_amount"), "planned": ExactSum("planned_amount"), "number": Count("pk")}
    rows = rows.values("state", "currency").annotate(**sums)
    return list(rows.values_list("state", "currency", *sums, named=True))


def by_state(booked):
    """`[(state, its label, how many)]` in the order of a placement's life."""
    counts = Counter()
    for one in booked:
        counts[one.state] += one.number
    return [(state, label, counts[state]) for state, label in PlacementState.choices if counts[state]]


def running_placements(actor, campaign, today):
    """Placements with a flight today."""
    rows = Placement.objects.visible_to(actor).running(today=today).filter(campaign=campaign)
    return list(rows.select_related("channel", "campaign", "workspace").order_by("rank", "pk")[:RUNNING])


def costs_of(actor, campaign):
    """(spent by the campaign, spent without a campaign in the ad accounts it books): `[(currency, amount)]` each."""
    booked = Placement.objects.visible_to(actor).filter(campaign=campaign, ad_account=OuterRef("ad_account"))
    rows = DailyMetric.objects.visible_to(actor).filter(metric="cost").order_by()
    own, stray = rows.filter(campaign=campaign), rows.unassigned().filter(Exists(booked))
    found = {True: [], False: []}
    for is_own, currency, amount in _by_currency(own, True).union(_by_currency(stray, False), all=True):
        found[bool(is_own)].append((currency, amount))
    return found[True], [(currency, amount) for currency, amount in found[False] if amount]


def _by_currency(rows, is_own):
    kind = Value(is_own, output_field=BooleanField())
    return rows.annotate(is_own=kind).values_list("is_own", "currency").annotate(sum=ExactSum("value"))


def flights_of(actor, campaign, limit):
    """Placements with their flights read ahead, in the order of the schedule."""
    rows = Placement.objects.visible_to(actor).active().filter(campaign=campaign).exclude(state="cancelled")
    return list(rows.read_ahead("flights").order_by("rank", "pk")[:limit])


def gaps(actor, campaign):
    """How many rows of the responsibility matrix are a vacuum or overlap; None where all are in order."""
    _rows, vacuum, overlap = gaps_of(actor, campaign)
    return {"vacuum": vacuum, "overlap": overlap} if vacuum or overlap else None
