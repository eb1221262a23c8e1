"""A plan of many tasks: six phases, packages of a dozen, chains with lags, people, channels, a baseline."""

from datetime import timedelta

from django.db import transaction

from campaigns.models import Channel, Phase
from tasks import actions
from tasks.models import Dependency, Task

PHASES = ("启动与目标分解", "团队与职责", "资源与物料", "内容制作与审核", "渠道投放", "数据监测与优化")
TITLES = (
    "策划案宣讲会",
    "受众画像确认",
    "核心信息文案",
    "KV 主视觉设计",
    "H5 落地页开发",
    "短视频脚本",
    "媒体排期确认",
)
PACKAGE = 12


def add_work(actor, campaign, count, people):
    """`count` tasks with as many links as the chains have, their days worked out by the product's own act."""
    base = {"workspace_id": campaign.workspace_id, "campaign": campaign}
    days = {"start_date": campaign.start_date, "finish_date": campaign.finish_date}
    phases = [Phase(**base, **days, name=f"{n + 1} · {name}", position=n) for n, name in enumerate(PHASES)]
    Phase.objects.bulk_create(phases)
    channels = list(Channel.objects.filter(workspace_id=campaign.workspace_id)[:4])
    tasks, links = _rows(base, campaign, phases, channels, count)
    Task.objects.bulk_create(tasks, batch_size=500)
    Dependency.objects.bulk_create(
        (Dependency(**base, predecessor=a, successor=b, lag_days=lag) for a, b, lag in links)
    )
    through = Task.assignees.through
    assigned = (through(task=task, user=people[n % len(people)]) for n, task in enumerate(tasks))
    through._base_manager.bulk_create(assigned, batch_size=500)
    with transaction.atomic():
        actions.replan(actor, actions.work_plan_of(actor, campaign))
    return tasks


def _rows(base, campaign, phases, channels, count):
    """Tasks in packages below phases; each waits for the one before it in its package."""
    tasks, links, share = [], [], -(-count // len(phases))
    package = before = None
    for n in range(count):
        phase, place = phases[n // share], n % share
        values = {"phase": phase, "position": n, "channel": channels[n % len(channels)] if n % 3 else None}
        if place % PACKAGE == 0:
            package = before = None
        if place % PACKAGE == 1 and share - place > PACKAGE:
            package = Task(**base, **values, title=f"工作包 {n}")
            tasks.append(package)
            continue
        is_last = place == share - 1
        title = f"里程碑 {phase.name}" if is_last else f"{TITLES[n % len(TITLES)]} #{n}"
        task = Task(
            **base,
            **values,
            parent=None if is_last else package,
            title=title,
            kind="milestone" if is_last else "task",
            duration_days=0 if is_last else 1 + n % 5,
            progress=n % 10 * 10 if n < share else 0,
        )
        if before is None:
            start = campaign.start_date + timedelta(days=place % 120 + 20 * (n // share))
            task.constraint, task.constraint_date = "snet", start
        else:
            links.append((before, task, n % 2))
        tasks.append(task)
        before = task
    return tasks, links
