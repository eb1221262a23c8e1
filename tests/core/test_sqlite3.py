"""Under many writers nobody waits for more than those who came before them: SQLite's writer is given out in turn."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.sqlite3 import base

from core.models import Job
from core.sqlite3.base import TURN, DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 8, 30


@pytest.fixture(autouse=True)
def file(on_file):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues by itself")


def most_overtaken():
    """By how many others' writes somebody was overtaken at most, when eight write as fast as they can."""
    begun, overtaken, start = [], [], threading.Barrier(WRITERS)

    def write(number):
        start.wait()
        for _turn in range(EACH):
            asked = len(begun)
            with transaction.atomic():
                overtaken.append(len(begun) - asked)
                begun.append(number)
                Job.objects.create(name=f"writer.{number}")
                time.sleep(0.003)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == WRITERS * EACH == Job.objects.filter(name__startswith="writer.").count()
    return max(overtaken)


def test_writers_come_in_turn():
    assert most_overtaken() <= 3 * WRITERS


def test_without_the_queue_some_wait_for_ever(monkeypatch):
    """The control: SQLite's own way, in which the same few write again and again."""
    plain = base.DatabaseWrapper._start_transaction_under_autocommit
    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", plain)
    assert most_overtaken() > 3 * WRITERS


def test_whoever_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
    with TURN, pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    with transaction.atomic():
        assert Job.objects.count() == 0
