"""What /healthz says, and when it says no."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.utils import timezone

from core.jobs import beat
from core.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_fresh_beats_are_healthy(client):
    beat("worker")
    beat("scheduler")
    response = client.get("/healthz")
    body = response.json()
    assert response.status_code == 200
    assert body["scheduler"]["ok"] and body["worker"]["ok"] and body["database"]["ok"]
    assert body["scheduler"]["age"] < 60
    assert {"last_pull_at", "facts", "restated"} <= set(body)


def test_a_stale_scheduler_is_503(client):
    beat("worker")
    Heartbeat.objects.create(name="scheduler", at=timezone.now() - timedelta(minutes=10))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["worker"]["ok"] and not response.json()["scheduler"]["ok"]


def test_a_database_that_does_not_answer_is_503(client):
    with patch("overview.views.health._health", side_effect=OperationalError):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"]["ok"] is False
