"""Error answers: problem+json under /api/, a page elsewhere."""

from django.shortcuts import render
from django.views.defaults import server_error as plain_server_error

from core.api.problems import problem_response


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
