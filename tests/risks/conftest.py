"""A campaign with people in functions, its risks and playbooks, and the two doors every act is tried through."""

from datetime import date

import pytest

from campaigns.actions import add_member
from risks import actions
from risks.models import Playbook
from tests import factories
from tests.placements.conftest import Api

BOTH = pytest.mark.parametrize("door", ["page", "api"])


@pytest.fixture
def api(owner):
    return Api(owner)


@pytest.fixture
def risk(world):
    return add_risk(world)


def add_risk(world, title="Complaints about the price 价格投诉", **values):
    values = {"probability": 4, "impact": 3, "review_date": date(2026, 11, 20), "owner": world.owner, **values}
    return actions.create_risk(world.actor, campaign=world.campaign, title=title, **values)


def default(code):
    """One of the playbooks every workspace comes with."""
    return Playbook.objects.get(builtin_code=code, campaign=None)


@pytest.fixture
def team(world):
    """{function: person} of the campaign."""
    found = {}
    for function in ("marketing", "tech", "data", "media_agency", "customer_service", "content"):
        found[function] = factories.member(world.workspace, name=f"Person of {function}")
        add_member(world.actor, campaign=world.campaign, user=found[function], function=function)
    return found


def begin(world, code="technical_failure", **values):
    return actions.start_incident(world.actor, campaign=world.campaign, playbook=default(code), **values)


@pytest.fixture
def incident(world, team):
    return begin(world)


def form_of(client, url, **typed):
    """What the form of a page would send as it stands, with some fields typed anew."""
    response = client.get(url)
    data = {}
    for form in (response.context["form"], *(response.context.get("written") or ())):
        for bound in form:
            value = bound.value()
            if value not in (None, False):
                data[bound.html_name] = [str(each) for each in value] if isinstance(value, list) else value
    if written := response.context.get("written"):
        data |= {one.html_name: one.value() for one in written.management_form}
    return {key: getattr(value, "pk", value) for key, value in data.items()} | typed


def toasts(response):
    return [str(message) for message in response.wsgi_request._messages]
