"""Real workers on PostgreSQL and Redis, killed and stopped in the middle of a pull: the table equals the ledger.

The controls run the loop that one would write without thinking, through the same kills and the same comparison.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django_scopes import scope

from analytics.actions import pulls, sources
from analytics.choices import RunState, SourceKind
from analytics.models import DailyMetric, Fact, PullRun
from core.models import Job
from tests.analytics import platform as fake
from tests.conftest import build

pytestmark = [pytest.mark.kill, pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
PAGES, SIZE, DAYS, CAMPAIGNS = 50, 20, 50, 20
LAST = fake.FIRST + timedelta(days=DAYS - 1)
LEASE = 4
PG_OPTIONS = "-c statement_timeout=15s -c lock_timeout=2s -c idle_in_transaction_session_timeout=5s"


def broker():
    """A database of the Redis server that nobody else rings in."""
    return settings.REDIS_URL.rpartition("/")[0] + "/13"


class Worker:
    """`celery worker` with its beat, in a process group of its own."""

    def __init__(self, folder, port, **environment):
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        base = connection.settings_dict
        url = f"postgresql://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
        environment |= {
            "DATABASE_URL": url,
            "REDIS_URL": broker(),
            "DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PHAROS_TESTING": "1",
            "TICK_SECONDS": "1",
            "JOB_LEASE_SECONDS": str(LEASE),
            "FETCH_ALLOWED_PRIVATE": f"127.0.0.1:{port}",
            "PG_OPTIONS": PG_OPTIONS,
        }
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-s", str(folder / "beat")]
        command += ["-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle", "-n", f"{self.log.stem}@%h"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def said(self):
        return self.log.read_text(errors="replace")


@pytest.fixture
def platform(settings):
    served = fake.FakePlatform()
    served.size, served.delay, served.ledger = SIZE, 0.02, fake.ledger_of(1, CAMPAIGNS, DAYS)
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{served.port}"]
    yield served
    served.close()


@pytest.fixture
def workers(tmp_path, platform):
    """Starts workers; whatever is left of them is killed at the end."""
    redis.Redis.from_url(broker()).flushdb()
    started = []

    def start(**environment):
        started.append(Worker(tmp_path, platform.port, **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


@pytest.fixture
def run(platform):
    """A pull of 50 pages that waits for a worker."""
    world = build()
    with scope(workspace=world.workspace.pk):
        source = sources.create_source(
            world.actor, kind=SourceKind.JSON, platform="fake", name="Fake", config=platform.config(), token="t"
        )
        yield pulls.start_pull(world.actor, source=source, day_from=fake.FIRST, day_to=LAST)


def until(condition, seconds, what):
    """Wait for something that other processes do."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {seconds} s")
        time.sleep(0.02)
    return found


def fresh(run):
    return PullRun.objects.get(pk=run.pk)


def stored():
    """Every stored figure as (campaign, day, metric, value), also doubled ones."""
    rows = Fact.objects.values_list("object__external_id", "date_from", "metric", "value")
    return list(rows.order_by("pk"))


def compare(rows, ledger):
    """{"lost", "doubled", "wrong"}: how many figures of the ledger are missing, there twice, or different."""
    told = {(key, day, name): value for (key, day), figures in ledger.items() for name, value in figures.items()}
    seen = Counter((key, day, name) for key, day, name, _value in rows)
    return {
        "lost": len(told.keys() - seen.keys()),
        "doubled": sum(count - 1 for count in seen.values()),
        "wrong": sum(told.get((key, day, name)) != value for key, day, name, value in rows),
    }


WHOLE = {"lost": 0, "doubled": 0, "wrong": 0}
DEATHS = ("kill", "pull_before_cursor", "kill", "pull_after_page", "kill", "kill", "pull_before_commit", "kill", "kill")


def die(workers, run, how, at, rng):
    """Start a worker and end it in the middle: by SIGKILL at page `at`, or by itself at a point of the code."""
    if how == "kill":
        worker = workers()
        until(lambda: fresh(run).pages >= at, 60, f"page {at}")
        time.sleep(rng.random() * 0.15)
    else:
        worker = workers(FAILPOINT=f"{how}:3")
        until(lambda: "exited prematurely" in worker.said() or "exitcode 137" in worker.said(), 60, how)
    worker.kill()
    return fresh(run).pages


def test_ten_kills_lose_nothing_and_double_nothing(run, platform, workers):
    rng, pages, points = random.Random(7), 0, []
    for how in (*DEATHS, "kill"):
        pages = die(workers, run, how, pages + rng.randrange(2, 5), rng)
        points.append(pages)
        assert fresh(run).state == RunState.RUNNING
    assert points == sorted(points) and points[0] > 0 and points[-1] < PAGES
    workers()
    until(lambda: fresh(run).state not in pulls.UNFINISHED, 90, "the end of the pull")
    ended = fresh(run)
    assert (ended.state, ended.error, ended.pages, ended.rows) == (RunState.DONE, "", PAGES, SIZE * PAGES)
    assert ended.attempt >= 11
    assert compare(stored(), platform.ledger) == WHOLE
    total = sum(DailyMetric.objects.filter(metric="cost").values_list("value", flat=True))
    assert total == sum(figures["cost"] for figures in platform.ledger.values())


def stop_with_other_figures_in_hand(platform, worker, run):
    """SIGSTOP while the worker waits for a page; the page that comes tells figures of another ledger."""
    truth, platform.delay = platform.ledger, 1.0
    until(lambda: fresh(run).pages >= 5, 60, "page 5")
    calls = platform.calls
    until(lambda: platform.calls > calls, 30, "the next call")
    worker.signal(signal.SIGSTOP)
    platform.ledger = fake.ledger_of(2, CAMPAIGNS, DAYS)
    time.sleep(LEASE + 1.5)
    platform.ledger, platform.delay = truth, 0.0


def test_a_worker_stopped_beyond_its_lease_writes_nothing_when_it_wakes(run, platform, workers):
    zombie = workers()
    stop_with_other_figures_in_hand(platform, zombie, run)
    assert fresh(run).pages < PAGES
    other = workers()
    until(lambda: fresh(run).state not in pulls.UNFINISHED, 90, "the end of the pull")
    other.kill()
    before = stored()
    assert compare(before, platform.ledger) == WHOLE and fresh(run).attempt >= 2
    zombie.signal(signal.SIGCONT)
    until(lambda: "lost its lease" in zombie.said(), 30, "the zombie's awakening")
    time.sleep(1)
    assert stored() == before
    assert Job.objects.get(pk=run.job_id).state == "done" and fresh(run).state == RunState.DONE


NAIVE = """
import json, sys, urllib.request, psycopg2
base, url, pages = psycopg2.connect(sys.argv[1]), sys.argv[2], int(sys.argv[3])
cursor = "0"
for page in range(pages):
    with urllib.request.urlopen(url + "&cursor=" + cursor) as answer:
        document = json.load(answer)
    with base, base.cursor() as table:
        for row in document["data"]:
            for name in ("impressions", "clicks", "cost"):
                table.execute("INSERT INTO naive VALUES (%s, %s, %s, %s)", (row["id"], row["day"], name, row[name]))
    print(page, flush=True)
    cursor = document["next"]
    if cursor is None:
        break
"""


def naive(platform, *, dies_at=None):
    """The loop without key, cursor and lease; killed after page `dies_at`."""
    base = connection.settings_dict
    dsn = f"postgresql://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    url = f"http://127.0.0.1:{platform.port}/report?from={fake.FIRST}&to={LAST}"
    command = [sys.executable, "-c", textwrap.dedent(NAIVE), dsn, url, str(PAGES)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if dies_at is not None and int(line) >= dies_at:
            process.kill()
            break
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("is_begun_again", [False, True], ids=["acknowledged early", "begun again"])
def test_control_a_plain_loop_loses_or_doubles(platform, is_begun_again):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive (campaign text, day date, metric text, value numeric(24, 6))")
    try:
        naive(platform, dies_at=20)
        if is_begun_again:
            naive(platform)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM naive")
            found = compare(cursor.fetchall(), platform.ledger)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive")
    assert found["doubled" if is_begun_again else "lost"] > 0, json.dumps(found)
