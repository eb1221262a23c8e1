"""The operator's jobs, and error answers: problem+json under /api/, a page elsewhere."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.defaults import server_error as plain_server_error

from core.api.problems import problem_response
from core.errors import RuleBroken
from core.jobs import replay
from core.models import Heartbeat, Job, JobState

PAGE = 50
WORDS = {
    JobState.DEAD: gettext_lazy("given up"),
    JobState.QUEUED: gettext_lazy("queued"),
    JobState.RUNNING: gettext_lazy("running"),
    JobState.DONE: gettext_lazy("done"),
}


def _answer(request, status, code):
    if request.path_info.startswith("/api/"):
        return problem_response(request, status, code)
    return render(request, f"{status}.html", status=status)


def not_found(request, exception=None):
    return _answer(request, 404, "not_found")


def forbidden(request, exception=None):
    return _answer(request, 403, "permission_denied")


def bad_request(request, exception=None):
    return _answer(request, 400, "bad_request")


def server_error(request):
    """Without context: whatever broke may break the page's context too."""
    if request.path_info.startswith("/api/"):
        return problem_response(request, 500, "server_error")
    return plain_server_error(request)


@never_cache
def jobs(request):
    """Background jobs for the operator: the dead ones first, for they wait for a decision."""
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    state = state if state in WORDS else JobState.DEAD
    rows = Job.objects.filter(state=state).order_by("-created_at", "-pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "states": [
            {"label": label, "value": value, "active": value == state, "count": counts.get(value, 0)}
            for value, label in WORDS.items()
        ],
        "beats": Heartbeat.objects.order_by("name"),
        "now": timezone.now(),
    }
    return render(request, "core/jobs.html", context)


@never_cache
def job(request, pk):
    row = get_object_or_404(Job, pk=pk)
    return render(request, "core/job.html", {"job": row, "state": WORDS.get(row.state, row.state)})


@require_POST
def job_replay(request, pk):
    row = get_object_or_404(Job, pk=pk)
    try:
        replay(request.actor, row=row)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, _("The job runs again."))
    return redirect("operator:job", pk)
