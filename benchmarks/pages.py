"""Every page of a workspace and of a campaign with 1,000 KPIs, placements and tasks: queries, CPU-ms, KB of gzip."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import NoReverseMatch, reverse

from benchmarks.measure import cpu_ms, emit, queries
from core.policy import policy_for, routes
from tasks.models import Task

SKIP = re.compile(r"export|json|inbox-count")
ASSET = re.compile(rb'(?:href|src)="/static/([^"?]+\.(?:css|js))"')


def measure(world, options):
    """Measure each page that its address alone names, then what a first visit has to load."""
    for name, url in pages(world):
        if re.search(options.page, name):
            one_page(world, name, url, runs=3 if options.quick else 5)
    first_visit(world)


def pages(world):
    """(route name, address) of every page below the workspace that needs no more than slug and code, and of a task."""
    found = {}
    for name, path, _callback in routes():
        policy = policy_for(name)
        if not path.startswith("w/<slug:slug>/") or SKIP.search(name) or not policy or not policy.reads:
            continue
        for args in ([world.workspace.slug], [world.workspace.slug, world.campaign.code]):
            try:
                found.setdefault(name, reverse(name, args=args))
            except NoReverseMatch:
                continue
    task = Task.objects.filter(campaign=world.campaign, parent__isnull=False).first()
    if task is not None:
        found["tasks:detail"] = reverse("tasks:detail", args=[world.workspace.slug, world.campaign.code, task.pk])
    return sorted(found.items())


def one_page(world, name, url, runs):
    """Figures of a page; what answers otherwise than with a page (a redirect, a download) is left out."""
    response = world.page.get(url)
    if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
        return
    asked, spent = queries(lambda: world.page.get(url)), cpu_ms(lambda: world.page.get(url), runs=runs)
    emit(f"page {name}: queries", asked, "queries", "<= 15")
    emit(f"page {name}: cpu", spent, "CPU-ms", "<= 100")
    emit(f"page {name}: html", len(gzip.compress(response.content)) / 1024, "KB gzip", "<= 60")


def first_visit(world):
    """CSS and JS that the sign-in page and the home page name, each file once."""
    anyone = type(world.page)()
    both = anyone.get("/sign-in/").content + world.page.get(f"/w/{world.workspace.slug}/").content
    names = sorted({name.decode() for name in ASSET.findall(both)})
    sizes = {name: len(gzip.compress(Path(finders.find(name)).read_bytes())) / 1024 for name in names}
    emit("first visit: css and js", sum(sizes.values()), "KB gzip", "<= 60")
    for name, size in sizes.items():
        emit(f"first visit: {name}", size, "KB gzip", "-")
