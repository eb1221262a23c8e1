"""A small matrix to work on: a task, a decision, two functions and a person; and hands that use either door."""

import json
from dataclasses import dataclass, field
from datetime import date

import pytest
from django_scopes import scopes_disabled

from campaigns.actions import add_member
from raci import actions
from raci.models import cells_of
from tasks.models import Deliverable, Task
from tests import factories


def day(n, month=11):
    return date(2026, month, n)


def task_in(campaign, title="Write copy", **values):
    values = {"start_date": day(2), "finish_date": day(6), "duration_days": 5, **values}
    with scopes_disabled():
        return Task.objects.create(workspace=campaign.workspace, campaign=campaign, title=title, **values)


def deliverable_of(task, name="Key visual"):
    with scopes_disabled():
        return Deliverable.objects.create(workspace=task.workspace, campaign=task.campaign, task=task, name=name)


@dataclass
class Board:
    """Rows and columns of a small matrix."""

    world: object
    task: object
    writing: object  # the task's row
    launch: object  # a decision
    content: object  # column of the function content, which Chen Wei has
    legal: object  # column of the function legal, which nobody has
    chen: object  # column of a person
    member: object

    @property
    def campaign(self):
        return self.world.campaign

    def letters(self):
        """{(row name, column label): letters} of all cells."""
        rows = {row.pk: row.name for row in (self.writing, self.launch)}
        holders = {one.pk: one.label for one in (self.content, self.legal, self.chen)}
        return {(rows[row], holders[one]): text for (row, one), text in cells_of(self.campaign).items()}

    def set(self, *cells):
        """Set cells by the act: (row, column, letters) or with what was seen there."""
        return actions.set_letters(
            self.world.actor,
            campaign=self.campaign,
            changes=[actions.Change(one[0].pk, one[1].pk, *one[2:]) for one in cells],
        )


@pytest.fixture
def board(world):
    chen = factories.member(world.workspace, name="Chen Wei")
    member = add_member(world.actor, campaign=world.campaign, user=chen, function="content")
    task = task_in(world.campaign)
    (writing,) = actions.add_from_plan(world.actor, campaign=world.campaign)
    launch = actions.add_row(world.actor, campaign=world.campaign, kind="decision", title="Go live", due_date=day(10))
    column = lambda **one: actions.add_holder(world.actor, campaign=world.campaign, **one)  # noqa: E731
    content, legal = column(kind="function", function="content"), column(kind="function", function="legal")
    return Board(world, task, writing, launch, content, legal, column(kind="person", user=chen), member)


@dataclass
class Doors:
    """Does an act by a page (a form or an island's JSON) or by REST; True when it was taken."""

    world: object
    door: str
    client: object = None
    answer: object = field(default=None, init=False)

    def act(self, *, page, typed=None, sent=None, api, body=None, method="post"):
        """`typed` are the fields of a form, `sent` the JSON of an island."""
        client = self.client or self.world.client()
        if self.door == "page":
            url = f"{self.world.c}/raci/{page}"
            if sent is not None:
                self.answer = client.post(url, json.dumps(sent), content_type="application/json")
                return self.answer.status_code == 200
            self.answer = client.post(url, typed or {})
            return self.answer.status_code == 302 and not self.complaints(client)
        headers = {"If-Match": "*"} if method in ("patch", "delete") else {}
        send = getattr(client, method)
        self.answer = send(f"/api/v1/{api}", json.dumps(body or {}), content_type="application/json", headers=headers)
        return self.answer.status_code in (200, 201, 204)

    def complaints(self, client):
        following = client.get(self.answer.headers["Location"])
        self.told = [str(each) for each in following.context["messages"] if each.level_tag == "error"]
        return self.told

    @property
    def words(self):
        return " ".join(self.told) if self.answer.status_code == 302 else self.answer.content.decode()


@pytest.fixture(params=["page", "api"])
def doors(request, world):
    return Doors(world, request.param)


@pytest.fixture(params=["page", "api"])
def onlooker(request, world, viewer):
    """A viewer's hands."""
    return Doors(world, request.param, viewer)
