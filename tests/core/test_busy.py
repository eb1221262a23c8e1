"""Whoever waits too long for the database is told to try again, in words, and nothing is saved. Real locks, on both
databases: a second connection holds what the request wants."""

import json
import sqlite3
import threading
from contextlib import contextmanager, suppress

import psycopg2
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_scopes import scope

from campaigns.actions import notes
from campaigns.models import Annotation
from core import jobs
from core.context import Context, using
from core.errors import RuleBroken
from core.idempotency import IdempotencyMiddleware
from core.locks import is_busy
from core.models import IdempotencyKey, Job, JobState
from core.sqlite3.base import TURN
from tests import conftest, factories

NOTE = {"text": "Sale begins", "kind": "note", "start_date": "2026-11-05"}
SENTENCE = "Nothing was saved"


@pytest.fixture
def shop(on_file, settings):
    """A workspace on a database that waits for a moment only."""
    settings.DEBUG = False
    world = conftest.build()
    hurry()
    with scope(workspace=world.workspace.pk):
        yield world
    with suppress(OperationalError):
        hurry(lock="5s", statement="15s", busy=30_000)


def hurry(lock="200ms", statement="15s", busy=100):
    if connection.vendor == "sqlite":
        connection.cursor().execute(f"PRAGMA busy_timeout={busy}")
    else:
        connection.cursor().execute(f"SET lock_timeout='{lock}'; SET statement_timeout='{statement}'")


@contextmanager
def another():
    """The cursor of a connection beside ours, which ends its transaction at the end."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    else:
        other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
        other.autocommit = True
    cursor = other.cursor()
    try:
        yield cursor
        cursor.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def held(*tables):
    """Somebody writes these tables and does not come to an end."""
    with another() as other:
        other.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
        for table in tables if connection.vendor != "sqlite" else ():
            other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def client_of(world, language="en"):
    world.owner.language = language
    world.owner.save()
    client = world.client()
    client.raise_request_exception = False
    return client


def by_page(world, client, **headers):
    page = f"{world.c}/notes/"
    return client.post(page, NOTE, headers={"Referer": f"http://testserver{page}?kind=note", **headers})


def by_rest(world, client, **headers):
    return client.post("/api/v1/annotations/", {"campaign": world.campaign.code, **NOTE}, "application/json", **headers)


def test_a_page_says_so_and_carries_what_was_typed(shop):
    client = client_of(shop)
    with held("campaigns_annotation"):
        answer = by_page(shop, client)
    words = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5") and SENTENCE in words
    assert f'<form method="post" action="{shop.c}/notes/" data-resend>' in words
    assert '<input type="hidden" name="text" value="Sale begins">' in words
    assert f'href="{shop.c}/notes/?kind=note"' in words and "no-store" in answer["Cache-Control"]
    assert not Annotation.objects.exists()
    assert by_page(shop, client).status_code == 302 and Annotation.objects.count() == 1  # the control


def test_it_is_said_in_the_persons_language(shop):
    client = client_of(shop, "zh-hans")
    with held("campaigns_annotation"):
        page, part = by_page(shop, client), by_page(shop, client, **{"HX-Request": "true"})
        rest = by_rest(shop, client)
    assert '<html lang="zh-Hans"' in page.content.decode() and "没有保存任何内容" in page.content.decode()
    assert "没有保存任何内容" in json.loads(part["HX-Trigger"])["toast"]["text"]
    assert "没有保存任何内容" in rest.json()["detail"]


def test_rest_answers_a_problem(shop):
    client = client_of(shop)
    with held("campaigns_annotation"):
        answer = by_rest(shop, client)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert (told["code"], told["wait"], answer["Retry-After"]) == ("busy", 5, "5") and SENTENCE in told["detail"]
    assert not Annotation.objects.exists()
    assert by_rest(shop, client).status_code == 201


def test_parts_of_a_page_pop_up_a_toast_and_stay_as_they_are(shop):
    client = client_of(shop)
    with held("campaigns_annotation"):
        answer = by_page(shop, client, **{"HX-Request": "true"})
        script = by_page(shop, client, Accept="application/json")
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert (answer.status_code, answer["Retry-After"], answer["HX-Reswap"]) == (503, "5", "none")
    assert SENTENCE in toast["text"] and toast["tone"] == "bad" and not answer.content
    assert script.status_code == 503 and SENTENCE in script.json()["detail"]


def test_other_refusals_leave_a_part_of_a_page_as_it_is_too(shop, monkeypatch):
    client, part = client_of(shop), {"HX-Request": "true"}
    by_page(shop, client)
    page = f"{shop.c}/notes/{Annotation.objects.get().pk}/delete/"
    gone = client.post(f"{shop.c}/notes/00000000-0000-0000-0000-000000000000/delete/", headers=part)
    monkeypatch.setattr(notes, "record", lambda *args, **kwargs: 1 / 0)
    broken = client.post(page, headers=part)
    monkeypatch.setattr(notes, "record", refuse)
    refused, script = client.post(page, headers=part), client.post(page, headers={"Accept": "application/json"})
    assert [one.status_code for one in (gone, broken, refused, script)] == [404, 500, 409, 409]
    assert {one["HX-Reswap"] for one in (gone, broken, refused)} == {"none"} and not gone.content
    assert "not today" in json.loads(refused["HX-Trigger"])["toast"]["text"] and script.json()["detail"] == "not today"


def refuse(*args, **kwargs):
    raise RuleBroken("not today")


def test_secrets_and_files_are_not_repeated(shop):
    client = client_of(shop)
    with held("campaigns_annotation", "accounts_user", "django_session"):
        answer = client.post(f"{shop.c}/notes/", NOTE | {"new_password": "do not tell"})
    assert answer.status_code == 503 and "do not tell" not in answer.content.decode()


def test_a_repeated_call_is_carried_out_once_there_is_a_turn(shop):
    client, key = client_of(shop), {"headers": {"Idempotency-Key": "one"}}
    with held("campaigns_annotation"):
        assert by_rest(shop, client, **key).status_code == 503
    if connection.vendor == "sqlite":  # its one writer was held: the key was not even claimed
        assert not IdempotencyKey.objects.exists()
    assert by_rest(shop, client, **key).status_code == 201
    again = by_rest(shop, client, **key)
    assert again["Idempotency-Replayed"] == "true" and Annotation.objects.count() == 1


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(shop, monkeypatch):
    client = client_of(shop)

    def hold_then(real):
        def act(middleware, request, row, response):
            with held("core_idempotencykey"):
                real(middleware, request, row, response)

        return act

    monkeypatch.setattr(IdempotencyMiddleware, "keep", hold_then(IdempotencyMiddleware.keep))
    assert by_rest(shop, client, headers={"Idempotency-Key": "two"}).status_code == 201
    assert Annotation.objects.count() == 1


def test_what_breaks_after_the_act_does_not_say_that_nothing_was_saved(shop, monkeypatch):
    """The session cannot be kept, but the note stands by then."""
    client = client_of(shop)
    real = SessionStore.save

    def save(self, *args, **kwargs):
        with held("django_session"):
            return real(self, *args, **kwargs)

    monkeypatch.setattr(SessionStore, "save", save)
    monkeypatch.setattr("core.csrf.BoundTokenMiddleware.__call__", touched)
    answer = by_page(shop, client)
    assert answer.status_code == 503 and "may have been saved" in answer.content.decode()
    assert "<form" not in answer.content.decode().partition("<main")[2] and Annotation.objects.count() == 1


def touched(middleware, request):
    request.session["touched"] = timezone.now().isoformat()
    return middleware.get_response(request)


def test_whatever_stands_before_the_view_is_answered_alike(shop):
    """The session itself cannot be read."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets everybody read at all times")
    client = client_of(shop)
    with held("django_session"):
        page, rest = client.get(f"{shop.c}/notes/"), client.get("/api/v1/annotations/")
        part = client.get(f"{shop.c}/notes/", headers={"HX-Request": "true"})
    assert [one.status_code for one in (page, rest, part)] == [503] * 3
    assert SENTENCE in page.content.decode() and f'href="{shop.c}/notes/">Try again' in page.content.decode()
    assert rest.json()["code"] == "busy" and "toast" in part["HX-Trigger"]
    assert {one["Retry-After"] for one in (page, rest, part)} == {"5"}


def test_notes_that_may_be_missing_fail_nobody(shop):
    """That a seat is there, that a key was used: reading goes on while somebody else writes."""
    agency = factories.organization(shop.workspace)
    factories.grant(agency, shop.campaign)
    past = timezone.now() - timezone.timedelta(minutes=2)
    client = factories.seat_client(factories.seat(agency), seen_at=past, proved_at=timezone.now())
    with held("accounts_seatsession") if connection.vendor == "sqlite" else rows_held("accounts_seatsession"):
        assert client.get(f"{shop.w}/partner/").status_code == 200


@contextmanager
def rows_held(table):
    """Somebody has just changed every row and does not come to an end."""
    with another() as other:
        other.execute("BEGIN")
        other.execute(f"SELECT 1 FROM {table} FOR UPDATE")
        yield


def test_the_queue_before_sqlites_writer_is_a_wait_too(shop, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues by itself")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
    client = client_of(shop)
    with TURN:
        assert by_rest(shop, client).status_code == 503
    assert by_rest(shop, client).status_code == 201


@pytest.mark.postgres
@pytest.mark.parametrize("limit", [{"lock": 0, "statement": "200ms"}, {"lock": "200ms", "statement": 0}])
def test_every_limit_of_postgresql_is_a_wait(shop, limit):
    client = client_of(shop)
    hurry(**limit)
    with held("campaigns_annotation"):
        assert by_rest(shop, client).status_code == 503


@pytest.mark.postgres
def test_a_deadlock_is_a_wait(shop):
    """Each has one row and wants the other's: PostgreSQL ends one of the two."""
    hurry(lock=0)
    connection.cursor().execute("SET deadlock_timeout='100ms'")
    first, second = (factories.person(name=name).pk for name in ("One", "Two"))
    change = "UPDATE accounts_user SET name = name WHERE id = %s"
    with another() as other:
        other.execute("SET deadlock_timeout='20s'")
        with pytest.raises(OperationalError) as caught, transaction.atomic():
            connection.cursor().execute(change, [str(first)])
            other.execute("BEGIN")
            other.execute(change, [str(second)])
            waiting = threading.Thread(target=other.execute, args=(change, [str(first)]))
            waiting.start()
            connection.cursor().execute(change, [str(second)])
        waiting.join()
    assert caught.value.__cause__.pgcode == "40P01" and is_busy(caught.value)


@pytest.mark.postgres
def test_what_others_wrote_meanwhile_is_a_wait(shop):
    change = "UPDATE accounts_user SET name = name"
    with another() as other, pytest.raises(OperationalError) as caught, transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.cursor().execute("SELECT count(*) FROM accounts_user")
        other.execute(change)
        connection.cursor().execute(change)
    assert caught.value.__cause__.pgcode == "40001" and is_busy(caught.value)


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_a_wait(shop, monkeypatch):
    client = client_of(shop)
    connection.close()
    with monkeypatch.context() as gone:
        gone.setitem(connection.settings_dict, "PORT", "1")
        page, rest = client.get(f"{shop.c}/notes/"), by_rest(shop, client)
        connection.close()
    assert (page.status_code, rest.status_code) == (503, 503) and SENTENCE in page.content.decode()
    assert by_rest(shop, client).status_code == 201


NEVER_ASKED = "CREATE TEMPORARY SEQUENCE never_asked"
WRONG = {"sqlite": "SELECT nothing FROM core_job", "postgresql": "SELECT currval('never_asked')"}


@pytest.mark.parametrize("door", [by_page, by_rest])
def test_a_fault_of_ours_stays_one(shop, monkeypatch, door):
    """The control: an OperationalError that waiting does not help."""
    client = client_of(shop)
    if connection.vendor == "postgresql":
        connection.cursor().execute(NEVER_ASKED)
    kinds = []

    def fail(*args, **kwargs):
        try:
            connection.cursor().execute(WRONG[connection.vendor])
        except OperationalError as error:
            kinds.append(is_busy(error))
            raise

    monkeypatch.setattr(Annotation, "save", fail)
    answer = door(shop, client)
    assert kinds == [False] and answer.status_code == 500 and "Retry-After" not in answer


def test_a_job_is_tried_again(shop, monkeypatch):
    """Once while its table is held, then from the queue; and when not even that can be written down, by the sweep."""
    done = []

    def work():
        with transaction.atomic():
            factories.person(name=f"Person {len(done)}")
        done.append(True)

    monkeypatch.setitem(jobs.HANDLERS, "test.busy", work)
    row = jobs.enqueue("test.busy")
    if connection.vendor == "postgresql":
        with held("accounts_user"):
            jobs.run_job(str(row.pk))
        row.refresh_from_db()
        assert (row.state, row.attempt, done) == (JobState.QUEUED, 1, []) and "lock timeout" in row.error
        Job.objects.filter(pk=row.pk).update(run_at=timezone.now())
    else:
        with held(), using(Context()), suppress(OperationalError):
            jobs.run_job(str(row.pk))
        row.refresh_from_db()
        assert (row.state, row.attempt, done) == (JobState.QUEUED, 0, [])
    rung = []
    monkeypatch.setattr(jobs.run_job, "delay", rung.append)
    jobs.sweep()
    assert rung == [str(row.pk)]
    jobs.run_job(rung[0])
    row.refresh_from_db()
    assert (row.state, done) == (JobState.DONE, [True])
