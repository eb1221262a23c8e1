"""Pulls: what was fetched when, what it changed, and pulling again."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.actions import pulls
from analytics.choices import RunState
from analytics.models import FactRevision, PullRun
from analytics.models.summary import catalogue_of
from analytics.permissions.sources import can_manage_sources
from analytics.views.sources import data_tabs, find, page
from core.errors import PharosError
from core.models import Job

PAGE, SHOWN = 50, 100


def runs(request, slug):
    rows = PullRun.objects.visible_to(request.actor).select_related("source")
    state = request.GET.get("state", "")
    if state in RunState.values:
        rows = rows.filter(state=state)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "states": [{"value": "", "label": _("All"), "active": not state}]
        + [{"value": value, "label": label, "active": value == state} for value, label in RunState.choices],
        "tabs": data_tabs(request, "runs"),
    }
    return render(request, "analytics/runs.html", context)


def source_runs(request, slug, pk):
    source = find(request, pk)
    rows = Paginator(source.runs.all(), PAGE).get_page(request.GET.get("page"))
    return page(request, source, "source-runs", "source_runs", page=rows)


def run_page(request, slug, pk):
    run = get_object_or_404(PullRun.objects.visible_to(request.actor).select_related("source__workspace"), pk=pk)
    job = Job.objects.filter(pk=run.job_id).first()
    revisions = FactRevision.objects.visible_to(request.actor).filter(origin_id=run.pk).order_by("-pk")
    context = {
        "run": run,
        "job": job,
        "is_waiting": job is not None and run.state in pulls.UNFINISHED and job.attempt > 0 and bool(job.error),
        "is_unfinished": run.state in pulls.UNFINISHED,
        "changes": _named(request.actor, revisions.select_related("object")[:SHOWN]),
        "may_manage": can_manage_sources(request.actor),
        "is_embedded": settings.EMBEDDED_WORKER,
    }
    return render(request, "analytics/_run.html" if request.htmx else "analytics/run.html", context)


def _named(actor, revisions):
    """The revisions, each with its metric's words."""
    metrics = catalogue_of(actor)
    for one in revisions:
        one.label = metrics[one.metric].name(get_language()) if one.metric in metrics else one.metric
    return revisions


@require_POST
def run_retry(request, slug, pk):
    run = get_object_or_404(PullRun.objects.visible_to(request.actor).select_related("source"), pk=pk)
    try:
        run = pulls.retry_pull(request.actor, run=run)
    except PharosError as error:
        messages.error(request, str(error))
    return redirect("analytics:run", slug, run.pk)


urls = [
    path("data/runs/", runs, name="runs"),
    path("data/runs/<uuid:pk>/", run_page, name="run"),
    path("data/runs/<uuid:pk>/retry/", run_retry, name="run-retry"),
    path("data/sources/<uuid:pk>/runs/", source_runs, name="source-runs"),
]
