"""REST: lists of 100 at two sizes of the table, a single GET, a create."""

import json
from functools import partial

from django.urls import reverse

from benchmarks.measure import cpu_ms, emit, queries
from benchmarks.world import add_placements, in_batches, kpi
from campaigns.models import Campaign, Goal
from tasks.models import Task
from tests import factories

LISTS = ("placements", "campaigns", "kpis", "tasks")


def measure(world, options):
    """Measure small, grow the tables, measure again."""
    small, large = 1000, 10_000 if options.quick else 100_000
    add_campaigns(world, small - 1)
    before = {name: measured_list(world, name, small) for name in LISTS}
    single(world)
    create(world)
    grow(world, small, large)
    for name in LISTS:
        measured_list(world, name, large, before[name])


def ask(world, path):
    """One GET that must succeed, for a measured call must not be an error page."""
    response = world.rest.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}: {response.content[:300]!r}")
    return response


def measured_list(world, name, size, before=None):
    """Emit queries, CPU-ms and KB of a list of 100; returns the CPU-ms."""
    path = reverse(f"api:{name}-list") + "?limit=100"
    asked = queries(lambda: ask(world, path))
    spent = cpu_ms(lambda: ask(world, path), runs=15)
    emit(f"rest list {name} of {size:,}: queries", asked, "queries", "<= 8")
    emit(f"rest list {name} of {size:,}: cpu", spent, "CPU-ms", "<= 25, flat", before)
    emit(f"rest list {name} of {size:,}: size", len(ask(world, path).content) / 1024, "KB", "-")
    return spent


def single(world):
    for name in LISTS:
        first = json.loads(ask(world, reverse(f"api:{name}-list") + "?limit=1").content)["results"][0]
        path = reverse(f"api:{name}-detail", args=[first["id"]])
        emit(f"rest get {name}: queries", queries(lambda path=path: ask(world, path)), "queries", "<= 6")
        emit(f"rest get {name}: cpu", cpu_ms(lambda path=path: ask(world, path)), "CPU-ms", "<= 8")


def create(world):
    campaign, goal = world.campaign, Goal.objects.filter(campaign=world.campaign).first()
    days = {"start_date": str(campaign.start_date), "finish_date": str(campaign.finish_date)}
    bodies = {
        "campaigns": {"name": "Bench", **days, "currency": "CNY", "time_zone": "Asia/Shanghai"},
        "kpis": {"goal": str(goal.pk), "name": "Bench", "metric": "clicks", "target_value": "100", **days},
        "placements": {"campaign": campaign.code, "name": "Bench", "channel": "sem", "flights": [days]},
    }
    for name, body in bodies.items():
        call = partial(post, world, reverse(f"api:{name}-list"), body)
        emit(f"rest create {name}: queries", queries(call), "queries", "<= 15")
        emit(f"rest create {name}: cpu", cpu_ms(call, runs=10), "CPU-ms", "-")


def post(world, path, body):
    """One POST that must succeed."""
    response = world.rest.post(path, body, content_type="application/json")
    if response.status_code != 201:
        raise SystemExit(f"{path} answered {response.status_code}: {response.content[:300]!r}")


def add_campaigns(world, count, start=0):
    owner, workspace = world.actor.user, world.workspace
    days = {"start_date": world.campaign.start_date, "finish_date": world.campaign.finish_date}
    base = {"workspace": workspace, "owner": owner, "currency": "CNY", "time_zone": "Asia/Shanghai", **days}
    in_batches(Campaign, (Campaign(**base, name=f"Other {n}", code=f"O{n}") for n in range(start, start + count)))


def grow(world, small, large):
    """More rows of each: those of plan lines in campaigns of their own, so that no single campaign is absurd."""
    add_campaigns(world, large - small, start=small)
    home = world.campaign
    for part in range(10):
        world.campaign = factories.campaign(
            world.workspace, world.actor.user, start_date=home.start_date, finish_date=home.finish_date
        )
        goal = Goal.objects.create(workspace=world.workspace, campaign=world.campaign, title="Goal")
        add_placements(world, (large - small) // 10, start=part)
        in_batches(type(kpi(world, goal, 0)), (kpi(world, goal, n) for n in range((large - small) // 10)))
        base = {"workspace": world.workspace, "campaign": world.campaign}
        in_batches(Task, (Task(**base, title=f"Task {n}", position=n) for n in range((large - small) // 10)))
    world.campaign = home
