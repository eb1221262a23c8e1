"""A move in a plan of 10,000 tasks from the request of the act to its last row: reading, working out, writing."""

import random
from datetime import timedelta

from django.db import transaction

from benchmarks.measure import cpu_ms, emit, queries
from tasks import actions
from tasks.actions.loading import Loaded
from tasks.models import Dependency, Task
from tasks.schedule import solve
from tests import factories

TASKS, GROUPS, QUICK = 10_000, 100, 2_000


def measure(world, options):
    """Read the plan; move a task that disturbs nobody, and one with nearly all of them behind it, there and back."""
    count = QUICK if options.quick else TASKS
    campaign = fill(world, count)
    runs = 3 if options.quick else 5
    with transaction.atomic():
        plan = actions.work_plan_of(world.actor, campaign)
    emit(f"plan: read {count:,} tasks and their links", cpu_ms(lambda: Loaded(plan), runs), "CPU-ms", None)
    read = Loaded(plan).plan
    engine = cpu_ms(lambda: solve(read).rows, runs)
    emit(f"plan: work {count:,} tasks out", engine, "CPU-ms", "<= 50")
    rows = Task.objects.filter(campaign=campaign, parent__isnull=False).order_by("start_date", "pk")
    with_room = rows.filter(free_float__gt=20).first()
    for name, task in (("a task with room", with_room), ("the first task", rows.first())):
        move_there_and_back(world, task, f"plan: move {name} in {count:,}", engine, runs)


def move_there_and_back(world, task, figure, engine, runs):
    days = [task.start_date + timedelta(days=7), task.start_date]
    turn = iter(range(10_000))
    written = []

    def move():
        day = days[next(turn) % 2]
        now = Task.objects.get(pk=task.pk)
        outcome = actions.move_task(world.actor, task=now, start_date=day, buffer="use")
        written.append(len(outcome.changes))

    emit(figure, cpu_ms(move, runs * 2), "CPU-ms", None, engine)
    emit(f"{figure}: rows moved", max(written), "rows", None)
    emit(f"{figure}: queries", queries(move), "queries", None)


def fill(world, count):
    """A campaign of groups of ten times ten tasks, each waiting for an earlier one near by."""
    chance = random.Random(1)
    campaign = factories.campaign(world.workspace, world.actor.user, state="live")
    own = {"workspace_id": campaign.workspace_id, "campaign_id": campaign.pk}
    groups = [Task(title=f"Group {n}", position=n, **own) for n in range(GROUPS)]
    Task.objects.bulk_create(groups)
    tasks = [
        Task(
            title=f"Task {n}", parent=groups[n * GROUPS // count], duration_days=chance.randint(1, 5), position=n, **own
        )
        for n in range(count)
    ]
    Task.objects.bulk_create(tasks, batch_size=1000)
    pairs = [(tasks[max(0, n - chance.randint(1, 400))], tasks[n]) for n in range(1, count)]
    links = [Dependency(predecessor=before, successor=after, **own) for before, after in pairs]
    Dependency.objects.bulk_create(links, batch_size=1000)
    actions.refresh_plan(world.actor, campaign=campaign)
    return campaign
