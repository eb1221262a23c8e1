"""The work plan of a campaign: its frame, and `replan`, in which every act ends that moves a date."""

from dataclasses import dataclass, field
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils import translation

from accounts.choices import LANGUAGES
from core.audit import record
from core.batch import write
from core.errors import Stale, require
from core.jobs import enqueue
from core.locks import locked
from tasks.actions.loading import Loaded, today_of
from tasks.actions.telling import ask_telling
from tasks.actions.tracing import Trace, shown
from tasks.choices import Direction
from tasks.models import Dependency, Task, WorkPlan
from tasks.permissions import can_schedule
from tasks.rules import checks, summaries
from tasks.schedule import project, solve
from tasks.schedule.reporting import missed_days, warnings_of

COMPUTED = ("start_date", "finish_date", "projected_start", "projected_finish", "total_float", "free_float")
COMPUTED += ("is_critical", "is_summary", "state", "progress", "actual_start", "actual_finish")
STORED = attrgetter(*COMPUTED)
MOST_WARNINGS = 100


@dataclass
class Outcome:
    """What an act did to the plan: the task it was about, whose days moved, what cannot be kept."""

    task: object = None
    changes: list = field(default_factory=list)  # {"id", "title", "start_date": [old, new], "finish_date": [old, new]}
    late_links: list = field(default_factory=list)  # ids of links that cannot be kept
    missed: list = field(default_factory=list)  # {"id", "code", "wanted", "day", "text"}
    conflicts: list = field(default_factory=list)  # {"code", "id", "text"}: what a move ran into
    activity: object = None  # the id of the logbook line, which undo goes by
    link: object = None


def work_plan_of(actor, campaign):
    """The campaign's work plan, locked until the transaction ends; made when it is first needed.

    Every act on tasks begins with it, before it writes any task: so two acts on one campaign never wait for each other
    in a circle.
    """
    plans = WorkPlan.objects.filter(campaign_id=campaign.pk)
    found = locked(plans).first()
    if found is None:
        own = {"pk": campaign.pk, "workspace_id": campaign.workspace_id, "campaign": campaign}  # one id for both
        made = WorkPlan(start_date=campaign.start_date, **own)
        WorkPlan.objects.bulk_create([made], ignore_conflicts=True)
        found = locked(plans).get()
    found.campaign = campaign
    return found


def replan(actor, plan, trace=None):
    """Work out all dates of a plan anew and write the rows that changed, in one statement a table.

    `trace` is that of the act before it: its rows and the ones written here can be undone together.
    """
    require(can_schedule(actor, plan) or trace is not None)
    return _worked_out(work_plan_of(actor, plan.campaign), Trace() if trace is None else trace)


def _worked_out(held_plan, trace):
    loaded = Loaded(held_plan)
    return settle(loaded, loaded.plan, solve(loaded.plan), trace)


def settle(loaded, engine_plan, schedule, trace):
    """Write what a schedule says where the rows say something else; the Outcome."""
    today = today_of(loaded.work_plan.campaign)
    outcome = Outcome()
    _write_tasks(loaded, _computed(loaded, engine_plan, schedule, today), trace, outcome)
    _write_links(loaded, schedule, trace, outcome)
    outcome.missed = [_missed(each) for each in schedule.missed]
    _write_plan(loaded.work_plan, schedule, today, is_changed=bool(trace))
    return outcome


def _computed(loaded, engine_plan, schedule, today):
    """{id: values of COMPUTED} of all tasks that count."""
    projected = project(engine_plan, schedule, today)
    sums = summaries.summed(loaded.rows, loaded.children)
    found = {}
    for key, row in loaded.rows.items():
        dates, ends = schedule.rows[key], projected[key]
        own = sums.get(key) or (row.state, row.progress, row.actual_start, row.actual_finish)
        floats = dates.total_float, dates.free_float, dates.is_critical
        found[key] = (dates.start, dates.finish, ends.start, ends.finish, *floats, key in loaded.children, *own)
    return found


def _write_tasks(loaded, computed, trace, outcome):
    changed = [(row, computed[key]) for key, row in loaded.rows.items() if computed[key] != STORED(row)]
    if write(Task, COMPUTED, ((row.id, row.lock_version, *values) for row, values in changed)) < len(changed):
        raise Stale()
    for row, values in changed:
        trace.note("tasks.task", row.id, row.lock_version, row.lock_version + 1)
        before = trace.before("tasks.task", row.id)
        old = [_day(before.get(name, getattr(row, name))) for name in ("start_date", "finish_date")]
        if old != list(map(_day, values[:2])):
            days = zip(old, map(_day, values[:2]), strict=True)
            start, finish = (list(pair) for pair in days)
            outcome.changes.append({"id": row.id, "title": row.title, "start_date": start, "finish_date": finish})


def _day(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _write_links(loaded, schedule, trace, outcome):
    late = {(link.predecessor, link.successor) for link in schedule.late_links}
    changed = []
    for link in loaded.links:
        is_late = (link.predecessor_id, link.successor_id) in late
        if is_late:
            outcome.late_links.append(UUID(link.id))
        if is_late != link.is_late:
            key = UUID(link.id)
            changed.append((key, link.lock_version, is_late))
            trace.note("tasks.dependency", key, link.lock_version, link.lock_version + 1)
    if write(Dependency, ("is_late",), changed) < len(changed):
        raise Stale()


def _missed(each):
    wanted, day = _day(each.wanted), _day(each.day)
    return {"id": each.key, "code": each.code, "wanted": wanted, "day": day, "text": each.text}


def _write_plan(plan, schedule, today, *, is_changed):
    """Count the plan up with every change, for whoever draws it asks by its counter."""
    warnings = _warnings(schedule)
    if is_changed or warnings != plan.warnings or plan.projected_on != today:
        values = [(plan.pk, plan.lock_version, warnings, today)]
        if not write(WorkPlan, ("warnings", "projected_on"), values):
            raise Stale()
        plan.warnings, plan.projected_on = warnings, today
        plan.lock_version += 1


def _warnings(schedule):
    """What the plan has to say, in every language: the reader's is chosen when it is read."""
    spoken = {}
    for language in LANGUAGES:
        with translation.override(language):
            missed = missed_days(schedule)
            sentences = warnings_of(schedule)
            spoken[language] = [(each.code, str(each.key or ""), each.text) for each in missed]
            spoken[language] += [("plan", "", sentence) for sentence in sentences]
    first = spoken[LANGUAGES[0]]
    return [
        {"code": code, "task": key, "text": {language: spoken[language][n][2] for language in LANGUAGES}}
        for n, (code, key, _text) in enumerate(first[:MOST_WARNINGS])
    ]


def finish_act(actor, plan, trace, verb, subject, *, changes=None, can_undo=True, moves_dates=True, outcome=None):
    """End an act on the plan: work out the dates, write the line that undo goes by, and say what came of it.

    Without `moves_dates` the plan is only counted up, for whoever shows it; with `outcome` the dates are settled.
    """
    if outcome is None:
        outcome = _worked_out(plan, trace) if moves_dates else _counted(plan)
    inverse = trace.inverse() if can_undo and trace else None
    line = record(actor, verb, subject, changes=shown(changes or {}), campaign_id=plan.campaign_id, inverse=inverse)
    outcome.activity = line.pk
    ask_telling(plan, trace.given)
    return outcome


def _counted(plan):
    write(WorkPlan, (), [(plan.pk, plan.lock_version)])
    return Outcome()


@transaction.atomic
def refresh_plan(actor, *, campaign):
    """Work a plan out anew because the day or a calendar changed; the logbook tells when dates moved."""
    plan = work_plan_of(actor, campaign)
    trace = Trace()
    outcome = replan(actor, plan, trace)
    if outcome.changes:
        moved = {"tasks": [None, len(outcome.changes)]}
        record(actor, "tasks.plan_refreshed", campaign, changes=moved)
    return outcome


def ask_refresh(plan, key=None):
    """Have a plan worked out anew in the background."""
    enqueue("tasks.replan", workspace_id=plan.workspace_id, key=key, campaign_id=plan.campaign_id)


@transaction.atomic
def update_work_plan(actor, *, campaign, seen=None, dry_run=False, **changes):
    """Change the frame of the work: `start_date`, `launch_date`, `direction`, `calendar`."""
    require(can_schedule(actor, campaign))
    if unknown := set(changes) - {"start_date", "launch_date", "direction", "calendar"}:
        raise TypeError(f"A work plan has no {', '.join(sorted(unknown))}.")
    plan = work_plan_of(actor, campaign)
    checks.check_days(changes)
    checks.check_frame(
        direction=changes.get("direction", plan.direction), launch_date=changes.get("launch_date", plan.launch_date)
    )
    trace = Trace()
    diff = trace.swap(plan, seen=seen, **changes)
    if not diff:
        return Outcome()
    return previewed(finish_act(actor, plan, trace, "tasks.plan_changed", campaign, changes=diff), dry_run)


def plan_back_from_launch(actor, *, campaign, launch_date, seen=None, dry_run=False):
    """Plan everything as late as possible so that it is done by the launch."""
    changes = {"direction": Direction.BACKWARD, "launch_date": launch_date}
    return update_work_plan(actor, campaign=campaign, seen=seen, dry_run=dry_run, **changes)


def previewed(outcome, dry_run):
    """An act that was only a question: everything it wrote is taken back with its transaction."""
    if dry_run:
        transaction.set_rollback(True)
        outcome.activity = None
    return outcome
