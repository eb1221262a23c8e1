"""Idempotency-Key: one effect and one answer, however often a request is sent."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.test.client import encode_multipart
from django.utils import timezone
from django_scopes import scope

from accounts.models import Organization
from core.actor import Actor
from core.idempotency import KEEP, STUCK, IdempotencyMiddleware, body_hash
from core.jobs import tidy_jobs
from core.models import IdempotencyKey
from tests.conftest import build
from tests.factories import person

JSON = "application/json"
ADDRESS = "/api/v1/organizations/"


def post(client, name="Blue Fox", key="k1"):
    return client.post(ADDRESS, {"name": name}, content_type=JSON, headers={"Idempotency-Key": key})


def test_the_same_request_twice_has_one_effect_and_one_answer(owner):
    first, second = post(owner), post(owner)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content and first["ETag"] == second["ETag"]
    assert second["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first and second["Idempotency-Replayed"] == "true"
    assert Organization.objects.filter(name="Blue Fox").count() == 1


def test_a_refusal_is_an_answer_too(owner):
    assert post(owner, name="").status_code == 400
    again = post(owner, name="")
    assert again.status_code == 400 and again["Idempotency-Replayed"] == "true"


def test_another_body_is_refused(owner):
    post(owner)
    answer = post(owner, name="Red Fox")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert not Organization.objects.filter(name="Red Fox").exists()


def test_another_person_route_or_key_is_another_request(world, owner):
    post(owner)
    colleague = world.client(person())
    assert post(colleague, name="Red Fox").status_code in (403, 404)
    assert post(owner, name="Grey Fox", key="k2").status_code == 201
    row = Organization.objects.get(name="Blue Fox")
    archived = owner.post(f"{ADDRESS}{row.pk}/archive/", content_type=JSON, headers={"Idempotency-Key": "k1"})
    assert archived.status_code == 200


def test_a_request_still_at_work_answers_409(owner):
    post(owner)
    IdempotencyKey.objects.update(status=None)
    answer = post(owner)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_progress")


def test_what_a_killed_process_left_may_be_tried_again(owner):
    post(owner)
    Organization.objects.filter(name="Blue Fox").delete()
    IdempotencyKey.objects.update(status=None, created_at=timezone.now() - STUCK - timedelta(seconds=1))
    assert post(owner).status_code == 201


def test_an_answer_is_forgotten_after_a_week(owner):
    post(owner)
    IdempotencyKey.objects.update(created_at=timezone.now() - KEEP - timedelta(seconds=1))
    tidy_jobs()
    assert not IdempotencyKey.objects.exists()


def test_an_overlong_key_is_refused_and_reads_need_none(owner):
    assert post(owner, key="k" * 201).json()["code"] == "idempotency_key_too_long"
    owner.get(ADDRESS, headers={"Idempotency-Key": "k"})
    assert not IdempotencyKey.objects.exists()


@pytest.fixture
def through(world):
    """Send a request straight through the middleware to a view of the test's choice."""

    def send(view, path="/api/v1/x/", **values):
        request = RequestFactory().post(path, values or {"a": "1"}, headers={"Idempotency-Key": "k"})
        request.actor = Actor(user=world.owner, workspace=world.workspace, role="owner")
        return IdempotencyMiddleware(view)(request)

    return send


@pytest.mark.parametrize("status", [500, 503, 401, 403, 429])
def test_failures_of_ours_are_not_stored(through, status):
    assert through(lambda request: HttpResponse(status=status)).status_code == status
    assert through(lambda request: HttpResponse("done")).content == b"done"


def test_a_private_answer_is_not_stored(through):
    def view(request):
        return JsonResponse({"secret": "s3cret"}, headers={"Cache-Control": "no-store"})

    assert json.loads(through(view).content) == {"secret": "s3cret"}
    assert json.loads(through(view).content)["code"] == "answer_not_kept"
    assert b"s3cret" not in bytes(IdempotencyKey.objects.get().body)


def test_who_waited_for_a_failed_request_claims_the_key_anew(through, monkeypatch):
    """Between the refused insert and the look at the row, the first request may fail and take its row away."""
    through(lambda request: HttpResponse("first"))
    real, calls = type(IdempotencyKey.objects.all()).first, []

    def first(self):
        calls.append(1)
        if len(calls) == 1:
            IdempotencyKey.objects.all().delete()
            return None
        return real(self)

    monkeypatch.setattr(type(IdempotencyKey.objects.all()), "first", first)
    assert through(lambda request: HttpResponse("second")).content == b"second"
    assert bytes(IdempotencyKey.objects.get().body) == b"second"


def test_an_upload_counts_by_its_parts_not_by_its_boundary(rf):
    def upload(content, boundary):
        body = {"files": SimpleUploadedFile("a.csv", content), "campaign": "x"}
        return rf.generic("POST", "/", encode_multipart(boundary, body), f"multipart/form-data; boundary={boundary}")

    assert body_hash(upload(b"1,2", "one")) == body_hash(upload(b"1,2", "two"))
    assert body_hash(upload(b"1,2", "one")) != body_hash(upload(b"1,3", "one"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_have_one_effect():
    world = build()
    clients = [world.client() for _ in range(50)]

    def send(client):
        try:
            return post(client).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(25) as pool:
        statuses = list(pool.map(send, clients))
    assert set(statuses) <= {201, 409} and 201 in statuses
    with scope(workspace=world.workspace.pk):
        assert Organization.objects.filter(name="Blue Fox").count() == 1
