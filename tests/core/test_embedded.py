"""The parts of the embedded worker: begun with the lease, started anew, ended without it."""

from types import SimpleNamespace

import pytest
from celery import signals
from django.utils import timezone

from config import embedded
from core.models import Heartbeat


class Part:
    """A worker, a beat or a thread that does nothing."""

    def __init__(self):
        self.is_running = True

    def stop(self, wait=True):
        self.is_running = False

    def is_alive(self):
        return self.is_running


@pytest.fixture
def process(monkeypatch):
    """A process whose parts are counted and run nothing."""
    made = embedded.Embedded()
    made.begun = 0

    def begin():
        made.begun += 1
        made.worker, made.beat = Part(), Part()
        made.threads = [made.worker, made.beat]

    monkeypatch.setattr(made, "begin", begin)
    made.watcher = SimpleNamespace(join=lambda timeout: None)
    return made


def test_who_holds_the_lease_begins_once(process):
    for _round in range(3):
        process.keep(True)
    assert process.begun == 1
    process.keep(False)
    assert process.begun == 1


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_a_part_that_died_is_started_anew_with_the_other(process, part):
    process.keep(True)
    dead, other = getattr(process, part), process.beat if part == "worker" else process.worker
    dead.is_running = False
    process.keep(True)
    assert process.begun == 2 and not other.is_running and all(thread.is_alive() for thread in process.threads)


def test_who_lost_the_lease_stops_and_may_come_back(process):
    process.keep(True)
    parts = process.threads
    process.keep(False)
    assert process.threads == [] and not any(part.is_running for part in parts)
    process.keep(True)
    assert process.begun == 2


def test_a_stop_gives_the_lease_back_before_it_waits_for_the_job(process, db):
    embedded.take_lease(process.me, timezone.now())
    process.keep(True)
    held = []
    process.worker.stop = lambda: held.append(Heartbeat.objects.get(name=embedded.NAME).holder)
    process.stop()
    assert held == [""] and process.stopping.is_set()


def test_connections_are_looked_after_around_each_task(process, monkeypatch):
    closed = []
    monkeypatch.setattr(embedded, "close_old_connections", lambda: closed.append(1))
    signals.task_prerun.send(sender=None)
    signals.task_postrun.send(sender=None)
    assert len(closed) == 2
