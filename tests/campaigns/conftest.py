"""A plan to work on, and a pair of hands that uses either door."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest

from campaigns import actions
from campaigns.models import Metric


@dataclass
class Plan:
    """A campaign with a goal and a complete KPI."""

    world: object
    goal: object
    kpi: object

    @property
    def campaign(self):
        return self.world.campaign


@pytest.fixture
def plan(world):
    goal = actions.create_goal(world.actor, campaign=world.campaign, title="Be known", owner=world.owner)
    kpi = actions.create_kpi(
        world.actor,
        goal=goal,
        name="Search clicks",
        metric=Metric.objects.get(code="clicks"),
        baseline_value=Decimal(0),
        baseline_source="Search Console",
        baseline_date=date(2026, 10, 1),
        target_value=Decimal(3000),
        start_date=date(2026, 11, 1),
        finish_date=date(2026, 11, 30),
        owner=world.owner,
    )
    return Plan(world, goal, kpi)


@dataclass
class Hands:
    """Does an act by a page's form or by REST and says whether it was taken, and what was answered otherwise."""

    world: object
    door: str
    client: object = None
    answer: object = field(default=None, init=False)
    told: list = field(default_factory=list, init=False)

    def __post_init__(self):
        self.client = self.client or self.world.client()

    def act(self, *, page, typed=None, api, body=None, method="post", etag="*"):
        """`page`: address below the workspace; `api`: address below /api/v1/. True when the act was taken."""
        if self.door == "page":
            self.answer = self.client.post(f"{self.world.w}/{page}", typed or {})
            self.told = self.complaints() if self.answer.status_code == 302 else []
            return self.answer.status_code == 302 and not self.told
        headers = {"If-Match": etag} if method in ("patch", "delete", "put") else {}
        send = getattr(self.client, method)
        self.answer = send(f"/api/v1/{api}", json.dumps(body or {}), content_type="application/json", headers=headers)
        return self.answer.status_code in (200, 201, 204)

    def complaints(self):
        """Error messages waiting for the next page."""
        following = self.client.get(self.answer.headers["Location"])
        return [str(each) for each in following.context["messages"] if each.level_tag == "error"]

    @property
    def words(self):
        """What was answered, as text."""
        if self.answer.status_code == 302:
            return " ".join(self.told)
        return self.answer.content.decode()


@pytest.fixture(params=["page", "api"])
def hands(request, world):
    return Hands(world, request.param)


@pytest.fixture(params=["page", "api"])
def onlooker(request, world, viewer):
    """A viewer's hands."""
    return Hands(world, request.param, viewer)
