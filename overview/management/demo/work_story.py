"""The demo's work told by the product's own acts: tasks and links, the signed baseline, what slipped since."""

from datetime import timedelta

from campaigns import actions as plan
from overview.management.demo import work as content
from overview.management.demo.work import BASELINE, SLIPS, WORK
from raci import actions as matrix
from raci.models import RaciHolder, RaciRow
from tasks import actions as work
from tasks.actions.checklist import add_checklist_item
from tasks.actions.deliverables import add_deliverable
from tasks.actions.problems import raise_problem
from tasks.actions.recurrences import create_recurrence
from tasks.actions.tags import create_tag
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
    for entry in WORK:
        if entry.fixed:
            _fix(stage, _again(made[entry.key]), *map(stage.day, entry.fixed))
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
    return work.create_task(stage.actor, campaign=campaign, title=entry.title, **values).task


def _fix(stage, task, first, last):
    """Let a milestone stay where its predecessors end, so that on any day of the year what slips runs into it."""
    work.update_task(stage.actor, task=task, is_fixed=True, start_date=min(max(task.start_date, first), last))


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


def team_of(stage):
    """What each function does and where that ends, whom to ask about what, and who stands in next week."""
    winter = stage.campaigns["winter"]
    for place, (function, duties, boundary) in enumerate(content.FUNCTIONS):
        plan.add_function(
            stage.actor, campaign=winter, function=function, duties=duties, boundary=boundary, position=place
        )
    for topic, who, deputy, hours in content.CONTACTS:
        plan.add_contact_point(
            stage.actor,
            campaign=winter,
            topic=topic,
            user=stage.people[who],
            deputy=stage.people[deputy],
            reach="Feishu 飞书",
            reply_hours=hours,
        )
    member = winter.members.get(user=stage.people["na"])
    days = {"start_date": stage.day(4), "finish_date": stage.day(8)}
    plan.add_delegation(stage.actor, member=member, delegate=stage.people["wei"], note="Trade fair 参展", **days)


def details_of(stage):
    """Checklists, deliverables, tags, a weekly meeting, and the problem that stands in the way."""
    winter = stage.campaigns["winter"]
    for key, lines in content.CHECKLIST.items():
        for line in lines:
            add_checklist_item(stage.actor, task=_again(stage.tasks[key]), text=line)
    for key, names in content.DELIVERABLES.items():
        for name in names:
            add_deliverable(stage.actor, task=_again(stage.tasks[key]), name=name)
    tags = {name: create_tag(stage.actor, campaign=winter, name=name) for name in set(content.TAGS.values())}
    for key, name in content.TAGS.items():
        work.update_task(stage.actor, task=_again(stage.tasks[key]), tags=[tags[name]])
    title, rule, who = content.RECURRING
    create_recurrence(
        stage.actor,
        campaign=winter,
        title=title,
        rule=rule,
        start_date=stage.day(1),
        finish_date=winter.finish_date,
        assignees=[stage.people[who]],
    )
    key, text, who, days = content.PROBLEM
    about = {"subject": _again(stage.tasks[key]), "solver": stage.people[who], "due_date": stage.day(days)}
    raise_problem(stage.actor, campaign=winter, text=text, **about)


def matrix_of(stage):
    """Who is R, A, C and I: one row nobody answers for, one that two answer for."""
    winter = stage.campaigns["winter"]
    for function, *_words in content.FUNCTIONS:
        matrix.add_holder(stage.actor, campaign=winter, kind="function", function=function)
    holders = {each.function: each.pk for each in RaciHolder.objects.of(winter)}
    matrix.add_from_plan(stage.actor, campaign=winter, tasks=[_again(stage.tasks[key]) for key, _ in content.LETTERS])
    rows = dict(RaciRow.objects.of(winter).values_list("task_id", "pk"))
    cells = [
        matrix.Change(rows[stage.tasks[key].pk], holders[function], "/".join(letters))
        for key, row in content.LETTERS
        for function, letters in row.items()
    ]
    matrix.set_letters(stage.actor, campaign=winter, changes=cells)
