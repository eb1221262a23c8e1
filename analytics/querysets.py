"""Questions about sources, runs, imports and figures."""

from django.db import models
from django.db.models import F, Q

from analytics.choices import DAY
from analytics.store import reading
from core.querysets import ExactSum, RecordQuerySet


class Unindexed(models.Func):
    """A column that SQLite looks for in no index; PostgreSQL knows its tables and chooses by itself."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


class SourceQuerySet(RecordQuerySet):
    def due(self, *, now):
        """Sources whose next pull has come."""
        return self.active().filter(state__in=("connected", "failing"), next_pull_at__lte=now)


class RunQuerySet(RecordQuerySet):
    def unfinished(self):
        return self.filter(state__in=("queued", "running"))


class ObjectQuerySet(RecordQuerySet):
    """What platforms call their campaigns, groups and ads."""


class FactQuerySet(ObjectQuerySet):
    def daily(self):
        return self.filter(hour=DAY)

    def visible_to(self, actor):
        """Figures of the workspace; a key limited to campaigns sees those of objects matched to them."""
        rows = self.alias(owner=Unindexed("workspace_id")).filter(owner=actor.workspace_id)
        rows = rows if actor.seat is None else rows.for_seat(actor)
        found = rows.within_reach(actor, path="object__links__campaign")
        return found.distinct() if actor.is_limited else found

    def walked_from(self, day):
        """From a day on, for the newest of a long period: they come first, and the others are never sorted."""
        return self.alias(first=Unindexed("date_from")).filter(first__gte=day)

    def stated(self, metrics, start, end):
        """What platforms stated of metrics that may not be summed, for days or periods within start … end."""
        rows = self.daily().filter(metric__in=metrics, breakdown="", date_from__gte=start, date_to__lte=end)
        return rows.select_related("object", "account_link__ad_account", "account_link__source")

    def by_source(self, campaign, channel_id=None):
        """Rows {source, metric, currency, sum} of whole days and periods of a campaign, each source apart."""
        rows = self.daily().filter(breakdown="", object__level=F("account_link__ad_account__counting_level"))
        rows = rows._linked(Q(object__links__campaign=campaign))
        if channel_id:
            own = Q(object__links__placement__channel=channel_id)
            account = Q(object__links__placement=None, account_link__ad_account__channel=channel_id)
            rows = rows.filter(own | account)
        rows = rows.order_by().values("metric", "currency", source=F("account_link__source_id"))
        return rows.annotate(sum=ExactSum("value"))

    def of_placement(self, placement):
        """Figures of the placement's objects on the days on which they belong to it."""
        return self._linked(Q(object__links__placement=placement))

    def _linked(self, within):
        """Of objects that a link fits, on the days on which the link is valid."""
        within &= Q(object__links__valid_from=None) | Q(object__links__valid_from__lte=F("date_from"))
        within &= Q(object__links__valid_to=None) | Q(object__links__valid_to__gte=F("date_to"))
        return self.filter(within)


class DailyQuerySet(ObjectQuerySet):
    """The roll-up: the only table a dashboard reads."""

    def visible_to(self, actor):
        return super().visible_to(actor).within_reach(actor)

    def of_days(self, start, end):
        """Daily rows of the days start … end and period rows that lie wholly within them."""
        return self.filter(date__gte=start, date_to__lte=end)

    def only_days(self):
        """Without the rows that state a whole period: what a daily trend may show."""
        return self.filter(date_to=models.F("date"))

    def spent_by_line(self, campaign):
        """Rows (budget line or None, currency, sum of the cost) of the placements of a campaign."""
        rows = self.filter(metric="cost", campaign=campaign).order_by()
        named = rows.values_list("placement__budget_line", "currency")
        return list(named.annotate(sum=ExactSum("value")).filter(sum__gt=0))

    def unassigned(self):
        return self.filter(campaign__isnull=True)


def rolled(actor, table, area="analytics"):
    """The rows of the roll-up that `DailyQuerySet.visible_to` shows, to be asked by text; of another table, what
    somebody who may see that area finds there, a partner's seat nothing."""
    rows = reading.Rows(table).of("workspace_id", actor.workspace_id)
    if actor.seat is not None:
        return rows.none()
    reached = actor.campaigns_of(area)
    return rows if reached is None else rows.among("campaign_id", reached)


class RangeQuerySet(RecordQuerySet):
    def with_words(self):
        """With what judging and naming it reads."""
        return self.select_related("campaign", "metric", "channel", "kpi")

    def visible_to(self, actor):
        return super().visible_to(actor).within_reach(actor)
