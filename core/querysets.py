"""The queryset every table starts from, and the scoped manager of a workspace's tables."""

from decimal import Decimal

from django.db import models
from django_scopes import ScopedManager

from core.money import MILLIONTHS


class _Exact(models.Field):
    """A sum as a Decimal; SQLite hands over millionths."""

    def from_db_value(self, value, expression, connection):
        return value if value is None or connection.vendor == "postgresql" else Decimal(value).scaleb(-6)


class ExactSum(models.Sum):
    """A sum without rounding noise: SQLite keeps decimals as binary fractions, so it adds millionths."""

    def __init__(self, expression, **extra):
        super().__init__(expression, output_field=_Exact(), **extra)

    def as_sqlite(self, compiler, connection, **extra):
        exact = self.copy()
        exact.template = MILLIONTHS.format("%(expressions)s")
        return exact.as_sql(compiler, connection, **extra)


class RecordQuerySet(models.QuerySet):
    """Words every table knows."""

    def active(self):
        return self.filter(archived_at__isnull=True)

    def visible_to(self, actor):
        """Rows of the actor's workspace; apps with finer rules override this. A partner's seat sees what `for_seat` of
        the table says, which is nothing unless the table has one of its own."""
        rows = self.filter(workspace_id=actor.workspace_id) if actor.workspace_id else self.none()
        return rows if actor.seat is None else rows.for_seat(actor)

    def for_seat(self, actor):
        """The part of the rows that belongs to the seat's organisation."""
        return self.none()

    def within_reach(self, actor, *, or_none=False, path="campaign"):
        """Rows of the campaigns whose section (the app's, or `AREA` of the model; for a partner's seat its
        `PARTNER_AREA`) the actor reads. `or_none`: and those that belong to no campaign."""
        area = getattr(self.model, "AREA", self.model._meta.app_label)
        reached = actor.campaigns_of(getattr(self.model, "PARTNER_AREA", area) if actor.seat else area)
        if reached is None:
            return self
        inside = models.Q(**{f"{path}_id__in": reached})
        return self.filter(inside | models.Q(**{path: None}) if or_none else inside)

    def read_ahead(self, *names):
        """`prefetch_related` of scoped relations: a plain one asks the scope again for each single row, which costs
        ten times as much as the rows themselves."""
        models_of = {name: self.model._meta.get_field(name).related_model for name in names}
        return self.prefetch_related(*(models.Prefetch(name, model.objects.all()) for name, model in models_of.items()))


class ActivityQuerySet(RecordQuerySet):
    def for_seat(self, actor):
        """What the seat itself did: lines of others tell of money and people that are not the partner's."""
        return self.filter(user_id=actor.user_id)

    def about(self, *keys):
        """Lines on the things with these keys, the newest first."""
        return self.filter(subject_id__in=[str(key) for key in keys]).order_by("-at")


def how_many(rows):
    """How many rows there are, as a value that a question about something else takes along. Not for rows that are
    grouped or distinct."""
    count = models.Func(models.F("pk"), function="COUNT", output_field=models.IntegerField())
    return models.Subquery(rows.order_by().annotate(how_many=count).values("how_many"))


def scoped(queryset=RecordQuerySet):
    """The default manager of a workspace's table: a query outside `django_scopes.scope(workspace=…)` raises."""
    return ScopedManager(_manager_class=models.Manager.from_queryset(queryset), workspace="workspace_id")
