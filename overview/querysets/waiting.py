"""What waits for a person: out of plan, unmatched, failing, unfinished, addressed to them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from analytics.models import DailyTotal, Import, KpiSource, Source
from analytics.rules.metrics import Metric
from campaigns.models import Campaign, Comment, Kpi, Question
from core.querysets import ExactSum

COMMENTS_DAYS = 7


def open_campaigns(actor):
    """Campaigns that are neither closed nor cancelled, the soonest first."""
    rows = Campaign.objects.visible_to(actor).active().exclude(state__in=("closed", "cancelled"))
    return rows.select_related("owner", "workspace").order_by("start_date", "pk")


def with_counts(actor, campaigns):
    """Campaigns that bear how many there are in all (`of_all`), and how many of those are live (`of_live`)."""
    rows = Campaign.objects.visible_to(actor).active().order_by()
    return campaigns.annotate(of_all=_number(rows), of_live=_number(rows.filter(state="live")))


def _number(rows):
    return Coalesce(Subquery(rows.values("workspace").annotate(number=Count("pk")).values("number")), 0)


class Running(NamedTuple):
    """Of a running KPI what its standing and its line are made of; `metric` is one of the catalogue."""

    pk: UUID
    name: str
    campaign: Campaign
    metric: Metric
    channel_id: UUID | None
    direction: str
    baseline_value: Decimal | None
    target_value: Decimal
    start_date: date
    finish_date: date
    owner_id: UUID | None
    is_recorded: bool

    @property
    def campaign_id(self):
        return self.campaign.pk


READ = ("pk", "name", "campaign_id", "metric__code", *Running._fields[4:])


def running_kpis(actor, metrics, *, today, campaigns=()):
    """KPIs of open campaigns whose period has begun and is not over; `campaigns` are some of those, read already.

    A thousand of them are as many rows, not as many rows of three tables.
    """
    rows = Kpi.objects.visible_to(actor).on(today=today).filter(campaign__in=open_campaigns(actor))
    rows = rows.filter(target_value__isnull=False, metric__isnull=False)
    recorded = KpiSource.objects.filter(kpi=OuterRef("pk")).order_by()
    rows = rows.annotate(is_recorded=Exists(recorded)).order_by("campaign_id", "position", "pk")
    rows = list(rows.values_list(*READ))
    known = {campaign.pk: campaign for campaign in campaigns}
    if missing := {row[2] for row in rows} - known.keys():
        known |= open_campaigns(actor).in_bulk(missing)
    return [Running(*row[:2], known[row[2]], metrics[row[3]], *row[4:]) for row in rows]


def unassigned_money(actor):
    """`{currency: amount}` of cost that no campaign has got, to the cent."""
    rows = DailyTotal.objects.visible_to(actor).unassigned().filter(metric="cost").order_by()
    sums = rows.values_list("currency").annotate(sum=ExactSum("value")).order_by("currency")
    return [(currency, amount) for currency, amount in sums if amount]


def ailing_sources(actor):
    """Sources that fail or need new credentials."""
    return Source.objects.visible_to(actor).active().filter(state__in=("failing", "needs_reauth")).order_by("name")


def unfinished_imports(actor):
    """Imports that were looked at but not committed."""
    rows = Import.objects.visible_to(actor).filter(state__in=("uploaded", "previewed"))
    return rows.prefetch_related("files__stored")


def questions_for(actor):
    """Open questions of partners and colleagues: of the campaigns one owns, to whoever else may see them too."""
    rows = Question.objects.visible_to(actor).waiting_for(actor).listed()
    return rows.order_by("created_at", "pk")


def words_to(actor):
    """Comments of the last days by others that mention the person, answer them, or stand in a campaign of theirs."""
    since = timezone.now() - timedelta(days=COMMENTS_DAYS)
    about = Q(campaign__owner=actor.user_id) | Q(parent__author=actor.user_id) | Q(text__contains=f"]({actor.user_id})")
    rows = Comment.objects.visible_to(actor).active().filter(about, created_at__gte=since)
    rows = rows.exclude(author=actor.user_id).select_related("author", "campaign", "campaign__workspace")
    return rows.order_by("-created_at")
