"""Many people at one incident: a step is finished once, an incident starts and closes once, a step escalates once."""

import threading

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone
from django_scopes import scope

from core.actor import Actor
from core.errors import PharosError
from risks import actions
from risks.actions.steps import escalate_step
from risks.models import Incident, IncidentEntry, IncidentStep, Risk
from tests import conftest, factories
from tests.risks.conftest import add_risk, begin, default

PEOPLE = 8
TURNS = 6  # a database that is busy may ask to come again; whoever does so is not the second one


@pytest.fixture
def crisis(transactional_db):
    """An incident, and eight people who act on it."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        people = [factories.member(world.workspace, role="manager", name=f"Person {n}") for n in range(PEOPLE)]
        yield world, [factories.actor_of(person, world.workspace) for person in people]


def at_once(world, people, act):
    """How often `act(actor)` was done, when all people begin together; every refusal is a sentence."""
    done, start = [], threading.Barrier(len(people))

    def work(actor):
        start.wait()
        for _turn in range(TURNS):
            with scope(workspace=world.workspace.pk):
                try:
                    done.append(act(actor))
                    break
                except PharosError:
                    break
                except DatabaseError:
                    continue
        connections.close_all()

    threads = [threading.Thread(target=work, args=(actor,)) for actor in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def test_a_step_is_finished_once(crisis):
    world, people = crisis
    step = begin(world).steps.first()

    def finish(actor):
        fresh = IncidentStep.objects.select_related("incident", "incident__campaign").get(pk=step.pk)
        return actions.finish_step(actor, step=fresh)

    done = at_once(world, people, finish)
    assert len(done) == 1
    step.refresh_from_db()
    assert step.done_by == done[0].done_by
    assert IncidentEntry.objects.filter(step=step, kind="step").count() == 1


def test_one_page_tapped_by_eight_fingers_starts_one_incident(crisis):
    world, people = crisis
    book = default("technical_failure")

    def start(actor):
        return actions.start_incident(actor, campaign=world.campaign, playbook=book, token="one")

    found = at_once(world, people, start)
    assert Incident.objects.count() == 1
    assert {one.pk for one in found} == {Incident.objects.get().pk}
    assert IncidentStep.objects.count() == book.steps.count()


def test_an_incident_closes_once_and_leaves_one_lesson(crisis):
    world, people = crisis
    risk = add_risk(world)
    incident = begin(world, risk=risk)
    actions.move_incident(world.actor, incident=incident, state="contained")
    texts = {"recovery": "Back", "cause": "A typo", "lesson": "Look twice"}

    def close(actor):
        fresh = Incident.objects.select_related("campaign", "campaign__owner", "risk").get(pk=incident.pk)
        return actions.move_incident(actor, incident=fresh, state="closed", **texts)

    assert len(at_once(world, people, close)) == 1
    assert (Risk.objects.get().state, Risk.objects.get().lesson) == ("lesson", "Look twice")
    assert IncidentEntry.objects.filter(incident=incident, kind="state", data__values__state="closed").count() == 1


def test_a_step_escalates_once_however_many_workers_look(crisis):
    world, people = crisis
    incident = begin(world)
    incident.steps.update(due_at=timezone.now())
    step, now = incident.steps.first(), timezone.now()

    def escalate(_person):
        fresh = IncidentStep.objects.select_related("incident", "incident__campaign").get(pk=step.pk)
        return escalate_step(Actor.system(world.workspace), step=fresh, now=now)

    at_once(world, people, escalate)
    assert IncidentEntry.objects.filter(step=step, kind="escalation").count() == 1


def test_without_its_token_each_tap_would_start_its_own(crisis):
    """The control: it is the token that makes one of them."""
    world, people = crisis
    book = default("technical_failure")
    for actor in people[:2]:
        actions.start_incident(actor, campaign=world.campaign, playbook=book)
    assert Incident.objects.count() == 2
