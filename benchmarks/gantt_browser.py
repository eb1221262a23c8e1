"""The Gantt of 5,000 tasks in a real Chromium: nodes, milliseconds to draw, work per frame while scrolling, zoom.

Main-thread work is read from a trace: what the tasks of the renderer's main thread took between two frames. Prints one
JSON line a figure; needs Chromium (PHAROS_CHROMIUM) and nothing else: it brings its own server and data.
"""

import json
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
os.environ.pop("DATABASE_URL", None)

import django

django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.testcases import LiveServerThread  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from benchmarks.measure import line  # noqa: E402
from benchmarks.plans import add_work  # noqa: E402
from tests import conftest, factories  # noqa: E402

TASKS, FRAMES = 5000, 120
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
CHROMIUM = os.environ.get("PHAROS_CHROMIUM", "/usr/bin/chromium")
GANTT = "document.querySelector('.gantt').gantt"
SCROLL = """([axis, step, frames]) => new Promise((done) => {
  const box = document.querySelector("[data-chart]"); let n = 0; const times = []; let last;
  const next = (now) => { if (last) times.push(now - last); last = now; box[axis] += step;
    if (n++ < frames) requestAnimationFrame(next); else done(times); };
  requestAnimationFrame(next); })"""
ZOOM = """() => new Promise((done) => { const {chart} = document.querySelector(".gantt").gantt; const times = [];
  const steps = [2, 5, 8, 3, 9, 6, 4, 7];
  const next = () => { const step = steps.pop(); if (step === undefined) return done(times);
    const start = performance.now(); chart.zoom(step); chart.box.offsetHeight; times.push(performance.now() - start);
    requestAnimationFrame(() => requestAnimationFrame(next)); }; next(); })"""


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def plan():
    """A signed-in owner and the address of a plan of TASKS tasks."""
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        today = timezone.localdate()
        days = {"start_date": today - timedelta(days=60), "finish_date": today + timedelta(days=200)}
        campaign = factories.campaign(world.workspace, world.owner, **days)
        add_work(world.actor, campaign, TASKS, [world.owner])
    client = Client()
    client.force_login(world.owner)
    return client.cookies["sessionid"].value, f"{world.w}/c/{campaign.code}/tasks/gantt/"


def work_per_frame(browser, page, argument):
    """(milliseconds of the main thread per frame, share of dropped frames) of one run of scrolling."""
    with tempfile.TemporaryDirectory() as folder:
        browser.start_tracing(page=page, path=f"{folder}/trace.json", categories=TRACED)
        gaps = page.evaluate(SCROLL, argument)
        browser.stop_tracing()
        events = json.loads(Path(folder, "trace.json").read_text())["traceEvents"]
    dropped = sum(1 for gap in gaps if gap > 25) / max(1, len(gaps)) * 100
    return frames_of(events), dropped


def frames_of(events):
    """Milliseconds of work between one animation frame and the next on the thread that fires them."""
    fired = sorted((e["ts"], e["pid"], e["tid"]) for e in events if e.get("name") == "FireAnimationFrame")
    if len(fired) < 3:
        return []
    _ts, pid, tid = fired[0]
    tasks = [e for e in events if e.get("name") == "RunTask" and e["pid"] == pid and e["tid"] == tid and "dur" in e]
    starts = [ts for ts, p, t in fired if (p, t) == (pid, tid)]
    work = [0.0] * (len(starts) - 1)
    at = 0
    for task in sorted(tasks, key=lambda e: e["ts"]):
        middle = task["ts"] + task["dur"] / 2
        while at < len(work) and middle >= starts[at + 1]:
            at += 1
        if at < len(work) and middle >= starts[at]:
            work[at] += task.get("tdur", task["dur"]) / 1000
    return work[5:]


def show(url, session, path):
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.goto(path)
        page.wait_for_selector(".gantt[data-ready]", timeout=60_000)
        figures(browser, page)
        browser.close()


def figures(browser, page):
    emit("chart of 5,000 tasks: nodes", page.evaluate("document.querySelectorAll('*').length"), "nodes", "<= 1000")
    drawn = page.evaluate(
        f"() => {{ const gantt = {GANTT}; const start = performance.now(); gantt.show();"
        " gantt.chart.box.offsetHeight; return performance.now() - start; }"
    )
    emit("chart of 5,000 tasks: rows arranged and drawn", drawn, "ms", "-")
    page.evaluate(f"{GANTT}.chart.zoom(6)")
    for name, argument in (("down", ["scrollTop", 64, FRAMES]), ("sideways", ["scrollLeft", 24, FRAMES])):
        work, dropped = work_per_frame(browser, page, argument)
        emit(f"chart of 5,000 tasks: scroll {name}, main thread p95", percentile(work, 0.95), "ms a frame", "<= 8")
        emit(f"chart of 5,000 tasks: scroll {name}, dropped frames", dropped, "%", "<= 5")
    emit("chart of 5,000 tasks: zoom, longest", max(page.evaluate(ZOOM)), "ms", "<= 50")
    emit(
        "chart of 5,000 tasks: nodes afterwards",
        page.evaluate("document.querySelectorAll('*').length"),
        "nodes",
        "<= 1000",
    )


def emit(figure, value, unit, bar):
    line(figure, value, unit, bar, db="sqlite")


def main():
    old = setup_databases(verbosity=0, interactive=False)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override=shared())
    server.daemon = True
    try:
        session, path = plan()
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        show(f"http://127.0.0.1:{server.port}", session, path)
    finally:
        server.terminate()
        teardown_databases(old, verbosity=0)


def shared():
    """The in-memory database of this process, handed to the server's thread."""
    found = {}
    for alias in django.db.connections:
        connection = django.db.connections[alias]
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            connection.inc_thread_sharing()
            found[alias] = connection
    return found


if __name__ == "__main__":
    main()
