"""The Gantt of 5,000 tasks in a real Chromium: nodes, milliseconds to draw, work per frame while scrolling, zoom.

It is scrolled by a wheel that turns at an even speed, an event a frame. What follows is read from the browser's trace:
the work of the main thread from one frame to the next, and what became of each frame. One that brought nothing new to
the screen is dropped; one the rows of which came in the next is late. The same wheel over a plain page of the same size
is the baseline, for without a graphics card a busy machine drops frames by itself. The wheel turns TURNS times, and
those count in which the machine had its best pace. Prints one JSON line a figure; needs Chromium (PHAROS_CHROMIUM) and
nothing else: it brings its own server and data.
"""

import json
import os
import statistics
import sys
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
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

from benchmarks.measure import Spent, line, pace, quietest  # noqa: E402
from benchmarks.plans import add_work  # noqa: E402
from tests import conftest, factories  # noqa: E402

TASKS, FRAMES, PER_SECOND, TURNS = 5000, 120, 60, 9
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline.frame"]  # more would cost more itself
TASK = "ThreadControllerImpl::RunTask"
CHROMIUM = os.environ.get("PHAROS_CHROMIUM", "/usr/bin/chromium")
GANTT = "document.querySelector('.gantt').gantt"
BOX = "document.querySelector('[data-chart]')"
STEPS = {"down": ("y", 64), "sideways": ("x", 16)}  # pixels a frame
PLAIN = """({x, y, width, height}) => { const box = document.createElement("div"), body = document.createElement("div");
  box.dataset.chart = ""; document.body.append(box); box.append(body);
  box.style = `position: fixed; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px; overflow: auto;
    background: white`;
  body.style = "width: 9000px; height: 160000px; background: repeating-linear-gradient(white 0 31px, silver 0 32px)";
}"""
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


def scrolled(browser, page, way):
    """The events of the trace of a wheel that turns for FRAMES frames over the box of the page."""
    axis, step = STEPS[way]
    page.bring_to_front()
    page.evaluate(f"() => {{ {BOX}.scrollTo(0, 0); }}")
    page.wait_for_timeout(300)
    at = page.locator("[data-chart]").bounding_box()
    turn = {"x": at["x"] + at["width"] * 0.9, "y": at["y"] + at["height"] * 0.9, "gestureSourceType": "mouse"}
    turn |= {f"{axis}Distance": -step * FRAMES, "speed": step * PER_SECOND}
    with tempfile.TemporaryDirectory() as folder:
        browser.start_tracing(page=page, path=f"{folder}/trace.json", categories=TRACED)
        page.context.new_cdp_session(page).send("Input.synthesizeScrollGesture", turn)
        browser.stop_tracing()
        return json.loads(Path(folder, "trace.json").read_text())["traceEvents"]


def frames_of(events):
    """Milliseconds of work between one frame and the next on the thread that draws them.

    A frame begins with the task that runs its animation callbacks, however many these are.
    """
    fired = [e for e in events if e.get("name") == "FireAnimationFrame"]
    if not fired:
        return []
    thread = fired[0]["pid"], fired[0]["tid"]
    calls = sorted(e["ts"] for e in fired if (e["pid"], e["tid"]) == thread)
    tasks = [e for e in events if e.get("name") == TASK and (e["pid"], e["tid"]) == thread and "dur" in e]
    work = []
    for task in sorted(tasks, key=lambda e: e["ts"]):
        at = bisect_left(calls, task["ts"])
        if at < len(calls) and calls[at] <= task["ts"] + task["dur"]:
            work.append(0.0)
        if work:
            work[-1] += task.get("tdur", task["dur"]) / 1000
    return work[5:-1]


def fates(events):
    """{"shown", "late", "dropped": how many} of the frames that had something new to show.

    A frame has one report, or two where the compositor went ahead of the main thread.
    """
    frames = defaultdict(set)
    for event in events:
        report = event.get("args", {}).get("frame_reporter")
        if event.get("name") == "PipelineReporter" and report:
            frame = event["pid"], report["layer_tree_host_id"], report["frame_source"], report["frame_sequence"]
            frames[frame].add(report["state"])
    return Counter(fate for states in frames.values() if (fate := fate_of(states)))


def fate_of(states):
    if "STATE_PRESENTED_ALL" in states:
        return "shown"
    if "STATE_PRESENTED_PARTIAL" in states:
        return "late"
    return "dropped" if "STATE_DROPPED" in states else ""


def shares(events):
    """(percent dropped, percent late) of the frames of a trace."""
    found = fates(events)
    return tuple(found[fate] / max(1, found.total()) * 100 for fate in ("dropped", "late"))


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
    found = {way: turned(browser, page, way) for way in STEPS}
    plain = plain_page(page)  # only now: it would take its share of two cores
    for way, (work, dropped, late) in found.items():
        plainly, plainly_late = shares(scrolled(browser, plain, way))
        name = f"chart of 5,000 tasks: scroll {way}"
        emit(f"{name}, main thread p95", work, "ms a frame", "<= 8")
        emit(f"{name}, dropped frames", dropped, "%", "<= 5", plainly)
        emit(f"{name}, frames with rows one frame late", late, "%", "-", plainly_late)
    plain.close()
    page.bring_to_front()
    emit("chart of 5,000 tasks: zoom, longest", max(page.evaluate(ZOOM)), "ms", "<= 50")
    emit(
        "chart of 5,000 tasks: nodes afterwards",
        page.evaluate("document.querySelectorAll('*').length"),
        "nodes",
        "<= 1000",
    )


def turned(browser, page, way):
    """(p95 of the work a frame, % dropped, % late): medians of the third of the turns with the best pace."""
    before, turns = steady(), []
    for _ in range(TURNS):
        events = scrolled(browser, page, way)
        after = steady()
        turns.append((max(before, after), percentile(frames_of(events), 0.95), *shares(events)))
        before = after
    best, work, dropped, late = quietest(turns)
    return Spent(work, best), dropped, late


def steady():
    """The machine's pace, asked often enough to be that of a second and not of a moment."""
    return statistics.median(pace() for _ in range(25))


def plain_page(page):
    """A page of nothing but a box that scrolls, where the chart's is and of its size."""
    plain = page.context.new_page()
    plain.evaluate(PLAIN, page.locator("[data-chart]").bounding_box())
    return plain


def emit(figure, value, unit, bar, baseline=None):
    line(figure, value, unit, bar, baseline, db="sqlite")


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
