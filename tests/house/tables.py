"""What the tables promise: keys point down the floors, and a workspace's rows are never read without its scope."""

from django.db import models
from django_scopes import ScopeError

from tests.house.tree import FLOORS

# Of a workspace, yet read before one is known or by the machinery for all of them; each with its reason.
UNSCOPED = {
    "core.Job": "the sweeper claims jobs of all workspaces",
    "core.OutboxMessage": "the sender empties one outbox for all workspaces",
    "core.IdempotencyKey": "asked by key before the request's workspace is opened",
}


def upward_keys(tables):
    """Foreign, one-to-one and many-to-many keys that point to a higher floor, strings resolved by Django."""
    for table in tables:
        for field in [*table._meta.local_fields, *table._meta.local_many_to_many]:
            target = field.related_model
            if target is not None and target._meta.app_label in FLOORS:
                own, other = table._meta.app_label, target._meta.app_label
                if FLOORS.index(other) > FLOORS.index(own):
                    yield f"{table._meta.label}.{field.name} points up to {target._meta.label}"


def of_a_workspace(table, seen=()):
    """True when a row belongs to a workspace: by its own column, or by a key it cannot be without."""
    for field in table._meta.concrete_fields:
        if field.attname == "workspace_id":
            return True
        owned = isinstance(field, models.ForeignKey) and not field.null and field.related_model not in (*seen, table)
        if (
            owned
            and field.related_model._meta.app_label in FLOORS
            and of_a_workspace(field.related_model, (*seen, table))
        ):
            return True
    return False


def refuses(table):
    """True when the table's default manager raises outside a scope."""
    try:
        table._default_manager.filter(pk=None)  # raises before the database is asked
    except ScopeError:
        return True
    return False


def unscoped(tables, exceptions=UNSCOPED):
    """Tables of a workspace whose default manager answers without a scope."""
    for table in tables:
        if table._meta.label not in exceptions and of_a_workspace(table) and not refuses(table):
            yield f"{table._meta.label} can be read outside its workspace (objects = scoped(…))"
