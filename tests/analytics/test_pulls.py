"""Pulls against a platform with faults: the table equals the ledger, or the run says that it does not."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from analytics import receivers  # noqa: F401 - hears of dead jobs
from analytics.actions import pulls, sources
from analytics.choices import RunState, SourceKind, SourceState
from analytics.connectors import json_api
from analytics.models import DailyMetric, Delivery, Fact, FactRevision, PullRun, Source
from analytics.rules import pulling
from core import jobs
from core.actor import SYSTEM
from core.errors import RuleBroken
from core.models import Activity, Job, JobState
from tests.analytics import platform as fake

LAST = fake.FIRST + timedelta(days=5)


@pytest.fixture
def platform(settings):
    served = fake.FakePlatform()
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{served.port}"]
    yield served
    served.close()


def connect(world, platform, name="Fake", **values):
    return sources.create_source(
        world.actor,
        kind=SourceKind.JSON,
        platform="fake",
        name=name,
        config=platform.config() | {"account": {"name": name, "id": name}},
        token="t",
        **values,
    )


def begin(world, source, first=fake.FIRST, last=LAST):
    return pulls.start_pull(world.actor, source=source, day_from=first, day_to=last)


def turn(run):
    """One doorbell, however long its job should still wait."""
    Job.objects.filter(pk=run.job_id).update(run_at=timezone.now() - timedelta(seconds=1))
    jobs.run_job(str(run.job_id))
    run.refresh_from_db()
    return run


def complete(run, turns=8):
    for _turn in range(turns):
        if turn(run).state not in pulls.UNFINISHED:
            break
    return run


def table(source):
    """What is stored, in the shape of the ledger."""
    found = {}
    for fact in Fact.objects.filter(account_link__source=source).select_related("object"):
        found.setdefault((fact.object.external_id, fact.date_from), {})[fact.metric] = fact.value
    return found


# --- the whole -------------------------------------------------------------------------------------------------------


def test_a_pull_equals_the_ledger_to_the_cent(world, platform):
    platform.ledger = fake.ledger_of(1)
    source = connect(world, platform)
    run = complete(begin(world, source))
    assert (run.state, run.error, run.rows, run.pages) == (RunState.DONE, "", 18, 5)
    assert table(source) == platform.ledger
    total = sum(DailyMetric.objects.filter(metric="cost").values_list("value", flat=True))
    assert total == sum(figures["cost"] for figures in platform.ledger.values())
    source.refresh_from_db()
    assert source.state == SourceState.CONNECTED and source.last_success_at is not None


def test_the_same_days_again_change_nothing(world, platform):
    platform.ledger = fake.ledger_of(2)
    source = connect(world, platform)
    complete(begin(world, source))
    again = complete(begin(world, source))
    assert (again.state, again.changed) == (RunState.DONE, 0)
    assert not FactRevision.objects.exclude(old_value=None).exists()
    assert Delivery.objects.filter(account_link__source=source).count() == 1  # not one more a pull


def test_what_the_platform_corrects_moves_and_what_it_drops_goes_with_a_trace(world, platform):
    platform.ledger = fake.ledger_of(3)
    source = connect(world, platform)
    complete(begin(world, source))
    gone = ("c1", fake.FIRST)
    before = platform.ledger.pop(gone)
    platform.ledger["c0", fake.FIRST]["cost"] += 1
    run = complete(begin(world, source))
    assert run.state == RunState.DONE and table(source) == platform.ledger
    tombs = FactRevision.objects.filter(origin_id=run.pk, new_value=None, old_value__isnull=False)
    assert {tomb.metric: tomb.old_value for tomb in tombs} == before


def test_days_outside_of_the_pull_stay(world, platform):
    platform.ledger = fake.ledger_of(4)
    source = connect(world, platform)
    complete(begin(world, source))
    kept = dict(platform.ledger)
    platform.ledger = {key: value for key, value in platform.ledger.items() if key[1] == LAST}
    complete(begin(world, source, LAST, LAST))
    assert table(source) == kept


# --- faults ----------------------------------------------------------------------------------------------------------


def scenario(seed):
    """(fault, page, times, whether a total is told, whether figures of an earlier pull are there)."""
    rng = random.Random(seed)
    how = fake.FAULTS[seed % len(fake.FAULTS)]
    told = how in fake.NEED_TOTAL or rng.random() < 0.5
    page = rng.choice([1, 2, 3]) if how in (fake.repeat, fake.shift, fake.loop) else rng.randrange(4)
    return how, page, rng.choice([1, 10**6]), told, rng.random() < 0.5


def play(world, platform, seed):
    """Run one scenario; return (source, run, table before, fault)."""
    how, page, times, told, has_past = scenario(seed)
    platform.fault, platform.tells_total, platform.ledger = None, told, fake.ledger_of(seed)
    source = connect(world, platform, name=f"Fake {seed}")
    if has_past:
        complete(begin(world, source))
        platform.ledger = fake.ledger_of(seed + 10_000)
    before = table(source)
    platform.fault = fake.spoil(how, page, times)
    run = complete(begin(world, source), turns=30 if times == 1 else 8)
    return source, run, before, how


def never_silently_short(source, run, before, ledger):
    """Whole, or said not to be; nothing invented, nothing of the past lost."""
    after = table(source)
    if run.state == RunState.DONE:
        return after == ledger
    said = run.state in (RunState.PARTIAL, RunState.FAILED, RunState.DEAD) or run.state in pulls.UNFINISHED
    honest = all(
        value in (ledger[key].get(name), before.get(key, {}).get(name))
        for key, figures in after.items()
        for name, value in figures.items()
    )
    return said and honest and before.keys() <= after.keys()


CHUNKS = [0, *(pytest.param(chunk, marks=pytest.mark.load) for chunk in range(1, 10))]  # each fault once a chunk


@pytest.mark.once
@pytest.mark.parametrize("chunk", CHUNKS)
def test_faults_never_make_a_silent_hole(world, platform, chunk):
    for seed in range(chunk * len(fake.FAULTS), (chunk + 1) * len(fake.FAULTS)):
        source, run, before, how = play(world, platform, seed)
        story = (seed, how.__name__, run.state, run.error)
        assert never_silently_short(source, run, before, platform.ledger), story
        if run.state in pulls.UNFINISHED:
            assert how in (fake.too_many, fake.too_many_until), story  # waits as long as it is told to
            continue
        source.refresh_from_db()
        assert (run.state == RunState.DONE) == (source.state == SourceState.CONNECTED), story
        assert bool(run.error) == (run.state != RunState.DONE), story


def test_control_without_the_rules_holes_stay_unseen(world, platform, monkeypatch):
    monkeypatch.setattr(pulls, "fault_of_page", lambda **seen: None)
    monkeypatch.setattr(pulls, "fault_of_run", lambda **seen: None)
    silent = 0
    for seed in range(2 * len(fake.FAULTS)):
        if scenario(seed)[0] in (fake.drop, fake.skip, fake.repeat, fake.shift):
            source, run, before, _how = play(world, platform, seed)
            silent += not never_silently_short(source, run, before, platform.ledger)
    assert silent >= 2


def test_after_the_fault_a_new_pull_makes_it_whole(world, platform):
    platform.ledger = fake.ledger_of(5)
    source = connect(world, platform)
    platform.fault = fake.spoil(fake.truncated, 2)
    run = complete(begin(world, source))
    assert run.state == RunState.PARTIAL and len(table(source)) == 8
    platform.fault = None
    run = complete(pulls.retry_pull(world.actor, run=run))
    assert run.state == RunState.DONE and table(source) == platform.ledger


def test_a_row_of_a_later_page_takes_nothing_from_the_days_of_others(world, platform):
    """A partial run removes nothing: only a whole one may say that something is gone."""
    platform.ledger = fake.ledger_of(6)
    source = connect(world, platform)
    complete(begin(world, source))
    platform.ledger = {key: value for key, value in platform.ledger.items() if key[0] != "c2"}
    platform.fault = fake.spoil(fake.html, 1)
    assert complete(begin(world, source)).state == RunState.PARTIAL
    assert {key for key, _day in table(source)} == {"c0", "c1", "c2"}


def test_a_refused_token_needs_new_credentials_and_is_told_once(world, platform):
    platform.ledger, platform.fault = fake.ledger_of(7), fake.spoil(fake.refused, 0)
    source = connect(world, platform, every_minutes=1)
    for _again in range(3):
        complete(begin(world, source))
    source.refresh_from_db()
    assert (source.state, source.next_pull_at) == (SourceState.NEEDS_REAUTH, None)
    assert Activity.objects.filter(verb="analytics.source_needs_reauth").count() == 1
    Source.objects.update(next_pull_at=timezone.now())
    pulls.start_due_pulls(timezone.now())
    assert not PullRun.objects.filter(state=RunState.QUEUED).exists()


@pytest.mark.parametrize(("how", "least", "most"), [(fake.too_many, 1, 3), (fake.too_many_until, 80, 92)])
def test_never_called_before_the_time_told(world, platform, how, least, most):
    platform.ledger, platform.fault = fake.ledger_of(8), fake.spoil(how, 1, times=1)
    source = connect(world, platform)
    run = turn(begin(world, source))
    job, calls = Job.objects.get(pk=run.job_id), platform.calls
    wait = (job.run_at - timezone.now()).total_seconds()
    assert job.state == JobState.QUEUED and least - 1 <= wait <= most
    jobs.run_job(str(job.pk))  # a doorbell that rings too early
    jobs.sweep(timezone.now())
    assert platform.calls == calls and job.attempt < job.max_attempts
    assert complete(run).state == RunState.DONE and table(source) == platform.ledger


def test_waiting_costs_no_try(world, platform):
    platform.ledger, platform.fault = fake.ledger_of(9), fake.spoil(fake.too_many, 0, times=12)
    source = connect(world, platform)
    assert complete(begin(world, source), turns=14).state == RunState.DONE


def test_a_server_error_is_tried_again_and_five_end_it(world, platform):
    platform.ledger, platform.fault = fake.ledger_of(10), fake.spoil(fake.broken, 3, times=2)
    source = connect(world, platform)
    run = turn(begin(world, source))
    job = Job.objects.get(pk=run.job_id)
    assert job.state == JobState.QUEUED and job.run_at > timezone.now() and run.pages == 3
    assert complete(run).state == RunState.DONE and table(source) == platform.ledger
    platform.fault = fake.spoil(fake.broken, 3)
    run = complete(begin(world, source))
    assert (run.state, Job.objects.get(pk=run.job_id).attempt) == (RunState.PARTIAL, 5)


def test_a_slow_platform_is_left_in_time(world, platform, monkeypatch):
    monkeypatch.setattr(json_api, "TOTAL_SECONDS", 0.3)
    platform.ledger, platform.delay = fake.ledger_of(11), 1.0
    source = connect(world, platform)
    began = timezone.now()
    run = turn(begin(world, source))
    assert (timezone.now() - began).total_seconds() < 1
    assert run.state == RunState.RUNNING and Job.objects.get(pk=run.job_id).state == JobState.QUEUED


# --- one at a time, fenced -------------------------------------------------------------------------------------------


def test_one_pull_of_a_source_at_a_time(world, platform):
    source = connect(world, platform)
    run = begin(world, source)
    with pytest.raises(RuleBroken):
        begin(world, source)
    with pytest.raises(IntegrityError), transaction.atomic():
        PullRun.objects.create(workspace=world.workspace, source=source, day_from=LAST, day_to=LAST)
    Job.objects.filter(pk=run.job_id).update(state=JobState.DEAD)  # died where nobody heard it
    assert begin(world, source).state == RunState.QUEUED
    run.refresh_from_db()
    assert run.state == RunState.DEAD


def wake_a_zombie(world, platform, monkeypatch):
    """The first worker stops between two pages beyond its lease; a second finishes; the first wakes up with a page
    that tells other figures. Returns the run."""
    platform.ledger = fake.ledger_of(12)
    run = begin(world, connect(world, platform))
    real, asleep = json_api.fetch_page, []

    def fetch(*args):
        page = real(*args)
        if not asleep and args[-1]:
            asleep.append(True)
            Job.objects.filter(pk=run.job_id).update(lease_until=timezone.now() - timedelta(seconds=1))
            jobs.run_job(str(run.job_id))  # the second worker, from the cursor on to the end
            platform.ledger = fake.ledger_of(13)
            page = real(*args)
        return page

    monkeypatch.setattr(json_api, "fetch_page", fetch)
    jobs.run_job(str(run.job_id))
    run.refresh_from_db()
    assert asleep
    return run


def test_a_zombie_writes_nothing(world, platform, monkeypatch):
    run = wake_a_zombie(world, platform, monkeypatch)
    assert (run.state, run.attempt, run.rows) == (RunState.DONE, 2, 18)
    assert table(run.source) == fake.ledger_of(12)


def test_control_without_fencing_the_zombie_writes(world, platform, monkeypatch):
    def write(row, *, seen=None, **changes):
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
        for name, value in changes.items():
            setattr(row, name, value)
        return {}

    monkeypatch.setattr(jobs.Claim, "held", lambda claim, **how: None)
    monkeypatch.setattr(pulls, "swap", write)
    run = wake_a_zombie(world, platform, monkeypatch)
    assert table(run.source) != fake.ledger_of(12)


def test_a_dead_job_ends_its_run_and_a_replay_goes_on_from_the_cursor(world, platform):
    platform.ledger, platform.fault = fake.ledger_of(14), fake.spoil(fake.broken, 2)
    source = connect(world, platform)
    run = turn(begin(world, source))
    Job.objects.filter(pk=run.job_id).update(
        state=JobState.RUNNING, attempt=5, lease_until=timezone.now() - timedelta(seconds=1)
    )
    jobs.run_job(str(run.job_id))  # its last worker was killed
    run.refresh_from_db()
    assert run.state == RunState.DEAD and run.error
    platform.fault, calls = None, platform.calls
    jobs.replay(SYSTEM, row=Job.objects.get(pk=run.job_id))
    run = complete(run)
    assert run.state == RunState.DONE and table(source) == platform.ledger
    assert platform.calls - calls == 3  # pages 3, 4 and 5; the first two were kept


# --- the schedule ----------------------------------------------------------------------------------------------------


def test_a_slot_starts_one_pull_however_many_beats(world, platform):
    source = connect(world, platform, every_minutes=30, look_back_days=3)
    now = timezone.now()
    Source.objects.update(next_pull_at=now)
    seen = Source.objects.get()
    for _beat in range(3):
        pulls.start_if_due(seen, now)
    run = PullRun.objects.get()
    today = now.astimezone(ZoneInfo(source.time_zone)).date()
    assert (run.day_from, run.day_to) == (today - timedelta(days=3), today - timedelta(days=1))
    source.refresh_from_db()
    assert source.next_pull_at == now + timedelta(minutes=30)


def test_paused_and_archived_sources_are_left_alone(world, platform):
    paused, archived = connect(world, platform, "A", every_minutes=1), connect(world, platform, "B", every_minutes=1)
    sources.pause_source(world.actor, source=paused)
    sources.archive_source(world.actor, source=archived)
    Source.objects.update(next_pull_at=timezone.now())
    pulls.start_due_pulls(timezone.now())
    assert not PullRun.objects.exists()


def test_quiet_old_pulls_are_forgotten(world, platform):
    source, now = connect(world, platform), timezone.now()
    days = {"workspace": world.workspace, "source": source, "day_from": LAST, "day_to": LAST, "state": RunState.DONE}
    old = PullRun.objects.create(**days, finished_at=now - timedelta(days=15))
    PullRun.objects.create(**days, finished_at=now - timedelta(days=13))
    PullRun.objects.create(**days, finished_at=now - timedelta(days=15), changed=3)
    PullRun.objects.create(**days, finished_at=now - timedelta(days=15), trigger="person")
    pulls.tidy_pulls(now)
    assert PullRun.objects.count() == 3 and not PullRun.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    ("zone", "at", "now", "expected"),
    [
        # New York 2026-03-08: 02:30 does not exist, the clock jumps to 03:00 = 07:00 UTC
        ("America/New_York", time(2, 30), "2026-03-08T06:59", "2026-03-08T07:30"),
        ("America/New_York", time(2, 30), "2026-03-08T07:31", "2026-03-09T06:30"),
        # 2026-11-01: 01:30 comes twice, the first one counts
        ("America/New_York", time(1, 30), "2026-11-01T05:00", "2026-11-01T05:30"),
        ("America/New_York", time(1, 30), "2026-11-01T05:30", "2026-11-02T06:30"),
        ("Asia/Shanghai", time(6, 0), "2026-11-23T21:59", "2026-11-23T22:00"),
        ("Asia/Shanghai", time(6, 0), "2026-11-23T22:00", "2026-11-24T22:00"),
    ],
)
def test_a_daily_time_when_clocks_change(zone, at, now, expected):
    found = pulling.next_pull(
        datetime.fromisoformat(now).replace(tzinfo=UTC), every_minutes=None, daily_at=at, zone=ZoneInfo(zone)
    )
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Shanghai", "America/Sao_Paulo", "UTC"])
@pytest.mark.parametrize("at", [time(0, 0), time(1, 30), time(2, 30), time(23, 59)])
def test_every_local_day_has_exactly_one_daily_pull(zone, at):
    now, seen = datetime(2018, 1, 1, tzinfo=UTC), []
    while now < datetime(2019, 1, 1, tzinfo=UTC):
        now = pulling.next_pull(now, every_minutes=None, daily_at=at, zone=ZoneInfo(zone))
        seen.append(now.astimezone(ZoneInfo(zone)).date())
    assert len(seen) == len(set(seen))
    assert seen == [seen[0] + timedelta(days=step) for step in range(len(seen))]


@pytest.mark.parametrize(
    ("back", "today_too", "expected"),
    [(3, False, (date(2026, 11, 20), date(2026, 11, 22))), (1, True, (date(2026, 11, 22), date(2026, 11, 23)))],
)
def test_which_days_a_scheduled_pull_asks_for(back, today_too, expected):
    assert pulling.days_to_pull(date(2026, 11, 23), back, today_too) == expected


@pytest.mark.parametrize(
    ("age", "failing", "every", "expected"),
    [(None, False, 5, "never"), (9, False, 1, "fresh"), (11, False, 1, "stale"), (1, True, 1, "failing")],
)
def test_freshness(age, failing, every, expected):
    now = datetime(2026, 11, 23, tzinfo=UTC)
    last = None if age is None else now - timedelta(minutes=age)
    found = pulling.freshness(now, last_success_at=last, is_failing=failing, every_minutes=every, daily_at=None)
    assert found == expected
