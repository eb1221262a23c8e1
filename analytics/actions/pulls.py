"""Acts of a pull: start it, work through its pages, say how it ended.

Each page is one transaction: figures, cursor and lease together (reliability R1, R2). A worker killed in between
leaves the cursor of the last whole page; a zombie that wakes after its lease ran out writes nothing.
"""

import hashlib
import json
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.actions.facts import close_scope, deliver
from analytics.actions.sources import upcoming
from analytics.choices import RunState, RunTrigger, SourceKind, SourceState
from analytics.connectors import json_api
from analytics.importers import Record
from analytics.models import AccountLink, Fact, PullRun, Source
from analytics.permissions.sources import can_manage_sources
from analytics.rules.pulling import days_to_pull, fault_of_page, fault_of_run
from campaigns.actions import prove_by_pull
from core.actor import SYSTEM, Actor
from core.audit import record
from core.crypto import decrypt
from core.errors import PharosError, RuleBroken, require
from core.failpoints import failpoint
from core.jobs import TryLater, claim, enqueue
from core.models import Job, JobState
from core.safe_fetch import FetchFailed
from core.swap import swap
from placements.actions import create_ad_account
from placements.models import AdAccount

STRETCH_SECONDS = 120  # a longer pull goes on in a fresh claim, so that no worker is held for ever
KEEP_DAYS = 14
UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


@transaction.atomic
def start_pull(actor, *, source, day_from, day_to, trigger=RunTrigger.PERSON):
    """Queue a pull of the days; refuses while another pull of the source is at work."""
    require(actor is SYSTEM or can_manage_sources(actor))
    if source.kind != SourceKind.JSON:
        raise RuleBroken(_("Only connected sources are pulled; files are uploaded."), code="not_pullable")
    if not day_from <= day_to <= day_from + timedelta(days=400):
        raise RuleBroken(_("Choose between 1 and 400 days, the first before the last."), code="days")
    if source.archived_at:
        raise RuleBroken(_("An archived source is not pulled."), code="archived")
    run = _queue(source, day_from, day_to, trigger)
    if run is None:
        raise RuleBroken(_("A pull of this source is at work already."), code="already_running")
    if actor is not SYSTEM:
        record(actor, "analytics.pull_started", run)
    return run


@transaction.atomic
def retry_pull(actor, *, run):
    """Pull the days of a finished run once more."""
    require(can_manage_sources(actor))
    return start_pull(actor, source=run.source, day_from=run.day_from, day_to=run.day_to)


def start_due_pulls(now):
    """Start every source whose time has come. The slot is taken by compare-and-swap, so two beats do no harm."""
    for source in Source._base_manager.filter(kind=SourceKind.JSON, archived_at=None, next_pull_at__lte=now).exclude(
        state__in=(SourceState.PAUSED, SourceState.NEEDS_REAUTH)
    ):
        with transaction.atomic():
            start_if_due(source, now)


def start_if_due(source, now):
    """Move the source's slot on; whoever moves it starts the pull, unless one is at work."""
    taken = Source._base_manager.filter(pk=source.pk, next_pull_at=source.next_pull_at)
    if not taken.update(next_pull_at=upcoming(source, now)):
        return
    today = now.astimezone(ZoneInfo(source.time_zone)).date()
    first, last = days_to_pull(today, source.look_back_days, bool(source.config.get("includes_today")))
    _queue(source, first, last, RunTrigger.SCHEDULE)


def _queue(source, day_from, day_to, trigger):
    """The run and its job; None while another run of the source is at work (the database allows only one)."""
    for stuck in PullRun._base_manager.filter(source=source, state__in=UNFINISHED):
        if Job.objects.filter(pk=stuck.job_id, state__in=(JobState.QUEUED, JobState.RUNNING)).exists():
            return None
        give_up(stuck)
    run = PullRun(workspace_id=source.workspace_id, source=source, day_from=day_from, day_to=day_to, trigger=trigger)
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        return None
    swap(run, job_id=enqueue("analytics.pull", workspace_id=source.workspace_id, run_id=run.pk).pk)
    return run


def tidy_pulls(now):
    """Scheduled pulls that changed nothing are forgotten after two weeks."""
    old = now - timedelta(days=KEEP_DAYS)
    quiet = PullRun.objects.filter(trigger=RunTrigger.SCHEDULE, state=RunState.DONE, changed=0)
    quiet.filter(finished_at__lt=old).delete()


def pull(run):
    """Work through the pages of a run from its cursor on. Called by the job; safe to call again after any death."""
    if run.state not in UNFINISHED:
        return
    begin(run)
    try:
        fault = _pages(run)
    except json_api.Throttled as throttled:
        raise TryLater(throttled.seconds, str(throttled)) from throttled
    except json_api.NeedsReauth as refused:
        end(run, RunState.FAILED, str(refused), source_state=SourceState.NEEDS_REAUTH)
    except FetchFailed as failed:
        _count_failure(run, failed)
        raise
    except PharosError as wrong:
        end(run, RunState.PARTIAL if run.pages else RunState.FAILED, str(wrong), source_state=SourceState.FAILING)
    else:
        finish(run, fault)


@transaction.atomic
def begin(run):
    """The run is at work in this attempt."""
    held = _held()
    swap(run, state=RunState.RUNNING, attempt=held.attempt if held else 1, started_at=run.started_at or timezone.now())


def _pages(run):
    """Fetch and store page after page; return the fault that ended them early, or None."""
    started, credentials = time.monotonic(), decrypt(run.source.credentials)
    memory = run.cursor or {"next": None, "pages": [], "cursors": [], "kept": 0, "first": True}
    while memory["first"] or memory["next"]:
        page = json_api.fetch_page(run.source.config, credentials, run.day_from, run.day_to, memory["next"])
        fault = _fault(run, memory, page)
        if fault:
            return fault
        _store(run, memory, page)
        failpoint("pull_after_page")
        if memory["next"] and time.monotonic() - started > STRETCH_SECONDS:
            raise TryLater(0, "more pages")
    return None


def _fault(run, memory, page):
    return fault_of_page(
        page_hash=_hash(page.rows),
        seen=memory["pages"],
        cursor_hash=_hash(page.cursor) if page.cursor else "",
        cursors=memory["cursors"],
        has_rows=bool(page.rows),
        total=page.total,
        first_total=run.expected_rows,
        pages=run.pages,
    )


@transaction.atomic
def _store(run, memory, page):
    """One page in one transaction: figures, cursor, counts and lease; `memory` moves on only if it commits."""
    _held(progress=True)
    changed, kept = _deliver(run, page)
    failpoint("pull_before_cursor")
    after = {
        "next": page.cursor,
        "pages": [*memory["pages"], _hash(page.rows)],
        "cursors": [*memory["cursors"], *([_hash(page.cursor)] if page.cursor else [])],
        "kept": memory["kept"] + kept,
        "first": False,
    }
    swap(
        run,
        cursor=after,
        pages=run.pages + 1,
        rows=run.rows + len(page.rows),
        changed=run.changed + changed,
        expected_rows=page.total if page.total is not None else run.expected_rows,
    )
    failpoint("pull_before_commit")
    memory.update(after)


def _deliver(run, page):
    """Store the page's rows, each account's apart; return (figures changed, rows with figures)."""
    config, by_account = run.source.config, {}
    for raw in page.rows:
        row = json_api.read_row(config, raw)
        if row.values and run.day_from <= row.day <= run.day_to:
            by_account.setdefault((row.account_id, row.account), []).append(row)
    changed = 0
    for (account_id, name), rows in by_account.items():
        link = link_of(run.source, account_id, name, next((row.currency for row in rows if row.currency), ""))
        done = deliver(
            SYSTEM,
            account_link=link,
            level=config["level"],
            day_from=run.day_from,
            day_to=run.day_to,
            records=[_record(row) for row in rows],
            is_complete=False,
            owns=False,
            origin_id=run.pk,
            repeated="last",
            marks=True,
        )
        changed += done.changed
    return changed, sum(map(len, by_account.values()))


def _record(row):
    return Record(
        row.level, row.external_id, row.name, None, row.day, row.day, None, "", row.currency or None, row.values
    )


def link_of(source, account_id, name, currency, platform=""):
    """The link to the ad account the rows belong to; a new account is made with the source's zone."""
    platform = platform or source.platform
    told = source.config.get("account") or {}
    account_id, name = account_id or told.get("id", ""), name or told.get("name", "") or source.name
    known = AdAccount._base_manager.filter(workspace_id=source.workspace_id, platform=platform)
    account = known.filter(external_id=account_id).first() if account_id else None
    account = account or known.filter(name=name).first()
    if account is None:
        account = create_ad_account(
            Actor.system(source.workspace),
            platform=platform,
            name=name,
            external_id=account_id,
            currency=currency or source.workspace.currency,
            time_zone=source.time_zone,
            counting_level=source.config["level"],
        )
    link, _made = AccountLink.objects.get_or_create(
        source=source, ad_account=account, defaults={"workspace_id": source.workspace_id}
    )
    return link


def finish(run, fault):
    """A whole run closes its scope: what the platform no longer has vanishes. A run with a fault is partial."""
    fault = fault or _fault_of_whole(run)
    if fault:
        end(run, RunState.PARTIAL, fault.sentence, source_state=SourceState.FAILING)
        return
    with transaction.atomic():
        _held()
        for link in AccountLink.objects.filter(source=run.source).select_related("ad_account", "source"):
            _supersede(link, run)
            close_scope(
                SYSTEM,
                account_link=link,
                level=run.source.config["level"],
                day_from=run.day_from,
                day_to=run.day_to,
                origin_id=run.pk,
            )
        end(run, RunState.DONE, "", source_state=SourceState.CONNECTED)


def _fault_of_whole(run):
    kept = (run.cursor or {}).get("kept", 0)
    marked = Fact.objects.filter(account_link__source=run.source, origin_id=run.pk)
    marked = marked.filter(date_from__gte=run.day_from, date_from__lte=run.day_to)
    distinct = marked.order_by().values("object_id", "date_from").distinct().count()
    return fault_of_run(rows=run.rows, expected=run.expected_rows, kept=kept, distinct=distinct)


def _supersede(link, run):
    """What earlier deliveries said of these days alone is said anew: one line a scope, however often it is pulled."""
    said = link.deliveries.filter(level=run.source.config["level"], breakdown="")
    said.filter(day_from__gte=run.day_from, day_to__lte=run.day_to).delete()


@transaction.atomic
def end(run, state, error, *, source_state):
    """Write how the run ended, on the run and on its source (a paused source stays paused)."""
    _held()
    now = timezone.now()
    swap(run, state=state, error=error, finished_at=now)
    source = Source.objects.get(pk=run.source_id)
    changes = {"last_error": error}
    if source.state != SourceState.PAUSED:
        changes["state"] = source_state
    if state == RunState.DONE:
        changes["last_success_at"] = now
    if source_state == SourceState.NEEDS_REAUTH:
        changes["next_pull_at"] = None
    was = source.state
    swap(source, **changes)
    if source_state == SourceState.NEEDS_REAUTH and was != SourceState.NEEDS_REAUTH:
        record(Actor.system(source.workspace), "analytics.source_needs_reauth", source)
    if state == RunState.DONE:
        _prove(source, run, now)


def _prove(source, run, now):
    """Figures came: there is access to the source and to the accounts it delivers."""
    accounts = AccountLink.objects.filter(source=source).values_list("ad_account_id", flat=True)
    subjects = {"analytics.source": [source.pk], "placements.adaccount": list(accounts)}
    prove_by_pull(Actor.system(source.workspace), subjects=subjects, run_id=run.pk, at=now)


def _count_failure(run, failed):
    """The job will try again; the last of its tries ends the run."""
    held = claim()
    if held is None or held.is_last:
        end(run, RunState.PARTIAL if run.pages else RunState.FAILED, str(failed), source_state=SourceState.FAILING)


def give_up(run):
    """The job is dead: so is its run."""
    if run.state in UNFINISHED:
        swap(
            run, state=RunState.DEAD, finished_at=timezone.now(), error=run.error or _("Given up after five attempts.")
        )


def revive(run):
    """The job of a run that was given up gets its tries back: the run waits again, unless another is at work."""
    try:
        with transaction.atomic():
            swap(run, state=RunState.QUEUED, finished_at=None, error="")
    except IntegrityError as error:
        raise RuleBroken(_("A pull of this source is at work already."), code="already_running") from error


def _held(*, progress=False):
    """Extend the lease of the job at work and check that it is still ours (LostLease otherwise); None in a shell."""
    held = claim()
    if held:
        held.held(progress=progress)
    return held


def _hash(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
