"""What several tests of accounts need: jobs run on the spot, an agency with its door."""

import pytest

from core.jobs import HANDLERS
from core.models import Job
from tests import factories


@pytest.fixture
def run_jobs(db):
    """Run what was enqueued under a name; how many there were."""

    def run(name):
        jobs = list(Job.objects.filter(name=name))
        for job in jobs:
            HANDLERS[name](**job.args)
        Job.objects.filter(name=name).delete()
        return len(jobs)

    return run


@pytest.fixture
def agency(world):
    return factories.organization(world.workspace, name="Bright Agency")


@pytest.fixture
def door(agency):
    return factories.door(agency)


@pytest.fixture
def sean(agency, door):
    return factories.seat(agency, name="Sean Seat")
