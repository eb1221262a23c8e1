"""Columns written by the database, and questions worked out once."""

from campaigns.models import Campaign
from core.columns import Placed, Prepared, digits
from tests import factories


def _names(workspace, campaign):
    rows = Campaign._base_manager.filter(workspace=workspace, pk=campaign, currency="CNY")
    return rows.values_list("name", Placed("pk", "mine")).query.sql_with_params()


def test_a_question_worked_out_once_is_asked_of_other_ids(world, other):
    asked = Prepared(_names)
    for each in (world, other):
        key = (each.workspace.pk, each.campaign.pk)
        assert asked.rows(*key, mine=[digits(each.campaign.pk)]) == [(each.campaign.name, "0")]
    assert asked.rows(world.workspace.pk, other.campaign.pk, mine=[]) == []


def test_places_in_a_list_of_ids(world):
    second = factories.campaign(world.workspace, world.owner)
    asked = Prepared(_names)
    for campaign, place in ((second, "0"), (world.campaign, "1")):
        keys = [digits(second.pk), digits(world.campaign.pk)]
        assert asked.rows(world.workspace.pk, campaign.pk, mine=keys)[0][1] == place
    assert asked.rows(world.workspace.pk, second.pk, mine=[])[0][1] == "-1"
