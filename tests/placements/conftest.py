"""A placement with flight and budget, and the two doors every act is tried through."""

import json
from datetime import date
from decimal import Decimal

import pytest

from placements import actions
from tests import factories

NOV = date(2026, 11, 1)


def day(n):
    return date(2026, 11, n)


def plan(world, name="Brand words", **values):
    """A placement made by the product's own act: 1,000 CNY from the 1st to the 10th of November."""
    values = {"budget_amount": Decimal(1000), "flights": [(day(1), day(10))], **values}
    values.setdefault("channel", factories.channel(world.workspace))
    return actions.create_placement(world.actor, campaign=world.campaign, name=name, **values)


@pytest.fixture
def placement(world):
    return plan(world)


class Api:
    """The REST door; `refused` answers with the status and the code of the problem."""

    def __init__(self, client):
        self.client = client

    def send(self, method, path, body=None, **headers):
        data = json.dumps(body) if body is not None else None
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

    def post(self, path, body=None, **headers):
        return self.send("post", path, body if body is not None else {}, **headers)

    def change(self, path, body, seen=None):
        """PATCH with the ETag of a fresh read, or of the one given."""
        seen = seen or self.client.get(f"/api/v1/{path}")["ETag"]
        return self.send("patch", path, body, **{"If-Match": seen})

    def remove(self, path):
        return self.send("delete", path, **{"If-Match": self.client.get(f"/api/v1/{path}")["ETag"]})


@pytest.fixture
def api(owner):
    return Api(owner)


def form_of(client, url):
    """What the form of a page would send as it stands."""
    response = client.get(url)
    form, data = response.context["form"], {}
    for bound in form:
        value = bound.value()
        if value is not None:
            data[bound.html_name] = [str(each) for each in value] if isinstance(value, list) else value
    if flights := response.context.get("flights"):
        for bound in [*flights.management_form, *(field for line in flights for field in line)]:
            data[bound.html_name] = "" if bound.value() is None else bound.value()
    return {key: getattr(value, "pk", value) for key, value in data.items() if value is not False}
