"""The embedded worker's lease: of several serving processes exactly one does the background work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.embedded import LEASE, NAME, drop_lease, take_lease
from core.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_one_of_two_processes_holds_the_lease():
    now = timezone.now()
    assert take_lease("a:1", now)
    assert not take_lease("b:2", now)
    assert take_lease("a:1", now + timedelta(seconds=10))


def test_a_lease_that_ran_out_is_taken_over():
    now = timezone.now()
    take_lease("a:1", now)
    later = now + LEASE + timedelta(seconds=1)
    assert take_lease("b:2", later)
    assert not take_lease("a:1", later)


def test_a_clean_stop_gives_it_back_at_once():
    take_lease("a:1", timezone.now())
    drop_lease("a:1")
    assert take_lease("b:2", timezone.now())
    assert Heartbeat.objects.get(name=NAME).holder == "b:2"


def test_only_the_holder_can_give_it_back():
    now = timezone.now()
    take_lease("a:1", now)
    drop_lease("b:2")
    assert not take_lease("b:2", now)
