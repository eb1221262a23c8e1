"""Background work: the row is the truth, the queue is a doorbell.

`enqueue` writes a Job in the act's transaction and rings on commit; the Celery task `core.run_job` claims the row by
compare-and-swap (attempt = fencing token), works inside the workspace's scope and writes the outcome. What a kill, a
lost broker or a stopped process leaves behind is found by `sweep`. Jobs must be safe to run twice.
"""

import logging
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from core import chain
from core.actor import SYSTEM
from core.audit import record
from core.context import Context, using
from core.errors import RuleBroken, require
from core.models import Heartbeat, IdempotencyKey, Job, JobState
from core.policy import operator

logger = logging.getLogger("pharos.jobs")
job_died = Signal()
"""Sent with `job` (a core.Job) when it has used up its tries."""
job_replayed = Signal()
"""Sent with `job` inside the transaction that gives a dead job its tries back."""
HANDLERS: dict[str, Callable] = {}
PERIODIC: dict[str, int] = {}
BACKOFF_SECONDS = (10, 60, 300, 1800)
TRIES = 5
KEEP_DAYS = 14
KEEP_ANSWERS_DAYS = 7


class LostLease(Exception):
    """Another worker owns this job now; whatever this one holds must not be written."""


class TryLater(Exception):
    """Not an error: run again in `seconds` (Retry-After, quota)."""

    def __init__(self, seconds, reason=""):
        super().__init__(reason)
        self.seconds = seconds


@dataclass
class Claim:
    """A worker's hold on a job: `attempt` must still be the row's whenever something is written."""

    job_id: object
    attempt: int
    is_last: bool = False

    def held(self, *, progress=False):
        """Extend the lease inside the caller's transaction; raise LostLease when another attempt has begun.

        `progress`: a piece of the work is done for good with this transaction. The tries count anew from here, for a
        long job whose workers are stopped now and then is no poison.
        """
        changes = {"lease_until": timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)}
        if progress:
            changes["max_attempts"] = self.attempt + TRIES - 1
        mine = Job.objects.filter(pk=self.job_id, attempt=self.attempt, state=JobState.RUNNING)
        if not mine.update(**changes):
            raise LostLease
        self.is_last = self.is_last and not progress


_claim: ContextVar[Claim | None] = ContextVar("pharos_claim", default=None)


def claim() -> Claim | None:
    """The claim of the job that runs here, None outside jobs."""
    return _claim.get()


def job(name):
    """Register a function as the job `name` (`app.verb`). It gets the ids that `enqueue` was given."""

    def register(function):
        HANDLERS[name] = function
        return function

    return register


def periodic(name, *, seconds):
    """Register a job that runs once per slot of `seconds`, however many beats ring."""

    def register(function):
        HANDLERS[name] = function
        PERIODIC[name] = seconds
        return function

    return register


def enqueue(name, *, workspace_id=None, key=None, run_at=None, max_attempts=TRIES, **ids):
    """Write a job row and ring for it after commit. With `key`, a second row of that key is not written (None)."""
    row = Job(
        name=name,
        args={k: str(v) for k, v in ids.items()},
        workspace_id=workspace_id,
        key=key,
        run_at=run_at or timezone.now(),
        max_attempts=max_attempts,
    )
    if key is None:
        row.save(force_insert=True)
    else:
        Job.objects.bulk_create([row], ignore_conflicts=True)
        if not Job.objects.filter(pk=row.pk).exists():
            return None
    transaction.on_commit(lambda: ring(row.pk))
    return row


def ring(job_id):
    """Tell a worker. A lost doorbell costs only the time until the next sweep."""
    try:
        run_job.delay(str(job_id))
    except Exception as error:
        logger.warning("doorbell not rung for %s: %s", job_id, type(error).__name__)


def claim_row(job_id, now):
    """Take the job if it is due and nobody holds it; return (job, claim) or None. Claims beyond the limit: dead."""
    due = Q(state=JobState.QUEUED, run_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    taken = Job.objects.filter(due, pk=job_id, attempt__lt=F("max_attempts")).update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, lease_until=until
    )
    if not taken:
        _bury(due, job_id, now)
        return None
    row = Job.objects.get(pk=job_id)
    return row, Claim(row.pk, row.attempt, row.attempt >= row.max_attempts)


def _bury(due, job_id, now):
    """A job whose last try died without a word is dead; whoever listens (job_died) ends what it stood for."""
    spent = Job.objects.filter(due, pk=job_id, attempt__gte=F("max_attempts"))
    with transaction.atomic():  # dead only together with what it stood for; else the next sweep tries again
        if spent.update(state=JobState.DEAD, finished_at=now, lease_until=None):
            job_died.send(sender=Job, job=Job.objects.get(pk=job_id))


@shared_task(name="core.run_job")
def run_job(job_id):
    """Claim and run one job; never raises."""
    beat("worker")
    found = claim_row(job_id, timezone.now())
    if found:
        _run(*found)


def _run(row, held):
    try:
        with working(row, held):
            HANDLERS[row.name](**row.args)
    except LostLease:
        logger.warning("%s lost its lease", row.name)
    except TryLater as later:
        _again(held, later.seconds, str(later), count=False)
    except Exception as error:
        logger.exception("%s failed", row.name)
        _failed(row, held, f"{type(error).__name__}: {error}\n{''.join(traceback.format_tb(error.__traceback__)[-3:])}")
    else:
        _finish(held, JobState.DONE)


@contextmanager
def working(row, held):
    """The surroundings of a job: claim, context for the logbook, workspace scope."""
    token = _claim.set(held)
    surroundings = scope(workspace=row.workspace_id) if row.workspace_id else scopes_disabled()
    try:
        with using(Context(job=row.name, request_id=row.pk.hex)), surroundings:
            yield
    finally:
        _claim.reset(token)


def _mine(held):
    return Job.objects.filter(pk=held.job_id, attempt=held.attempt, state=JobState.RUNNING)


def _finish(held, state, error=""):
    """Write the outcome if the job is still ours; whether it was."""
    return _mine(held).update(state=state, finished_at=timezone.now(), lease_until=None, error=error)


def _failed(row, held, error):
    if held.is_last:
        with transaction.atomic():
            if _finish(held, JobState.DEAD, error):
                job_died.send(sender=Job, job=row)
    else:
        _again(held, BACKOFF_SECONDS[min(row.attempt, len(BACKOFF_SECONDS)) - 1], error)


def _again(held, seconds, error, *, count=True):
    """Back into the queue; `count=False` gives the attempt's place back by allowing one more."""
    changes = {} if count else {"max_attempts": F("max_attempts") + 1}
    _mine(held).update(
        state=JobState.QUEUED,
        run_at=timezone.now() + timedelta(seconds=seconds),
        lease_until=None,
        error=error,
        **changes,
    )


@transaction.atomic
def replay(actor, *, row):
    """Give a dead job its tries back. The attempt goes on counting, for it is the fencing token of what once ran."""
    require(actor is SYSTEM or operator(actor))
    tries = {"max_attempts": F("attempt") + TRIES}
    dead = Job.objects.filter(pk=row.pk, state=JobState.DEAD)
    if not dead.update(state=JobState.QUEUED, run_at=timezone.now(), finished_at=None, **tries):
        raise RuleBroken(_("This job is not dead."), code="not_dead")
    job_replayed.send(sender=Job, job=row)
    record(actor, "core.job_replayed", row)
    transaction.on_commit(lambda: ring(row.pk))


@shared_task(name="core.tick")
def tick():
    """One beat of the scheduler: enqueue the periodic jobs of this slot, then ring for everything that is due."""
    beat("scheduler")
    beat("worker")
    now = timezone.now()
    for name, seconds in PERIODIC.items():
        enqueue(name, key=f"{name}@{int(now.timestamp()) // seconds}", max_attempts=2)
    sweep(now)


def sweep(now=None, limit=200):
    """Ring for queued jobs that are due and for running ones whose lease ran out. Returns how many."""
    now = now or timezone.now()
    due = Q(state=JobState.QUEUED, run_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    ids = list(Job.objects.filter(due).order_by("run_at").values_list("pk", flat=True)[:limit])
    for job_id in ids:
        ring(job_id)
    return len(ids)


def beat(name, holder=""):
    """Note that a background part is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now(), "holder": holder})


@periodic("core.seal_events", seconds=60)
def seal_events():
    """Hash-chain the events of the logbook that take no more lines."""
    while chain.seal(timezone.now()):
        claim().held(progress=True)


@periodic("core.tidy_jobs", seconds=3600)
def tidy_jobs():
    """Forget finished and dead jobs after two weeks, stored answers after one, slots of the schedule after a day."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEEP_ANSWERS_DAYS)).delete()
    old = timezone.now() - timedelta(days=KEEP_DAYS)
    Job.objects.filter(state__in=(JobState.DONE, JobState.DEAD), finished_at__lt=old).delete()
    Job.objects.filter(
        state=JobState.DONE, key__isnull=False, finished_at__lt=timezone.now() - timedelta(days=1)
    ).delete()
