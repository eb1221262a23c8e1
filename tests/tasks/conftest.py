"""A small plan of November 2026: three tasks in a row, and the doors every act is tried through."""

from datetime import date

import pytest
from django_scopes import scope, scopes_disabled

from core.jobs import HANDLERS
from core.models import Job
from tasks import actions
from tasks.models import Task
from tests.campaigns.conftest import Hands
from tests.placements.conftest import Api
from tests.replay import Recording


def day(n, month=11):
    return date(2026, month, n)


def make(world, title="Write copy", **values):
    """A task made by the product's own act; it is read again with its dates."""
    return actions.create_task(world.actor, campaign=world.campaign, title=title, **values).task


def link(world, before, after, **values):
    return actions.link_tasks(world.actor, predecessor=before, successor=after, **values).link


def fresh(*tasks):
    """The rows as they are stored now."""
    rows = Task.objects.in_bulk([task.pk for task in tasks])
    found = [rows[task.pk] for task in tasks]
    return found[0] if len(found) == 1 else found


def dates(*tasks):
    """[(start day, finish day) in November] of tasks as they are stored now."""
    rows = [fresh(task) for task in tasks]
    return [(row.start_date.day, row.finish_date.day) for row in rows]


def task_in(campaign, title="Write the brief copy", **values):
    """A task as it stands in the plan: the 2nd to the 6th of November unless said otherwise."""
    values = {"start_date": day(2), "finish_date": day(6), "duration_days": 5, **values}
    people = values.pop("assignees", ())
    with scopes_disabled():
        task = Task.objects.create(workspace=campaign.workspace, campaign=campaign, title=title, **values)
        task.assignees.set(people)
    return task


def run_jobs(name):
    """Run what was enqueued under a name; how many there were."""
    jobs = list(Job.objects.filter(name=name))
    for job in jobs:
        HANDLERS[name](**job.args)
    Job.objects.filter(name=name).delete()
    return len(jobs)


@pytest.fixture
def task(world):
    return task_in(world.campaign)


@pytest.fixture(params=["page", "api"])
def hands(request, world):
    """The owner's hands at either door."""
    return Hands(world, request.param)


@pytest.fixture(params=["page", "api"])
def onlooker(request, world, viewer):
    """A viewer's hands."""
    return Hands(world, request.param, viewer)


@pytest.fixture
def api(owner):
    return Api(owner)


@pytest.fixture(scope="session")
def recorded_chain(recorded, django_db_blocker):
    with django_db_blocker.unblock():
        return Recording(make_chain, on=recorded[0])


def make_chain(world):
    with scope(workspace=world.workspace.pk):
        brief = make(world, "Brief", duration_days=3)
        design = make(world, "Design", duration_days=2)
        launch = make(world, "Launch", kind="milestone")
        link(world, brief, design)
        link(world, design, launch)
        return fresh(brief, design, launch)


@pytest.fixture
def chain(world, recorded_chain):
    """Brief → design → launch: 2nd–4th, 5th–6th, a milestone on the 6th (November 1st 2026 is a Sunday)."""
    return recorded_chain.play(world)
