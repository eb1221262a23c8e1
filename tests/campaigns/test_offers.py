"""Long menus read ids and names alone: what they say is what the rows say."""

import pytest

from analytics.forms.ranges import RangeForm
from assets.forms import NewAssetForm
from campaigns.forms.fields import Names
from placements.forms import PlacementForm
from raci.forms import FromPlanForm
from risks.forms import RiskForm
from tasks.forms import TaskForm
from tests import factories

FORMS = (RangeForm, NewAssetForm, PlacementForm, FromPlanForm, RiskForm, TaskForm)


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_long_menu_says_what_its_rows_say(form, plan):
    factories.task(plan.campaign, "Write <it> & say it")
    factories.placement(plan.campaign)
    fields = form(actor=plan.world.actor, campaign=plan.campaign).fields.values()
    long = [field for field in fields if getattr(field, "iterator", None) is Names]
    said = [[each for each in field.choices if each[0] != ""] for field in long]
    assert any(said)
    assert said == [[(row.pk, str(row)) for row in field.queryset] for field in long]
