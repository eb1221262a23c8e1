"""The operator's jobs, and error answers: problem+json under /api/ and for scripts, a toast for htmx, else a page."""

import json
import re
import sys

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.api.problems import problem_of, problem_response, refusal_of, sentence
from core.errors import BUSY_AFTERWARDS, Busy, RuleBroken
from core.jobs import replay
from core.models import Heartbeat, Job, JobState
from core.policy import SAFE, page_behind

PAGE = 50
WORDS = {
    JobState.DEAD: gettext_lazy("given up"),
    JobState.QUEUED: gettext_lazy("queued"),
    JobState.RUNNING: gettext_lazy("running"),
    JobState.DONE: gettext_lazy("done"),
}


SECRET = re.compile(r"password|seat_p|credential|secret|token", re.IGNORECASE)  # names of what no page repeats


def _answer(request, status, code):
    if request.path_info.startswith("/api/"):
        return problem_response(request, status, code)
    if is_part(request):
        return toast(sentence(code), status)
    return render(request, f"{status}.html", status=status)


def not_found(request, exception=None):
    return _answer(request, 404, "not_found")


def forbidden(request, exception=None):
    return _answer(request, 403, "permission_denied")


def bad_request(request, exception=None):
    return _answer(request, 400, "bad_request")


def server_error(request):
    """Without context: whatever broke may break the page's context too. A database that was busy before or after the
    view is no fault of ours."""
    error = refusal_of(sys.exception())
    if isinstance(error, Busy):
        return refused(request, Busy(BUSY_AFTERWARDS) if getattr(request, "is_carried_out", False) else error)
    if request.path_info.startswith("/api/"):
        return problem_response(request, 500, "server_error")
    told = {"request_id": getattr(request, "request_id", "")}
    return (
        toast(_("Something broke on our side"), 500)
        if is_part(request)
        else HttpResponse(render_to_string("500.html", told), status=500)
    )


def refused(request, error):
    """A PharosError as an answer to whoever asked: a program, a script of a page, a part of a page, a browser."""
    if request.path_info.startswith("/api/") or not request.accepts("text/html"):
        return problem_response(request, **problem_of(error))
    if is_part(request):
        response = toast(str(error), error.status)
    elif isinstance(error, Busy):
        response = HttpResponse(render_to_string("503.html", again(request, error)), status=error.status)
        response["Cache-Control"] = "private, no-store"
    else:
        response = render(request, "refused.html", {"error": error}, status=error.status)
    if "wait" in error.extra:
        response["Retry-After"] = str(error.extra["wait"])
    return response


def is_part(request):
    """Asked by htmx, which puts the answer into the page at hand."""
    return request.headers.get("HX-Request") == "true"


def toast(text, status):
    """A sentence that pops up; the page stays as it is, with what was typed."""
    told = json.dumps({"toast": {"text": str(text), "tone": "bad"}})
    return HttpResponse(status=status, headers={"HX-Trigger": told, "HX-Reswap": "none"})


def again(request, error):
    """What the page of a busy database needs to send the same once more; asks nothing of the database."""
    is_read, token = request.method in SAFE, request.POST.get("csrfmiddlewaretoken", "")
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [pair for pair in typed if pair[0] != "csrfmiddlewaretoken"]
    has_secret = any(SECRET.search(name) for name, _value in typed)
    return {
        "request": {"COOKIES": request.COOKIES, "csp_nonce": getattr(request, "csp_nonce", "")},  # no person: see above
        "error": error,
        "typed": [] if is_read or has_secret or getattr(request, "is_carried_out", False) else typed,
        "token": token,
        "has_files": bool(request.FILES),
        "action": request.get_full_path(),
        "back": request.get_full_path() if is_read else page_behind(request),
    }


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
