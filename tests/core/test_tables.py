"""Tables made together stand as if made one by one, and go together."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from core.tables import CreateModels

PARTS = [
    migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        "Book",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("shelf", models.ForeignKey("core.Shelf", models.CASCADE)),
            ("title", models.CharField(max_length=20, unique=True)),
        ],
        options={"indexes": [models.Index(fields=["shelf", "title"], name="book_on_shelf")]},
    ),
]


def made_by(operations):
    """The statements that make the tables, and the project after them; the tables are gone again."""
    migration = migrations.Migration("0009_library", "core")
    migration.operations = operations
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        connection.schema_editor(atomic=True) as editor,
    ):
        after = migration.apply(ProjectState(), editor)
    tables = set(connection.introspection.table_names())
    with connection.schema_editor(atomic=True) as editor:
        migration.unapply(ProjectState(), editor)
    assert {"core_shelf", "core_book"} <= tables
    assert not {"core_shelf", "core_book"} & set(connection.introspection.table_names())
    return [query["sql"] for query in asked.captured_queries if query["sql"].startswith("CREATE")], after


@pytest.mark.django_db(transaction=True)
def test_tables_made_together_are_those_made_one_by_one():
    together, state = made_by([CreateModels(PARTS)])
    alone, expected = made_by(PARTS)
    assert together == alone and len(together) >= 3
    assert state == expected
    assert state.apps.get_model("core", "Book")._meta.get_field("shelf").related_model.__name__ == "Shelf"


def test_what_was_rendered_before_does_not_hide_them():
    state = ProjectState()
    assert not list(state.apps.get_models())
    CreateModels(PARTS).state_forwards("core", state)
    assert {model.__name__ for model in state.apps.get_models()} == {"Shelf", "Book"}
    assert CreateModels(PARTS).describe() == "Create model Shelf; Create model Book"
