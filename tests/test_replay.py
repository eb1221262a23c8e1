"""What a test gets written again is what the product's actions would have made for it."""

import pytest
from django.apps import apps
from django.db import transaction
from django_scopes import scopes_disabled

from tests.conftest import build


def rows():
    """How many rows every table holds."""
    with scopes_disabled():
        models = apps.get_models(include_auto_created=True)
        return {model._meta.db_table: model._base_manager.count() for model in models}


def made_by(make):
    """The rows that come, and whatever was made; they are gone again."""
    with transaction.atomic():
        before, made = rows(), make()
        after = rows()
        transaction.set_rollback(True)
    return {table: count - before[table] for table, count in after.items()}, made


def test_a_world_written_again_has_the_rows_of_one_that_is_made(db, recorded):
    again, made = made_by(recorded[0].play)
    anew, _ = made_by(build)
    assert again == anew
    assert again["accounts_workspace"] == 1 and sum(again.values()) > 100
    assert made.campaign.workspace_id == made.workspace.pk and made.workspace is not recorded[0].made.workspace


def test_each_gets_things_of_its_own(world, recorded):
    with scopes_disabled():
        for thing in (world.workspace, world.owner, world.campaign):
            thing.refresh_from_db()
    world.campaign.name = "Changed"
    assert recorded[0].made.campaign.name != "Changed"


@pytest.mark.django_db(transaction=True)
def test_where_a_commit_is_real_it_is_made_anew(recorded):
    first, second = recorded[0].play(), build()
    assert len({first.workspace.pk, second.workspace.pk, recorded[0].made.workspace.pk}) == 3
