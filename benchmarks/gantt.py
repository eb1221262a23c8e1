"""The Gantt: the feed of 10,000 tasks in CPU-ms and bytes, and a chart of 5,000 in a real Chromium."""

import os
import subprocess
import sys
from pathlib import Path

from django.urls import reverse

from benchmarks.measure import cpu_ms, emit, queries, settle
from benchmarks.plans import add_work
from tests import factories

TASKS = 10_000


def measure(world, options):
    """The feed on this database; the browser once, on SQLite."""
    campaign = factories.campaign(
        world.workspace, world.actor.user, start_date=world.campaign.start_date, finish_date=world.campaign.finish_date
    )
    add_work(world.actor, campaign, TASKS, [world.actor.user])
    settle()
    path = reverse("api:work-plan-feed", args=[campaign.pk])
    answer = _ask(world, path)
    emit("gantt feed of 10,000 tasks: size", len(answer.content) / 1024, "KB", "<= 1024")
    emit("gantt feed of 10,000 tasks: cpu", cpu_ms(lambda: _ask(world, path), runs=15), "CPU-ms", "<= 60")
    emit("gantt feed of 10,000 tasks: queries", queries(lambda: _ask(world, path)), "queries", "-")
    unchanged = {"If-None-Match": answer["ETag"]}
    emit("gantt feed unchanged: cpu", cpu_ms(lambda: _ask(world, path, 304, **unchanged), runs=15), "CPU-ms", "-")
    if options.db != "postgresql" and not os.environ.get("DATABASE_URL"):
        chromium()


def _ask(world, path, status=200, **headers):
    """One GET that must answer as expected."""
    response = world.rest.get(path, headers=headers)
    if response.status_code != status:
        raise SystemExit(f"{path} answered {response.status_code}: {response.content[:300]!r}")
    return response


def chromium():
    """The browser's figures come from a process of its own: a server, a browser, a plan of 5,000 tasks."""
    script = Path(__file__).with_name("gantt_browser.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    for text in done.stdout.splitlines():
        if text.startswith("{"):
            print(text, flush=True)
    if done.returncode:
        print(f"The chart was not measured: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
