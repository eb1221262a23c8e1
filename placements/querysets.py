"""Questions about placements, their plan per day, and ad accounts."""

from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Subquery, Sum
from django.db.models.functions import Round

from campaigns.querysets import OwnedQuerySet
from core.querysets import RecordQuerySet
from core.search import matching


class AdAccountQuerySet(RecordQuerySet):
    def on(self, platform):
        return self.filter(platform=platform)

    def listed(self):
        """With the relations a list shows."""
        return self.select_related("channel", "organization")


class PlacementQuerySet(OwnedQuerySet):
    def open(self):
        """Neither ended nor cancelled."""
        return self.active().exclude(state__in=("ended", "cancelled"))

    def running(self, *, today):
        """With a flight on that day."""
        flights = self.model.flights.rel.related_model._base_manager.filter(placement=OuterRef("pk"))
        return self.open().filter(Exists(flights.filter(start_date__lte=today, finish_date__gte=today)))

    def found_by(self, text):
        """Whose name, code, platform or position holds every word of the text."""
        return self.filter(matching(text)) if text else self

    def listed(self):
        """With the relations a list shows."""
        return self.select_related(
            "workspace",
            "campaign",
            "campaign__workspace",
            "channel",
            "phase",
            "budget_line",
            "ad_account",
            "owner",
            "organization",
        )

    def shown(self):
        """With what REST shows of them, and no more (`shown_flights`, `shown_kpis`); what many share is read once."""
        of = self.model._meta.get_field
        flights = of("flights").related_model._base_manager.order_by("start_date")
        kpis = of("kpis").related_model._base_manager.only("pk").order_by("position", "pk")
        flights = Prefetch("flights", flights.only("placement", "start_date", "finish_date"), "shown_flights")
        return self.prefetch_related(flights, Prefetch("kpis", kpis, "shown_kpis"), "channel", "owner")

    def with_plan(self):
        """With flights and planned days read ahead, in two statements."""
        return self.select_related("campaign", "channel").read_ahead("flights", "days")

    def with_span(self):
        """With `first_day` and `last_day` of the flights and `planned_amount`, the sum of the planned days."""
        flights = self.model.flights.rel.related_model._base_manager.filter(placement=OuterRef("pk"))
        days = self.model.days.rel.related_model._base_manager.filter(placement=OuterRef("pk"))
        flights, days = flights.order_by().values("placement"), days.order_by().values("placement")
        return self.annotate(
            first_day=Subquery(flights.annotate(v=Min("start_date")).values("v")),
            last_day=Subquery(flights.annotate(v=Max("finish_date")).values("v")),
            planned_amount=Subquery(days.annotate(v=Round(Sum("amount"), 6)).values("v")),
        )


class OfPlacementQuerySet(OwnedQuerySet):
    """Flights, days and slots belong to whom their placement belongs."""

    owner = "placement__organization"


class DayQuerySet(OfPlacementQuerySet):
    def between(self, start, finish):
        """Planned days from start to finish, both included."""
        return self.filter(date__gte=start, date__lte=finish)
