"""Background work: the row is the truth, the queue a doorbell; one worker at a time, nothing lost, nothing for ever."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from core import jobs
from core.actor import SYSTEM
from core.errors import Denied, RuleBroken
from core.models import Activity, Heartbeat, Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(monkeypatch):
    """A job `test.work`; `handler.does` is called in it."""

    class Work:
        calls = 0
        does = staticmethod(lambda: None)

        def __call__(self, **ids):
            type(self).calls += 1
            self.ids = ids
            return self.does()

    work = Work()
    Work.calls = 0
    monkeypatch.setitem(jobs.HANDLERS, "test.work", work)
    return work


@pytest.fixture
def rung(monkeypatch):
    """The doorbells that were rung."""
    heard = []
    monkeypatch.setattr(jobs.run_job, "delay", heard.append)
    return heard


def fail():
    raise ValueError("no good")


def due(row, **changes):
    Job.objects.filter(pk=row.pk).update(run_at=timezone.now() - timedelta(seconds=1), **changes)
    return str(row.pk)


def test_a_job_runs_once_however_often_it_is_rung(handler):
    row = jobs.enqueue("test.work", thing_id=5)
    for _ring in range(3):
        jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert (handler.calls, handler.ids, row.state, row.attempt) == (1, {"thing_id": "5"}, JobState.DONE, 1)


def test_only_one_worker_gets_the_claim(handler):
    row = jobs.enqueue("test.work")
    now = timezone.now()
    first, second = jobs.claim_row(row.pk, now), jobs.claim_row(row.pk, now)
    assert first[1].attempt == 1 and second is None


def test_a_lease_that_ran_out_is_taken_over_and_the_first_worker_writes_nothing(handler):
    row = jobs.enqueue("test.work")
    _row, first = jobs.claim_row(row.pk, timezone.now())
    assert jobs.claim_row(row.pk, timezone.now()) is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    _row, second = jobs.claim_row(row.pk, timezone.now())
    assert second.attempt == 2
    with pytest.raises(jobs.LostLease):
        first.held()
    second.held()
    assert not jobs._finish(first, JobState.DONE)
    row.refresh_from_db()
    assert row.state == JobState.RUNNING


def test_a_claim_extends_its_lease(handler, settings):
    row = jobs.enqueue("test.work")
    _row, claim = jobs.claim_row(row.pk, timezone.now())
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    claim.held()
    row.refresh_from_db()
    assert row.lease_until > timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS - 5)


def test_a_worker_that_lost_its_lease_leaves_the_row_alone(handler):
    row = jobs.enqueue("test.work")

    def lose():
        Job.objects.update(attempt=7)
        jobs.claim().held()

    handler.does = lose
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempt, row.error) == (JobState.RUNNING, 7, "")


def test_failures_wait_longer_each_time_and_the_fifth_is_the_last(handler):
    handler.does = fail
    row, waits, dead = jobs.enqueue("test.work"), [], []
    jobs.job_died.connect(receiver := lambda sender, job, **kwargs: dead.append(job.pk))
    try:
        for _try in range(8):
            jobs.run_job(due(row))
            row.refresh_from_db()
            waits.append(round((row.run_at - timezone.now()).total_seconds()))
    finally:
        jobs.job_died.disconnect(receiver)
    assert (handler.calls, row.state, row.attempt, dead) == (5, JobState.DEAD, 5, [row.pk])
    assert waits[:4] == list(jobs.BACKOFF_SECONDS)
    assert "ValueError: no good" in row.error


def test_a_job_that_kills_its_worker_each_time_is_dead_after_five_claims(handler):
    row, dead = jobs.enqueue("test.work"), []
    jobs.job_died.connect(receiver := lambda sender, job, **kwargs: dead.append(job.pk))
    try:
        for _kill in range(5):
            assert jobs.claim_row(row.pk, timezone.now())
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        for _ring in range(2):
            jobs.run_job(str(row.pk))
    finally:
        jobs.job_died.disconnect(receiver)
    row.refresh_from_db()
    assert (row.state, handler.calls, dead) == (JobState.DEAD, 0, [row.pk])


def test_tries_count_anew_after_progress(handler):
    row = jobs.enqueue("test.work")
    for attempt in range(1, 9):
        _row, claim = jobs.claim_row(row.pk, timezone.now())
        claim.held(progress=True)
        assert claim.attempt == attempt and not claim.is_last
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    handler.does = fail
    for _try in range(8):
        jobs.run_job(due(row))
    row.refresh_from_db()
    assert (row.state, handler.calls) == (JobState.DEAD, jobs.TRIES - 1)


def test_a_poisoned_job_holds_nobody_up(handler):
    poison = jobs.enqueue("test.unknown")
    healthy = [jobs.enqueue("test.work") for _number in range(20)]
    for row in [poison, *healthy]:
        jobs.run_job(str(row.pk))
    assert Job.objects.filter(state=JobState.DONE).count() == 20
    poison.refresh_from_db()
    assert poison.state == JobState.QUEUED and "KeyError" in poison.error


def test_try_later_costs_no_try_and_is_not_rung_before(handler, rung):
    def later():
        raise jobs.TryLater(3600, "quota")

    handler.does = later
    row = jobs.enqueue("test.work")
    for _turn in range(9):
        jobs.run_job(due(row))
    row.refresh_from_db()
    assert (row.state, row.error, handler.calls) == (JobState.QUEUED, "quota", 9)
    assert row.max_attempts - row.attempt == jobs.TRIES
    jobs.run_job(str(row.pk))
    assert handler.calls == 9 and jobs.sweep() == 0
    assert jobs.sweep(timezone.now() + timedelta(seconds=3601)) == 1


def test_a_key_is_written_once(handler):
    assert jobs.enqueue("test.work", key="slot-1") is not None
    assert jobs.enqueue("test.work", key="slot-1") is None
    assert jobs.enqueue("test.work", key="slot-2") is not None
    assert Job.objects.count() == 2


def test_three_beats_make_one_job_a_slot(handler, rung, monkeypatch):
    monkeypatch.setattr(jobs, "PERIODIC", {"test.work": 60})
    start = timezone.now().replace(second=0, microsecond=0)
    for second in range(0, 1200, 20):  # 20 slots, each rung three times by each of three beats
        monkeypatch.setattr(jobs.timezone, "now", lambda second=second: start + timedelta(seconds=second))
        for _beat in range(3):
            jobs.tick()
    assert Job.objects.count() == 20
    assert Heartbeat.objects.filter(name="scheduler").exists()


def test_a_lost_doorbell_costs_only_time(handler, monkeypatch, django_capture_on_commit_callbacks):
    def broken(job_id):
        raise ConnectionError("no broker")

    monkeypatch.setattr(jobs.run_job, "delay", broken)
    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.enqueue("test.work")
    heard = []
    monkeypatch.setattr(jobs.run_job, "delay", heard.append)
    assert jobs.sweep() == 1 and heard == [str(row.pk)]


def test_a_doorbell_rings_only_after_the_commit(handler, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.enqueue("test.work")
        assert rung == []
    assert rung == [str(row.pk)]
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError), transaction.atomic():
        jobs.enqueue("test.work")
        fail()
    assert rung == [str(row.pk)] and Job.objects.count() == 1


def test_the_sweeper_rings_for_due_and_abandoned_jobs_alone(handler, rung):
    now = timezone.now()
    waiting = jobs.enqueue("test.work")
    abandoned = jobs.enqueue("test.work")
    Job.objects.filter(pk=abandoned.pk).update(state=JobState.RUNNING, lease_until=now - timedelta(seconds=1))
    held = jobs.enqueue("test.work")
    Job.objects.filter(pk=held.pk).update(state=JobState.RUNNING, lease_until=now + timedelta(seconds=60))
    jobs.enqueue("test.work", run_at=now + timedelta(hours=1))
    done = jobs.enqueue("test.work")
    Job.objects.filter(pk=done.pk).update(state=JobState.DONE)
    assert jobs.sweep(timezone.now()) == 2
    assert set(rung) == {str(waiting.pk), str(abandoned.pk)}


def test_a_job_runs_in_the_scope_of_its_workspace(handler, world):
    seen = []
    handler.does = lambda: seen.append(Job.objects.count() and type(world.campaign).objects.count())
    with scopes_disabled():
        row = jobs.enqueue("test.work", workspace_id=world.workspace.pk)
    jobs.run_job(str(row.pk))
    assert seen == [1] and jobs.claim() is None


def test_replay_never_uses_a_fencing_token_twice(handler):
    row = jobs.enqueue("test.work")
    _row, zombie = jobs.claim_row(row.pk, timezone.now())
    Job.objects.update(state=JobState.DEAD, attempt=5)
    row.refresh_from_db()
    jobs.replay(SYSTEM, row=row)
    for _claim in range(5):
        row, claim = jobs.claim_row(row.pk, timezone.now())
        assert claim.attempt > 5 and zombie.attempt == 1
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim_row(row.pk, timezone.now()) is None
    assert Activity._base_manager.filter(verb="core.job_replayed").count() == 1


def test_only_an_operator_replays(handler, world):
    row = jobs.enqueue("test.work")
    Job.objects.update(state=JobState.DEAD)
    with pytest.raises(Denied):
        jobs.replay(world.actor, row=row)
    assert Job.objects.get().state == JobState.DEAD
    world.owner.is_staff = True
    jobs.replay(world.actor, row=row)
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.parametrize("how", ["failed", "abandoned"])
def test_a_job_is_dead_only_together_with_what_it_stood_for(handler, how):
    def broken(sender, job, **kwargs):
        raise ValueError("the run could not be given up")

    row = jobs.enqueue("test.work", max_attempts=1)
    held = jobs.claim_row(row.pk, timezone.now())
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    act = (lambda: jobs.claim_row(row.pk, timezone.now())) if how == "abandoned" else (lambda: jobs._failed(*held, "x"))
    jobs.job_died.connect(broken)
    with pytest.raises(ValueError):
        act()
    assert Job.objects.get().state == JobState.RUNNING
    jobs.job_died.disconnect(broken)
    act()
    assert Job.objects.get().state == JobState.DEAD


def test_a_living_job_is_not_replayed(handler):
    with pytest.raises(RuleBroken):
        jobs.replay(SYSTEM, row=jobs.enqueue("test.work"))


def test_tidying_keeps_what_may_still_matter(handler):
    now = timezone.now()
    for state, days, key in [("done", 15, None), ("dead", 15, None), ("done", 2, "slot"), ("done", 2, None)]:
        Job.objects.create(name="x", state=state, finished_at=now - timedelta(days=days), key=key)
    Job.objects.create(name="x", created_at=now - timedelta(days=99))
    jobs.tidy_jobs()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "queued"]


# --- the operator's page and command ---------------------------------------------------------------------------------


@pytest.fixture
def operator(world):
    world.owner.is_staff = True
    world.owner.save()
    return world.client()


@pytest.mark.parametrize("door", ["page", "command"])
def test_the_operator_replays_a_dead_job(door, operator, handler, capsys):
    from django.core.management import call_command

    row = Job.objects.create(name="test.work", state=JobState.DEAD, attempt=5, error="ValueError: no good\nline")
    if door == "page":
        text = operator.get("/operator/jobs/").content.decode()
        assert "test.work" in text and "no good" in text
        assert "no good" in operator.get(f"/operator/jobs/{row.pk}/").content.decode()
        assert operator.post(f"/operator/jobs/{row.pk}/replay/").status_code == 302
    else:
        call_command("replay")
        assert f"{row.pk} test.work ValueError: no good" in capsys.readouterr().out
        call_command("replay", "test.work")
    row.refresh_from_db()
    assert (row.state, row.max_attempts) == (JobState.QUEUED, 10)


def test_nobody_else_sees_the_jobs(owner, handler):
    row = Job.objects.create(name="test.work", state=JobState.DEAD)
    assert owner.get("/operator/jobs/").status_code == 403
    assert owner.get(f"/operator/jobs/{row.pk}/").status_code == 403
    assert owner.post(f"/operator/jobs/{row.pk}/replay/").status_code == 403
