"""The demo's work told by the product's own acts: tasks and links, the signed baseline, what slipped since."""

from datetime import timedelta

from overview.management.demo.work import BASELINE, SLIPS, WORK
from tasks import actions as work
from tasks.models import Task


def tasks_of(stage):
    """The plan as it was signed, then what slipped, then what people reported up to today."""
    winter = stage.campaigns["winter"]
    work.update_work_plan(stage.actor, campaign=winter, start_date=winter.start_date)
    made = {}
    for entry in WORK:
        made[entry.key] = _task(stage, winter, made, entry)
    for entry in WORK:
        for link in filter(None, entry.after.split(";")):
            _link(stage, made[entry.key], made, link)
    work.take_baseline(stage.actor, campaign=winter, name=BASELINE)
    for key, days in SLIPS:
        task = _again(made[key])
        work.update_task(stage.actor, task=task, duration_days=task.duration_days + days)
    report(stage, winter)
    stage.tasks = made


def _task(stage, campaign, made, entry):
    phases = list(campaign.phases.order_by("start_date"))
    values = {
        "phase": phases[entry.phase],
        "kind": "milestone" if not entry.days and not any(entry.key == each.parent for each in WORK) else "task",
        "duration_days": entry.days,
        "assignees": [stage.people[entry.who]] if entry.who else [],
        "effort_hours": entry.hours or None,
        "channel": stage.channels.get(entry.channel),
        "kpis": list(campaign.kpis.filter(metric__code=entry.metric)) if entry.metric else [],
        "parent": made.get(entry.parent),
    }
    if entry.fixed is not None:
        values |= {"is_fixed": True, "start_date": stage.day(entry.fixed)}
    return work.create_task(stage.actor, campaign=campaign, title=entry.title, **values).task


def _link(stage, task, made, text):
    """One predecessor as the content writes it: `kv`, or `kv:SS+2`."""
    key, _colon, kind = text.partition(":")
    name, _plus, lag = kind.partition("+")
    work.link_tasks(
        stage.actor, predecessor=_again(made[key]), successor=_again(task), kind=name or "FS", lag_days=int(lag or 0)
    )


def _again(task):
    """The task as it stands by now."""
    return Task.objects.select_related("campaign", "workspace").get(pk=task.pk)


def report(stage, campaign):
    """What is over is done as planned; what runs today has come as far as its days."""
    rows = Task.objects.of(campaign).filter(is_summary=False, start_date__lte=stage.today).order_by("start_date")
    for row in list(rows.select_related("campaign", "workspace")):
        row = _again(row)
        if row.finish_date < stage.today:
            values = {"state": "done", "progress": 100, "actual_finish": row.finish_date}
        elif row.start_date < stage.today:
            gone = (stage.today - row.start_date) / (row.finish_date - row.start_date + timedelta(1))
            values = {"state": "in_progress", "progress": int(gone * 20) * 5}
        else:
            continue
        work.update_task(stage.actor, task=row, actual_start=row.start_date, **values)
