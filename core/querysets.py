"""The queryset every table starts from, and the scoped manager of a workspace's tables."""

from django.db import models
from django_scopes import ScopedManager


class RecordQuerySet(models.QuerySet):
    """Words every table knows."""

    def active(self):
        return self.filter(archived_at__isnull=True)

    def visible_to(self, actor):
        """Rows of the actor's workspace; apps with finer rules override this."""
        return self.filter(workspace_id=actor.workspace_id) if actor.workspace_id else self.none()

    def read_ahead(self, *names):
        """`prefetch_related` of scoped relations: a plain one asks the scope again for each single row, which costs
        ten times as much as the rows themselves."""
        models_of = {name: self.model._meta.get_field(name).related_model for name in names}
        return self.prefetch_related(*(models.Prefetch(name, model.objects.all()) for name, model in models_of.items()))


class ActivityQuerySet(RecordQuerySet):
    def about(self, *keys):
        """Lines on the things with these keys, the newest first."""
        return self.filter(subject_id__in=[str(key) for key in keys]).order_by("-at")


def scoped(queryset=RecordQuerySet):
    """The default manager of a workspace's table: a query outside `django_scopes.scope(workspace=…)` raises."""
    return ScopedManager(_manager_class=models.Manager.from_queryset(queryset), workspace="workspace_id")
